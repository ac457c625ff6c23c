-- refunded_orders from order_line
SELECT
  COUNT(DISTINCT `t1`.`order_id`) AS `refunded_orders|numbers`
FROM (
  SELECT
    *
  FROM `order_line` AS `t0`
  WHERE
    `t0`.`refunded_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`refund_amount` > 0
) AS `t1`

-- refunded_orders from shop_period
SELECT
  SUM(`t1`.`refund_orders`) AS `refunded_orders|sum`
FROM (
  SELECT
    *
  FROM `shop_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`terminal` = 'all'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- refunded_orders from refund
SELECT
  COUNT(DISTINCT `t1`.`order_id`) AS `refunded_orders|numbers`
FROM (
  SELECT
    *
  FROM `refund` AS `t0`
  WHERE
    `t0`.`finished_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`status` = 'succeeded'
) AS `t1`

-- refunded_orders from service_period
SELECT
  SUM(`t1`.`refunded_orders`) AS `refunded_orders|sum`
FROM (
  SELECT
    *
  FROM `service_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- refunded_orders from product_period
SELECT
  SUM(`t1`.`refund_orders`) AS `refunded_orders|sum`
FROM (
  SELECT
    *
  FROM `product_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- refund_amount from shop_period
SELECT
  SUM(`t1`.`refund_amount`) AS `refund_amount|sum`
FROM (
  SELECT
    *
  FROM `shop_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`terminal` = 'all'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- refund_amount from order_line
SELECT
  SUM(`t1`.`refund_amount`) AS `refund_amount|sum`
FROM (
  SELECT
    *
  FROM `order_line` AS `t0`
  WHERE
    `t0`.`refunded_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- refund_amount from product_period
SELECT
  SUM(`t1`.`refund_amount`) AS `refund_amount|sum`
FROM (
  SELECT
    *
  FROM `product_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- refund_amount from refund
SELECT
  SUM(`t1`.`amount`) AS `refund_amount|sum`
FROM (
  SELECT
    *
  FROM `refund` AS `t0`
  WHERE
    `t0`.`finished_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`status` = 'succeeded'
) AS `t1`

-- refund_amount from service_period
SELECT
  SUM(`t1`.`refund_amount`) AS `refund_amount|sum`
FROM (
  SELECT
    *
  FROM `service_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

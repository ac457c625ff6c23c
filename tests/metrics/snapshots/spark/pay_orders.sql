-- pay_orders from shop_period
SELECT
  SUM(`t1`.`paid_orders`) AS `pay_orders|sum`
FROM (
  SELECT
    *
  FROM `shop_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`terminal` = 'all'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- pay_orders from order_line
SELECT
  COUNT(DISTINCT `t1`.`order_id`) AS `pay_orders|numbers`
FROM (
  SELECT
    *
  FROM `order_line` AS `t0`
  WHERE
    `t0`.`paid_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`quantity` > 0
) AS `t1`

-- pay_orders from product_period
SELECT
  SUM(`t1`.`paid_orders`) AS `pay_orders|sum`
FROM (
  SELECT
    *
  FROM `product_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

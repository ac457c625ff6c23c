-- order_units from shop_period
SELECT
  SUM(`t1`.`order_units`) AS `order_units|sum`
FROM (
  SELECT
    *
  FROM `shop_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`terminal` = 'all'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- order_units from order_line
SELECT
  SUM(`t1`.`quantity`) AS `order_units|sum`
FROM (
  SELECT
    *
  FROM `order_line` AS `t0`
  WHERE
    `t0`.`created_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`quantity` > 0
) AS `t1`

-- order_units from product_period
SELECT
  SUM(`t1`.`order_units`) AS `order_units|sum`
FROM (
  SELECT
    *
  FROM `product_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

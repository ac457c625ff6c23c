-- order_buyers from shop_period
SELECT
  SUM(`t1`.`order_buyers`) AS `order_buyers|sum`
FROM (
  SELECT
    *
  FROM `shop_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`terminal` = 'all'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- order_buyers from order_line
SELECT
  COUNT(DISTINCT `t1`.`buyer_key`) AS `order_buyers|distinct`,
  COUNT(`t1`.`buyer_key`) AS `order_buyers|known`,
  COUNT(*) AS `order_buyers|count`
FROM (
  SELECT
    *
  FROM `order_line` AS `t0`
  WHERE
    `t0`.`created_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`quantity` > 0
) AS `t1`

-- order_buyers from product_period
SELECT
  SUM(`t1`.`order_buyers`) AS `order_buyers|sum`
FROM (
  SELECT
    *
  FROM `product_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

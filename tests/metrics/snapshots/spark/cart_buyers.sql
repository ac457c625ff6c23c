-- cart_buyers from shop_period
SELECT
  SUM(`t1`.`cart_buyers`) AS `cart_buyers|sum`
FROM (
  SELECT
    *
  FROM `shop_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`terminal` = 'all'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- cart_buyers from category_period
SELECT
  SUM(`t1`.`cart_buyers`) AS `cart_buyers|sum`
FROM (
  SELECT
    *
  FROM `category_period` AS `t0`
  WHERE
    `t0`.`source_name` = '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND COALESCE(`t0`.`category_level`, 1) = 1
) AS `t1`

-- cart_buyers from product_period
SELECT
  SUM(`t1`.`cart_buyers`) AS `cart_buyers|sum`
FROM (
  SELECT
    *
  FROM `product_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- cart_buyers from traffic_source_shop
SELECT
  SUM(`t1`.`cart_buyers`) AS `cart_buyers|sum`
FROM (
  SELECT
    *
  FROM `traffic_source_period` AS `t0`
  WHERE
    `t0`.`product_id` = '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND COALESCE(`t0`.`source_level`, 1) = 1
) AS `t1`

-- cart_buyers from traffic_source_product
SELECT
  SUM(`t1`.`cart_buyers`) AS `cart_buyers|sum`
FROM (
  SELECT
    *
  FROM `traffic_source_period` AS `t0`
  WHERE
    `t0`.`product_id` <> '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND COALESCE(`t0`.`source_level`, 1) = 1
) AS `t1`

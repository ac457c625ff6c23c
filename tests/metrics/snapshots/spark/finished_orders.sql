-- finished_orders from order_header
SELECT
  COUNT(*) AS `finished_orders|count`
FROM (
  SELECT
    *
  FROM `order_header` AS `t0`
  WHERE
    `t0`.`finished_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- orders from order_header
SELECT
  COUNT(*) AS `orders|count`
FROM (
  SELECT
    *
  FROM `order_header` AS `t0`
  WHERE
    `t0`.`created_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- orders from order_line
SELECT
  COUNT(DISTINCT `t1`.`order_id`) AS `orders|numbers`
FROM (
  SELECT
    *
  FROM `order_line` AS `t0`
  WHERE
    `t0`.`created_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

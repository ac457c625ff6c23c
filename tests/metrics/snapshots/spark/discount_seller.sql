-- discount_seller from order_line
SELECT
  SUM(`t1`.`discount_seller`) AS `discount_seller|sum`
FROM (
  SELECT
    *
  FROM `order_line` AS `t0`
  WHERE
    `t0`.`paid_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`quantity` > 0
) AS `t1`

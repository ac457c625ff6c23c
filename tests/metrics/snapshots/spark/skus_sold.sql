-- skus_sold from order_line
SELECT
  COUNT(DISTINCT `t1`.`sku`) AS `skus_sold|distinct`,
  COUNT(`t1`.`sku`) AS `skus_sold|known`,
  COUNT(*) AS `skus_sold|count`
FROM (
  SELECT
    *
  FROM `order_line` AS `t0`
  WHERE
    `t0`.`paid_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`quantity` > 0
) AS `t1`

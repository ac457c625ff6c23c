-- stock_out_days from stock_day
SELECT
  COUNT(*) AS `stock_out_days|count`
FROM (
  SELECT
    *
  FROM `stock_day` AS `t0`
  WHERE
    `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`stock_units` < 1
) AS `t1`

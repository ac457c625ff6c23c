-- content_pay_amount from content_period
SELECT
  SUM(`t1`.`paid_amount`) AS `content_pay_amount|sum`
FROM (
  SELECT
    *
  FROM `content_period` AS `t0`
  WHERE
    `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

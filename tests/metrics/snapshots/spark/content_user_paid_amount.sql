-- content_user_paid_amount from content_period
SELECT
  SUM(`t1`.`user_paid_amount`) AS `content_user_paid_amount|sum`
FROM (
  SELECT
    *
  FROM `content_period` AS `t0`
  WHERE
    `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

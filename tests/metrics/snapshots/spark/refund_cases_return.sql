-- refund_cases_return from refund
SELECT
  COUNT(*) AS `refund_cases_return|count`
FROM (
  SELECT
    *
  FROM `refund` AS `t0`
  WHERE
    `t0`.`applied_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`kind` = 'return'
) AS `t1`

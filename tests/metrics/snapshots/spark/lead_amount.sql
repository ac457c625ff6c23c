-- lead_amount from lead
SELECT
  SUM(`t1`.`amount`) AS `lead_amount|sum`
FROM (
  SELECT
    *
  FROM `lead` AS `t0`
  WHERE
    `t0`.`closed_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`outcome` = 'won'
) AS `t1`

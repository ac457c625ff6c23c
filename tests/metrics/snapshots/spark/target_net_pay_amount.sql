-- target_net_pay_amount from target
SELECT
  SUM(`t1`.`value`) AS `target_net_pay_amount|sum`
FROM (
  SELECT
    *
  FROM `target` AS `t0`
  WHERE
    `t0`.`month` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`metric` = 'net_pay_amount'
) AS `t1`

-- affiliate_buyers from affiliate_shop
SELECT
  SUM(`t1`.`buyers`) AS `affiliate_buyers|sum`
FROM (
  SELECT
    *
  FROM `affiliate_period` AS `t0`
  WHERE
    `t0`.`affiliate_id` = '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- affiliate_buyers from affiliate_each
SELECT
  SUM(`t1`.`buyers`) AS `affiliate_buyers|sum`
FROM (
  SELECT
    *
  FROM `affiliate_period` AS `t0`
  WHERE
    `t0`.`affiliate_id` <> '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

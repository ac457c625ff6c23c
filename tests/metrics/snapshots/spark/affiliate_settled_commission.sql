-- affiliate_settled_commission from affiliate_shop
SELECT
  SUM(`t1`.`settled_commission`) AS `affiliate_settled_commission|sum`
FROM (
  SELECT
    *
  FROM `affiliate_period` AS `t0`
  WHERE
    `t0`.`affiliate_id` = '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- affiliate_settled_commission from affiliate_each
SELECT
  SUM(`t1`.`settled_commission`) AS `affiliate_settled_commission|sum`
FROM (
  SELECT
    *
  FROM `affiliate_period` AS `t0`
  WHERE
    `t0`.`affiliate_id` <> '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- affiliate_settled_commission from affiliate_order
SELECT
  SUM(`t1`.`commission`) AS `affiliate_settled_commission|sum`
FROM (
  SELECT
    *
  FROM `affiliate_order` AS `t0`
  WHERE
    `t0`.`settled_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND `t0`.`status` = 'settled'
) AS `t1`

-- search_pay_units from search_term_shop
SELECT
  SUM(`t1`.`paid_units`) AS `search_pay_units|sum`
FROM (
  SELECT
    *
  FROM `search_term_period` AS `t0`
  WHERE
    `t0`.`scope` = 'own'
    AND `t0`.`product_id` = '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- search_pay_units from search_term_product
SELECT
  SUM(`t1`.`paid_units`) AS `search_pay_units|sum`
FROM (
  SELECT
    *
  FROM `search_term_period` AS `t0`
  WHERE
    `t0`.`scope` = 'own'
    AND `t0`.`product_id` <> '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

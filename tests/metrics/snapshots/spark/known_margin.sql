-- known_margin from line_contribution
SELECT
  SUM(
    (
      (
        `t1`.`gross_margin` - COALESCE(`t1`.`platform_fees`, 0)
      ) - COALESCE(`t1`.`freight_cost`, 0)
    ) - COALESCE(`t1`.`packaging_cost`, 0)
  ) AS `known_margin|sum`
FROM (
  SELECT
    *
  FROM `line_contribution` AS `t0`
  WHERE
    `t0`.`paid_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

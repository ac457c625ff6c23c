-- mean_rating from review
SELECT
  SUM(`t1`.`rating`) AS `mean_rating|weighted`,
  COUNT(`t1`.`rating`) AS `mean_rating|weight`
FROM (
  SELECT
    *
  FROM `review` AS `t0`
  WHERE
    `t0`.`created_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

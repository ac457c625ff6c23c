-- score_value from service_score
SELECT
  MAX_BY(
    IF(`t1`.`value` IS NOT NULL AND NOT ISNAN(`t1`.`value`), `t1`.`value`, NULL),
    IF(`t1`.`value` IS NOT NULL AND NOT ISNAN(`t1`.`value`), `t1`.`day`, NULL)
  ) AS `score_value|last`,
  COUNT(DISTINCT `t1`.`score`) AS `score_value|meeting_score`
FROM (
  SELECT
    *
  FROM `service_score` AS `t0`
  WHERE
    `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

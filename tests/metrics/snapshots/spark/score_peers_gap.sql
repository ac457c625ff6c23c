-- score_peers_gap from service_score
SELECT
  MAX_BY(
    IF(`t1`.`peers_gap` IS NOT NULL AND NOT ISNAN(`t1`.`peers_gap`), `t1`.`peers_gap`, NULL),
    IF(`t1`.`peers_gap` IS NOT NULL AND NOT ISNAN(`t1`.`peers_gap`), `t1`.`day`, NULL)
  ) AS `score_peers_gap|last`,
  COUNT(DISTINCT `t1`.`score`) AS `score_peers_gap|meeting_score`
FROM (
  SELECT
    *
  FROM `service_score` AS `t0`
  WHERE
    `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

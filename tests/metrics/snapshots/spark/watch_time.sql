-- watch_time from content_period
SELECT
  SUM(
    IF(
      `t1`.`watch_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`watch_seconds`)
      AND (
        `t1`.`viewers` IS NOT NULL
      ),
      `t1`.`watch_seconds` * CAST(`t1`.`viewers` AS DOUBLE),
      NULL
    )
  ) AS `watch_time|weighted`,
  SUM(
    IF(
      `t1`.`watch_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`watch_seconds`)
      AND (
        `t1`.`viewers` IS NOT NULL
      ),
      `t1`.`viewers`,
      NULL
    )
  ) AS `watch_time|weight`
FROM (
  SELECT
    *
  FROM `content_period` AS `t0`
  WHERE
    `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

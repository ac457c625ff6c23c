-- reply_rate from inquiry_shop
SELECT
  SUM(
    IF(
      `t1`.`reply_rate` IS NOT NULL
      AND NOT ISNAN(`t1`.`reply_rate`)
      AND (
        `t1`.`consulters` IS NOT NULL
      ),
      `t1`.`reply_rate` * CAST(`t1`.`consulters` AS DOUBLE),
      NULL
    )
  ) AS `reply_rate|weighted`,
  SUM(
    IF(
      `t1`.`reply_rate` IS NOT NULL
      AND NOT ISNAN(`t1`.`reply_rate`)
      AND (
        `t1`.`consulters` IS NOT NULL
      ),
      `t1`.`consulters`,
      NULL
    )
  ) AS `reply_rate|weight`
FROM (
  SELECT
    *
  FROM `inquiry_period` AS `t0`
  WHERE
    `t0`.`agent` = '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- reply_rate from inquiry_agent
SELECT
  SUM(
    IF(
      `t1`.`reply_rate` IS NOT NULL
      AND NOT ISNAN(`t1`.`reply_rate`)
      AND (
        `t1`.`consulters` IS NOT NULL
      ),
      `t1`.`reply_rate` * CAST(`t1`.`consulters` AS DOUBLE),
      NULL
    )
  ) AS `reply_rate|weighted`,
  SUM(
    IF(
      `t1`.`reply_rate` IS NOT NULL
      AND NOT ISNAN(`t1`.`reply_rate`)
      AND (
        `t1`.`consulters` IS NOT NULL
      ),
      `t1`.`consulters`,
      NULL
    )
  ) AS `reply_rate|weight`
FROM (
  SELECT
    *
  FROM `inquiry_period` AS `t0`
  WHERE
    `t0`.`agent` <> '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- reception_time from inquiry_shop
SELECT
  SUM(
    IF(
      `t1`.`reception_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`reception_seconds`)
      AND (
        COALESCE(`t1`.`received`, `t1`.`inquirers`) IS NOT NULL
      ),
      `t1`.`reception_seconds` * CAST(COALESCE(`t1`.`received`, `t1`.`inquirers`) AS DOUBLE),
      NULL
    )
  ) AS `reception_time|weighted`,
  SUM(
    IF(
      `t1`.`reception_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`reception_seconds`)
      AND (
        COALESCE(`t1`.`received`, `t1`.`inquirers`) IS NOT NULL
      ),
      COALESCE(`t1`.`received`, `t1`.`inquirers`),
      NULL
    )
  ) AS `reception_time|weight`
FROM (
  SELECT
    *
  FROM `inquiry_period` AS `t0`
  WHERE
    `t0`.`agent` = '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- reception_time from inquiry_agent
SELECT
  SUM(
    IF(
      `t1`.`reception_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`reception_seconds`)
      AND (
        COALESCE(`t1`.`received`, `t1`.`inquirers`) IS NOT NULL
      ),
      `t1`.`reception_seconds` * CAST(COALESCE(`t1`.`received`, `t1`.`inquirers`) AS DOUBLE),
      NULL
    )
  ) AS `reception_time|weighted`,
  SUM(
    IF(
      `t1`.`reception_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`reception_seconds`)
      AND (
        COALESCE(`t1`.`received`, `t1`.`inquirers`) IS NOT NULL
      ),
      COALESCE(`t1`.`received`, `t1`.`inquirers`),
      NULL
    )
  ) AS `reception_time|weight`
FROM (
  SELECT
    *
  FROM `inquiry_period` AS `t0`
  WHERE
    `t0`.`agent` <> '-'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

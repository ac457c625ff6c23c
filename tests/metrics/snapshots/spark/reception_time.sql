-- reception_time from inquiry_shop
SELECT
  SUM(
    IF(
      `t1`.`reception_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`reception_seconds`)
      AND (
        `t1`.`received` IS NOT NULL
      ),
      `t1`.`reception_seconds` * CAST(`t1`.`received` AS DOUBLE),
      NULL
    )
  ) AS `reception_time|weighted`,
  SUM(
    IF(
      `t1`.`reception_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`reception_seconds`)
      AND (
        `t1`.`received` IS NOT NULL
      ),
      `t1`.`received`,
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
        `t1`.`received` IS NOT NULL
      ),
      `t1`.`reception_seconds` * CAST(`t1`.`received` AS DOUBLE),
      NULL
    )
  ) AS `reception_time|weighted`,
  SUM(
    IF(
      `t1`.`reception_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`reception_seconds`)
      AND (
        `t1`.`received` IS NOT NULL
      ),
      `t1`.`received`,
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

-- platform_refund_time from service_period
SELECT
  SUM(
    IF(
      `t1`.`refund_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`refund_seconds`)
      AND (
        `t1`.`refunded_orders` IS NOT NULL
      ),
      `t1`.`refund_seconds` * CAST(`t1`.`refunded_orders` AS DOUBLE),
      NULL
    )
  ) AS `platform_refund_time|weighted`,
  SUM(
    IF(
      `t1`.`refund_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`refund_seconds`)
      AND (
        `t1`.`refunded_orders` IS NOT NULL
      ),
      `t1`.`refunded_orders`,
      NULL
    )
  ) AS `platform_refund_time|weight`
FROM (
  SELECT
    *
  FROM `service_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

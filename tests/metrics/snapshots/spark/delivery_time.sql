-- delivery_time from shop_period
SELECT
  SUM(
    IF(
      `t1`.`pay_to_delivery_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`pay_to_delivery_seconds`)
      AND (
        `t1`.`delivered_parcels` IS NOT NULL
      ),
      `t1`.`pay_to_delivery_seconds` * CAST(`t1`.`delivered_parcels` AS DOUBLE),
      NULL
    )
  ) AS `delivery_time|weighted`,
  SUM(
    IF(
      `t1`.`pay_to_delivery_seconds` IS NOT NULL
      AND NOT ISNAN(`t1`.`pay_to_delivery_seconds`)
      AND (
        `t1`.`delivered_parcels` IS NOT NULL
      ),
      `t1`.`delivered_parcels`,
      NULL
    )
  ) AS `delivery_time|weight`
FROM (
  SELECT
    *
  FROM `shop_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`terminal` = 'all'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

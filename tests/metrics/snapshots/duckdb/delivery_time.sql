-- delivery_time from shop_period
SELECT
  SUM("t1"."pay_to_delivery_seconds" * CAST("t1"."delivered_parcels" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."pay_to_delivery_seconds" IS NOT NULL
    )
    AND (
      "t1"."delivered_parcels" IS NOT NULL
    )) AS "delivery_time|weighted",
  SUM("t1"."delivered_parcels") FILTER(WHERE
    (
      "t1"."pay_to_delivery_seconds" IS NOT NULL
    )
    AND (
      "t1"."delivered_parcels" IS NOT NULL
    )) AS "delivery_time|weight"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

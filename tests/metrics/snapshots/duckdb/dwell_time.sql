-- dwell_time from shop_period
SELECT
  SUM("t1"."dwell_seconds" * CAST("t1"."visitors" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."dwell_seconds" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "dwell_time|weighted",
  SUM("t1"."visitors") FILTER(WHERE
    (
      "t1"."dwell_seconds" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "dwell_time|weight"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- dwell_time from product_period
SELECT
  SUM("t1"."dwell_seconds" * CAST("t1"."visitors" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."dwell_seconds" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "dwell_time|weighted",
  SUM("t1"."visitors") FILTER(WHERE
    (
      "t1"."dwell_seconds" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "dwell_time|weight"
FROM (
  SELECT
    *
  FROM "product_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- dwell_time from traffic_source_shop
SELECT
  SUM("t1"."dwell_seconds" * CAST("t1"."visitors" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."dwell_seconds" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "dwell_time|weighted",
  SUM("t1"."visitors") FILTER(WHERE
    (
      "t1"."dwell_seconds" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "dwell_time|weight"
FROM (
  SELECT
    *
  FROM "traffic_source_period" AS "t0"
  WHERE
    "t0"."product_id" = '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND COALESCE("t0"."source_level", 1) = 1
) AS "t1"

-- dwell_time from traffic_source_product
SELECT
  SUM("t1"."dwell_seconds" * CAST("t1"."visitors" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."dwell_seconds" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "dwell_time|weighted",
  SUM("t1"."visitors") FILTER(WHERE
    (
      "t1"."dwell_seconds" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "dwell_time|weight"
FROM (
  SELECT
    *
  FROM "traffic_source_period" AS "t0"
  WHERE
    "t0"."product_id" <> '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND COALESCE("t0"."source_level", 1) = 1
) AS "t1"

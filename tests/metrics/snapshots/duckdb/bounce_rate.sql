-- bounce_rate from shop_period
SELECT
  SUM("t1"."bounce_rate" * CAST("t1"."visitors" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."bounce_rate" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "bounce_rate|weighted",
  SUM("t1"."visitors") FILTER(WHERE
    (
      "t1"."bounce_rate" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "bounce_rate|weight"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- bounce_rate from product_period
SELECT
  SUM("t1"."bounce_rate" * CAST("t1"."visitors" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."bounce_rate" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "bounce_rate|weighted",
  SUM("t1"."visitors") FILTER(WHERE
    (
      "t1"."bounce_rate" IS NOT NULL
    ) AND (
      "t1"."visitors" IS NOT NULL
    )) AS "bounce_rate|weight"
FROM (
  SELECT
    *
  FROM "product_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

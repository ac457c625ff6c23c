-- market_amount from market_category
SELECT
  SUM("t1"."amount") AS "market_amount|sum",
  COUNT(DISTINCT "t1"."category") AS "market_amount|meeting_category",
  COUNT(DISTINCT "t1"."platform") AS "market_amount|meeting_platform"
FROM (
  SELECT
    *
  FROM "market_period" AS "t0"
  WHERE
    "t0"."brand" = '-'
    AND "t0"."seller" = '-'
    AND "t0"."price_band" = '-'
    AND "t0"."provider" = 'platform'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- market_amount from market_brand
SELECT
  SUM("t1"."amount") AS "market_amount|sum",
  COUNT(DISTINCT "t1"."category") AS "market_amount|meeting_category",
  COUNT(DISTINCT "t1"."platform") AS "market_amount|meeting_platform"
FROM (
  SELECT
    *
  FROM "market_period" AS "t0"
  WHERE
    "t0"."seller" = '-'
    AND "t0"."price_band" = '-'
    AND "t0"."brand" <> '-'
    AND "t0"."provider" = 'platform'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- market_amount from market_seller
SELECT
  SUM("t1"."amount") AS "market_amount|sum",
  COUNT(DISTINCT "t1"."category") AS "market_amount|meeting_category",
  COUNT(DISTINCT "t1"."platform") AS "market_amount|meeting_platform"
FROM (
  SELECT
    *
  FROM "market_period" AS "t0"
  WHERE
    "t0"."brand" = '-'
    AND "t0"."price_band" = '-'
    AND "t0"."seller" <> '-'
    AND "t0"."provider" = 'platform'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- market_amount from market_price_band
SELECT
  SUM("t1"."amount") AS "market_amount|sum",
  COUNT(DISTINCT "t1"."category") AS "market_amount|meeting_category",
  COUNT(DISTINCT "t1"."platform") AS "market_amount|meeting_platform"
FROM (
  SELECT
    *
  FROM "market_period" AS "t0"
  WHERE
    "t0"."brand" = '-'
    AND "t0"."seller" = '-'
    AND "t0"."price_band" <> '-'
    AND "t0"."provider" = 'platform'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

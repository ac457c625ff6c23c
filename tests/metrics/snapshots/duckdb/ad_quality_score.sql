-- ad_quality_score from ad_plan
SELECT
  MAX("t1"."quality_score") AS "ad_quality_score|only",
  COUNT("t1"."quality_score") AS "ad_quality_score|stored"
FROM (
  SELECT
    *
  FROM "ad_period" AS "t0"
  WHERE
    "t0"."report_level" = 'plan'
    AND "t0"."attribution_window_days" = 15
    AND "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- ad_quality_score from ad_item
SELECT
  MAX("t1"."quality_score") AS "ad_quality_score|only",
  COUNT("t1"."quality_score") AS "ad_quality_score|stored"
FROM (
  SELECT
    *
  FROM "ad_period" AS "t0"
  WHERE
    "t0"."report_level" = 'item'
    AND "t0"."attribution_window_days" = 15
    AND "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- ad_quality_score from ad_keyword
SELECT
  MAX("t1"."quality_score") AS "ad_quality_score|only",
  COUNT("t1"."quality_score") AS "ad_quality_score|stored"
FROM (
  SELECT
    *
  FROM "ad_period" AS "t0"
  WHERE
    "t0"."report_level" = 'keyword'
    AND "t0"."attribution_window_days" = 15
    AND "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- ad_quality_score from ad_audience
SELECT
  MAX("t1"."quality_score") AS "ad_quality_score|only",
  COUNT("t1"."quality_score") AS "ad_quality_score|stored"
FROM (
  SELECT
    *
  FROM "ad_period" AS "t0"
  WHERE
    "t0"."report_level" = 'audience'
    AND "t0"."attribution_window_days" = 15
    AND "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- ad_quality_score from ad_creative
SELECT
  MAX("t1"."quality_score") AS "ad_quality_score|only",
  COUNT("t1"."quality_score") AS "ad_quality_score|stored"
FROM (
  SELECT
    *
  FROM "ad_period" AS "t0"
  WHERE
    "t0"."report_level" = 'creative'
    AND "t0"."attribution_window_days" = 15
    AND "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- ad_quality_score from ad_scene
SELECT
  MAX("t1"."quality_score") AS "ad_quality_score|only",
  COUNT("t1"."quality_score") AS "ad_quality_score|stored"
FROM (
  SELECT
    *
  FROM "ad_period" AS "t0"
  WHERE
    "t0"."report_level" = 'scene'
    AND "t0"."attribution_window_days" = 15
    AND "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

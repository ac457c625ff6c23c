-- negative_reviews from shop_period
SELECT
  SUM("t1"."negative_reviews") AS "negative_reviews|sum"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- negative_reviews from review
SELECT
  COUNT(*) AS "negative_reviews|count"
FROM (
  SELECT
    *
  FROM "review" AS "t0"
  WHERE
    "t0"."created_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."sentiment" = 'negative'
) AS "t1"

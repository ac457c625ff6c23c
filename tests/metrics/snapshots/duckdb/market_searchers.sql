-- market_searchers from search_term_market
SELECT
  SUM("t1"."searchers") AS "market_searchers|sum",
  COUNT(DISTINCT "t1"."shop") AS "market_searchers|meeting_shop"
FROM (
  SELECT
    *
  FROM "search_term_period" AS "t0"
  WHERE
    "t0"."scope" = 'market'
    AND "t0"."product_id" = '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

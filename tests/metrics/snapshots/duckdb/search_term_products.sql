-- search_term_products from search_term_market
SELECT
  MAX("t1"."products_online") AS "search_term_products|only",
  COUNT("t1"."products_online") AS "search_term_products|stored",
  COUNT(DISTINCT "t1"."shop") AS "search_term_products|meeting_shop"
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

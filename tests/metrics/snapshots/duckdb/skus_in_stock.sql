-- skus_in_stock from stock_day
SELECT
  COUNT(DISTINCT "t1"."sku") AS "skus_in_stock|distinct",
  COUNT("t1"."sku") AS "skus_in_stock|known",
  COUNT(*) AS "skus_in_stock|count"
FROM (
  SELECT
    *
  FROM "stock_day" AS "t0"
  WHERE
    "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."stock_units" > 0
) AS "t1"

-- customers from order_header
SELECT
  COUNT(DISTINCT "t1"."buyer_key") AS "customers|distinct",
  COUNT("t1"."buyer_key") AS "customers|known",
  COUNT(*) AS "customers|count"
FROM (
  SELECT
    *
  FROM "order_header" AS "t0"
  WHERE
    "t0"."created_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- customers from order_line
SELECT
  COUNT(DISTINCT "t1"."buyer_key") AS "customers|distinct",
  COUNT("t1"."buyer_key") AS "customers|known",
  COUNT(*) AS "customers|count"
FROM (
  SELECT
    *
  FROM "order_line" AS "t0"
  WHERE
    "t0"."created_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

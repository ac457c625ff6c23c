-- service_sales from inquiry_shop
SELECT
  SUM("t1"."sales_amount") AS "service_sales|sum"
FROM (
  SELECT
    *
  FROM "inquiry_period" AS "t0"
  WHERE
    "t0"."agent" = '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- service_sales from inquiry_agent
SELECT
  SUM("t1"."sales_amount") AS "service_sales|sum"
FROM (
  SELECT
    *
  FROM "inquiry_period" AS "t0"
  WHERE
    "t0"."agent" <> '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

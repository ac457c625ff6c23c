-- cancelled_orders from order_header
SELECT
  COUNT(*) AS "cancelled_orders|count"
FROM (
  SELECT
    *
  FROM "order_header" AS "t0"
  WHERE
    "t0"."created_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."status" = 'closed'
) AS "t1"

-- cancelled_orders from order_line
SELECT
  COUNT(DISTINCT "t1"."order_id") AS "cancelled_orders|numbers"
FROM (
  SELECT
    *
  FROM "order_line" AS "t0"
  WHERE
    "t0"."created_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."status" = 'closed'
) AS "t1"

-- cancelled_orders from shop_period
SELECT
  SUM("t1"."cancelled_orders") AS "cancelled_orders|sum"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

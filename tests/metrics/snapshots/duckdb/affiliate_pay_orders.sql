-- affiliate_pay_orders from affiliate_shop
SELECT
  SUM("t1"."paid_orders") AS "affiliate_pay_orders|sum"
FROM (
  SELECT
    *
  FROM "affiliate_period" AS "t0"
  WHERE
    "t0"."affiliate_id" = '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- affiliate_pay_orders from affiliate_each
SELECT
  SUM("t1"."paid_orders") AS "affiliate_pay_orders|sum"
FROM (
  SELECT
    *
  FROM "affiliate_period" AS "t0"
  WHERE
    "t0"."affiliate_id" <> '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- affiliate_pay_orders from affiliate_order
SELECT
  COUNT(DISTINCT "t1"."order_id") AS "affiliate_pay_orders|numbers"
FROM (
  SELECT
    *
  FROM "affiliate_order" AS "t0"
  WHERE
    "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- refund_amount_by_payment from order_line
SELECT
  SUM("t1"."refund_amount") AS "refund_amount_by_payment|sum"
FROM (
  SELECT
    *
  FROM "order_line" AS "t0"
  WHERE
    "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- refund_amount_by_payment from shop_period
SELECT
  SUM("t1"."refund_of_paid_amount") AS "refund_amount_by_payment|sum"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- refund_amount_by_payment from product_period
SELECT
  SUM("t1"."refund_of_paid_amount") AS "refund_amount_by_payment|sum"
FROM (
  SELECT
    *
  FROM "product_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

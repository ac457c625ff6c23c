-- refunded_orders_by_payment from order_line
SELECT
  COUNT(DISTINCT "t1"."order_id") AS "refunded_orders_by_payment|numbers"
FROM (
  SELECT
    *
  FROM "order_line" AS "t0"
  WHERE
    "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."refund_amount" > 0
) AS "t1"

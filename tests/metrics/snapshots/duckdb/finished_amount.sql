-- finished_amount from order_header
SELECT
  SUM("t1"."paid_amount") AS "finished_amount|sum"
FROM (
  SELECT
    *
  FROM "order_header" AS "t0"
  WHERE
    "t0"."finished_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

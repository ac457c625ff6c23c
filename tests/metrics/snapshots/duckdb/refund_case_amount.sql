-- refund_case_amount from refund
SELECT
  SUM("t1"."amount") AS "refund_case_amount|sum"
FROM (
  SELECT
    *
  FROM "refund" AS "t0"
  WHERE
    "t0"."applied_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

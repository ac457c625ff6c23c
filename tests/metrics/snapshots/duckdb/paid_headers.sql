-- paid_headers from order_header
SELECT
  COUNT(*) AS "paid_headers|count"
FROM (
  SELECT
    *
  FROM "order_header" AS "t0"
  WHERE
    "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND (
      (
        "t0"."status" IS NULL
      ) OR NOT (
        "t0"."status" IN ('closed')
      )
    )
) AS "t1"

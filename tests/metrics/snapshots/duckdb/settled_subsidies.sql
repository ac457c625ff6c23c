-- settled_subsidies from settlement
SELECT
  SUM("t1"."amount") AS "settled_subsidies|sum"
FROM (
  SELECT
    *
  FROM "settlement" AS "t0"
  WHERE
    "t0"."booked_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND (
      (
        "t0"."status" IS NULL
      ) OR NOT (
        "t0"."status" IN ('pending', 'failed')
      )
    )
    AND "t0"."kind" IN ('platform_subsidy')
) AS "t1"

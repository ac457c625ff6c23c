-- estimated_platform_fees from line_contribution
SELECT
  SUM("t1"."platform_fees") AS "estimated_platform_fees|sum"
FROM (
  SELECT
    *
  FROM "line_contribution" AS "t0"
  WHERE
    "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."fee_basis" = 'estimated'
) AS "t1"

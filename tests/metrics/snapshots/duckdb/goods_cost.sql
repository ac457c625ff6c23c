-- goods_cost from line_contribution
SELECT
  SUM("t1"."goods_cost") AS "goods_cost|sum"
FROM (
  SELECT
    *
  FROM "line_contribution" AS "t0"
  WHERE
    "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

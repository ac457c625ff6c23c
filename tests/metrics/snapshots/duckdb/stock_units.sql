-- stock_units from stock_day
SELECT
  "t3"."last_sum" AS "stock_units|last_sum",
  "t3"."oldest" AS "stock_units|oldest",
  "t3"."newest" AS "stock_units|newest"
FROM (
  SELECT
    SUM("t2"."last") AS "last_sum",
    MIN("t2"."day") AS "oldest",
    MAX("t2"."day") AS "newest"
  FROM (
    SELECT
      "t1"."shop",
      "t1"."sku",
      FIRST("t1"."stock_units" ORDER BY "t1"."day" DESC) AS "last",
      MAX("t1"."day") AS "day"
    FROM (
      SELECT
        *
      FROM "stock_day" AS "t0"
      WHERE
        "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
        AND "t0"."stock_units" IS NOT NULL
    ) AS "t1"
    GROUP BY
      1,
      2
  ) AS "t2"
) AS "t3"

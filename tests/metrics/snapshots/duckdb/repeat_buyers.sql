-- repeat_buyers from order_line
SELECT
  "t3"."repeat" AS "repeat_buyers|repeat",
  "t3"."known" AS "repeat_buyers|known",
  "t3"."count" AS "repeat_buyers|count"
FROM (
  SELECT
    SUM(CAST((
      "t2"."who" IS NOT NULL
    ) AND (
      "t2"."times" >= 2
    ) AS INT)) AS "repeat",
    SUM("t2"."known") AS "known",
    SUM("t2"."rows") AS "count"
  FROM (
    SELECT
      "t1"."buyer_key" AS "who",
      COUNT(DISTINCT "t1"."order_id") AS "times",
      COUNT("t1"."buyer_key") AS "known",
      COUNT(*) AS "rows"
    FROM (
      SELECT
        *
      FROM "order_line" AS "t0"
      WHERE
        "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
        AND "t0"."quantity" > 0
    ) AS "t1"
    GROUP BY
      1
  ) AS "t2"
) AS "t3"

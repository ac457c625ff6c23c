-- changes from event
SELECT
  COUNT(*) AS "changes|count"
FROM (
  SELECT
    *
  FROM "event" AS "t0"
  WHERE
    "t0"."happened_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- dispute_rate from service_period
SELECT
  MAX("t1"."dispute_rate") AS "dispute_rate|only",
  COUNT("t1"."dispute_rate") AS "dispute_rate|stored"
FROM (
  SELECT
    *
  FROM "service_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- interventions from service_period
SELECT
  SUM("t1"."interventions") AS "interventions|sum"
FROM (
  SELECT
    *
  FROM "service_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- score_target from service_score
SELECT
  FIRST("t1"."target" ORDER BY "t1"."day" DESC) FILTER(WHERE
    "t1"."target" IS NOT NULL) AS "score_target|last",
  COUNT(DISTINCT "t1"."score") AS "score_target|meeting_score"
FROM (
  SELECT
    *
  FROM "service_score" AS "t0"
  WHERE
    "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

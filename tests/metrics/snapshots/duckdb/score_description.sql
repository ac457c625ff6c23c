-- score_description from service_score
SELECT
  FIRST("t1"."value" ORDER BY "t1"."day" DESC) FILTER(WHERE
    "t1"."value" IS NOT NULL) AS "score_description|last",
  COUNT(DISTINCT "t1"."score") AS "score_description|meeting_score"
FROM (
  SELECT
    *
  FROM "service_score" AS "t0"
  WHERE
    "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."score" = 'description'
) AS "t1"

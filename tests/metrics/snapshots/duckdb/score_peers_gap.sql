-- score_peers_gap from service_score
SELECT
  FIRST("t1"."peers_gap" ORDER BY "t1"."day" DESC) FILTER(WHERE
    "t1"."peers_gap" IS NOT NULL) AS "score_peers_gap|last",
  COUNT(DISTINCT "t1"."score") AS "score_peers_gap|meeting_score"
FROM (
  SELECT
    *
  FROM "service_score" AS "t0"
  WHERE
    "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

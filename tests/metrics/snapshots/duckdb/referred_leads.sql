-- referred_leads from lead
SELECT
  COUNT(*) AS "referred_leads|count"
FROM (
  SELECT
    *
  FROM "lead" AS "t0"
  WHERE
    "t0"."received_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."referred_by" IS NOT NULL
) AS "t1"

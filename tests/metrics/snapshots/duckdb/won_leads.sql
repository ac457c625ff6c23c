-- won_leads from lead
SELECT
  COUNT(*) AS "won_leads|count"
FROM (
  SELECT
    *
  FROM "lead" AS "t0"
  WHERE
    "t0"."received_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."outcome" = 'won'
) AS "t1"

-- pending_settlement from settlement
SELECT
  SUM("t1"."amount") AS "pending_settlement|sum"
FROM (
  SELECT
    *
  FROM "settlement" AS "t0"
  WHERE
    "t0"."booked_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."status" = 'pending'
) AS "t1"

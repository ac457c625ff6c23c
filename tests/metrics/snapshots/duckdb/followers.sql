-- followers from shop_period
SELECT
  FIRST("t1"."followers" ORDER BY "t1"."period_start" DESC) FILTER(WHERE
    "t1"."followers" IS NOT NULL) AS "followers|last"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

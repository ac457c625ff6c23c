-- reply_rate from inquiry_shop
SELECT
  SUM("t1"."reply_rate" * CAST("t1"."consulters" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."reply_rate" IS NOT NULL
    ) AND (
      "t1"."consulters" IS NOT NULL
    )) AS "reply_rate|weighted",
  SUM("t1"."consulters") FILTER(WHERE
    (
      "t1"."reply_rate" IS NOT NULL
    ) AND (
      "t1"."consulters" IS NOT NULL
    )) AS "reply_rate|weight"
FROM (
  SELECT
    *
  FROM "inquiry_period" AS "t0"
  WHERE
    "t0"."agent" = '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- reply_rate from inquiry_agent
SELECT
  SUM("t1"."reply_rate" * CAST("t1"."consulters" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."reply_rate" IS NOT NULL
    ) AND (
      "t1"."consulters" IS NOT NULL
    )) AS "reply_rate|weighted",
  SUM("t1"."consulters") FILTER(WHERE
    (
      "t1"."reply_rate" IS NOT NULL
    ) AND (
      "t1"."consulters" IS NOT NULL
    )) AS "reply_rate|weight"
FROM (
  SELECT
    *
  FROM "inquiry_period" AS "t0"
  WHERE
    "t0"."agent" <> '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- first_response_time from inquiry_shop
SELECT
  SUM(
    "t1"."first_response_seconds" * CAST(COALESCE("t1"."received", "t1"."inquirers") AS DOUBLE)
  ) FILTER(WHERE
    (
      "t1"."first_response_seconds" IS NOT NULL
    )
    AND (
      COALESCE("t1"."received", "t1"."inquirers") IS NOT NULL
    )) AS "first_response_time|weighted",
  SUM(COALESCE("t1"."received", "t1"."inquirers")) FILTER(WHERE
    (
      "t1"."first_response_seconds" IS NOT NULL
    )
    AND (
      COALESCE("t1"."received", "t1"."inquirers") IS NOT NULL
    )) AS "first_response_time|weight"
FROM (
  SELECT
    *
  FROM "inquiry_period" AS "t0"
  WHERE
    "t0"."agent" = '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- first_response_time from inquiry_agent
SELECT
  SUM(
    "t1"."first_response_seconds" * CAST(COALESCE("t1"."received", "t1"."inquirers") AS DOUBLE)
  ) FILTER(WHERE
    (
      "t1"."first_response_seconds" IS NOT NULL
    )
    AND (
      COALESCE("t1"."received", "t1"."inquirers") IS NOT NULL
    )) AS "first_response_time|weighted",
  SUM(COALESCE("t1"."received", "t1"."inquirers")) FILTER(WHERE
    (
      "t1"."first_response_seconds" IS NOT NULL
    )
    AND (
      COALESCE("t1"."received", "t1"."inquirers") IS NOT NULL
    )) AS "first_response_time|weight"
FROM (
  SELECT
    *
  FROM "inquiry_period" AS "t0"
  WHERE
    "t0"."agent" <> '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

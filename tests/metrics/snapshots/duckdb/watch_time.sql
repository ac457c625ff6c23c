-- watch_time from content_period
SELECT
  SUM("t1"."watch_seconds" * CAST("t1"."viewers" AS DOUBLE)) FILTER(WHERE
    (
      "t1"."watch_seconds" IS NOT NULL
    ) AND (
      "t1"."viewers" IS NOT NULL
    )) AS "watch_time|weighted",
  SUM("t1"."viewers") FILTER(WHERE
    (
      "t1"."watch_seconds" IS NOT NULL
    ) AND (
      "t1"."viewers" IS NOT NULL
    )) AS "watch_time|weight"
FROM (
  SELECT
    *
  FROM "content_period" AS "t0"
  WHERE
    "t0"."day" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- source_product_clickers from traffic_source_shop
SELECT
  SUM("t1"."product_clickers") AS "source_product_clickers|sum"
FROM (
  SELECT
    *
  FROM "traffic_source_period" AS "t0"
  WHERE
    "t0"."product_id" = '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND COALESCE("t0"."source_level", 1) = 1
) AS "t1"

-- source_product_clickers from traffic_source_product
SELECT
  SUM("t1"."product_clickers") AS "source_product_clickers|sum"
FROM (
  SELECT
    *
  FROM "traffic_source_period" AS "t0"
  WHERE
    "t0"."product_id" <> '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND COALESCE("t0"."source_level", 1) = 1
) AS "t1"

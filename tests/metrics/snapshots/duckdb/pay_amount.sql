-- pay_amount from shop_period
SELECT
  SUM("t1"."paid_amount") AS "pay_amount|sum"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- pay_amount from order_line
SELECT
  SUM(COALESCE("t1"."first_paid_amount", "t1"."paid_amount")) AS "pay_amount|sum"
FROM (
  SELECT
    *
  FROM "order_line" AS "t0"
  WHERE
    "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND "t0"."quantity" > 0
) AS "t1"

-- pay_amount from category_period
SELECT
  SUM("t1"."paid_amount") AS "pay_amount|sum"
FROM (
  SELECT
    *
  FROM "category_period" AS "t0"
  WHERE
    "t0"."source_name" = '-'
    AND "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    AND COALESCE("t0"."category_level", 1) = 1
) AS "t1"

-- pay_amount from product_period
SELECT
  SUM("t1"."paid_amount") AS "pay_amount|sum"
FROM (
  SELECT
    *
  FROM "product_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- pay_amount from traffic_source_shop
SELECT
  SUM("t1"."paid_amount") AS "pay_amount|sum"
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

-- pay_amount from traffic_source_product
SELECT
  SUM("t1"."paid_amount") AS "pay_amount|sum"
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

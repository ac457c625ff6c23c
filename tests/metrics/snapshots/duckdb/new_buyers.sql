-- new_buyers from shop_period
SELECT
  SUM("t1"."new_buyers") AS "new_buyers|sum"
FROM (
  SELECT
    *
  FROM "shop_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."terminal" = 'all'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

-- new_buyers from order_line
SELECT
  COUNT(DISTINCT "t8"."buyer_key") AS "new_buyers|distinct",
  COUNT("t8"."buyer_key") AS "new_buyers|known",
  COUNT(*) AS "new_buyers|count"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t3"."shop",
      "t3"."order_id",
      "t3"."line_no",
      "t3"."platform",
      "t3"."currency",
      "t3"."buyer_key",
      "t3"."product_id",
      "t3"."sku",
      "t3"."title",
      "t3"."variant",
      "t3"."quantity",
      "t3"."unit_price",
      "t3"."paid_amount",
      "t3"."first_paid_amount",
      "t3"."discount_seller",
      "t3"."discount_platform",
      "t3"."freight",
      "t3"."refund_amount",
      "t3"."status",
      "t3"."created_at",
      "t3"."created_on",
      "t3"."deposit_at",
      "t3"."deposit_on",
      "t3"."paid_at",
      "t3"."paid_on",
      "t3"."finished_at",
      "t3"."finished_on",
      "t3"."refunded_at",
      "t3"."refunded_on",
      "t3"."province",
      "t3"."city",
      "t3"."country",
      "t3"."device",
      "t3"."traffic_source",
      "t3"."affiliate_id",
      "t3"."staff",
      "t3"."seller_flag",
      "t3"."source_file",
      "t3"."source_hash",
      "t3"."source_row",
      "t3"."exported_at",
      "t3"."batch_id",
      "t3"."loaded_at",
      "t3"."bucket_start",
      "t6"."buyer_type"
    FROM (
      SELECT
        "t0"."shop",
        "t0"."order_id",
        "t0"."line_no",
        "t0"."platform",
        "t0"."currency",
        "t0"."buyer_key",
        "t0"."product_id",
        "t0"."sku",
        "t0"."title",
        "t0"."variant",
        "t0"."quantity",
        "t0"."unit_price",
        "t0"."paid_amount",
        "t0"."first_paid_amount",
        "t0"."discount_seller",
        "t0"."discount_platform",
        "t0"."freight",
        "t0"."refund_amount",
        "t0"."status",
        "t0"."created_at",
        "t0"."created_on",
        "t0"."deposit_at",
        "t0"."deposit_on",
        "t0"."paid_at",
        "t0"."paid_on",
        "t0"."finished_at",
        "t0"."finished_on",
        "t0"."refunded_at",
        "t0"."refunded_on",
        "t0"."province",
        "t0"."city",
        "t0"."country",
        "t0"."device",
        "t0"."traffic_source",
        "t0"."affiliate_id",
        "t0"."staff",
        "t0"."seller_flag",
        "t0"."source_file",
        "t0"."source_hash",
        "t0"."source_row",
        "t0"."exported_at",
        "t0"."batch_id",
        "t0"."loaded_at",
        MAKE_DATE(1001, 1, 1) AS "bucket_start"
      FROM "order_line" AS "t0"
      WHERE
        "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
    ) AS "t3"
    LEFT OUTER JOIN (
      SELECT
        "t4"."shop",
        "t4"."buyer_key",
        "t4"."bucket_start",
        CASE
          WHEN (
            "t4"."before" IS NOT NULL
          )
          AND (
            DATE_DIFF('DAY', "t4"."before", "t4"."bucket_start") <= 365
          )
          THEN 'returning'
          ELSE 'new'
        END AS "buyer_type"
      FROM (
        SELECT
          "t2"."shop",
          "t2"."buyer_key",
          "t2"."day",
          "t2"."bucket_start",
          LAG("t2"."day") OVER (
            PARTITION BY "t2"."shop", "t2"."buyer_key"
            ORDER BY "t2"."day" ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS "before"
        FROM (
          SELECT DISTINCT
            "t0"."shop",
            "t0"."buyer_key",
            "t0"."paid_on" AS "day",
            MAKE_DATE(1001, 1, 1) AS "bucket_start"
          FROM "order_line" AS "t0"
          WHERE
            "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) - INTERVAL '365' DAY AND MAKE_DATE(1002, 1, 1)
            AND "t0"."buyer_key" IS NOT NULL
            AND "t0"."quantity" > 0
        ) AS "t2"
      ) AS "t4"
      WHERE
        "t4"."day" >= MAKE_DATE(1001, 1, 1)
        AND (
          (
            "t4"."before" IS NULL
          ) OR (
            "t4"."before" < "t4"."bucket_start"
          )
        )
    ) AS "t6"
      ON "t3"."shop" = "t6"."shop"
      AND "t3"."buyer_key" = "t6"."buyer_key"
      AND "t3"."bucket_start" = "t6"."bucket_start"
  ) AS "t7"
  WHERE
    "t7"."quantity" > 0 AND "t7"."buyer_key" IS NOT NULL AND "t7"."buyer_type" = 'new'
) AS "t8"

-- new_buyers from product_period
SELECT
  SUM("t1"."new_buyers") AS "new_buyers|sum"
FROM (
  SELECT
    *
  FROM "product_period" AS "t0"
  WHERE
    "t0"."grain" = 'day'
    AND "t0"."period_start" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

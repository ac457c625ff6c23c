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
  COUNT(DISTINCT "t13"."buyer_key") AS "new_buyers|distinct",
  COUNT("t13"."buyer_key") AS "new_buyers|known",
  COUNT(*) AS "new_buyers|count"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t4"."shop",
      "t4"."order_id",
      "t4"."line_no",
      "t4"."platform",
      "t4"."currency",
      "t4"."buyer_key",
      "t4"."product_id",
      "t4"."sku",
      "t4"."title",
      "t4"."variant",
      "t4"."quantity",
      "t4"."unit_price",
      "t4"."paid_amount",
      "t4"."first_paid_amount",
      "t4"."discount_seller",
      "t4"."discount_platform",
      "t4"."freight",
      "t4"."refund_amount",
      "t4"."status",
      "t4"."created_at",
      "t4"."created_on",
      "t4"."deposit_at",
      "t4"."deposit_on",
      "t4"."paid_at",
      "t4"."paid_on",
      "t4"."finished_at",
      "t4"."finished_on",
      "t4"."refunded_at",
      "t4"."refunded_on",
      "t4"."province",
      "t4"."city",
      "t4"."country",
      "t4"."device",
      "t4"."traffic_source",
      "t4"."affiliate_id",
      "t4"."staff",
      "t4"."seller_flag",
      "t4"."source_file",
      "t4"."source_hash",
      "t4"."source_row",
      "t4"."exported_at",
      "t4"."batch_id",
      "t4"."loaded_at",
      "t4"."bucket_start",
      "t11"."buyer_type"
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
    ) AS "t4"
    LEFT OUTER JOIN (
      SELECT
        "t9"."shop",
        "t9"."buyer_key",
        "t9"."bucket_start",
        CASE
          WHEN (
            "t9"."before" IS NOT NULL
          )
          AND (
            DATE_DIFF('DAY', "t9"."before", "t9"."bucket_start") <= 365
          )
          THEN 'returning'
          ELSE 'new'
        END AS "buyer_type"
      FROM (
        SELECT
          "t8"."shop",
          "t8"."buyer_key",
          "t8"."day",
          "t8"."bucket_start",
          LAG("t8"."day") OVER (
            PARTITION BY "t8"."shop", "t8"."buyer_key"
            ORDER BY "t8"."day" ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS "before"
        FROM (
          SELECT DISTINCT
            *
          FROM (
            SELECT
              "t6"."shop",
              "t6"."buyer_key",
              "t6"."paid_on" AS "day",
              MAKE_DATE(1001, 1, 1) AS "bucket_start"
            FROM (
              SELECT
                *
              FROM "order_line" AS "t0"
              WHERE
                "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) - INTERVAL '365' DAY AND MAKE_DATE(1002, 1, 1)
                AND "t0"."buyer_key" IS NOT NULL
                AND "t0"."quantity" > 0
            ) AS "t6"
            SEMI JOIN (
              SELECT DISTINCT
                "t0"."shop",
                "t0"."buyer_key"
              FROM "order_line" AS "t0"
              WHERE
                "t0"."paid_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
            ) AS "t5"
              ON "t6"."shop" = "t5"."shop" AND "t6"."buyer_key" = "t5"."buyer_key"
          ) AS "t7"
        ) AS "t8"
      ) AS "t9"
      WHERE
        "t9"."day" >= MAKE_DATE(1001, 1, 1)
        AND (
          (
            "t9"."before" IS NULL
          ) OR (
            "t9"."before" < "t9"."bucket_start"
          )
        )
    ) AS "t11"
      ON "t4"."shop" = "t11"."shop"
      AND "t4"."buyer_key" = "t11"."buyer_key"
      AND "t4"."bucket_start" = "t11"."bucket_start"
  ) AS "t12"
  WHERE
    "t12"."quantity" > 0
    AND "t12"."buyer_key" IS NOT NULL
    AND "t12"."buyer_type" = 'new'
) AS "t13"

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

-- time_to_finish from order_header
SELECT
  SUM(CAST("t1"."seconds_to_finish" AS DOUBLE)) AS "time_to_finish|weighted",
  COUNT("t1"."seconds_to_finish") AS "time_to_finish|weight"
FROM (
  SELECT
    "t0"."shop",
    "t0"."order_id",
    "t0"."platform",
    "t0"."currency",
    "t0"."buyer_key",
    "t0"."status",
    "t0"."created_at",
    "t0"."created_on",
    "t0"."deposit_at",
    "t0"."deposit_on",
    "t0"."paid_at",
    "t0"."paid_on",
    "t0"."shipped_at",
    "t0"."shipped_on",
    "t0"."finished_at",
    "t0"."finished_on",
    "t0"."refunded_at",
    "t0"."refunded_on",
    "t0"."goods_amount",
    "t0"."freight",
    "t0"."paid_amount",
    "t0"."first_paid_amount",
    "t0"."settled_amount",
    "t0"."refund_amount",
    "t0"."discount_seller",
    "t0"."discount_platform",
    "t0"."quantity",
    "t0"."title",
    "t0"."province",
    "t0"."city",
    "t0"."country",
    "t0"."device",
    "t0"."traffic_source",
    "t0"."affiliate_id",
    "t0"."staff",
    "t0"."seller_flag",
    "t0"."closed_reason",
    "t0"."source_file",
    "t0"."source_hash",
    "t0"."source_row",
    "t0"."exported_at",
    "t0"."batch_id",
    "t0"."loaded_at",
    CASE
      WHEN (
        EPOCH(CAST("t0"."finished_at" AS TIMESTAMP)) - EPOCH(CAST("t0"."paid_at" AS TIMESTAMP))
      ) >= 0
      THEN EPOCH(CAST("t0"."finished_at" AS TIMESTAMP)) - EPOCH(CAST("t0"."paid_at" AS TIMESTAMP))
      ELSE NULL
    END AS "seconds_to_finish"
  FROM "order_header" AS "t0"
  WHERE
    "t0"."finished_on" BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS "t1"

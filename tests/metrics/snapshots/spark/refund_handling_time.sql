-- refund_handling_time from refund
SELECT
  SUM(CAST(`t1`.`seconds_to_finish` AS DOUBLE)) AS `refund_handling_time|weighted`,
  COUNT(`t1`.`seconds_to_finish`) AS `refund_handling_time|weight`
FROM (
  SELECT
    `t0`.`shop`,
    `t0`.`refund_id`,
    `t0`.`platform`,
    `t0`.`currency`,
    `t0`.`order_id`,
    `t0`.`line_id`,
    `t0`.`product_id`,
    `t0`.`sku`,
    `t0`.`title`,
    `t0`.`kind`,
    `t0`.`status`,
    `t0`.`goods_status`,
    `t0`.`reason`,
    `t0`.`responsible`,
    `t0`.`amount`,
    `t0`.`freight`,
    `t0`.`order_paid_amount`,
    `t0`.`ordered_at`,
    `t0`.`ordered_on`,
    `t0`.`paid_at`,
    `t0`.`paid_on`,
    `t0`.`applied_at`,
    `t0`.`applied_on`,
    `t0`.`agreed_at`,
    `t0`.`agreed_on`,
    `t0`.`finished_at`,
    `t0`.`finished_on`,
    `t0`.`source_file`,
    `t0`.`source_hash`,
    `t0`.`source_row`,
    `t0`.`exported_at`,
    `t0`.`batch_id`,
    `t0`.`loaded_at`,
    CASE
      WHEN (
        UNIX_TIMESTAMP(CAST(`t0`.`finished_at` AS TIMESTAMP)) - UNIX_TIMESTAMP(CAST(`t0`.`applied_at` AS TIMESTAMP))
      ) >= 0
      THEN UNIX_TIMESTAMP(CAST(`t0`.`finished_at` AS TIMESTAMP)) - UNIX_TIMESTAMP(CAST(`t0`.`applied_at` AS TIMESTAMP))
      ELSE NULL
    END AS `seconds_to_finish`
  FROM `refund` AS `t0`
  WHERE
    `t0`.`applied_on` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- featured_offer_rate from shop_period
SELECT
  SUM(
    IF(
      `t1`.`featured_offer_rate` IS NOT NULL
      AND NOT ISNAN(`t1`.`featured_offer_rate`)
      AND (
        `t1`.`page_views` IS NOT NULL
      ),
      `t1`.`featured_offer_rate` * CAST(`t1`.`page_views` AS DOUBLE),
      NULL
    )
  ) AS `featured_offer_rate|weighted`,
  SUM(
    IF(
      `t1`.`featured_offer_rate` IS NOT NULL
      AND NOT ISNAN(`t1`.`featured_offer_rate`)
      AND (
        `t1`.`page_views` IS NOT NULL
      ),
      `t1`.`page_views`,
      NULL
    )
  ) AS `featured_offer_rate|weight`
FROM (
  SELECT
    *
  FROM `shop_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`terminal` = 'all'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- featured_offer_rate from product_period
SELECT
  SUM(
    IF(
      `t1`.`featured_offer_rate` IS NOT NULL
      AND NOT ISNAN(`t1`.`featured_offer_rate`)
      AND (
        `t1`.`page_views` IS NOT NULL
      ),
      `t1`.`featured_offer_rate` * CAST(`t1`.`page_views` AS DOUBLE),
      NULL
    )
  ) AS `featured_offer_rate|weighted`,
  SUM(
    IF(
      `t1`.`featured_offer_rate` IS NOT NULL
      AND NOT ISNAN(`t1`.`featured_offer_rate`)
      AND (
        `t1`.`page_views` IS NOT NULL
      ),
      `t1`.`page_views`,
      NULL
    )
  ) AS `featured_offer_rate|weight`
FROM (
  SELECT
    *
  FROM `product_period` AS `t0`
  WHERE
    `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

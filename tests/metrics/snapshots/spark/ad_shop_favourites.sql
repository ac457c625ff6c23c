-- ad_shop_favourites from ad_plan
SELECT
  SUM(`t1`.`shop_favourites`) AS `ad_shop_favourites|sum`
FROM (
  SELECT
    *
  FROM `ad_period` AS `t0`
  WHERE
    `t0`.`report_level` = 'plan'
    AND `t0`.`attribution_window_days` = 15
    AND `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- ad_shop_favourites from ad_item
SELECT
  SUM(`t1`.`shop_favourites`) AS `ad_shop_favourites|sum`
FROM (
  SELECT
    *
  FROM `ad_period` AS `t0`
  WHERE
    `t0`.`report_level` = 'item'
    AND `t0`.`attribution_window_days` = 15
    AND `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- ad_shop_favourites from ad_keyword
SELECT
  SUM(`t1`.`shop_favourites`) AS `ad_shop_favourites|sum`
FROM (
  SELECT
    *
  FROM `ad_period` AS `t0`
  WHERE
    `t0`.`report_level` = 'keyword'
    AND `t0`.`attribution_window_days` = 15
    AND `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- ad_shop_favourites from ad_audience
SELECT
  SUM(`t1`.`shop_favourites`) AS `ad_shop_favourites|sum`
FROM (
  SELECT
    *
  FROM `ad_period` AS `t0`
  WHERE
    `t0`.`report_level` = 'audience'
    AND `t0`.`attribution_window_days` = 15
    AND `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- ad_shop_favourites from ad_creative
SELECT
  SUM(`t1`.`shop_favourites`) AS `ad_shop_favourites|sum`
FROM (
  SELECT
    *
  FROM `ad_period` AS `t0`
  WHERE
    `t0`.`report_level` = 'creative'
    AND `t0`.`attribution_window_days` = 15
    AND `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- ad_shop_favourites from ad_scene
SELECT
  SUM(`t1`.`shop_favourites`) AS `ad_shop_favourites|sum`
FROM (
  SELECT
    *
  FROM `ad_period` AS `t0`
  WHERE
    `t0`.`report_level` = 'scene'
    AND `t0`.`attribution_window_days` = 15
    AND `t0`.`day` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- market_sellers from market_category
SELECT
  MAX(`t1`.`sellers`) AS `market_sellers|only`,
  COUNT(`t1`.`sellers`) AS `market_sellers|stored`,
  COUNT(DISTINCT `t1`.`category`) AS `market_sellers|meeting_category`,
  COUNT(DISTINCT `t1`.`platform`) AS `market_sellers|meeting_platform`
FROM (
  SELECT
    *
  FROM `market_period` AS `t0`
  WHERE
    `t0`.`brand` = '-'
    AND `t0`.`seller` = '-'
    AND `t0`.`price_band` = '-'
    AND `t0`.`provider` = 'platform'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- market_sellers from market_brand
SELECT
  MAX(`t1`.`sellers`) AS `market_sellers|only`,
  COUNT(`t1`.`sellers`) AS `market_sellers|stored`,
  COUNT(DISTINCT `t1`.`category`) AS `market_sellers|meeting_category`,
  COUNT(DISTINCT `t1`.`platform`) AS `market_sellers|meeting_platform`
FROM (
  SELECT
    *
  FROM `market_period` AS `t0`
  WHERE
    `t0`.`seller` = '-'
    AND `t0`.`price_band` = '-'
    AND `t0`.`brand` <> '-'
    AND `t0`.`provider` = 'platform'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- market_sellers from market_seller
SELECT
  MAX(`t1`.`sellers`) AS `market_sellers|only`,
  COUNT(`t1`.`sellers`) AS `market_sellers|stored`,
  COUNT(DISTINCT `t1`.`category`) AS `market_sellers|meeting_category`,
  COUNT(DISTINCT `t1`.`platform`) AS `market_sellers|meeting_platform`
FROM (
  SELECT
    *
  FROM `market_period` AS `t0`
  WHERE
    `t0`.`brand` = '-'
    AND `t0`.`price_band` = '-'
    AND `t0`.`seller` <> '-'
    AND `t0`.`provider` = 'platform'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

-- market_sellers from market_price_band
SELECT
  MAX(`t1`.`sellers`) AS `market_sellers|only`,
  COUNT(`t1`.`sellers`) AS `market_sellers|stored`,
  COUNT(DISTINCT `t1`.`category`) AS `market_sellers|meeting_category`,
  COUNT(DISTINCT `t1`.`platform`) AS `market_sellers|meeting_platform`
FROM (
  SELECT
    *
  FROM `market_period` AS `t0`
  WHERE
    `t0`.`brand` = '-'
    AND `t0`.`seller` = '-'
    AND `t0`.`price_band` <> '-'
    AND `t0`.`provider` = 'platform'
    AND `t0`.`grain` = 'day'
    AND `t0`.`period_start` BETWEEN MAKE_DATE(1001, 1, 1) AND MAKE_DATE(1002, 1, 1)
) AS `t1`

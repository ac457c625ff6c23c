-- Four months of a shop, the same on every machine: every number comes from the row's own number by arithmetic.
INSERT INTO order_line (shop, order_id, line_no, platform, currency, buyer_key, product_id, sku, title, quantity, unit_price,
    paid_amount, first_paid_amount, discount_seller, discount_platform, freight, refund_amount, status,
    created_at, created_on, paid_at, paid_on, refunded_at, refunded_on, province, city, device, exported_at)
SELECT 'main', order_number::VARCHAR, line_no, 'taobao', 'CNY',
    CASE WHEN order_number % 17 = 0 THEN NULL ELSE 'buyer' || (order_number * 7 % 431 + (order_number - 100000) // 40 * 3) END,
    'p' || (i * 11 % 23), 's' || (i * 11 % 69), 'product ' || (i * 11 % 23),
    quantity, price,
    CASE WHEN is_paid AND NOT is_closed THEN quantity * price ELSE 0 END,
    CASE WHEN is_paid THEN quantity * price END,
    CASE WHEN is_paid THEN i % 5 ELSE 0 END, CASE WHEN is_paid THEN i % 3 ELSE 0 END, CASE WHEN line_no = 1 THEN 6 ELSE 0 END,
    CASE WHEN is_closed THEN quantity * price WHEN is_refunded THEN price / 2 ELSE 0 END,
    CASE WHEN is_closed OR NOT is_paid THEN 'closed' ELSE 'finished' END,
    day + INTERVAL 3 HOUR, day,
    CASE WHEN is_paid THEN day + to_days(order_number % 2) + INTERVAL 5 HOUR END,
    CASE WHEN is_paid THEN day + (order_number % 2)::INT END,
    CASE WHEN is_closed OR is_refunded THEN day + to_days(order_number % 9) + INTERVAL 7 HOUR END,
    CASE WHEN is_closed OR is_refunded THEN day + (order_number % 9)::INT END,
    'province' || (order_number % 7), 'city' || (order_number % 13), CASE WHEN order_number % 3 = 0 THEN 'pc' ELSE 'wireless' END,
    TIMESTAMP '2026-10-05 02:00:00'
FROM (
    SELECT i, i // 2 + 100000 AS order_number, i % 2 + 1 AS line_no, 1 + i * 5 % 4 AS quantity,
        (10 + i * 29 % 190)::DECIMAL(18, 2) AS price, DATE '2026-06-01' + (i * 121 // 6000)::INT AS day,
        (i // 2) % 11 <> 0 AS is_paid, (i // 2) % 11 <> 0 AND (i // 2) % 13 = 0 AS is_closed,
        (i // 2) % 11 <> 0 AND i % 19 = 0 AS is_refunded
    FROM range(6000) AS numbers(i)
);
INSERT INTO order_header (shop, order_id, platform, currency, buyer_key, status, created_at, created_on, paid_at, paid_on,
    goods_amount, paid_amount, refund_amount, province, city, device, exported_at)
SELECT shop, order_id, platform, currency, min(buyer_key), min(status), min(created_at), min(created_on), min(paid_at), min(paid_on),
    sum(quantity * unit_price)::DECIMAL(18, 2), sum(paid_amount), sum(refund_amount), min(province), min(city), min(device), min(exported_at)
FROM order_line GROUP BY ALL;
INSERT INTO shop_period (shop, grain, period_start, terminal, platform, currency, visitors, page_views, dwell_seconds, bounce_rate,
    favourite_buyers, favourites, cart_buyers, cart_adds, order_buyers, order_units, order_amount, buyers, paid_orders,
    paid_suborders, paid_units, paid_amount, new_buyers, returning_buyers, returning_paid_amount, refund_amount, new_visitors,
    returning_visitors, product_visitors, product_page_views, paid_products, affiliate_commission, reviews, negative_reviews,
    followers_gained, members, members_gained, exported_at)
SELECT 'main', grain, start, terminal, 'taobao', 'CNY', 1000 * size + n % 97, 3000 * size + n % 89, 40 + n % 31, 0.3 + (n % 20) / 100.0,
    50 * size + n % 7, 60 * size + n % 7, 80 * size + n % 11, 120 * size + n % 11, 40 * size + n % 5, 90 * size + n % 5, 5000 * size + n % 300,
    30 * size + n % 5, 34 * size + n % 5, 50 * size + n % 5, 70 * size + n % 5, 4000 * size + n % 300, 20 * size + n % 3, 10 * size + n % 3,
    1200 * size + n % 50, 300 * size + n % 40, 700 * size + n % 9, 300 * size + n % 9, 900 * size + n % 9, 2500 * size + n % 9,
    15 + n % 4, 50 * size + n % 20, 12 + n % 3, n % 2, 5 + n % 4, 9000 + n * 3, 3 + n % 2, TIMESTAMP '2026-10-05 02:00:00'
FROM (
    SELECT grain, start, terminal, (start - DATE '2026-06-01') + length(terminal) AS n,
        CASE terminal WHEN 'all' THEN 3 WHEN 'wireless' THEN 2 ELSE 1 END * CASE grain WHEN 'day' THEN 1 WHEN 'week' THEN 5 ELSE 17 END AS size
    FROM (
        SELECT 'day' AS grain, DATE '2026-06-01' + range::INT AS start FROM range(122)
        UNION ALL SELECT 'week', DATE '2026-06-01' + 7 * range::INT FROM range(17)
        UNION ALL SELECT 'month', (DATE '2026-06-01' + to_months(range::INT))::DATE FROM range(4)
    ), (VALUES ('all'), ('wireless'), ('pc')) AS terminals(terminal)
);
INSERT INTO product_period (shop, product_id, grain, period_start, title, platform, currency, impressions, visitors, page_views,
    dwell_seconds, bounce_rate, favourite_buyers, favourites, cart_buyers, cart_adds, order_buyers, order_units, order_amount,
    buyers, paid_orders, paid_suborders, paid_units, paid_amount, new_buyers, returning_buyers, returning_paid_amount,
    refund_amount, search_visitors, search_buyers, exported_at)
SELECT 'main', 'p' || p, 'day', DATE '2026-06-01' + d::INT, 'product ' || p, 'taobao', 'CNY', 900 + n % 77, 100 + n % 41, 220 + n % 41,
    20 + n % 17, 0.5 + (n % 10) / 100.0, 5 + n % 3, 6 + n % 3, 8 + n % 5, 11 + n % 5, 4 + n % 3, 7 + n % 3, 500 + n % 100,
    3 + n % 2, 3 + n % 2, 4 + n % 2, 5 + n % 3, 400 + n % 100, 2, 1 + n % 2, 90 + n % 10, 30 + n % 7, 40 + n % 9, 1 + n % 2,
    TIMESTAMP '2026-10-05 02:00:00'
FROM (SELECT p, d, p * 31 + d * 7 AS n FROM range(23) AS products(p), range(122) AS days(d));
INSERT INTO ad_period (shop, account, report_level, campaign, ad_group, target, attribution_window_days, day, platform, currency,
    scene, campaign_name, target_name, impressions, clicks, cost, direct_orders, indirect_orders, orders, direct_amount,
    indirect_amount, sales_amount, cart_adds, favourites, exported_at)
SELECT 'main', '-', level, 'c' || c, '-', CASE level WHEN 'plan' THEN '-' WHEN 'item' THEN 'p' || c ELSE 'word' || c END, 15,
    DATE '2026-06-01' + d::INT, 'taobao', 'CNY', 'scene' || (c % 2), 'campaign ' || c, 'target ' || c, 5000 + n % 500, 200 + n % 50,
    150 + n % 60, 4 + n % 3, 2 + n % 2, 6 + n % 3 + n % 2, 300 + n % 90, 100 + n % 30, 400 + n % 90 + n % 30, 20 + n % 8, 9 + n % 4,
    TIMESTAMP '2026-10-05 02:00:00'
FROM (SELECT level, c, d, c * 13 + d * 5 AS n
      FROM (VALUES ('plan'), ('item'), ('keyword')) AS levels(level), range(4) AS campaigns(c), range(122) AS days(d));
INSERT INTO service_score (shop, score, day, platform, value, peers_mean, ratings, exported_at)
SELECT 'main', score, DATE '2026-06-01' + d::INT, 'taobao', 4.7 + (d % 20) / 100.0 + length(score) / 1000.0, 4.75, 1000,
    TIMESTAMP '2026-10-05 02:00:00'
FROM (VALUES ('description'), ('service'), ('logistics')) AS scores(score), range(122) AS days(d);

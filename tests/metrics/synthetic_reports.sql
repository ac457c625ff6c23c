-- The rest of the synthetic shop: traffic sources, search terms, categories, market, service desk, after-sales, stock, costs, fees.
UPDATE shop_period SET sessions = 1500 + n % 70, impressions = 40000 + n % 900, clicks = 2000 + n % 80, wireless_visitors = 700 + n % 60,
    live_visitors = 120 + n % 9, video_visitors = 90 + n % 8, page_visitors = 200 + n % 11, followers = 50000 + n * 7,
    subsidy_amount = 60 + n % 13, member_buyers = 9 + n % 3, member_paid_amount = 1100 + n % 40, active_members = 300 + n % 21,
    picked_up_parcels = 31 + n % 4, shipped_parcels = 33 + n % 5, delivered_parcels = 29 + n % 6,
    pay_to_delivery_seconds = 170000 + n % 900, picture_reviews = 4 + n % 2, positive_reviews = 9 + n % 3,
    featured_offer_rate = 0.8 + (n % 10) / 100.0
FROM (SELECT grain AS g, period_start AS s, terminal AS t, (period_start - DATE '2026-06-01') + length(terminal) AS n FROM shop_period)
WHERE grain = g AND period_start = s AND terminal = t;
UPDATE ad_period SET buyers = orders - 1, new_buyers = orders - 3, visits = clicks - 20, units = orders + 4, presale_amount = 30 + clicks % 7,
    net_orders = orders - 2, net_amount = sales_amount - 55, inquiries = clicks % 9, shop_favourites = clicks % 5,
    subsidy_amount = clicks % 11, quality_score = 7 + clicks % 3;
UPDATE order_header SET shipped_at = paid_at + to_hours((hash(order_id) % 80)::INT), shipped_on = (paid_at + to_hours((hash(order_id) % 80)::INT))::DATE,
    finished_at = paid_at + to_days(9), finished_on = paid_on + 9 WHERE paid_at IS NOT NULL AND status <> 'closed';
UPDATE order_header SET deposit_at = created_at, deposit_on = created_on WHERE order_id::INT % 5 = 0;
INSERT INTO traffic_source_period BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, product AS product_id, path AS source_path, path AS source_name, level AS source_level, CASE level WHEN 2 THEN 'search' END AS parent_name,
    'day' AS grain, DATE '2026-06-01' + d::INT AS period_start, 400 + n % 31 AS visitors, 100 + n % 17 AS new_visitors, 900 + n % 71 AS page_views,
    30 + n % 9 AS dwell_seconds, 250 + n % 23 AS product_clickers, 12 + n % 5 AS buyers, 1500 + n % 83 AS paid_amount,
    3 + n % 2 AS followers_gained, 20 + n % 6 AS favourite_buyers, 25 + n % 7 AS cart_buyers, 40 + n % 9 AS cart_adds, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT *, d * 7 + length(path) * 5 + length(product) AS n FROM
      (VALUES ('search', 1), ('search > own', 2), ('search > other', 2), ('paid', 1)) AS paths(path, level),
      (VALUES ('-'), ('p1'), ('p2')) AS products(product), range(122) AS days(d));
INSERT INTO search_term_period BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, scope, 'term' || t AS term, product AS product_id, 'day' AS grain,
    DATE '2026-06-01' + d::INT AS period_start, t + d % 4 AS rank, 5000 + n AS demand_index, 800 + n % 40 AS searchers, 1200 + n % 60 AS searches,
    500 + n % 30 AS clicks, 9000 + n AS products_online, 1.5 + (n % 9) / 10 AS reference_bid, 70 + n % 13 AS visitors, 8 + n % 4 AS cart_buyers,
    5 + n % 3 AS buyers, 6 + n % 5 AS paid_units, 300 + n % 37 AS paid_amount, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT *, d * 3 + t * 11 AS n FROM (VALUES ('own', '-'), ('own', 'p1'), ('market', '-')) AS scopes(scope, product),
      range(3) AS terms(t), range(122) AS days(d));
INSERT INTO category_period BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, category, source_name, 'day' AS grain, DATE '2026-06-01' + d::INT AS period_start, level AS category_level,
    300 + d % 19 AS visitors, 10 AS favourite_buyers, 12 AS cart_buyers, 7 AS buyers, 640 + d AS paid_amount, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (VALUES ('toys', 1), ('toys > balls', 2), ('toys > dolls', 2), ('books', 1)) AS categories(category, level),
     (VALUES ('-'), ('search')) AS sources(source_name), range(122) AS days(d);
INSERT INTO market_period BY NAME
SELECT 'taobao' AS platform, 'toys' AS category, brand, seller, band AS price_band, 'platform' AS provider, 'day' AS grain, DATE '2026-06-01' + d::INT AS period_start,
    'CNY' AS currency, 7000 + d AS demand_index, 90000 + d % 50 AS visitors, 300 + d % 7 AS sellers, 8000 + d AS products_on_sale,
    2500 + d % 31 AS units, 100000 + d * 13 AS amount, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (VALUES ('-', '-', '-'), ('a', '-', '-'), ('b', '-', '-'), ('-', 'shop1', '-'), ('-', '-', '10-20')) AS parts(brand, seller, band), range(122) AS days(d);
INSERT INTO inquiry_period BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, agent, 'day' AS grain, DATE '2026-06-01' + d::INT AS period_start, 60 + n % 9 AS consulters,
    80 + n % 11 AS sessions, 55 + n % 9 AS received, 50 + n % 7 AS effective_received, 2 + n % 3 AS unanswered, 40 + n % 8 AS inquirers,
    14 + n % 5 AS buyers, 900 + n % 70 AS sales_amount, 17 + n % 6 AS sales_units, 12 + n % 4 AS sales_buyers, 30 + n % 9 AS refund_amount,
    20 + n % 13 AS first_response_seconds, 35 + n % 14 AS response_seconds, 400 + n % 90 AS reception_seconds, 0.95 + (n % 4) / 100.0 AS reply_rate,
    0.85 + (n % 9) / 100.0 AS three_minute_reply_rate, 700 + n % 50 AS agent_messages, 500 + n % 40 AS buyer_messages, 10 + n % 4 AS ratings,
    6 + n % 3 AS rated_very_good, 2 + n % 2 AS rated_good, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT *, d * 5 + length(agent) AS n FROM (VALUES ('-'), ('anna'), ('bo')) AS agents(agent), range(122) AS days(d));
INSERT INTO service_period BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, grain, start AS period_start, 3 + d % 4 AS refunded_orders, 200 + d AS refund_amount, d % 2 AS dispute_refunds,
    0.01 + d / 100000.0 AS dispute_rate, d % 3 AS interventions, 0.02 + d / 100000.0 AS intervention_rate, 0.03 + d / 100000.0 AS quality_refund_rate,
    80000 + d % 97 AS refund_seconds, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT 'day' AS grain, DATE '2026-06-01' + d::INT AS start, d FROM range(122) AS days(d)
      UNION ALL SELECT 'month', (DATE '2026-06-01' + to_months(m::INT))::DATE, m FROM range(4) AS months(m));
INSERT INTO refund BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, 'r' || i AS refund_id, (100000 + i)::VARCHAR AS order_id, 'p' || i % 23 AS product_id, 's' || i % 69 AS sku,
    ['refund_only', 'return', 'exchange'][1 + i % 3] AS kind, ['succeeded', 'succeeded', 'closed', 'applied'][1 + i % 4] AS status,
    ['unshipped', 'received', 'returned'][1 + i % 3] AS goods_status, 'reason ' || i % 5 AS reason, 20 + i % 17 AS amount,
    applied AS applied_at, applied::DATE AS applied_on, CASE WHEN i % 4 < 3 THEN applied + to_hours((5 + i % 70)::INT) END AS finished_at,
    CASE WHEN i % 4 < 3 THEN (applied + to_hours((5 + i % 70)::INT))::DATE END AS finished_on, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT i, TIMESTAMP '2026-06-01 03:00:00' + to_hours((i * 5)::INT) AS applied FROM range(580) AS numbers(i));
INSERT INTO review BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'v' || i AS review_id, 'p' || i % 23 AS product_id, 's' || i % 69 AS sku, 1 + i % 5 AS rating,
    CASE WHEN i % 5 < 2 THEN 'negative' WHEN i % 5 = 2 THEN 'neutral' ELSE 'positive' END AS sentiment, i % 2 AS has_picture,
    written AS created_at, written::DATE AS created_on, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT i, TIMESTAMP '2026-06-01 03:00:00' + to_hours((i * 4)::INT) AS written FROM range(720) AS numbers(i));
INSERT INTO lead BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, 'l' || i AS lead_id, 'staff' || i % 3 AS staff, 'web' AS source,
    ['won', 'lost', 'open'][1 + i % 3] AS outcome, CASE WHEN i % 3 = 0 THEN 500 + i % 90 END AS amount,
    CASE WHEN i % 7 = 0 THEN 'buyer' || i END AS referred_by, came AS received_at, came::DATE AS received_on,
    CASE WHEN i % 3 < 2 THEN came + to_days((i % 6)::INT) END AS closed_at, CASE WHEN i % 3 < 2 THEN came::DATE + (i % 6)::INT END AS closed_on,
    TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT i, TIMESTAMP '2026-06-01 03:00:00' + to_hours((i * 6)::INT) AS came FROM range(480) AS numbers(i));
INSERT INTO stock_day BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 's' || s AS sku, 'p' || s % 23 AS product_id, DATE '2026-06-01' + d::INT AS day,
    (s * 7 + d * 3) % 40 AS stock_units, s % 5 AS inbound_units, s % 3 AS locked_units, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM range(50) AS codes(s), range(122) AS days(d) WHERE (s + d) % 9 <> 0;
INSERT INTO product BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, 'p' || p AS product_id, '-' AS variant_id, 'category ' || p % 4 AS category, 'brand ' || p % 3 AS brand,
    TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM range(20) AS products(p);
INSERT INTO cost BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, 's' || s AS sku, since AS valid_from, 4 + s % 9 + extra AS unit_cost, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM range(40) AS codes(s), (VALUES (DATE '0001-01-01', 0), (DATE '2026-09-10', 2.5)) AS days(since, extra)
UNION ALL BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, 'p' || p AS sku, DATE '2026-07-01' AS valid_from, 9.25 AS unit_cost, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM range(15) AS products(p);
INSERT INTO settlement BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, 'st' || i AS statement_id, 'b' AS line, 'p' || i % 23 AS product_id, kind, kind AS fee_name,
    CASE WHEN kind IN ('sales', 'platform_subsidy') THEN 30 + i % 41 ELSE -(1 + i % 7) END AS amount,
    CASE WHEN i % 10 = 0 THEN 'pending' WHEN i % 10 = 1 THEN NULL ELSE 'settled' END AS status,
    booked AS booked_at, booked::DATE AS booked_on, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT i, ['sales', 'refund', 'commission', 'service_fee', 'affiliate_fee', 'promotion_fee', 'freight', 'insurance', 'platform_subsidy', 'tax', 'transfer', 'other', 'sales'][1 + i % 13] AS kind,
      TIMESTAMP '2026-06-01 03:00:00' + to_hours(i::INT) AS booked FROM range(2900) AS numbers(i));
INSERT INTO target BY NAME
SELECT 'main' AS shop, (DATE '2026-06-01' + to_months(m::INT))::DATE AS month, metric, 'taobao' AS platform, 'CNY' AS currency, 100000 + m * 1000 + length(metric) AS value,
    'owner' || m % 2 AS owner, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM range(4) AS months(m), (VALUES ('pay_amount'), ('net_pay_amount')) AS metrics(metric);
INSERT INTO affiliate_period BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, affiliate AS affiliate_id, 'day' AS grain, DATE '2026-06-01' + d::INT AS period_start, 300 + n % 41 AS clicks,
    200 + n % 31 AS clickers, 9 + n % 3 AS buyers, 10 + n % 4 AS paid_orders, 800 + n % 61 AS paid_amount, 70 + n % 9 AS commission, 8 + n % 3 AS service_fee,
    700 + n % 53 AS settled_amount, 60 + n % 7 AS settled_commission, 7 + n % 2 AS settled_service_fee, TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT *, d * 3 + length(affiliate) AS n FROM (VALUES ('-'), ('aff1'), ('aff22')) AS affiliates(affiliate), range(122) AS days(d));
INSERT INTO content_period BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency, channel, channel || c AS content_id, DATE '2026-06-01' + d::INT AS day, 'piece ' || c AS title, 3600 + n % 70 AS duration_seconds,
    9000 + n % 300 AS impressions, 2000 + n % 90 AS views, 1500 + n % 80 AS viewers, 300 + n % 40 AS completed_views, 45 + n % 17 AS watch_seconds,
    100 + n % 33 AS peak_viewers, 50 + n % 12 AS likes, 20 + n % 7 AS comments, 9 + n % 4 AS shares, 15 + n % 5 AS followers_gained, n % 3 AS followers_lost,
    5000 + n % 120 AS product_impressions, 400 + n % 37 AS product_clicks, 25 + n % 6 AS paid_orders, 23 + n % 5 AS buyers, 30 + n % 8 AS paid_units,
    1800 + n % 130 AS paid_amount, 1700 + n % 110 AS user_paid_amount, 90 + n % 25 AS refund_amount, 120 + n % 19 AS commission, 200 + n % 29 AS cost,
    TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT *, d * 7 + c * 5 + length(channel) AS n FROM (VALUES ('live'), ('video')) AS channels(channel), range(2) AS pieces(c), range(122) AS days(d));
INSERT INTO event BY NAME
SELECT 'main' AS shop, 'taobao' AS platform, 'e' || i AS event_id, ['price', 'main_image'][1 + i % 2] AS kind, happened AS happened_at, happened::DATE AS happened_on,
    TIMESTAMP '2026-10-05 02:00:00' AS exported_at
FROM (SELECT i, TIMESTAMP '2026-06-01 03:00:00' + to_hours((i * 29)::INT) AS happened FROM range(99) AS numbers(i));
UPDATE service_score SET peers_gap = value - peers_mean, target = 4.9;

-- What lines leave: costs known for most of them, fees settled for some, estimated for others, unknown for a few.
INSERT INTO line_contribution BY NAME
SELECT * EXCLUDE n, income - goods_cost AS gross_margin, income - goods_cost - platform_fees - freight_cost - packaging_cost AS contribution,
    CASE WHEN goods_cost IS NULL THEN 0 ELSE 1 END AS cost_known, CASE WHEN goods_cost IS NOT NULL THEN income END AS costed_amount,
    CASE WHEN income - goods_cost - platform_fees - freight_cost - packaging_cost IS NOT NULL THEN income END AS contributing_amount
FROM (
    SELECT shop, order_id, line_no, platform, currency, product_id, sku, province, city, country, device, traffic_source, affiliate_id, staff,
        created_on, paid_on, quantity, n, quantity AS units_kept, paid_amount - coalesce(refund_amount, 0) AS kept_amount, discount_seller,
        discount_platform, CAST(CASE WHEN n % 7 = 0 THEN 1.5 END AS DECIMAL(18,2)) AS platform_subsidy,
        CAST(paid_amount - coalesce(refund_amount, 0) + CASE WHEN n % 7 = 0 THEN 1.5 ELSE 0 END AS DECIMAL(18,2)) AS income,
        CAST(CASE WHEN n % 5 <> 0 THEN quantity * (4 + n % 9) END AS DECIMAL(18,2)) AS goods_cost,
        CAST(CASE WHEN n % 11 <> 0 THEN paid_amount * 0.05 END AS DECIMAL(18,2)) AS platform_fees,
        CAST(CASE WHEN n % 13 <> 0 THEN 3.5 END AS DECIMAL(18,2)) AS freight_cost, CAST(0.8 AS DECIMAL(18,2)) AS packaging_cost,
        CASE WHEN n % 11 = 0 THEN 'none' WHEN n % 3 = 0 THEN 'estimated' ELSE 'actual' END AS fee_basis, exported_at
    FROM (SELECT *, row_number() OVER (ORDER BY order_id, line_no) AS n FROM order_line)
);

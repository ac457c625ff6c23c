"""What a simulated shop consists of: the contract between the model and whoever writes its files.

Everything is an array over dense indexes that start at 0. Axes, always in this order:

    D days, P products, S sources, V devices, R regions, G segments, K keywords of ad groups, A agents,
    C competitors of a product, N niches, L sellers of the market, M months, X incidents

Money is int64 in fen. A moment is datetime64[s] in the shop's local time; NaT means "has not happened by `until`".
Names of the axes are in `World` (`sources`, `devices`, ...), in the order of the index.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Counts = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Moments = NDArray[np.datetime64]

STATUSES = ("created", "paid", "shipped", "finished", "closed")
REFUND_KINDS = ("none", "unshipped", "refund_only", "return")
REFUND_STATUSES = ("none", "requested", "succeeded")


@dataclass(frozen=True, slots=True)
class Products:
    """Products, P of each; `titles` is a list of Chinese titles composed from the attributes."""

    ids: Ints
    titles: list[str]
    codes: list[str]
    category: Ints
    attributes: list[dict[str, str]]
    launch: Ints
    list_price: Ints
    base_price: Ints
    unit_cost: Ints
    freight: Ints
    weight_grams: Ints
    elasticity: Floats
    cross_elasticity: Floats
    quality: Floats
    image_quality: Floats
    page_quality: Floats
    level: Floats
    peak_age: Floats
    tail: Floats
    lead_time: Ints
    ship_hours: Floats
    commission_rate: Floats
    promoted: Bools
    displayed: Bools


@dataclass(frozen=True, slots=True)
class Skus:
    """Variants of products; a product's variants are neighbours and their shares sum to 1."""

    ids: Ints
    codes: list[str]
    product: Ints
    names: list[str]
    share: Floats


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of products: who buys `left` also takes `right` (complements), or `right` instead (substitutes)."""

    left: Ints
    right: Ints
    strength: Floats


@dataclass(frozen=True, slots=True)
class Keywords:
    """Keywords of the ad groups (one group per promoted product), K of each; one word may be in several groups."""

    words: list[str]
    product: Ints
    volume: Floats
    relevance: Floats
    competitor_score: Floats
    bid: Ints
    quality: Floats
    wasteful: Bools


@dataclass(frozen=True, slots=True)
class Agents:
    """Service agents, A of each."""

    names: list[str]
    close_rate: Floats
    reply_seconds: Floats
    referral_rate: Floats
    on_duty: Bools


@dataclass(frozen=True, slots=True)
class Affiliates:
    """Publishers of affiliate links; `reach` is their share of the clicks."""

    names: list[str]
    reach: Floats
    conversion: Floats


@dataclass(frozen=True, slots=True)
class Niches:
    """Niches of the market: category × two attribute values; monthly arrays are M×N."""

    category: Ints
    attributes: list[dict[str, str]]
    demand: Floats
    supply: Floats
    searches: Ints
    buyers: Ints
    listings: Ints


@dataclass(frozen=True, slots=True)
class Sellers:
    """Sellers of the market; monthly arrays are M×L; `orders` includes `faked`."""

    names: list[str]
    category: Ints
    niche: Ints
    price: Ints
    fakes: Bools
    visitors: Ints
    orders: Ints
    faked: Ints
    revenue: Ints


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened.

    Attributes:
        key: Short name, unique in the simulation.
        kind: One of the kinds of `incidents.toml`.
        start: First day, as an index of D.
        end: Last day, as an index of D.
        place: Where: `product`, `source`, `region`, `device`, `agent`, `keyword`, `category`, `segment` as indexes.
        size: How strong, in the unit that the kind states.
        parameters: Anything else.
        is_fault: Whether only the files are wrong; the shop itself did not change.
    """

    key: str
    kind: str
    start: int
    end: int
    place: dict[str, int] = field(default_factory=dict)
    size: float = 0.0
    parameters: dict[str, Any] = field(default_factory=dict)
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is fixed before the first day."""

    version: str
    seed: int
    first: date
    until: date
    days: int
    scale: float
    scenario: str
    dates: Moments
    sources: tuple[str, ...]
    source_names: tuple[str, ...]
    devices: tuple[str, ...]
    regions: tuple[str, ...]
    cities: tuple[tuple[str, ...], ...]
    region_share: Floats
    segments: tuple[str, ...]
    segment_share: Floats
    categories: tuple[str, ...]
    category_names: tuple[str, ...]
    refund_reasons: tuple[str, ...]
    topics: tuple[str, ...]
    faults: tuple[str, ...]
    products: Products
    skus: Skus
    complements: Pairs
    substitutes: Pairs
    keywords: Keywords
    agents: Agents
    affiliates: Affiliates
    niches: Niches
    sellers: Sellers
    incidents: tuple[Incident, ...]
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Daily:
    """The shop's days. Counts are int32, money int64 fen, rates float64."""

    impressions: Counts
    visitors: Counts
    page_views: Counts
    favourites: Counts
    carts: Counts
    order_buyers: Counts
    ordered_units: Counts
    ordered_amount: Ints
    paid_buyers: Counts
    paid_orders: Counts
    paid_units: Counts
    paid_amount: Ints
    refunded_amount: Ints
    refunds: Counts
    visitors_by_region: Counts
    visitors_by_segment: Counts
    shop_visitors: Counts
    shop_visitors_by_source: Counts
    shop_visitors_by_hour: Counts
    shop_page_views: Counts
    shop_paid_orders: Counts
    shop_paid_buyers: Counts
    shop_paid_buyers_by_source: Counts
    shop_paid_buyers_first: Counts
    stay_seconds: Floats
    bounce_rate: Floats
    list_price: Ints
    price: Ints
    competitor_price: Ints
    stock: Ints
    received: Ints
    stock_out: Bools
    ratings: Counts
    rating_sum: Counts
    dsr: Floats
    rank: Floats


@dataclass(frozen=True, slots=True)
class Ads:
    """Advertising. Attributed orders stand on the day of the click, complete for the whole window."""

    keyword_impressions: Counts
    keyword_clicks: Counts
    keyword_cost: Ints
    keyword_bid: Ints
    keyword_position: Floats
    keyword_carts: Counts
    keyword_favourites: Counts
    keyword_direct_orders: Counts
    keyword_indirect_orders: Counts
    keyword_direct_amount: Ints
    keyword_indirect_amount: Ints
    search_budget: Ints
    search_online: Floats
    display_impressions: Counts
    display_clicks: Counts
    display_cost: Ints
    display_budget: Ints
    display_orders: Counts
    display_amount: Ints
    affiliate_clicks: Counts


@dataclass(frozen=True, slots=True)
class Service:
    """Service agents' days (D×A) and the leads (one entry per lead)."""

    chats: Counts
    asked: Counts
    first_reply_seconds: Floats
    reply_seconds: Floats
    satisfied: Counts
    rated: Counts
    orders: Counts
    buyers: Counts
    amount: Ints
    lead_created: Moments
    lead_agent: Ints
    lead_product: Ints
    lead_region: Ints
    lead_source: Ints
    lead_referred: Bools
    lead_followed: Moments
    lead_closed: Moments
    lead_status: Ints
    lead_amount: Ints


@dataclass(frozen=True, slots=True)
class Content:
    """Posts and live sessions of the shop (one entry per post)."""

    published: Moments
    kind: Ints
    kinds: tuple[str, ...]
    titles: list[str]
    product: Ints
    views: Ints
    clicks: Ints
    likes: Ints
    orders: Ints
    amount: Ints


@dataclass(frozen=True, slots=True)
class Orders:
    """A run of orders and their lines, both in the order of creation.

    Order arrays have one entry per order, arrays that begin with `line_` one per line. `line_order` is the position of
    the order within this chunk. The sums hold exactly: `goods` is Σ line_price × line_units; `discount` is
    `seller_coupon` + `platform_coupon`; `payable` is goods − discount + freight; `paid` is payable or 0; Σ line_payable
    is payable − freight; `line_paid` is line_payable where the order was paid, else 0; deposit + balance = payable.
    """

    ids: Ints
    buyer: Ints
    day: Ints
    created: Moments
    deposit_paid: Moments
    paid_at: Moments
    shipped: Moments
    finished: Moments
    closed: Moments
    status: Ints
    source: Ints
    device: Ints
    region: Ints
    city: Ints
    segment: Ints
    agent: Ints
    affiliate: Ints
    is_presale: Bools
    is_first: Bools
    is_fake: Bools
    referrer: Ints
    goods: Ints
    seller_coupon: Ints
    platform_coupon: Ints
    freight: Ints
    payable: Ints
    deposit: Ints
    paid: Ints
    line_order: Ints
    line_number: Ints
    line_product: Ints
    line_sku: Ints
    line_units: Ints
    line_list_price: Ints
    line_price: Ints
    line_payable: Ints
    line_paid: Ints
    line_unit_cost: Ints
    line_commission: Ints
    line_refund_kind: Ints
    line_refund_reason: Ints
    line_refund_status: Ints
    line_refund_amount: Ints
    line_refund_requested: Moments
    line_refunded: Moments
    line_rating: Ints
    line_reviewed: Moments
    line_topic: Ints
    line_fault: Ints

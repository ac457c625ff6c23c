"""Whom the shop reaches, in words: who converts and pays, whose traffic does not fit, how the best customers differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.metrics.wording import VALUES
from duoshou.model.numbers import amount, count, rate

if TYPE_CHECKING:
    from duoshou.analysts.customers import CustomerStudy
    from duoshou.analysts.customers.traffic import Change

WIDEST = 30
MOST = 5
UNTOLD = "—"


def audience_text(found: CustomerStudy, session: Session) -> str:
    """Return the parts that are known, each a table."""
    parts = (_paying(found, session), _sources(found, session), _indices(found, session))
    return "\n\n".join(part for part in parts if part)


def _paying(found: CustomerStudy, session: Session) -> str:
    """Return the five parts of each dimension that pay most."""
    rows, shown = [], dict.fromkeys((one.dimension for one in found.paying), 0)
    for one in found.paying:
        shown[one.dimension] += 1
        if shown[one.dimension] > MOST:
            continue
        visitors, converting, buyers, paid, spend = (
            one.values[name]
            for name in ("visitors", "pay_conversion_rate", "pay_buyers", "pay_amount", "spend_per_buyer")
        )
        money = [amount(each, found.currency, session.language) for each in (paid, spend)]
        value = _value(one.dimension, one.value, session)
        rows.append(
            [_dimension(one.dimension, session), value, count(visitors), rate(converting), count(buyers), *money]
        )
    if not rows:
        return ""
    words = (
        *(("维度", "by"), ("最近 90 天", "last 90 days"), ("访客", "visitors"), ("转化率", "conversion")),
        *(("买家", "buyers"), ("支付金额", "paid"), ("客单价", "a buyer pays")),
    )
    return table([session.say(*one) for one in words], rows, numeric=[False, False, *[True] * 5])


def _sources(found: CustomerStudy, session: Session) -> str:
    from duoshou.analysts.customers.words import FITS

    if not found.sources:
        return ""
    words = (
        *(("渠道，最近 4 周", "channel, last 4 weeks"), ("每天访客", "visitors a day")),
        *(("比别的渠道多", "more than others"), ("转化率", "conversion"), ("比别的渠道变化", "against others")),
        ("判断", "judgement"),
    )
    rows = [
        [
            *(
                _value("channel", one.channel, session),
                count(round(one.visitors)),
                _change(one.more),
                rate(one.conversion),
                _change(one.converting),
            ),
            FITS[one.fit].in_language(session.language),
        ]
        for one in found.sources
    ]
    return table([session.say(*one) for one in words], rows, numeric=[False, *[True] * 4, False])


def _indices(found: CustomerStudy, session: Session) -> str:
    if not found.indices:
        return ""
    words = (
        *(("维度", "by"), ("花钱多的客户", "who spend much"), ("客户", "customers"), ("TGI", "TGI")),
        ("95% 区间", "95% interval"),
    )
    told = [one for one in found.indices if one.low > 100 or one.high < 100] or list(found.indices)
    rows = [
        [
            *(_dimension(one.dimension, session), _value(one.dimension, one.value, session), count(one.customers)),
            *(f"{one.index:.0f}", f"{one.low:.0f} – {one.high:.0f}"),
        ]
        for one in told[: 2 * MOST]
    ]
    return table([session.say(*one) for one in words], rows, numeric=[False, False, *[True] * 3])


def _dimension(key: str, session: Session) -> str:
    title = session.workbench.catalogue.dimensions[key].title
    return title.in_language(session.language)


def _value(dimension: str, value: str | None, session: Session) -> str:
    if value is None:
        return session.say("未知", "unknown")
    known = VALUES.get(dimension, {}).get(value)
    return shorten(known.in_language(session.language) if known else value, WIDEST)


def _change(one: Change | None) -> str:
    return UNTOLD if one is None else f"{one.value:+.0%} ({one.low:+.0%} – {one.high:+.0%})"

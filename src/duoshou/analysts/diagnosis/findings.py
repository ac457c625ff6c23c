"""From a trouble to a finding that a person reads: words, money, causes, evidence, what to do, what cannot be told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from msgspec import Struct

from duoshou.analysts.diagnosis.money import Loss
from duoshou.analysts.diagnosis.places import Where
from duoshou.analysts.diagnosis.troubles import TOLD_WEIGHT, Trouble
from duoshou.analysts.diagnosis.watched import Feature, read_data, watched_subjects
from duoshou.model import (
    Cause,
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Impact,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.model.numbers import cents

SURE, POSSIBLE = 0.8, 0.5
"""Weight of the likeliest cause from which on it is named without, or with, a doubt."""
STRONG = 3.0
UNTOLD = "unexplained"
PLACES = "where"


class CauseWords(Struct, frozen=True, forbid_unknown_fields=True):
    """How a cause is told."""

    name: Text
    headline: Text
    action: Text
    role: Role
    why: Text
    effort: str


class _Wording(Struct, frozen=True, forbid_unknown_fields=True):
    cause: dict[str, CauseWords]


@cache
def cause_words() -> Mapping[str, CauseWords]:
    """Return cause → words."""
    wording: _Wording = read_data("wording.toml", _Wording)
    return wording.cause


class Event(Struct, frozen=True):
    """An entry of the event ledger.

    Attributes:
        id: Its id.
        kind: What was changed.
        subject: Key of what it was changed on.
        day: When.
        note: What a person reads of it.
    """

    id: str
    kind: str
    subject: str
    day: date
    note: str


def finding_of(
    trouble: Trouble,
    loss: Loss | None,
    *,
    name: str,
    currency: str,
    horizon: int,
    events: Sequence[Event] = (),
    members: Sequence[Trouble] = (),
    where: Where | None = None,
) -> Finding:
    """Return the finding that tells a person of a trouble.

    Args:
        trouble: What was found.
        loss: Its money, where known.
        name: Name of the subject for people.
        currency: Currency of the money.
        horizon: Days over which the money at stake is stated.
        events: Entries of the ledger on the subject around the start.
        members: Troubles of other subjects that are one with this.
        where: Where a trouble of the whole shop sits.
    """
    words = cause_words()[trouble.cause.key]
    return Finding(
        kind=f"diagnosis.{trouble.type}",
        subject=Subject(trouble.type, trouble.name or "shop", name),
        period=Period(trouble.start, trouble.day),
        detected_on=trouble.day,
        headline=_headline(trouble, loss, words, name, currency),
        confidence=_confidence(trouble),
        impact=_impact(loss, currency, horizon) if loss and loss.is_told else None,
        causes=_causes(trouble, events),
        evidence=(*_evidence(trouble, loss, events, members), *_place_evidence(where)),
        recommendations=(Recommendation(words.action, words.role, words.why, _expected(loss), words.effort),),
        caveats=(*_caveats(trouble, loss), *_place_caveats(where)),
    )


def _confidence(trouble: Trouble) -> Confidence:
    weight = trouble.causes[0][1]
    if weight >= SURE:
        return Confidence.LIKELY
    return Confidence.POSSIBLE if weight >= POSSIBLE else Confidence.CANNOT_TELL


def _headline(trouble: Trouble, loss: Loss | None, words: CauseWords, name: str, currency: str) -> Text:
    move = _main_move(trouble)
    start = f"{trouble.start.month}月{trouble.start.day}日"
    zh = words.headline.zh.format(subject=name, start=start, days=trouble.days, move=move.zh)
    en = words.headline.en.format(subject=name, start=trouble.start.isoformat(), days=trouble.days, move=move.en)
    if loss is None or loss.holds_nothing:
        return Text(zh, en)
    amount, lost = f"{abs(loss.amount):,.0f}", loss.amount > 0
    unit = "元" if currency == "CNY" else currency
    return Text(
        f"{zh}，{trouble.days} 天{'少赚' if lost else '多赚'}约 {amount} {unit}",
        f"{en}; about {amount} {currency} of contribution {'lost' if lost else 'gained'} in {trouble.days} days",
    )


def _main_move(trouble: Trouble) -> Text:
    """Return how far the feature that tells most of the likeliest cause moved."""
    loads = trouble.cause.loads
    moved = [key for key in loads if key in trouble.moves]
    if not moved:
        return Text("异常", "moved")
    key = max(moved, key=lambda one: abs(loads[one]) * abs(trouble.moves[one][1]))
    return move_text(feature_of(trouble.type, key), trouble.moves[key][0])


def move_text(feature: Feature, move: float) -> Text:
    """Return a move in words: a percentage, or points for a feature that moves by its difference."""
    if feature.absolute:
        points = f"{abs(move) * 100:.0f}"
        return Text(
            f"{'上升' if move > 0 else '下降'} {points} 个百分点",
            f"{'rose' if move > 0 else 'fell'} by {points} points",
        )
    share = math.expm1(move)
    size = f"{abs(share):.0%}"
    return Text(f"{'上升' if share > 0 else '下降'} {size}", f"{'rose' if share > 0 else 'fell'} by {size}")


@cache
def feature_of(type_: str, key: str) -> Feature:
    """Return a feature by its key."""
    (subject,) = (one for one in watched_subjects() if one.type == type_)
    return next(one for one in subject.feature if one.key == key)


def _impact(loss: Loss, currency: str, horizon: int) -> Impact:
    scale = horizon / loss.days
    lost = loss.amount > 0
    zh = f"照此下去 {horizon} 天{'少赚' if lost else '多赚'}的贡献毛利，按 {loss.start} 至 {loss.end} 的日均推算"
    en = (
        f"contribution {'lost' if lost else 'gained'} in {horizon} days at the daily mean of {loss.start} to {loss.end}"
    )
    if loss.margin.imputed:
        zh += f"；成本未知，按毛利率 {loss.margin.rate:.0%} 估"
        en += f"; costs are not known, a margin of {loss.margin.rate:.0%} is assumed"
    elif loss.margin.partial:
        zh += "；平台费用、运费或包装不全，只扣了已知的成本"
        en += "; fees, freight or packaging are not wholly known: what is known is taken off"
    return Impact(cents(loss.amount * scale), currency, cents(loss.low * scale), cents(loss.high * scale), Text(zh, en))


def _causes(trouble: Trouble, events: Sequence[Event]) -> tuple[Cause, ...]:
    found = []
    for cause, weight in trouble.causes:
        if weight < TOLD_WEIGHT:
            continue
        told = tuple(f"event:{one.id}" for one in events if one.kind in cause.events)
        found.append(
            Cause(cause.key, Subject(trouble.type, trouble.name or "shop", ""), None, weight, ("moves", *told))
        )
    return tuple(found)


def _expected(loss: Loss | None) -> Text | None:
    if loss is None or loss.low <= 0:
        return None
    a_day = f"{loss.per_day:,.0f}"
    return Text(f"恢复正常后每天约多赚 {a_day}", f"about {a_day} a day once it is as usual again")


def _evidence(
    trouble: Trouble, loss: Loss | None, events: Sequence[Event], members: Sequence[Trouble]
) -> tuple[Evidence, ...]:
    rows = tuple(
        (
            feature_of(trouble.type, key).title.zh,
            feature_of(trouble.type, key).title.en,
            round(move, 4),
            round(score, 1),
        )
        for key, (move, score) in sorted(trouble.moves.items(), key=lambda one: -abs(one[1][1]))
    )
    moves = Evidence(
        "moves",
        EvidenceType.TABLE,
        Text(
            "各指标相对预期的变化（对数），与平时波动的倍数",
            "moves against expectation (logarithms), and in standard deviations",
        ),
        ("feature_zh", "feature_en", "move", "score"),
        rows,
    )
    named = tuple(
        (cause_words()[cause.key].name.zh, cause_words()[cause.key].name.en, round(weight, 3))
        for cause, weight in trouble.causes
        if weight >= TOLD_WEIGHT and cause.key in cause_words()
    )
    causes = Evidence(
        "causes",
        EvidenceType.TABLE,
        Text("各原因的可能性（只在列出的原因之间比较）", "weights of the causes, among those that were compared"),
        ("cause_zh", "cause_en", "weight"),
        named,
    )
    told = [moves, causes]
    if loss is not None and loss.is_told:
        told.append(
            Evidence(
                "loss",
                EvidenceType.TABLE,
                Text("到今天为止少赚的贡献毛利，90% 区间", "contribution lost so far, with its 90 % interval"),
                ("from", "to", "amount", "low", "high"),
                (
                    (
                        loss.start.isoformat(),
                        loss.end.isoformat(),
                        str(cents(loss.amount)),
                        str(cents(loss.low)),
                        str(cents(loss.high)),
                    ),
                ),
            )
        )
    told += [
        Evidence(f"event:{one.id}", EvidenceType.TEXT, Text(one.note, one.note), (), ((one.day.isoformat(), one.kind),))
        for one in events
    ]
    if members:
        told.append(
            Evidence(
                "members",
                EvidenceType.TABLE,
                Text("同一件事的其他信号", "other signals of the same trouble"),
                ("type", "subject", "cause", "from"),
                tuple((one.type, one.name, one.cause.key, one.start.isoformat()) for one in members),
            )
        )
    return tuple(told)


def _place_evidence(where: Where | None) -> tuple[Evidence, ...]:
    """Return the places of a move as a table; none where no place is told."""
    if where is None or not where.spots or where.split is None:
        return ()
    title = Text(
        f"{where.what.zh}变在哪里（按{where.split.zh}，互不重叠；{where.verdict.zh}）",
        f"where {where.what.en} moved (by {where.split.en}, not overlapping; {where.verdict.en})",
    )
    rows = tuple(
        (one.name.zh, one.name.en, round(one.actual, 4), round(one.expected, 4), round(one.share, 3))
        for one in where.spots
    )
    return (Evidence(PLACES, EvidenceType.TABLE, title, ("place_zh", "place_en", "actual", "expected", "part"), rows),)


def _place_caveats(where: Where | None) -> tuple[Text, ...]:
    """Return that the place of a move is not known, or not all of it."""
    if where is None or (where.spots and not where.outside):
        return ()
    split = Text("", "") if where.split is None else Text(f"，按{where.split.zh}看", f", by {where.split.en}")
    return (Text(f"{where.what.zh}{split.zh}：{where.verdict.zh}", f"{where.what.en}{split.en}: {where.verdict.en}"),)


def _caveats(trouble: Trouble, loss: Loss | None) -> tuple[Text, ...]:
    caveats = [
        Text(
            "这是时间上的吻合，不是证明；验证要看恢复后的变化或做测试",
            "this coincides in time and proves nothing; what follows the repair, or a test, tells",
        )
    ]
    if trouble.causes[0][1] < SURE:
        others = [cause for cause, weight in trouble.causes[:3] if weight >= TOLD_WEIGHT and cause.key in cause_words()]
        caveats.append(
            Text(
                "现有数据分不清：" + "、".join(cause_words()[one.key].name.zh for one in others),
                "the data at hand cannot tell apart: " + ", ".join(cause_words()[one.key].name.en for one in others),
            )
        )
    if trouble.unseen:
        caveats.append(
            Text(
                "期间含店铺没有经历过的节日阶段，预期更不准",
                "a phase of the calendar that the shop never lived through lies in these days",
            )
        )
    if loss is None:
        caveats.append(Text("没有能算钱的数据", "no data to put money on it"))
    elif loss.holds_nothing:
        caveats.append(Text("到今天为止的金额和 0 分不开", "the money so far cannot be told from nothing"))
    if loss is not None and loss.is_told and loss.margin.imputed:
        rate = f"{loss.margin.rate:.0%}"
        caveats.append(
            Text(
                f"成本未知，金额按毛利率 {rate} 估（设置 diagnosis.assumed_margin_rate）；导入成本后按实际计算",
                f"costs are not known: the money assumes a margin of {rate} (setting diagnosis.assumed_margin_rate); "
                "imported costs replace it",
            )
        )
    return tuple(caveats)

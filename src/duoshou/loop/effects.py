"""Measured effects as they are kept: one for each thing that was done, as of the last time it was measured."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, String, case, cast, func, select, type_coerce

from duoshou.loop.effect_words import CAVEATS, METHODS, VERDICTS
from duoshou.loop.errors import UnknownEffect
from duoshou.loop.tasks import mark_evaluated
from duoshou.model import Period, Source, Subject, Verdict, plain
from duoshou.state import State
from duoshou.state.audit import MOMENT, AuditedSession
from duoshou.state.columns import storable_amount
from duoshou.state.content import clean, storable
from duoshou.state.loop_models import EffectRow

__all__ = [
    "CAVEATS",
    "METHODS",
    "VERDICTS",
    "Measured",
    "Totals",
    "effect_id",
    "effect_named",
    "effect_of",
    "last_kept",
    "list_effects",
    "record_effects",
    "totals",
]

MOST_LISTED = 1000
ALONE = "interrupted_series"
"""Method that holds a subject against its own past."""
_READABLE = re.compile(r"[0-9A-Za-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Measured:
    """What something that was done brought.

    Attributes:
        source: What it is the effect of.
        source_id: Number of the task, change or test, or key of the campaign.
        subject: What it concerns.
        metric: Key of the metric that was to move.
        window: Days over which it is judged.
        method: How it was found, a key of `METHODS`.
        verdict: What the interval says.
        currency: Of the amounts.
        measured_on: Last day of data it rests on.
        is_final: Whether later data change nothing any more.
        cause: Kind of the cause that the task answered.
        action: Key of the playbook's entry.
        amount: Contribution gained over the window, net of what was taken from elsewhere; None: cannot be told.
        low: Lower end of its interval.
        high: Upper end.
        relative: Effect on the metric as a fraction of what would have been; None: cannot be told.
        relative_low: Lower end of its interval.
        relative_high: Upper end.
        caveats: Keys of `CAVEATS`.
        content: The rest as JSON: days with what was expected, guards, what was taken from elsewhere.
        id: Made of the source, so that measuring again replaces it.
    """

    source: Source
    source_id: str
    subject: Subject
    metric: str
    window: Period
    method: str
    verdict: Verdict
    currency: str
    measured_on: date
    is_final: bool
    cause: str | None = None
    action: str | None = None
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None
    caveats: tuple[str, ...] = ()
    content: dict[str, Any] = field(default_factory=dict)
    id: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", effect_id(self.source, self.source_id))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape of section 9 of the design, and the rest beside it."""
        shape: dict[str, Any] = plain(self)
        return {"estimate": shape.pop("amount"), **shape}


@dataclass(frozen=True, slots=True)
class Totals:
    """What everything that was measured brought together; nothing is left out because it is unfavourable.

    Attributes:
        amount: Sum of the amounts that can be told; None where none can.
        low: Lower end of its interval.
        high: Upper end.
        currency: Of the amounts; None where there are none.
        measured: How many amounts are in the sum.
        unmeasured: How many effects have no amount in it.
        verdicts: How many effects there are of each verdict.
    """

    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    currency: str | None
    measured: int
    unmeasured: int
    verdicts: Mapping[Verdict, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {**plain(self), "verdicts": {one.value: self.verdicts[one] for one in Verdict}}


def effect_id(source: Source, source_id: str) -> str:
    """Return the id of the effect of something; it can stand in an address."""
    name = source_id if _READABLE.fullmatch(source_id) else hashlib.sha256(source_id.encode()).hexdigest()[:16]
    return f"{source.value}-{name}"


def record_effects(state: State, shop: str, measured: Sequence[Measured], *, by: str) -> None:
    """Keep effects in the place of those measured before; a task whose effect is final becomes evaluated.

    What is the same as before is not written, and what is final is not replaced by what is not.

    Raises:
        UnknownTask: If one is the effect of a task that the shop does not have.
    """
    if not measured:
        return
    with state.writing(by, shop) as session:
        for one in measured:
            if _keep(session, shop, one) and one.is_final and one.source is Source.TASK:
                mark_evaluated(session, shop, int(one.source_id), by=by, note=one.verdict.value)


def list_effects(
    state: State,
    shop: str,
    *,
    verdict: Verdict | None = None,
    action: str | None = None,
    source: Source | None = None,
    subject: tuple[str, str] | None = None,
    limit: int = 200,
    offset: int = 0,
) -> tuple[tuple[Measured, ...], int]:
    """Return a page of the effects of a shop, the latest window first, and how many there are in all."""
    tests = [EffectRow.shop == shop]
    if verdict is not None:
        tests.append(EffectRow.verdict == verdict.value)
    if action is not None:
        tests.append(EffectRow.action == action)
    if source is not None:
        tests.append(EffectRow.source == source.value)
    if subject is not None:
        tests += [EffectRow.subject_type == subject[0], EffectRow.subject_id == subject[1]]
    query = (
        select(EffectRow)
        .where(*tests)
        .order_by(EffectRow.window_to.desc(), EffectRow.id)
        .limit(min(limit, MOST_LISTED))
        .offset(offset)
    )
    with state.reading() as session:
        total = session.scalar(select(func.count()).select_from(EffectRow).where(*tests)) or 0
        return tuple(map(_measured, session.scalars(query))), total


def effect_of(state: State, shop: str, source: Source, source_id: str) -> Measured | None:
    """Return the effect of something, or None where it is not measured."""
    query = select(EffectRow).filter_by(shop=shop, source=source.value, source_id=clean(source_id))
    with state.reading() as session:
        row = session.scalars(query).first()
        return None if row is None else _measured(row)


def effect_named(state: State, shop: str, effect_id: str) -> Measured:
    """Return an effect by its id.

    Raises:
        UnknownEffect: If the shop has no such effect.
    """
    with state.reading() as session:
        row = session.get(EffectRow, (shop, effect_id))
        if row is None:
            raise UnknownEffect(shop, effect_id)
        return _measured(row)


def last_kept(state: State, shop: str) -> tuple[int, datetime | None]:
    """Return how many effects of a shop there are, and when one was kept last: the same means the same totals."""
    query = select(func.count(), func.max(EffectRow.measured_at)).where(EffectRow.shop == shop)
    with state.reading() as session:
        count, moment = session.execute(query).one()
        return count, moment


def totals(state: State, shop: str) -> Totals:
    """Return what everything that was measured in a shop brought together.

    Effects are added as independent, so their uncertainty adds in squares; but those of the same subject whose windows
    overlap, and those without donors whose windows overlap, share the same chance and are added as dependent, which is
    wider. An amount in another currency than most is not in the sum but counted as unmeasured.
    """
    with state.reading() as session:
        counted = session.execute(
            select(EffectRow.verdict, func.count()).where(EffectRow.shop == shop).group_by(EffectRow.verdict)
        ).all()
        amounts = (func.count().label("effects"), func.sum(EffectRow.amount).label("amount"))
        sums = session.execute(
            select(EffectRow.currency, *amounts).where(*_told(shop)).group_by(EffectRow.currency)
        ).all()
        most = max(sums, key=lambda one: (one.effects, one.currency), default=None)
        squares = (0.0, 0.0) if most is None else _squares(session.execute(_reaches(shop, most.currency)))
    verdicts = Counter({Verdict(verdict): count for verdict, count in counted})
    counts = {one: verdicts[one] for one in Verdict}
    if most is None:
        return Totals(None, None, None, None, 0, verdicts.total(), counts)
    # Where the database keeps hundredths, the squares are of hundredths.
    unit = 0.01 if state.is_sqlite else 1.0
    below, above = (Decimal(str(round(unit * math.sqrt(one), 2))) for one in squares)
    left = verdicts.total() - most.effects
    return Totals(most.amount, most.amount - below, most.amount + above, most.currency, most.effects, left, counts)


def _told(shop: str) -> list[ColumnElement[bool]]:
    amounts = (EffectRow.amount, EffectRow.low, EffectRow.high)
    return [EffectRow.shop == shop, *(column.is_not(None) for column in amounts)]


def _reaches(shop: str, currency: str) -> Select[Any]:
    """Return the question for how far each amount reaches below and above, with its days, by what shares its chance.

    Days are compared and nothing else, so they are taken as the database keeps them.
    """
    alone = EffectRow.method == ALONE
    shared = [case((alone, ""), else_=column) for column in (EffectRow.subject_type, EffectRow.subject_id)]
    days = [type_coerce(column, String) for column in (EffectRow.window_from, EffectRow.window_to)]
    reaches = (cast(EffectRow.amount - EffectRow.low, Float), cast(EffectRow.high - EffectRow.amount, Float))
    asked = select(*shared, *days, *reaches).where(*_told(shop), EffectRow.currency == currency)
    return asked.order_by(*shared, *days)


def _squares(rows: Iterable[Any]) -> tuple[float, float]:
    """Return the sums of squares of what lies below and above; what shares its chance is added before it is squared."""
    islands: list[list[float]] = []
    key, until = None, None
    for kind, subject, first, last, below, above in rows:
        if (kind, subject) == key and first <= until:
            islands[-1][0] += below
            islands[-1][1] += above
            until = max(until, last)
        else:
            islands.append([below, above])
            key, until = (kind, subject), last
    return sum(below**2 for below, _ in islands), sum(above**2 for _, above in islands)


def _keep(session: AuditedSession, shop: str, one: Measured) -> bool:
    """Write an effect and return whether it stands now as it was given."""
    row = session.get(EffectRow, (shop, one.id))
    values = _values(one)
    if row is None:
        session.add(EffectRow(shop=shop, id=one.id, measured_at=session.info[MOMENT], **values))
    elif row.is_final and not one.is_final:
        return False
    elif any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.measured_at = session.info[MOMENT]
    session.flush()
    return True


def _values(one: Measured) -> dict[str, Any]:
    amounts = [storable_amount(value) for value in (one.amount, one.low, one.high)]
    amount, low, high = amounts if None not in amounts else (None, None, None)
    return {
        "source": one.source.value,
        "source_id": clean(one.source_id),
        "cause": one.cause,
        "action": one.action,
        "subject_type": one.subject.type,
        "subject_id": clean(one.subject.id),
        "subject_name": clean(one.subject.name),
        "metric": one.metric,
        "window_from": one.window.start,
        "window_to": one.window.end,
        "method": one.method,
        "verdict": one.verdict.value,
        "amount": amount,
        "low": low,
        "high": high,
        "currency": one.currency,
        "relative": _finite(one.relative),
        "relative_low": _finite(one.relative_low),
        "relative_high": _finite(one.relative_high),
        "measured_on": one.measured_on,
        "is_final": one.is_final,
        "caveats": list(one.caveats),
        "content": storable(plain(one.content)),
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _measured(row: EffectRow) -> Measured:
    return Measured(
        source=Source(row.source),
        source_id=row.source_id,
        subject=Subject(row.subject_type, row.subject_id, row.subject_name),
        metric=row.metric,
        window=Period(row.window_from, row.window_to),
        method=row.method,
        verdict=Verdict(row.verdict),
        currency=row.currency,
        measured_on=row.measured_on,
        is_final=row.is_final,
        cause=row.cause,
        action=row.action,
        amount=row.amount,
        low=row.low,
        high=row.high,
        relative=row.relative,
        relative_low=row.relative_low,
        relative_high=row.relative_high,
        caveats=tuple(row.caveats),
        content=row.content,
        id=row.id,
    )

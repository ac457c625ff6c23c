"""What a day's diagnosis could not judge, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.reading import FeatureSeries, Shop, SubjectSeries
from duoshou.analysts.diagnosis.scan import YOUNG, Scan, born
from duoshou.analysts.diagnosis.watched import Feature, WatchedSubject
from duoshou.model import Text, Unjudged, Untold

ALL = "diagnosis"
"""Family of everything that the diagnosis finds."""
NOTHING = Text("没有数据，相关的变化看不到", "no data, their changes cannot be seen")
"""What no file tells."""
RECENT = 28
"""Days within which a subject must have done something to be missed, and within which faulty days are named."""
HABIT = 90
"""Days that tell how long a series is usually without a value: a shop may close on Sundays."""
NAMED_DAYS = 4
ORDER = (
    Untold.FAULT,
    Untold.LATE,
    Untold.SHORT_HISTORY,
    Untold.FESTIVAL,
    Untold.PROVISIONAL,
    Untold.TOO_FEW,
    Untold.NO_DATA,
)
"""Reasons in the order in which they are told: what somebody can mend today first."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was not judged, before what is alike is said once.

    Attributes:
        kind: Kind of finding concerned.
        title: What it is about.
        reason: Why.
        whole: Whether nothing of the kind was judged.
        why: The reason in words, to follow the title.
    """

    kind: str
    title: Text
    reason: Untold
    whole: bool
    why: Text


@dataclass(frozen=True, slots=True)
class Watch:
    """A kind of subject on the judged day.

    Attributes:
        subject: The kind.
        series: Its series; None where no file tells of it.
        scan: Its judgement; None where there was none.
    """

    subject: WatchedSubject
    series: SubjectSeries | None
    scan: Scan | None

    @property
    def kind(self) -> str:
        """Kind of its findings."""
        return f"{ALL}.{self.subject.type}"


def short_history(days: int, needed: int) -> Unjudged:
    """Return that the whole business cannot be judged yet, `days` after the first."""
    return Unjudged(
        (ALL,),
        Untold.SHORT_HISTORY,
        True,
        Text(
            f"经营情况：历史只有 {days} 天，满 {needed} 天才能判断",
            f"the business: there are only {days} days of history, {needed} are needed to judge it",
        ),
    )


def no_history() -> Unjudged:
    """Return that there is nothing to judge the business by."""
    return Unjudged(
        (ALL,),
        Untold.NO_DATA,
        True,
        Text(
            "经营情况：没有订单，也没有店铺日数据，不能判断",
            "the business: there are neither orders nor daily figures of the shop, so nothing can be judged",
        ),
    )


def ended(day: date) -> Text:
    """Return that data end on a day."""
    return Text(f"数据只到 {day}，之后的日子没有判断", f"the data end on {day}, later days are not judged")


def merged(notes: Sequence[Note]) -> tuple[Unjudged, ...]:
    """Return what was not judged, what has the same reason said once."""
    alike: dict[tuple[Untold, bool, Text], list[Note]] = {}
    for one in notes:
        alike.setdefault((one.reason, one.whole, one.why), []).append(one)
    told = []
    for (reason, whole, why), same in alike.items():
        titles = list(dict.fromkeys(one.title for one in same))
        zh, en = "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
        kinds = tuple(dict.fromkeys(one.kind for one in same))
        told.append(Unjudged(kinds, reason, whole, Text(f"{zh}：{why.zh}", f"{en}: {why.en}")))
    return tuple(sorted(told, key=lambda one: (ORDER.index(one.reason), not one.whole, one.kinds)))


def notes_of(
    shop: Shop, watches: Sequence[Watch], day: date, *, faulty: Collection[date], sales: NDArray[np.bool_]
) -> list[Note]:
    """Return what the diagnosis of a day left out.

    Args:
        shop: The shop.
        watches: What is watched, as it was judged.
        day: The day.
        faulty: Days whose data have a fault.
        sales: Days of the shop's period that belong to a great sale.
    """
    number = (day - shop.period.start).days
    notes = list(_faults(day, faulty))
    for watch in watches:
        if watch.series is None or watch.scan is None:
            notes.append(Note(watch.kind, watch.subject.title, Untold.NO_DATA, True, NOTHING))
            continue
        if day not in faulty:
            notes += _late(watch, watch.series, number)
        notes += _missing_features(watch, watch.series)
        notes += _by_names(watch, watch.series, watch.scan, number)
        if sales[number] and watch.scan.left_out.all():
            notes.append(Note(watch.kind, watch.subject.title, Untold.FESTIVAL, True, _SALE))
        notes += _provisional(shop, watch, watch.series, day)
    return notes


_SALE = Text(
    "大促期间和刚结束的几天不判断：这样的大促以前没有经历过，没有可比的",
    "not judged in a great sale and the days after: none like it was lived through before, so nothing compares",
)


def _faults(day: date, faulty: Collection[date]) -> Iterator[Note]:
    title = Text("经营情况", "the business")
    if day in faulty:
        why = Text("这一天的数据有问题，没有看这一天", "the data of this day have a fault, so the day was left out")
        yield Note(ALL, title, Untold.FAULT, True, why)
    recent = sorted(one for one in faulty if timedelta(0) < day - one < timedelta(days=RECENT))
    if recent:
        named = [one.isoformat() for one in recent[-NAMED_DAYS:]]
        more = len(recent) - len(named)
        rest = Text(f" 等 {len(recent)} 天", f" and {more} more") if more else Text("", "")
        why = Text(
            f"数据有问题的日子没有参加判断：{'、'.join(named)}{rest.zh}",
            f"days whose data have a fault were left out: {', '.join(named)}{rest.en}",
        )
        yield Note(ALL, title, Untold.FAULT, False, why)


def last_known(values: NDArray[np.float64], number: int) -> int | None:
    """Return the last day up to `number` of which a value is known, where the silence since is longer than usual.

    Args:
        values: Rows × days; NaN where unknown.
        number: The judged day.

    Returns:
        -1 where no day is known; None where nothing is amiss.
    """
    known = np.flatnonzero(np.isfinite(values[:, : number + 1]).any(axis=0))
    if not len(known):
        return -1
    last = int(known[-1])
    before = known[known >= last - HABIT]
    usual = int(np.diff(before).max()) - 1 if len(before) > 1 else 0
    return last if number - last > usual else None


def _late(watch: Watch, series: SubjectSeries, number: int) -> Iterator[Note]:
    """Yield the features whose data end too early, those that end on the same day together."""
    ends: dict[int, list[FeatureSeries]] = {}
    for one in series.features:
        last = last_known(one.values, number)
        if last is not None and last >= 0:
            ends.setdefault(last, []).append(one)
    for last, features in sorted(ends.items()):
        why = ended(series.days[last])
        whole = len(features) == len(series.features)
        title = watch.subject.title if whole else _part(watch, [one.feature for one in features])
        yield Note(watch.kind, title, Untold.LATE, whole, why)


def _part(watch: Watch, features: Sequence[Feature]) -> Text:
    """Return the name of some features of a subject."""
    zh, en = "、".join(one.title.zh for one in features), ", ".join(one.title.en for one in features)
    return Text(f"{watch.subject.title.zh}的{zh}", f"{watch.subject.title.en} ({en})")


def _missing_features(watch: Watch, series: SubjectSeries) -> Iterator[Note]:
    """Yield the features that no file tells; what stands in for another one is not missed."""
    told = {one.feature.key for one in series.features}
    missing = [one for one in watch.subject.feature if one.key not in told and not one.unless]
    if missing:
        yield Note(watch.kind, _part(watch, missing), Untold.NO_DATA, False, NOTHING)


def _by_names(watch: Watch, series: SubjectSeries, scan: Scan, number: int) -> Iterator[Note]:
    """Yield how many subjects are too young, or too small, to be judged each by itself."""
    first = born(series)
    active = _active(series, number)
    young = active & (first <= number) & ~scan.mature
    judged = np.isfinite(scan.moves).any(axis=(1, 2))
    small = active & scan.mature & ~judged
    title, count = watch.subject.title, int(active.sum())
    for chosen, reason, why in (
        (young, Untold.SHORT_HISTORY, Text(f"出现不满 {YOUNG} 天，没有平常水平", f"known for less than {YOUNG} days")),
        (small, Untold.TOO_FEW, Text("发生得太少，看不出变化", "too little happens to tell a change from chance")),
    ):
        if chosen.any():
            some = int(chosen.sum())
            whole = some == count
            named = title if not watch.subject.dimension else Text(f"{some} 个{title.zh}", f"{some} × {title.en}")
            yield Note(watch.kind, named, reason, whole, why)


def _active(series: SubjectSeries, number: int) -> NDArray[np.bool_]:
    """Return which subjects did anything of late."""
    days = slice(max(number - RECENT + 1, 0), number + 1)
    active = np.zeros(len(series.names), dtype=np.bool_)
    for one in series.features:
        base = one.values if one.exposure is None else one.exposure
        active |= (np.isfinite(base[:, days]) & (base[:, days] != 0)).any(axis=1)
    return active


def _provisional(shop: Shop, watch: Watch, series: SubjectSeries, day: date) -> Iterator[Note]:
    """Yield the features whose figures of the day may still change."""
    own = () if watch.subject.dimension is None else (watch.subject.dimension,)
    young: dict[int, list[Feature]] = {}
    for one in series.features:
        settles = _settles(shop, one.feature, own, day)
        if settles:
            young.setdefault(settles, []).append(one.feature)
    for days, features in young.items():
        why = Text(
            f"这些数要 {days} 天才定下来，最近几天的只是暂定",
            f"these figures take {days} days to settle, so those of the last days are provisional",
        )
        yield Note(watch.kind, _part(watch, features), Untold.PROVISIONAL, False, why)


def _settles(shop: Shop, feature: Feature, own: tuple[str, ...], day: date) -> int:
    """Return the days that the figures of a feature take to settle, where those of `day` have not; else 0."""
    split = (*own, feature.part.dimension) if feature.part else own
    asked: Mapping[str, tuple[str, ...]] = {feature.metric: split, **({feature.over: own} if feature.over else {})}
    longest = 0
    for metric, by in asked.items():
        panel = shop.panel(metric, by)
        if panel is not None and day in panel.unsettled.get(metric, ()):
            longest = max(longest, shop.catalogue.metrics[metric].maturity_days)
    return longest

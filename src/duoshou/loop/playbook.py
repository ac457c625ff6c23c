"""What to do about a cause: the playbook's entries as this shop's own tries have corrected them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import msgspec

from duoshou.loop.entries import Book, Entry, Prior, load_playbook, shipped_book, told_causes
from duoshou.loop.experience import NO_TRIES, Tries, tries_of
from duoshou.model import Impact, Text, plain
from duoshou.model.numbers import cents
from duoshou.state import State
from duoshou.statistics.pooling import Pooled, pool, standard_error

__all__ = [
    "Advice",
    "Book",
    "Entry",
    "EntryStanding",
    "Prior",
    "advice",
    "advice_on",
    "load_playbook",
    "shipped_book",
    "standing",
    "told_causes",
]

LEVEL = 0.95
REACH = NormalDist().inv_cdf((1 + LEVEL) / 2)
"""Standard errors to each side of an interval."""
IMPACT_LEVEL = 0.9
"""Coverage of the interval of the money at stake."""
DONE_BEFOREHAND = (4.0, 1.0)
"""Tasks done and declined that are believed of an entry beforehand: four of five are done."""
LEAST_ERROR = 0.005
"""Standard error of a measured effect below which none is believed."""


@dataclass(frozen=True, slots=True)
class EntryStanding:
    """How an entry stands in a shop.

    Attributes:
        entry: The entry.
        tries: What became of it here.
        effect: Relative change of its metric that it brings, prior and tries together, with a 95 % interval.
    """

    entry: Entry
    tries: Tries
    effect: Pooled

    @property
    def helps(self) -> float:
        """Probability that it moves its metric the way it should."""
        return self.effect.positive if self.entry.direction > 0 else 1 - self.effect.positive

    @property
    def is_done(self) -> float:
        """Share of its tasks that are done rather than declined, shrunk towards four of five."""
        done, declined = DONE_BEFOREHAND
        return (done + self.tries.tried) / (done + declined + self.tries.tried + self.tries.declined)

    @property
    def told(self) -> Text:
        """How often it was tried here and how often it worked."""
        one = self.tries
        if not one.tried:
            zh, en = "在本店还没试过", "not tried in this shop yet"
        else:
            zh, en = (
                f"在本店试过 {one.tried} 次，{one.worked} 次有效",
                f"tried {one.tried} times here, worked {one.worked}",
            )
            parts = (
                (one.did_not, "无效", "without effect"),
                (one.harmed, "有害", "harmful"),
                (one.cannot_tell, "不能判断", "cannot be told"),
            )
            zh += "".join(f"，{count} 次{word}" for count, word, _ in parts if count)
            en += "".join(f", {count} {word}" for count, _, word in parts if count)
        if one.declined:
            zh, en = f"{zh}；{one.declined} 次没有做", f"{en}; declined {one.declined} times"
        return Text(zh, en)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "entry": {**msgspec.to_builtins(self.entry), "owner_role": self.entry.role.value},
            "tries": {key: value for key, value in plain(self.tries).items() if key != "effects"},
            "effect": plain(self.effect),
            "helps": self.helps,
            "told": plain(self.told),
        }


@dataclass(frozen=True, slots=True)
class Advice:
    """An entry as advice on a cause.

    Attributes:
        standing: The entry, its tries and its effect.
        causes: Kinds of the causes that it answers here, the likeliest first.
        chance: Probability that one of them is at work.
        money: What it may be expected to win back of the money at stake, over the same days, the chance counted;
            None where no money is known.
        hours: Hours of work.
        rank: What advice is ordered by: money that may be expected for an hour of work, or where no money is known
            the share of it.
    """

    standing: EntryStanding
    causes: tuple[str, ...]
    chance: float
    money: Impact | None
    hours: float
    rank: float

    @property
    def entry(self) -> Entry:
        """The entry."""
        return self.standing.entry

    @property
    def tried(self) -> int:
        """How often it was tried in the shop."""
        return self.standing.tries.tried

    @property
    def worked(self) -> int:
        """How often it worked."""
        return self.standing.tries.worked

    @property
    def mean(self) -> float:
        """Relative change of its metric that may be expected."""
        return self.standing.effect.mean

    @property
    def low(self) -> float:
        """Lower end of its interval."""
        return self.standing.effect.low

    @property
    def high(self) -> float:
        """Upper end of its interval."""
        return self.standing.effect.high

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            **self.standing.to_dict(),
            "causes": list(self.causes),
            "chance": self.chance,
            "money": plain(self.money),
            "hours": self.hours,
        }


def advice(book: Book, state: State, shop: str, cause: str, at_stake: Impact | None) -> tuple[Advice, ...]:
    """Return the entries that answer a cause, those that bring most money for an hour of work first.

    Args:
        book: The playbook.
        state: Where the shop's tries are kept.
        shop: Key of the shop.
        cause: Kind of the cause.
        at_stake: Money at stake as the finding tells it; None: unknown.
    """
    return advice_on(book, state, shop, {cause: 1.0}, at_stake)


def advice_on(
    book: Book, state: State, shop: str, causes: Mapping[str, float], at_stake: Impact | None
) -> tuple[Advice, ...]:
    """Return the entries that answer any of several causes, each weighted by the probability that its cause is at work.

    The money that may be expected is the money at stake × the probability of the cause × `recovers` × (effect of the
    entry ÷ the prior's mean), at most all of it: money follows the metric in proportion. Its interval holds the
    uncertainty of the money at stake and of the effect. Entries are ordered by that money × the share of their tasks
    that get done ÷ hours.
    """
    chances: dict[str, list[tuple[float, str]]] = {}
    for cause, chance in causes.items():
        for entry in book.answers(cause):
            chances.setdefault(entry.key, []).append((chance, cause))
    tries = tries_of(state, shop, tuple(chances))
    found = []
    for key, answered in chances.items():
        entry = book.entries[key]
        answered.sort(key=lambda one: -one[0])
        chance = min(sum(one for one, _ in answered), 1.0)
        stand = _standing(entry, tries.get(key, NO_TRIES))
        found.append(_advised(stand, tuple(cause for _, cause in answered), chance, at_stake, book.hours[entry.effort]))
    return tuple(sorted(found, key=lambda one: -one.rank))


def standing(book: Book, state: State, shop: str) -> tuple[EntryStanding, ...]:
    """Return how every entry stands in a shop, in the order of the playbook."""
    tries = tries_of(state, shop, tuple(book.entries))
    return tuple(_standing(entry, tries.get(key, NO_TRIES)) for key, entry in book.entries.items())


def _standing(entry: Entry, tries: Tries) -> EntryStanding:
    told = [one for one in tries.effects if one.metric == entry.metric and one.is_separable]
    known = [(one.relative, one.low, one.high) for one in told]
    values = [value for value, _, _ in known]
    errors = [max(standard_error(low, high, LEVEL), LEAST_ERROR) for _, low, high in known]
    prior = entry.prior
    effect = pool(values, errors, prior_mean=prior.mean, prior_sd=prior.sd, between=prior.sd, level=LEVEL)
    return EntryStanding(entry, replace(tries, informed=len(known)), effect)


def _advised(
    stand: EntryStanding, causes: tuple[str, ...], chance: float, at_stake: Impact | None, hours: float
) -> Advice:
    entry, effect = stand.entry, stand.effect
    unit = entry.recovers / entry.prior.mean
    share = min(unit * effect.mean, 1.0)
    stake = _stake(entry, at_stake)
    if stake is None or at_stake is None:
        return Advice(stand, causes, chance, None, hours, chance * share * stand.is_done / hours)
    amount, error = (chance * one for one in stake)
    spread = abs(unit) * standard_error(effect.low, effect.high, LEVEL)
    mean = amount * share
    sd = math.sqrt((amount * spread) ** 2 + (share * error) ** 2 + (spread * error) ** 2)
    half = REACH * sd
    money = Impact(cents(mean), at_stake.currency, cents(mean - half), cents(mean + half), _basis(at_stake))
    return Advice(stand, causes, chance, money, hours, mean * stand.is_done / hours)


def _stake(entry: Entry, at_stake: Impact | None) -> tuple[float, float] | None:
    """Return the money at stake and its standard error; None where there is none that the entry could win."""
    if at_stake is None:
        return None
    amount = float(at_stake.amount)
    if amount <= 0 and not entry.keeps_gain:
        return None
    return abs(amount), standard_error(float(at_stake.low), float(at_stake.high), IMPACT_LEVEL)


def _basis(at_stake: Impact) -> Text:
    return Text(f"预计能挽回的部分（{at_stake.basis.zh}）", f"the part that may be won back ({at_stake.basis.en})")

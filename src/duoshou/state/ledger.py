"""What the state knows of the findings that a day may concern."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from duoshou.state.models import DayRun, DecisionRow, FindingDay, FindingRow
from duoshou.state.standing import Action, Decision, Run, Standing, standing

# SQLite takes at most 32,766 values in one statement.
KEYS_AT_ONCE = 5000


@dataclass(slots=True)
class Ledger:
    """Findings of one shop with all that decides where they stand.

    Attributes:
        shop: Key of the shop.
        day: The day at hand.
        runs: Every day that was run, in order.
        rows: The findings by id.
        found: By id, the days on which it was found.
        decisions: By id, what was decided, in order.
    """

    shop: str
    day: date
    runs: list[Run]
    rows: dict[str, FindingRow]
    found: defaultdict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    decisions: defaultdict[str, list[Decision]] = field(default_factory=lambda: defaultdict(list))

    @property
    def last_day(self) -> date:
        """The last day that was run."""
        return self.runs[-1].day

    def replace_run(self, run: Run) -> None:
        """Put a day among those that were run, in place of what was known of it."""
        place = bisect_left(self.runs, run.day, key=lambda one: one.day)
        same = place < len(self.runs) and self.runs[place].day == run.day
        self.runs[place : place + same] = [run]

    def standing(self, finding_id: str, kind: str, as_of: date | None = None) -> Standing | None:
        """Return where a finding stands; see `standing.standing`."""
        return standing(finding_id, kind, self.found[finding_id], self.runs, self.decisions[finding_id], as_of)


def load_ledger(session: Session, shop: str, day: date, ids: Collection[str]) -> Ledger:
    """Return the findings on which the record of `day` may bear, and those that `ids` names.

    A finding that was over before the day, and not found since, stays as it is whatever the day says.
    """
    concerned = or_(FindingRow.closed_on.is_(None), FindingRow.closed_on >= day, FindingRow.last_seen >= day)
    ledger = Ledger(shop, day, runs_of(session, shop), {})
    _load(session, ledger, concerned)
    for part in _parts(sorted(set(ids) - ledger.rows.keys())):
        _load(session, ledger, FindingRow.id.in_(part))
    return ledger


def load_findings(session: Session, shop: str, day: date, ids: Collection[str]) -> Ledger:
    """Return the findings that `ids` names."""
    ledger = Ledger(shop, day, runs_of(session, shop), {})
    for part in _parts(sorted(set(ids))):
        _load(session, ledger, FindingRow.id.in_(part))
    return ledger


def runs_of(session: Session, shop: str) -> list[Run]:
    """Return the days that were run for a shop, in order."""
    query = select(DayRun.day, DayRun.declared_over, DayRun.unjudged).filter_by(shop=shop).order_by(DayRun.day)
    return [Run(day, frozenset(over), tuple(unjudged)) for day, over, unjudged in session.execute(query)]


def _load(session: Session, ledger: Ledger, which: ColumnElement[bool]) -> None:
    mine = FindingRow.shop == ledger.shop
    ledger.rows |= {row.id: row for row in session.scalars(select(FindingRow).where(mine, which))}
    days = (
        select(FindingDay.finding_id, FindingDay.day)
        .join(FindingRow, (FindingDay.shop == FindingRow.shop) & (FindingDay.finding_id == FindingRow.id))
        .where(mine, which)
    )
    for key, found_on in session.execute(days):
        ledger.found[key].add(found_on)
    decisions = (
        select(DecisionRow)
        .join(FindingRow, (DecisionRow.shop == FindingRow.shop) & (DecisionRow.finding_id == FindingRow.id))
        .where(mine, which)
        .order_by(DecisionRow.number)
    )
    for one in session.scalars(decisions):
        ledger.decisions[one.finding_id].append(Decision(Action(one.action), one.on_day, one.until))


def _parts(keys: Sequence[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while part := list(islice(remaining, KEYS_AT_ONCE)):
        yield part

"""Values that rest for days and then are others: price, title, bid, whether a campaign runs. All of it in the engine.

On a day a thing has the value that more than half of its units have. Days of one value follow one another as a run;
runs of fewer than `LEAST_DAYS` days are passing and ignored. Two runs that follow one another with different values are
a change where at least one of them cannot be chance: were the values of all units mixed at random in the shares that
they have over the whole period, a run in which a part `a` of `n` units has a value of share `q` would come about with a
probability of at most exp(-n · KL(a ‖ q)) (Chernoff's bound; for a pure run that is qⁿ), and there are as many places
for it as the thing has runs. `CHANCE` bounds the product. So a thing whose values alternate all the time, such as a
price by quantity, shows no change, and one that was sold three times is not judged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ibis.expr.types import Table

LEAST_DAYS = 3
CHANCE = 0.001
"""Probability that a change is none, for one thing over the period."""
MAJORITY = 0.5


def level_changes(seen: Table, keys: Sequence[str]) -> Table:
    """Return the changes of a value.

    Args:
        seen: Rows of the keys, `day`, `value` and `units` (how much evidence a row is); neither day nor value is null.
        keys: Names of the columns that tell one thing from another.

    Returns:
        Rows of the keys, `day` (first day of the new value), `last_before` (last day of the former), `before`, `after`
        and `units` of the new value's run.
    """
    import ibis

    names = list(keys)
    runs = _collapsed(_runs(_of_days(seen, names), names), names)
    whole: Any = ibis.window(group_by=names)
    order: Any = ibis.window(group_by=names, order_by="day")
    until: Any = runs["start"].lead().over(order).coalesce(runs["whole"])
    runs = runs.mutate(size=(until - runs["start"]).cast("float64"), places=runs.count().over(whole))
    runs = runs.mutate(surprise=_surprise(runs), part=runs["units"].cast("float64") / runs["size"])
    order = ibis.window(group_by=names, order_by="day")
    runs = runs.mutate(
        before=runs["value"].lag().over(order),
        last_before=runs["last"].lag().over(order),
        former=runs["surprise"].lag().over(order),
        former_part=runs["part"].lag().over(order),
    )
    odds: Any = ibis.greatest(runs["surprise"], runs["former"])
    known = runs.filter(
        runs["before"].notnull(),
        runs["part"] > MAJORITY,
        runs["former_part"] > MAJORITY,
        odds >= runs["flips"].cast("float64").ln() - math.log(CHANCE),
    )
    return known.select(*names, "day", "last_before", "before", after=known["value"], units=known["units"])


def _of_days(seen: Table, keys: list[str]) -> Table:
    """Return the value that most units of a thing have on a day, how many there are, and shares over all days."""
    import ibis

    cells = seen.group_by([*keys, "day", "value"]).agg(units=seen["units"].sum())
    on_day: Any = ibis.window(group_by=[*keys, "day"])
    largest: Any = ibis.window(group_by=[*keys, "day"], order_by=[ibis.desc("units"), "value"])
    alike: Any = ibis.window(group_by=[*keys, "value"])
    whole: Any = ibis.window(group_by=keys)
    cells = cells.mutate(
        of_day=cells["units"].sum().over(on_day),
        place=ibis.row_number().over(largest),
        alike=cells["units"].sum().over(alike),
        whole=cells["units"].sum().over(whole),
    )
    days = cells.filter(cells["place"] == 0)
    passed: Any = ibis.cumulative_window(group_by=keys, order_by="day")
    days = days.mutate(start=days["of_day"].sum().over(passed) - days["of_day"])
    return days.filter(days["units"].cast("float64") > MAJORITY * days["of_day"].cast("float64"))


def _runs(days: Table, keys: list[str]) -> Table:
    """Return the runs of days with one value, and how many there are of a thing."""
    import ibis

    order: Any = ibis.window(group_by=keys, order_by="day")
    days = days.mutate(former=days["value"].lag().over(order))
    begins: Any = (days["former"].isnull() | (days["former"] != days["value"])).cast("int64")
    passed: Any = ibis.cumulative_window(group_by=keys, order_by="day")
    days = days.mutate(run=begins.sum().over(passed))
    runs = days.group_by([*keys, "run"]).agg(
        value=days["value"].max(),
        day=days["day"].min(),
        last=days["day"].max(),
        days=days.count(),
        units=days["units"].sum(),
        start=days["start"].min(),
        alike=days["alike"].max(),
        whole=days["whole"].max(),
    )
    whole: Any = ibis.window(group_by=keys)
    return runs.mutate(flips=runs.count().over(whole))


def _collapsed(runs: Table, keys: list[str]) -> Table:
    """Return the lasting runs; those of one value between which only passing ones lie are one."""
    import ibis

    lasting = runs.filter(runs["days"] >= LEAST_DAYS)
    order: Any = ibis.window(group_by=keys, order_by="day")
    lasting = lasting.mutate(former=lasting["value"].lag().over(order))
    begins: Any = (lasting["former"].isnull() | (lasting["former"] != lasting["value"])).cast("int64")
    passed: Any = ibis.cumulative_window(group_by=keys, order_by="day")
    lasting = lasting.mutate(level=begins.sum().over(passed))
    return lasting.group_by([*keys, "level"]).agg(
        value=lasting["value"].max(),
        day=lasting["day"].min(),
        last=lasting["last"].max(),
        units=lasting["units"].sum(),
        start=lasting["start"].min(),
        alike=lasting["alike"].max(),
        whole=lasting["whole"].max(),
        flips=lasting["flips"].max(),
    )


def _surprise(runs: Table) -> Any:
    """Return the negative logarithm of the bound on the probability of each run by chance; 0 where there is none."""
    import ibis

    size: Any = runs["size"]
    part: Any = ibis.least(runs["units"].cast("float64") / size, 1.0)
    share: Any = ibis.least(runs["alike"].cast("float64") / runs["whole"].cast("float64"), 1.0)
    inside: Any = part * (part / share).ln()
    rest: Any = 1.0 - part
    # Where nothing is left the term is 0; the logarithm is still asked for, so it gets something harmless.
    outside: Any = rest * (ibis.greatest(rest, 1e-12) / ibis.greatest(1.0 - share, 1e-12)).ln()
    return ibis.ifelse(part > share, size * (inside + outside), 0.0)

"""Synthetic difference-in-differences against published figures and closed forms."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from duoshou.statistics.effects import synthetic_difference_in_differences
from duoshou.statistics.effects.panel import Array
from duoshou.statistics.effects.synthetic import BoolArray, filled, own_scatter

CIGARETTES = Path(__file__).with_name("california_prop99.csv")


def california() -> tuple[Array, BoolArray, int]:
    """Return packs per head of 39 states, 1970 to 2000, who was treated, and the column of 1989."""
    rows = list(csv.reader(CIGARETTES.open(encoding="utf-8")))
    outcomes = np.array([[float(cell) for cell in row[1:]] for row in rows[1:]]).T
    return (
        outcomes,
        np.array([name == "California" for name in rows[0][1:]]),
        [row[0] for row in rows].index("1989") - 1,
    )


def test_proposition_99_has_the_published_effect() -> None:
    """The estimate is the −15.6 packs of Arkhangelsky et al. (2021, table 1), −15.604 in their program."""
    outcomes, treated, start = california()
    found = synthetic_difference_in_differences(outcomes, treated, start)
    assert found.estimate == pytest.approx(-15.604, abs=0.01)
    # Their figure 1: the days before are weighed 1986, 1987, 1988 at .366, .206, .427.
    assert found.time_weights[-3:] == pytest.approx([0.366, 0.206, 0.427], abs=0.002)
    assert found.gap[start:].mean() == pytest.approx(found.estimate)


def test_parallel_units_give_the_effect_exactly() -> None:
    """Where all units share the same days' effects, levels apart, the effect is found to the last digit."""
    rng = np.random.default_rng(1)
    outcomes = rng.normal(size=(8, 1)) + rng.normal(size=(1, 40))
    outcomes[:2, 30:] += 0.7
    found = synthetic_difference_in_differences(outcomes, np.arange(8) < 2, 30)
    assert found.estimate == pytest.approx(0.7, abs=1e-9)
    assert found.pre_fit == pytest.approx(0, abs=1e-9)


def test_levels_and_common_days_do_not_matter() -> None:
    """A level added to a unit, or an effect added to all units of a day, changes nothing."""
    rng = np.random.default_rng(2)
    outcomes = rng.normal(size=(9, 30))
    treated = np.arange(9) == 4
    plain = synthetic_difference_in_differences(outcomes, treated, 22).estimate
    moved = outcomes + rng.normal(size=(9, 1)) * 5
    assert synthetic_difference_in_differences(moved, treated, 22).estimate == pytest.approx(plain, abs=1e-6)


def test_ignored_days_have_no_say() -> None:
    """What stands in the days that are ignored leaves weights and estimate as they are."""
    rng = np.random.default_rng(3)
    outcomes = rng.normal(size=(9, 30))
    treated, ignore = np.arange(9) == 0, (np.arange(30) >= 18) & (np.arange(30) < 22)
    plain = synthetic_difference_in_differences(outcomes, treated, 22, ignore=ignore)
    outcomes[0, ignore] -= 40
    again = synthetic_difference_in_differences(outcomes, treated, 22, ignore=ignore)
    assert again.estimate == pytest.approx(plain.estimate)
    assert plain.time_weights.sum() == pytest.approx(1)


def test_wild_days_that_all_share_do_not_blunt_the_weights() -> None:
    """With each donor's own scatter a twin among the donors gets half of the weight, however wild the days are."""
    rng = np.random.default_rng(4)
    days = rng.normal(size=(1, 60)) * 3
    waves = np.cumsum(rng.normal(size=(10, 60)), axis=1) * 0.3
    outcomes = days + np.vstack([waves[:1], waves]) + rng.normal(size=(11, 60)) * 0.05
    treated = np.arange(11) == 0
    scatter = own_scatter(outcomes[1:])
    assert scatter == pytest.approx(np.hypot(0.05, 0.3 / np.sqrt(2)), rel=0.35)
    blunt = synthetic_difference_in_differences(outcomes, treated, 50)
    sharp = synthetic_difference_in_differences(outcomes, treated, 50, scatter=scatter)
    assert sharp.unit_weights[0] > 0.4
    assert blunt.unit_weights[0] < 0.2
    assert sharp.pre_fit < blunt.pre_fit


def test_gaps_are_filled_by_level_and_day() -> None:
    """An additive table is restored exactly."""
    table = np.arange(5.0)[:, None] + np.sin(np.arange(20.0))[None, :]
    holes = table.copy()
    holes[1, 3] = holes[4, 19] = holes[2, 0] = np.nan
    assert filled(holes, steps=60) == pytest.approx(table, abs=1e-6)


def test_nothing_to_compare_is_refused() -> None:
    """Without donors, days before or days after there is no estimate."""
    outcomes = np.ones((3, 5))
    for treated, start in (
        (np.ones(3, bool), 3),
        (np.zeros(3, bool), 3),
        (np.arange(3) == 0, 1),
        (np.arange(3) == 0, 5),
    ):
        with pytest.raises(ValueError, match="treated units"):
            synthetic_difference_in_differences(outcomes, treated, start)

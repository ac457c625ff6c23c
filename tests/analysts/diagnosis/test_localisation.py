"""Where a number moved: planted causes, mixed directions, rates, bad tables, engines that agree."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import duckdb
import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.analysts.diagnosis import localise, localise_ratio
from duoshou.analysts.diagnosis.localisation_errors import NotLocalisable
from duoshou.model import DuoshouError

SIZES = {"product": 12, "region": 8, "source": 5, "device": 2}


def grid() -> dict[str, np.ndarray]:
    """Return every combination of attribute values, as text."""
    places = np.indices(tuple(SIZES.values())).reshape(len(SIZES), -1)
    return {
        name: np.char.add(f"{name} ", place.astype(str)).astype(object)
        for name, place in zip(SIZES, places, strict=True)
    }


def inside(columns: dict[str, np.ndarray], cell: dict[str, str]) -> np.ndarray:
    """Return which rows lie in a cell."""
    hits = np.ones(len(columns["product"]), dtype=bool)
    for name, value in cell.items():
        hits &= columns[name] == value
    return hits


def counts(seed: int, changes: list[tuple[dict[str, str], float]], mean: float = 12.0) -> pd.DataFrame:
    """Return Poisson counts whose cells changed by the given ratios."""
    generator = np.random.default_rng(seed)
    columns = grid()
    expected = mean * generator.lognormal(0, 0.8, len(columns["product"]))
    level = np.ones_like(expected)
    for cell, ratio in changes:
        level[inside(columns, cell)] *= ratio
    return pd.DataFrame(columns | {"actual": generator.poisson(expected * level).astype(float), "expected": expected})


def relative(seed: int, changes: list[tuple[dict[str, str], float]]) -> pd.DataFrame:
    """Return amounts with a noise of 5 % whose cells changed by the given ratios."""
    frame = counts(seed, [], 500.0)
    level = np.ones(len(frame))
    columns = {name: frame[name].to_numpy() for name in SIZES}
    for cell, ratio in changes:
        level[inside(columns, cell)] *= ratio
    noise = np.random.default_rng(seed + 1).normal(1, 0.05, len(frame))
    return frame.assign(actual=frame["expected"] * level * noise)


def found(frame: Any, **options: Any) -> list[dict[str, Any]]:
    """Return the values of the cells that are found."""
    return [cell.values for cell in localise(frame, list(SIZES), "actual", "expected", **options)]


DOWN = {"product": "product 3", "source": "source 1"}
UP = {"region": "region 6"}


@pytest.mark.parametrize("make", [counts, relative])
@pytest.mark.parametrize(
    "changes",
    [
        [(DOWN, 0.4)],
        [(UP, 1.5)],
        [(DOWN, 0.4), (UP, 1.5)],
        [({"product": "product 3", "device": "device 0"}, 0.3), ({"product": "product 7", "device": "device 1"}, 0.5)],
        [({"product": "product 2", "region": "region 1", "device": "device 1"}, 0.1)],
    ],
)
def test_planted_causes_are_found_and_nothing_else(make: Any, changes: list[tuple[dict[str, str], float]]) -> None:
    """One cause or several, down and up at once, in counts and in amounts: exactly the planted cells."""
    cells = found(make(4, changes))
    assert sorted(map(str, map(sorted, (cell.items() for cell in cells)))) == sorted(
        map(str, map(sorted, (cell.items() for cell, _ in changes)))
    )


def test_a_shift_of_the_mix_is_two_cells_of_opposite_direction() -> None:
    """Buyers who go from one source to another leave the total alone and are seen on both sides."""
    changes = [({"source": "source 0"}, 0.7), ({"source": "source 1"}, 1.3)]
    result = localise(counts(9, changes), list(SIZES), "actual", "expected")
    assert {cell.values["source"]: cell.change > 0 for cell in result} == {"source 0": False, "source 1": True}
    assert not result.outside


def test_a_general_fall_lies_outside() -> None:
    """Where every leaf falls alike no cell is named, and the result says that the cause lies elsewhere."""
    for frame in (counts(5, [({}, 0.75)]), relative(5, [({}, 0.75)])):
        result = localise(frame, list(SIZES), "actual", "expected")
        assert result.cells == ()
        assert result.outside
        assert result.unexplained == pytest.approx(1.0)
        assert "这些维度里找不到位置" in result.verdict.zh
        assert "outside them" in result.verdict.en


def test_a_local_fall_is_seen_beside_a_general_one() -> None:
    """A cell that fell much farther than everything else is named, and the rest counts as outside."""
    result = localise(counts(6, [({}, 0.8), (DOWN, 0.2)], 60.0), list(SIZES), "actual", "expected")
    assert [cell.values for cell in result] == [DOWN]
    assert result.outside


def test_nothing_is_found_where_nothing_happened() -> None:
    """Actual equal to expected gives no cells and no blame, for counts and amounts."""
    for frame in (counts(1, []), relative(1, [])):
        result = localise(frame.assign(actual=frame["expected"]), list(SIZES), "actual", "expected")
        assert (result.cells, result.unexplained, result.outside) == ((), 0.0, False)
        assert result.verdict.zh == "没有超出偶然波动的变化"


@pytest.mark.parametrize("make", [counts, relative])
def test_pure_noise_is_rarely_blamed(make: Any) -> None:
    """At a false rate of 10 % at most 10 of 40 quiet tables raise anything (chance of more: under 0.2 %)."""
    alarms = sum(bool(found(make(seed, []), false_rate=0.1)) for seed in range(40))
    assert alarms <= 10


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1_000), st.randoms(use_true_random=False))
def test_order_and_names_do_not_matter(seed: int, random: Any) -> None:
    """Shuffled rows, shuffled columns and other names of the values give the same cells."""
    frame = counts(seed, [(DOWN, 0.4), (UP, 1.4)])
    order = list(range(len(frame)))
    random.shuffle(order)
    renamed = {f"{name} {code}": f"{random.randrange(10**9)}-{name}-{code}" for name in SIZES for code in range(12)}
    other = frame.iloc[order].copy()
    for name in SIZES:
        other[name] = other[name].map(renamed)
    names = list(SIZES)
    random.shuffle(names)
    first = localise(frame, list(SIZES), "actual", "expected")
    second = localise(other, names, "actual", "expected")
    assert [{k: renamed[v] for k, v in cell.values.items()} for cell in first] == [cell.values for cell in second]
    assert [cell.score for cell in first] == pytest.approx([cell.score for cell in second])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1_000), st.sampled_from([1e-4, 0.01, 100.0, 1e6]))
def test_the_unit_of_amounts_does_not_matter(seed: int, unit: float) -> None:
    """Amounts in cents or in millions give the same cells with the same shares."""
    frame = relative(seed, [(DOWN, 0.5), (UP, 1.3)])
    scaled = frame.assign(actual=frame["actual"] * unit, expected=frame["expected"] * unit)
    first = localise(frame, list(SIZES), "actual", "expected")
    second = localise(scaled, list(SIZES), "actual", "expected")
    assert [cell.values for cell in first] == [cell.values for cell in second]
    assert [cell.share for cell in first] == pytest.approx([cell.share for cell in second])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000), st.floats(0.1, 0.9), st.floats(1.2, 3))
def test_sums_and_shares_close(seed: int, fall: float, rise: float) -> None:
    """Every leaf belongs to one cell at most: cells and rest make the whole, and the shares make 1."""
    frame = counts(seed, [(DOWN, fall), (UP, rise), ({"source": "source 1"}, 0.8)])
    result = localise(frame, list(SIZES), "actual", "expected")
    columns = {name: frame[name].to_numpy() for name in SIZES}
    owned = np.zeros(len(frame), dtype=bool)
    for cell in result:
        own = inside(columns, cell.values) & ~owned
        owned |= own
        assert cell.actual == pytest.approx(frame["actual"][own].sum())
        assert cell.expected == pytest.approx(frame["expected"][own].sum())
    assert result.actual == pytest.approx(frame["actual"].sum())
    assert sum(cell.share for cell in result) + result.unexplained == pytest.approx(1.0)


def test_engines_and_table_kinds_agree() -> None:
    """Pandas, Arrow, DuckDB through Ibis and rows finer than leaves give the same answer."""
    frame = counts(3, [(DOWN, 0.4), (UP, 1.4)])
    halves = pd.concat([frame.assign(actual=frame["actual"] // 2), frame.assign(actual=-(-frame["actual"] // 2))])
    halves["expected"] /= 2
    table = pa.Table.from_pandas(frame, preserve_index=False)
    coded = pa.table(
        {name: table[name].dictionary_encode() if name in SIZES else table[name] for name in table.column_names}
    )
    connection = duckdb.connect()
    connection.register("facts", pa.Table.from_pandas(halves, preserve_index=False))
    kinds = [frame, frame.astype(dict.fromkeys(SIZES, "category")), halves, table, coded]
    kinds += [ibis.duckdb.from_connection(connection).table("facts"), ibis.memtable(table)]
    answers = [localise(kind, list(SIZES), "actual", "expected") for kind in kinds]
    for answer in answers[1:]:
        assert [cell.values for cell in answer] == [cell.values for cell in answers[0]]
        assert [cell.score for cell in answer] == pytest.approx([cell.score for cell in answers[0]])
        assert answer.unexplained == pytest.approx(answers[0].unexplained)


def test_values_keep_their_type_and_constants_are_left_out() -> None:
    """Whole numbers stay whole numbers; an attribute with one value is named as constant and not searched."""
    frame = counts(8, [(DOWN, 0.3)])
    frame["product"] = frame["product"].str.removeprefix("product ").astype(int)
    result = localise(frame.assign(shop="one"), [*SIZES, "shop"], "actual", "expected")
    assert result[0].values == {"product": 3, "source": "source 1"}
    assert result.constant == ("shop",)


def test_alternatives_overlap_and_are_as_many_as_asked_for() -> None:
    """On request the cells with the most evidence each by itself are listed, the best one first."""
    result = localise(counts(2, [(DOWN, 0.3)]), list(SIZES), "actual", "expected", limit=7, alternatives=True)
    assert len(result) == 7
    assert result.overlapping
    assert result[0].values == DOWN
    assert [cell.score for cell in result] == sorted((cell.score for cell in result), reverse=True)
    assert len({tuple(sorted(cell.values.items())) for cell in result}) == 7


def test_a_lone_leaf_gets_the_shortest_name() -> None:
    """Where a cell holds one active leaf, the fewest attributes that name it are enough."""
    frame = relative(
        7, [({"product": "product 1", "region": "region 2", "source": "source 3", "device": "device 0"}, 0.1)]
    )
    cell = found(frame)[0]
    assert cell == {"product": "product 1", "region": "region 2", "source": "source 3", "device": "device 0"}
    lonely = frame[
        (frame["product"] != "product 1") | (frame["region"] != "region 2") | (frame["device"] == "device 0")
    ]
    lonely = lonely[
        (lonely["product"] != "product 1") | (lonely["region"] != "region 2") | (lonely["source"] == "source 3")
    ]
    assert found(lonely)[0] == {"product": "product 1", "region": "region 2"}


RATIO = ("buyers", "visitors", "buyers_before", "visitors_before")


def rates(seed: int, changes: list[tuple[dict[str, str], float]], mix: dict[str, float] | None = None) -> pd.DataFrame:
    """Return visitors and buyers whose rates changed, and whose visitors went elsewhere by source."""
    generator = np.random.default_rng(seed)
    frame = counts(seed, [], 150.0)
    columns = {name: frame[name].to_numpy() for name in SIZES}
    base = 0.03 * (1 + (columns["source"] == "source 1") * 2.0)
    level = np.ones(len(frame))
    for cell, ratio in changes:
        level[inside(columns, cell)] *= ratio
    weight = np.array([(mix or {}).get(source, 1.0) for source in columns["source"]])
    before = generator.poisson(frame["expected"] * 7)
    visitors = generator.poisson(frame["expected"] * weight)
    return frame[list(SIZES)].assign(
        visitors_before=before,
        buyers_before=generator.binomial(before, base),
        visitors=visitors,
        buyers=generator.binomial(visitors, np.minimum(base * level, 1)),
    )


def test_a_changed_rate_is_found() -> None:
    """Conversion that halves in one cell and doubles in another is found in both, with its rates."""
    result = localise_ratio(rates(1, [(DOWN, 0.3), (UP, 1.8)]), list(SIZES), *RATIO)
    assert {str(cell.values): cell.change > 0 for cell in result} == {str(DOWN): False, str(UP): True}
    worst = next(cell for cell in result if cell.values == DOWN)
    assert worst.expected_rate == pytest.approx(0.09, rel=0.1)
    assert worst.rate == pytest.approx(0.027, rel=0.35)
    assert sum(cell.share for cell in result) + result.unexplained == pytest.approx(1.0)


def test_a_shift_of_the_mix_is_no_changed_rate() -> None:
    """Twice the visitors from the source that converts best raise the shop's rate, but no cell's."""
    result = localise_ratio(rates(2, [], {"source 1": 2.0, "source 0": 0.5}), list(SIZES), *RATIO)
    assert result.cells == ()
    assert not result.outside
    assert result.rate is not None
    assert result.earlier_rate is not None
    assert result.mix_change == pytest.approx(result.rate - result.earlier_rate, rel=0.15)


def test_amount_per_buyer_is_a_ratio_too() -> None:
    """A numerator larger than its denominator is a sum of events, and its fall is found."""
    frame = rates(3, [(UP, 0.6)])
    generator = np.random.default_rng(3)
    for buyers, amount in (("buyers", "amount"), ("buyers_before", "amount_before")):
        frame[amount] = [generator.lognormal(4, 0.5, count).sum() for count in frame[buyers]]
    frame.loc[frame["region"] == "region 2", "amount"] *= 0.5
    names = ("amount", "buyers", "amount_before", "buyers_before")
    assert [cell.values for cell in localise_ratio(frame, list(SIZES), *names)] == [{"region": "region 2"}]


def test_ratio_engines_agree() -> None:
    """The ratio form gives the same answer on a table in DuckDB."""
    frame = rates(4, [(DOWN, 0.2)])
    connection = duckdb.connect()
    connection.register("facts", pa.Table.from_pandas(frame, preserve_index=False))
    first = localise_ratio(frame, list(SIZES), *RATIO)
    second = localise_ratio(ibis.duckdb.from_connection(connection).table("facts"), list(SIZES), *RATIO)
    assert [cell.values for cell in first] == [cell.values for cell in second] == [DOWN]
    assert first[0].score == pytest.approx(second[0].score)


def small() -> dict[str, list[Any]]:
    """Return a correct table of four rows."""
    return {"a": ["x", "x", "y", "y"], "b": ["u", "v", "u", "v"], "actual": [1.0, 2, 3, 4], "expected": [2.0, 2, 3, 4]}


BAD: dict[str, tuple[dict[str, list[Any]], dict[str, Any]]] = {
    "column_missing": ({}, {"actual": "sales"}),
    "attribute_unknown": ({"a": ["x", None, "y", "y"]}, {}),
    "number_unknown": ({"actual": [1.0, float("nan"), 3, 4]}, {}),
    "number_negative": ({"actual": [-1.0, -2, 0, 1]}, {}),
    "not_a_number": ({"expected": ["1", "2", "3", "4"]}, {}),
    "no_attribute_differs": ({"a": ["x"] * 4, "b": ["u"] * 4}, {}),
    "table_empty": ({name: [] for name in small()}, {}),
    "option_invalid": ({}, {"limit": 0}),
}


@pytest.mark.parametrize("code", BAD)
@pytest.mark.parametrize("kind", ["pandas", "arrow", "ibis"])
def test_a_bad_table_is_refused_in_both_languages(code: str, kind: str) -> None:
    """What is wrong, where, and what to do: never a traceback, whatever the kind of table."""
    columns, options = BAD[code]
    data = small() | columns
    arrow = pa.table(data, schema=pa.table(small()).schema if code == "table_empty" else None)
    table = {"pandas": arrow.to_pandas, "arrow": lambda: arrow, "ibis": lambda: ibis.memtable(arrow)}[kind]()
    arguments = {"attributes": ["a", "b"], "actual": "actual", "expected": "expected"} | options
    with pytest.raises(NotLocalisable) as caught:
        localise(table, **arguments)
    assert isinstance(caught.value, DuoshouError)
    assert caught.value.code == code
    assert caught.value.message.zh
    assert caught.value.message.en


def test_something_that_is_no_table_is_refused() -> None:
    """A list of rows is no table."""
    with pytest.raises(NotLocalisable, match="not a table"):
        localise([{"a": 1}], ["a"], "actual", "expected")


def test_tiny_and_odd_tables_do_no_harm() -> None:
    """One row, zeros everywhere, and an expectation of nothing are answered, not crashed on."""
    zeros = pa.table(small() | {"actual": [0.0] * 4, "expected": [0.0] * 4})
    assert localise(zeros, ["a", "b"], "actual", "expected").cells == ()
    unheard = pa.table(small() | {"actual": [900.0, 0, 0, 0], "expected": [0.0] * 4})
    assert isinstance(localise(unheard, ["a", "b"], "actual", "expected").outside, bool)
    assert localise(pa.table(small()), ["a", "a", "b"], "actual", "expected").cells == ()


def test_importing_loads_no_engine_and_no_pandas() -> None:
    """The function can be imported in an instant."""
    program = (
        "import duoshou.analysts.diagnosis.localisation, sys; print('pandas' in sys.modules, 'ibis' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]

"""Every kind of incident that the simulated shop knows can be judged."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from benchmarks.judgement.kinds import are_alike, kinds

INCIDENTS = tomllib.loads(files("duoshou.demo.simulation").joinpath("data/incidents.toml").read_text(encoding="utf-8"))[
    "kind"
]


def test_no_kind_is_forgotten() -> None:
    """The same kinds, and faults of files are those that move no series."""
    assert set(kinds().kind) == set(INCIDENTS)
    assert {name for name, kind in kinds().kind.items() if kind.series is None} == {
        name for name, kind in INCIDENTS.items() if kind.get("fault")
    }


@pytest.mark.parametrize("name", sorted(INCIDENTS))
def test_a_kind_is_found_where_it_happens(name: str) -> None:
    """One of the accepted places is one that the incident names, the shop, or the data."""
    places = set(kinds().kind[name].places)
    assert places & ({"shop", "data"} if not INCIDENTS[name]["place"] else set(INCIDENTS[name]["place"]))


def test_every_family_of_files_is_known() -> None:
    """A fault may hit no file that no finding could name."""
    hit = {file for kind in INCIDENTS.values() for file in kind.get("file", ())}
    assert hit == set(kinds().files)


def test_honest_sets_hold_kinds_that_exist() -> None:
    """Each with a reason; alike is symmetric and needs a common set."""
    for one in kinds().honest_set:
        assert set(one.kinds) <= set(kinds().kind)
        assert one.why
    assert are_alike("rank_lost", "image_worse")
    assert are_alike("image_worse", "rank_lost")
    assert not are_alike("rank_lost", "stock_out")


def test_causes_that_mean_a_kind_mean_one_that_exists() -> None:
    """A synonym leads to a kind and is none itself."""
    assert set(kinds().causes.values()) <= set(kinds().kind)
    assert not set(kinds().causes) & set(kinds().kind)

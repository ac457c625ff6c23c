"""The model is frozen: what a seed gives changes only together with the version of the model."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import pytest

from duoshou.demo.simulation import MODEL_VERSION, ScenarioError, simulate

# Of counts and amounts, which are whole numbers. Whoever has to change the digest of a version here has changed the
# model: that needs a new MODEL_VERSION, the former numbers in data/versions.toml, and a line in the change log of
# docs/explanation/simulated-shop.md that says why.
DIGESTS = {
    "1": "3eed3d10e81eb8bd3dd540d14d58ed0123a644ab00a6e989d6db66dd13239548",
    "2": "f1d13cf573b6f48c69afa434dd38ff30ee24e67ba2da2f028f2ed07440c7b19c",
}
DAYS = ("visitors", "carts", "paid_orders", "paid_amount", "price", "stock")
ORDERS = ("buyer", "day", "paid", "line_product", "line_refund_amount", "line_rating")
UNTIL = date(2026, 6, 20)


@pytest.mark.parametrize("version", DIGESTS)
def test_a_seed_gives_what_it_gave_in_each_version(version: str) -> None:
    """Days, advertising, orders and incidents of a spring are those that were pinned when the version was made."""
    shop = simulate(20, UNTIL, 75, version=version)
    orders = shop.orders()
    digest = hashlib.sha256()
    for values in (
        *(getattr(shop.daily, name) for name in DAYS),
        *(getattr(shop.ads, name) for name in ("keyword_cost", "display_cost")),
        *(getattr(orders, name) for name in ORDERS),
    ):
        digest.update(np.ascontiguousarray(values).astype("<i8").tobytes())
    digest.update(" ".join(f"{one.kind} {one.start} {one.end}" for one in shop.world.incidents).encode())
    assert shop.world.version == version
    assert digest.hexdigest() == DIGESTS[version]


def test_the_version_of_the_model_is_pinned() -> None:
    """A new version comes with its digest."""
    assert MODEL_VERSION in DIGESTS


def test_an_unknown_version_is_refused() -> None:
    """Nobody gets another shop than the one asked for."""
    with pytest.raises(ScenarioError):
        simulate(20, UNTIL, 30, version="0")

"""Of what a metric is made: the trees of `drivers.toml`, and what the catalogue's definition itself says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from duoshou.metrics import Catalogue


class Tree(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A metric as factors multiplied and divided by divisors."""

    metric: str
    factors: tuple[str, ...]
    divisors: tuple[str, ...] = ()


class DriversFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`drivers.toml`."""

    default_dimensions: tuple[str, ...]
    tree: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A metric as a product or a sum of others.

    Attributes:
        metric: What it makes.
        keys: Its factors or terms.
        signs: 1 for a factor or what is added, −1 for a divisor or what is subtracted.
        is_product: Whether they are multiplied.
        scale: Constant factor.
        per_day: Whether divisors are taken for one day of the period.
        opens: Whether its parts may be taken apart in turn: not those of a ratio, where what moves the numerator
            mostly moves the denominator too.
    """

    metric: str
    keys: tuple[str, ...]
    signs: tuple[int, ...]
    is_product: bool
    scale: int = 1
    per_day: bool = False
    opens: bool = True


@cache
def load_drivers() -> DriversFile:
    """Return the shipped trees and default dimensions."""
    return msgspec.toml.decode((files("duoshou.analysts.diagnosis") / "drivers.toml").read_bytes(), type=DriversFile)


def formulas_of(catalogue: Catalogue, key: str, *, within: bool = False) -> tuple[Formula, ...]:
    """Return the formulas of a metric, the preferred one first; none for a metric that is simply measured.

    Args:
        catalogue: Definitions.
        key: Metric.
        within: Whether the metric is itself a driver; a ratio is then not taken apart again into numerator and
            denominator, which stand beside it already.
    """
    found = [_of_tree(tree) for tree in load_drivers().tree if tree.metric == key]
    metric = catalogue.metrics[key]
    if metric.difference:
        found.append(Formula(key, (metric.difference.minuend, metric.difference.subtrahend), (1, -1), is_product=False))
    elif metric.total:
        found.append(Formula(key, metric.total.of, (1,) * len(metric.total.of), is_product=False))
    elif metric.ratio and not within:
        ratio = metric.ratio
        keys = (ratio.numerator, ratio.denominator)
        found.append(
            Formula(key, keys, (1, -1), is_product=True, scale=ratio.scale, per_day=ratio.per_day, opens=False)
        )
    return tuple(found)


def _of_tree(tree: Tree) -> Formula:
    signs = (1,) * len(tree.factors) + (-1,) * len(tree.divisors)
    return Formula(tree.metric, (*tree.factors, *tree.divisors), signs, is_product=True)

"""What a click of each target is worth: its drawn conversion × the value of an order × what sales leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.advertising.question import Level, Targets
from duoshou.analysts.margin import Margin
from duoshou.statistics.sparse_rates import Rates, nested_rates

Floats = NDArray[np.float64]
VALUE_ORDERS = 10.0
"""Orders of its own at which half of a target's order value is believed, else that of its group."""
VALUE_SCATTER = 0.6
"""Standard deviation of an order's value as a part of its mean: that of shops whose baskets hold one or two pieces."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Posterior of what a click leaves, about lognormal; the arrays are float[S].

    Attributes:
        rates: Conversion.
        order_value: Value of an order.
        mean: Expected margin of a click.
        relative: Relative error of it, the margin's left out.
        margin_scale: Standard deviation of the margin's logarithm, which is the same for all targets at once.
    """

    rates: Rates
    order_value: Floats
    mean: Floats
    relative: Floats
    margin_scale: float = 0.0

    @property
    def scale(self) -> Floats:
        """Standard deviation of the logarithm, the margin's left out: that of what a click sells."""
        return np.asarray(np.sqrt(np.log1p(self.relative**2)))

    @property
    def whole_scale(self) -> Floats:
        """Standard deviation of the logarithm with that of the margin."""
        return np.asarray(np.hypot(self.scale, self.margin_scale))


def worth_of(found: Targets, margin: Margin) -> Worth:
    """Return what a click of each target is worth."""
    clicks, orders = found.sums["clicks"], np.minimum(found.sums["ad_orders"], found.sums["clicks"])
    group = _groups(found)
    rates = nested_rates(orders, clicks, [group] if len(set(group.tolist())) > 1 else [])
    value, value_error = _order_values(orders, found.sums["ad_sales"], group)
    # Conversion is beta, order value about lognormal: their relative variances add.
    spread = np.sqrt(rates.alpha * rates.beta / (rates.alpha + rates.beta + 1)) / (rates.alpha + rates.beta)
    relative = np.hypot(spread / np.maximum(rates.mean, 1e-12), value_error)
    return Worth(rates, value, rates.mean * value * margin.rate, relative, margin.scale)


def _groups(found: Targets) -> NDArray[np.int64]:
    """Return the number of the campaign of each keyword, search or audience; of plans and products one group.

    Targets of different attribution windows are of different groups, for a longer one counts more orders of a click.
    """
    within = found.level not in {Level.PRODUCT, Level.CAMPAIGN}
    named = [(key[0] if within else "", found.windows.get(key, ())) for key in found.keys]
    place = {name: number for number, name in enumerate(sorted(set(named)))}
    return np.array([place[one] for one in named], dtype=np.int64)


def _order_values(orders: Floats, sales: Floats, group: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the value of an order of each target, drawn to its group's, and its relative error."""
    number = int(group.max()) + 1 if len(group) else 0
    of, money = (np.bincount(group, weights=one, minlength=number) for one in (orders, sales))
    whole = sales.sum() / max(float(orders.sum()), 1e-9)
    middle = np.where(of > 0, money / np.maximum(of, 1e-9), whole)[group]
    value = (sales + VALUE_ORDERS * middle) / (orders + VALUE_ORDERS)
    return value, VALUE_SCATTER / np.sqrt(orders + VALUE_ORDERS)

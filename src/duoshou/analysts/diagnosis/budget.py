"""The false findings that a shop bears, shared among what is watched: the more at stake, the more of them."""

from __future__ import annotations

import numpy as np

from duoshou.analysts.diagnosis.reading import Floats, Shop, SubjectSeries

STAKE_DAYS = 90
"""Days before a day whose sales say what is at stake."""
LEAST_SHARE = 0.1
"""Part of an equal share that every subject keeps."""


def stakes(shop: Shop, series: SubjectSeries, day: int) -> Floats:
    """Return the weight of each subject in the budget of false findings; their mean is 1.

    Chances of a false alarm that are weighted, the weights fixed beforehand and of mean 1, leave their sum as it is
    (Genovese, Roeder and Wasserman 2006). Subjects that sell and cost nothing themselves, products and provinces, are
    weighted by what they sold; all others count alike.

    Args:
        shop: Where sales are read.
        series: The subjects.
        day: Number of the judged day; only days before it count.
    """
    subject = series.subject
    equal = np.ones(len(series.names))
    if subject.sales is None or subject.cost is not None or subject.converts is not None or subject.dimension is None:
        return equal
    panel = shop.panel(subject.sales, (subject.dimension,))
    if panel is None:
        return equal
    days = slice(max(day - STAKE_DAYS, 0), max(day, 1))
    rows = zip(panel.splits, panel.values[subject.sales], strict=True)
    sold = {split[0]: max(float(np.nansum(row[days])), 0.0) for split, row in rows}
    amounts = np.array([sold.get(name, 0.0) for name in series.names])
    if amounts.sum() <= 0:
        return equal
    weights = np.maximum(amounts / amounts.mean(), LEAST_SHARE)
    return np.asarray(weights / weights.mean())

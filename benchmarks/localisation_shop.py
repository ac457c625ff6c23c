"""Shop-like cases for `localisation.py`: counts that are small in most leaves, and causes that are known."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

ATTRIBUTES = {"product": 40, "region": 15, "source": 6, "device": 2, "buyer_type": 2}
KINDS = ("quiet", "one", "several", "both_directions", "mix_shift", "general", "amounts")
LEAST_EVIDENCE = 40.0  # nats; what cannot be seen by any method is not asked for


@dataclass
class Case:
    kind: str
    codes: dict[str, np.ndarray]
    actual: np.ndarray
    expected: np.ndarray
    truth: set[frozenset] = field(default_factory=set)


def _weights(generator, size, skew):
    weights = generator.lognormal(0, skew, size)
    return weights / weights.sum()


def _inside(codes, cell):
    inside = np.ones(len(next(iter(codes.values()))), dtype=bool)
    for name, value in cell.items():
        inside &= codes[name] == value
    return inside


def _pick(generator, codes, mean, free, evidence):
    """Return a cell of one to three attributes large enough to be seen with the ratio's evidence a unit."""
    for _ in range(500):
        names = generator.choice(list(ATTRIBUTES), size=generator.choice([1, 2, 3], p=[0.4, 0.4, 0.2]), replace=False)
        row = generator.choice(len(mean), p=mean / mean.sum())
        cell = {str(name): int(codes[name][row]) for name in names}
        inside = _inside(codes, cell)
        share = mean[inside].sum() / mean.sum()
        if (inside & ~free).any() or share > 0.4 or mean[inside].sum() * evidence < LEAST_EVIDENCE:
            continue
        return cell
    return None


class Shop:
    """Mean counts of a shop's leaves, in which causes are planted."""

    def __init__(self, generator):
        self.generator = generator
        sizes = list(ATTRIBUTES.values())
        grid = np.indices(sizes).reshape(len(sizes), -1)
        self.codes = dict(zip(ATTRIBUTES, grid, strict=True))
        mean = np.ones(grid.shape[1])
        for position, size in enumerate(sizes):
            mean *= _weights(generator, size, 1.0 if size > 10 else 0.6)[grid[position]]
        taste = generator.lognormal(0, 0.5, (sizes[0], sizes[2]))  # products differ in where their visitors come from
        mean *= taste[grid[0], grid[2]] * generator.lognormal(0, 0.3, mean.size)
        self.mean = mean * 10 ** generator.uniform(4, 5.5) / mean.sum()
        self.ratio = np.ones_like(mean)
        self.free = np.ones(mean.size, dtype=bool)
        self.truth = set()

    def plant(self, change, cell=None):
        if cell is None:
            cell = _pick(self.generator, self.codes, self.mean, self.free, change * np.log(change) - change + 1)
        if cell is not None:
            inside = _inside(self.codes, cell)
            self.ratio[inside] = change
            self.free[inside] = False
            self.truth.add(frozenset(cell.items()))

    def down(self):
        self.plant(self.generator.uniform(0.2, 0.7))

    def up(self):
        self.plant(self.generator.uniform(1.4, 2.5))

    def several(self):
        for _ in range(self.generator.integers(2, 4)):
            self.down()

    def both_directions(self):
        self.down()
        self.up()

    def one(self):
        (self.down if self.generator.random() < 0.6 else self.up)()

    amounts = one

    def general(self):
        self.ratio *= self.generator.choice([0.8, 1.25])

    def quiet(self):
        pass

    def mix_shift(self):
        """Move buyers of one product from one source to another: the product's total stays."""
        order = np.argsort(-np.bincount(self.codes["product"], self.mean))
        product = int(self.generator.choice(order[:8]))
        cells = [{"product": product, "source": source} for source in range(ATTRIBUTES["source"])]
        total = [self.mean[_inside(self.codes, cell)].sum() for cell in cells]
        giver, taker = (int(place) for place in np.argsort(total)[::-1][:2])
        moved = self.generator.uniform(0.4, 0.7) * total[giver]
        self.plant(1 - moved / total[giver], cells[giver])
        self.plant(1 + moved / total[taker], cells[taker])


def make(kind, seed):
    generator = np.random.default_rng([KINDS.index(kind), seed])
    shop = Shop(generator)
    getattr(shop, kind)()
    mean, size = shop.mean, shop.mean.size
    over = generator.choice([0.0, 0.05])
    noisy = mean * shop.ratio * (generator.gamma(1 / over**2, over**2, size) if over else 1.0)
    actual = generator.poisson(noisy).astype(float)
    # A forecast: exact up to a few per cent, or the mean of four earlier equal days.
    exact = generator.random() < 0.5
    expected = mean * generator.lognormal(0, 0.03, size) if exact else generator.poisson(mean * 4) / 4
    if kind == "amounts":
        actual, expected = _amounts(generator, actual), expected * 100 * np.exp(0.6**2 / 2)
    known = (actual + expected) > 0
    return Case(kind, {n: c[known] for n, c in shop.codes.items()}, actual[known], expected[known], shop.truth)


def _amounts(generator, counts):
    spent = np.round(generator.lognormal(np.log(100), 0.6, int(counts.sum())), 2)
    owner = np.repeat(np.arange(counts.size), counts.astype(int))
    return np.bincount(owner, spent, minlength=counts.size)

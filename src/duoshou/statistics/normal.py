"""The normal distribution on arrays."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_FAR = -20.0
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def log_normal_cdf(z: Floats) -> Floats:
    """Return log Φ(z), finite far below 0 too, where it is `−z²/2 − log(−z √2π)` less `1/z²` (Abramowitz 26.2.12)."""
    near = np.maximum(z, _FAR)
    value = np.log(_erfc(-near / math.sqrt(2)) / 2)
    far = np.minimum(z, _FAR)
    tail = -0.5 * far**2 - np.log(-far) - 0.5 * math.log(2 * math.pi) + np.log1p(-1 / far**2)
    return np.where(z >= _FAR, value, tail)

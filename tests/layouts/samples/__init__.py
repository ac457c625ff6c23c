"""The samples of every family of layouts: each module has `SAMPLES`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from tests.layouts.sample import Sample


@cache
def all_samples() -> tuple[Sample, ...]:
    """Return the samples of every module of this package, in the order of their labels."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(sorted((sample for module in modules for sample in module.SAMPLES), key=lambda one: one.label))

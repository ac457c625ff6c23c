"""The numbers of the model, as data: `data/*.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

MODEL_VERSION = "2"
"""A change of the model gives it a new version, as parameters whose former values `data/versions.toml` keeps."""


@cache
def table(name: str) -> dict[str, Any]:
    """Return the TOML table `data/NAME.toml`."""
    return tomllib.loads((files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8"))

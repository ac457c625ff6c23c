"""A shop to try things on: real invoice lines of a British gift shop, as files that a person could have exported."""

from __future__ import annotations

import gzip
import shutil
from importlib.resources import files
from pathlib import Path

CURRENCY = "GBP"
TIMEZONE = "Europe/London"
NAME = "UCI Online Retail"


def write_exports(inbox: Path) -> list[Path]:
    """Write the demonstration's export files into `inbox` and return their paths, in the order of their months."""
    inbox.mkdir(parents=True, exist_ok=True)
    written = []
    for packed in sorted(entry.name for entry in (files(__package__) / "data").iterdir() if entry.name.endswith(".gz")):
        target = inbox / packed.removesuffix(".gz")
        with (
            (files(__package__) / "data" / packed).open("rb") as raw,
            gzip.open(raw) as source,
            target.open("wb") as copy,
        ):
            shutil.copyfileobj(source, copy)
        written.append(target)
    return written

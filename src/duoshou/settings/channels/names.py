"""When two names of a traffic source are the same, and when a name fits one that is written with `*`."""

from __future__ import annotations

import re
import unicodedata

ANYTHING = "*"
JOINT = " > "
"""Stands between a source and the one above it in a path."""


def folded(name: str) -> str:
    """Return a name as it is compared: width, case and surplus blanks make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_pattern(name: str) -> bool:
    """Return whether a name stands for several."""
    return ANYTHING in name


def is_path(name: str) -> bool:
    """Return whether a name tells the sources above it as well."""
    return JOINT.strip() in name


def pattern_of(name: str) -> re.Pattern[str]:
    """Return what a name with `*` fits, compared folded; each `*` stands for any text, or for none."""
    return re.compile(".*".join(re.escape(part) for part in folded(name).split(ANYTHING)), re.DOTALL)


def names_in(path: str) -> tuple[str, ...]:
    """Return the names by which the source of a path is sought: the whole path, its own name, those above it."""
    own, *above = reversed(path.split(JOINT))
    return tuple(dict.fromkeys((path, own, *above)))

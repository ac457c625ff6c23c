"""What the reading of a test says to people (`trial_words.toml`)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from msgspec import Struct, convert

from duoshou.model import Text

TABLE = Path(__file__).parent / "trial_words.toml"


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    decision: dict[str, Text]
    caveat: dict[str, Text]


_WORDS = convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table)

DECISIONS: dict[str, Text] = _WORDS.decision
"""What is said of the best arm; {arm} and {now} are filled in."""
TRIAL_CAVEATS: dict[str, Text] = _WORDS.caveat
"""What narrows a reading, by its code."""

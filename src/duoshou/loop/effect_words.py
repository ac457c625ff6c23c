"""What the measurement of an effect says to people (`effect_words.toml`)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from msgspec import Struct, convert

from duoshou.model import Text, Verdict

TABLE = Path(__file__).parent / "effect_words.toml"


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    verdict: dict[Verdict, Text]
    method: dict[str, Text]
    caveat: dict[str, Text]


_WORDS = convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table)

VERDICTS: dict[Verdict, Text] = _WORDS.verdict
"""What a verdict is called."""
METHODS: dict[str, Text] = _WORDS.method
"""How an effect was found."""
CAVEATS: dict[str, Text] = _WORDS.caveat
"""What narrows an answer, or why there is none, by its code."""

"""No setting without effect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duoshou.settings.descriptions import descriptions

SOURCE = Path(__file__).resolve().parents[2] / "src" / "duoshou"
# Read through a property or a function of the settings.
READ_AS = {
    "shop.key": r"\.shop\(",
    "shop.name": r"\.title\b",
    "shop.aliases": r"\.shop\(",
    "reports.language": r"\.report_language\b",
    "channel.key": r"\bgrouping_of\(",
    "channel.name": r"\bgrouping_of\(",
    "channel.sources": r"\bgrouping_of\(",
    "channel.paid": r"\bgrouping_of\(",
    "calendar.countries": r"\bload_calendar\(",
}


def attribute(key: str) -> str:
    """Return the pattern of code that asks for a setting: `settings.currency`, `import_.kept_snapshots`."""
    head, _, name = key.rpartition(".")
    item = head.rpartition(".")[2]
    return rf"\b(settings|{head.replace('import', 'import_')}|{item})\.{name}\b"


@pytest.mark.parametrize("key", descriptions())
def test_every_setting_is_read(key: str) -> None:
    """Something outside the settings package asks for each setting."""
    pattern = READ_AS.get(key, attribute(key))
    texts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if "settings" not in path.parts]
    assert any(re.search(pattern, text) for text in texts), f"nobody reads {key}"

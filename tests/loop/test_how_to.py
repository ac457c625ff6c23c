"""The examples of the how-to page can be used as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duoshou.loop.entries import load_playbook
from duoshou.loop.propagation import rules_of
from duoshou.metrics import load_catalogue

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "close-the-loop.md"
EXAMPLES = dict(re.findall(r"```toml\n# (\S+\.toml)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read(name: str, tmp_path: Path) -> None:
    """Copied into a workspace, each file adds what it says to what the product ships."""
    (tmp_path / name).write_text(EXAMPLES[name], encoding="utf-8")
    book, rules = load_playbook(tmp_path, load_catalogue().metrics.keys()), rules_of(tmp_path)
    known = {*book.entries, *(one.key for one in rules)}
    keys = re.findall(r'^\[entry\.(\w+)\]|^key = "(\w+)"', EXAMPLES[name], re.MULTILINE)
    assert keys
    assert {one or other for one, other in keys} <= known

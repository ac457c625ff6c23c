"""`duoshou customers`: the study of the customers in words, as JSON, and the list of them."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.cli.test_json_shapes import documented, shape


def test_the_study_has_the_documented_names(shop: Path, duoshou: Command) -> None:
    """The answer has the documented names, and says what two customers cannot tell."""
    found = json.loads(duoshou("customers", "--as-of", "2010-12-02", "--workspace", shop, "--json").out)
    example = documented("`duoshou customers --json`")
    assert list(found) == list(example)
    for name in ("known", "cuts", "segments", "cohorts", "caveats", "paying"):
        assert shape(found[name]) == shape(example[name])
    assert found["known"]["customers"] == 2
    assert found["outlook"] is None
    assert sum(one["customers"] for one in found["segments"]) == 2


READ = [("zh", ("重要价值客户", "不能判断")), ("en", ("champions", "cannot tell"))]


@pytest.mark.parametrize(("language", "words"), READ)
def test_the_study_reads_in_both_languages(shop: Path, duoshou: Command, language: str, words: tuple[str, ...]) -> None:
    """Segments, and what cannot be told, stand in the language of the reader."""
    told = duoshou("customers", "--as-of", "2010-12-02", "--workspace", shop, "--lang", language)
    assert told.code == 0
    assert all(word in told.out for word in words)


def test_the_list_holds_hashed_keys_only(shop: Path, duoshou: Command, tmp_path: Path) -> None:
    """A list names customers by their keys; their numbers in the shop stand nowhere in it."""
    file = tmp_path / "list.csv"
    cuts = ("--frequency", "1", "--money", "10")
    done = duoshou("customers", "--as-of", "2010-12-02", "--workspace", shop, "--csv", file, *cuts)
    assert str(file) in done.err
    text = file.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 2
    assert all(row["segment"] in {"champions", "win_back"} for row in rows)
    assert re.search(r"\b(17850|12583)\b", text) is None

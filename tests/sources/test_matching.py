"""Choosing between many layouts: by evidence, in bounded work, and with a clear word where two fit equally."""

from __future__ import annotations

from pathlib import Path

import pytest

from duoshou.sources import Layouts, SourceError, parse_layout, recognise
from duoshou.sources.matching import HEADER_ROWS, Matcher, best_match, matcher


def layout_toml(key: str, headers: list[str], *, recognise: str = "") -> str:
    """Return a layout that reads the headers as text and requires the first."""
    fields = "".join(f'[[field]]\nname = "f{number}"\nheader = ["{name}"]\n' for number, name in enumerate(headers))
    table = '[[table]]\nname = "order_item"\n[table.columns]\norder_id = "f0"\n'
    title = f'title = {{ zh = "{key}表", en = "{key} table" }}'
    rules = f'[recognise]\nrequired = ["{headers[0]}"]\n{recognise}'
    return f'key = "{key}"\nplatform = "other"\n{title}\n{rules}\n{fields}{table}'


def some_layouts(**texts: str) -> Layouts:
    """Return layouts by key."""
    return Layouts({key: parse_layout(text, file=f"{key}.toml") for key, text in texts.items()})


def test_two_that_fit_equally(tmp_path: Path) -> None:
    """Two layouts of the same evidence are named, with the option that decides; with it the file is read."""
    layouts = some_layouts(one=layout_toml("one", ["单号", "金额"]), two=layout_toml("two", ["单号", "金额"]))
    (tmp_path / "a.csv").write_text("单号,金额\nA1,5\n", "utf-8")
    with pytest.raises(SourceError) as caught:
        recognise(tmp_path / "a.csv", layouts=layouts, timezone="UTC")
    assert caught.value.code == "ambiguous_layout"
    assert "one table" in caught.value.message.en
    assert "two表" in caught.value.message.zh
    assert caught.value.hint is not None
    assert "--layout" in caught.value.hint.en
    [reading] = recognise(tmp_path / "a.csv", layouts=layouts, layout_key="two", timezone="UTC")
    assert reading.layout.key == "two"


@pytest.mark.parametrize(
    ("header", "file", "key"),
    [
        ("单号,金额,a,b", "a.csv", "small"),
        ("单号,金额,a,b,c,d", "a.csv", "large"),
        ("单号,金额,税", "a.csv", "taxed"),
        ("单号,金额", "大表_1.csv", "large"),
    ],
)
def test_evidence_decides(tmp_path: Path, header: str, file: str, key: str) -> None:
    """More known columns, distinctive columns and the file's name decide between relatives, in any order of layouts."""
    texts = {
        "small": layout_toml("small", ["单号", "金额", "a", "b"]),
        "large": layout_toml("large", ["单号", "金额", "a", "b", "c", "d"], recognise="file_name = '^大表'"),
        "taxed": layout_toml("taxed", ["单号", "金额"], recognise='distinctive = ["税"]'),
    }
    (tmp_path / file).write_text(f"{header}\n{','.join('1' for _ in header.split(','))}\n", "utf-8")
    for order in (texts, dict(reversed(texts.items()))):
        [reading] = recognise(tmp_path / file, layouts=some_layouts(**order), timezone="UTC")
        assert reading.layout.key == key


def test_share_breaks_a_tie() -> None:
    """Of two equal scores, the layout that knows the greater share of the file wins."""
    wide = layout_toml("wide", ["单号", *(f"x{number}" for number in range(20)), "a", "b"])
    narrow = layout_toml("narrow", ["单号", "a"])
    matchers = [Matcher(layout) for layout in some_layouts(wide=wide, narrow=narrow).values()]
    found = best_match([["单号", "a", "b"]], matchers, "a.csv", None)
    assert found is not None
    assert found.layout.key == "narrow"
    assert found.rivals == ()


def test_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each layout is compared with each of the first rows at most once, and is prepared once for all files."""
    layouts = some_layouts(
        **{f"k{number}": layout_toml(f"k{number}", [f"单号{number}", "金额"]) for number in range(75)},
        deep=layout_toml("deep", ["单号", "金额"], recognise="header_rows = 2"),
    )
    calls = 0
    rank = Matcher.rank

    def counted(
        self: Matcher, headers: frozenset[str], file: str, sheet: str | None
    ) -> tuple[float, float, float] | None:
        nonlocal calls
        calls += 1
        return rank(self, headers, file, sheet)

    monkeypatch.setattr(Matcher, "rank", counted)
    matchers = [matcher(layout) for layout in layouts.values()]
    assert best_match([["无", "关"]] * 500, matchers, "a.csv", None) is None
    assert calls <= HEADER_ROWS * len(layouts)
    assert [matcher(layout) for layout in layouts.values()] == matchers

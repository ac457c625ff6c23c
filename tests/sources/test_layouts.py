"""Layouts as data: all load, all fit the canonical tables, what is wrong in one is said."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from duoshou.sources import LayoutError, Layouts, load_layouts, load_mapping, parse_layout
from duoshou.sources.headers import normalise_header
from duoshou.sources.matching import best_match, matcher

SMALL = """
key = "small"
platform = "other"
title = { zh = "小表", en = "Small table" }
[recognise]
required = ["单号"]
[[field]]
name = "number"
header = ["单号"]
type = "id"
[[table]]
name = "order_header"
[table.columns]
order_id = "number"
"""


def test_every_layout_fits_the_tables(layouts: Layouts) -> None:
    """Each mapped column exists in its canonical table; each layout says where a user fetches the file."""
    folder = files("duoshou.warehouse") / "tables"
    for layout in layouts.values():
        assert layout.menu is not None
        for table in layout.table:
            columns = {
                column["name"] for column in tomllib.loads((folder / f"{table.name}.toml").read_text("utf-8"))["column"]
            }
            assert set(table.columns) <= columns, (layout.key, table.name)


def test_every_layout_knows_its_own_header(layouts: Layouts) -> None:
    """A table with all columns of one layout is taken for that one, and for no other."""
    matchers = [matcher(layout) for layout in layouts.values()]
    for layout in layouts.values():
        rules = layout.recognise
        absent = set(map(normalise_header, rules.absent))
        first = {spelling: field.header[0] for field in layout.field for spelling in field.header}
        required = [first.get(header, header) for header in (*rules.required, *rules.distinctive)]
        names = dict.fromkeys([*(field.header[0] for field in layout.field), *required])
        header = [name.replace("(*)", "(USD)") for name in names if normalise_header(name) not in absent]
        found = best_match([header] * rules.header_rows, matchers, "x", rules.sheet)
        assert found is not None, layout.key
        assert (found.layout.key, found.rivals) == (layout.key, ())


def test_layouts_of_a_workspace(tmp_path: Path) -> None:
    """A layout in the workspace's folder joins the shipped ones."""
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    assert {"small", "uci_online_retail"} <= set(load_layouts(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[recognise]", "[recognise", "TOML"),
        ('type = "id"', 'type = "number"', "number"),
        ('platform = "other"', "", "platform"),
        ('name = "number"', 'name = "Nr."', "Nr."),
        ('order_id = "number"', 'order_id = "(SELECT 1)"', "SELECT"),
        ('order_id = "number"', 'order_id = "1; DROP TABLE x"', "DROP"),
        ('key = "small"', 'key = "small"\nbased_on = "nothing"', "nothing"),
        ("required = [", "surplus = 1\nrequired = [", "surplus"),
        ('required = ["单号"]', 'required = ["单号"]\nfile_name = "("', "("),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, said: str) -> None:
    """A mistake in a layout names the file and the mistake, with a hint."""
    with pytest.raises(LayoutError) as caught:
        parse_layout(SMALL.replace(old, new), file="small.toml")
    assert said in caught.value.message.en
    assert caught.value.place.file == "small.toml"
    assert caught.value.hint is not None


def test_based_on_another(layouts: Layouts) -> None:
    """A layout that is based on another takes its fields, tables and words; the digest depends on both texts."""
    older, base = layouts["qianniu_orders_2014"], layouts["qianniu_orders_2019"]
    assert older.field == base.field
    assert older.status == base.status
    assert older.digest != base.digest


def test_missing_mapping(tmp_path: Path) -> None:
    """A mapping that does not exist is a clear message."""
    with pytest.raises(LayoutError) as caught:
        load_mapping(tmp_path / "map.toml")
    assert caught.value.code == "mapping_not_found"

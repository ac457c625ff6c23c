"""`checklist`, `backup` and the kinds of `report` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import LINES, Command, export
from tests.cli.test_json_shapes import documented


def test_checklist_of_a_platform(shop: Path, duoshou: Command) -> None:
    """A named platform is listed although none of its files was imported; each file with its menu."""
    done = duoshou("checklist", "--workspace", shop, "--platform", "taobao", "--date", "2026-11-19", "--lang", "zh")
    assert done.code == 0
    assert "从未导入，可选" in done.out
    assert "生意参谋 → " in done.out
    assert "每日文件应覆盖到昨天" in done.out


def test_checklist_shows_the_rest_on_demand(shop: Path, duoshou: Command) -> None:
    """A long list is cut, and --all shows it whole: as many files as the JSON has."""
    words = ("checklist", "--workspace", shop, "--platform", "taobao", "--lang", "en")
    files = json.loads(duoshou(*words, "--json").out)["files"]
    short, whole = duoshou(*words).out, duoshou(*words, "--all").out
    assert whole.count("\n  + ") == len(files)
    assert short.count("\n  + ") == min(8, len(files))


def test_checklist_of_an_unknown_platform(shop: Path, duoshou: Command) -> None:
    """The error names the known ones."""
    done = duoshou("checklist", "--workspace", shop, "--platform", "nowhere", "--lang", "en")
    assert done.code == 2
    assert "taobao" in done.err


def test_backup_and_back(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """The restored workspace answers as the first one does."""
    made = duoshou("backup", tmp_path / "shop.zip", "--workspace", shop, "--json")
    assert json.loads(made.out)["file"] == str(tmp_path / "shop.zip")
    again = duoshou("backup", tmp_path / "shop.zip", "--workspace", shop, "--lang", "en")
    assert again.code == 2
    assert "--force" in again.err
    assert duoshou("backup", tmp_path / "shop.zip", "--workspace", shop, "--force").code == 0
    back = duoshou("backup", "--restore", tmp_path / "shop.zip", tmp_path / "new", "--json")
    assert json.loads(back.out)["rebuilt"]["rows"] == 5
    question = ("query", "pay_amount", "refund_amount", "--from", "2010-12-01", "--to", "2010-12-02", "--json")
    assert duoshou(*question, "--workspace", tmp_path / "new").out == duoshou(*question, "--workspace", shop).out


def test_backup_says_how_it_is_used(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """A folder without --restore, or --restore without a folder, is a usage error that writes nothing."""
    for words in ((tmp_path / "a.zip", tmp_path / "b"), ("--restore", tmp_path / "a.zip")):
        done = duoshou("backup", *words, "--workspace", shop, "--lang", "en")
        assert done.code == 2
        assert "--restore FILE DIR" in done.err
    assert list(tmp_path.iterdir()) == []


def test_every_kind_of_report(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """Each kind writes a workbook where it is asked to."""
    for kind in ("daily", "weekly", "summary"):
        path = tmp_path / f"{kind}.xlsx"
        done = duoshou("report", kind, "--date", "2010-12-01", "-o", path, "--workspace", shop)
        assert done.code == 0, done.err
        assert path.read_bytes()[:2] == b"PK"


def test_doctor_lists_the_tables(shop: Path, duoshou: Command) -> None:
    """What each table holds, for people and for programs."""
    done = duoshou("doctor", "--workspace", shop, "--lang", "en")
    assert "Order" in done.out
    assert "columns that no file fills" in done.out
    checks = {
        check["key"]: check for check in json.loads(duoshou("doctor", "--workspace", shop, "--json").out)["checks"]
    }
    assert checks["table_order_item"]["rows"] == 5
    assert checks["table_order_item"]["shops"][0]["first_day"] == "2010-12-01"


def test_run_tells_each_shop_apart(tmp_path: Path, duoshou: Command) -> None:
    """Two shops whose people may not be added get their figures one below the other, and a sheet each."""
    folder = tmp_path / "shops"
    assert duoshou("init", folder, "--currency", "GBP", "--timezone", "Europe/London", "--lang", "en").code == 0
    settings = folder / "duoshou.toml"
    shops = '\n[[shop]]\nkey = "north"\nname = "North"\n\n[[shop]]\nkey = "south"\nname = "South"\n'
    text = "\n".join(line for line in settings.read_text(encoding="utf-8").split("\n[[shop]]")[0].splitlines())
    settings.write_text(text + shops, encoding="utf-8")
    for shop in ("north", "south"):
        path = export(tmp_path, LINES.replace("5363", "5364" if shop == "south" else "5363"), f"{shop}.csv")
        assert duoshou("import", path, "--shop", shop, "--workspace", folder).code == 0
    done = duoshou("run", "--date", "2010-12-01", "--workspace", folder, "--lang", "en")
    assert done.code in {0, 1}, done.err
    assert "\nNorth · 2010-12-01\n" in done.out
    assert "\nSouth · 2010-12-01\n" in done.out
    assert sorted(path.name for path in (folder / "reports").iterdir()) == [
        "daily-2010-12-01-north.xlsx", "daily-2010-12-01-south.xlsx"
    ]  # fmt: skip


def test_checklist_json_is_as_documented(shop: Path, duoshou: Command) -> None:
    """The object and its files have exactly the documented names."""
    example = documented("`duoshou checklist --json`")
    found = json.loads(duoshou("checklist", "--workspace", shop, "--platform", "taobao", "--json").out)
    assert found.keys() == example.keys()
    assert {tuple(item) for item in found["files"]} == {tuple(example["files"][0])}

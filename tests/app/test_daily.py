"""The daily job, its day and its report."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from duoshou import demo
from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.days import yesterday
from duoshou.model import DuoshouError


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Return the demonstration's workspace with its files in the inbox, and the daily job done."""
    directory = tmp_path_factory.mktemp("demo") / "shop"
    workspace = create_workspace(directory, demo.NAME, demo.CURRENCY, demo.TIMEZONE, "en")
    demo.write_exports(workspace.inbox)
    workbench = open_workbench(directory)
    workbench.import_files()
    return workbench


def test_the_last_complete_day_is_the_day_before_the_export(shop: Workbench) -> None:
    """The list ends at noon on 9 December, so the last whole day is the 8th."""
    assert shop.last_complete_day() == date(2011, 12, 8)


def test_an_empty_workspace_counts_from_yesterday(tmp_path: Path) -> None:
    """Without data the last complete day is yesterday, and questions are answered with nothing known."""
    create_workspace(tmp_path / "shop", "shop")
    workbench = open_workbench(tmp_path / "shop")
    assert workbench.last_complete_day() == yesterday("Asia/Shanghai")
    assert workbench.query(["pay_amount"]).rows[0].values["pay_amount"].value is None
    assert len(workbench.findings()) == 0
    assert workbench.run_day().reports[0].exists()


def test_the_daily_job_reports_the_day(shop: Workbench) -> None:
    """The job names the day, writes the sheet beside the settings, and needs nobody when the data are sound."""
    done = shop.run_day()
    assert done.day == date(2011, 12, 8)
    assert [path.name for path in done.reports] == ["daily-2011-12-08.xlsx"]
    assert not done.needs_person
    assert json.loads(json.dumps(done.to_dict()))["date"] == "2011-12-08"


def test_a_partial_day_is_a_finding_about_data(shop: Workbench) -> None:
    """Asked about the day of the export, the product says that the day is not whole."""
    found = shop.findings(date(2011, 12, 9))
    assert [finding.kind for finding in found] == ["data.partial_day"]
    assert found.gaps
    assert len(shop.findings(date(2011, 12, 9), kind="data")) == 1
    assert len(shop.findings(date(2011, 12, 9), kind="data.missing_day")) == 0


def test_an_unknown_report_names_the_known_ones(shop: Workbench) -> None:
    """A kind that nobody wrote is an error that lists what there is."""
    with pytest.raises(DuoshouError) as caught:
        shop.report("hourly")
    assert caught.value.hint is not None
    assert "daily" in caught.value.hint.en


def test_doctor_finds_a_sound_workspace_sound(shop: Workbench) -> None:
    """Every check passes; each says what it saw in both languages."""
    checks = shop.doctor()
    assert [check.key for check in checks if not check.passed] == []
    assert all(check.message.zh and check.message.en for check in checks)


def test_doctor_tells_what_each_table_holds(two_shops: Workbench) -> None:
    """Rows and days of each shop, the columns that no file fills, and the tables without rows."""
    checks = {check.key: check for check in two_shops.doctor()}
    table = checks["table_shop_period"]
    assert table.passed
    assert "tb 24 行 2026-10-26 – 2026-11-18" in table.message.zh
    shape = table.to_dict("en")
    assert shape["shops"][0] == {"shop": "tb", "rows": 24, "first_day": "2026-10-26", "last_day": "2026-11-18"}
    assert "refund_amount" in shape["empty_columns"]
    assert "order_line" in checks["tables_empty"].facts["tables"]


def test_doctor_says_how_to_mend_a_lost_key(tmp_path: Path) -> None:
    """Without the key file the check fails with a hint, and the others are still made."""
    workspace = create_workspace(tmp_path / "shop", "shop")
    workspace.key_file.unlink()
    checks = {check.key: check for check in open_workbench(tmp_path / "shop").doctor()}
    assert not checks["secret"].passed
    assert checks["secret"].to_dict("en")["hint"]
    assert checks["warehouse"].passed

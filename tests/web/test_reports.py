"""Workbooks and rows for keeping, for those who may."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from tests.cockpit import HOSTILE, Cockpit

from duoshou.app.daily import ALL_KINDS
from duoshou.app.pages.reports import WORDING


def test_every_kind_has_its_words() -> None:
    """A kind of workbook that the product writes can be found on the page."""
    assert set(WORDING) == set(ALL_KINDS)


@pytest.mark.parametrize("kind", ["daily", "weekly", "summary", "studies"])
def test_a_workbook_comes_under_a_chinese_name(cockpit: Cockpit, kind: str) -> None:
    """RFC 5987 carries the name, ASCII stands beside it, and nothing is left in reports/."""
    answer = cockpit.signed_in("operator").get(f"/reports/{kind}.xlsx?date=2026-11-17&lang=en")
    assert answer.status_code == 200
    told = answer.headers["content-disposition"]
    assert f'filename="{kind}-2026-11-17.xlsx"' in told
    assert "filename*=UTF-8''%E5%95%86%E8%A1%8C-" in told
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    assert not list((cockpit.directory / "reports").glob("*"))


def test_costs_are_left_out_for_those_who_may_not_see_them(cockpit: Cockpit) -> None:
    """Promotion may download, but the words of margins stand in its workbook with no number beside them."""
    whole = cockpit.signed_in("operator").get("/reports/summary.xlsx")
    part = cockpit.signed_in("promotion").get("/reports/summary.xlsx")
    assert part.status_code == whole.status_code == 200
    assert margins(part.content) <= {None, "—"}


def margins(content: bytes) -> set[object]:
    """Return what stands beside the words of the margin."""
    found: set[object] = set()
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets[:1]:
        for row in sheet.iter_rows(values_only=True):
            if any(isinstance(cell, str) and "毛利" in cell for cell in row[:3]):
                found |= {cell for cell in row[3:] if not isinstance(cell, str) or cell == "—"}
    return found


def test_workbooks_made_before_are_listed_and_sent(cockpit: Cockpit) -> None:
    """Only a file of the folder, only under the name that is listed, only to those who may see everything."""
    path = cockpit.directory / "reports/daily-2026-11-18.xlsx"
    path.write_bytes(cockpit.signed_in("operator").get("/reports/daily.xlsx").content)
    (cockpit.directory / "reports/notes.txt").write_text("secret", encoding="utf-8")
    try:
        client = cockpit.signed_in("operator")
        page = client.get("/reports").text
        assert "daily-2026-11-18.xlsx" in page
        assert "notes.txt" not in page
        sent = client.get("/reports/files/daily-2026-11-18.xlsx")
        assert sent.content == path.read_bytes()
        assert sent.headers["content-disposition"].startswith("attachment")
        assert cockpit.signed_in("promotion").get("/reports/files/daily-2026-11-18.xlsx").status_code == 403
        for name in ("notes.txt", "..%2fduoshou.toml", "%2e%2e%2fstate.sqlite", "nothing.xlsx", HOSTILE):
            assert client.get(f"/reports/files/{name}").status_code == 404
    finally:
        path.unlink()
        (cockpit.directory / "reports/notes.txt").unlink()


def test_the_rows_of_a_query_run_no_formula(cockpit: Cockpit) -> None:
    """A CSV that a spreadsheet opens, in the order of the answer."""
    client = cockpit.signed_in("promotion")
    answer = client.get("/reports/query.csv?metric=pay_amount&metric=visitors&from=2026-11-17&to=2026-11-18&grain=day")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["period"], row["pay_amount"], row["visitors"]) for row in rows] == [
        ("2026-11-17", "2550.00", "1700"),
        ("2026-11-18", "2700.00", "1800"),
    ]
    assert client.get("/reports/query.csv?metric=gross_margin").status_code == 403
    assert cockpit.signed_in("operator").get("/reports/query.csv?metric=gross_margin").status_code == 200


@pytest.mark.parametrize("role", ["viewer", "designer", "service", "warehouse"])
def test_export_is_a_right_of_its_own(cockpit: Cockpit, role: str) -> None:
    """Who may only read sees the page and no link to a file."""
    client = cockpit.signed_in(role)
    for path in ("/reports/daily.xlsx", "/reports/query.csv?metric=visitors", "/reports/files/x.xlsx"):
        assert client.get(path).status_code == 403
    page = client.get("/reports")
    assert page.status_code == 200
    assert not re.search(r'href="/reports/[^"]*\.xlsx', page.text)


@pytest.mark.parametrize(
    "path",
    [
        "/reports/nothing.xlsx",
        f"/reports/{HOSTILE}.xlsx",
        "/reports/daily.xlsx?date=never",
        f"/reports/daily.xlsx?shop={HOSTILE}",
        "/reports/query.csv",
        f"/reports/query.csv?metric={HOSTILE}",
        "/reports/query.csv?metric=visitors&by=nothing",
        "/reports/query.csv?metric=visitors&where=shop",
        "/reports/query.csv?metric=visitors&from=2026-11-18",
        "/reports/query.csv?metric=visitors&from=2026-11-18&to=2026-11-01",
        "/reports/query.csv?metric=visitors&from=0001-01-01&to=9999-12-31",
        "/reports/query.csv?metric=visitors&last=-1d",
        "/reports/query.csv?metric=visitors&grain=hour",
        "/reports?page=0",
    ],
)
def test_what_cannot_be_meant_is_refused_calmly(cockpit: Cockpit, path: str) -> None:
    """With a status of the client's, no traceback and no markup of theirs."""
    answer = cockpit.signed_in("operator").get(path)
    assert answer.status_code in {404, 422}, answer.text
    assert "<script>alert" not in answer.text

"""Imports, jobs, workbooks and queries over the API."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

GOOD = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "77,A0,LAMP,6,2026-11-10 08:20:00,2.55,17850,UK\n"
    "78,A0,LAMP,six,2026-11-10 08:20:00,2.55,17850,UK\n"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop into which the tests of this module import."""
    with running_cockpit(tmp_path_factory.mktemp("data")) as served:
        yield served


def ended(shop: Cockpit, answer: Any) -> dict[str, Any]:
    """Wait for the job that an answer accepted and return it."""
    assert answer.status_code == 202, answer.text
    assert shop.app.state.house.jobs.wait(120)
    place = answer.headers["location"]
    found: dict[str, Any] = shop.token("viewer").get(place).json()["job"]
    assert found["id"] == answer.json()["job"]["id"]
    return found


def test_an_import_over_the_api(shop: Cockpit) -> None:
    """The files are sent, the job is asked for, its rows are told, mended rows follow, and it is taken back."""
    client = shop.token("operator")
    job = ended(shop, client.post("/api/v1/imports", files=[("files", ("lines.csv", GOOD.encode()))]))
    assert (job["outcome"], job["kind"]) == ("needs_person", "import")
    (file,) = job["result"]["files"]
    assert (file["file"], file["tables"][0]["new"], file["rejected"]) == ("lines.csv", 1, 1)
    assert client.get(f"/api/v1/imports/{job['id']}").json()["job"]["result"] == job["result"]
    rows = client.get(f"/api/v1/files/{file['entry']}/rejected").json()
    assert (rows["total"], rows["rows"][0]["faults"][0]["column"]) == (1, "Quantity")
    assert "17850" not in str(rows)
    mended = GOOD.splitlines()
    content = "\n".join([mended[0], mended[2].replace("six", "5")]).encode()
    path = f"/api/v1/files/{file['entry']}/mended"
    job = ended(shop, client.post(path, files=[("files", ("mended.csv", content))]))
    assert job["outcome"] == "done"
    listed = client.get("/api/v1/data").json()["imports"]
    assert [one["files"][0]["file"] for one in listed["batches"][:2]] == ["mended.csv", "lines.csv"]
    job = ended(shop, client.post(f"/api/v1/batches/{listed['batches'][0]['id']}/undo"))
    assert job["outcome"] == "done"
    assert client.get("/api/v1/data").json()["imports"]["total"] == listed["total"] - 1


def test_the_daily_job_over_the_api(shop: Cockpit) -> None:
    """A day may be named; what it did is told."""
    client = shop.token("operator")
    job = ended(shop, client.post("/api/v1/run", json={"date": "2026-11-17"}))
    assert job["result"]["date"] == "2026-11-17"
    assert job["result"]["reports"] == ["daily-2026-11-17.xlsx"]
    job = ended(shop, client.post("/api/v1/run"))
    assert job["result"]["date"] == "2026-11-18"
    made = client.get("/api/v1/reports").json()["made"]
    assert {one["name"] for one in made} == {"daily-2026-11-17.xlsx", "daily-2026-11-18.xlsx"}


def test_a_query_has_the_shape_of_the_command(cockpit: Cockpit) -> None:
    """Section 9 of the design: amounts are decimal strings, the comparison stands beside them."""
    query = "metric=pay_amount&metric=pay_conversion_rate&from=2026-11-18&to=2026-11-18&compare=week"
    shape = cockpit.token("viewer").get(f"/api/v1/query?{query}").json()
    assert shape["schema_version"] == 1
    assert shape["period"] == {"from": "2026-11-18", "to": "2026-11-18"}
    assert shape["comparison"] == {"from": "2026-11-11", "to": "2026-11-11"}
    (row,) = shape["rows"]
    assert row["values"]["pay_amount"]["value"] == "2700.00"
    assert row["values"]["pay_amount"]["compare"] == "1650.00"
    assert row["values"]["pay_conversion_rate"]["value"] == pytest.approx(0.01)


def test_costs_are_asked_for_by_a_right_of_their_own(cockpit: Cockpit) -> None:
    """Margins by key, by name and by alias are refused alike."""
    for name in ("gross_margin", "毛利", "gross_margin_rate"):
        assert cockpit.token("viewer").get("/api/v1/query", params={"metric": name}).status_code in {403, 422}
    assert cockpit.token("viewer").get("/api/v1/query?metric=gross_margin").status_code == 403
    assert cockpit.token("operator").get("/api/v1/query?metric=gross_margin").status_code == 200


def test_a_workbook_over_the_api(cockpit: Cockpit) -> None:
    """The bytes of a workbook, for those who may export."""
    answer = cockpit.token("promotion").get("/api/v1/reports/daily.xlsx?lang=en")
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    assert cockpit.token("viewer").get("/api/v1/reports/daily.xlsx").status_code == 403


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("viewer", "POST", "/api/v1/imports"),
        ("viewer", "POST", "/api/v1/imports/inbox"),
        ("warehouse", "POST", "/api/v1/run"),
        ("promotion", "POST", "/api/v1/batches/x/undo"),
        ("viewer", "GET", "/api/v1/files/x/rejected"),
        ("viewer", "POST", "/api/v1/files/x/mended"),
    ],
)
def test_a_lesser_role_is_refused(cockpit: Cockpit, role: str, method: str, path: str) -> None:
    """In the one shape of errors."""
    answer = cockpit.token(role).request(method, path)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "no_right"


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("GET", "/api/v1/query", None),
        ("GET", f"/api/v1/query?metric={HOSTILE}", None),
        ("GET", "/api/v1/query?metric=visitors&from=x", None),
        ("GET", "/api/v1/query?metric=visitors&grain=x", None),
        ("GET", "/api/v1/query?metric=visitors&where=x", None),
        ("GET", "/api/v1/query?metric=visitors&last=x", None),
        ("GET", "/api/v1/data?page=0", None),
        ("GET", "/api/v1/jobs/0", None),
        ("GET", "/api/v1/jobs/x", None),
        ("GET", "/api/v1/imports/99999999999999999999999", None),
        ("GET", "/api/v1/reports/nothing.xlsx", None),
        ("GET", "/api/v1/files/..%2f..%2fx/rejected", None),
        ("POST", "/api/v1/imports", b"not a form"),
        ("POST", "/api/v1/run", b"{"),
        ("POST", "/api/v1/run", b'{"date": "never"}'),
        ("POST", "/api/v1/run", b'{"date": "0001-01-01"}'),
        ("POST", "/api/v1/run", b'{"date": "9999-12-31"}'),
        ("GET", "/api/v1/data?date=9999-12-31", None),
        ("POST", "/api/v1/run", b'{"day": "2026-11-17"}'),
        ("POST", "/api/v1/batches/x/undo", None),
        ("POST", "/api/v1/files/x/mended", None),
    ],
)
def test_what_cannot_be_meant_is_refused(cockpit: Cockpit, method: str, path: str, content: bytes | None) -> None:
    """With a status of the client's and a code."""
    answer = cockpit.token("owner").request(
        method, path, content=content, headers={"Content-Type": "application/json"} if content else {}
    )
    assert answer.status_code in {404, 422}, answer.text
    assert answer.json()["error"]["code"]

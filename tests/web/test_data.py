"""The page of data, as an operator uses it and as somebody with a lesser role or bad intent does."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

from duoshou.app import Workbench
from duoshou.app.jobs import Course, Ended, Jobs

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
GOOD = HEAD + "77,A0,LAMP,6,2026-11-10 08:20:00,2.55,17850,UK\n"
BAD = HEAD + (
    "123456789012345678,A1,=LAMP,6,2026-11-11 08:26:00,2.55,17850,UK\n"
    "123456789012345678,A2,<b>LAMP</b>,six,2026-11-11 08:26:00,2.55,17850,UK\n"
)
COSTS = "商家编码,成本价,生效日期\nA-1,9.50,2026-01-01\nA-2,12.34?x,2026-01-01\n"
UNKNOWN_FILE = "流水单号,品名,件,成交时刻,客户手机\nA-1,灯,2,2026-11-10 10:00:00,13800138000\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop into which the tests of this module import."""
    with running_cockpit(tmp_path_factory.mktemp("data")) as served:
        yield served


def jobs_of(shop: Cockpit) -> Jobs:
    """Return the jobs of the server."""
    found: Jobs = shop.app.state.house.jobs
    return found


def send(client: TestClient, shop: Cockpit, path: str, *files: tuple[str, str]) -> str:
    """Send files with a form and return where the answer leads."""
    parts = [("files", (name, content.encode("utf-8-sig"))) for name, content in files]
    answer = client.post(path, data={"csrf": shop.csrf(client)}, files=parts)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def ended(client: TestClient, shop: Cockpit, place: str) -> str:
    """Wait for the job whose page this is and return the page."""
    assert jobs_of(shop).wait(120)
    return client.get(place).text


def test_the_page_tells_what_to_do_and_how_things_stand(shop: Cockpit) -> None:
    """Files to fetch with their menus, how far each source reaches, what was imported, with a way back."""
    page = shop.signed_in("operator").get("/data").text
    assert "今天要下载的文件" in page
    assert "生意参谋" in page
    assert "2026-11-18" in page
    assert "订单.csv" in page
    assert "确定撤销" in page


def test_a_file_goes_from_the_form_into_the_warehouse(shop: Cockpit) -> None:
    """The job's page tells rows, and the original lies in imported/ under its own name; no folder stays behind."""
    client = shop.signed_in("warehouse")
    page = ended(client, shop, send(client, shop, "/data/import", ("good lines.csv", GOOD)))
    assert "good lines.csv" in page
    assert "完成" in page
    assert (shop.directory / "imported/good lines.csv").is_file()
    assert not list((shop.directory / "inbox").iterdir())


def test_while_a_job_runs_the_page_asks_again(shop: Cockpit) -> None:
    """The page of a running job polls and can be reloaded; files that come meanwhile wait in the inbox."""
    go = threading.Event()

    def work(_: Workbench, course: Course) -> Ended:
        course.at(HOSTILE, 0.5)
        assert go.wait(60)
        return Ended()

    client = shop.signed_in("operator")
    job = jobs_of(shop).start("import", work, by="小王")
    try:
        page = client.get(f"/data/jobs/{job.id}").text
        assert 'hx-trigger="every 1s"' in page
        assert 'value="0.500"' in page
        assert "<script>alert" not in page
        place = send(client, shop, "/data/import", ("later.csv", GOOD))
        assert place == "/data?kept=1"
        assert "later.csv" in client.get(place).text
        refused = client.post("/data/run", data={"csrf": shop.csrf(client)})
        assert refused.status_code == 409
        assert f"{job.id} 号" in refused.text
    finally:
        go.set()
    page = ended(client, shop, f"/data/jobs/{job.id}")
    assert "every 1s" not in page
    answer = client.post("/data/inbox", data={"csrf": shop.csrf(client)})
    assert "later.csv" in ended(client, shop, answer.headers["location"])
    assert not list((shop.directory / "inbox").rglob("*.csv"))


def test_rejected_rows_are_seen_mended_and_imported(shop: Cockpit) -> None:
    """The page shows the cell and the order around it; the download, mended, makes the order whole."""
    client = shop.signed_in("operator")
    page = ended(client, shop, send(client, shop, "/data/import", ("bad.csv", BAD)))
    assert "原文“six”" in page
    place = re.search(r"/data/files/[0-9a-f]{64}", page)
    assert place is not None
    rows = client.get(place[0]).text
    assert "&lt;b&gt;LAMP&lt;/b&gt;" in rows
    assert "<b>LAMP</b>" not in rows
    assert re.search(r"\b17850\b", rows) is None
    answer = client.get(place[0] + "/rejected.csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="rejected-')
    assert "filename*=UTF-8''bad-%E5%BE%85" in answer.headers["content-disposition"]
    text = answer.content.decode("utf-8-sig")
    assert "'=LAMP" in text
    assert '"=""123456789012345678"""' in text
    assert "已补录" not in client.get("/data").text
    page = ended(client, shop, send(client, shop, place[0] + "/mend", ("mended.csv", text.replace("six", "7"))))
    assert "补录改好的行" in page
    assert "已补录" in client.get("/data").text
    with shop.app.state.house.bench() as bench, bench.reader() as connection:
        lines = connection.execute(
            "SELECT line_no, title, quantity FROM order_line WHERE order_id = '123456789012345678' ORDER BY 1"
        ).fetchall()
    assert lines == [(1, "=LAMP", 6), (2, "<b>LAMP</b>", 7)]


def test_a_heading_is_no_formula_and_the_mended_file_is_known_all_the_same(shop: Cockpit) -> None:
    """A column that no layout knows may be called anything."""
    client = shop.signed_in("operator")
    lines = BAD.replace("123456789012345678", "99").splitlines()
    sent = "\n".join([lines[0] + ",=1+1", *(f"{line},x" for line in lines[1:])])
    page = ended(client, shop, send(client, shop, "/data/import", ("heading.csv", sent)))
    place = re.search(r"/data/files/[0-9a-f]{64}", page)
    assert place is not None
    text = client.get(place[0] + "/rejected.csv").content.decode("utf-8-sig")
    assert ",'=1+1," in text.splitlines()[0]
    page = ended(client, shop, send(client, shop, place[0] + "/mend", ("mended.csv", text.replace("six", "7"))))
    assert "没有导入" not in page
    with shop.app.state.house.bench() as bench, bench.reader() as connection:
        lines = connection.execute("SELECT quantity FROM order_line WHERE order_id = '99' ORDER BY line_no").fetchall()
    assert lines == [(6,), (7,)]


def test_rejected_rows_of_costs_are_for_those_who_may_see_costs(shop: Cockpit) -> None:
    """Who may import and download is shown no unit cost for that."""
    client = shop.signed_in("operator")
    page = ended(client, shop, send(client, shop, "/data/import", ("成本.csv", COSTS)))
    place = re.search(r"/data/files/[0-9a-f]{64}", page)
    assert place is not None, page
    path = place[0]
    api = f"/api/v1{path.removeprefix('/data')}/rejected"
    assert "12.34" in client.get(path).text
    assert "12.34" in client.get(path + "/rejected.csv").text
    assert "12.34" in shop.token("operator").get(api).text
    lesser = shop.signed_in("promotion")
    for answer in (lesser.get(path), lesser.get(path + "/rejected.csv"), shop.token("promotion").get(api)):
        assert answer.status_code == 403
        assert "12.34" not in answer.text


def test_an_unknown_file_is_mapped_and_known_from_then_on(shop: Cockpit) -> None:
    """The result leads to the assistant; a try shows rows without the phone number; keeping imports the file."""
    client = shop.signed_in("operator")
    page = ended(client, shop, send(client, shop, "/data/import", ("流水.csv", UNKNOWN_FILE)))
    assert "认不出" in page
    place = re.search(r'href="(/data/map\?file=[^"]+)"', page)
    assert place is not None
    drafted = client.get(place[1].replace("&amp;", "&")).text
    assert "<code>order_item</code>" in drafted
    name = re.search(r'name="file" value="([^"]+)"', drafted)
    text = re.search(r"<textarea[^>]*>\n(.*)</textarea>", drafted, re.DOTALL)
    assert name is not None
    assert text is not None
    mapping = text[1].replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
    form = {"csrf": shop.csrf(client), "file": name[1], "mapping_text": mapping.replace("\n", "\r\n")}
    tried = client.post("/data/map/try", data=form)
    assert tried.status_code == 200
    assert "A-1" in tried.text
    assert "13800138000" not in tried.text
    evil = form | {"mapping_text": mapping.replace('order_id = "', "order_id = \"(FROM/**/'/etc/passwd') || ", 1)}
    assert client.post("/data/map/try", data=evil).status_code == 422
    assert client.post("/data/map/keep", data=evil).status_code == 422
    lesser = shop.signed_in("promotion")
    assert lesser.post("/data/map/keep", data=form | {"csrf": shop.csrf(lesser)}).status_code == 403
    kept = client.post("/data/map/keep", data=form)
    assert "新增" in ended(client, shop, kept.headers["location"])
    assert not list((shop.directory / "inbox").rglob("*.csv"))
    again = ended(client, shop, send(client, shop, "/data/import", ("下月.csv", UNKNOWN_FILE.replace("A-1", "A-2"))))
    assert "认不出" not in again


def test_an_import_is_taken_back(shop: Cockpit) -> None:
    """After the confirmation the rows are gone; an import that never was cannot be taken back."""
    client = shop.signed_in("operator")
    ended(client, shop, send(client, shop, "/data/import", ("undone.csv", GOOD.replace("77,", "78,"))))
    place = re.search(r"/data/batches/[0-9TZ-]+/undo", client.get("/data").text)
    assert place is not None
    answer = client.post(place[0], data={"csrf": shop.csrf(client)})
    ended(client, shop, answer.headers["location"])
    with shop.app.state.house.bench() as bench, bench.reader() as connection:
        assert connection.execute("SELECT count(*) FROM order_line WHERE order_id = '78'").fetchall() == [(0,)]
    for batch in ("20200101T000000Z-0001", "..%2f..", "x" * 300):
        assert client.post(f"/data/batches/{batch}/undo", data={"csrf": shop.csrf(client)}).status_code == 404


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("viewer", "POST", "/data/import"),
        ("viewer", "POST", "/data/inbox"),
        ("warehouse", "POST", "/data/run"),
        ("promotion", "POST", "/data/batches/x/undo"),
        ("viewer", "GET", "/data/map?file=x"),
        ("viewer", "GET", "/data/files/x"),
        ("warehouse", "GET", "/data/files/x/rejected.csv"),
        ("designer", "POST", "/data/files/x/mend"),
        ("warehouse", "POST", "/data/map/keep"),
    ],
)
def test_a_lesser_role_is_refused(shop: Cockpit, role: str, method: str, path: str) -> None:
    """The right is asked for before anything is read."""
    client = shop.signed_in(role)
    answer = client.request(method, path, data={"csrf": shop.csrf(client)} if method == "POST" else None)
    assert answer.status_code == 403


def test_a_viewer_sees_no_button_that_does_nothing(shop: Cockpit) -> None:
    """What somebody may not do is not offered."""
    page = shop.signed_in("viewer").get("/data").text
    for words in ("上传并导入", "运行每日任务", "确定撤销", "/data/map"):
        assert words not in page


@pytest.mark.parametrize("name", ["nul", ".htaccess", "a\u202eb.csv", "x" * 300 + ".csv"])
def test_a_bad_name_leaves_no_file(shop: Cockpit, name: str) -> None:
    """The refusal says why; nothing reaches the inbox."""
    client = shop.signed_in("operator")
    parts = [("files", ("fine.csv", GOOD.encode())), ("files", (name, GOOD.encode()))]
    answer = client.post("/data/import", data={"csrf": shop.csrf(client)}, files=parts)
    assert answer.status_code == 422
    assert not [path for path in (shop.directory / "inbox").rglob("*") if path.is_file()]


def test_a_path_in_a_name_goes_nowhere(shop: Cockpit) -> None:
    """Only the base name counts."""
    client = shop.signed_in("operator")
    ended(client, shop, send(client, shop, "/data/import", ("../../../reports/evil.csv", GOOD)))
    assert not list(Path(shop.directory).glob("reports/evil*"))
    assert (shop.directory / "imported/evil.csv").is_file()


@pytest.mark.parametrize(
    "path",
    [
        "/data/map?file=../duoshou.toml",
        "/data/map?file=/etc/passwd",
        f"/data/map?file={HOSTILE}",
        "/data/map",
        "/data/files/..%2f..%2fduoshou.toml",
        f"/data/files/{'a' * 64}",
        "/data/jobs/999999",
        "/data/jobs/99999999999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(shop: Cockpit, path: str) -> None:
    """A name of a file is looked up among those that are listed, never on the disk."""
    answer = shop.signed_in("operator").get(path)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("query", ["page=0", "page=x", "date=never", "kept=-1", f"shop={HOSTILE}"])
def test_a_value_that_cannot_be_meant_is_refused(shop: Cockpit, query: str) -> None:
    """With the status and the words of every such refusal."""
    assert shop.signed_in("operator").get(f"/data?{query}").status_code == 422


def test_a_form_without_file_or_secret_does_nothing(shop: Cockpit) -> None:
    """No file is told as such; without the secret of the session nothing is read."""
    client = shop.signed_in("operator")
    assert client.post("/data/import", data={"csrf": shop.csrf(client)}).status_code == 422
    assert client.post("/data/import", files=[("files", ("a.csv", b"1"))]).status_code == 403
    for day in ("never", "0001-01-01", "9999-12-31"):
        assert client.post("/data/run", data={"csrf": shop.csrf(client), "date": day}).status_code == 422

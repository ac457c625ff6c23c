"""The commands on a real workspace."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import LINES, Command, export

from duoshou.cli.query_text import MARKS
from duoshou.metrics import Additivity, Flag, Unit
from duoshou.metrics.definition import DateBase, RefundTreatment
from duoshou.metrics.wording import FLAGS, WORDS

PERIOD = ("--from", "2010-12-01", "--to", "2010-12-02")


def test_init_says_what_comes_next(tmp_path: Path, duoshou: Command) -> None:
    """A new workspace is followed by the next step, in the language that was asked for."""
    made = duoshou("init", tmp_path / "new", "--lang", "en")
    assert made.code == 0
    assert "inbox" in made.out
    assert 'language = "en"' in (tmp_path / "new" / "duoshou.toml").read_text(encoding="utf-8")
    assert duoshou("init", tmp_path / "new").code == 2


def test_init_refuses_what_cannot_be_meant(tmp_path: Path, duoshou: Command) -> None:
    """An unknown time zone makes no workspace."""
    assert duoshou("init", tmp_path / "new", "--timezone", "Mars").code == 2
    assert not (tmp_path / "new").exists()


def test_query_as_text(shop: Path, duoshou: Command) -> None:
    """Titles are Chinese, thousands are apart, and the period is named."""
    shown = duoshou("--workspace", shop, "query", "pay_amount", "--by", "country", *PERIOD)
    assert shown.code == 0
    assert "支付金额" in shown.out
    assert "1,000.00" in shown.out
    assert "2010-12-01 – 2010-12-02" in shown.out


def test_query_as_json(shop: Path, duoshou: Command) -> None:
    """The shape is the contract's: amounts as text, counts whole, one object."""
    shown = duoshou("query", "pay_amount", "pay_orders", "--json", *PERIOD, "--workspace", shop)
    answer = json.loads(shown.out)
    assert answer["schema_version"] == 1
    assert answer["period"] == {"from": "2010-12-01", "to": "2010-12-02"}
    values = answer["rows"][0]["values"]
    assert values["pay_amount"]["value"] == "1125.64"
    assert isinstance(values["pay_orders"]["value"], int)


def test_query_as_csv(shop: Path, duoshou: Command) -> None:
    """A spreadsheet gets numbers, and no cell that it would take for a formula."""
    shown = duoshou("--workspace", shop, "query", "pay_amount", "--by", "country", "--csv", *PERIOD)
    header, *rows = csv.reader(io.StringIO(shown.out))
    assert header[:2] == ["country", "pay_amount"]
    assert sorted(row[0] for row in rows) == ["'=France", "France", "United Kingdom"]


def test_query_compares(shop: Path, duoshou: Command) -> None:
    """A comparison shows what it is held against."""
    day = ("--from", "2010-12-02", "--to", "2010-12-02")
    shown = duoshou("--workspace", shop, "--lang", "en", "query", "pay_amount", "--compare", "previous", *day)
    assert "against 2010-12-01" in shown.out
    assert "change" in shown.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("query", "pay_amout"), "pay_amount"), (("query", "pay_amount", "--by", "contry"), "country")],
)
def test_unknown_names_lead_to_the_right_ones(
    arguments: tuple[str, ...], told: str, shop: Path, duoshou: Command
) -> None:
    """A misspelt metric or dimension is answered with the nearest."""
    shown = duoshou("--workspace", shop, *arguments)
    assert shown.code == 2
    assert told in shown.err


def test_sql_in_three_forms(shop: Path, duoshou: Command) -> None:
    """Rows come as a table, as CSV and as JSON."""
    statement = ("sql", "SELECT country, sum(paid_amount) AS paid FROM order_line GROUP BY country ORDER BY paid")
    assert "United Kingdom" in duoshou("--workspace", shop, *statement).out
    assert duoshou("--workspace", shop, *statement, "--csv").out.startswith("country,paid\n")
    answer = json.loads(duoshou("--workspace", shop, *statement, "--json").out)
    assert answer["columns"] == ["country", "paid"]
    assert answer["rows"][-1] == ["=France", "1000.00"]


def test_sql_changes_nothing(shop: Path, duoshou: Command) -> None:
    """A statement that is no read is refused with a message."""
    for statement in (
        "DROP TABLE order_line",
        "SELECT 1; DELETE FROM order_line",
        "COPY order_line TO 'x.csv'",
        "nonsense",
    ):
        shown = duoshou("--workspace", shop, "sql", statement)
        assert shown.code == 2, statement
        assert "Traceback" not in shown.err


def test_import_again_changes_nothing(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """The second import of a file says so and leaves the numbers alone."""
    shown = duoshou("import", "--workspace", shop, "--json", export(tmp_path))
    answer = json.loads(shown.out)
    assert shown.code == 0
    assert {(file["new"], file["updated"], file["rejected"]) for file in answer["files"]} == {(0, 0, 0)}


def test_import_tells_where_a_row_is_wrong(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """A cell that cannot be read is named with row and column, and the exit code asks for a person."""
    path = export(tmp_path, LINES.replace("536370,22728,ALARM CLOCK,24", "536390,22728,ALARM CLOCK,many"), "bad.csv")
    shown = duoshou("import", "--workspace", shop, "--dry-run", path)
    assert shown.code == 1
    assert "行 5" in shown.out
    assert "Quantity" in shown.out


def test_import_of_nothing_usable(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """A file that nobody knows is explained; a missing one too."""
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("a,b\n1,2\n", encoding="utf-8")
    assert duoshou("import", "--workspace", shop, unknown).code == 2
    missing = duoshou("import", "--workspace", shop, "--json", tmp_path / "missing.csv")
    assert missing.code == 2
    assert "missing.csv" in json.loads(missing.err)["error"]["file"]


def test_metrics_in_full(shop: Path, duoshou: Command) -> None:
    """The glossary lists every metric and explains one in full."""
    assert "pay_amount" in duoshou("metrics", "--workspace", shop).out
    assert "付款日" in duoshou("metrics", "pay_amount", "--workspace", shop).out
    answer = json.loads(duoshou("metrics", "pay_amount", "--json", "--workspace", shop).out)
    assert answer["metrics"][0]["formula"]["en"]


def test_every_property_of_a_metric_has_a_word() -> None:
    """No code word reaches the glossary on the screen."""
    for kind, words in (
        ("unit", Unit),
        ("additivity", Additivity),
        ("date_base", DateBase),
        ("refunds", RefundTreatment),
    ):
        assert set(WORDS[kind]) == {str(word) for word in words}


def test_every_flag_has_its_mark_and_its_words() -> None:
    """A value that is shown with less than full certainty says why."""
    assert list(FLAGS) == list(Flag)
    assert list(MARKS) == [flag.value for flag in Flag]


def test_findings_and_report(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """The findings of a day are listed, and its sheet is written where asked."""
    answer = json.loads(duoshou("findings", "--workspace", shop, "--date", "2010-12-02", "--json").out)
    assert answer["date"] == "2010-12-02"
    target = tmp_path / "day.xlsx"
    shown = duoshou("report", "daily", "--workspace", shop, "--date", "2010-12-02", "-o", target)
    assert shown.code == 0, shown.err
    assert target.read_bytes().startswith(b"PK")


def test_doctor(shop: Path, duoshou: Command) -> None:
    """Each check is one line; the exit code says whether something is wrong."""
    shown = duoshou("doctor", "--workspace", shop)
    assert shown.code in (0, 1)
    assert len(shown.out.splitlines()) >= 5
    assert json.loads(duoshou("doctor", "--workspace", shop, "--json").out)["checks"]


def test_map_drafts_a_mapping(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """The draft of an unknown table is TOML that names its columns."""
    path = tmp_path / "unknown.csv"
    path.write_text("单号,金额\nA1,2.50\nA2,3.00\n", encoding="utf-8")
    shown = duoshou("map", "--workspace", shop, path)
    assert shown.code == 0
    assert "单号" in shown.out


def test_rebuild_and_undo(tmp_path: Path, duoshou: Command) -> None:
    """A rebuild gives the same numbers; an undo takes the import back."""
    shop = tmp_path / "shop"
    duoshou("init", shop, "--currency", "GBP")
    duoshou("import", "--workspace", shop, export(tmp_path))
    query = ("query", "pay_amount", "--json", "--workspace", shop, *PERIOD)
    before = duoshou(*query).out
    assert json.loads(duoshou("rebuild", "--json", "--workspace", shop).out)["files"] == 1
    assert duoshou(*query).out == before
    assert "invoices.csv" in duoshou("undo", "--workspace", shop).out
    assert json.loads(duoshou(*query).out)["rows"][0]["values"]["pay_amount"]["value"] is None


def test_run_does_the_day(tmp_path: Path, duoshou: Command) -> None:
    """The daily job imports the inbox and names the sheet that it wrote."""
    shop = tmp_path / "shop"
    duoshou("init", shop, "--currency", "GBP")
    export(shop / "inbox")
    done = duoshou("run", "--workspace", shop, "--no-push")
    assert done.code in (0, 1), done.err
    assert "invoices.csv" in done.out
    assert list((shop / "reports").glob("*.xlsx"))
    assert not list((shop / "inbox").iterdir())


def test_demo_goes_the_whole_way_on_real_data(tmp_path: Path, duoshou: Command) -> None:
    """The demonstration on real invoice lines ends with a sheet and with commands to try."""
    done = duoshou("demo", "--real", tmp_path / "demo")
    assert done.code == 0, done.err
    assert list((tmp_path / "demo" / "reports").glob("*.xlsx"))
    assert "duoshou --workspace" in done.out

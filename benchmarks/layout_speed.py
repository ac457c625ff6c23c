"""Import speed by kind of file, and of a month of workbooks.

    python benchmarks/layout_speed.py families [--rows 50000] [--rounds 3]
    python benchmarks/layout_speed.py month [--files 40] [--rows 200]

The files are made from the layouts themselves: every column that a layout reads or keeps, filled by its type. The bare
contender of a family reads the same file into a table as text and does nothing else.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
import xlwt
from measure import compare, machine, run_once, table

from duoshou.sources import Layout, load_layouts
from duoshou.sources.layout import LayoutField

FIRST_DAY = date(2026, 1, 1)
IMPORT = """
from pathlib import Path
import tempfile
from duoshou.app import create_workspace, open_workbench
with tempfile.TemporaryDirectory(dir={scratch!r}) as scratch:
    create_workspace(Path(scratch) / "shop", name="bench", currency="CNY", timezone="Asia/Shanghai", language="zh")
    began = time.perf_counter()
    workbench = open_workbench(Path(scratch) / "shop")
    done = workbench.import_files([Path(file) for file in {files!r}])
    seconds = time.perf_counter() - began
    wrong = [one.file for one in done.files if one.error or one.layout != {layout!r} or one.main.new != {rows}]
    assert not wrong, wrong
    report(seconds)
"""
BARE_TEXT = """
import duckdb
began = time.perf_counter()
import zipfile, tempfile
data = open({file!r}, "rb").read()
if data[:2] == b"PK":
    with zipfile.ZipFile({file!r}) as archive:
        data = archive.read(archive.namelist()[0])
with tempfile.NamedTemporaryFile(suffix=".csv") as text:
    text.write(data.decode({encoding!r}).encode())
    text.flush()
    duckdb.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{{text.name}}', all_varchar=true)")
report(time.perf_counter() - began)
"""
BARE_BOOK = """
import duckdb
began = time.perf_counter()
import fastexcel
rows = fastexcel.read_excel({file!r}).load_sheet(0, dtypes="string").to_arrow()
duckdb.execute("CREATE TABLE t AS SELECT * FROM rows")
report(time.perf_counter() - began)
"""
BARE_WEB = """
began = time.perf_counter()
import duckdb, html.parser, pyarrow
class Cells(html.parser.HTMLParser):
    rows, text = [], None
    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        self.text = "" if tag == "td" else self.text
    def handle_data(self, data):
        if self.text is not None:
            self.text += data
    def handle_endtag(self, tag):
        if tag == "td":
            self.rows[-1].append(self.text)
            self.text = None
cells = Cells()
cells.feed(open({file!r}, encoding="utf-8").read())
rows = pyarrow.table([list(column) for column in zip(*cells.rows)], [f"c{{n}}" for n in range(len(cells.rows[0]))])
duckdb.execute("CREATE TABLE t AS SELECT * FROM rows")
report(time.perf_counter() - began)
"""


@dataclass(frozen=True)
class Family:
    """One kind of file: what it is called, the layout that fills it, how it is written, what reads it bare."""

    name: str
    layout: str
    kind: str
    bare: str
    encoding: str = "utf-8"


FAMILIES = (
    Family("GB18030 text, 千牛 orders", "qianniu_orders_2019", "csv", BARE_TEXT, "gb18030"),
    Family("zip of text, 万相台 plans", "alimama_plan", "zip", BARE_TEXT),
    Family("tab text, Amazon orders", "amazon_orders", "tsv", BARE_TEXT),
    Family("xlsx, 千牛 orders", "qianniu_orders_2021", "xlsx", BARE_BOOK),
    Family("xls (BIFF), 生意参谋 products", "sycm_item", "xls", BARE_BOOK),
    Family("HTML called xls, 生意参谋 products", "sycm_item", "html", BARE_WEB),
)


def columns(layout: Layout) -> list[tuple[str, LayoutField | None]]:
    """Return the headers of a full file of a layout, each with the field that reads it."""
    read: list[tuple[str, LayoutField | None]] = [(field.header[0], field) for field in layout.field]
    known = {spelling for field in layout.field for spelling in field.header}
    more = dict.fromkeys((*layout.recognise.distinctive, *layout.keep))
    return [*read, *((header, None) for header in more if header not in known)]


def cell(layout: Layout, field: LayoutField | None, number: int) -> str:
    """Return the text of a cell of row `number`, as a platform would write it."""
    if field is None:
        return ""
    if field.personal == "address":
        return "浙江省 杭州市 余杭区 五常街道文一西路1号(310000)"
    day = FIRST_DAY + timedelta(days=number % 28)
    by_type = {
        "id": str(600000000000 + number),
        "integer": str(number % 997),
        "money": f"{number % 9973 / 100:.2f}",
        "price": f"{number % 9973 / 100:.2f}",
        "rate": f"{number % 100 / 100:.2%}",
        "duration": str(number % 300),
        "day": day.isoformat(),
        "period": day.isoformat(),
        "instant": f"{day.isoformat()} 10:{number % 60:02}:00",
        "status": next(iter(layout.status), ""),
    }
    return by_type.get(field.type, f"文字{number % 300}")


def rows_of(layout: Layout, count: int) -> list[list[str]]:
    """Return the header and `count` rows."""
    headers = columns(layout)
    rows = [[cell(layout, field, number) for _, field in headers] for number in range(count)]
    return [[name for name, _ in headers], *rows]


def write(family: Family, rows: Sequence[Sequence[str]], path: Path) -> None:
    """Write rows as the kind of file that a family has."""
    mark = "\t" if family.kind == "tsv" else ","
    if family.kind in ("csv", "tsv"):
        path.write_bytes("".join(mark.join(row) + "\r\n" for row in rows).encode(family.encoding))
    elif family.kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.csv", "".join(",".join(row) + "\r\n" for row in rows))
    elif family.kind == "html":
        lines = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
        path.write_text("<table>" + "\n".join(f"<tr>{line}</tr>" for line in lines) + "</table>", encoding="utf-8")
    elif family.kind == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("data")
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write(number, column, text)
        book.save(str(path))
    else:
        write_workbook(rows, path)


def write_workbook(rows: Sequence[Sequence[str]], path: Path) -> None:
    """Write rows as an xlsx workbook of text cells."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"constant_memory": True})
    sheet = book.add_worksheet("data")
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    book.close()
    path.write_bytes(data.getvalue())


def families(count: int, rounds: int, folder: Path) -> None:
    """Compare, for each family, the import of one file with a bare reader."""
    layouts = load_layouts()
    for family in FAMILIES:
        path = folder / f"data.{'xls' if family.kind == 'html' else family.kind}"
        write(family, rows_of(layouts[family.layout], count), path)
        fill = {"file": str(path), "files": [str(path)], "scratch": str(folder), "layout": family.layout}
        programs = {
            "bare": family.bare.format(**fill, encoding=family.encoding),
            "duoshou import": IMPORT.format(**fill, rows=count),
        }
        taken = compare(programs, rounds)
        print(f"\n{family.name}: {count:,} rows, {path.stat().st_size / 1e6:.1f} MB")
        print(table(taken))
        print(f"{count / taken[1].median:,.0f} rows a second")


def month(files: int, count: int, folder: Path) -> None:
    """Time the import of a month's workbooks in one go."""
    layout = load_layouts()["sycm_item"]
    paths = []
    for number in range(files):
        rows = rows_of(layout, count)
        dated = [index for index, (_, field) in enumerate(columns(layout)) if field and field.type == "period"]
        for row in rows[1:]:
            for index in dated:
                row[index] = (FIRST_DAY + timedelta(days=number)).isoformat()
        paths.append(folder / f"day{number}.xlsx")
        write_workbook(rows, paths[-1])
    fill = {"files": [str(path) for path in paths], "scratch": str(folder), "layout": "sycm_item", "rows": count}
    seconds = run_once(IMPORT.format(**fill))["seconds"]
    print(f"{files} workbooks of {count} products: {seconds:.1f} s, {seconds / files * 1000:.0f} ms a workbook")


def main() -> None:
    """Run the case that the command line names and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", choices=["families", "month"])
    parser.add_argument("--rows", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=40)
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        if options.case == "families":
            families(options.rows or 50_000, options.rounds, Path(folder))
        else:
            month(options.files, options.rows or 200, Path(folder))


if __name__ == "__main__":
    main()

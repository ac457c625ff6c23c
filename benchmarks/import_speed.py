"""Import against what a person would write by hand: bare DuckDB, and pandas.

    python benchmarks/import_speed.py uci FILE [--rounds 5]        the Online Retail file (csv or csv.gz)
    python benchmarks/import_speed.py qianniu [--rows 5000000]     a generated GB18030 order export
    python benchmarks/import_speed.py large [--gigabytes 3]        one very large CSV: time and peak memory

The bare contender only reads the text into a table; the import also recognises the layout, archives the raw cells,
hashes the buyers, types every column, derives order lines to the cent, checks totals and publishes a snapshot.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import compare, machine, table

IMPORT = """
from pathlib import Path
import tempfile
import duckdb  # as in the bare contender, before the clock starts
from duoshou.app import create_workspace, open_workbench
with tempfile.TemporaryDirectory(dir={scratch!r}) as scratch:
    create_workspace(Path(scratch) / "shop", name="bench", currency={currency!r}, timezone={timezone!r}, language="zh")
    began = time.perf_counter()
    workbench = open_workbench(Path(scratch) / "shop")
    done = workbench.import_files([Path({file!r})])
    report(time.perf_counter() - began, rows=sum(one.main.new for one in done.files))
"""
BARE = """
import duckdb, tempfile
with tempfile.TemporaryDirectory(dir={scratch!r}) as scratch:
    connection = duckdb.connect(scratch + "/bare.duckdb")
    began = time.perf_counter()
    connection.execute("CREATE TABLE t AS SELECT * FROM read_csv({file!r})")
    report(time.perf_counter() - began)
"""
DECODE_AND_BARE = """
import codecs, duckdb, tempfile
with tempfile.TemporaryDirectory(dir={scratch!r}) as scratch:
    connection = duckdb.connect(scratch + "/bare.duckdb")
    began = time.perf_counter()
    decoder = codecs.getincrementaldecoder("gb18030")()
    with open({file!r}, "rb") as source, open(scratch + "/text.csv", "wb") as target:
        while block := source.read(1 << 20):
            target.write(decoder.decode(block).encode())
    connection.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{{scratch}}/text.csv')")
    report(time.perf_counter() - began)
"""
PANDAS = """
import tempfile
with tempfile.TemporaryDirectory(dir={scratch!r}) as scratch:
    began = time.perf_counter()
    import hashlib, pandas
    frame = pandas.read_csv({file!r}, encoding="gb18030", dtype=str)
    frame.columns = frame.columns.str.strip()
    frame["订单编号"] = frame["订单编号"].str.strip('="')
    for name in ["买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "退款金额", "打款商家金额"]:
        frame[name] = pandas.to_numeric(frame[name].str.replace("元", "").str.replace(",", ""))
    for name in ["订单创建时间", "订单付款时间", "确认收货时间"]:
        frame[name] = pandas.to_datetime(frame[name])
    frame["宝贝总数量"] = pandas.to_numeric(frame["宝贝总数量"])
    frame["buyer"] = frame["买家会员名"].map(lambda name: hashlib.sha256(name.encode()).hexdigest())
    parts = frame["收货地址"].str.split(" ", n=2, expand=True)
    frame["province"], frame["city"] = parts[0], parts[1]
    frame["day"] = frame["订单付款时间"].dt.date
    personal = ["买家会员名", "收货人姓名", "收货地址", "联系手机", "买家支付宝账号"]
    frame = frame.drop_duplicates("订单编号", keep="last").drop(columns=personal)
    frame.to_parquet(scratch + "/orders.parquet")
    report(time.perf_counter() - began)
"""


def contenders(file: Path, *, scratch: Path, currency: str, timezone: str, base: str, pandas: bool) -> dict[str, str]:
    """Return the programs to compare on `file`, the bare one first."""
    fill = {"file": str(file), "scratch": str(scratch), "currency": currency, "timezone": timezone}
    programs = {"bare DuckDB": base.format(**fill), "duoshou import": IMPORT.format(**fill)}
    if pandas:
        programs["pandas script"] = PANDAS.format(**fill)
    return programs


def main() -> None:
    """Run the comparison that the command line names and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", choices=["uci", "qianniu", "large"])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--gigabytes", type=float, default=3.0)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    print(machine())
    scratch = options.scratch
    if options.case == "uci":
        if options.file is None:
            parser.error("uci needs the file")
        programs = contenders(
            options.file, scratch=scratch, currency="GBP", timezone="Europe/London", base=BARE, pandas=False
        )
        print(table(compare(programs, options.rounds or 5)))
        return
    rows = options.rows if options.case == "qianniu" else round(options.gigabytes * 2.05e6)
    file = scratch / f"orders-{rows}.csv"
    # In a process of its own: the system counts a parent's peak memory as its children's.
    subprocess.run([sys.executable, str(Path(__file__).with_name("generate.py")), str(file), str(rows)], check=True)
    print(f"{file.stat().st_size / 1e9:.2f} GB, {rows:,} rows")
    programs = contenders(
        file,
        scratch=scratch,
        currency="CNY",
        timezone="Asia/Shanghai",
        base=DECODE_AND_BARE,
        pandas=options.case == "qianniu",
    )
    print(table(compare(programs, options.rounds or 1)))


if __name__ == "__main__":
    main()

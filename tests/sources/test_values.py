"""Value rules against an independent reading in Python."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.sources.dates import YearSource, zoned_sql
from duoshou.sources.layout import DateOrder, FieldType
from duoshou.sources.values import NULL_WORDS, PLAIN_BEGINNINGS, clean, is_null_word, period_end, value_sql, whole


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an engine."""
    with duckdb.connect() as opened:
        yield opened


def evaluate(
    engine: duckdb.DuckDBPyConnection, kind: FieldType, cell: str | None, *, header: str = "", dates: DateOrder = "ymd"
) -> object:
    """Return what the rule reads in a cell."""
    query = f"SELECT {value_sql(kind, 'cell', header=header, dates=dates)} FROM (SELECT CAST($1 AS VARCHAR) AS cell)"
    return engine.execute(query, [cell]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.3", "12.30"),
        ("1,234.50", "1234.50"),
        ("１，２３４．５０", "1234.50"),
        ("￥1,234.5", "1234.50"),
        ("￥1,234.00", "1234.00"),
        ("$1,234.56", "1234.56"),
        ("€1,234.56", "1234.56"),
        ("¥12", "12.00"),
        ("$12.00", "12.00"),
        ("£3", "3.00"),
        ("123.45元", "123.45"),
        ("0元", "0.00"),
        ("1.2万", "12000.00"),
        ("3亿", "300000000.00"),
        ("(12.3)", "-12.30"),
        ("-12.3", "-12.30"),
        ("-¥5", "-5.00"),
        ("¥-5", "-5.00"),
        (" 12 ", "12.00"),
        ('="12.5"', "12.50"),
        ("\t12", "12.00"),
        ("'12", "12.00"),
        ("1e3", "1000.00"),
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("+7", "7.00"),
        ("12,34.5", None),
        ("1.2.3", None),
        ("abc", None),
        ("12%", None),
        ("-", None),
        ("--", None),
        ("", None),
        (None, None),
        ("nan", None),
        ("无退款申请", None),
        ("4.4/2.6", None),
        ("一百", None),
        ("1 2", None),
        ("--5", None),
    ],
)
def test_money(engine: duckdb.DuckDBPyConnection, cell: str | None, value: str | None) -> None:
    """An amount is read with its decorations, to the cent, or not at all."""
    assert evaluate(engine, "money", cell) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("1,234", 1234),
        ("5.0", 5),
        ("1.5", None),
        ("1.2万", 12000),
        ("0x1F", None),
        ("12件", 12),
        ("nan", None),
        ("9" * 30, None),
    ],
)
def test_integer(engine: duckdb.DuckDBPyConnection, cell: str, value: int | None) -> None:
    """A count is whole: a fraction is not rounded."""
    assert evaluate(engine, "integer", cell) == value


@pytest.mark.parametrize(
    ("cell", "header", "value"),
    [
        ("0.0231", "点击率", 0.0231),
        ("2.31%", "点击率", 0.0231),
        ("2.31", "点击率(%)", 0.0231),
        ("2.31%", "点击率(%)", 0.0231),
        ("2.31", "点击率（％）", 0.0231),
        ("2.31％", "点击率", 0.0231),
        ("250%", "占比", 2.5),
        ("-1.5%", "变化", -0.015),
        ("1,250.5%", "变化", 12.505),
        ("nan", "点击率", None),
        ("inf", "点击率", None),
        ("-", "点击率(%)", None),
        ("4.8", "描述相符评分", 4.8),
    ],
)
def test_rate(engine: duckdb.DuckDBPyConnection, cell: str, header: str, value: float | None) -> None:
    """A rate is a fraction in each of its three spellings; the header decides what a number without sign means."""
    assert evaluate(engine, "rate", cell, header=header) == (None if value is None else pytest.approx(value, rel=1e-15))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('="1930000000000000123"', "1930000000000000123"),
        ("\t6917000000000000001", "6917000000000000001"),
        ("'6917", "6917"),
        ("ID：6123", "6123"),
        ("订单编号：77", "77"),
        ("17850.0", "17850"),
        ("1.93E+17", None),
        ("1.93e17", None),
        ("2E+17", None),
        ("1930000000000000123.0", None),
        ("193000000000001.0", "193000000000001"),
        ("85123A", "85123A"),
        ("A-1.5", "A-1.5"),
        ("-", None),
        (" C536379 ", "C536379"),
        ("00123", "00123"),
        ("1930000000000000123", "1930000000000000123"),
        ("\ufeff123", "123"),
        ('=""', None),
    ],
)
def test_id(engine: duckdb.DuckDBPyConnection, cell: str, value: str | None) -> None:
    """An id is text: wrappings go, digits stay, and an id in scientific notation is lost."""
    assert evaluate(engine, "id", cell) == value


@pytest.mark.parametrize(
    ("cell", "order", "value"),
    [
        ("2026-08-11", "ymd", "2026-08-11 00:00:00"),
        ("2026/8/11 22:02", "ymd", "2026-08-11 22:02:00"),
        ("20260811", "ymd", "2026-08-11 00:00:00"),
        ("2026年06月07日 12:39:34", "ymd", "2026-06-07 12:39:34"),
        ("2026年6月7日", "ymd", "2026-06-07 00:00:00"),
        ("2026-8-1 3:04", "ymd", "2026-08-01 03:04:00"),
        ("2026/07/22 11:00:21", "ymd", "2026-07-22 11:00:21"),
        ("2026.8.11", "ymd", "2026-08-11 00:00:00"),
        ("20260811173656", "ymd", "2026-08-11 17:36:56"),
        ("2026-08-11T10:00:00", "ymd", "2026-08-11 10:00:00"),
        ("2026-08-11 10:00:00.123", "ymd", "2026-08-11 10:00:00"),
        ('="2026-08-11"', "ymd", "2026-08-11 00:00:00"),
        ("12-29-25", "mdy", "2025-12-29 00:00:00"),
        ("6/7/26 13:40", "mdy", "2026-06-07 13:40:00"),
        ("06-07-26", "mdy", "2026-06-07 00:00:00"),
        ("6/7/26 13:40", "dmy", "2026-07-06 13:40:00"),
        ("2026年06月07日 12:39", "ymd", "2026-06-07 12:39:00"),
        ("2026年06月07日 12时39分34秒", "ymd", "2026-06-07 12:39:34"),
        ("12/1/2010 8:26", "mdy", "2010-12-01 08:26:00"),
        ("1/12/2010 8:26", "dmy", "2010-12-01 08:26:00"),
        ("2010-12-01 08:26:00", "mdy", "2010-12-01 08:26:00"),
        ("6/7/26 13:40", "ymd", None),
        ("12/1/2010", "ymd", None),
        ("08/22", "ymd", None),
        ("13/1/2010 8:26", "mdy", None),
        ("2026-13-01", "ymd", None),
        ("2026-02-30", "ymd", None),
        ("26-08-11", "ymd", None),
        ("epoch", "ymd", None),
        ("infinity", "ymd", None),
        ("44927", "ymd", "2023-01-01 00:00:00"),
        ("44927.5", "ymd", "2023-01-01 12:00:00"),
        ("-", "ymd", None),
        ("12345", "ymd", None),
        ("２０２６-０８-１１", "ymd", "2026-08-11 00:00:00"),
    ],
)
def test_instant(engine: duckdb.DuckDBPyConnection, cell: str, order: DateOrder, value: str | None) -> None:
    """Every spelling of a date that the platforms use is read; an order that the layout does not declare is not
    guessed.
    """
    found = evaluate(engine, "instant", cell, dates=order)
    assert (None if found is None else str(found)) == value


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2026-01-01~2026-01-07", "2026-01-01", "2026-01-07"),
        ("2026-01-01 ~ 2026-01-07", "2026-01-01", "2026-01-07"),
        ("2026/1/1至2026/1/7", "2026-01-01", "2026-01-07"),
        ("2026-01-05", "2026-01-05", "2026-01-05"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026年2月", "2026-02-01", "2026-02-28"),
        ("上周", None, None),
    ],
)
def test_period(engine: duckdb.DuckDBPyConnection, cell: str, first: str | None, last: str | None) -> None:
    """A period cell gives its first and last day."""
    start = evaluate(engine, "period", cell)
    rule = whole(period_end("cell", clean("cell")))
    end = engine.execute(f"SELECT {rule} FROM (SELECT $1 AS cell)", [cell]).fetchall()[0][0]
    assert [None if day is None else str(day) for day in (start, end)] == [first, last]


@pytest.mark.parametrize(
    ("cell", "header", "seconds"),
    [
        ("2分30秒", "", 150.0),
        ("7小时41分52秒", "", 27712.0),
        ("00:02:30", "", 150.0),
        ("12.5", "平均停留时长(秒)", 12.5),
        ("2.5", "直播时长(分钟)", 150.0),
        ("1天", "", 86400.0),
        ("1天2小时", "", 93600.0),
        ("1天2小时3分4.5秒", "", 93784.5),
        ("41分", "", 2460.0),
        ("1，234", "", 1234.0),
        ("26:03:04", "", 93784.0),
        ("3秒2分", "", None),
        ("00:61:00", "", None),
        ("-", "", None),
        ("很久", "", None),
    ],
)
def test_duration(engine: duckdb.DuckDBPyConnection, cell: str, header: str, seconds: float | None) -> None:
    """A duration is read in seconds from words, a clock or a number."""
    assert evaluate(engine, "duration", cell, header=header) == seconds


@pytest.mark.parametrize("cell", ["-", "--", "—", "", "nan", "NULL", "无退款申请", "/", "\t-", '="-"'])
def test_null_words(engine: duckdb.DuckDBPyConnection, cell: str) -> None:
    """A word for nothing is no fault."""
    assert engine.execute(f"SELECT {is_null_word('cell')} FROM (SELECT $1 AS cell)", [cell]).fetchall() == [(True,)]


@pytest.mark.parametrize("word", NULL_WORDS)
def test_every_null_word(engine: duckdb.DuckDBPyConnection, word: str) -> None:
    """Each word is one however it is wrapped, gives no text and no id, and does not begin as plain texts do."""
    for cell in (word, f'="{word}"', f"\t{word} "):
        query = f"SELECT {is_null_word('cell')} FROM (SELECT $1 AS cell)"
        assert engine.execute(query, [cell]).fetchall() == [(True,)]
    assert (evaluate(engine, "text", word), evaluate(engine, "id", word)) == (None, None)
    assert not any(low.encode() <= word.encode() < high.encode() for low, high in PLAIN_BEGINNINGS)


@pytest.mark.parametrize("cell", ["nano", "x", "--x", "No", "暂无货", "无锡", "暃", "交易成功", "0"])
def test_no_null_words(engine: duckdb.DuckDBPyConnection, cell: str) -> None:
    """A word that begins like one for nothing is a text."""
    assert engine.execute(f"SELECT {is_null_word('cell')} FROM (SELECT $1 AS cell)", [cell]).fetchall() == [(False,)]
    assert evaluate(engine, "text", cell) == cell


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12A", "12A"),
        ("1930000000000000001", "1930000000000000001"),
        ("123E5", "123E5"),
        ("12e5", "12e5"),
        ("12-3", "12-3"),
        ("12 ", "12"),
        ("12.0", "12"),
        ("C12", "C12"),
    ],
)
def test_ids_with_digits_first(engine: duckdb.DuckDBPyConnection, cell: str, value: str | None) -> None:
    """Digits and letters are an id as they stand; every other spelling goes the longer way."""
    assert evaluate(engine, "id", cell) == value


def python_number(cell: str) -> Decimal | None:
    """Read a decorated number the other way: strip decorations one by one."""
    text = cell.strip()
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    power = {"万": 10**4, "亿": 10**8}
    text = text.removesuffix("元").strip()
    factor = power.get(text[-1:], 1)
    text = text[:-1] if factor > 1 else text
    for mark in "￥¥$£":
        text = text.replace(mark, "", 1)
    if "," in text and not re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", text):
        return None
    return sign * Decimal(text.replace(",", "")) * factor


@settings(max_examples=150, deadline=None)
@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False),
    st.sampled_from(["{}", "{:,}", "¥{}", "￥{:,}", "{}元", "{:,}元", " {} ", "${:,}", "{}万"]),
)
def test_money_as_python_reads_it(engine: duckdb.DuckDBPyConnection, value: Decimal, form: str) -> None:
    """Any amount in any decoration equals Python's reading, rounded once, half away from zero."""
    cell = form.format(value)
    expected = python_number(cell)
    assert expected is not None
    assert evaluate(engine, "money", cell) == expected.quantize(Decimal("0.01"), ROUND_HALF_UP)


@settings(max_examples=100, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6))
def test_rate_keeps_every_bit(engine: duckdb.DuckDBPyConnection, value: float) -> None:
    """A fraction in its shortest form comes back bit by bit; its percentage differs by rounding only."""
    assert evaluate(engine, "rate", repr(value)) == value
    percent = evaluate(engine, "rate", f"{value!r}%") if "e" not in repr(value) else value / 100
    assert isinstance(percent, float)
    assert math.isclose(percent, value / 100, rel_tol=1e-15, abs_tol=1e-300)


@settings(max_examples=150, deadline=None)
@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2099, 12, 31)),
    st.sampled_from(
        [
            "%Y-%m-%d %H:%M:%S",
            "%Y/%m/%d %H:%M:%S",
            "%Y年%m月%d日 %H:%M:%S",
            "%Y%m%d%H%M%S",
            "%m/%d/%Y %H:%M:%S",
            "%m-%d-%Y %H:%M:%S",
        ]
    ),
)
def test_instants_as_python_reads_them(engine: duckdb.DuckDBPyConnection, moment: datetime, form: str) -> None:
    """Any moment in any spelling of an American layout comes back to the second."""
    moment = moment.replace(microsecond=0)
    assert evaluate(engine, "instant", moment.strftime(form), dates="mdy") == moment


def python_duration(cell: str) -> float:
    """Read a duration in words the other way: sum numbers by the word behind each."""
    units = {"天": 86400, "小时": 3600, "分": 60, "秒": 1}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)(天|小时|分|秒)", cell))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 999), min_size=4, max_size=4), st.integers(1, 15))
def test_durations_as_python_reads_them(engine: duckdb.DuckDBPyConnection, numbers: list[int], chosen: int) -> None:
    """Any duration in words equals the sum of its parts, whichever of them are written."""
    units = [unit for bit, unit in enumerate(("天", "小时", "分", "秒")) if chosen >> bit & 1]
    cell = "".join(f"{number}{unit}" for number, unit in zip(numbers, units, strict=False))
    assert evaluate(engine, "duration", cell) == python_duration(cell)


@settings(max_examples=100, deadline=None)
@given(
    st.dates(min_value=date(2016, 1, 1), max_value=date(2040, 12, 31)),
    st.integers(0, 364),
    st.sampled_from(["{:%m/%d}", "{:%m-%d}", "{0.month}月{0.day}日", "{0.month}/{0.day}"]),
)
def test_dates_without_a_year_as_python_reads_them(
    engine: duckdb.DuckDBPyConnection, exported: date, ago: int, form: str
) -> None:
    """A day of the year before the export comes back, whatever its spelling; 29 February in its leap year."""
    day = exported - timedelta(days=ago)
    years = YearSource(datetime(exported.year, exported.month, exported.day, 18, 30))
    sql = value_sql("day", "cell", dates="md", years=years)
    found = engine.execute(f"SELECT {sql} FROM (SELECT $1 AS cell)", [form.format(day)]).fetchall()[0][0]
    year = exported.year
    while not _is_on_or_before(year, day, exported):
        year -= 1
    assert found == date(year, day.month, day.day)
    assert ago == 364 or found == day or (day.month, day.day) == (2, 29)


def _is_on_or_before(year: int, day: date, last: date) -> bool:
    try:
        return date(year, day.month, day.day) <= last
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("12/29~01/04", "2025-12-29", "2026-01-04"),
        ("01-03", "2026-01-03", "2026-01-03"),
        ("2025-12-30", "2025-12-30", "2025-12-30"),
    ],
)
def test_periods_without_a_year(engine: duckdb.DuckDBPyConnection, cell: str, first: str, last: str) -> None:
    """Both days of a period get their year from the period of the file."""
    years = YearSource.of_period((date(2025, 12, 29), date(2026, 1, 4)))
    start = value_sql("period", "cell", dates="md", years=years)
    end = whole(period_end("cell", clean("cell"), dates="md", years=years))
    found = engine.execute(f"SELECT {start}, {end} FROM (SELECT $1 AS cell)", [cell]).fetchall()[0]
    assert [str(day) for day in found] == [first, last]


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2039, 12, 31)),
    st.integers(-47, 56).map(lambda quarters: timedelta(minutes=15 * quarters)),
    st.sampled_from(["+00:00", "Z", " UTC", " GMT", " PST", " PDT", " JST", " +0000", "offset"]),
)
def test_offsets_as_python_reads_them(
    engine: duckdb.DuckDBPyConnection, moment: datetime, offset: timedelta, suffix: str
) -> None:
    """A time with its own offset gives the instant in UTC that Python gives."""
    short = {" PST": -8, " PDT": -7, " JST": 9}
    shift = offset if suffix == "offset" else timedelta(hours=short.get(suffix, 0))
    aware = moment.replace(microsecond=0, tzinfo=timezone(shift))
    cell = aware.isoformat() if suffix == "offset" else f"{moment:%Y-%m-%dT%H:%M:%S}{suffix}"
    query = f"SELECT {zoned_sql(clean('cell'))} FROM (SELECT $1 AS cell)"
    found = engine.execute(query, [cell]).fetchall()[0][0]
    assert found == aware.astimezone(UTC).replace(tzinfo=None)


@settings(max_examples=60, deadline=None)
@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2099, 12, 31)))
def test_spreadsheet_day_numbers(engine: duckdb.DuckDBPyConnection, day: date) -> None:
    """A spreadsheet's day number is the days since 1899-12-30."""
    assert evaluate(engine, "day", str((day - date(1899, 12, 30)) // timedelta(days=1))) == day


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=30),
    st.sampled_from(["id", "text", "integer", "money", "price", "rate", "instant", "day", "period", "duration"]),
)
def test_no_text_breaks_a_rule(engine: duckdb.DuckDBPyConnection, cell: str, kind: FieldType) -> None:
    """Any text gives a value or NULL, never an error."""
    evaluate(engine, kind, cell.encode("utf-8", "replace").decode().replace("\x00", ""))

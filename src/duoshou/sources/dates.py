"""Dates as they occur in export files, as DuckDB SQL."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from duoshou.sources.layout import DateOrder
from duoshou.sources.sql import literal

_CLOCK = r"(?:\s*[T ]?\s*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?)?[分秒]?)?"
_YEAR_FIRST = rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{_CLOCK}"
_YEAR_LAST = rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_CLOCK}"
_SHORT_YEAR_LAST = rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{2}}){_CLOCK}"
_COMPACT = r"(\d{4})(\d{2})(\d{2})(?:[ T_]?(\d{2}):?(\d{2})(?::?(\d{2}))?)?"
_NO_YEAR = rf"(\d{{1,2}})[-/.月](\d{{1,2}})日?{_CLOCK}"
_YEARLESS = r"-\1-\2 \3:\4:\5"
_RANGE = r"^(.+?)\s*(?:~|～|至|到|--| - )\s*(.+)$"
_ABBREVIATIONS = {
    "PST": -8,
    "PDT": -7,
    "MST": -7,
    "MDT": -6,
    "EST": -5,
    "EDT": -4,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "JST": 9,
}
"""Zones by their short names; CST is left out, since China and America mean different ones."""
_ZONED = rf"^(.*\d)\s*(Z|UTC|GMT|{'|'.join(_ABBREVIATIONS)}|[+-]\d{{2}}:?\d{{2}}|[+-]\d{{2}})$"
_YEAR_FIRST_ORDERS = ("ymd", "md")
_ISO = "%Y-%m-%d %H:%M:%S"
_NAMED_MONTH = "['%b %d, %Y', '%B %d, %Y']"
_PLAUSIBLE = "BETWEEN TIMESTAMP '1900-01-01' AND TIMESTAMP '2200-01-01'"


@dataclass(frozen=True)
class YearSource:
    """What gives a date without a year its year: it is the latest one in which the date lies before a moment.

    Attributes:
        before: The moment, local time.
        year: The year itself, where the file's period lies within one.
    """

    before: datetime
    year: int | None = None

    @classmethod
    def of_period(cls, days: tuple[date, date]) -> YearSource:
        """Return the source for dates of a period; within one year, every date is of that year."""
        start, end = days
        if start.year == end.year:
            return cls(datetime(end.year + 1, 1, 1), end.year)  # noqa: DTZ001 - local, as the dates are
        return cls(datetime.combine(end + timedelta(days=1), time.min))

    def years(self) -> list[int]:
        """Return the years to try, the latest first; 29 February needs a leap year."""
        if self.year is not None:
            return [self.year]
        latest = self.before.year
        leap = next(year for year in range(latest - 2, latest - 10, -1) if isleap(year))
        return [latest, latest - 1, leap]


def no_year_sql(bare: str, source: YearSource) -> str:
    """Return SQL for the timestamp of a text with month and day only, NULL for any other."""
    rest = f"regexp_replace({bare}, {literal(f'^(?:{_NO_YEAR})$')}, {literal(_YEARLESS)})"
    filled = f"regexp_replace(replace({rest}, ' ::', ' 0:0:0'), ':$', ':0')"
    tries = [f"try_strptime('{year}' || {filled}, '{_ISO}')" for year in source.years()]
    limit = f"TIMESTAMP '{source.before}'"
    known = ", ".join(f"CASE WHEN {moment} < {limit} THEN {moment} END" for moment in tries)
    return f"CASE WHEN regexp_full_match({bare}, {literal(_NO_YEAR)}) THEN coalesce({known}) END"


def no_year_period_sql(bare: str, source: YearSource, *, part: int) -> str:
    """Return SQL for the first (1) or last (2) day of a period whose days have no year."""
    edge = f"regexp_extract({bare}, {literal(_RANGE)}, {part})"
    return f"coalesce({no_year_sql(bare, source)}, {no_year_sql(edge, source)})"


def instant_rule(text: str, bare: str, order: DateOrder) -> tuple[str, str]:
    """Return SQL for a local timestamp: of clean text, and of what that leaves (an offset is for `zoned_sql`).

    The engine pays for each format that it tries in vain, so clean text is told by its length and marks before it is
    parsed, and everything else is brought into one form by a regular expression and parsed once.
    """
    other = (
        ""
        if order in _YEAR_FIRST_ORDERS
        else f" ELSE try_strptime({text}, '{'%m/%d' if order == 'mdy' else '%d/%m'}/%Y %H:%M')"
    )
    fast = (
        f"CASE WHEN length({text}) = 19 AND substr({text}, 5, 1) = '-' THEN try_strptime({text}, '{_ISO}') "
        f"WHEN length({text}) = 16 AND substr({text}, 5, 1) = '-' THEN try_strptime({text}, '%Y-%m-%d %H:%M') "
        f"WHEN length({text}) = 10 AND substr({text}, 5, 1) = '-' THEN try_strptime({text}, '%Y-%m-%d') "
        f"WHEN substr({text}, 5, 1) = '/' THEN try_strptime({text}, '%Y/%m/%d %H:%M'){other} END"
    )
    named = f"CASE WHEN contains({bare}, ', ') THEN {_plausible(f'try_strptime({bare}, {_NAMED_MONTH})')} END"
    return _plausible(fast) if other else fast, f"coalesce({_spelled(bare, order)}, {_serial(bare)}, {named})"


def _spelled(bare: str, order: DateOrder) -> str:
    """Return SQL for a date in any of the spellings of an order; which one it is, the digits and marks alone decide."""
    forms = [(_YEAR_FIRST, r"\1-\2-\3 \4:\5:\6"), (_COMPACT, r"\1-\2-\3 \4:\5:\6")]
    if order not in _YEAR_FIRST_ORDERS:
        month, day = (r"\1", r"\2") if order == "mdy" else (r"\2", r"\1")
        forms.append((_YEAR_LAST, rf"\3-{month}-{day} \4:\5:\6"))
        forms.append((_SHORT_YEAR_LAST, rf"20\3-{month}-{day} \4:\5:\6"))
    cases = " ".join(
        f"WHEN regexp_full_match({bare}, {literal(pattern)}) THEN regexp_replace({bare}, "
        f"{literal(f'^(?:{pattern})$')}, {literal(form)})"
        for pattern, form in forms
    )
    one_form = f"CASE {cases} END"
    filled = f"regexp_replace(replace({one_form}, ' ::', ' 0:0:0'), ':$', ':0')"
    return _plausible(f"try_strptime({filled}, '{_ISO}')")


def _plausible(value: str) -> str:
    return f"CASE WHEN {value} {_PLAUSIBLE} THEN {value} END"


def zoned_sql(bare: str) -> str:
    """Return SQL for the UTC timestamp of a text that carries its own offset (`+0000`, `Z`), NULL for any other."""
    local = _spelled(f"trim(regexp_extract({bare}, {literal(_ZONED)}, 1))", "ymd")
    offset = f"replace(regexp_extract({bare}, {literal(_ZONED)}, 2), ':', '')"
    named = " ".join(f"WHEN '{name}' THEN {hours * 60}" for name, hours in _ABBREVIATIONS.items())
    minutes = (
        f"CASE WHEN left({offset}, 1) IN ('+', '-') THEN CAST(left({offset}, 1) || '1' AS INTEGER) * "
        f"(CAST(substr({offset}, 2, 2) AS INTEGER) * 60 + CAST('0' || substr({offset}, 4, 2) AS INTEGER)) "
        f"ELSE CASE {offset} {named} ELSE 0 END END"
    )
    return f"CASE WHEN regexp_matches({bare}, {literal(_ZONED)}) THEN {local} - to_minutes({minutes}) END"


def period_start_rule(text: str, bare: str, order: DateOrder) -> tuple[str, str]:
    """Return SQL for the first day of a period: a day, a month (`2026-01`) or a range."""
    return _period_rule(text, bare, order, part=1, month=_month(bare))


def period_end_rule(text: str, bare: str, order: DateOrder) -> tuple[str, str]:
    """Return SQL for the last day of a period."""
    return _period_rule(text, bare, order, part=2, month=f"last_day({_month(bare)})")


def _period_rule(text: str, bare: str, order: DateOrder, *, part: int, month: str) -> tuple[str, str]:
    fast, slow = instant_rule(text, bare, order)
    edge = f"regexp_extract({bare}, {literal(_RANGE)}, {part})"
    return f"CAST({fast} AS DATE)", f"CAST(coalesce({slow}, {_spelled(edge, order)}, {month}) AS DATE)"


def _serial(bare: str) -> str:
    """Return SQL for a spreadsheet's day number (days since 1899-12-30), from 1954 to 2119."""
    number = f"try_cast({bare} AS DOUBLE)"
    seconds = f"CAST(round({number} * 86400) AS BIGINT)"
    return (
        f"CASE WHEN regexp_full_match({bare}, '[2-7][0-9]{{4}}(\\.[0-9]+)?') "
        f"THEN TIMESTAMP '1899-12-30' + to_seconds({seconds}) END"
    )


def _month(bare: str) -> str:
    pattern = r"(\d{4})[-/年](\d{1,2})月?"
    spelled = f"regexp_replace({bare}, '^{pattern}$', '\\1-\\2-1 0:0:0')"
    value = _plausible(f"try_strptime({spelled}, '{_ISO}')")
    return f"CASE WHEN regexp_full_match({bare}, '{pattern}') THEN {value} END"

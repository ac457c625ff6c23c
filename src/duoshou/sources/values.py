"""Value rules: how the text of one cell becomes a typed value, as DuckDB SQL.

A rule has two parts. `fast` reads clean text with one cast; `slow` reads what `fast` left NULL, on the cell as
`clean` makes it.
A rule gives NULL for what it cannot read; whether that NULL is a fault depends on the text. Nothing is guessed: a day
and month in
an order that the layout does not declare, a number with letters, an id that lost digits give NULL.
"""

from __future__ import annotations

from typing import NamedTuple

from duoshou.sources.dates import (
    YearSource,
    instant_rule,
    no_year_period_sql,
    no_year_sql,
    period_end_rule,
    period_start_rule,
)
from duoshou.sources.layout import DateOrder, FieldType
from duoshou.sources.sql import literal

NULL_WORDS = (
    "",
    "-",
    "--",
    "---",
    "--%",
    "—",
    "——",
    "–",
    "/",
    "nan",
    "NaN",
    "NAN",
    "null",
    "NULL",
    "None",
    "N/A",
    "n/a",
    "#N/A",
    r"\N",
    "无",
    "暂无",
    "暂无数据",
    "暂无来源",
    "无退款申请",
)

PLAIN_BEGINNINGS = (("0", "N"), ("O", "\\"), ("一", "无"), ("暃", "龦"))
"""From … to before …: texts among which none of `NULL_WORDS` is, as the engine compares them."""

SQL_TYPES: dict[FieldType, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "status": "VARCHAR",
    "integer": "BIGINT",
    "money": "DECIMAL(18,2)",
    "price": "DECIMAL(18,4)",
    "rate": "DOUBLE",
    "duration": "DOUBLE",
    "instant": "TIMESTAMP",
    "day": "DATE",
    "period": "DATE",
}

_NULL_LIST = literal("||" + "|".join(word for word in NULL_WORDS if word) + "|")
_LONGEST_NULL = max(len(word.encode()) for word in NULL_WORDS)
_FULL_WIDTH = "０１２３４５６７８９，．％－＋（）：／　−–—﹣"
_HALF_WIDTH = "0123456789,.%-+():/ ----"
_SPACES = ("' '", "chr(9)", "'　'", "chr(160)", "chr(10)", "chr(13)")
_WHITE = r"[\s\x{00A0}\x{3000}\x{FEFF}\x{200B}]*"
_WRAPPED = rf"""(?s)^{_WHITE}(?:="(.*?)"|"(.*?)"|'?(.*?)){_WHITE}$"""
_NUMBER = r"[-+]?\s*[￥¥$£€]?\s*[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d+|\s*[万亿])?\s*[元次件人笔个]?"
_ID_PREFIX = r"^(?:ID|Id|id|订单编号|订单号|商品ID|商品id|编号)\s*[:：]\s*"
_LOST_DIGITS = r"[-+]?\d(?:\.\d+)?[eE]\+?\d+|\d{16,}\.0+"


class Rule(NamedTuple):
    """How a cell becomes a value.

    Attributes:
        fast: SQL over the raw text; NULL sends the cell to `slow`.
        slow: SQL over the cleaned text; None when `fast` is the whole rule.
    """

    fast: str
    slow: str | None = None


def unwrap(text: str) -> str:
    """Return SQL that takes off what spreadsheets and platforms put around a cell: `="…"`, `'`, tabs, spaces, BOM.

    Nearly all cells begin with a letter or digit and end with neither space nor tab, or are `="…"` throughout a column:
    these need no regular expression. A cell that holds nothing else gives NULL.
    """
    bare = f"{text} >= '0' AND {text} < '龦' AND NOT starts_with({text}, '=')"
    white = " OR ".join(f"ends_with({text}, {mark})" for mark in _SPACES)
    ended = f"rtrim({text}, {' || '.join(_SPACES)})"
    quoted = f"starts_with({text}, '=\"') AND strpos({text}[3:], '\"') = length({text}) - 2 AND length({text}) > 3"
    other = f"nullif({_stripped(text)}, '')"
    return (
        f"CASE WHEN {bare} AND NOT ({white}) THEN {text} WHEN {bare} THEN {ended} "
        f"WHEN {quoted} THEN {text}[3:-2] ELSE {other} END"
    )


def _stripped(text: str) -> str:
    return f"regexp_replace({text}, {literal(_WRAPPED)}, '\\1\\2\\3')"


def clean(text: str) -> str:
    """Return SQL for the unwrapped cell with full-width digits and marks made half-width."""
    return f"trim(translate({_stripped(text)}, {literal(_FULL_WIDTH)}, {literal(_HALF_WIDTH)}))"


def is_null_word(text: str) -> str:
    """Return SQL that tells whether a non-NULL cell says that there is no value; no word changes when unwrapped."""
    return _is_listed(_stripped(text))


def says_nothing(text: str) -> str:
    """Return SQL that tells whether a text is empty or one of the words for no value; a search in one text, cheaper
    than IN.
    """
    return f"CASE WHEN strlen({text}) > {_LONGEST_NULL} THEN FALSE ELSE {_is_listed(text)} END"


def _is_listed(text: str) -> str:
    return f"contains({_NULL_LIST}, '|' || {text} || '|')"


def _begins_plainly(text: str) -> str:
    """Return SQL that is true where the first letter alone tells that a text is none of the words for no value."""
    return " OR ".join(f"{text} >= {literal(low)} AND {text} < {literal(high)}" for low, high in PLAIN_BEGINNINGS)


def rule(  # noqa: PLR0911 - one return a type
    kind: FieldType,
    text: str,
    bare: str,
    *,
    dates: DateOrder = "ymd",
    header: str = "",
    years: YearSource | None = None,
) -> Rule:
    """Return the rule of a type over two SQL names: the raw and the cleaned cell; the header tells units of rates and
    durations, `years` the year of dates that have none.
    """
    if kind == "id":
        return _id(text, bare)
    if kind in ("text", "status"):
        nothing = f"CASE WHEN {_begins_plainly(text)} THEN FALSE ELSE {says_nothing(text)} END"
        return Rule(f"CASE WHEN {nothing} THEN NULL ELSE {unwrap(text)} END")
    if kind == "integer":
        return _integer(text, bare)
    if kind in ("money", "price"):
        return _money(text, bare, SQL_TYPES[kind])
    if kind == "rate":
        return _rate(text, bare, points="%" in header or "％" in header)
    if kind == "duration":
        return _duration(text, bare, header)
    if kind == "period":
        return _edge(bare, period_start_rule(text, bare, dates), dates, years, part=1)
    fast, slow = instant_rule(text, bare, dates)
    if dates == "md" and years is not None:
        slow = f"coalesce({slow}, {no_year_sql(bare, years)})"
    return Rule(f"CAST({fast} AS DATE)", f"CAST({slow} AS DATE)") if kind == "day" else Rule(fast, slow)


def period_end(text: str, bare: str, *, dates: DateOrder = "ymd", years: YearSource | None = None) -> Rule:
    """Return the rule for the last day of a period cell."""
    return _edge(bare, period_end_rule(text, bare, dates), dates, years, part=2)


def _edge(bare: str, read: tuple[str, str], dates: DateOrder, years: YearSource | None, *, part: int) -> Rule:
    if dates != "md" or years is None:
        return Rule(*read)
    return Rule(read[0], f"coalesce({read[1]}, CAST({no_year_period_sql(bare, years, part=part)} AS DATE))")


def whole(parts: Rule) -> str:
    """Return one SQL expression for a rule."""
    return parts.fast if parts.slow is None else f"coalesce({parts.fast}, {parts.slow})"


def value_sql(
    kind: FieldType, text: str, *, dates: DateOrder = "ymd", header: str = "", years: YearSource | None = None
) -> str:
    """Return one SQL expression that reads `text`; for expressions used once, since the cleaning is written out each
    time.
    """
    return whole(rule(kind, text, clean(text), dates=dates, header=header, years=years))


def status_rule(text: str, bare: str, vocabulary: dict[str, str]) -> Rule:
    """Return the rule that translates a status by its vocabulary; an unknown word gives NULL."""
    if not vocabulary:
        return Rule("CAST(NULL AS VARCHAR)")
    exact = " ".join(f"WHEN {literal(word)} THEN {literal(value)}" for word, value in vocabulary.items())
    loose = " ".join(f"WHEN {literal(_fold(word))} THEN {literal(value)}" for word, value in vocabulary.items())
    return Rule(f"CASE {text} {exact} END", f"CASE replace({bare}, ' ', '') {loose} END")


def _fold(word: str) -> str:
    return word.replace("，", ",").replace(" ", "")


def _id(text: str, bare: str) -> Rule:
    marks = " OR ".join(f"contains({text}, {literal(mark)})" for mark in (".", "+", ":", "：", "-"))
    unprefixed = f"regexp_replace({bare}, {literal(_ID_PREFIX)}, '')"
    slow = (
        f"CASE WHEN {says_nothing(bare)} OR regexp_full_match({bare}, {literal(_LOST_DIGITS)}) THEN NULL "
        f"WHEN regexp_full_match({bare}, '-?[0-9]{{1,15}}\\.0+') THEN split_part({bare}, '.', 1) ELSE "
        f"nullif({unprefixed}, '') END"
    )
    plain = f"{text} < ':' AND regexp_full_match({text}, '[0-9][0-9A-Za-z]*')"
    return Rule(
        f"CASE WHEN {plain} THEN {text} WHEN {marks} THEN NULL WHEN {says_nothing(text)} THEN NULL "
        f"ELSE {unwrap(text)} END",
        slow,
    )


def _integer(text: str, bare: str) -> Rule:
    cast = f"try_cast({text} AS BIGINT)"
    number = _number(bare, "DECIMAL(38,6)")
    slow = f"CASE WHEN {number} = trunc({number}) THEN try_cast({number} AS BIGINT) END"
    return Rule(f"CASE WHEN CAST({cast} AS VARCHAR) = {text} THEN {cast} END", slow)


def _money(text: str, bare: str, sql_type: str) -> Rule:
    """Return the rule for an amount: plain, or followed by 元 throughout a column, or decorated in some other way."""
    plain, in_yuan = (f"try_cast({part} AS {sql_type})" for part in (text, f"{text}[:-2]"))
    return Rule(f"CASE WHEN ends_with({text}, '元') THEN {in_yuan} ELSE {plain} END", _number(bare, sql_type))


def _rate(text: str, bare: str, *, points: bool) -> Rule:
    unit = " || 'e-2'" if points else ""
    cast = f"try_cast({text}{unit} AS DOUBLE)"
    return Rule(f"CASE WHEN isfinite({cast}) THEN {cast} END", _number(bare, "DOUBLE", scale="e-2" if points else ""))


def _number(bare: str, sql_type: str, *, scale: str = "") -> str:
    """Return SQL for a decorated number; its digits become one text that is cast once, so rounding happens once."""
    digits = f"regexp_replace({bare}, '[^0-9.eE+-]', '', 'g')"
    minus = f"CASE WHEN {bare} LIKE '(%' THEN '-' ELSE '' END"
    power = (
        f"CASE WHEN contains({bare}, '%') THEN 'e-2' WHEN contains({bare}, '亿') THEN 'e8' "
        f"WHEN contains({bare}, '万') THEN 'e4' ELSE '{scale}' END"
    )
    allowed = _NUMBER + (r"\s*%?" if sql_type == "DOUBLE" else "")
    value = f"try_cast({minus} || {digits} || {power} AS {sql_type})"
    guarded = f"CASE WHEN isfinite({value}) THEN {value} END" if sql_type == "DOUBLE" else value
    return f"CASE WHEN regexp_full_match({bare}, {literal(rf'{allowed}|[(]{allowed}[)]')}) THEN {guarded} END"


def _duration(text: str, bare: str, header: str) -> Rule:
    factor = 60 if "分钟" in header else 3600 if "小时" in header else 1
    words = r"(?:(\d+)天)?(?:(\d+)(?:小时|时))?(?:(\d+)(?:分钟|分))?(?:(\d+(?:\.\d+)?)秒)?"
    parts = " + ".join(
        f"coalesce(try_cast(nullif(regexp_extract({bare}, {literal(f'^{words}$')}, {group}), '') AS "
        f"DOUBLE), 0) * {seconds}"
        for group, seconds in ((1, 86400), (2, 3600), (3, 60), (4, 1))
    )
    clock = " + ".join(
        f"try_cast(split_part({bare}, ':', {part}) AS DOUBLE) * {seconds}"
        for part, seconds in ((1, 3600), (2, 60), (3, 1))
    )
    number = _rate(text, bare, points=False)
    slow = (
        f"coalesce({number.slow} * {factor}, CASE WHEN {bare} <> '' AND regexp_full_match({bare}, "
        f"{literal(words)}) THEN {parts} "
        f"WHEN regexp_full_match({bare}, '\\d+:[0-5]?\\d:[0-5]?\\d') THEN {clock} END)"
    )
    return Rule(f"{number.fast} * {factor}", slow)

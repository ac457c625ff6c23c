"""A first mapping for a table of unknown kind: types by what parses, canonical columns by what the headers say."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from duoshou.sources.container import contents
from duoshou.sources.errors import unreadable
from duoshou.sources.headers import looks_personal, normalise_header, unique_headers
from duoshou.sources.layout import FieldType
from duoshou.sources.matching import HEADER_ROWS
from duoshou.sources.recognise import Candidate, candidates
from duoshou.sources.registry import load_layouts
from duoshou.sources.values import is_null_word, value_sql

_SYNONYMS = Path(__file__).parent / "synonyms.toml"
_KEYS = {
    "order_header": "order_id",
    "order_item": "order_id",
    "shop_period": "period_start",
    "product_period": "product_id",
}
_CONSTANT = {
    "shop_period": {"grain": "'day'", "terminal": "'all'"},
    "product_period": {"grain": "'day'"},
    "ad_period": {
        "account": "'-'",
        "report_level": "'plan'",
        "ad_group": "'-'",
        "target": "'-'",
        "attribution_window_days": "0",
    },
}
_TRIES: tuple[FieldType, ...] = ("integer", "price", "rate", "instant", "duration")


@dataclass(frozen=True)
class _Guess:
    """What one column seems to be."""

    name: str
    header: str
    kind: FieldType
    personal: str | None
    example: str


def draft_mapping(path: Path) -> str:
    """Return the TOML text of a mapping for the table in `path`, with comments in both languages.

    The draft loads as a layout and imports; a person checks the types, the personal columns and the canonical columns.

    Raises:
        UnreadableFile: If the file holds no table.
    """
    candidate = _widest(path)
    row = _header_row(candidate.rows)
    headers = list(candidate.rows[row])
    while headers and not headers[-1].strip():
        headers.pop()
    names = unique_headers(headers)
    sample = [list(cells[: len(names)]) for cells in candidate.rows[row + 1 :]]
    guesses = _guesses(names, sample)
    return _toml(path, guesses, *_table(guesses))


def _widest(path: Path) -> Candidate:
    found = [candidate for content in contents(path) for group in candidates(content) for candidate in group]
    found = [candidate for candidate in found if len(candidate.rows) > 1]
    if not found:
        raise unreadable("no_rows", "文件里没有表格", "there is no table in the file", file=path.name)
    return max(found, key=lambda candidate: (_words(candidate.rows[_header_row(candidate.rows)]), -_noise(candidate)))


def _noise(candidate: Candidate) -> int:
    return sum(cell.count("\ufffd") for row in candidate.rows for cell in row)


def _header_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the first row with the most distinct words: the header names every column, and no later row names more."""
    return max(range(min(HEADER_ROWS, len(rows))), key=lambda index: (_words(rows[index]), -index))


def _words(row: Sequence[str]) -> int:
    return len(
        {cell.strip() for cell in row if re.search(r"[^\W\d_]", cell) and not re.match(r"\d{4}[-/年]", cell.strip())}
    )


def _guesses(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> list[_Guess]:
    columns = [
        [row[place].strip() for row in sample if place < len(row) and row[place].strip()]
        for place in range(len(headers))
    ]
    fitting = _fitting(columns)
    guesses: list[_Guess] = []
    for position, (header, cells) in enumerate(zip(headers, columns, strict=True)):
        personal = _personal(header)
        if personal == "buyer" and any(guess.personal == "buyer" for guess in guesses):
            personal = "drop"
        kind: FieldType = "id" if personal == "buyer" else _kind(header, cells, fitting.get(position, []))
        example = "" if personal or not cells else cells[0][:30]
        guesses.append(_Guess(f"column_{position + 1}", header, kind, personal, example))
    return guesses


def _personal(header: str) -> str | None:
    if not looks_personal(header):
        return None
    words = normalise_header(header)
    if re.search(r"会员名|买家账号|旺旺|customer|buyer", words) and not re.search(r"姓名|name|电话|phone", words):
        return "buyer"
    return "address" if re.fullmatch(r".*(收货|收件)?地址", words) else "drop"


def _kind(header: str, cells: Sequence[str], fitting: Sequence[FieldType]) -> FieldType:
    """Return a type that reads every cell of the sample: ids by their header or length, dates before numbers, else the
    narrowest.
    """
    words = normalise_header(header)
    if not cells:
        return "text"
    if re.search(r"(编号|单号|id|sku|编码|货号|asin|code|no\.?)$", words) or _long_digits(cells):
        return "id"
    if "instant" in fitting and (re.search(r"日期|时间|date|day|_at$", words) or "integer" not in fitting):
        return "instant" if any(":" in cell or "：" in cell or "时" in cell for cell in cells) else "day"
    if fitting and fitting[0] == "price" and re.search(r"额|费|款|amount|total|sales|cost|spend", words):
        return "money"
    return fitting[0] if fitting else "text"


def _long_digits(cells: Sequence[str]) -> bool:
    return any(re.fullmatch(r"""[='"\t]*\d{15,}["]*""", cell) for cell in cells)


def _fitting(columns: Sequence[Sequence[str]]) -> dict[int, list[FieldType]]:
    """Return, per column, the types that read all its cells, the narrowest first; the engine's own rules decide."""
    import duckdb

    empty = is_null_word("cell")
    tests = [f"bool_and({empty} OR {value_sql(kind, 'cell')} IS NOT NULL)" for kind in _TRIES]
    cells = [(position, cell) for position, column in enumerate(columns) for cell in column]
    if not cells:
        return {}
    query = (
        f"SELECT position, bool_or(NOT {empty}), {', '.join(tests)} FROM "
        "(SELECT unnest($1) AS position, unnest($2) AS cell) GROUP BY position"
    )
    with duckdb.connect() as connection:
        found = connection.execute(query, [[place for place, _ in cells], [cell for _, cell in cells]]).fetchall()
    return {
        place: [kind for kind, fits in zip(_TRIES, every, strict=True) if fits] for place, some, *every in found if some
    }


@lru_cache(maxsize=1)
def _suggestions() -> dict[str, dict[str, str]]:
    """Return, per canonical table, the canonical column that a normalised header suggests."""
    found: dict[str, dict[str, str]] = {}
    for layout in load_layouts().values():
        headers = {field.name: field.header for field in layout.field if field.personal is None}
        for table in layout.table:
            for column, expression in table.columns.items():
                for header in headers.get(expression, ()):
                    found.setdefault(table.name, {}).setdefault(normalise_header(header), column)
    for table_name, columns in tomllib.loads(_SYNONYMS.read_text("utf-8")).items():
        for column, words in columns.items():
            for word in words:
                found.setdefault(table_name, {}).setdefault(normalise_header(word), column)
    return found


def _table(guesses: Sequence[_Guess]) -> tuple[str, dict[str, _Guess]]:
    """Return the canonical table with most columns in common, and which guess fills which of its columns."""
    best: tuple[str, dict[str, _Guess]] = ("order_item", {})
    for table, words in _suggestions().items():
        hits: dict[str, _Guess] = {}
        for guess in guesses:
            column = words.get(normalise_header(guess.header))
            if column and guess.personal is None and column not in hits:
                hits[column] = guess
        if len(hits) > len(best[1]) and (key := _KEYS.get(table)) in (None, *hits):
            best = (table, hits if key or table == "ad_period" else {})
    if not best[1]:
        first = next((guess for guess in guesses if guess.personal is None), guesses[0])
        return "order_item", {"order_id": first}
    return best


def _toml(path: Path, guesses: Sequence[_Guess], table: str, columns: dict[str, _Guess]) -> str:
    key = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "my_table"
    lines = [
        f"# 由 duoshou map 为 {_commented(path.name)} 起草：请核对字段类型、个人信息列和规范列，",
        "# 再用 duoshou import 文件 --map 本文件 导入。",
        f"# Drafted by `duoshou map` for {_commented(path.name)}: check types, personal columns and canonical",
        "# columns, then `duoshou import FILE --map THIS_FILE`.",
        f"key = {_quoted(key)}",
        'platform = "other"',
        f"title = {{ zh = {_quoted(path.stem)}, en = {_quoted(path.stem)} }}",
        'dates = "ymd"  # 日期只有 6/7/26 这类写法时改为 "mdy" 或 "dmy" / "mdy" or "dmy" where 6/7/26 is written',
        "",
        "[recognise]",
        f"required = [{', '.join(_quoted(guess.header) for guess in guesses)}]",
        "",
        "# 类型 / types: id text integer money price rate instant day period duration status",
        '# personal: "buyer" 加密 / hashed；"address" 只留省市 / province and city only；"drop" 不入库 / never kept',
    ]
    for guess in guesses:
        lines += [
            "",
            "[[field]]",
            *_field_lines(guess, required=guess in columns.values() and guess is columns.get(_KEYS.get(table, ""))),
        ]
    return "\n".join([*lines, "", *_table_lines(table, columns, guesses)]) + "\n"


def _field_lines(guess: _Guess, *, required: bool) -> Iterable[str]:
    name = "buyer_key" if guess.personal == "buyer" else guess.name
    example = _commented(guess.example)
    yield f"name = {_quoted(name)}" + (f"  # 例 / e.g. {example}" if example else "")
    yield f"header = [{_quoted(guess.header)}]"
    yield f"type = {_quoted(guess.kind)}"
    if guess.personal:
        yield f"personal = {_quoted(guess.personal)}"
    if required:
        yield "required = true"


def _table_lines(table: str, columns: dict[str, _Guess], guesses: Sequence[_Guess]) -> Iterable[str]:
    yield "# 写入哪张规范表；左边是规范列，右边是字段（或 DuckDB 表达式）"
    yield "# The canonical table: canonical column on the left, field (or DuckDB expression) on the right"
    yield "[[table]]"
    yield f"name = {_quoted(table)}"
    yield "[table.columns]"
    for column, expression in _CONSTANT.get(table, {}).items():
        if column in columns:
            continue
        yield f"{column} = {_quoted(expression)}"
    for column, guess in columns.items():
        yield f"{column} = {_quoted(_expression(column, guess))}"
    if table == "order_header":
        if any(guess.personal == "buyer" for guess in guesses):
            yield 'buyer_key = "buyer_key"'
        if "status" not in columns:
            yield "status = \"'finished'\"  # 没有状态列 / no column of status"
    unused = [guess for guess in guesses if guess not in columns.values() and guess.personal is None]
    for guess in unused:
        yield f"# ? = {_quoted(guess.name)}  # {_commented(guess.header)}"


_COUNTS = {"quantity", "visitors", "page_views", "buyers", "paid_orders", "paid_units"}


def _expression(column: str, guess: _Guess) -> str:
    """Return the field, cast where its type is not the canonical column's."""
    kind, sql_type = _wanted(column)
    if guess.kind == kind or (kind == "text" and guess.kind == "id"):
        return guess.name
    return f"TRY_CAST({guess.name} AS {sql_type})"


def _wanted(column: str) -> tuple[FieldType, str]:
    if column.endswith("_at"):
        return "instant", "TIMESTAMP"
    if column.endswith(("amount", "freight")):
        return "money", "DECIMAL(18,2)"
    if column == "unit_price":
        return "price", "DECIMAL(18,4)"
    if column in _COUNTS:
        return "integer", "BIGINT"
    return ("day", "DATE") if column in ("period_start", "day") else ("text", "VARCHAR")


def _commented(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

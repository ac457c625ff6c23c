"""What a layout may say: mistakes that TOML and types cannot show are told with the file and the field."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from duoshou.model import Place, Text
from duoshou.sources.errors import LayoutError
from duoshou.sources.headers import ANY_BRACKETS, normalise_header
from duoshou.sources.layout import IN_HEADER, Layout, LayoutField

_FORBIDDEN = re.compile(r"(?i)\b(select|read_\w+|from\s+'|attach|copy|pragma|getvariable|getenv)\b")


def wrong(file: str, zh: str, en: str) -> LayoutError:
    """Return the error for a layout that says something impossible."""
    hint = Text("格式的写法见 docs/how-to/add-a-layout.md", "docs/how-to/add-a-layout.md shows how a layout is written")
    return LayoutError("layout_invalid", Text(zh, en), hint=hint, place=Place(file=file))


def check(layout: Layout, file: str) -> None:
    """Raise a `LayoutError` that names the first mistake, if there is one."""
    for zh, en in _faults(layout):
        raise wrong(file, zh, en)


def _faults(layout: Layout) -> Iterator[tuple[str, str]]:
    yield from _name_faults(layout)
    for field in layout.field:
        for zh, en in _field_faults(field):
            yield f"字段 {field.name}：{zh}", f"field {field.name}: {en}"
    yield from _recognition_faults(layout)
    yield from _expression_faults(layout)
    yield from _reject_faults(layout)
    yield from _currency_faults(layout)


def _name_faults(layout: Layout) -> Iterator[tuple[str, str]]:
    names = [field.name for field in layout.field]
    for name in names:
        if names.count(name) > 1:
            yield f"字段 {name} 写了两次", f"the field {name} is written twice"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            yield f"字段名 {name} 只能用小写字母、数字和下划线", f"field name {name}: lower case, digits, underscores"
    if sum(field.personal == "buyer" for field in layout.field) > 1:
        yield "只能有一个买家字段", 'only one field may be personal = "buyer"'
    if sum(field.personal == "referrer" for field in layout.field) > 1:
        yield "只能有一个推荐人字段", 'only one field may be personal = "referrer"'
    personal = {_column(field, spelling) for field in layout.field if field.personal for spelling in field.header}
    for field in layout.field:
        if field.personal is None and any(_column(field, spelling) in personal for spelling in field.header):
            yield (
                f"字段 {field.name} 和一个个人信息字段读同一列",
                f"the field {field.name} reads the column of a personal field",
            )
    totals = layout.totals
    proofs = (one for named in totals.named_by.items() for one in (named[0], *named[1])) if totals else ()
    for name in (*totals.fields, *totals.compare, *totals.by_sum, *proofs) if totals else ():
        if name not in names:
            yield f"totals 提到未知字段 {name}", f"totals names the unknown field {name}"


def _column(field: LayoutField, spelling: str) -> tuple[str | None, str]:
    return field.after, normalise_header(spelling)


def _field_faults(field: LayoutField) -> Iterator[tuple[str, str]]:
    if (field.part is None) != (not field.separator):
        yield "part 和 separator 要一起写", "part and separator belong together"
    if field.personal is not None and (field.part or field.pattern or field.values or field.fill_down):
        # Of a person the archive has a key at most: whether the cell was empty or masked cannot be told any more.
        yield (
            "个人信息字段不能用 part、pattern、values、fill_down",
            "a personal field has no part, pattern, values or fill_down",
        )
    if field.after is not None and not normalise_header(field.after):
        yield "after 不能为空", "after cannot be empty"
    if field.pattern is not None:
        yield from _pattern_faults(field.pattern, groups=1)
    for spelling in field.header:
        if ANY_BRACKETS in normalise_header(spelling).removesuffix(ANY_BRACKETS):
            yield f"(*) 只能写在表头末尾：{spelling}", f"(*) may only end a header: {spelling}"


def _recognition_faults(layout: Layout) -> Iterator[tuple[str, str]]:
    rules = layout.recognise
    for word in (*rules.required, *rules.distinctive):
        if not normalise_header(word):
            yield "表头不能为空", "a header cannot be empty"
    for pattern in (rules.file_name, rules.sheet):
        yield from _pattern_faults(pattern or "")
    for encoding in rules.encodings:
        try:
            codecs.lookup(encoding)
        except LookupError:
            yield f"没有名为 {encoding} 的编码", f"there is no encoding named {encoding}"
    if rules.explanation_rows and not any(field.required and field.type != "text" for field in layout.field):
        yield (
            "explanation_rows 要有一个不是 text 的必填字段",
            "explanation_rows needs a required field that is not text",
        )


def _pattern_faults(pattern: str, *, groups: int = 0) -> Iterator[tuple[str, str]]:
    try:
        found = re.compile(pattern)
    except re.error as error:
        yield f"正则表达式 {pattern} 有误：{error}", f"bad regular expression {pattern}: {error}"
        return
    if found.groups < groups:
        yield f"正则表达式 {pattern} 没有括号组", f"the regular expression {pattern} has no group"
    if groups and re.search(r"\(\?(?:=|!|<=|<!|\()|\\[1-9]", pattern):
        yield f"{pattern}：不支持前后断言和反向引用", f"{pattern}: no look-around and no references to groups"


def _expression_faults(layout: Layout) -> Iterator[tuple[str, str]]:
    for table in layout.table:
        for expression in (*table.columns.values(), table.where or ""):
            yield from _sql_faults(expression)


def _sql_faults(expression: str) -> Iterator[tuple[str, str]]:
    """Refuse statements and subqueries: a mapping computes with the fields of its row, it reads no other file."""
    if ";" in expression or _FORBIDDEN.search(expression):
        yield f"表达式不允许：{expression}", f"not allowed in an expression: {expression}"


def _reject_faults(layout: Layout) -> Iterator[tuple[str, str]]:
    codes = [rule.code for rule in layout.reject]
    for rule in layout.reject:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", rule.code):
            yield (
                f"reject 的 code {rule.code} 只能用小写字母、数字和下划线",
                f"reject code {rule.code}: lower case, digits, underscores",
            )
        if codes.count(rule.code) > 1:
            yield f"reject 的 code {rule.code} 写了两次", f"the reject code {rule.code} is written twice"
        if not rule.when.strip():
            yield "reject 的 when 不能为空", "the condition of a reject cannot be empty"
        yield from _sql_faults(rule.when)


def _currency_faults(layout: Layout) -> Iterator[tuple[str, str]]:
    if layout.currency is None:
        return
    if layout.currency == IN_HEADER:
        if not any(
            normalise_header(spelling).endswith(ANY_BRACKETS) for field in layout.field for spelling in field.header
        ):
            yield 'currency = "header" 要有一个以 (*) 结尾的表头', 'currency = "header" needs a header ending with (*)'
    elif not re.fullmatch(r"[A-Z]{3}", layout.currency):
        yield f"货币 {layout.currency} 不是 ISO 4217 代码", f"the currency {layout.currency} is no ISO 4217 code"

"""Recognition: a file's bytes → the tables in it that a layout describes."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from duoshou.model import Place, Text
from duoshou.sources import workbook
from duoshou.sources.columns import column_of, header_currency
from duoshou.sources.container import CHUNK, Content, contents
from duoshou.sources.errors import SourceError, unreadable
from duoshou.sources.explanations import explanation_rows
from duoshou.sources.headers import unique_headers
from duoshou.sources.layout import Layout
from duoshou.sources.matching import Match, Matcher, Rank, ambiguous, best_match, matcher, nearest, unknown
from duoshou.sources.moments import exported_at, period_hint
from duoshou.sources.reading import Reading, SheetSource, TextSource
from duoshou.sources.registry import Layouts
from duoshou.sources.text import (
    CLOSE_ENCODINGS,
    HEAD,
    PEEK_ROWS,
    Condition,
    decode,
    fitting_encoding,
    lines_around,
    peek,
    plausible_delimiters,
    possible_encodings,
)
from duoshou.sources.webpage import page_encoding, page_rows


@dataclass(frozen=True)
class Candidate:
    """The first rows of something that may be a table, read in one of the possible ways.

    Attributes:
        content: Where it comes from.
        sheet: Sheet, member of an archive, or table of a page.
        rows: The first rows.
        complete: Whether there are no others.
        encoding: Codec of text, or the sheet's own name.
        delimiter: Mark between the cells of text.
        ascii_head: Whether the first bytes do not tell the encoding.
        damage: Characters of the head that cannot be decoded.
        table: Number of the table in a web page.
    """

    content: Content
    sheet: str | None
    rows: Sequence[Sequence[str]]
    complete: bool
    encoding: str = ""
    delimiter: str = ""
    ascii_head: bool = False
    damage: int = 0
    table: int | None = None


def recognise(path: Path, *, layouts: Layouts, layout_key: str | None = None, timezone: str) -> list[Reading]:
    """Return one reading per recognised table: the file, a sheet of a workbook, a member of an archive.

    Args:
        path: The file; its name is evidence, its extension is not.
        layouts: Layouts to choose from.
        layout_key: Take this layout, nothing else.
        timezone: IANA zone of the shop, for times in file names and notices.

    Raises:
        UnknownLayout: If no table is of a known layout; names the nearest one and what differs.
        UnreadableFile: If the bytes are no table at all.
        SourceError: If two layouts describe a table equally well.
    """
    chosen = [layouts.get_or_raise(layout_key)] if layout_key else list(layouts.values())
    matchers = [matcher(layout) for layout in chosen]
    tables, failure = _tables(path, _further_encodings(chosen))
    matched = [found for group in tables if (found := _best(group, matchers, path.name)) is not None]
    if not matched:
        raise failure or _explain(tables, matchers, path.name)
    matched = _with_rows(matched, path.name)
    scan = _Scan.of(Content(path, "text"), text=any(_may_be_direct(candidate) for candidate, _ in matched))
    parts = _slugs([candidate.sheet or "" for candidate, _ in matched]) if len(tables) > 1 else [""] * len(matched)
    return [
        _reading(candidate, match, path, scan, part, timezone)
        for (candidate, match), part in zip(matched, parts, strict=True)
    ]


def _further_encodings(layouts: Iterable[Layout]) -> tuple[str, ...]:
    named = dict.fromkeys(name.lower() for layout in layouts for name in layout.recognise.encodings)
    return tuple(name for name in named if not name.startswith("utf") and name not in ("gb18030", "gbk", "gb2312"))


def _tables(path: Path, further: Sequence[str]) -> tuple[list[list[Candidate]], SourceError | None]:
    """Return the possible tables of a file, and what is wrong with a member that cannot be read, if one cannot."""
    found = contents(path)
    tables: list[list[Candidate]] = []
    failure: SourceError | None = None
    for content in found:
        try:
            tables += [list(group) for group in candidates(content, further)]
        except SourceError as error:
            if len(found) == 1:
                raise
            failure = failure or error
    return tables, None if tables else failure


def candidates(content: Content, further: Sequence[str] = ()) -> Iterator[Iterable[Candidate]]:
    """Yield, for each possible table of a content, the ways in which its first rows may be read.

    Args:
        content: A file or a member of an archive.
        further: Encodings that layouts name beyond the usual ones.
    """
    if content.kind == "workbook":
        for sheet in workbook.sheets(content):
            label = sheet.name if content.label is None else f"{content.label}:{sheet.name}"
            yield [Candidate(content, label, sheet.rows, complete=sheet.complete, encoding=sheet.name)]
    elif content.kind == "page":
        yield from ([candidate] for candidate in _page_candidates(content))
    else:
        yield _text_candidates(content, further)


def _page_candidates(content: Content) -> list[Candidate]:
    head = content.head(HEAD)
    encoding = page_encoding(head, complete=len(head) < HEAD)
    tables: dict[int, list[list[str]]] = {}
    for number, row in page_rows(content.chunks(), encoding):
        rows = tables.setdefault(number, [])
        if len(rows) <= PEEK_ROWS:
            rows.append(row)
    # A table with one cell a row only lays out a page, such as that of a login.
    filled = {number: rows for number, rows in tables.items() if any(sum(map(bool, row)) > 1 for row in rows)}
    if not filled:
        hint = Text(
            "可能是登录已过期的页面：请重新登录平台再导出",
            "perhaps the page of an expired login: sign in and export again",
        )
        raise unreadable(
            "web_page",
            "文件内容是没有表格的网页（HTML）",
            "the file holds a web page (HTML) without a table",
            file=content.path.name,
            sheet=content.label,
            hint=hint,
        )
    found = []
    for number, rows in sorted(filled.items()):
        label = f"table {number + 1}" if len(filled) > 1 else None
        sheet = ":".join(part for part in (content.label, label) if part) or None
        complete = len(rows) <= PEEK_ROWS
        found.append(Candidate(content, sheet, rows[:PEEK_ROWS], complete, encoding, ",", table=number))
    return found


def _text_candidates(content: Content, further: Sequence[str]) -> list[Candidate]:
    head = content.head(HEAD)
    complete = len(head) < HEAD
    ascii_head = head.isascii()
    found = []
    encodings = possible_encodings(head, complete=complete, further=further)
    for encoding in encodings[:1] if ascii_head else encodings:
        text = decode(head, encoding, complete=complete)
        damage = text.count("\ufffd")
        for delimiter in plausible_delimiters(text):
            rows = peek(text, delimiter, complete=complete)
            found.append(Candidate(content, content.label, rows, complete, encoding, delimiter, ascii_head, damage))
    if found and not any(cell.strip() for row in found[0].rows for cell in row):
        raise unreadable(
            "empty_file", "文件里没有内容", "the file holds no text", file=content.path.name, sheet=content.label
        )
    return found


def _best(group: Sequence[Candidate], matchers: Sequence[Matcher], file: str) -> tuple[Candidate, Match] | None:
    """Return the way of reading that fits a layout best.

    Where header and layout are equally good in several encodings, one that the layout names wins, of these the one
    that reads the cells, and of these the one that is named first.
    """
    best: tuple[Candidate, Match] | None = None
    for candidate in group:
        name = f"{candidate.content.label}/{file}" if candidate.content.label else file
        match = best_match(candidate.rows, matchers, name, candidate.sheet)
        if match is not None and (best is None or _fit(candidate, match) > _fit(*best)):
            best = (candidate, match)
    if best is not None and best[1].rivals:
        raise ambiguous(best[1], Place(file=file, sheet=best[0].sheet))
    return best


def _fit(candidate: Candidate, match: Match) -> tuple[Rank, bool, int, int]:
    named = [_codec(name) for name in match.layout.recognise.encodings]
    codec = _codec(candidate.encoding) if candidate.content.kind == "text" else ""
    place = named.index(codec) if codec in named else len(named)
    return match.rank, codec in named, -candidate.damage, -place


def _codec(name: str) -> str:
    """Return one name for an encoding and those that contain it."""
    plain = codecs.lookup(name).name.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    return CLOSE_ENCODINGS.get(plain, plain)


def _with_rows(matched: Sequence[tuple[Candidate, Match]], file: str) -> list[tuple[Candidate, Match]]:
    """Leave out tables that have a header only; an error when none has rows."""
    found = [pair for pair in matched if _has_rows(*pair)]
    if not found:
        raise unreadable(
            "no_rows",
            "只有表头，没有数据行",
            "there is a header but no row of data",
            file=file,
            sheet=matched[0][0].sheet,
            hint=Text("请检查导出时选择的日期范围", "check the range of dates chosen for the export"),
        )
    return found


def _has_rows(candidate: Candidate, match: Match) -> bool:
    below = candidate.rows[match.below :]
    return not candidate.complete or any(cell.strip() for row in below for cell in row)


def _explain(tables: Sequence[Sequence[Candidate]], matchers: Sequence[Matcher], file: str) -> SourceError:
    found = [(nearest(candidate.rows, matchers), candidate) for group in tables for candidate in group]
    found.sort(key=lambda pair: pair[0][0] if pair[0] else 0.0, reverse=True)
    if not found:
        return unreadable("empty_file", "文件里没有内容", "the file holds nothing", file=file)
    closest, candidate = found[0]
    return unknown(closest, Place(file=file, sheet=candidate.sheet))


def _reading(candidate: Candidate, match: Match, path: Path, scan: _Scan, part: str, timezone: str) -> Reading:
    header = list(match.header)
    while header and not header[-1].strip():
        header.pop()
    headers = unique_headers(header)
    layout = match.layout
    notices = [cell for row in candidate.rows[: match.row] for cell in row if cell.strip()]
    name = f"{candidate.sheet or ''}/{path.name}"
    skip = match.below + explanation_rows(layout, headers, candidate.rows[match.below :])
    hint = period_hint(layout, name, notices)
    return Reading(
        layout=layout,
        file=path.name,
        sheet=candidate.sheet,
        content_hash=scan.digest,
        part=_dated_part(layout, headers, part, hint),
        headers=headers,
        first_row=skip + 1,
        exported_at=exported_at(layout, name, notices, timezone),
        period_hint=hint,
        source=_source(candidate, layout, skip, scan),
        currency=layout.fixed_currency or header_currency(layout, headers),
    )


def _dated_part(layout: Layout, headers: Sequence[str], part: str, hint: str | None) -> str:
    """Return the part, with the period where the rows have none: equal bytes of two days are two tables."""
    dated = [field for field in layout.field if field.type in ("day", "period") and field.personal is None]
    silent = any(column_of(field, headers) is None or (field.dates or layout.dates) == "md" for field in dated)
    if hint is None or not silent:
        return part
    return "-".join(filter(None, (part, hint.replace("~", "_"))))


def _source(candidate: Candidate, layout: Layout, skip: int, scan: _Scan) -> TextSource | SheetSource:
    if candidate.content.kind == "workbook":
        return SheetSource(candidate.content, candidate.encoding, skip)
    encoding = candidate.encoding
    direct = _may_be_direct(candidate) and scan.whole_utf8
    others: tuple[str, ...] = ()
    if candidate.content.kind == "text" and candidate.ascii_head and not candidate.complete:
        if candidate.content.packing != "none":
            others = tuple(layout.recognise.encodings)
        elif not scan.whole_utf8:
            encoding = fitting_encoding(scan.sample, layout.recognise.encodings)
    direct = direct and not scan.condition.needs_repair
    return TextSource(candidate.content, encoding, candidate.delimiter, skip, direct, candidate.table, others)


def _may_be_direct(candidate: Candidate) -> bool:
    plain = candidate.content.kind == "text" and candidate.content.packing == "none"
    return plain and candidate.encoding in ("utf-8", "utf-8-sig")


class _Scan:
    """One pass over the original bytes: their hash and, for text, whether they are whole UTF-8."""

    def __init__(self) -> None:
        self.digest = ""
        self.whole_utf8 = True
        self.sample = b""
        self.condition = Condition()

    @classmethod
    def of(cls, content: Content, *, text: bool) -> _Scan:
        scan = cls()
        hasher = hashlib.sha256()
        decoder = codecs.getincrementaldecoder("utf-8")()
        for chunk in content.chunks():
            hasher.update(chunk)
            if text and scan.whole_utf8:
                scan.condition.see(chunk)
                scan._decode(chunk, decoder)
        if text and scan.whole_utf8:
            scan._finish(decoder)
        scan.digest = hasher.hexdigest()
        return scan

    def _decode(self, chunk: bytes, decoder: codecs.IncrementalDecoder) -> None:
        if chunk.isascii() and decoder.getstate()[0] == b"":
            return
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            self.whole_utf8 = False
            self.sample = lines_around(chunk, error.start)

    def _finish(self, decoder: codecs.IncrementalDecoder) -> None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            self.whole_utf8 = False


def _slugs(names: Sequence[str]) -> list[str]:
    """Return short names that are safe in a file name and differ from each other."""
    slugs: list[str] = []
    for index, name in enumerate(names, start=1):
        slug = re.sub(r"[^\w]+", "-", name).strip("-")[:40] or f"part{index}"
        slugs.append(slug if slug not in slugs else f"{slug}-{index}")
    return slugs


__all__ = ["CHUNK", "recognise"]

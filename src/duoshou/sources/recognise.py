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
from duoshou.sources.container import CHUNK, Content, contents
from duoshou.sources.errors import SourceError, unreadable
from duoshou.sources.headers import unique_headers
from duoshou.sources.layout import Layout
from duoshou.sources.matching import Match, Matcher, best_match, nearest, unknown
from duoshou.sources.moments import exported_at, period_hint
from duoshou.sources.reading import Reading, SheetSource, TextSource
from duoshou.sources.registry import Layouts
from duoshou.sources.text import HEAD, Condition, decode, peek, plausible_delimiters, possible_encodings


@dataclass(frozen=True)
class Candidate:
    """The first rows of something that may be a table, read in one of the possible ways."""

    content: Content
    sheet: str | None
    rows: Sequence[Sequence[str]]
    complete: bool
    encoding: str = ""
    delimiter: str = ""
    ascii_head: bool = False


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
    """
    chosen = [layouts.get_or_raise(layout_key)] if layout_key else list(layouts.values())
    matchers = [Matcher(layout) for layout in chosen]
    tables = [list(group) for content in contents(path) for group in candidates(content)]
    matched = [(group, found) for group in tables if (found := _best(group, matchers, path.name)) is not None]
    if not matched:
        raise _explain(tables, matchers, path.name)
    scan = _Scan.of(path, text=any(_may_be_direct(candidate) for _, (candidate, _) in matched))
    several = len(tables) > 1
    parts = _slugs([candidate.sheet or "" for _, (candidate, _) in matched]) if several else [""] * len(matched)
    return [
        _reading(candidate, match, path, scan, part, timezone)
        for (_, (candidate, match)), part in zip(matched, parts, strict=True)
    ]


def candidates(content: Content) -> Iterator[Iterable[Candidate]]:
    """Yield, for each possible table of a content, the ways in which its first rows may be read."""
    if content.kind == "workbook":
        for sheet in workbook.sheets(content):
            label = sheet.name if content.member is None else f"{content.member}:{sheet.name}"
            yield [Candidate(content, label, sheet.rows, complete=sheet.complete, encoding=sheet.name)]
        return
    yield _text_candidates(content)


def _text_candidates(content: Content) -> list[Candidate]:
    head = content.head(HEAD)
    complete = len(head) < HEAD
    found = []
    for encoding in possible_encodings(head, complete=complete):
        text = decode(head, encoding, complete=complete)
        for delimiter in plausible_delimiters(text):
            rows = peek(text, delimiter, complete=complete)
            found.append(Candidate(content, content.member, rows, complete, encoding, delimiter, head.isascii()))
    if found and not any(cell.strip() for row in found[0].rows for cell in row):
        raise unreadable(
            "empty_file", "文件里没有内容", "the file holds no text", file=content.path.name, sheet=content.member
        )
    return found


def _best(group: Sequence[Candidate], matchers: Sequence[Matcher], file: str) -> tuple[Candidate, Match] | None:
    best: tuple[Candidate, Match] | None = None
    for candidate in group:
        match = best_match(candidate.rows, matchers, file, candidate.sheet)
        if match is not None and (best is None or match.score > best[1].score):
            best = (candidate, match)
    return best


def _explain(tables: Sequence[Sequence[Candidate]], matchers: Sequence[Matcher], file: str) -> SourceError:
    found = [(nearest(candidate.rows, matchers), candidate) for group in tables for candidate in group]
    found.sort(key=lambda pair: pair[0][0] if pair[0] else 0.0, reverse=True)
    if not found:
        return unreadable("empty_file", "文件里没有内容", "the file holds nothing", file=file)
    closest, candidate = found[0]
    return unknown(closest, Place(file=file, sheet=candidate.sheet))


def _reading(candidate: Candidate, match: Match, path: Path, scan: _Scan, part: str, timezone: str) -> Reading:
    header = list(candidate.rows[match.row])
    while header and not header[-1].strip():
        header.pop()
    _require_rows(candidate, match, path.name)
    notices = [cell for row in candidate.rows[: match.row] for cell in row if cell.strip()]
    name = f"{candidate.sheet or ''}/{path.name}"
    skip = match.row + 1
    return Reading(
        layout=match.layout,
        file=path.name,
        sheet=candidate.sheet,
        content_hash=scan.digest,
        part=part,
        headers=unique_headers(header),
        first_row=skip + 1,
        exported_at=exported_at(match.layout, name, notices, timezone),
        period_hint=period_hint(match.layout, name, notices),
        source=_source(candidate, match.layout, skip, scan),
    )


def _require_rows(candidate: Candidate, match: Match, file: str) -> None:
    rows = candidate.rows[match.row + 1 :]
    if candidate.complete and not any(cell.strip() for row in rows for cell in row):
        raise unreadable(
            "no_rows",
            "只有表头，没有数据行",
            "there is a header but no row of data",
            file=file,
            sheet=candidate.sheet,
            hint=Text("请检查导出时选择的日期范围", "check the range of dates chosen for the export"),
        )


def _source(candidate: Candidate, layout: Layout, skip: int, scan: _Scan) -> TextSource | SheetSource:
    if candidate.content.kind == "workbook":
        return SheetSource(candidate.content, candidate.encoding, skip)
    encoding = candidate.encoding
    direct = _may_be_direct(candidate) and scan.whole_utf8
    if _may_be_direct(candidate) and not scan.whole_utf8 and candidate.ascii_head and scan.sample:
        encoding = _encoding_of(scan.sample, layout)
    return TextSource(
        candidate.content, encoding, candidate.delimiter, skip, direct and not scan.condition.needs_repair
    )


def _may_be_direct(candidate: Candidate) -> bool:
    plain = candidate.content.kind == "text" and candidate.content.packing == "none"
    return plain and candidate.encoding in ("utf-8", "utf-8-sig")


def _encoding_of(sample: bytes, layout: Layout) -> str:
    """Return the first of the layout's encodings that reads the lines around the first byte that is not UTF-8."""
    for encoding in layout.recognise.encodings:
        try:
            sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"


class _Scan:
    """One pass over the original bytes: their hash and, for text, whether they are whole UTF-8."""

    def __init__(self) -> None:
        self.digest = ""
        self.whole_utf8 = True
        self.sample = b""
        self.condition = Condition()

    @classmethod
    def of(cls, path: Path, *, text: bool) -> _Scan:
        scan = cls()
        hasher = hashlib.sha256()
        decoder = codecs.getincrementaldecoder("utf-8")()
        for chunk in Content(path, "text").chunks():
            hasher.update(chunk)
            if text and scan.whole_utf8:
                scan._see(chunk, decoder)
        if text and scan.whole_utf8:
            scan._finish(decoder)
        scan.digest = hasher.hexdigest()
        return scan

    def _see(self, chunk: bytes, decoder: codecs.IncrementalDecoder) -> None:
        self.condition.see(chunk)
        if chunk.isascii() and decoder.getstate()[0] == b"":
            return
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            self.whole_utf8 = False
            lines = chunk[max(0, error.start - 4096) : error.start + 65536]
            first, last = lines.find(b"\n"), lines.rfind(b"\n")
            self.sample = lines[first + 1 : last] if 0 <= first < last else lines

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

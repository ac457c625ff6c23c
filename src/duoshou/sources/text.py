"""Text as bytes: possible encodings, the stream as UTF-8, and what the bytes say about damage."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from duoshou.sources.container import looks_utf16

HEAD = 1 << 18
PEEK_ROWS = 60
DELIMITERS = (",", "\t", ";", "|")
CLOSE_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
"""Encodings that platforms name but go beyond, and the larger ones that they write."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass
class Condition:
    """What a pass over UTF-8 bytes found.

    Attributes:
        quotes: Number of quote characters; an odd number means that one is not closed.
        blank_lines: Whether an empty line stands between others.
        unreadable: Characters that could not be decoded and stand as U+FFFD.
        tail: The last bytes.
    """

    quotes: int = 0
    blank_lines: bool = False
    unreadable: int = 0
    tail: bytes = b""

    def see(self, data: bytes) -> None:
        """Take the next piece into account."""
        self.quotes += data.count(b'"')
        if not self.blank_lines:
            edge = self.tail[-3:] + data[:4] if self.tail else b""
            self.blank_lines = _has_blank_line(edge) or _has_blank_line(data if self.tail else data.lstrip(b"\r\n"))
        self.tail = (self.tail + data)[-65536:] if len(data) < 65536 else data[-65536:]

    @property
    def needs_repair(self) -> bool:
        """Whether the engine's reader alone would lose rows or their numbers."""
        return self.blank_lines or self.quotes % 2 == 1


def _has_blank_line(data: bytes) -> bool:
    for mark in (b"\n\n", b"\n\r\n"):
        place = data.find(mark)
        if place >= 0 and data[place:].strip(b"\r\n"):
            return True
    return False


def possible_encodings(head: bytes, *, complete: bool, further: Sequence[str] = ()) -> list[str]:
    """Return encodings in which the head may be written, most likely first; a damaged head is ranked by its damage.

    Args:
        head: The first bytes.
        complete: Whether there are no others.
        further: Encodings that layouts name beyond UTF-8, GB18030 and UTF-16.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return [encoding]
    if looks_utf16(head):
        return ["utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"]
    damage = {"utf-8": _damage(head, "utf-8", complete=complete)}
    if damage["utf-8"] or head.isascii():
        damage |= {name: _damage(head, name, complete=complete) for name in ("gb18030", *further)}
    return sorted(damage, key=lambda name: damage[name])


def _damage(head: bytes, encoding: str, *, complete: bool) -> int:
    return 0 if head.isascii() else decode(head, encoding, complete=complete).count("\ufffd")


def decode(data: bytes, encoding: str, *, complete: bool) -> str:
    """Return the text of a head; a character cut by its end is left out, what cannot be read becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return decoder.decode(data, final=complete)


def peek(text: str, delimiter: str, *, complete: bool, rows: int = PEEK_ROWS) -> list[list[str]]:
    """Return the first logical rows; the last one is left out when the head may have cut it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[list[str]] = []
    with suppress(csv.Error):
        found.extend(islice(reader, rows + 1))
    if len(found) <= rows and not complete and found:
        found.pop()
    return found[:rows]


def plausible_delimiters(text: str) -> list[str]:
    """Return delimiters that occur in the first lines, the most frequent first."""
    start = "\n".join(text.splitlines()[:20])
    counts = {delimiter: start.count(delimiter) for delimiter in DELIMITERS}
    return [name for name in sorted(counts, key=lambda name: -counts[name]) if counts[name]] or [","]


def lines_around(data: bytes, place: int) -> bytes:
    """Return the lines before and behind a place, by which the encoding is told."""
    lines = data[max(0, place - 4096) : place + 65536]
    first, last = lines.find(b"\n"), lines.rfind(b"\n")
    return lines[first + 1 : last] if 0 <= first < last else lines


def fitting_encoding(sample: bytes, encodings: Sequence[str]) -> str:
    """Return the first of the encodings that reads the sample, else UTF-8; an empty sample tells nothing."""
    for encoding in encodings if sample else ():
        try:
            sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"


class NotUtf8(Exception):
    """Bytes are not UTF-8; `sample` holds the lines around the first that is not, or nothing at the end of the text."""

    def __init__(self, sample: bytes) -> None:
        super().__init__()
        self.sample = sample


def sound_utf8(chunks: Iterator[bytes], condition: Condition) -> Iterator[bytes]:
    """Yield the stream as it is while it is UTF-8.

    Raises:
        NotUtf8: At the first byte that is not.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        if not chunk.isascii() or decoder.getstate()[0]:
            try:
                condition.unreadable += decoder.decode(chunk).count("\ufffd")
            except UnicodeDecodeError as error:
                raise NotUtf8(lines_around(chunk, error.start)) from None
        condition.see(chunk)
        yield chunk
    if decoder.getstate()[0]:
        raise NotUtf8(b"")


def recode(chunks: Iterator[bytes], encoding: str, condition: Condition) -> Iterator[bytes]:
    """Yield the stream as UTF-8; what cannot be decoded becomes U+FFFD and is counted."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield _encoded(text, condition)
    if text := decoder.decode(b"", final=True):
        yield _encoded(text, condition)


def _encoded(text: str, condition: Condition) -> bytes:
    condition.unreadable += text.count("\ufffd")
    data = text.encode("utf-8", errors="replace")
    condition.see(data)
    return data


def cut_cells(tail: bytes, delimiter: str, width: int) -> Sequence[str] | None:
    """Return the cells of a last line that ends early: no line end and too few columns. None when the file is whole."""
    start = max(tail.rfind(b"\n"), tail.rfind(b"\r")) + 1
    line = tail[start:]
    if start == 0 or not line.strip() or line.count(b'"') % 2:
        return None
    try:
        cells = next(csv.reader([line.decode("utf-8", errors="replace")], delimiter=delimiter), [])
    except csv.Error:
        return None
    return cells if len(cells) < width else None

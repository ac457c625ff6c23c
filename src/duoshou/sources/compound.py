"""The container of old workbooks (.xls): its chains of sectors are followed once, so that no broken one is endless.

Source: [MS-CFB] Compound File Binary File Format, Microsoft Open Specifications.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

_LAST_SECTOR = 0xFFFFFFFA
_ENTRIES_IN_HEADER = 109
_NAMES = {"Workbook", "Book"}


class BrokenChain(ValueError):
    """The container's sectors do not form chains that end."""


def workbook_stream(data: bytes) -> bytes:
    """Return the stream that holds the sheets.

    Args:
        data: The whole container.

    Raises:
        BrokenChain: If a chain leads outside the file, or in a circle, or if there is no such stream.
    """
    try:
        return _Container(data).workbook()
    except (struct.error, IndexError, MemoryError) as error:
        raise BrokenChain(str(error)) from None


class _Container:
    """Sectors of a container and the table that links them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << self._number(30, "<H")
        if self.size not in (512, 4096):
            raise BrokenChain("sector size")
        self.table = self._sectors_of(list(self._table_sectors()))
        self.directory = self._joined(self._number(48, "<I"))
        self.small_table = self._integers(self._joined(self._number(60, "<I"), empty=True))

    def workbook(self) -> bytes:
        """Return the stream called Workbook or Book."""
        entries = [self.directory[start : start + 128] for start in range(0, len(self.directory) - 127, 128)]
        root = next((entry for entry in entries if entry[66] == 5), None)
        for entry in entries:
            length = struct.unpack_from("<H", entry, 64)[0]
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
            start, size = struct.unpack_from("<II", entry, 116)
            if name not in _NAMES or entry[66] != 2:
                continue
            if size >= self._number(56, "<I"):
                return self._joined(start)[:size]
            if root is None:
                break
            short = self._joined(struct.unpack_from("<I", root, 116)[0], empty=True)
            return b"".join(short[one * 64 : one * 64 + 64] for one in _chain(self.small_table, start))[:size]
        raise BrokenChain("no workbook stream")

    def _number(self, offset: int, form: str) -> int:
        return int(struct.unpack_from(form, self.data, offset)[0])

    def _table_sectors(self) -> Iterator[int]:
        """Yield the sectors of the table itself: the first are named in the header, others in a chain of lists."""
        yield from self._used(struct.unpack_from(f"<{_ENTRIES_IN_HEADER}I", self.data, 76))
        following, seen = self._number(68, "<I"), set[int]()
        while following < _LAST_SECTOR:
            if following in seen:
                raise BrokenChain("circle")
            seen.add(following)
            *sectors, following = self._integers(self._sector(following))
            yield from self._used(sectors)

    @staticmethod
    def _used(sectors: tuple[int, ...] | list[int]) -> list[int]:
        return [sector for sector in sectors if sector < _LAST_SECTOR]

    def _sectors_of(self, numbers: list[int]) -> array[int]:
        if len(numbers) > len(self.data) // self.size + 1:
            raise BrokenChain("table larger than the file")
        return self._integers(b"".join(map(self._sector, numbers)))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if start >= len(self.data):
            raise BrokenChain("sector outside the file")
        return self.data[start : start + self.size].ljust(self.size, b"\0")

    @staticmethod
    def _integers(data: bytes) -> array[int]:
        return array("I", struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _joined(self, start: int, *, empty: bool = False) -> bytes:
        if start >= _LAST_SECTOR:
            if empty:
                return b""
            raise BrokenChain("no first sector")
        return b"".join(map(self._sector, _chain(self.table, start)))


def _chain(table: array[int], start: int) -> list[int]:
    """Return the sectors of a chain, in order."""
    found: list[int] = []
    while start < _LAST_SECTOR:
        found.append(start)
        if len(found) > len(table):
            raise BrokenChain("circle")
        start = table[start]
    return found

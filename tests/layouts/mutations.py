"""Ways in which a file gets damaged on its way, on bytes and on cells."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]
_ENCODINGS = ("utf-8", "gb18030", "cp932", "utf-16", "latin-1")


def flip(data: bytes, chance: random.Random) -> bytes:
    """Change a few bytes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    """Keep a beginning."""
    return data[: chance.randrange(len(data))]


def drop(data: bytes, chance: random.Random) -> bytes:
    """Take a piece out."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 400) :]


def repeat(data: bytes, chance: random.Random) -> bytes:
    """Put a piece in twice."""
    start = chance.randrange(len(data))
    return data[: start + 300] + data[start:]


def quotes(data: bytes, chance: random.Random) -> bytes:
    """Put quotes, delimiters, line ends and zeros anywhere."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        changed.insert(chance.randrange(len(changed)), chance.choice(b'",\n\r\t\x00;='))
    return bytes(changed)


def noise(data: bytes, chance: random.Random) -> bytes:
    """Put random bytes at the end, or in place of everything."""
    extra = chance.randbytes(chance.randint(1, 3000))
    return extra if chance.random() < 0.2 else data + extra


def recode(data: bytes, chance: random.Random) -> bytes:
    """Read text in its encoding and write it in another, or in none."""
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.encode(chance.choice(_ENCODINGS), errors="replace")
    return data[::-1]


def shuffle_cells(data: bytes, chance: random.Random) -> bytes:
    """Move cells of a text table to other columns, row by row; leave any other file cut."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return cut(data, chance)
    for row in rows[chance.randint(0, 1) :]:
        if row:
            first, second = chance.randrange(len(row)), chance.randrange(len(row))
            row[first], row[second] = row[second], row[first]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


MUTATIONS: tuple[Mutation, ...] = (flip, cut, drop, repeat, quotes, noise, recode, shuffle_cells)

"""What keeps people out of the archive: the keyed hash of the buyer, province and city of an address, patterns of
contact data.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.sources.sql import literal
from duoshou.sources.values import says_nothing, unwrap

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_REGIONS = Path(__file__).parent / "regions.toml"
_INNER, _OUTER = "duoshou_inner_pad", "duoshou_outer_pad"
CONTACT = (
    r"(^|[^0-9])1[3-9][0-9]([0-9]{8}|[ -][0-9]{4}[ "
    r"-][0-9]{4})([^0-9]|$)|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]|(^|[^0-9])[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]([^0-9Xx]|$)"
)
"""A mainland mobile number, an e-mail address, or a resident's identity number."""


@contextmanager
def secret_pads(connection: DuckDBPyConnection, secret: bytes) -> Iterator[None]:
    """Hold the two pads of HMAC (RFC 2104) in session variables, so that no SQL text and no file holds the secret."""
    key = secret if len(secret) <= 64 else hashlib.sha256(secret).digest()
    padded = key.ljust(64, b"\0")
    connection.execute(f"SET VARIABLE {_INNER} = $1::BLOB", [bytes(byte ^ 0x36 for byte in padded)])
    connection.execute(f"SET VARIABLE {_OUTER} = $1::BLOB", [bytes(byte ^ 0x5C for byte in padded)])
    try:
        yield
    finally:
        connection.execute(f"RESET VARIABLE {_INNER}")
        connection.execute(f"RESET VARIABLE {_OUTER}")


def hmac_sql(text: str) -> str:
    """Return SQL for the HMAC-SHA-256 of a text as 64 hexadecimal digits; needs `secret_pads`."""
    inner = f"unhex(sha256(getvariable('{_INNER}') || encode({text})))"
    return f"sha256(getvariable('{_OUTER}') || {inner})"


def buyer_key_sql(text: str) -> str:
    """Return SQL for the buyer's key; a masked name (`张**`, `##密文`, `t**3`) identifies nobody and gives NULL."""
    return hmac_sql(buyer_sql(text))


def buyer_sql(text: str) -> str:
    """Return SQL for the account as it is hashed: unwrapped, a number without its `.0`, NULL when masked."""
    masked = " OR ".join(f"contains({text}, {literal(mark)})" for mark in ("*", "##", "$$"))
    bare = unwrap(text)
    number = f"regexp_replace({bare}, '^([0-9]+)[.]0+$', '\\1')"
    return (
        f"CASE WHEN {masked} OR {says_nothing(text)} THEN NULL WHEN ends_with({text}, '0') THEN {number} "
        f"ELSE {bare} END"
    )


def contact_free_sql(text: str) -> str:
    """Return SQL for the cell, or NULL when it holds contact data; short cells, which cannot, are not searched."""
    return f"CASE WHEN length({text}) >= 6 AND regexp_matches({text}, {literal(CONTACT)}) THEN NULL ELSE {text} END"


def province_sql(address: str) -> str:
    """Return SQL for the province's full name, NULL when the address names none; two characters tell them all apart."""
    cases = " ".join(f"WHEN {literal(short[:2])} THEN {literal(full)}" for short, full in _provinces().items())
    return f"CASE {_beginning(address)} {cases} END"


def city_sql(address: str) -> str:
    """Return SQL for the city (prefecture); of a municipality, the municipality itself."""
    own = " ".join(f"WHEN '{name}' THEN '{name}市'" for name in ("北京", "上海", "天津", "重庆"))
    second = f"split_part({address}, ' ', 2)"
    plain = f"ends_with({second}, '市') AND strlen({second}) BETWEEN 9 AND 30"
    other = f"nullif(regexp_extract({address}, {literal(_PROVINCE_THEN + _CITY)}, 2), '')"
    return (
        f"CASE {_beginning(address)} {own} ELSE CASE WHEN {province_sql(address)} IS NULL THEN NULL "
        f"WHEN {plain} THEN {second} ELSE {other} END END"
    )


def _beginning(address: str) -> str:
    return f"CASE WHEN {address} >= '一' THEN {address}[1:2] ELSE ltrim({address}, ' ''\"=' || chr(9))[1:2] END"


_SUFFIX = r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?"
_CITY = r"([^\s\d*,，]{2,9}?(?:自治州|地区|盟|市|州))"


@lru_cache(maxsize=1)
def _provinces() -> dict[str, str]:
    provinces: dict[str, str] = tomllib.loads(_REGIONS.read_text("utf-8"))["province"]
    return provinces


_PROVINCE = rf"^[\s'=\"]*({'|'.join(_provinces())})"
_PROVINCE_THEN = _PROVINCE + _SUFFIX + r"[\s,，]*"

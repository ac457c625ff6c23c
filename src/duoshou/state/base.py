"""What all tables of the state share: the base class, the types of columns, and how the audit log treats them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase

from duoshou.state.columns import Instant, Money

# How a column appears in the audit log: as its SHA-256 alone, or whole where it is about to be overwritten, or not at
# all: what proves who somebody is, and the moments at which something was last used.
DIGEST = {"audit": "digest"}
KEEP_FORMER = {"audit": "keep former"}
OMIT = {"audit": "omit"}
# A table that is no matter of the log.
UNLOGGED = {"audit": "unlogged"}
# A table that stays where it is when the state is copied: what is in it concerns one server and passes.
PASSING = {"passing": True}

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
# A number that was given once is never given again, so that the log stays unambiguous.
NUMBERED_ONCE = {"sqlite_autoincrement": True}


def one_of(column: str, values: type[StrEnum]) -> str:
    """Return the condition that a column holds one of the values."""
    return f"{column} IN ({', '.join(repr(one.value) for one in values)})"


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        str: String(),
        date: Date(),
        datetime: Instant(),
        Decimal: Money(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[dict[str, str]]: JSON(),
    }

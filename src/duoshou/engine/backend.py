"""What the rest of the product sees of an analytical engine: tables, expressions, Arrow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from duoshou.engine.errors import EngineError
from duoshou.model import Text

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends.sql import SQLBackend
    from ibis.expr.types import Table


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that one engine cannot do, and why.

    Attributes:
        capability: Name of what is missing.
        reason: Why, for people.
    """

    capability: str
    reason: Text


class Backend(ABC):
    """A read-only connection to the canonical tables.

    Attributes:
        kind: `duckdb` or `spark`.
        lacks: What this engine cannot do, each with its reason.
        in_process: Whether it works within this process, so that millions of rows of numbers cost little to hand over.
        memory: Anything that stays true as long as the connection is open: a snapshot never changes, so what was
            learnt about it (coverage, compiled statements) may be kept here.
    """

    kind: Literal["duckdb", "spark"]
    lacks: tuple[Lack, ...] = ()
    in_process: bool = False

    def __init__(self, ibis: SQLBackend) -> None:
        self.ibis = ibis
        self.memory: dict[tuple[Hashable, ...], Any] = {}
        self._tables: dict[str, Table] = {}

    @abstractmethod
    def table_names(self) -> frozenset[str]:
        """Return the names of the tables that can be read."""

    @abstractmethod
    def run(self, statement: str) -> pa.Table:
        """Return the rows of one SELECT in the engine's own dialect."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection; a second call does nothing."""

    def has_table(self, name: str) -> bool:
        """Return whether the table `name` can be read."""
        return name in self.table_names()

    def table(self, name: str) -> Table:
        """Return the table as an Ibis expression.

        Raises:
            EngineError: If there is no such table.
        """
        if name not in self._tables:
            if not self.has_table(name):
                raise EngineError(
                    "table_missing",
                    Text(f"数据仓库里没有表 {name}", f"the warehouse has no table {name}"),
                    hint=Text("请先导入数据：duoshou import", "import data first: duoshou import"),
                )
            self._tables[name] = self.ibis.table(name)
        return self._tables[name]

    def compile(self, expression: Table) -> str:
        """Return the SQL of an expression in the engine's dialect."""
        return str(self.ibis.compile(expression))

    def execute(self, expression: Table) -> pa.Table:
        """Return the rows of an expression, with exactly the expression's column types."""
        return self.run(self.compile(expression)).cast(expression.schema().to_pyarrow())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

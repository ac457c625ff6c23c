"""Opens the analytical engine: DuckDB by default, Spark when configured. It knows no business word.

Heavy modules (DuckDB, Ibis, Spark) are imported where they are needed, so that importing this package is cheap.
"""

from duoshou.engine.backend import Backend, Lack
from duoshou.engine.errors import EngineError, EngineMissing, StatementRefused
from duoshou.engine.opening import open_backend

__all__ = ["Backend", "EngineError", "EngineMissing", "Lack", "StatementRefused", "open_backend"]

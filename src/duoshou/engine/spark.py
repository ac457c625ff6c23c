"""Spark as the analytical engine: the canonical tables as Parquet data sets, read only."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from duoshou.engine.backend import Backend, Lack
from duoshou.engine.errors import EngineError, EngineMissing
from duoshou.model import Text

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

    from duoshou.settings import EngineSettings

LOCAL_OPTIONS = {
    "spark.master": "local[*]",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
REQUIRED_OPTIONS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
}


class SparkBackend(Backend):
    """A connection to a folder that holds one Parquet data set per canonical table."""

    kind = "spark"
    lacks = (
        Lack(
            "guarded_sql",
            Text(
                "Spark 不能在单个会话里关闭外部访问并锁定配置，所以 duoshou sql 只在 DuckDB 快照上运行",
                "Spark cannot switch off external access and lock its configuration for one session, "
                "so `duoshou sql` runs on a DuckDB snapshot only",
            ),
        ),
        Lack(
            "write",
            Text(
                "在 Spark 上本产品只读：规范表由集群自己的作业写成 Parquet",
                "on Spark the product only reads: the cluster's own jobs write the canonical tables as Parquet",
            ),
        ),
        Lack(
            "snapshot",
            Text(
                "Parquet 目录没有快照：读取期间被改写的文件会反映在结果里",
                "a folder of Parquet has no snapshots: files rewritten while being read show in the answer",
            ),
        ),
    )

    def __init__(self, session: SparkSession, folder: str) -> None:
        super().__init__(ibis.pyspark.connect(session))
        self._session = session
        self._folder = folder.rstrip("/")
        self._known: dict[str, bool] = {}

    @classmethod
    def open(cls, settings: EngineSettings) -> SparkBackend:
        """Return a backend on the Spark session that the settings describe.

        Raises:
            EngineMissing: If PySpark or Java is not there.
            EngineError: If no Parquet folder is set.
        """
        if settings.parquet is None:
            raise EngineError(
                "parquet_not_set",
                Text("Spark 引擎没有设置 Parquet 目录", "the Spark engine has no Parquet folder"),
                hint=Text(
                    '请在 duoshou.toml 的 [engine] 里写 parquet = "目录"', 'write parquet = "folder" under [engine]'
                ),
            )
        _require_spark(settings)
        return cls(_session(settings), settings.parquet)

    def table_names(self) -> frozenset[str]:
        """Return the names of the tables looked for and found so far."""
        return frozenset(name for name, found in self._known.items() if found)

    def has_table(self, name: str) -> bool:
        """Return whether the folder holds a data set of that name; found data sets are registered for reading."""
        if name not in self._known:
            self._known[name] = self._register(name)
        return self._known[name]

    def _register(self, name: str) -> bool:
        from pyspark.errors import AnalysisException

        for path in (f"{self._folder}/{name}", f"{self._folder}/{name}.parquet"):
            try:
                self._session.read.parquet(path).createOrReplaceTempView(name)
            except AnalysisException:
                continue
            return True
        return False

    def run(self, statement: str) -> pa.Table:
        """Return the rows of one SELECT, straight as Arrow."""
        return self._session.sql(statement).toArrow()

    def close(self) -> None:
        """Forget the tables; the session belongs to the process and may serve another backend."""
        for name in self.table_names():
            self._session.catalog.dropTempView(name)
        self._known.clear()


def _require_spark(settings: EngineSettings) -> None:
    if find_spec("pyspark") is None:
        raise EngineMissing(
            "pyspark_missing",
            Text("没有安装 PySpark", "PySpark is not installed"),
            hint=Text("请安装：pip install 'duoshou[spark]'", "install it: pip install 'duoshou[spark]'"),
        )
    remote = "spark.remote" in settings.spark_options
    java_home = os.environ.get("JAVA_HOME")
    has_java = shutil.which("java") is not None or (java_home and (Path(java_home) / "bin" / "java").exists())
    if not remote and not has_java:
        raise EngineMissing(
            "java_missing",
            Text("Spark 需要 Java，但本机没有找到", "Spark needs Java, and there is none on this machine"),
            hint=Text(
                '请安装 Java 17 或更高版本，或设置 JAVA_HOME；不用 Spark 时写 [engine] kind = "duckdb"',
                'install Java 17 or later or set JAVA_HOME; without Spark write kind = "duckdb" under [engine]',
            ),
        )


def _session(settings: EngineSettings) -> SparkSession:
    from pyspark.sql import SparkSession

    options = {**LOCAL_OPTIONS, **settings.spark_options, **REQUIRED_OPTIONS}
    if "spark.remote" in options:
        options.pop("spark.master")
    builder = SparkSession.builder.appName("duoshou")
    for key, value in options.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise EngineError(
            "spark_failed",
            Text(f"Spark 启动失败：{error}", f"Spark could not start: {error}"),
            hint=Text("请检查 spark_options 与 Java 版本", "check spark_options and the Java version"),
        ) from error

"""Daily sheets of made-up shops, written once and read by many tests."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from duoshou.engine import Backend, open_backend
from duoshou.metrics import Catalogue, QueryResult, load_catalogue, query
from duoshou.model import Comparison, Finding, Grain, Language, Period
from duoshou.reports import (
    Material,
    names_from,
    source_freshness,
    write_daily,
    write_summary,
    write_weekly,
)
from duoshou.settings import Settings, Shop
from duoshou.settings.calendar import load_calendar
from duoshou.warehouse.checks import run_checks

WRITERS = {"daily": write_daily, "weekly": write_weekly, "summary": write_summary}
SETTINGS = Settings(shops=(Shop(key="main", name="示范店"),))
HOSTILE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "http://example.com", "00123", "'=1")


def _made_up_shop() -> Any:
    """Return the maker of made-up shops, which lives beside the tests of the data checks."""
    name = "made_up_shop"
    if name not in sys.modules:
        path = Path(__file__).resolve().parents[1] / "warehouse" / "checks" / "conftest.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name].MadeUpShop


@dataclass
class Warehouse:
    """A snapshot on disk from which daily sheets are written."""

    path: Path
    day: date
    settings: Settings = SETTINGS

    @cached_property
    def backend(self) -> Backend:
        """The engine over the snapshot, open as long as the tests run."""
        return open_backend(self.settings, self.path)

    @property
    def catalogue(self) -> Catalogue:
        """The shipped definitions."""
        return load_catalogue()

    def findings(self) -> list[Finding]:
        """Return the data findings."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return run_checks(connection, self.settings, self.day)

    def ask(
        self,
        metrics: Sequence[str],
        *,
        by: Sequence[str] = (),
        period: Period,
        grain: Grain | None = None,
        compare: Comparison | None = None,
        where: Mapping[str, str] | None = None,
    ) -> QueryResult:
        """Return the values of metrics, by the real engine; what a festival is held against is told as the app does."""
        alignment = load_calendar(self.settings).align(period) if compare is Comparison.FESTIVAL else None
        result = query(
            self.backend,
            self.catalogue,
            metrics,
            period=period,
            as_of=self.day,
            grain=grain,
            by=by,
            where=where,
            comparison=compare,
            aligned=alignment.others if alignment else (),
        )
        return msgspec.structs.replace(result, notes=(*result.notes, *alignment.notes())) if alignment else result

    def material(self, day: date | None = None, **changes: Any) -> Material:
        """Return what the books are made of."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            sources = source_freshness(connection, self.settings, day or self.day)
        return replace(
            Material(
                ask=self.ask,
                settings=self.settings,
                catalogue=self.catalogue,
                findings=self.findings(),
                sources=sources,
                names=names_from(self.backend, self.catalogue),
            ),
            **changes,
        )

    def write(
        self, path: Path, language: Language = "zh", day: date | None = None, kind: str = "daily", **changes: Any
    ) -> Path:
        """Write a book."""
        return WRITERS[kind](self.material(day, **changes), day or self.day, path, language)


def _warehouse(path: Path, faults: Sequence[str] = (), **options: Any) -> Warehouse:
    with duckdb.connect(str(path)) as connection:
        shop = _made_up_shop()(connection, **options).build()
        for fault in faults:
            connection.execute(fault)
        return Warehouse(path, shop.last)


@pytest.fixture(scope="session")
def platform_shop(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A shop with orders, shop days, product days and promotion; hostile titles and file names; a missing day."""
    titles = [
        f"UPDATE {table} SET title = '{title.replace(chr(39), chr(39) * 2)}' WHERE product_id = 'p{number}'"
        for number, title in enumerate(HOSTILE)
        for table in ("order_line", "product_period")
    ]
    faults = [
        *titles,
        # One export of all orders on the last day: what was refunded until then is known of every order.
        "UPDATE order_line SET exported_at = (SELECT max(exported_at) FROM order_line)",
        "UPDATE order_header SET exported_at = (SELECT max(exported_at) FROM order_header)",
        "UPDATE order_line SET refund_amount = paid_amount, refunded_on = paid_on + 2 WHERE hash(order_id) % 9 = 0",
        "DELETE FROM shop_period WHERE period_start = (SELECT max(period_start) - 5 FROM shop_period)",
        "UPDATE shop_period SET source_file = '=HYPERLINK(\"x\")'",
        "UPDATE ad_period SET campaign_name = '@SUM(1)' WHERE campaign = 'c1'",
    ]
    return _warehouse(tmp_path_factory.mktemp("platform") / "shop.duckdb", faults, days=60, orders_a_day=30.0)


@pytest.fixture(scope="session")
def invoice_shop(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A shop that has nothing but an order list."""
    faults = [f"DELETE FROM {table}" for table in ("shop_period", "product_period", "ad_period")]
    return _warehouse(tmp_path_factory.mktemp("invoices") / "shop.duckdb", faults, days=60, orders_a_day=30.0)


@pytest.fixture(scope="session")
def empty_shop(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A workspace without a single row."""
    warehouse = _warehouse(tmp_path_factory.mktemp("empty") / "shop.duckdb", days=0)
    return Warehouse(warehouse.path, date(2026, 8, 1))


@pytest.fixture(scope="session")
def books(
    tmp_path_factory: pytest.TempPathFactory,
    platform_shop: Warehouse,
    invoice_shop: Warehouse,
    empty_shop: Warehouse,
) -> Callable[..., Path]:
    """A book (`daily`, `weekly`, `summary`) of a shop (`platform`, `invoice`, `empty`) in a language, written once."""
    shops = {"platform": platform_shop, "invoice": invoice_shop, "empty": empty_shop}
    folder = tmp_path_factory.mktemp("books")

    def book(name: str, language: Language = "zh", kind: str = "daily") -> Path:
        path = folder / f"{name}-{kind}-{language}.xlsx"
        return path if path.exists() else shops[name].write(path, language, kind=kind)

    return book

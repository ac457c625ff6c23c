"""Pieces of the simulated exports: the writer, faults of files, texts, and order reports of any size."""

from __future__ import annotations

import csv
import hashlib
import io
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from duoshou.demo.exports import write_exports, write_orders
from duoshou.demo.exports.faults import disturbed
from duoshou.demo.exports.items import sku_stock
from duoshou.demo.exports.press import Form, Press
from duoshou.demo.exports.reviews import Reviewer
from duoshou.demo.exports.terms import product_terms
from duoshou.demo.simulation import Incident, Orders, Simulation, simulate

_FORM = Form(
    ["名", "空 ", "数", "名"], {"名@1": "name", "数": "whole(number)", "名@2": "number"}, empty="-", notice=[["说明"]]
)
_FRAME = {"name": ['a"b', "<&>", "中，文"], "number": np.array([1234567, 0, -5])}
_ROWS = [["说明"], ["名", "空 ", "数", "名"], ['a"b', "-", "1,234,567", "1234567"], ["<&>", "-", "0", "0"]]


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    """Return a shop of one month without incidents."""
    return simulate(seed=3, until=date(2026, 3, 31), days=31, scenario="none")


def test_text_is_what_an_independent_reader_reads(tmp_path: Path) -> None:
    """Quotes, commas and Chinese survive in GB18030 and UTF-8; columns of one name keep their places."""
    with Press() as press:
        for encoding in ("gb18030", "utf-8"):
            path = press.csv(tmp_path / f"{encoding}.csv", _FORM, _FRAME, encoding=encoding)
            rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding))))
            assert rows == [*_ROWS, ["中，文", "-", "-5", "-5"]]
    assert b"\r\n" in path.read_bytes()


def test_a_workbook_is_what_an_independent_reader_reads(tmp_path: Path) -> None:
    """Cells without a reference stand where they should, markup is escaped, rows below follow."""
    form = replace(_FORM, empty="", sheet="表")
    with Press() as press:
        path = press.xlsx(tmp_path / "a.xlsx", form, _FRAME, tail=[["", "合计"]])
    sheet = openpyxl.load_workbook(path)["表"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "说明"
    assert rows[2:] == [
        ['a"b', None, "1,234,567", "1234567"],
        ["<&>", None, "0", "0"],
        ["中，文", None, "-5", "-5"],
        [None, "合计", None, None],
    ]


def test_an_empty_frame_gives_a_header_only(tmp_path: Path) -> None:
    """A month in which nothing happened is a file all the same."""
    with Press() as press:
        path = press.csv(tmp_path / "a.csv", _FORM, {"name": np.array([], dtype=str), "number": np.array([])})
    assert path.read_bytes().decode("gb18030").count("\r\n") == 2


def _fault(kind: str, size: float = 1.0) -> Incident:
    return Incident("x", kind, 1, 1, size=size, parameters={"file": "items"}, is_fault=True)


@pytest.mark.parametrize(
    ("incident", "rows", "amounts"),
    [
        (_fault("missing_day"), [0, 1, 6, 7], [10, 20, 70, 80]),
        (_fault("truncated_export", 0.5), [0, 1, 2, 3, 6, 7], [10, 20, 30, 40, 70, 80]),
        (
            _fault("doubled_file"),
            [0, 1, 2, 3, 4, 5, 6, 7, 2, 3, 4, 5],
            [10, 20, 30, 40, 50, 60, 70, 80, 30, 40, 50, 60],
        ),
        (_fault("fen_yuan", 100.0), [0, 1, 2, 3, 4, 5, 6, 7], [10, 20, 3000, 4000, 5000, 6000, 70, 80]),
        (replace(_fault("missing_day"), is_fault=False), [0, 1, 2, 3, 4, 5, 6, 7], [10, 20, 30, 40, 50, 60, 70, 80]),
        (replace(_fault("missing_day"), parameters={"file": "plans"}), list(range(8)), list(range(10, 90, 10))),
    ],
)
def test_a_fault_changes_its_day_and_file_only(incident: Incident, rows: list[int], amounts: list[int]) -> None:
    """Rows are missing, cut or doubled, or money is a hundredfold, on the day of the fault."""
    frame = {"row": np.arange(8), "amount": np.arange(10, 90, 10), "label": [str(one) for one in range(8)]}
    told = disturbed(frame, [0, 0, 1, 1, 1, 1, 2, 2], "items", [incident], ("amount",))
    assert list(told["row"]) == rows
    assert list(told["amount"]) == amounts
    assert [int(one) for one in told["label"]] == rows


def test_stock_of_variants_adds_up_to_the_product(simulation: Simulation) -> None:
    """Whatever the parts, no unit is lost, none is below 0."""
    stock = np.random.default_rng(1).integers(0, 40, (5, len(simulation.world.products.codes)))
    shared = sku_stock(simulation.world, stock)
    assert (shared >= 0).all()
    sums = np.zeros_like(stock)
    np.add.at(sums.T, simulation.world.skus.product, shared.T)
    assert (sums == stock).all()


def test_the_same_seed_writes_the_same_bytes(simulation: Simulation, tmp_path: Path) -> None:
    """Two runs differ in no byte of any file."""
    first = {
        path.name: hashlib.sha256(path.read_bytes()).digest() for path in write_exports(simulation, tmp_path / "a")
    }
    again = simulate(seed=3, until=date(2026, 3, 31), days=31, scenario="none")
    second = {path.name: hashlib.sha256(path.read_bytes()).digest() for path in write_exports(again, tmp_path / "b")}
    assert first == second


def test_complaints_name_their_fault_in_many_ways(simulation: Simulation) -> None:
    """Looking up the fault's word misses most complaints, and hits praise that denies the fault."""
    world = simulation.world
    reviewer = Reviewer(world)
    complaints, praise = [], []
    for product in range(40):
        for fault, word in enumerate(world.faults):
            complaints.append((word, reviewer.text(1, product % len(world.topics), fault, product)))
            praise.append((word, reviewer.text(5, product % len(world.topics), -1, product)))
    named = np.mean([word in text for word, text in complaints])
    assert 0.05 < named < 0.5
    assert len({text for _, text in complaints}) > 0.85 * len(complaints)
    denied = [text for _, text in praise if any(word in text for word in world.faults)]
    assert denied
    assert all(any(no in text for no in ("不", "没", "无")) for text in denied)
    assert not [text for _, text in complaints + praise if "{" in text or "}" in text]
    lengths = [len(text) for _, text in complaints + praise]
    assert min(lengths) < 4
    assert max(lengths) > 45


def test_search_words_vary_beyond_the_attributes(simulation: Simulation) -> None:
    """Every product has many terms of its own; few of them are made of its attributes' own words only."""
    terms, owner = product_terms(simulation.world)
    assert np.bincount(owner).min() >= 15
    assert len(set(terms)) > 0.8 * len(terms)
    products = simulation.world.products
    plain = [
        any(value in term for value in products.attributes[product].values())
        for term, product in zip(terms, owner, strict=True)
    ]
    assert 0.2 < np.mean(plain) < 0.85


def _many(orders: Orders, chunks: int, alive: list[Any]) -> Iterator[Orders]:
    for number in range(chunks):
        chunk = replace(orders, ids=orders.ids + number * 10**12)
        alive.append(weakref.ref(chunk.ids))
        yield chunk
        del chunk
        assert sum(one() is not None for one in alive) <= 2


def test_orders_of_any_number_are_streamed(simulation: Simulation, tmp_path: Path) -> None:
    """Chunks are asked for one by one and let go; the files together hold every line."""
    orders = simulation.orders()
    alive: list[Any] = []
    files = write_orders(simulation.world, _many(orders, 5, alive), tmp_path)
    assert len(alive) == 5
    assert len(files) == 10
    lines = paid = 0
    for path in files:
        if path.name.startswith("ExportOrderDetailList"):
            for row in csv.DictReader(io.StringIO(path.read_bytes().decode("gb18030"))):
                lines += 1
                paid += round(float(row["买家实付金额"]) * 100)
    assert (lines, paid) == (5 * len(orders.line_order), 5 * orders.line_paid.sum())


def test_blocks_of_days_change_nothing(simulation: Simulation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders written day by day are those written at once, also where a fault doubles a day and cuts another."""
    faults = (
        Incident("a", "doubled_file", 9, 9, size=1.0, parameters={"file": "orders"}, is_fault=True),
        Incident("b", "truncated_export", 20, 20, size=0.5, parameters={"file": "orders"}, is_fault=True),
    )
    world, orders = replace(simulation.world, incidents=faults), simulation.orders()
    whole = write_orders(world, [orders], tmp_path / "whole")
    monkeypatch.setattr("duoshou.demo.exports.orders._BLOCK", 1)
    parts = write_orders(world, [orders], tmp_path / "parts")
    told = [sorted(path.read_bytes().split(b"\r\n")) for path in whole]
    assert told == [sorted(path.read_bytes().split(b"\r\n")) for path in parts]
    lost = (orders.day == 20).sum() - int((orders.day == 20).sum() * 0.5)
    assert len(told[0]) == 2 + len(orders.ids) + (orders.day == 9).sum() - lost

"""A CSV that a spreadsheet opens runs no formula and loses no digit."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.model.cells import FORMULA_STARTS, csv_text, faithful, harmless


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"])
def test_a_formula_becomes_text(cell: str) -> None:
    """A quotation mark stands before whatever a spreadsheet would run."""
    assert harmless(cell) == "'" + cell
    assert faithful(cell) == "'" + cell


def test_a_carriage_return_ends_no_row() -> None:
    """A spreadsheet would see a formula at the start of a row that Python sees within a cell."""
    assert list(csv.reader(io.StringIO(csv_text(["a"], [["x\r=1"], ["\r=1"]]), newline=""))) == [
        ["a"],
        ["x\n=1"],
        ["'\n=1"],
    ]
    assert "\r" not in csv_text(["a"], [["x\r\n=1"]])


@pytest.mark.parametrize("cell", ["-5", "+3.20", "-1e3", 7, None, "灯", "a=b", ""])
def test_what_is_no_formula_stays(cell: object) -> None:
    """Numbers keep their sign."""
    assert harmless(cell) == cell


def test_a_long_id_is_a_constant() -> None:
    """An id of eighteen digits is written so that a spreadsheet rounds nothing; twelve is where it would begin."""
    assert faithful("123456789012345678") == '="123456789012345678"'
    assert faithful("12345678901") == "12345678901"
    assert faithful("１２３４５６７８９０１２３") == "１２３４５６７８９０１２３"


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
def test_no_cell_of_a_file_begins_a_formula(rows: list[list[str]]) -> None:
    """Whatever the cells hold, no text in the file starts like a formula unless it is a number."""
    for row in csv.reader(io.StringIO(csv_text(["a", "b"], rows), newline="")):
        for cell in row:
            if cell.startswith(FORMULA_STARTS):
                float(cell)

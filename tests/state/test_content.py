"""A finding as JSON, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
from tests.state.conftest import finding

from duoshou.model import Cause, Evidence, EvidenceType, Subject, Text
from duoshou.state.content import content_of, finding_of, storable
from duoshou.state.standing import Status


def test_a_finding_comes_back_as_it_was() -> None:
    """Every field survives, with the status that the state gives."""
    one = finding(
        causes=(Cause("stock_out", Subject("sku", "7", "红"), 0.25, None, ("e1",)),), caveats=(Text("注", "note"),)
    )
    assert finding_of(content_of(one), Status.NEW) == one
    assert finding_of(json.loads(json.dumps(content_of(one))), Status.DECLINED) == replace(one, status="declined")


def test_what_no_database_takes_is_mended() -> None:
    """Numbers that are not finite are unknown; NUL and halves of characters go; array scalars become plain."""
    odd = {
        "a": float("nan"),
        "b": [float("-inf"), "x\0y", "\ud83d"],
        "c": np.float64("inf"),
        "d": np.int64(3),
        "e": True,
    }
    assert storable(odd) == {"a": None, "b": [None, "xy", "?"], "c": None, "d": 3, "e": True}
    assert storable(Decimal("1.10")) == "1.10"


def test_rows_of_arrays_are_stored() -> None:
    """Evidence that an analyst took from an array is valid JSON."""
    rows = ((np.float64(1.5), np.datetime64("2026-11-02")),)
    one = finding()
    shape = content_of(replace(one, evidence=(Evidence("e", EvidenceType.TABLE, Text("表", "t"), ("a",), rows),)))
    assert shape["evidence"][0]["rows"] == [[1.5, "2026-11-02"]]

"""The span of columns, dependent or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.elasticity.spans import span_of


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(0, 3))
def test_the_basis_spans_the_columns_and_leads_back(seed: int, columns: int, copies: int) -> None:
    """Projections and least coefficients are those of the pseudo-inverse, with columns twice as well."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(30, columns))
    table = np.column_stack([table, *(table[:, :1] * rng.normal() for _ in range(copies))])
    span = span_of(table)
    assert span.basis.shape == (30, columns)
    assert span.basis.T @ span.basis == pytest.approx(np.eye(columns), abs=1e-9)
    outcome = rng.normal(size=30)
    least = np.linalg.pinv(table, rcond=1e-9) @ outcome
    assert span.back @ (span.basis.T @ outcome) == pytest.approx(least, abs=1e-7)
    assert span.basis @ (span.basis.T @ outcome) == pytest.approx(table @ least, abs=1e-7)

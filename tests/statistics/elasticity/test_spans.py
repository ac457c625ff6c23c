"""The span of columns, dependent or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.elasticity.spans import span_of


@pytest.mark.parametrize("apart", [1.0, 1e-2, 1e-4, 1e-6, 1e-8])
def test_columns_that_hardly_differ_have_an_orthonormal_basis(apart: float) -> None:
    """However near two columns come, the basis is orthonormal to rounding and spans what reflections span."""
    rng = np.random.default_rng(7)
    table = rng.normal(size=(400, 5))
    table[:, 4] = table[:, 3] + apart * table[:, 4]
    span = span_of(table)
    assert span.basis.T @ span.basis == pytest.approx(np.eye(5), abs=1e-12)
    basis = np.linalg.qr(table)[0]
    assert span.basis @ (span.basis.T @ basis) == pytest.approx(basis, abs=1e-15 / apart + 1e-12)


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

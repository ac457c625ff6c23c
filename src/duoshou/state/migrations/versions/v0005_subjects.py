"""Findings, tasks and effects are found by what they concern: the story of a product reads its own rows alone."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    for table in ("finding", "task", "effect"):
        op.create_index(op.f(f"ix_{table}_shop_subject_type_subject_id"), table, ["shop", "subject_type", "subject_id"])

"""Beside the findings of a day, what could not be judged on it, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of days that were run before, nobody knows."""
    op.add_column("day_run", sa.Column("untold", sa.JSON()))

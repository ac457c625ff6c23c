"""Findings, the days on which they were found, decisions about them, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MESSAGE = "the audit log is append-only"

SQLITE_GUARDS = (
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    # INSERT OR REPLACE deletes without the trigger above.
    (
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    ),
)
POSTGRESQL_GUARDS = (
    (
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    ),
    (
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    ),
    (
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    ),
)


def upgrade() -> None:
    """Make the tables and the guards of the audit log."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    _findings()
    _days()
    _decisions()
    _audit()
    for statement in SQLITE_GUARDS if is_sqlite else POSTGRESQL_GUARDS:
        op.execute(sa.text(statement))


def _findings() -> None:
    # Hundredths where the database has no exact decimals.
    money = sa.Numeric(18, 2).with_variant(sa.BigInteger(), "sqlite")
    op.create_table(
        "finding",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("last_seen", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("spells", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("impact_amount", money),
        sa.Column("impact_low", money),
        sa.Column("impact_high", money),
        sa.Column("impact_currency", sa.String()),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name="pk_finding"),
        sa.CheckConstraint(
            "status IN ('new', 'open', 'watched', 'declined', 'solved')", name=op.f("ck_finding_status")
        ),
    )
    op.create_index("ix_finding_shop_last_seen", "finding", ["shop", "last_seen"])
    op.create_index("ix_finding_shop_status", "finding", ["shop", "status"])


def _days() -> None:
    op.create_table(
        "day_run",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("declared_over", sa.JSON(), nullable=False),
        sa.Column("unjudged", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "day", name="pk_day_run"),
    )
    op.create_table(
        "finding_day",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("finding_id", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "day", "finding_id", name="pk_finding_day"),
        sa.ForeignKeyConstraint(["shop", "finding_id"], ["finding.shop", "finding.id"], name="fk_finding_day_finding"),
    )
    op.create_index("ix_finding_day_shop_finding_id", "finding_day", ["shop", "finding_id"])


def _decisions() -> None:
    op.create_table(
        "finding_decision",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("finding_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "finding_id", "number", name="pk_finding_decision"),
        sa.ForeignKeyConstraint(
            ["shop", "finding_id"], ["finding.shop", "finding.id"], name="fk_finding_decision_finding"
        ),
        sa.CheckConstraint("action IN ('decline', 'watch', 'reopen')", name=op.f("ck_finding_decision_action")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )

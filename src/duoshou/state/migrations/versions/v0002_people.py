"""People, their sessions and tokens, attempts to sign in, who saw a finding, and the jobs that ran."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES = "'owner', 'operator', 'designer', 'service', 'promotion', 'warehouse', 'viewer'"


def upgrade() -> None:
    """Make the tables."""
    _people()
    _sessions()
    _tokens()
    _attempts()
    _seen()
    _jobs()


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _person() -> sa.Column[int]:
    return sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _people() -> None:
    op.create_table(
        "person",
        _number(),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String()),
        _instant("password_set_at", nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("login", name="uq_person_login"),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_person_role")),
        sqlite_autoincrement=True,
    )


def _sessions() -> None:
    op.create_table(
        "session",
        _number(),
        sa.Column("secret_hash", sa.String(), nullable=False),
        _person(),
        _instant("created_at"),
        _instant("last_used_at"),
        _instant("expires_at"),
        sa.Column("client", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("secret_hash", name="uq_session_secret_hash"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_session_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_session_person", "session", ["person"])


def _tokens() -> None:
    op.create_table(
        "api_token",
        _number(),
        _person(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("last_used_at", nullable=True),
        _instant("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("secret_hash", name="uq_api_token_secret_hash"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_api_token_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_api_token_person", "api_token", ["person"])


def _attempts() -> None:
    op.create_table(
        "sign_in_attempt",
        _number(),
        _instant("at"),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])
    op.create_index("ix_sign_in_attempt_subject_at", "sign_in_attempt", ["subject", "at"])
    op.create_index("ix_sign_in_attempt_client_at", "sign_in_attempt", ["client", "at"])


def _seen() -> None:
    op.create_table(
        "finding_seen",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("finding_id", sa.String(), nullable=False),
        _person(),
        _instant("first_at"),
        _instant("last_at"),
        sa.PrimaryKeyConstraint("shop", "finding_id", "person", name="pk_finding_seen"),
        sa.ForeignKeyConstraint(["shop", "finding_id"], ["finding.shop", "finding.id"], name="fk_finding_seen_finding"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_finding_seen_person"),
    )
    op.create_index("ix_finding_seen_person", "finding_seen", ["person"])


def _jobs() -> None:
    op.create_table(
        "job_run",
        _number(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("shop", sa.String()),
        sa.Column("started_by", sa.String(), nullable=False),
        _instant("started_at"),
        _instant("finished_at", nullable=True),
        sa.Column("outcome", sa.String()),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_run"),
        sa.CheckConstraint("trigger IN ('schedule', 'inbox', 'person')", name=op.f("ck_job_run_trigger")),
        sa.CheckConstraint("outcome IN ('done', 'needs_person', 'failed', 'lost')", name=op.f("ck_job_run_outcome")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_run_started_at", "job_run", ["started_at"])

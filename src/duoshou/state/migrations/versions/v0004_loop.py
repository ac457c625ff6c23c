"""The closed loop: tasks, briefs, changes and whom they concern, notices, measured effects, tests and their counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MONEY = sa.Numeric(18, 2).with_variant(sa.BigInteger(), "sqlite")
ROLES = "'owner', 'operator', 'designer', 'service', 'promotion', 'warehouse', 'viewer'"
STATES = "'proposed', 'accepted', 'doing', 'done', 'evaluated', 'declined'"


def upgrade() -> None:
    """Make the tables."""
    _task()
    _task_step()
    _brief()
    _change()
    _change_subject()
    _notice()
    _effect()
    _trial()
    _trial_count()


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("finding_id", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("change_kind", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("owner_role", sa.String(), nullable=False),
        sa.Column("owner", NUMBER, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("expected_change", sa.Float(precision=53), nullable=False),
        sa.Column("expected_amount", MONEY, nullable=True),
        sa.Column("expected_by", sa.Date(), nullable=False),
        sa.Column("guards", sa.JSON(), nullable=False),
        sa.Column("effort", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"owner_role IN ({ROLES})", name=op.f("ck_task_owner_role")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_task_state")),
        sa.ForeignKeyConstraint(["owner"], ["person.id"], name=op.f("fk_task_person")),
        sa.ForeignKeyConstraint(["shop", "finding_id"], ["finding.shop", "finding.id"], name=op.f("fk_task_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_task_owner"), "task", ["owner"])
    op.create_index(op.f("ix_task_shop_finding_id"), "task", ["shop", "finding_id"])
    op.create_index(op.f("ix_task_shop_state_action"), "task", ["shop", "state", "action"])
    op.create_index(op.f("ix_task_shop_due_on_id"), "task", ["shop", "due_on", "id"])
    op.create_index(op.f("ix_task_shop_state_due_on"), "task", ["shop", "state", "due_on"])


def _task_step() -> None:
    op.create_table(
        "task_step",
        sa.Column("task", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_task_step_state")),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_task_step_task")),
        sa.PrimaryKeyConstraint("task", "number", name=op.f("pk_task_step")),
    )


def _brief() -> None:
    op.create_table(
        "brief",
        sa.Column("task", NUMBER, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_brief_task")),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_brief")),
    )


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("task", NUMBER, nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("detected_key", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("origin IN ('manual', 'detected')", name=op.f("ck_change_origin")),
        sa.CheckConstraint("standing IN ('proposed', 'confirmed', 'rejected')", name=op.f("ck_change_standing")),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_change_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("shop", "detected_key", name=op.f("uq_change_shop_detected_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_shop_standing_happened_on"), "change", ["shop", "standing", "happened_on"])
    op.create_index(op.f("ix_change_task"), "change", ["task"])


def _change_subject() -> None:
    op.create_table(
        "change_subject",
        sa.Column("change", NUMBER, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["change"], ["change.id"], name=op.f("fk_change_subject_change")),
        sa.PrimaryKeyConstraint("change", "type", "id", name=op.f("pk_change_subject")),
    )
    op.create_index(op.f("ix_change_subject_type_id"), "change_subject", ["type", "id"])


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("change", NUMBER, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_notice_role")),
        sa.ForeignKeyConstraint(["change"], ["change.id"], name=op.f("fk_notice_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("change", "rule", name=op.f("uq_notice_change_rule")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notice_shop_acknowledged_at_due_at"), "notice", ["shop", "acknowledged_at", "due_at"])


def _effect() -> None:
    op.create_table(
        "effect",
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("amount", MONEY, nullable=True),
        sa.Column("low", MONEY, nullable=True),
        sa.Column("high", MONEY, nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("relative", sa.Float(precision=53), nullable=True),
        sa.Column("relative_low", sa.Float(precision=53), nullable=True),
        sa.Column("relative_high", sa.Float(precision=53), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("caveats", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("source IN ('task', 'change', 'campaign', 'trial')", name=op.f("ck_effect_source")),
        sa.CheckConstraint("verdict IN ('worked', 'did_not', 'harmed', 'cannot_tell')", name=op.f("ck_effect_verdict")),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_effect")),
        sa.UniqueConstraint("shop", "source", "source_id", name=op.f("uq_effect_shop_source_source_id")),
    )
    op.create_index(
        op.f("ix_effect_shop_action_window_to_verdict"), "effect", ["shop", "action", "window_to", "verdict"]
    )
    op.create_index(op.f("ix_effect_shop_window_to"), "effect", ["shop", "window_to"])


def _trial() -> None:
    op.create_table(
        "trial",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("shop", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("change_kind", sa.String(), nullable=True),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("design", sa.JSON(), nullable=False),
        sa.Column("task", NUMBER, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('ab', 'switchback')", name=op.f("ck_trial_kind")),
        sa.CheckConstraint("state IN ('running', 'ended', 'cancelled')", name=op.f("ck_trial_state")),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_trial_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_trial_shop_state"), "trial", ["shop", "state"])
    op.create_index(op.f("ix_trial_task"), "trial", ["task"])


def _trial_count() -> None:
    op.create_table(
        "trial_count",
        sa.Column("trial", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("units", NUMBER, nullable=False),
        sa.Column("successes", NUMBER, nullable=True),
        sa.Column("total", sa.Float(precision=53), nullable=True),
        sa.Column("squares", sa.Float(precision=53), nullable=True),
        sa.ForeignKeyConstraint(["trial"], ["trial.id"], name=op.f("fk_trial_count_trial")),
        sa.PrimaryKeyConstraint("trial", "day", "arm", name=op.f("pk_trial_count")),
    )

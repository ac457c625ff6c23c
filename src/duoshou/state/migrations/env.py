"""Run by Alembic: migrate the connection that `duoshou.state.migrating` gives, in its transaction."""

from __future__ import annotations

from alembic import context

from duoshou.state.base import Base
from duoshou.state.migrating import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()

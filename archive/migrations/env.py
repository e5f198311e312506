"""Alembic calls this for every upgrade; the open connection comes from ``archive.upgrade``."""

from alembic import context

from archive.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()

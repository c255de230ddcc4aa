"""Runs migrations on the connection that `curator.store.migrate` holds; there is no other way to run them."""

from alembic import context

from curator.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()

"""What does Alembic run, and on which connection? Alembic executes this file; nobody imports it."""

from alembic import context

from storage.tables import Table

if context.is_offline_mode():
    context.configure(dialect_name=context.config.attributes["dialect"], target_metadata=Table.metadata)
else:
    context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()

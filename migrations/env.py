"""Runs migrations on the connection that `storage.corpus.db.schema` hands over, inside its transaction.

On SQLite tables are changed by copying them (batch mode). A migration that changes a table used by the view `corpus`
drops the view first and creates it again at its end.
"""

from alembic import context
from sqlalchemy import Connection

from storage.corpus.db.tables import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    context.run_migrations()


run(context.config.attributes["connection"])

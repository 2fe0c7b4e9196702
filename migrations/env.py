"""Runs migrations on the connection that `storage.corpus.db.schema` hands over, inside its transaction, or on the
database of alembic.ini where `alembic` itself is run.

On SQLite tables are changed by copying them (batch mode). A migration that changes a table used by the view `corpus`
drops the view first and creates it again at its end.
"""

import os

from alembic import context
from sqlalchemy import Connection

from storage.corpus.db.database import changing_schema, connect
from storage.corpus.db.tables import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    context.run_migrations()


if (handed := context.config.attributes.get("connection")) is not None:
    run(handed)
else:
    url = os.environ.get("EMEROTECA_DATABASE_URL") or context.config.get_main_option("sqlalchemy.url", "")
    with connect(url) as database, changing_schema(database) as opened:
        run(opened)

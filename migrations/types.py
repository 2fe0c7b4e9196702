"""Column types of the migrations, as they were when the first migration was written; later types get new names."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ORDERED = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

"""The schema's version: made by Alembic migrations, checked whenever a store is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from exchange.errors import Broken

HEAD: Final = "0013"  # the newest migration; a test compares it with the migrations folder


if TYPE_CHECKING:
    from alembic.config import Config


def config() -> Config:
    """Return Alembic's configuration; there is no ini file."""
    from alembic.config import Config  # noqa: PLC0415 - needed to migrate alone, and slow

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return settings


def migrate(engine: Engine) -> None:
    """Bring a store to the newest schema; a new one gets all its tables.

    A store of a schema that this program does not know raises `Broken`.
    """
    from alembic import command  # noqa: PLC0415 - needed to migrate alone, and slow
    from alembic.util import CommandError  # noqa: PLC0415 - the same

    settings = config()
    try:
        with engine.begin() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
    except CommandError as error:
        raise Broken(f"the store cannot be brought to schema {HEAD}: {error}") from error


def remove(engine: Engine) -> None:
    """Remove every table of a store that was not used yet."""
    from alembic import command  # noqa: PLC0415 - needed to migrate alone, and slow

    settings = config()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
        connection.execute(text("DROP TABLE alembic_version"))


def require_current(engine: Engine) -> None:
    """Raise `Broken` unless the store has the newest schema, naming the command that helps."""
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                raise Broken("the store has no schema: was the exchange initialised?")
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DatabaseError as error:
        raise Broken(f"the store cannot be read: {error.orig}") from error
    if found != HEAD:
        raise Broken(f"the store has schema {found}, this program has {HEAD}: run `guapai migrate`")

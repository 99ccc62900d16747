"""The unit of work: one session, one connection, one commit for rows and entries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from exchange.errors import Broken, Conflict, ExchangeError, Stale
from exchange.store.books import (
    SqlAccounts,
    SqlParticipants,
    SqlProducts,
    SqlQuotes,
    SqlRecords,
    SqlScenarios,
    SqlTrades,
)
from exchange.store.drafts import SqlDrafts
from exchange.store.entries import SqlEntries
from exchange.store.memory import SqlMemory
from exchange.store.rows import CheckpointRow
from ledger.chain import Chain


class SqlUnitOfWork:
    """All books and the chain over one transaction."""

    def __init__(self, session: Session, origin: str) -> None:
        self.session = session
        self.participants = SqlParticipants(session)
        self.products = SqlProducts(session)
        self.scenarios = SqlScenarios(session)
        self.quotes = SqlQuotes(session)
        self.trades = SqlTrades(session)
        self.accounts = SqlAccounts(session)
        self.records = SqlRecords(session)
        self.drafts = SqlDrafts(session)
        self.memory = SqlMemory(session)
        self.chain = Chain(SqlEntries(session.connection()), origin)

    def last_checkpoint(self) -> CheckpointRow | None:
        """Return the largest checkpoint that was signed."""
        query = select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1)  # type: ignore[attr-defined]
        return self.session.execute(query).scalar_one_or_none()


@contextmanager
def unit_of_work(engine: Engine, origin: str) -> Iterator[SqlUnitOfWork]:
    """Open a unit of work: commit when its block ends, roll all of it back when it raises."""
    try:
        with Session(engine, autoflush=False) as session, session.begin():
            yield SqlUnitOfWork(session, origin)
    except StaleDataError as error:
        raise Stale("the row has changed since it was read: read it again") from error
    except IntegrityError as error:
        raise Conflict(f"a rule of the store forbids it: {error.orig}") from error
    except OperationalError as error:
        raise ExchangeError(f"the store could not do it: {error.orig}") from error
    except DatabaseError as error:
        raise Broken(f"the store cannot be read: {error.orig}") from error

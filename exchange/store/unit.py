"""The unit of work: one session, one connection, one commit for rows and entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, select

from exchange.errors import BadField, Broken, Busy, Conflict, ExchangeError, Stale
from exchange.store.accounts import SqlAccounts
from exchange.store.auctions import SqlAuctions, SqlBids
from exchange.store.bargains import SqlNegotiations
from exchange.store.batches import SqlBatches
from exchange.store.board import SqlBoard
from exchange.store.book import add_unless_there, connection_of
from exchange.store.books import (
    SqlEngagements,
    SqlNegativeList,
    SqlParticipants,
    SqlProducts,
    SqlQuotes,
    SqlRecords,
    SqlScenarios,
    SqlTrades,
)
from exchange.store.confidential import SqlConfidential
from exchange.store.cycles import SqlCycles, SqlObligations
from exchange.store.dealings import SqlDealings
from exchange.store.deals import SqlDeals
from exchange.store.demands import SqlDemands
from exchange.store.drafts import SqlDrafts
from exchange.store.entries import SqlEntries
from exchange.store.fingerprints import SqlFingerprints
from exchange.store.memory import SqlMemory
from exchange.store.metering import SqlMetering
from exchange.store.payments import SqlUnclaimed, SqlWithdrawals
from exchange.store.rows import CheckpointRow
from exchange.store.sequencing import SqlTiles
from exchange.store.sheet_drafts import SqlSheetDrafts
from exchange.store.subscriptions import SqlSubscriptions
from exchange.store.versions import SqlVersions
from ledger.chain import Chain
from ledger.merkle import Edge

_REMEMBERED: Final = 512  # units of a sitting that change something and know what was read
# Deadlock, serialization failure, lock not available, or another writer for longer than one waits:
# nothing was done, and again may succeed.
_AGAIN: Final = frozenset({"40P01", "40001", "55P03", "SQLITE_BUSY"})
_TOLD: Final = ("sqlstate", "sqlite_errorname")  # by the drivers of PostgreSQL and of SQLite


class SqlUnitOfWork:
    """All books and the chain over one transaction."""

    def __init__(self, session: Session, origin: str, *, inline: bool) -> None:
        self.session = session
        self.signed = False  # whether a checkpoint leaves with it
        self.reached: dict[str, set[str]] = {}  # whose descendants are asked for again, and why
        self.participants = SqlParticipants(session)
        self.negative_list = SqlNegativeList(session)
        self.engagements = SqlEngagements(session)
        self.deals = SqlDeals(session)
        self.obligations = SqlObligations(session)
        self.cycles = SqlCycles(session)
        self.products = SqlProducts(session)
        self.board = SqlBoard(session)
        self.scenarios = SqlScenarios(session)
        self.demands = SqlDemands(session)
        self.negotiations = SqlNegotiations(session)
        self.auctions = SqlAuctions(session)
        self.bids = SqlBids(session)
        self.quotes = SqlQuotes(session)
        self.subscriptions = SqlSubscriptions(session)
        self.metering = SqlMetering(session)
        self.trades = SqlTrades(session)
        self.dealings = SqlDealings(session)
        self.accounts = SqlAccounts(session)
        self.withdrawals = SqlWithdrawals(session)
        self.unclaimed = SqlUnclaimed(session)
        self.records = SqlRecords(session)
        self.fingerprints = SqlFingerprints(session)
        self.versions = SqlVersions(session)
        self.confidential = SqlConfidential(session)
        self.drafts = SqlDrafts(session)
        self.sheet_drafts = SqlSheetDrafts(session)
        self.memory = SqlMemory(session)
        self.entries = SqlEntries(connection_of(session), inline=inline)
        self.batches = SqlBatches(connection_of(session), self.entries)
        self.tiles = SqlTiles(connection_of(session))
        self.chain = Chain(self.entries, origin)

    def begin(self) -> None:
        """Answer for what comes from here on alone: what was added, signed and erased."""
        self.signed, self.entries.added, self.confidential.erased = False, [], 0
        self.reached = {}

    @staticmethod
    def note_of(edge: Edge, last: CheckpointRow | None) -> bytes | None:
        """Return the note of the newest checkpoint if it is of this edge, None if it is older.

        Raises `Broken` where the store has less than was signed, or another root.
        """
        if last is None or last.size < edge.size:
            return None
        if last.size > edge.size:
            raise Broken(
                f"a checkpoint of {last.size} entries was signed and the log has {edge.size}: "
                "the store was rolled back, and signing now would fork the log"
            )
        if last.root != edge.root.hex():
            raise Broken(f"two roots of size {edge.size}: the store was tampered with")
        return last.note

    def keep_checkpoint(self, edge: Edge, note: bytes) -> bytes:
        """Store a checkpoint before it leaves; return its note, or that of who was first."""
        row = CheckpointRow(size=edge.size, root=edge.root.hex(), note=note)
        if add_unless_there(self.session, row):
            return note
        return self.note_of(edge, self.session.get_one(CheckpointRow, edge.size)) or note

    def checkpoints(self, count: int) -> Sequence[tuple[int, bytes]]:
        """Return size and note of the newest checkpoints that were signed, the largest first."""
        return [(row.size, row.note) for row in self._newest_checkpoints(count)]

    def checkpoint_over(self, place: int) -> bytes | None:
        """Return the note of the smallest signed checkpoint over the entry at `place`, if any."""
        query = select(CheckpointRow).where(col(CheckpointRow.size) > place)
        row = self.session.exec(query.order_by(col(CheckpointRow.size)).limit(1)).first()
        return row.note if row else None

    def last_checkpoint(self) -> CheckpointRow | None:
        """Return the largest checkpoint that was signed."""
        return next(iter(self._newest_checkpoints(1)), None)

    def _newest_checkpoints(self, count: int) -> Sequence[CheckpointRow]:
        query = select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(count)
        return self.session.exec(query).all()


@contextmanager
def unit_of_work(engine: Engine, origin: str, *, inline: bool) -> Iterator[SqlUnitOfWork]:
    """Open a unit of work: commit when its block ends, roll all of it back when it raises.

    With `inline` its entries get their places within it.
    """
    # The connection commits, since little goes through the session.
    with _in_words(), engine.begin() as connection:
        session = Session(connection, autoflush=False)
        try:
            yield SqlUnitOfWork(session, origin, inline=inline)
            if session.in_transaction():
                session.flush()
        finally:
            if session.in_transaction():  # most units ask it for nothing
                session.close()


@contextmanager
def _in_words() -> Iterator[None]:
    """Tell what goes wrong in a store by the errors of the exchange."""
    try:
        yield
    except StaleDataError as error:
        raise Stale("the row has changed since it was read: read it again") from error
    except IntegrityError as error:
        # What the store says of it quotes values of rows, which are not for everybody.
        raise Conflict(
            "a rule of the store forbids it, as when others store the same: nothing was done"
        ) from error
    except OperationalError as error:
        if {getattr(error.orig, name, "") for name in _TOLD} & _AGAIN:
            raise Busy(
                "others were changing the same thing: nothing was done, try again"
            ) from error
        raise ExchangeError(f"the store could not do it: {error.orig}") from error
    except DataError as error:  # of what came in: what PostgreSQL has stored it gives back
        raise BadField(
            "text", "holds what the store cannot keep, such as a NUL character or too much"
        ) from error
    except DatabaseError as error:
        raise Broken(f"the store cannot be read: {error.orig}") from error


class Sitting:
    """Units of work one after the other within one transaction of SQLite, which has one writer.

    What one has read of the log the next one need not read again, for some hundred units.
    """

    def __init__(self, connection: Connection, origin: str) -> None:
        self._connection, self._origin = connection, origin
        self._begin()

    def _begin(self) -> None:
        session = Session(self._connection, autoflush=False)
        self._work = SqlUnitOfWork(session, self._origin, inline=True)
        self._units = 0

    @contextmanager
    def straight(self) -> Iterator[SqlUnitOfWork]:
        """Open a unit of work that is not undone by itself: where it raises, the sitting must end.

        Without the copies of pages that undoing takes, which for thousands of rows are many.
        """
        self._begin()
        with _in_words():
            yield self._work
            self._work.session.flush()

    @contextmanager
    def unit(self, *, writing: bool) -> Iterator[SqlUnitOfWork]:
        """Open a unit of work: when its block raises, nothing of it stays."""
        work = self._work
        if not writing:
            with _in_words():
                yield work
            return
        work.begin()
        with _in_words():
            self._connection.exec_driver_sql("SAVEPOINT unit")
            try:
                yield work
                work.session.flush()
            except BaseException:
                self._connection.exec_driver_sql("ROLLBACK TO unit")
                self._begin()  # what was read of the log may be gone
                raise
            finally:
                self._connection.exec_driver_sql("RELEASE unit")
            work.session.expunge_all()  # the next one reads its rows anew
        self._units += 1
        if self._units >= _REMEMBERED:
            self._begin()


@contextmanager
def sitting(engine: Engine, origin: str) -> Iterator[Sitting]:
    """Open a transaction of many units of work: commit when its block ends, or nothing of it."""
    with _in_words(), engine.begin() as connection:
        yield Sitting(connection, origin)

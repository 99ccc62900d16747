"""SQL implementations of the books in `exchange.ports`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, or_, select

from exchange.clearing import OUTSIDE, Journal, Posting
from exchange.engagements import Engagement
from exchange.errors import BadField, InsufficientFunds, NotFound
from exchange.negative import Barred
from exchange.participants import Participant
from exchange.registration import Product
from exchange.scenarios import Scenario
from exchange.store.rows import (
    BalanceRow,
    BarredRow,
    EngagementRow,
    EntryRow,
    JournalRow,
    ParticipantRow,
    PostingRow,
    ProductRow,
    QuoteRow,
    RecordRow,
    ScenarioRow,
    TradeRow,
)
from exchange.trading import Quote, Trade
from pricing.money import MINOR_MAX, Currency, Money

RECORD_MAX = 4 << 20  # bytes of one stored document; a file of a bundle holds four times that

Domain = TypeVar("Domain", Participant, Barred, Engagement, Product, Scenario, Quote, Trade)


def add_unless_there(session: Session, row: SQLModel) -> bool:
    """Insert a row, or return False where there is one with its key.

    Where another transaction is inserting that key, this waits for how that ends.
    """
    connection = session.connection()
    table: Any = SQLModel.metadata.tables[str(row.__tablename__)]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row.model_dump()).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


class _Book(Generic[Domain]):
    """Rows of one table, as domain objects."""

    row: type[Any]
    word: str
    order: str = ""  # the column, else the order of the newest entries

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: list[Any] = []

    def _found(self, row: Any) -> Domain:  # noqa: ANN401 - a row of the book's table
        # Kept until the transaction ends, so that `put` writes over the version that was read.
        self._read.append(row)
        found: Domain = row.to_domain()
        return found

    def get(self, key: str, /) -> Domain:
        """Return by key, or raise `NotFound`."""
        row = self._session.get(self.row, key)
        if row is None:
            raise NotFound(f"there is no {self.word} {key}")
        return self._found(row)

    def put(self, value: Domain, /) -> None:
        """Add or replace."""
        columns = self.row.of(value)
        key = next(column.name for column in self.row.__table__.primary_key)
        row = self._session.get(self.row, columns[key])
        if row is None:
            self._session.add(self.row(**columns))
        else:
            for name, column in columns.items():
                setattr(row, name, column)
        self._session.flush()

    def all(self) -> Sequence[Domain]:
        """Return all, in the book's order."""
        query = select(self.row)
        if self.order:
            query = query.order_by(getattr(self.row, self.order))
        else:
            query = query.join(EntryRow, col(EntryRow.leaf) == self.row.head)
            query = query.order_by(col(EntryRow.id))
        rows = self._session.exec(query).all()
        return [self._found(row) for row in rows]


class SqlParticipants(_Book[Participant]):
    """The register of participants."""

    row, word, order = ParticipantRow, "participant", "handle"

    def get(self, participant: str, /) -> Participant:
        """Return by id or by handle, or raise `NotFound`."""
        found = self.find(participant)
        if found is None:
            raise NotFound(f"there is no participant {participant}")
        return found

    def find(self, participant: str, /) -> Participant | None:
        """Return by id or by handle, or None."""
        query = select(ParticipantRow).where(
            or_(ParticipantRow.id == participant, ParticipantRow.handle == participant)
        )
        row = self._session.exec(query).first()
        return self._found(row) if row else None


class SqlNegativeList(_Book[Barred]):
    """The negative list."""

    row, word, order = BarredRow, "organisation on the negative list", "since"

    def of_code(self, credit_code: str, /) -> Sequence[Barred]:
        """Return every listing of an organisation, cleared and ended ones too."""
        query = select(BarredRow).where(BarredRow.credit_code == credit_code)
        rows = self._session.exec(query.order_by(BarredRow.since)).all()
        return [self._found(row) for row in rows]


class SqlEngagements(_Book[Engagement]):
    """Engagements of merchants by one another."""

    row, word, order = EngagementRow, "engagement", "proposed_at"


class SqlProducts(_Book[Product]):
    """Registered products."""

    row, word, order = ProductRow, "product", "registered_at"


class SqlScenarios(_Book[Scenario]):
    """Filed scenarios."""

    row, word = ScenarioRow, "scenario"


class SqlQuotes(_Book[Quote]):
    """Quoted prices."""

    row, word = QuoteRow, "quote"


class SqlTrades(_Book[Trade]):
    """Trades."""

    row, word, order = TradeRow, "trade", "ordered_at"


class SqlRecords:
    """Stored documents under their digests."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, data: bytes, *, public: bool) -> str:
        """Store bytes and return their SHA-256; what is public stays public.

        Raises `BadField` for more than `RECORD_MAX` bytes, which no bundle could carry.
        """
        if len(data) > RECORD_MAX:
            raise BadField("document", f"over {RECORD_MAX} bytes")
        digest = hashlib.sha256(data).hexdigest()
        row = self._session.get(RecordRow, digest)
        if row is None:
            if add_unless_there(self._session, RecordRow(digest=digest, public=public, data=data)):
                return digest
            row = self._session.get_one(RecordRow, digest)
        if public and not row.public:
            row.public = True
            self._session.flush()
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes, or raise `NotFound`."""
        row = self._session.get(RecordRow, digest)
        if row is None:
            raise NotFound(f"there is no record {digest}")
        return row.data

    def public(self) -> Iterator[tuple[str, bytes]]:
        """Yield every public record."""
        query = select(RecordRow).where(col(RecordRow.public)).order_by(RecordRow.digest)
        for row in self._session.exec(query):
            yield row.digest, row.data


class SqlAccounts:
    """The books of central clearing; a balance changes only together with its postings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def post(self, journal: Journal) -> None:
        """Carry out a journal, or raise `InsufficientFunds`; the caller's unit rolls it back."""
        row = JournalRow(what=journal.what, entry=journal.entry)
        self._session.add(row)
        self._session.flush()
        for posting in journal.postings:
            self._session.add(
                PostingRow(
                    journal=row.id or 0,
                    account=posting.account,
                    minor=posting.amount.minor,
                    currency=str(posting.amount.currency),
                )
            )
            self._move(posting)
        self._session.flush()

    def _move(self, posting: Posting) -> None:
        account, amount = posting.account, posting.amount
        key = (account, str(amount.currency))
        known = self._session.get(BalanceRow, key)
        if known is None:
            add_unless_there(self._session, BalanceRow(account=account, currency=key[1], minor=0))
        # One guarded statement, so that no two debits can both find the same money.
        table: Any = SQLModel.metadata.tables[BalanceRow.__tablename__]
        statement = update(table).where(table.c.account == account, table.c.currency == key[1])
        if amount.minor < 0 and account != OUTSIDE:
            statement = statement.where(table.c.minor >= -amount.minor)
        total = table.c.minor + amount.minor
        statement = statement.where(total <= MINOR_MAX, total >= -MINOR_MAX)
        moved = self._session.connection().execute(statement.values(minor=total))
        if known is not None:
            self._session.expire(known)
        if moved.rowcount != 1:
            raise InsufficientFunds(
                f"{account} holds {self.balance(account, amount.currency)} and {-amount} is due"
            )

    def balance(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return an account's balance; zero if nothing was ever posted to it."""
        row = self._session.get(BalanceRow, (account, str(currency)))
        return Money(row.minor if row else 0, currency)

    def balances(self) -> Mapping[tuple[str, Currency], Money]:
        """Return every account's balance in each of its currencies."""
        rows = self._session.exec(select(BalanceRow).order_by(BalanceRow.account))
        return {
            (row.account, Currency(row.currency)): Money(row.minor, Currency(row.currency))
            for row in rows
        }

    def journals(self, account: str | None = None) -> Sequence[Journal]:
        """Return all journals, or those that touch an account, oldest first."""
        query = select(JournalRow, PostingRow).join(
            PostingRow, col(PostingRow.journal) == col(JournalRow.id)
        )
        if account is not None:
            touching = select(PostingRow.journal).where(PostingRow.account == account)
            query = query.where(col(JournalRow.id).in_(touching))
        postings: dict[int, list[Posting]] = {}
        journals: dict[int, JournalRow] = {}
        for journal, posting in self._session.exec(query.order_by(col(PostingRow.id))):
            journals[journal.id or 0] = journal
            amount = Money(posting.minor, Currency(posting.currency))
            postings.setdefault(journal.id or 0, []).append(Posting(posting.account, amount))
        return [Journal(row.what, row.entry, tuple(postings[key])) for key, row in journals.items()]

"""SQL implementations of the books in `exchange.ports`."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, or_, select

from exchange.clearing import OUTSIDE, Journal, Posting, Transfer
from exchange.engagements import Engagement
from exchange.errors import BadField, Broken, InsufficientFunds, NotFound, Refused
from exchange.negative import Barred
from exchange.participants import Participant
from exchange.registration import Product
from exchange.scenarios import Scenario, ScenarioState
from exchange.store.book import Book, add_unless_there
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
    TransferRow,
)
from exchange.trading import Quote, Trade
from pricing.money import MINOR_MAX, Currency, Money

_BALANCE: Any = SQLModel.metadata.tables[BalanceRow.__tablename__]
_JOURNAL: Any = SQLModel.metadata.tables[JournalRow.__tablename__]
_POSTING: Any = SQLModel.metadata.tables[PostingRow.__tablename__]
_MOVED: Any = _BALANCE.c.minor + bindparam("by", type_=BigInteger)
# As one posting moves a balance; what comes in is never refused for what was below its limit.
_MOVE_ALL: Any = (
    update(_BALANCE)
    .where(
        _BALANCE.c.account == bindparam("of"),
        _BALANCE.c.currency == bindparam("in"),
        _MOVED <= MINOR_MAX,
        _MOVED >= -MINOR_MAX,
        or_(
            bindparam("by", type_=BigInteger) >= 0,
            _BALANCE.c.account == OUTSIDE,
            _MOVED - _BALANCE.c.pending >= -_BALANCE.c.credit,
        ),
    )
    .values(minor=_MOVED)
)
_ASKED: Final = 500  # accounts asked for in one statement
RECORD_MAX = 4 << 20  # bytes of one stored document; a file of a bundle holds four times that


class SqlParticipants(Book[Participant]):
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


class SqlNegativeList(Book[Barred]):
    """The negative list."""

    row, word, order = BarredRow, "organisation on the negative list", "since"

    def of_code(self, credit_code: str, /) -> Sequence[Barred]:
        """Return every listing of an organisation, cleared and ended ones too."""
        query = select(BarredRow).where(BarredRow.credit_code == credit_code)
        rows = self._session.exec(query.order_by(BarredRow.since)).all()
        return [self._found(row) for row in rows]


class SqlEngagements(Book[Engagement]):
    """Engagements of merchants by one another."""

    row, word, order = EngagementRow, "engagement", "proposed_at"


class SqlProducts(Book[Product]):
    """Registered products."""

    row, word, order = ProductRow, "product", "registered_at"


class SqlScenarios(Book[Scenario]):
    """Filed scenarios."""

    row, word = ScenarioRow, "scenario"

    def in_state(self, *states: ScenarioState) -> Sequence[Scenario]:
        """Return those in one of the states, oldest first."""
        return self._those(col(ScenarioRow.state).in_([str(state) for state in states]))

    def of_product(self, number: str, /) -> Sequence[Scenario]:
        """Return those for one product, oldest first."""
        return self._those(col(ScenarioRow.product) == number)

    def _those(self, which: ColumnElement[bool]) -> Sequence[Scenario]:
        query = select(ScenarioRow).where(which)
        query = query.join(EntryRow, col(EntryRow.leaf) == col(ScenarioRow.head))
        rows = self._session.exec(query.order_by(col(EntryRow.id))).all()
        return [self._found(row) for row in rows]


class SqlQuotes(Book[Quote]):
    """Quoted prices."""

    row, word = QuoteRow, "quote"


class SqlTrades(Book[Trade]):
    """Trades."""

    row, word, order = TradeRow, "trade", "ordered_at"

    def of_product(self, product: str, /) -> Sequence[Trade]:
        """Return the trades of a product that came to a contract, oldest first."""
        query = select(TradeRow).where(
            TradeRow.product == product, col(TradeRow.grant_until).is_not(None)
        )
        rows = self._session.exec(query.order_by(TradeRow.ordered_at)).all()
        return [self._found(row) for row in rows]


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


class _Transfers(Book[Transfer]):
    """Transfers, pending or resolved."""

    row, word, order = TransferRow, "transfer", "id"

    def touching(self, account: str | None) -> Sequence[Transfer]:
        query = select(TransferRow).order_by(TransferRow.id)
        if account is not None:
            query = query.where(or_(TransferRow.source == account, TransferRow.target == account))
        return [self._found(row) for row in self._session.exec(query)]


class SqlAccounts:
    """The books of central clearing; a balance changes only together with its postings."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held = _Transfers(session)

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

    def post_all(self, journals: Sequence[Journal]) -> None:
        """Carry out many journals in one go, or raise `InsufficientFunds`.

        What they come to is checked an account, not a posting: on its way the money of one may
        pass through another.
        """
        if not journals:
            return
        execute = self._session.connection().execute
        rows = [{"what": journal.what, "entry": journal.entry} for journal in journals]
        made = insert(_JOURNAL).returning(_JOURNAL.c.id, sort_by_parameter_order=True)
        keys = execute(made, rows).scalars().all()
        postings = [
            {"journal": key, "account": posting.account}
            | {"minor": posting.amount.minor, "currency": str(posting.amount.currency)}
            for key, journal in zip(keys, journals, strict=True)
            for posting in journal.postings
        ]
        execute(insert(_POSTING), postings)
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for posting in postings:
            sums[posting["account"], posting["currency"]] += posting["minor"]
        moved = [
            {"of": account, "in": currency, "by": minor}
            for (account, currency), minor in sorted(sums.items())
        ]
        dialect = postgresql if self._session.connection().dialect.name == "postgresql" else sqlite
        opened = [{"account": each["of"], "currency": each["in"], "minor": 0} for each in moved]
        execute(dialect.insert(_BALANCE).on_conflict_do_nothing(), opened)
        if execute(_MOVE_ALL, moved).rowcount != len(moved):
            raise InsufficientFunds(f"{journals[0].what}: an account does not hold what is due")
        self._session.expire_all()

    def _move(self, posting: Posting) -> None:
        account, amount = posting.account, posting.amount
        moved = _BALANCE.c.minor + amount.minor
        fits = [moved <= MINOR_MAX, moved >= -MINOR_MAX]
        if amount.minor < 0 and account != OUTSIDE:
            fits.append(moved - _BALANCE.c.pending >= -_BALANCE.c.credit)
        if not self._change(account, amount.currency, {"minor": moved}, *fits):
            raise self._short(account, -amount)

    def _change(
        self,
        account: str,
        currency: Currency,
        values: Mapping[str, Any],
        *fits: ColumnElement[bool],
    ) -> bool:
        """Change one balance where it fits: one guarded statement.

        So no two debits can both find the same money.
        """
        key = (account, str(currency))
        known = self._session.get(BalanceRow, key)
        if known is None:
            add_unless_there(self._session, BalanceRow(account=account, currency=key[1], minor=0))
        mine = (_BALANCE.c.account == account, _BALANCE.c.currency == key[1])
        changed = self._session.connection().execute(
            update(_BALANCE).where(*mine, *fits).values(**values)
        )
        if known is not None:
            self._session.expire(known)
        return changed.rowcount == 1

    def _short(self, account: str, due: Money) -> InsufficientFunds:
        left = self.spendable(account, due.currency)
        return InsufficientFunds(f"{account} holds {left} and {due} is due")

    def hold(self, transfer: Transfer) -> None:
        """Set a pending transfer's amount aside, or raise `InsufficientFunds`."""
        source, amount = transfer.source, transfer.amount
        pending = _BALANCE.c.pending + amount.minor
        fits = [pending <= MINOR_MAX]
        if source != OUTSIDE:
            fits.append(_BALANCE.c.minor - pending >= -_BALANCE.c.credit)
        if not self._change(source, amount.currency, {"pending": pending}, *fits):
            raise self._short(source, amount)
        self._held.put(transfer)

    def transfer(self, key: str) -> Transfer:
        """Return a transfer by its id, or raise `NotFound`."""
        return self._held.get(key)

    def post_held(self, key: str, entry: str, amount: Money | None = None) -> None:
        """Post a pending transfer, all of it or `amount`; raises as `Transfer.posted`."""
        transfer = self.transfer(key)
        posted, journal = transfer.posted(entry, amount)
        self._let_go(transfer)
        self.post(journal)
        self._held.put(posted)

    def void_held(self, key: str, entry: str) -> None:
        """Let the amount of a pending transfer go; raises as `Transfer.voided`."""
        transfer = self.transfer(key)
        voided = transfer.voided(entry)
        self._let_go(transfer)
        self._held.put(voided)

    def _let_go(self, transfer: Transfer) -> None:
        pending = _BALANCE.c.pending - transfer.amount.minor
        currency = transfer.amount.currency
        if not self._change(transfer.source, currency, {"pending": pending}, pending >= 0):
            raise Broken(f"{transfer.source} has not set {transfer.amount} aside")

    def transfers(self, account: str | None = None) -> Sequence[Transfer]:
        """Return all transfers, or those that an account is the source or target of, by id."""
        return self._held.touching(account)

    def credit(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return how far an account may fall below zero."""
        row = self._session.get(BalanceRow, (account, str(currency)))
        return Money(row.credit if row else 0, currency)

    def set_credit(self, account: str, limit: Money) -> None:
        """Let an account fall to minus `limit`, or raise `Refused` where it is lower already."""
        fits = _BALANCE.c.minor - _BALANCE.c.pending >= -limit.minor
        if not self._change(account, limit.currency, {"credit": limit.minor}, fits):
            spent = self.credit(account, limit.currency) - self.spendable(account, limit.currency)
            raise Refused(f"{account} uses {spent} of its credit: it cannot be lowered to {limit}")

    def balance(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return an account's balance; zero if nothing was ever posted to it."""
        row = self._session.get(BalanceRow, (account, str(currency)))
        return Money(row.minor if row else 0, currency)

    def spendable(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return what may leave an account: its balance, less what is pending, and its credit."""
        row = self._session.get(BalanceRow, (account, str(currency)))
        return Money(row.minor - row.pending + row.credit if row else 0, currency)

    def spendable_of(
        self, accounts: Collection[str], /
    ) -> Mapping[tuple[str, Currency], tuple[Money, Money]]:
        """Return what may leave each of these accounts, and its balance, where there is one."""
        names, found = sorted(accounts), {}
        table = _BALANCE.c
        for start in range(0, len(names), _ASKED):
            wanted = table.account.in_(names[start : start + _ASKED])
            for row in self._session.connection().execute(_BALANCE.select().where(wanted)):
                currency = Currency(row.currency)
                spendable = Money(row.minor - row.pending + row.credit, currency)
                found[row.account, currency] = spendable, Money(row.minor, currency)
        return found

    def balances(self, prefix: str = "") -> Mapping[tuple[str, Currency], Money]:
        """Return the balance of every account whose name begins so, in all its currencies."""
        query = select(BalanceRow).order_by(BalanceRow.account)
        if prefix:
            query = query.where(col(BalanceRow.account).startswith(prefix, autoescape=True))
        rows = self._session.exec(query)
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

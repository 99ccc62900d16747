"""The books of central clearing in SQL: balances, journals, transfers that wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, bindparam, insert, update
from sqlmodel import Session, SQLModel, col, or_, select

from exchange.clearing import OUTSIDE, Holding, Journal, Posting, Transfer, Written
from exchange.errors import Broken, InsufficientFunds, Refused
from exchange.store.book import Book, connection_of, insert_unless_there
from exchange.store.rows import BalanceRow, JournalRow, PostingRow, TransferRow
from exchange.store.statements import Statement
from pricing.money import MINOR_MAX, Currency, Money

_TRANSFER: Any = SQLModel.metadata.tables[TransferRow.__tablename__]
_BALANCE: Any = SQLModel.metadata.tables[BalanceRow.__tablename__]
_TOUCHING = Statement(
    select(_TRANSFER)
    .where(
        or_(_TRANSFER.c.source == bindparam("account"), _TRANSFER.c.target == bindparam("account"))
    )
    .order_by(_TRANSFER.c.id)
)
_HOLDS = Statement(
    select(_BALANCE.c.minor, _BALANCE.c.pending, _BALANCE.c.credit).where(
        _BALANCE.c.account == bindparam("holder"), _BALANCE.c.currency == bindparam("of")
    )
)
_JOURNAL: Any = SQLModel.metadata.tables[JournalRow.__tablename__]
_POSTING: Any = SQLModel.metadata.tables[PostingRow.__tablename__]
_OF_JOURNALS: Any = (*_JOURNAL.c, _POSTING.c.account, _POSTING.c.minor, _POSTING.c.currency)


def _changing(column: str, value: Any, *fits: Any) -> Statement:  # noqa: ANN401 - parts of it
    """Change one balance where it fits: one guarded statement.

    So no two debits can both find the same money.
    """
    mine = (_BALANCE.c.account == bindparam("holder"), _BALANCE.c.currency == bindparam("of"))
    return Statement(update(_BALANCE).where(*mine, *fits).values({column: value}))


_AMOUNT: Any = bindparam("amount", type_=BigInteger)
_MOVED: Any = _BALANCE.c.minor + _AMOUNT
_RANGE: Any = _MOVED.between(-MINOR_MAX, MINOR_MAX)
_ASIDE: Any = _BALANCE.c.pending + _AMOUNT
_MOVE = _changing("minor", _MOVED, _RANGE)
_PAY = _changing("minor", _MOVED, _RANGE, _MOVED - _BALANCE.c.pending >= -_BALANCE.c.credit)
_BIND = _changing("pending", _ASIDE, _ASIDE.between(0, MINOR_MAX))
_SET_ASIDE = _changing(
    "pending",
    _ASIDE,
    _ASIDE.between(0, MINOR_MAX),
    _BALANCE.c.minor - _ASIDE >= -_BALANCE.c.credit,
)
_LIMIT = _changing("credit", _AMOUNT, _BALANCE.c.minor - _BALANCE.c.pending >= -_AMOUNT)
_ADD_JOURNAL = Statement(insert(_JOURNAL).returning(_JOURNAL.c.id))
_ADD_JOURNALS: Any = insert(_JOURNAL).returning(_JOURNAL.c.id, sort_by_parameter_order=True)
_ADD_POSTING = Statement(insert(_POSTING))
# As one posting moves a balance; what comes in is never refused for what was below its limit.
_MOVE_ALL = _changing(
    "minor",
    _MOVED,
    _RANGE,
    or_(
        _AMOUNT >= 0,
        _BALANCE.c.account == OUTSIDE,
        _MOVED - _BALANCE.c.pending >= -_BALANCE.c.credit,
    ),
)
_ASKED: Final = 500  # accounts asked for in one statement
_WINDOW: Final = 1_024  # journals and accounts read at a time, where all of them are


class _Transfers(Book[Transfer]):
    """Transfers, pending or resolved."""

    row, word, order = TransferRow, "transfer", "id"

    def touching(self, account: str | None) -> Sequence[Transfer]:
        return self.all() if account is None else self._all(_TOUCHING, account=account)


def _rows(journal: int, of: Journal) -> list[dict[str, Any]]:
    return [
        {
            "journal": journal,
            "account": posting.account,
            "minor": posting.amount.minor,
            "currency": str(posting.amount.currency),
        }
        for posting in of.postings
    ]


def _opened(account: str, currency: str) -> dict[str, Any]:
    return {"account": account, "currency": currency, "minor": 0, "pending": 0, "credit": 0}


class SqlAccounts:
    """The books of central clearing; a balance changes only together with its postings."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = connection_of(session)
        self._held = _Transfers(session)

    def post(self, journal: Journal) -> None:
        """Carry out a journal, or raise `InsufficientFunds`; the caller's unit rolls it back."""
        row = {"what": journal.what, "entry": journal.entry}
        key = _ADD_JOURNAL.value(self._connection, row)
        _ADD_POSTING.change_each(self._connection, _rows(key, journal))
        for posting in journal.postings:
            self._move(posting)

    def post_all(self, journals: Sequence[Journal]) -> None:
        """Carry out many journals in one go, or raise `InsufficientFunds`.

        What they come to is checked an account, not a posting: on its way the money of one may
        pass through another.
        """
        if not journals:
            return
        rows = [{"what": journal.what, "entry": journal.entry} for journal in journals]
        keys = self._connection.execute(_ADD_JOURNALS, rows).scalars().all()
        postings = [row for made in zip(keys, journals, strict=True) for row in _rows(*made)]
        _ADD_POSTING.change_each(self._connection, postings)
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for posting in postings:
            sums[posting["account"], posting["currency"]] += posting["minor"]
        opening = insert_unless_there(BalanceRow.__tablename__, self._connection.dialect.name)
        opening.change_each(self._connection, [_opened(*account) for account in sorted(sums)])
        moved = [
            {"holder": account, "of": currency, "amount": minor}
            for (account, currency), minor in sorted(sums.items())
        ]
        if _MOVE_ALL.change_each(self._connection, moved) != len(moved):
            raise InsufficientFunds(f"{journals[0].what}: an account does not hold what is due")

    def _move(self, posting: Posting) -> None:
        account, amount = posting.account, posting.amount
        bounded = amount.minor < 0 and account != OUTSIDE
        if not self._change(_PAY if bounded else _MOVE, account, amount):
            raise self._short(account, -amount)

    def _change(self, statement: Statement, account: str, amount: Money) -> bool:
        """Change one balance by a guarded statement, and say whether it fitted."""
        currency = str(amount.currency)
        asked = {"holder": account, "of": currency, "amount": amount.minor}
        if statement.change(self._connection, asked) == 1:
            return True
        opening = insert_unless_there(BalanceRow.__tablename__, self._connection.dialect.name)
        # Where another is opening it as well, this waits for how that ends.
        opening.change(self._connection, _opened(account, currency))
        return statement.change(self._connection, asked) == 1

    def _row(self, account: str, currency: Currency) -> tuple[int, int, int]:
        """Return an account's balance, what of it is pending, and its credit."""
        key = {"holder": account, "of": str(currency)}
        for minor, pending, credit in _HOLDS.rows(self._connection, key):
            return minor, pending, credit
        return 0, 0, 0

    def _short(self, account: str, due: Money) -> InsufficientFunds:
        left = self.spendable(account, due.currency)
        return InsufficientFunds(f"{account} holds {left} and {due} is due")

    def hold(self, transfer: Transfer) -> None:
        """Set a pending transfer's amount aside, or raise `InsufficientFunds`."""
        source, amount = transfer.source, transfer.amount
        if not self._change(_BIND if source == OUTSIDE else _SET_ASIDE, source, amount):
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
        if not self._change(_BIND, transfer.source, -transfer.amount):
            raise Broken(f"{transfer.source} has not set {transfer.amount} aside")

    def transfers(self, account: str | None = None) -> Sequence[Transfer]:
        """Return all transfers, or those that an account is the source or target of, by id."""
        return self._held.touching(account)

    def credit(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return how far an account may fall below zero."""
        return Money(self._row(account, currency)[2], currency)

    def set_credit(self, account: str, limit: Money) -> None:
        """Let an account fall to minus `limit`, or raise `Refused` where it is lower already."""
        if not self._change(_LIMIT, account, limit):
            spent = self.credit(account, limit.currency) - self.spendable(account, limit.currency)
            raise Refused(f"{account} uses {spent} of its credit: it cannot be lowered to {limit}")

    def balance(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return an account's balance; zero if nothing was ever posted to it."""
        return Money(self._row(account, currency)[0], currency)

    def spendable(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return what may leave an account: its balance, less what is pending, and its credit."""
        minor, pending, credit = self._row(account, currency)
        return Money(minor - pending + credit, currency)

    def spendable_of(
        self, accounts: Collection[str], /
    ) -> Mapping[tuple[str, Currency], tuple[Money, Money]]:
        """Return what may leave each of these accounts, and its balance, where there is one."""
        names, found = sorted(accounts), {}
        table = _BALANCE.c
        for start in range(0, len(names), _ASKED):
            wanted = table.account.in_(names[start : start + _ASKED])
            for row in self._connection.execute(_BALANCE.select().where(wanted)):
                currency = Currency(row.currency)
                spendable = Money(row.minor - row.pending + row.credit, currency)
                found[row.account, currency] = spendable, Money(row.minor, currency)
        return found

    def holdings(self) -> Iterator[Holding]:
        """Yield every account in each of its currencies, with what is pending and its credit."""
        query = select(*_BALANCE.c).execution_options(yield_per=_WINDOW)
        with self._connection.execute(query) as rows:
            for row in rows:
                currency = Currency(row.currency)
                yield Holding(row.account, currency, row.minor, row.pending, row.credit)

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

    def journals(self, account: str) -> Sequence[Journal]:
        """Return the journals that touch an account, oldest first."""
        touching = select(_POSTING.c.journal).where(_POSTING.c.account == account)
        written = self._written(_JOURNAL.c.id.in_(touching))
        return [Journal(each.what, each.entry, each.postings) for each in written]

    def every_journal(self) -> Iterator[Written]:
        """Yield all journals as they stand, oldest first, a window at a time."""
        ids = select(_JOURNAL.c.id).order_by(_JOURNAL.c.id).limit(_WINDOW)
        last = 0
        while window := self._connection.execute(ids.where(_JOURNAL.c.id > last)).scalars().all():
            last = window[-1]
            yield from self._written(_JOURNAL.c.id.between(window[0], last))

    def _written(self, wanted: ColumnElement[bool]) -> list[Written]:
        query = (
            select(*_OF_JOURNALS)
            .join(_POSTING, _POSTING.c.journal == _JOURNAL.c.id)
            .where(wanted)
            .order_by(_JOURNAL.c.id, _POSTING.c.id)
        )
        return [
            Written(
                number,
                what,
                entry,
                tuple(
                    Posting(account, Money(minor, Currency(currency)))
                    for *_, account, minor, currency in rows
                ),
            )
            for (number, what, entry), rows in groupby(
                self._connection.execute(query), key=lambda row: row[:3]
            )
        ]

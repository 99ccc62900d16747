"""Writing a tape: the rows of many trades in a few statements.

The statements are the drivers' own, one a table, each over all rows of the tape; through the books
a trade costs about a hundred.  What the tables check by themselves they check here as well: keys,
references, and that no account falls below its limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

from exchange.clearing import OUTSIDE
from exchange.errors import InsufficientFunds
from exchange.store.entries import SqlEntries
from exchange.store.rows import (
    BalanceRow,
    JournalRow,
    PostingRow,
    PrivateKeyRow,
    PrivateRow,
    QuoteRow,
    RecordRow,
    ScenarioRow,
    TradeRow,
)
from exchange.store.statements import insert_rows
from exchange.tape import QUOTE, SCENARIO, TRADE, Tape

_TABLES: Final = SQLModel.metadata.tables
_BALANCE: Any = _TABLES[BalanceRow.__tablename__]
_JOURNAL: Any = _TABLES[JournalRow.__tablename__]
_POSTING: Any = _TABLES[PostingRow.__tablename__]
_RECORD: Any = _TABLES[RecordRow.__tablename__]
_PRIVATE: Any = _TABLES[PrivateRow.__tablename__]
_KEY: Any = _TABLES[PrivateKeyRow.__tablename__]
_ROWS: Final = {
    "scenarios": (_TABLES[ScenarioRow.__tablename__], SCENARIO),
    "quotes": (_TABLES[QuoteRow.__tablename__], QUOTE),
    "trades": (_TABLES[TradeRow.__tablename__], TRADE),
}


_ADD_JOURNALS: Any = insert(_JOURNAL).returning(_JOURNAL.c.id, sort_by_parameter_order=True)
# What comes in is never refused for what was below its limit, as in the books.
_MOVE: Final = (
    "UPDATE balance SET minor = minor + ? WHERE account = ? AND currency = ?"
    " AND (? >= 0 OR account = ? OR minor + ? - pending >= -credit)"
)


class SqlBatches:
    """Where tapes are written, in the transaction of whoever fills them."""

    def __init__(self, connection: Connection, entries: SqlEntries) -> None:
        self._connection = connection
        self._entries = entries
        self._mark = "?" if connection.dialect.name == "sqlite" else "%s"

    def write(self, tape: Tape, /) -> None:
        """Write a tape; raises `InsufficientFunds` where an account would fall below its limit.

        On their way the sums of one account are not looked at: who fills a tape has done so.
        """
        self._entries.add_rows(tape.entries)
        self._records(tape)
        for name, (table, columns) in _ROWS.items():
            self._insert(table, columns, getattr(tape, name))
        leaves = [row[:2] for row in tape.sealed]
        closed = [(*key, *row[2:4]) for key, row in zip(leaves, tape.sealed, strict=True)]
        self._insert(_PRIVATE, ("leaf", "field", "nonce", "ciphertext"), closed)
        keys = [(*key, *row[4:6]) for key, row in zip(leaves, tape.sealed, strict=True)]
        self._insert(_KEY, ("leaf", "field", "key", "salt"), keys)
        self._journals(tape)
        self._balances(tape)

    def _insert(
        self,
        table: Any,  # noqa: ANN401 - a table
        columns: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
        end: str = "",
    ) -> None:
        if self._mark == "?" and not table.foreign_keys:
            insert_rows(self._connection, table.name, columns, rows, end)
        elif rows:
            marks = ", ".join([self._mark] * len(columns))
            words = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks}){end}"  # noqa: S608 - constants
            self._connection.exec_driver_sql(words, list(rows))

    def _records(self, tape: Tape) -> None:
        rows = [(digest, True, data) for digest, data in tape.records]
        self._insert(
            _RECORD, ("digest", "public", "data"), rows, " ON CONFLICT (digest) DO NOTHING"
        )

    def _journals(self, tape: Tape) -> None:
        told = [(what, entry) for what, entry, _ in tape.journals]
        keys = self._numbered(told)
        postings = [
            (key, account, minor, tape.currency)
            for key, (_, _, moved) in zip(keys, tape.journals, strict=True)
            for account, minor in moved
        ]
        self._insert(_POSTING, ("journal", "account", "minor", "currency"), postings)

    def _numbered(self, told: Sequence[tuple[str, str]]) -> Sequence[int]:
        """Add journals and return their keys, which count up in their order."""
        if not told:
            return []
        if self._mark == "%s":
            rows = [{"what": what, "entry": entry} for what, entry in told]
            return self._connection.execute(_ADD_JOURNALS, rows).scalars().all()
        newest = self._connection.exec_driver_sql("SELECT max(id) FROM journal").scalar() or 0
        keys = range(newest + 1, newest + 1 + len(told))  # there is one writer
        self._insert(
            _JOURNAL,
            ("id", "what", "entry"),
            [(key, *row) for key, row in zip(keys, told, strict=True)],
        )
        return keys

    def _balances(self, tape: Tape) -> None:
        sums = sorted(tape.sums.items())
        opened = [(account, tape.currency, 0, 0, 0) for account, _ in sums]
        columns = ("account", "currency", "minor", "pending", "credit")
        self._insert(_BALANCE, columns, opened, " ON CONFLICT (account, currency) DO NOTHING")
        # Escrow that was filled and emptied on one tape is left as it was opened.
        moved = [
            (minor, account, tape.currency, minor, OUTSIDE, minor)
            for account, minor in sums
            if minor
        ]
        if not moved:
            return
        done = self._connection.exec_driver_sql(_MOVE.replace("?", self._mark), moved)
        if done.rowcount != len(moved):
            raise InsufficientFunds("an account does not hold what a tape takes from it")

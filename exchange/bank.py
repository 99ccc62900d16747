"""A simulated bank, in one SQLite file: for trying an exchange out, and for testing it hard.

What it is told survives a kill and a loss of power: every call is one transaction, synced before
it returns.  Whatever it does is decided by its manners and by SHA-256 over its seed and the
reference in question, so the same calls come to the same end.  It holds no money of anybody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from exchange.errors import BadField, Conflict, ProviderFailed
from exchange.payments import Notice, Payee, PayOut, PayOutState, PayOutStatus
from ledger.acts import format_time
from pricing.money import Currency, Money

NAME: Final = "simulated-bank"
_FILE: Final = "bank.sqlite3"
_SECONDS: Final = 30.0  # how long a call waits for another process
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS told (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
    reference TEXT PRIMARY KEY, name TEXT NOT NULL, account TEXT NOT NULL,
    minor INTEGER NOT NULL, currency TEXT NOT NULL, due TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS payments (
    reference TEXT PRIMARY KEY, account TEXT NOT NULL,
    minor INTEGER NOT NULL, currency TEXT NOT NULL, value_time TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS notices (
    id TEXT PRIMARY KEY, reference TEXT NOT NULL, due TEXT NOT NULL, place TEXT NOT NULL
);
"""
_REASON: Final = "the account to be paid is closed"  # AC04 of the external code sets of ISO 20022


@dataclass(frozen=True, slots=True)
class Manners:
    """How the bank behaves towards what comes after it was told so.

    `late_seconds` pass before it says what became of an order or that money came in.
    `failing_ppm` of the orders come back unpaid, and of `losing_ppm` of the calls the answer is
    lost after the work was done.  It tells of each payment `twice`, and `shuffled`, if it is told
    to.  The seed decides which.
    """

    seed: str = "1"
    late_seconds: int = 0
    failing_ppm: int = 0
    losing_ppm: int = 0
    twice: bool = False
    shuffled: bool = False

    def __post_init__(self) -> None:
        for name in ("failing_ppm", "losing_ppm"):
            if not 0 <= getattr(self, name) <= 1_000_000:
                raise BadField(name, "parts per million, 0 to 1,000,000")
        if not 0 <= self.late_seconds <= 366 * 86_400:
            raise BadField("late_seconds", "seconds, up to a year")


class SimulatedBank:
    """The bank in its folder; several processes may use one at once."""

    name = NAME

    def __init__(self, folder: Path, clock: Callable[[], dt.datetime]) -> None:
        self._path = folder / _FILE
        self._clock = clock

    # What every provider does.

    def pay(self, order: PayOut) -> None:
        """Take an order, and decide at once what will become of it."""
        with self._work("pay") as (file, manners):
            known = _order(file, order.reference)
            if known is not None:
                if known != order:
                    raise Conflict(f"the order {order.reference} was handed in as another")
                return
            fails = _drawn(manners, "order", order.reference) < manners.failing_ppm
            file.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    order.reference,
                    order.payee.name,
                    order.payee.account,
                    order.amount.minor,
                    str(order.amount.currency),
                    self._after(manners.late_seconds),
                    _REASON if fails else "",
                ),
            )

    def status(self, reference: str) -> PayOutStatus:
        """Return what became of an order."""
        with self._work("status") as (file, _):
            row = file.execute(
                "SELECT due, reason FROM orders WHERE reference = ?", (reference,)
            ).fetchone()
            if row is None:
                return PayOutStatus(PayOutState.UNKNOWN)
            due, reason = row
            if self._after(0) < due:
                return PayOutStatus(PayOutState.TAKEN)
            if reason:
                return PayOutStatus(PayOutState.FAILED, reason=reason)
            own = hashlib.sha256(reference.encode()).hexdigest()[:24]
            return PayOutStatus(PayOutState.PAID, reference=f"SB{own.upper()}")

    def notices(self, limit: int) -> Sequence[Notice]:
        """Return the notices that are due."""
        with self._work("notices") as (file, _):
            rows = file.execute(
                "SELECT id, reference, account, minor, currency, value_time"
                " FROM notices JOIN payments USING (reference) WHERE due <= ?"
                " ORDER BY place, id LIMIT ?",
                (self._after(0), limit),
            ).fetchall()
        return [
            Notice(key, reference, account, Money(minor, Currency(currency)), value_time)
            for key, reference, account, minor, currency, value_time in rows
        ]

    def acknowledge(self, notices: Sequence[str]) -> None:
        """Take notices off the list."""
        with self._work("acknowledge") as (file, _):
            file.executemany("DELETE FROM notices WHERE id = ?", [(each,) for each in notices])

    # What this one can do besides: it is the rest of the world.

    def receive(self, account: str, amount: Money, reference: str) -> None:
        """Let somebody pay in for `account`; a reference is one payment for good.

        Raises `Conflict` where it was another payment's.
        """
        notice = Notice("-", reference, account, amount, self._after(0))  # checks every field
        with self._work("receive", losing=False) as (file, manners):
            known = file.execute(
                "SELECT account, minor, currency FROM payments WHERE reference = ?", (reference,)
            ).fetchone()
            if known is not None:
                if known != (account, amount.minor, str(amount.currency)):
                    raise Conflict(f"the payment {reference} was made as another")
                return
            file.execute(
                "INSERT INTO payments VALUES (?, ?, ?, ?, ?)",
                (reference, account, amount.minor, str(amount.currency), notice.value_time),
            )
            count = file.execute("SELECT count(*) FROM payments").fetchone()[0]
            due = self._after(manners.late_seconds)
            for time in range(1 + manners.twice):
                key = f"{reference}/{time}"
                first = _drawn(manners, "notice", key) if manners.shuffled else time
                place = f"{first:07d}-{count:012d}"
                file.execute(
                    "INSERT INTO notices VALUES (?, ?, ?, ?)", (key, reference, due, place)
                )

    def behave(self, **changes: Any) -> Manners:  # noqa: ANN401 - the fields of `Manners`
        """Change the manners for what comes from here on, and return them."""
        with self._work("behave", losing=False) as (file, manners):
            changed = replace(manners, **changes)
            told = json.dumps(asdict(changed))
            file.execute("INSERT OR REPLACE INTO told VALUES ('manners', ?)", (told,))
        return changed

    @property
    def manners(self) -> Manners:
        """How the bank behaves."""
        with self._work("manners", losing=False) as (_, manners):
            return manners

    def holds(self) -> Mapping[Currency, Money]:
        """Return what came in less what was paid out or will be, in each currency."""
        with self._work("holds", losing=False) as (file, _):
            rows = file.execute(
                "SELECT currency, sum(minor) FROM ("
                "SELECT currency, minor FROM payments UNION ALL"
                " SELECT currency, -minor FROM orders WHERE reason = '') GROUP BY currency"
            ).fetchall()
        return {Currency(currency): Money(minor, Currency(currency)) for currency, minor in rows}

    def _after(self, seconds: int) -> str:
        return format_time(self._clock() + dt.timedelta(seconds=seconds))

    @contextmanager
    def _work(
        self, call: str, *, losing: bool = True
    ) -> Iterator[tuple[sqlite3.Connection, Manners]]:
        """Work in one transaction; then perhaps lose the answer, as a line to a bank may."""
        try:
            with closing(self._connect()) as file:
                file.execute("BEGIN IMMEDIATE")
                row = file.execute("SELECT value FROM told WHERE name = 'manners'").fetchone()
                manners = Manners(**json.loads(row[0])) if row else Manners()
                lost = losing and manners.losing_ppm and self._lost(file, manners, call)
                try:
                    yield file, manners
                except BaseException:
                    file.execute("ROLLBACK")
                    raise
                file.execute("COMMIT")
        except sqlite3.Error as error:
            raise ProviderFailed(f"{self._path}: {error}") from error
        if lost:
            raise ProviderFailed(f"{NAME}: no answer to {call!r}")

    def _connect(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, timeout=_SECONDS, isolation_level=None)
        try:
            file.execute("PRAGMA synchronous = FULL")
            file.executescript(_TABLES)
        except BaseException:
            file.close()
            raise
        return file

    @staticmethod
    def _lost(file: sqlite3.Connection, manners: Manners, call: str) -> bool:
        count = file.execute("SELECT value FROM told WHERE name = 'calls'").fetchone()
        number = int(count[0]) + 1 if count else 1
        file.execute("INSERT OR REPLACE INTO told VALUES ('calls', ?)", (str(number),))
        return _drawn(manners, call, str(number)) < manners.losing_ppm


def _order(file: sqlite3.Connection, reference: str) -> PayOut | None:
    row = file.execute(
        "SELECT name, account, minor, currency FROM orders WHERE reference = ?", (reference,)
    ).fetchone()
    if row is None:
        return None
    name, account, minor, currency = row
    return PayOut(reference, Payee(name, account), Money(minor, Currency(currency)))


def _drawn(manners: Manners, what: str, reference: str) -> int:
    """Draw 0 to 999,999 for a thing; the same seed draws the same."""
    digest = hashlib.sha256(f"{manners.seed}/{what}/{reference}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 1_000_000

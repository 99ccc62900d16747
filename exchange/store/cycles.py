"""Obligations, settlement cycles and the positions of their parties, as rows."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, insert, select, update
from sqlmodel import Field, SQLModel, col, or_
from sqlmodel import select as select_rows

from exchange.clearing import Cycle, CycleTotal, NetPosition, Obligation, ObligationState
from exchange.store.book import Book
from pricing.money import Currency, Money

_AMOUNTS = ("net", "brought", "moved", "contribution", "fund", "left", "used", "carried")


def _amount() -> Any:  # noqa: ANN401 - a SQLModel field
    return Field(sa_column=Column(BigInteger, nullable=False))


def _entry() -> Any:  # noqa: ANN401 - a SQLModel field
    return Field(foreign_key="ledger_entry.leaf", max_length=64)


class ObligationRow(SQLModel, table=True):
    """What one party owes another; `cycle` is empty until one has netted it."""

    __tablename__: ClassVar[str] = "obligation"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        CheckConstraint("state IN ('open', 'netted', 'released')", name="state_is_known"),
        CheckConstraint("minor > 0", name="something_is_owed"),
    )

    source: str = Field(primary_key=True, max_length=60)
    payer: str = Field(index=True, max_length=40)
    payee: str = Field(index=True, max_length=40)
    minor: int = _amount()
    currency: str = Field(max_length=3)
    due: str = Field(index=True, max_length=10)
    head: str = _entry()
    state: str = Field(max_length=20)
    cycle: str = Field(index=True, max_length=10)

    @classmethod
    def of(cls, obligation: Obligation) -> dict[str, Any]:
        """Return the columns of a domain object."""
        columns = {
            field.name: getattr(obligation, field.name)
            for field in dataclasses.fields(Obligation)
            if field.name != "amount"
        }
        amount = obligation.amount
        money = {"minor": amount.minor, "currency": str(amount.currency)}
        return columns | {"state": str(obligation.state)} | money

    def to_domain(self) -> Obligation:
        """Rebuild the obligation; an unknown state is an error here."""
        return Obligation(
            source=self.source,
            payer=self.payer,
            payee=self.payee,
            amount=Money(self.minor, Currency(self.currency)),
            due=self.due,
            head=self.head,
            state=ObligationState(self.state),
            cycle=self.cycle,
        )


class CycleRow(SQLModel, table=True):
    """One settlement cycle; `totals` is a JSON list, an object a currency."""

    __tablename__: ClassVar[str] = "cycle"

    day: str = Field(primary_key=True, max_length=10)
    closed_at: str = Field(max_length=20)
    obligations: int
    parties: int
    defaults: int
    totals: str = Field(max_length=2_000)
    head: str = _entry()

    @classmethod
    def of(cls, cycle: Cycle) -> dict[str, Any]:
        """Return the columns of a domain object."""
        columns = {field.name: getattr(cycle, field.name) for field in dataclasses.fields(Cycle)}
        return columns | {"totals": json.dumps([total.to_record() for total in cycle.totals])}

    def to_domain(self) -> Cycle:
        """Rebuild the cycle."""
        totals = tuple(
            CycleTotal(**{name: Money.read(amount) for name, amount in total.items()})
            for total in json.loads(self.totals)
        )
        names = {field.name for field in dataclasses.fields(Cycle)} - {"totals"}
        return Cycle(totals=totals, **{name: getattr(self, name) for name in names})


class NetPositionRow(SQLModel, table=True):
    """What one party's net in one currency of a cycle came to; its entry settled the cycle."""

    __tablename__: ClassVar[str] = "net_position"

    cycle: str = Field(primary_key=True, foreign_key="cycle.day", max_length=10)
    party: str = Field(primary_key=True, index=True, max_length=40)
    currency: str = Field(primary_key=True, max_length=3)
    net: int = _amount()
    brought: int = _amount()
    moved: int = _amount()
    contribution: int = _amount()
    fund: int = _amount()
    left: int = _amount()
    used: int = _amount()
    carried: int = _amount()
    head: str = _entry()

    def to_domain(self) -> NetPosition:
        """Rebuild the position."""
        amounts = {name: getattr(self, name) for name in _AMOUNTS}
        return NetPosition(self.cycle, self.party, self.currency, **amounts)


_OBLIGATION: Any = SQLModel.metadata.tables[ObligationRow.__tablename__]
_POSITION: Any = SQLModel.metadata.tables[NetPositionRow.__tablename__]
_OPEN = str(ObligationState.OPEN)


class SqlObligations(Book[Obligation]):
    """What is owed on a day and netted by its cycle."""

    row, word, order = ObligationRow, "obligation of", "due"

    def find(self, source: str, /) -> Obligation | None:
        """Return the obligation out of a source, or None."""
        return self._one(source)

    def due(self, day: str) -> Sequence[tuple[str, str, str, int]]:
        """Return payer, payee, currency and minor units of all that is open and due by a day."""
        table = _OBLIGATION.c
        columns = select(table.payer, table.payee, table.currency, table.minor)
        rows = self._session.connection().execute(columns.where(*self._open_by(day)))
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def net(self, day: str, leaf: str) -> int:
        """Mark all that is open and due by a day as netted by its cycle; return how many."""
        values = {"state": str(ObligationState.NETTED), "cycle": day, "head": leaf}
        marked = update(_OBLIGATION).where(*self._open_by(day)).values(**values)
        self._forget()
        return int(self._session.connection().execute(marked).rowcount)

    @staticmethod
    def _open_by(day: str) -> tuple[Any, Any]:
        return _OBLIGATION.c.state == _OPEN, _OBLIGATION.c.due <= day

    def of(self, party: str) -> Sequence[Obligation]:
        """Return what one party owes and is owed, by day and source."""
        mine = or_(col(ObligationRow.payer) == party, col(ObligationRow.payee) == party)
        query = select_rows(ObligationRow).where(mine)
        rows = self._session.exec(query.order_by(ObligationRow.due, ObligationRow.source)).all()
        return [self._found(row) for row in rows]

    def owes(self, party: str) -> bool:
        """Whether a party owes anything that no cycle has netted yet."""
        query = select(_OBLIGATION.c.source).where(
            _OBLIGATION.c.payer == party, _OBLIGATION.c.state == _OPEN
        )
        return self._session.connection().execute(query.limit(1)).first() is not None


class SqlCycles(Book[Cycle]):
    """Settlement cycles with the positions of their parties."""

    row, word, order = CycleRow, "cycle of", "day"

    def find(self, day: str, /) -> Cycle | None:
        """Return the cycle of a day, or None."""
        return self._one(day)

    def newest(self) -> Cycle | None:
        """Return the cycle of the newest day, or None before there is one."""
        query = select_rows(CycleRow).order_by(col(CycleRow.day).desc()).limit(1)
        row = self._session.exec(query).first()
        return self._found(row) if row else None

    def add_positions(self, positions: Iterable[NetPosition], leaf: str) -> None:
        """Keep the positions of a cycle, under the leaf hash of its settlement."""
        rows = [dataclasses.asdict(position) | {"head": leaf} for position in positions]
        if rows:
            self._session.connection().execute(insert(_POSITION), rows)

    def positions(self, day: str) -> Sequence[NetPosition]:
        """Return the positions of one cycle, by party and currency."""
        return self._positions(col(NetPositionRow.cycle) == day)

    def positions_of(self, party: str) -> Sequence[NetPosition]:
        """Return what one party's nets came to, cycle by cycle."""
        return self._positions(col(NetPositionRow.party) == party)

    def _positions(self, which: Any) -> Sequence[NetPosition]:  # noqa: ANN401 - a clause
        query = select_rows(NetPositionRow).where(which)
        order = (NetPositionRow.cycle, NetPositionRow.party, NetPositionRow.currency)
        return [row.to_domain() for row in self._session.exec(query.order_by(*order)).all()]

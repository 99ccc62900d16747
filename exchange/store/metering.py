"""Running totals of metered use: the units of a trade by the hour and by what they found."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, CheckConstraint, Column, bindparam, func, select, update
from sqlmodel import Field, Session, SQLModel

from exchange.metering import Units
from exchange.store.book import connection_of, insert_unless_there
from exchange.store.statements import Statement
from pricing.billing import Outcome


class MeteredHourRow(SQLModel, table=True):
    """What of a trade's use counts in one hour since 1970, by what it found."""

    __tablename__: ClassVar[str] = "metered_hour"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        CheckConstraint("units >= 0", name="nothing_below_zero"),
    )

    trade: str = Field(primary_key=True, foreign_key="trade.id", max_length=40)
    hour: int = Field(primary_key=True)
    outcome: str = Field(primary_key=True, max_length=20)
    units: int = Field(sa_column=Column(BigInteger, nullable=False))


_HOUR: Final[Any] = SQLModel.metadata.tables[MeteredHourRow.__tablename__]
_OF_TRADE = Statement(
    select(_HOUR.c.hour, _HOUR.c.outcome, _HOUR.c.units).where(_HOUR.c.trade == bindparam("of"))
)
_TOTALS = Statement(
    select(_HOUR.c.trade, _HOUR.c.outcome, func.sum(_HOUR.c.units)).group_by(
        _HOUR.c.trade, _HOUR.c.outcome
    )
)
_MOVE = Statement(
    update(_HOUR)
    .where(
        _HOUR.c.trade == bindparam("of"),
        _HOUR.c.hour == bindparam("at"),
        _HOUR.c.outcome == bindparam("came"),
    )
    .values(units=_HOUR.c.units + bindparam("more", type_=BigInteger))
)


class SqlMetering:
    """The table of running totals."""

    def __init__(self, session: Session) -> None:
        self._connection = connection_of(session)

    def of(self, trade: str, /) -> Units:
        """Return the units of a trade that count, by hour and outcome."""
        rows = _OF_TRADE.rows(self._connection, {"of": trade})
        return Counter({(hour, Outcome(came)): int(units) for hour, came, units in rows if units})

    def add(self, trade: str, units: Units, /) -> None:
        """Count units of a trade; those below zero are taken back."""
        adding = insert_unless_there(MeteredHourRow.__tablename__, self._connection.dialect.name)
        for (hour, outcome), more in sorted(units.items()):
            key = {"trade": trade, "hour": hour, "outcome": str(outcome)}
            adding.change(self._connection, {**key, "units": 0})
            asked = {"of": trade, "at": hour, "came": str(outcome), "more": more}
            _MOVE.change(self._connection, asked)

    def totals(self) -> Counter[tuple[str, Outcome]]:
        """Return the units of every trade that count, by outcome, where there are any."""
        rows = _TOTALS.rows(self._connection)
        return Counter({(trade, Outcome(came)): int(units) for trade, came, units in rows if units})

"""What waits for the bank: withdrawals, and what came in that nobody here is known to be for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Integer
from sqlmodel import Field, SQLModel, select

from exchange.clearing import Withdrawal, WithdrawalState
from exchange.payments import Notice
from exchange.store.book import Book
from exchange.store.rows import _entry, _one_of
from pricing.money import Currency, Money

_version = Column("version", Integer, nullable=False)


class WithdrawalRow(SQLModel, table=True):
    """One withdrawal."""

    __tablename__: ClassVar[str] = "withdrawal"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__: ClassVar[tuple[Any, ...]] = (_one_of("state", WithdrawalState),)

    id: str = Field(primary_key=True, max_length=40)
    owner: str = Field(foreign_key="participant.id", index=True)
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    asked_at: str = Field(max_length=20)
    asked: str = _entry()
    head: str = _entry()
    state: str = Field(max_length=20, index=True)
    reason: str | None = Field(default=None, max_length=200)
    version: int = Field(default=0, sa_column=_version)

    @classmethod
    def of(cls, withdrawal: Withdrawal) -> dict[str, Any]:
        """Return the columns of a domain object."""
        return {
            "id": withdrawal.id,
            "owner": withdrawal.owner,
            "minor": withdrawal.amount.minor,
            "currency": str(withdrawal.amount.currency),
            "asked_at": withdrawal.asked_at,
            "asked": withdrawal.asked,
            "head": withdrawal.head,
            "state": str(withdrawal.state),
            "reason": withdrawal.reason,
        }

    def to_domain(self) -> Withdrawal:
        """Rebuild the withdrawal; an unknown state is an error here."""
        return Withdrawal(
            id=self.id,
            owner=self.owner,
            amount=Money(self.minor, Currency(self.currency)),
            asked_at=self.asked_at,
            asked=self.asked,
            head=self.head,
            state=WithdrawalState(self.state),
            reason=self.reason,
        )


class UnclaimedRow(SQLModel, table=True):
    """Money that came in for nobody who is known; the row goes when it is credited."""

    __tablename__: ClassVar[str] = "unclaimed"

    id: str = Field(primary_key=True, max_length=200)
    reference: str = Field(max_length=40)
    account: str = Field(max_length=200)
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    value_time: str = Field(max_length=20)

    @classmethod
    def of(cls, notice: Notice) -> dict[str, Any]:
        """Return the columns of a domain object."""
        return {
            "id": notice.id,
            "reference": notice.reference,
            "account": notice.account,
            "minor": notice.amount.minor,
            "currency": str(notice.amount.currency),
            "value_time": notice.value_time,
        }

    def to_domain(self) -> Notice:
        """Rebuild the notice."""
        amount = Money(self.minor, Currency(self.currency))
        return Notice(self.id, self.reference, self.account, amount, self.value_time)


class SqlWithdrawals(Book[Withdrawal]):
    """The table of withdrawals."""

    row, word, order = WithdrawalRow, "withdrawal", "asked_at"

    def open(self) -> Sequence[Withdrawal]:
        """Return those that the bank has not ended, oldest first."""
        query = select(WithdrawalRow).where(WithdrawalRow.state == WithdrawalState.REQUESTED)
        query = query.order_by(WithdrawalRow.asked_at, WithdrawalRow.id)
        return [self._found(row) for row in self._session.exec(query)]

    def of(self, owner: str, /) -> Sequence[Withdrawal]:
        """Return a participant's, oldest first."""
        query = select(WithdrawalRow).where(WithdrawalRow.owner == owner)
        query = query.order_by(WithdrawalRow.asked_at, WithdrawalRow.id)
        return [self._found(row) for row in self._session.exec(query)]


class SqlUnclaimed(Book[Notice]):
    """The table of what nobody claimed."""

    row, word, order = UnclaimedRow, "unclaimed notice", "value_time"

    def discard(self, key: str, /) -> None:
        """Forget one that was credited."""
        row = self._session.get(UnclaimedRow, key)
        if row is not None:
            self._session.delete(row)
            self._session.flush()

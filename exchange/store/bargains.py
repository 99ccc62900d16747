"""Negotiations, stored."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer
from sqlmodel import Field, SQLModel

from exchange.negotiation import Negotiation, NegotiationState, StandingOffer
from exchange.store.book import Book
from pricing.money import Currency, Money

_STATES = ", ".join(f"'{state}'" for state in NegotiationState)
_version = Column("version", Integer, nullable=False)


class NegotiationRow(SQLModel, table=True):
    """One negotiation, with the offer that stands."""

    __tablename__: ClassVar[str] = "negotiation"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__: ClassVar[tuple[Any, ...]] = (
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
    )

    id: str = Field(primary_key=True, max_length=40)
    product: str = Field(foreign_key="product.number", index=True)
    scenario: str = Field(foreign_key="scenario.id")
    buyer: str = Field(foreign_key="participant.id", index=True)
    supplier: str = Field(foreign_key="participant.id", index=True)
    currency: str = Field(max_length=3)
    exclusive: bool
    until: str = Field(max_length=20)
    opened_at: str = Field(max_length=20)
    head: str = Field(foreign_key="ledger_entry.leaf", nullable=False, max_length=64)
    state: str = Field(max_length=20)
    rounds: int
    offer: str | None = Field(default=None, foreign_key="ledger_entry.leaf", max_length=64)
    offered_by: str | None = Field(default=None, foreign_key="participant.id", max_length=40)
    offered: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    offer_until: str | None = Field(default=None, max_length=20)
    quote: str | None = Field(default=None, foreign_key="quote.id", max_length=40)
    version: int = Field(default=0, sa_column=_version)

    @classmethod
    def of(cls, negotiation: Negotiation) -> dict[str, Any]:
        """Return the columns of a domain object."""
        offer = negotiation.offer
        return {
            "id": negotiation.id,
            "product": negotiation.product,
            "scenario": negotiation.scenario,
            "buyer": negotiation.buyer,
            "supplier": negotiation.supplier,
            "currency": str(negotiation.currency),
            "exclusive": negotiation.exclusive,
            "until": negotiation.until,
            "opened_at": negotiation.opened_at,
            "head": negotiation.head,
            "state": str(negotiation.state),
            "rounds": negotiation.rounds,
            "offer": offer.leaf if offer else None,
            "offered_by": offer.by if offer else None,
            "offered": offer.amount.minor if offer else None,
            "offer_until": offer.until if offer else None,
            "quote": negotiation.quote,
        }

    def to_domain(self) -> Negotiation:
        """Rebuild the negotiation; an unknown state is an error here."""
        currency = Currency(self.currency)
        offer = None
        if self.offer is not None:
            amount = Money(self.offered or 0, currency)
            offer = StandingOffer(self.offer, self.offered_by or "", amount, self.offer_until or "")
        return Negotiation(
            id=self.id,
            product=self.product,
            scenario=self.scenario,
            buyer=self.buyer,
            supplier=self.supplier,
            currency=currency,
            exclusive=self.exclusive,
            until=self.until,
            opened_at=self.opened_at,
            head=self.head,
            state=NegotiationState(self.state),
            rounds=self.rounds,
            offer=offer,
            quote=self.quote,
        )


class SqlNegotiations(Book[Negotiation]):
    """Negotiations."""

    row, word, order = NegotiationRow, "negotiation", "opened_at"

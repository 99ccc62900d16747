"""The tables.  Every row that records an event refers to its entry of the chain.

Columns hold text, whole numbers, bytes and booleans, and no type of one database alone.  Money
is minor units with its currency.  `version` turns a lost update into a `StaleDataError`.
"""

# long because: the tables stand together, as they do in the database

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from exchange.clearing import EscrowState, Transfer, TransferState
from exchange.delivery import DeliveryState
from exchange.disputes import DisputeState
from exchange.engagements import Engagement, EngagementState
from exchange.listing import ListingState
from exchange.negative import Barred
from exchange.participants import Participant, Role, Standing
from exchange.records import read_record
from exchange.registration import Product, RegistrationState
from exchange.scenarios import Ground, Limits, Scenario, ScenarioState
from exchange.store.states import FIRST_STATES
from exchange.trading import Quote, Trade, TradeState
from ledger.canonical import encode
from pricing.money import Currency, Money


def _names(domain: type) -> list[str]:
    return [field.name for field in dataclasses.fields(domain)]


def _one_of(column: str, states: Iterable[str], *, name: str = "") -> CheckConstraint:
    values = ", ".join(f"'{state}'" for state in states)
    return CheckConstraint(f"{column} IN ({values})", name=name or f"{column}_is_known")


def _entry() -> Any:  # noqa: ANN401 - a SQLModel field
    """Refer to an entry by its leaf hash, which it has before it has a place."""
    return Field(foreign_key="ledger_entry.leaf", nullable=False, max_length=64)


# A key that counts up; SQLite counts 64 bits in the one type alone.
_KEY = BigInteger().with_variant(Integer, "sqlite")


class EntryRow(SQLModel, table=True):
    """One entry of the ledger, its bytes as they were hashed; rows are only ever inserted."""

    __tablename__: ClassVar[str] = "ledger_entry"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("subject", "version", name="one_version_a_subject"),
    )

    id: int | None = Field(default=None, sa_column=Column(_KEY, primary_key=True))
    subject: str = Field(max_length=200)
    version: int
    kind: str = Field(max_length=64)
    act: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    leaf: str = Field(max_length=64, unique=True)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class WaitingRow(SQLModel, table=True):
    """An entry that has no place in the log yet."""

    __tablename__: ClassVar[str] = "ledger_waiting"

    entry: int = Field(
        sa_column=Column(_KEY, ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False)
    )


class PlaceRow(SQLModel, table=True):
    """The place of an entry in the log; rows are only ever inserted."""

    __tablename__: ClassVar[str] = "ledger_place"

    place: int = Field(sa_column=Column(_KEY, primary_key=True, autoincrement=False))
    entry: int = Field(
        sa_column=Column(_KEY, ForeignKey("ledger_entry.id"), nullable=False, unique=True)
    )


class TileRow(SQLModel, table=True):
    """A full tile of 256 hashes and the hash they lead to; rows are only ever inserted."""

    __tablename__: ClassVar[str] = "ledger_tile"

    level: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(_KEY, primary_key=True, autoincrement=False))
    root: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class HeadRow(SQLModel, table=True):
    """The tree's right edge: one row, replaced by compare-and-swap on `size`."""

    __tablename__: ClassVar[str] = "ledger_head"

    id: int = Field(primary_key=True)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    edge: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CheckpointRow(SQLModel, table=True):
    """Every checkpoint that was signed, stored before it leaves the process."""

    __tablename__: ClassVar[str] = "ledger_checkpoint"

    size: int = Field(sa_column=Column(_KEY, primary_key=True, autoincrement=False))
    root: str = Field(max_length=64)
    note: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PrivateRow(SQLModel, table=True):
    """A confidential value that an entry commits to, encrypted under a key of its own."""

    __tablename__: ClassVar[str] = "ledger_private"

    leaf: str = Field(primary_key=True, foreign_key="ledger_entry.leaf", max_length=64)
    field: str = Field(primary_key=True, max_length=100)
    nonce: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    ciphertext: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PrivateKeyRow(SQLModel, table=True):
    """Key and salt of a confidential value, in a table whose backups must not last."""

    __tablename__: ClassVar[str] = "ledger_private_key"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        ForeignKeyConstraint(["leaf", "field"], ["ledger_private.leaf", "ledger_private.field"]),
    )

    leaf: str = Field(primary_key=True, max_length=64)
    field: str = Field(primary_key=True, max_length=100)
    key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


_participant_version = Column("version", Integer, nullable=False)


class ParticipantRow(SQLModel, table=True):
    """One participant; the only place where its name stands."""

    __tablename__: ClassVar[str] = "participant"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _participant_version}
    __table_args__: ClassVar[tuple[Any, ...]] = (_one_of("standing", Standing),)

    id: str = Field(primary_key=True, max_length=40)
    handle: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=200)
    credit_code: str = Field(max_length=20)
    public_key: str = Field(max_length=64, unique=True)
    recipient: str = Field(max_length=200)
    roles: str = Field(max_length=400)
    standing: str = Field(max_length=20)
    head: str = _entry()
    verified_until: str | None = Field(default=None, max_length=10)
    licences_until: str | None = Field(default=None, max_length=10)
    version: int = Field(default=0, sa_column=_participant_version)

    @classmethod
    def of(cls, participant: Participant) -> dict[str, Any]:
        """Return the columns of a domain object."""
        return {
            "id": participant.id,
            "handle": participant.handle,
            "name": participant.name,
            "credit_code": participant.credit_code,
            "public_key": participant.public_key,
            "recipient": participant.recipient,
            "roles": " ".join(sorted(participant.roles)),
            "standing": str(participant.standing),
            "head": participant.head,
            "verified_until": participant.verified_until,
            "licences_until": participant.licences_until,
        }

    def to_domain(self) -> Participant:
        """Rebuild the participant; an unknown role or standing is an error here."""
        return Participant(
            id=self.id,
            handle=self.handle,
            name=self.name,
            credit_code=self.credit_code,
            public_key=self.public_key,
            recipient=self.recipient,
            roles=frozenset(Role(role) for role in self.roles.split()),
            standing=Standing(self.standing),
            head=self.head,
            verified_until=self.verified_until,
            licences_until=self.licences_until,
        )


_engagement_version = Column("version", Integer, nullable=False)


class EngagementRow(SQLModel, table=True):
    """One engagement; `products` is a JSON list."""

    __tablename__: ClassVar[str] = "engagement"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _engagement_version}
    __table_args__: ClassVar[tuple[Any, ...]] = (_one_of("state", EngagementState),)

    id: str = Field(primary_key=True, max_length=40)
    by: str = Field(foreign_key="participant.id", index=True)
    to: str = Field(foreign_key="participant.id", index=True)
    role: str = Field(max_length=40)
    products: str = Field(max_length=20_000)
    work: str = Field(max_length=200)
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    contingent: bool
    due: str = Field(max_length=20)
    proposed_at: str = Field(max_length=20)
    head: str = _entry()
    state: str = Field(max_length=20)
    report: str | None = Field(default=None, max_length=64)
    version: int = Field(default=0, sa_column=_engagement_version)

    @classmethod
    def of(cls, engagement: Engagement) -> dict[str, Any]:
        """Return the columns of a domain object."""
        names = set(_names(Engagement)) - {"fee"}
        columns = {name: getattr(engagement, name) for name in names}
        written = {name: str(columns[name]) for name in ("role", "state")}
        products = {"products": json.dumps(engagement.products)}
        return columns | written | products | _money_columns(engagement.fee)

    def to_domain(self) -> Engagement:
        """Rebuild the engagement; an unknown role or state is an error here."""
        names = set(_names(Engagement)) - {"fee"}
        columns = {name: getattr(self, name) for name in names}
        return Engagement(
            **{
                **columns,
                "role": Role(self.role),
                "products": tuple(json.loads(self.products)),
                "state": EngagementState(self.state),
                "fee": Money(self.minor, Currency(self.currency)),
            }
        )


class BarredRow(SQLModel, table=True):
    """One organisation on the negative list; `cleared` is the day it was taken off."""

    __tablename__: ClassVar[str] = "barred"

    id: str = Field(primary_key=True, max_length=40)
    credit_code: str = Field(max_length=20, index=True)
    name: str = Field(max_length=200)
    reason: str = Field(max_length=200)
    source: str = Field(max_length=200)
    since: str = Field(max_length=10)
    until: str = Field(max_length=10)
    cleared: str | None = Field(default=None, max_length=10)
    head: str = _entry()

    @classmethod
    def of(cls, barred: Barred) -> dict[str, Any]:
        """Return the columns of a domain object."""
        columns = {name: getattr(barred, name) for name in _names(Barred)}
        days = ("since", "until", "cleared")
        return columns | {name: str(columns[name]) for name in days if columns[name]}

    def to_domain(self) -> Barred:
        """Rebuild the listing."""
        columns = {name: getattr(self, name) for name in _names(Barred)}
        for name in ("since", "until", "cleared"):
            columns[name] = dt.date.fromisoformat(columns[name]) if columns[name] else None
        return Barred(**columns)


class RecordRow(SQLModel, table=True):
    """A stored document, under the SHA-256 of its bytes."""

    __tablename__: ClassVar[str] = "record"

    digest: str = Field(primary_key=True, max_length=64)
    public: bool
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


_product_version = Column("version", Integer, nullable=False)


class ProductRow(SQLModel, table=True):
    """One registered product; a claim that was rejected leaves the bytes to their owner."""

    __tablename__: ClassVar[str] = "product"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _product_version}
    __table_args__: ClassVar[tuple[Any, ...]] = (
        _one_of("registration", dict.fromkeys(FIRST_STATES.values())),
        _one_of("registration_state", RegistrationState),
        _one_of("listing", ListingState),
        Index(
            "one_claim_of_bytes",
            "data",
            unique=True,
            sqlite_where=text("registration <> 'rejected'"),
            postgresql_where=text("registration <> 'rejected'"),
        ),
    )

    number: str = Field(primary_key=True, max_length=40)
    supplier: str = Field(foreign_key="participant.id", index=True)
    file: str = Field(max_length=300)
    data: str = Field(max_length=64)
    bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    profile: str = Field(foreign_key="record.digest")
    notice_until: str = Field(max_length=20)
    registered_at: str = Field(max_length=20)
    head: str = _entry()
    name: str = Field(max_length=200)
    sheet: str | None = Field(default=None, foreign_key="record.digest")
    registration: str = Field(max_length=20)
    listing: str = Field(max_length=20, index=True)
    listed_at: str | None = Field(default=None, max_length=20)
    valid_until: str | None = Field(default=None, max_length=20)
    registration_state: str | None = Field(default=None, max_length=20)
    registered_until: str | None = Field(default=None, max_length=20)
    estimate: str | None = Field(default=None, max_length=64)
    verifiers: str | None = Field(default=None)
    version: int = Field(default=0, sa_column=_product_version)

    @classmethod
    def of(cls, product: Product) -> dict[str, Any]:
        """Return the columns of a domain object."""
        columns = {name: getattr(product, name) for name in _names(Product)}
        return {
            **columns,
            "registration": str(FIRST_STATES.get(product.registration, product.registration)),
            "registration_state": str(product.registration),
            "listing": str(product.listing),
        }

    def to_domain(self) -> Product:
        """Rebuild the product; an unknown state is an error here."""
        columns = {name: getattr(self, name) for name in _names(Product)}
        return Product(
            **{
                **columns,
                "registration": RegistrationState(self.registration_state or self.registration),
                "listing": ListingState(self.listing),
            }
        )


class ParentRow(SQLModel, table=True):
    """A product that another was ever registered as derived from; the log says whether it stands.

    The log holds what a product comes from; what came of a product is asked for here.
    """

    __tablename__: ClassVar[str] = "product_parent"

    product: str = Field(primary_key=True, foreign_key="product.number", max_length=40)
    parent: str = Field(primary_key=True, foreign_key="product.number", max_length=40, index=True)


_scenario_version = Column("version", Integer, nullable=False)


class ScenarioRow(SQLModel, table=True):
    """One filed scenario; `recipients` and `grounds` are JSON lists, `limits` is JSON."""

    __tablename__: ClassVar[str] = "scenario"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _scenario_version}
    __table_args__: ClassVar[tuple[Any, ...]] = (
        _one_of("state", ScenarioState, name="scenario_state_is_known"),
    )

    id: str = Field(primary_key=True, max_length=40)
    buyer: str = Field(foreign_key="participant.id", index=True)
    product: str = Field(foreign_key="product.number", index=True)
    purpose: str = Field(max_length=200)
    region: str = Field(max_length=200)
    term_days: int
    recipients: str = Field(max_length=20_000)
    onward_transfer: bool
    public_release: bool
    description: str = Field(max_length=44)
    state: str = Field(max_length=20)
    head: str = _entry()
    approved_on: str | None = Field(default=None, max_length=10)
    expires_on: str | None = Field(default=None, max_length=10)
    sector: str | None = Field(default=None, max_length=200)
    grounds: str = Field(default="[]", max_length=200, sa_column_kwargs={"server_default": "[]"})
    limits: str | None = Field(default=None, max_length=60_000)
    version: int = Field(default=0, sa_column=_scenario_version)

    @classmethod
    def of(cls, scenario: Scenario) -> dict[str, Any]:
        """Return the columns of a domain object."""
        columns = {name: getattr(scenario, name) for name in _names(Scenario)}
        approved, expires = scenario.approved_on, scenario.expires_on
        return {
            **columns,
            "recipients": json.dumps(scenario.recipients, ensure_ascii=False),
            "state": str(scenario.state),
            "grounds": json.dumps([str(ground) for ground in scenario.grounds]),
            "limits": encode(scenario.limits.facts).decode() if scenario.limits else None,
            "approved_on": approved.isoformat() if approved else None,
            "expires_on": expires.isoformat() if expires else None,
        }

    def to_domain(self) -> Scenario:
        """Rebuild the scenario; an unknown state is an error here."""
        columns = {name: getattr(self, name) for name in _names(Scenario)}
        approved, expires = self.approved_on, self.expires_on
        return Scenario(
            **{
                **columns,
                "recipients": tuple(json.loads(self.recipients)),
                "state": ScenarioState(self.state),
                "sector": self.sector or "",
                "grounds": tuple(Ground(each) for each in json.loads(self.grounds)),
                "limits": read_record(Limits, json.loads(self.limits)) if self.limits else None,
                "approved_on": dt.date.fromisoformat(approved) if approved else None,
                "expires_on": dt.date.fromisoformat(expires) if expires else None,
            }
        )


def _money_columns(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": str(amount.currency)}


class QuoteRow(SQLModel, table=True):
    """One quoted price."""

    __tablename__: ClassVar[str] = "quote"

    id: str = Field(primary_key=True, max_length=40)
    product: str = Field(foreign_key="product.number")
    scenario: str = Field(foreign_key="scenario.id")
    buyer: str = Field(foreign_key="participant.id")
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    terms: str = Field(foreign_key="record.digest")
    pricing: str = Field(foreign_key="record.digest")
    until: str = Field(max_length=20)
    head: str = _entry()

    @classmethod
    def of(cls, quote: Quote) -> dict[str, Any]:
        """Return the columns of a domain object."""
        names = set(_names(Quote)) - {"amount"}
        return {name: getattr(quote, name) for name in names} | _money_columns(quote.amount)

    def to_domain(self) -> Quote:
        """Rebuild the quote."""
        names = set(_names(Quote)) - {"amount"}
        amount = Money(self.minor, Currency(self.currency))
        return Quote(amount=amount, **{name: getattr(self, name) for name in names})


_trade_version = Column("version", Integer, nullable=False)


class TradeRow(SQLModel, table=True):
    """One trade with its delivery and its escrow."""

    __tablename__: ClassVar[str] = "trade"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _trade_version}
    __table_args__: ClassVar[tuple[Any, ...]] = (
        _one_of("state", TradeState),
        _one_of("delivery", DeliveryState),
        _one_of("escrow", EscrowState),
        _one_of("dispute", DisputeState),
        CheckConstraint(
            "released >= 0 AND refunded >= 0 AND released + refunded <= minor"
            " AND reversal BETWEEN 0 AND released",
            name="no_more_than_the_price_is_released",
        ),
        CheckConstraint(
            "state <> 'contracted' OR (escrow = 'held' AND grant_until IS NOT NULL)",
            name="a_contract_holds_its_price_and_grants",
        ),
    )

    id: str = Field(primary_key=True, max_length=40)
    product: str = Field(foreign_key="product.number", index=True)
    scenario: str = Field(foreign_key="scenario.id")
    quote: str = Field(foreign_key="quote.id", unique=True)
    buyer: str = Field(foreign_key="participant.id", index=True)
    supplier: str = Field(foreign_key="participant.id", index=True)
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    terms: str = Field(foreign_key="record.digest")
    head: str = _entry()
    ordered_at: str = Field(max_length=20)
    state: str = Field(max_length=20)
    delivery: str = Field(max_length=20)
    escrow: str = Field(max_length=20)
    sealed: str | None = Field(default=None, max_length=64)
    grant_until: str | None = Field(default=None, max_length=20)
    released: int = Field(
        default=0, sa_column=Column(BigInteger, nullable=False, server_default="0")
    )
    refunded: int = Field(
        default=0, sa_column=Column(BigInteger, nullable=False, server_default="0")
    )
    reversal: int = Field(
        default=0, sa_column=Column(BigInteger, nullable=False, server_default="0")
    )
    part: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    answer_until: str | None = Field(default=None, max_length=20)
    dispute: str = Field(
        default="none", sa_column=Column(String(20), nullable=False, server_default="none")
    )
    version: int = Field(default=0, sa_column=_trade_version)

    @classmethod
    def of(cls, trade: Trade) -> dict[str, Any]:
        """Return the columns of a domain object."""
        names = set(_names(Trade)) - {"amount"}
        states = {
            name: str(getattr(trade, name)) for name in ("state", "delivery", "escrow", "dispute")
        }
        columns = {name: getattr(trade, name) for name in names}
        return columns | states | _money_columns(trade.amount)

    def to_domain(self) -> Trade:
        """Rebuild the trade; an unknown state is an error here."""
        names = set(_names(Trade)) - {"amount"}
        columns = {name: getattr(self, name) for name in names}
        return Trade(
            **{
                **columns,
                "amount": Money(self.minor, Currency(self.currency)),
                "state": TradeState(self.state),
                "delivery": DeliveryState(self.delivery),
                "escrow": EscrowState(self.escrow),
                "dispute": DisputeState(self.dispute),
            }
        )


class JournalRow(SQLModel, table=True):
    """One journal of central clearing, caused by an entry of the chain."""

    __tablename__: ClassVar[str] = "journal"

    id: int | None = Field(default=None, primary_key=True)
    what: str = Field(max_length=200)
    entry: str = _entry()


class PostingRow(SQLModel, table=True):
    """One side of a journal."""

    __tablename__: ClassVar[str] = "posting"

    id: int | None = Field(default=None, primary_key=True)
    journal: int = Field(foreign_key="journal.id", index=True)
    account: str = Field(max_length=100, index=True)
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)


class BalanceRow(SQLModel, table=True):
    """What the postings to an account sum to, what of it is pending, and how far it may fall.

    Only the outside world's is negative without a limit.
    """

    __tablename__: ClassVar[str] = "balance"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        CheckConstraint(
            "minor - pending >= -credit OR account LIKE 'outside/%'", name="nothing_below_its_limit"
        ),
        CheckConstraint("pending >= 0 AND credit >= 0", name="nothing_set_aside_below_zero"),
    )

    account: str = Field(primary_key=True, max_length=100)
    currency: str = Field(primary_key=True, max_length=3)
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    pending: int = Field(
        default=0, sa_column=Column(BigInteger, nullable=False, server_default="0")
    )
    credit: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))


class TransferRow(SQLModel, table=True):
    """One transfer that was pending, or is."""

    __tablename__: ClassVar[str] = "transfer"
    __table_args__: ClassVar[tuple[Any, ...]] = (_one_of("state", TransferState),)

    id: str = Field(primary_key=True, max_length=100)
    what: str = Field(max_length=200)
    source: str = Field(max_length=100, index=True)
    target: str = Field(max_length=100, index=True)
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    entry: str = _entry()
    state: str = Field(max_length=20)
    resolved: str | None = Field(default=None, foreign_key="ledger_entry.leaf", max_length=64)

    @classmethod
    def of(cls, transfer: Transfer) -> dict[str, Any]:
        """Return the columns of a domain object."""
        names = set(_names(Transfer)) - {"amount"}
        columns = {name: getattr(transfer, name) for name in names}
        return columns | {"state": str(transfer.state)} | _money_columns(transfer.amount)

    def to_domain(self) -> Transfer:
        """Rebuild the transfer; an unknown state is an error here."""
        names = set(_names(Transfer)) - {"amount", "state"}
        columns = {name: getattr(self, name) for name in names}
        amount = Money(self.minor, Currency(self.currency))
        return Transfer(amount=amount, state=TransferState(self.state), **columns)


class DraftRow(SQLModel, table=True):
    """A product draft imported from a listing elsewhere; nothing is registered by it."""

    __tablename__: ClassVar[str] = "draft"

    id: str = Field(primary_key=True, max_length=64)
    source: str = Field(max_length=100, index=True)
    title: str = Field(max_length=500)
    supplier: str = Field(max_length=300)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RequestRow(SQLModel, table=True):
    """A signed request that was accepted, so that its nonce is not accepted again."""

    __tablename__: ClassVar[str] = "request"

    key: str = Field(primary_key=True, max_length=64)
    nonce: str = Field(primary_key=True, max_length=64)
    expires: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


class ReplyRow(SQLModel, table=True):
    """The answer to a request with an idempotency key; status 0 while it is being made."""

    __tablename__: ClassVar[str] = "reply"

    participant: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=255)
    request: str = Field(max_length=64)
    status: int
    media_type: str = Field(max_length=100)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


class TokenRow(SQLModel, table=True):
    """A reader's token, known by the SHA-256 of its secret alone."""

    __tablename__: ClassVar[str] = "token"

    digest: str = Field(primary_key=True, max_length=64)
    participant: str = Field(sa_column=Column(String(40), ForeignKey("participant.id")))
    scopes: str = Field(max_length=200)
    expires: int = Field(sa_column=Column(BigInteger, nullable=False))

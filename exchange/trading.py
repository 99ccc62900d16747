"""Trading: quote → order → contract → executed; lapsed before the contract, cancelled after.

The terms are a record frozen by its digest: the quote, the order and the contract each carry
that digest under a signature, so nobody can change them afterwards.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from exchange.clearing import TRANSITIONS as ESCROW_TRANSITIONS
from exchange.clearing import EscrowState
from exchange.delivery import TRANSITIONS as DELIVERY_TRANSITIONS
from exchange.delivery import DeliveryState
from exchange.disputes import TRANSITIONS as DISPUTE_TRANSITIONS
from exchange.disputes import DisputeState
from exchange.errors import Refused
from exchange.lifecycle import step
from exchange.records import STRICT, Amount, to_record
from exchange.scenarios import Limits
from ledger.canonical import encode
from ledger.entries import Entry
from pricing.billing.terms import CHINA_MINUTES, DAY_MS, Term, billing_day
from pricing.money import Money


class TradeState(enum.StrEnum):
    """Where a trade stands."""

    ORDERED = "ordered"
    CONTRACTED = "contracted"
    EXECUTED = "executed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    ENDED = "ended"
    RETIRED = "retired"


class TradingMode(enum.StrEnum):
    """How a price came about; each mode ends in one quote to one buyer over frozen terms."""

    POSTED = "posted"
    NEGOTIATED = "negotiated"
    AUCTION = "auction"
    SUBSCRIPTION = "subscription"
    USAGE = "usage"
    TRIAL = "trial"


BY_USE: Final = frozenset({TradingMode.USAGE, TradingMode.TRIAL})  # settled by their bills

# Everything a trade may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[TradeState, frozenset[TradeState]] = {
    TradeState.ORDERED: frozenset({TradeState.CONTRACTED, TradeState.LAPSED}),
    TradeState.CONTRACTED: frozenset({TradeState.EXECUTED, TradeState.CANCELLED, TradeState.ENDED}),
    TradeState.EXECUTED: frozenset({TradeState.ENDED, TradeState.RETIRED}),
    TradeState.CANCELLED: frozenset({TradeState.RETIRED}),
    TradeState.LAPSED: frozenset(),
    TradeState.ENDED: frozenset({TradeState.RETIRED}),
    TradeState.RETIRED: frozenset(),
}


def _unsaid(value: object) -> bool:
    return value in (None, "", (), 0, False, TradingMode.POSTED)


_LATER = Field(exclude_if=_unsaid)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a delivery: a run of the data's bytes, its digest and its share of the price.

    It is due so many days after the contract.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    amount: Amount
    data: str
    bytes: int
    days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything a contract fixes; `digest` is what the parties sign.

    Fields with a default are left out of the record where they say nothing, so that terms
    frozen before there was such a field keep their digest.  `plan` is the digest of the tariff
    plan that is billed under, `period` the length of a subscription's periods, and `pack` the
    units of a pack that is bought with the contract.
    `limits` are those that an assessor set on the scenario: term, transfer and release keep to
    them here, and where they name regions `region` is the first of those.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    product: str
    data: str
    sheet: str
    scenario: str
    scenario_record: str
    supplier: str
    buyer: str
    purpose: str
    region: str
    term_days: int
    onward_transfer: bool
    public_release: bool
    delivery: str
    amount: Amount
    fee_ppm: int
    pricing: str
    mode: Annotated[TradingMode, _LATER] = TradingMode.POSTED
    limits: Annotated[Limits | None, _LATER] = None
    acceptance_seconds: Annotated[int, _LATER] = 0
    parts: Annotated[tuple[Part, ...], _LATER] = ()
    plan: Annotated[str, _LATER] = ""
    period: Annotated[Term | None, _LATER] = None
    pack: Annotated[int, _LATER] = 0
    policy: Annotated[str, _LATER] = ""
    fees: Annotated[str, _LATER] = ""
    tax_ppm: Annotated[int, _LATER] = 0
    exclusive: Annotated[bool, _LATER] = False

    def granted_until(self, start: dt.datetime) -> dt.datetime:
        """Return when a use right granted then ends: with its period, else after `term_days`."""
        if self.period is not None:
            return period_end(start, self.period)
        return grant_end(start, self.term_days)

    @property
    def record(self) -> bytes:
        """The canonical bytes that are stored."""
        return encode(to_record(self))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, in hex."""
        return hashlib.sha256(self.record).hexdigest()


@dataclass(frozen=True, slots=True)
class Quote:
    """A price for one buyer and one scenario, open until `until`."""

    id: str
    product: str
    scenario: str
    buyer: str
    amount: Money
    terms: str
    pricing: str
    until: str
    head: str


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade with its delivery and its escrow."""

    id: str
    product: str
    scenario: str
    quote: str
    buyer: str
    supplier: str
    amount: Money
    terms: str
    head: str
    ordered_at: str
    state: TradeState = TradeState.ORDERED
    delivery: DeliveryState = DeliveryState.DUE
    escrow: EscrowState = EscrowState.NONE
    sealed: str | None = None
    grant_until: str | None = None
    released: int = 0  # minor units of the price that were paid out of its escrow
    refunded: int = 0  # the same, that went back to the buyer
    reversal: int = 0  # the same, awarded to the buyer after they were paid out, and not paid yet
    part: int = 0  # of a delivery in parts, the one that is due or made; 0 where it is whole
    answer_until: str | None = None  # the last second in which the buyer may answer a delivery
    dispute: DisputeState = DisputeState.NONE

    @property
    def binding(self) -> str:
        """The id of the transfer that sets aside what a winner pays above its deposit."""
        return f"order/{self.id}"

    @property
    def held(self) -> Money:
        """What stands in escrow for it."""
        minor = self.amount.minor - self.released - self.refunded
        return Money(minor if self.escrow is EscrowState.HELD else 0, self.amount.currency)

    @property
    def accepted(self) -> bool:
        """Whether all of the delivery was received, or is deemed to be."""
        return self.delivery in {DeliveryState.RECEIVED, DeliveryState.DEEMED}

    @property
    def executed(self) -> bool:
        """Whether it was executed, though it may have ended since."""
        over = self.state in {TradeState.ENDED, TradeState.RETIRED} and self.released > 0
        return over or self.state is TradeState.EXECUTED

    @property
    def disputed(self) -> bool:
        """Whether a dispute over it is open."""
        return self.dispute is DisputeState.OPEN

    def money(self, minor: int) -> Money:
        """Return so many minor units in the currency of its price."""
        return Money(minor, self.amount.currency)

    def paid_out(self, amount: Money, back: Money | None = None) -> Trade:
        """Return the trade with so much of its escrow paid out, and `back` given to the buyer.

        What empties the escrow executes the trade, or cancels it where nothing was ever paid out.
        Raises `Refused` for nothing, or more than is held.
        """
        held, back = self.held, back or self.money(0)
        if amount.currency is not held.currency:
            raise Refused(f"trade {self.id} holds {held}: a part of {amount} cannot be released")
        left = held - amount - back
        if min(amount.minor, back.minor, left.minor) < 0 or left == held:
            raise Refused(
                f"trade {self.id} holds {held}: a part of {amount + back} cannot be released"
            )
        released, refunded = self.released + amount.minor, self.refunded + back.minor
        drawn = replace(self, released=released, refunded=refunded)
        if left.minor:
            return drawn.escrow_moved(EscrowState.HELD)
        return drawn.closed(TradeState.EXECUTED if released else TradeState.CANCELLED)

    def closed(self, state: TradeState) -> Trade:
        """Return the trade with its escrow emptied, and in that state."""
        end = EscrowState.RELEASED if self.released else EscrowState.REFUNDED
        return self.escrow_moved(end).moved(state)

    def cut_short(self, until: str) -> Trade:
        """Return the trade with a use right that ends by then, if it does not end before."""
        if self.grant_until is None or self.grant_until <= until:
            return self
        return replace(self, grant_until=until)

    def require_use_right(self, now: str) -> None:
        """Raise `Refused` once the use right has ended; its last second is within it."""
        if now > (self.grant_until or ""):
            raise Refused(f"trade {self.id}: the use right ended at {self.grant_until}")

    def require_undisputed(self) -> None:
        """Raise `Refused` while a dispute over it is open."""
        if self.disputed:
            raise Refused(f"trade {self.id} is frozen: its performance is disputed")

    def dispute_moved(self, state: DisputeState) -> Trade:
        """Return the trade with its dispute moved, or raise `IllegalTransition`."""
        what = f"the dispute over {self.id}"
        return replace(self, dispute=step(DISPUTE_TRANSITIONS, self.dispute, state, what))

    def answered(self, state: DeliveryState, parts: int) -> Trade:
        """Return the trade with what was delivered accepted; of several parts the next is due."""
        if self.part < parts:
            return replace(self.delivery_moved(DeliveryState.DUE), part=self.part + 1)
        return self.delivery_moved(state)

    def at(self, entry: Entry) -> Trade:
        """Return the trade as of its newest entry."""
        return replace(self, head=entry.leaf.hex())

    def moved(self, state: TradeState) -> Trade:
        """Return the trade in another state, or raise `IllegalTransition`."""
        return replace(self, state=step(TRANSITIONS, self.state, state, f"trade {self.id}"))

    def delivery_moved(self, state: DeliveryState) -> Trade:
        """Return the trade with its delivery moved, or raise `IllegalTransition`."""
        what = f"the delivery of {self.id}"
        return replace(self, delivery=step(DELIVERY_TRANSITIONS, self.delivery, state, what))

    def escrow_moved(self, state: EscrowState) -> Trade:
        """Return the trade with its escrow moved, or raise `IllegalTransition`."""
        what = f"the escrow of {self.id}"
        return replace(self, escrow=step(ESCROW_TRANSITIONS, self.escrow, state, what))


def period_end(start: dt.datetime, period: Term, count: int = 1) -> dt.datetime:
    """Return when so many periods that follow one another from `start` end: at 24:00 in China.

    They run as `pricing.billing.terms` says, so the end of one is the beginning of the next.
    """
    first = billing_day(int(start.timestamp() * 1_000), CHINA_MINUTES)
    after = (period.last_day(first, count) + 1) * DAY_MS - CHINA_MINUTES * 60_000
    return dt.datetime.fromtimestamp(after / 1_000, dt.UTC)


def grant_end(start: dt.datetime, term_days: int) -> dt.datetime:
    """Return when a use right of so many days ends."""
    return start + dt.timedelta(days=term_days)

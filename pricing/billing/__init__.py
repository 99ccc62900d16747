"""Bills: what usage costs under a tariff, every line of it explained.

A tariff rates a statement of all that was used since the contract began, so a bill needs
no memory: what a month adds is the bill at its end less the bill at its beginning.  The types
of lines follow those of Snowflake's view MARKETPLACE_PAID_USAGE_DAILY, which tells apart in the
same way what was a trial, a fee, a free allowance, usage, and usage beyond the maximum.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from pricing.billing.terms import CHINA_MINUTES, billing_day, require_moment, require_offset
from pricing.domain import require_count, require_not_negative, require_text
from pricing.errors import BadInput
from pricing.money import MINOR_MAX, Money, total


class Outcome(enum.StrEnum):
    """What a query came to."""

    FOUND = "found"
    NOT_FOUND = "not-found"


class Billed(enum.StrEnum):
    """Which uses count."""

    EVERY = "every"
    HITS = "hits"
    """Those that found something (查得计费)."""


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """One use at a moment in UTC: a call, or so many calls or records at once.

    The same event delivered twice, `id` and all, counts once.
    """

    id: str
    at_ms: int
    quantity: int = 1
    outcome: Outcome = Outcome.FOUND

    def __post_init__(self) -> None:
        require_text("events.id", self.id)
        require_moment(f"events: at_ms of {self.id}", self.at_ms)
        require_count(f"events: quantity of {self.id}", self.quantity, 1)
        if self.quantity > MINOR_MAX:
            raise BadInput(f"events: quantity of {self.id}: beyond 2^53 - 1")


@dataclass(frozen=True, slots=True)
class Order:
    """Packs bought at a moment; `units` names the pack of the menu by its size."""

    id: str
    at_ms: int
    units: int
    count: int = 1

    def __post_init__(self) -> None:
        require_text("orders.id", self.id)
        require_moment(f"orders: at_ms of {self.id}", self.at_ms)
        require_count(f"orders: units of {self.id}", self.units, 1)
        require_count(f"orders: count of {self.id}", self.count, 1)


Dated = TypeVar("Dated", UsageEvent, Order)


@dataclass(frozen=True, slots=True)
class Statement:
    """All that a buyer used and ordered from `since_ms`, when the contract began, to `until_ms`.

    The last moment is not included.  Billing days are those at `utc_offset_minutes`.  The order
    of events and orders means nothing: `used` and `ordered` have them by time, each once.
    """

    since_ms: int
    until_ms: int
    events: tuple[UsageEvent, ...] = ()
    orders: tuple[Order, ...] = ()
    utc_offset_minutes: int = CHINA_MINUTES

    def __post_init__(self) -> None:
        require_moment("since_ms", self.since_ms)
        require_moment("until_ms", self.until_ms)
        require_offset("utc_offset_minutes", self.utc_offset_minutes)
        if self.since_ms >= self.until_ms:
            raise BadInput("until_ms: a statement must end after it begins")
        for field, dated in (("events", self.events), ("orders", self.orders)):
            for one in dated:
                if not self.since_ms <= one.at_ms < self.until_ms:
                    raise BadInput(f"{field}: {one.id} is at {one.at_ms}, outside the statement")
        _once("events", self.events)
        _once("orders", self.orders)

    @property
    def used(self) -> tuple[UsageEvent, ...]:
        """The events by time and id, each once."""
        return _once("events", self.events)

    @property
    def ordered(self) -> tuple[Order, ...]:
        """The orders by time and id, each once."""
        return _once("orders", self.orders)

    @property
    def first_day(self) -> int:
        """The billing day on which the contract began."""
        return self.day(self.since_ms)

    @property
    def last_day(self) -> int:
        """The billing day of the statement's last moment."""
        return self.day(self.until_ms - 1)

    def day(self, at_ms: int) -> int:
        """Return the billing day of a moment."""
        return billing_day(at_ms, self.utc_offset_minutes)


class ChargeType(enum.StrEnum):
    """Why a line costs what it costs; only the first two ever cost anything."""

    FIXED = "fixed"
    """A fee: for a licence, a period, a pack."""
    VARIABLE = "variable"
    """Usage at its rate."""
    SAMPLE = "sample"
    """Usage within a trial."""
    GRACE = "grace"
    """Usage within the free allowance of a period."""
    INCLUDED = "included"
    """Usage that a fee has paid for."""
    MAX_REACHED = "max-reached"
    """Usage after a maximum was reached."""
    NOT_FOUND = "not-found"
    """Queries that found nothing, where only hits are billed."""


CHARGED: Final = frozenset({ChargeType.FIXED, ChargeType.VARIABLE})


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One line of a bill: units used, or fees due, and what they cost together."""

    type: ChargeType
    text: str
    quantity: int
    amount: Money

    def __post_init__(self) -> None:
        require_text("lines.text", self.text)
        require_count("lines.quantity", self.quantity, 1)
        require_not_negative("lines.amount", self.amount)
        if self.type not in CHARGED and self.amount.minor:
            raise BadInput(f"lines: {self.type} costs nothing, not {self.amount}")


@dataclass(frozen=True, slots=True)
class Bill:
    """What is owed for a statement; its lines sum to it, or there is no bill."""

    amount: Money
    lines: tuple[ChargeLine, ...] = ()

    def __post_init__(self) -> None:
        explained = total((line.amount for line in self.lines), self.amount.currency)
        if explained != self.amount:
            raise BadInput(f"lines: they explain {explained} of {self.amount}")

    @classmethod
    def of(cls, lines: Iterable[ChargeLine], nothing: Money) -> Bill:
        """Sum the lines; `nothing` is what is owed where there are none."""
        held = tuple(lines)
        return cls(total((line.amount for line in held), nothing.currency), held)

    def units(self, *types: ChargeType) -> int:
        """Count the units of lines of these types."""
        return sum(line.quantity for line in self.lines if line.type in types)


class Tariff(Protocol):
    """A plug-in of `pricing.tariffs`: a frozen dataclass of its parameters, which are a plan."""

    def rate(self, statement: Statement) -> Bill:
        """Bill the statement, or raise `BadInput` for what the plan has no price for.

        A line for every reason, each unit used in exactly one line that is not a fee.  The bill
        depends neither on the order of events nor on one that is delivered twice.
        """
        ...


def one_currency(field: str, *amounts: Money | None) -> None:
    """Raise `BadInput` unless the amounts that there are have one currency and none is negative."""
    there = [amount for amount in amounts if amount is not None]
    for amount in there:
        require_not_negative(field, amount)
        if amount.currency is not there[0].currency:
            raise BadInput(f"{field}: {there[0].currency} and {amount.currency} in one plan")


def _once(field: str, dated: tuple[Dated, ...]) -> tuple[Dated, ...]:
    by_id: dict[str, Dated] = {}
    for one in dated:
        if by_id.setdefault(one.id, one) != one:
            raise BadInput(f"{field}: {one.id} stands for two different ones")
    return tuple(sorted(by_id.values(), key=lambda one: (one.at_ms, one.id)))

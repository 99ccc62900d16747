"""The public schedule of fees (收费公示): what the exchange keeps of a price, and the tax on that.

A schedule is a dated record that anybody can read; the chain has its digest.  It applies to prices
that are quoted while it is in force, and is frozen into their terms: a later one changes nothing
of what was quoted.  The fee comes out of the price, so what supplier and contributors get, the
fee and its tax always sum to what the buyer paid.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from exchange.clearing.accounts import FEES, Line, fee_of
from exchange.errors import BadField
from exchange.records import STRICT, Amount, to_record
from ledger.acts import format_time, parse_time
from ledger.canonical import encode
from ledger.errors import BadAct
from ledger.fees import NOTICE, WHOLE
from ledger.kinds.clearing import SERVICES
from pricing.money import Money, decimal_text

TAX: Final = "house/tax"  # what the exchange owes its tax office
# The ways of trading that a schedule has a fee for; what it names none for pays that of "posted".
MODES: Final = ("posted", "negotiated", "auction", "subscription", "usage", "trial")

Ppm = Annotated[int, Field(ge=0, le=WHOLE)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class ModeFee:
    """The fee of one way of trading: parts per million of the price, within two bounds."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    ppm: Ppm
    minimum: Amount | None = None
    maximum: Amount | None = None

    def __post_init__(self) -> None:
        for name in ("minimum", "maximum"):
            bound = getattr(self, name)
            if bound is not None and bound.minor < 0:
                raise BadField(name, "not below zero")
        if self.minimum and self.maximum and self.minimum > self.maximum:
            raise BadField("minimum", "no more than the maximum")


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax on the exchange's own fees, such as the VAT (增值税) of 6 % on services in China."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Name
    ppm: Ppm


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """Everything the exchange asks money for, from a time on.

    `most_ppm` is the most of a price that any fee may come to: a minimum never takes more.  A
    bound applies to prices in its own currency alone.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    version: Name
    since: str
    most_ppm: Ppm
    trading: Mapping[str, ModeFee]
    tax: Tax | None = None
    services: Mapping[str, Amount] = field(default_factory=dict)
    notes: Annotated[str, Field(max_length=2_000)] = ""

    def __post_init__(self) -> None:
        try:
            parse_time(self.since, "since")
        except BadAct as error:
            raise BadField("since", "a time such as 2026-01-05T09:00:00Z") from error
        if "posted" not in self.trading:
            raise BadField("trading.posted", "missing: it is the fee of every mode without its own")
        if self.most_ppm * (WHOLE + self.tax_ppm) > WHOLE * WHOLE:
            raise BadField("most_ppm", "with the tax on top, more than a price")
        for name, fee in self.trading.items():
            if name not in MODES:
                raise BadField(f"trading.{name}", f"one of {', '.join(MODES)}")
            if fee.ppm > self.most_ppm:
                raise BadField(f"trading.{name}.ppm", f"above most_ppm, {self.most_ppm}")
        self._check_services()

    def _check_services(self) -> None:
        for name, amount in self.services.items():
            if name not in SERVICES:
                raise BadField(f"services.{name}", f"one of {', '.join(SERVICES)}")
            if amount.minor < 0:
                raise BadField(f"services.{name}", "not below zero")

    @property
    def tax_ppm(self) -> int:
        """The tax on a fee, in parts per million of the fee."""
        return self.tax.ppm if self.tax else 0

    @property
    def record(self) -> bytes:
        """The canonical bytes that are stored."""
        return encode(to_record(self))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, in hex."""
        return hashlib.sha256(self.record).hexdigest()

    @property
    def asked(self) -> list[tuple[str, Money, Money]]:
        """What is asked for each service that has a price: its name, fee, and fee with tax."""
        told = [(name, self.services[name]) for name in SERVICES if name in self.services]
        return [(name, fee, fee + fee_of(fee, self.tax_ppm)) for name, fee in told]

    def fee_for(self, mode: str) -> ModeFee:
        """Return the fee of one way of trading."""
        return self.trading.get(mode, self.trading["posted"])

    def kept(
        self, amount: Money, mode: str, *, before: Money | None = None, taken: Money | None = None
    ) -> tuple[Money, Money]:
        """Return the fee on a price and the tax on the fee; together no more than the price.

        The fee is parts per million of the price, raised to the minimum, cut to the maximum and
        then to `most_ppm` of the price; each step is rounded half to even, and so is the tax.
        Of a price that is paid in parts, `before` was paid already and `taken` of it as fees: a
        part bears what the fee on all of it so far comes to, less what was taken.
        """
        nothing = Money(0, amount.currency)
        told, whole = self.fee_for(mode), amount + (before or nothing)
        fee = fee_of(whole, told.ppm)
        if told.minimum and told.minimum.currency is amount.currency:
            fee = max(fee, told.minimum)
        if told.maximum and told.maximum.currency is amount.currency:
            fee = min(fee, told.maximum)
        fee = min(fee, fee_of(whole, self.most_ppm)) - (taken or nothing)
        most = fee_of(amount, self.most_ppm)
        return with_tax(max(min(fee, most), nothing), self.tax_ppm, of=amount)

    def require_notice(self, now: dt.datetime) -> None:
        """Raise `BadField` unless the schedule begins seven days after `now` or later."""
        earliest = format_time(now + NOTICE)
        if self.since < earliest:
            raise BadField("since", f"{NOTICE.days} days' notice: not before {earliest}")


def with_tax(fee: Money, tax_ppm: int, *, of: Money) -> tuple[Money, Money]:
    """Return a fee with the tax on it; where rounding takes both beyond the price, a unit less."""
    unit = Money(1, fee.currency)
    while fee.minor and fee + fee_of(fee, tax_ppm) > of:
        fee -= unit
    return fee, fee_of(fee, tax_ppm)


def lines_of_exchange(
    amount: Money,
    *,
    mode: str,
    fee_ppm: int,
    schedule: FeeSchedule | None = None,
    before: Money | None = None,
    taken: Money | None = None,
) -> tuple[list[Line], Money]:
    """Return the exchange's lines of a settlement, and what is left of the amount for others.

    With a schedule it says the fee and the tax; without one the fee is `fee_ppm` and there is no
    tax.  The line of the fee is always there, the line of the tax where there is a tax.
    """
    if schedule is None:
        fee, tax = fee_of(amount, fee_ppm), None
        words = f"exchange fee, {percent(fee_ppm)} %"
    else:
        fee, tax = schedule.kept(amount, mode, before=before, taken=taken)
        words = f"exchange fee, schedule {schedule.version}"
    lines = [Line(FEES, fee, words)]
    left = amount - fee
    if schedule and schedule.tax and tax is not None:
        what = f"{schedule.tax.name} on the fee, {percent(schedule.tax.ppm)} %"
        lines.append(Line(TAX, tax, what[:200]))
        left -= tax
    return lines, left


def percent(ppm: int) -> str:
    """Write parts per million as percent, without a sign."""
    return decimal_text(Decimal(ppm) / 10_000)

"""Payments: the port to a bank that holds the money of the exchange's participants.

A `PaymentProvider` is registered in the group ``exchange.payment_providers`` and named by the
setting `payment_provider`.  It takes orders to pay out, says what became of them, and tells what
came in.  Nothing here moves a balance: a balance moves by an entry of the chain, which the
services write once they have the bank's word.

A bank and an exchange share no transaction.  So each side may repeat itself: an order is known by
its reference and paid once however often it is handed in, and a notice is told again until it is
acknowledged, which happens after what it says was committed.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from exchange.errors import BadField
from exchange.records import printable
from ledger.acts import parse_time
from ledger.errors import BadAct
from pricing.errors import PricingError
from pricing.money import Money

ACCOUNT_MAX: Final = 70  # characters: an IBAN has 34, a name and number of a Chinese bank more
NAME_MAX: Final = 140  # characters, as `Max140Text` of ISO 20022 has for a name
REASON_MAX: Final = 140  # the same
REFERENCE_MAX: Final = 35  # characters, as `Max35Text` of ISO 20022 has for a reference
_REFERENCE = re.compile(rf"[\x21-\x7e]{{1,{REFERENCE_MAX}}}", re.ASCII)


class PayOutState(enum.StrEnum):
    """What a bank knows of an order; after `UNKNOWN` alone it is handed in again."""

    UNKNOWN = "unknown"
    TAKEN = "taken"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Payee:
    """Where money is paid to: an account at a bank, and whose it is."""

    name: str
    account: str

    def __post_init__(self) -> None:
        _require_text("payee.name", self.name, NAME_MAX)
        _require_text("payee.account", self.account, ACCOUNT_MAX)

    def to_record(self) -> dict[str, str]:
        """Return the form that an act commits to."""
        return {"name": self.name, "account": self.account}

    @classmethod
    def read(cls, value: object) -> Payee:
        """Read the form that an act commits to, or raise `BadField`."""
        if (
            not isinstance(value, dict)
            or set(value) != {"name", "account"}
            or not all(isinstance(text, str) for text in value.values())
        ):
            raise BadField("payee", "has a name and an account, both text")
        return cls(**value)


@dataclass(frozen=True, slots=True)
class PayOut:
    """An order to pay out; the bank pays at most once under one reference."""

    reference: str
    payee: Payee
    amount: Money

    def __post_init__(self) -> None:
        require_reference("reference", self.reference)
        _require_above_zero(self.amount)


@dataclass(frozen=True, slots=True)
class PayOutStatus:
    """What became of an order: `reference` is the bank's own once it paid, `reason` why not."""

    state: PayOutState
    reference: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.state is PayOutState.PAID:
            require_reference("reference", self.reference)
        if self.state is PayOutState.FAILED:
            _require_text("reason", self.reason, REASON_MAX)


@dataclass(frozen=True, slots=True)
class Notice:
    """Money that came in: `reference` is the bank's own and names one payment for good.

    `id` is what the notice is acknowledged by; a bank may tell one payment in two notices.
    `account` is what the payer wrote for whom it is: the id or the handle of a participant.
    `value_time` is when the bank had the money, which may be long before the notice.
    """

    id: str
    reference: str
    account: str
    amount: Money
    value_time: str

    def __post_init__(self) -> None:
        _require_text("id", self.id, 200)
        require_reference("reference", self.reference)
        _require_text("account", self.account, NAME_MAX)
        _require_above_zero(self.amount)
        try:
            parse_time(self.value_time, "value_time")
        except BadAct as error:
            raise BadField("value_time", str(error)) from error


class PaymentProvider(Protocol):
    """A bank, or a way to one, in a folder of its own within the exchange's folder.

    What it has to be told (its accounts, its folders) stands in a file there.  Every method may
    raise `ProviderFailed` where the bank cannot be asked; the exchange then asks again later.
    """

    name: str

    def pay(self, order: PayOut) -> None:
        """Take an order; once this returned, the bank has it for good.

        The same order again changes nothing; another under its reference raises `Conflict`.
        """

    def status(self, reference: str) -> PayOutStatus:
        """Return what became of the order of that reference.

        `UNKNOWN` means that the order is not there and was never paid, not that nobody knows.
        """

    def notices(self, limit: int) -> Sequence[Notice]:
        """Return at most so many notices that were not acknowledged, in the bank's own order.

        Late ones, repeated ones and such out of the order of their value times may be among them.
        """

    def acknowledge(self, notices: Sequence[str]) -> None:
        """Take notices off the list by their ids; again, or for an unknown id, does nothing."""


class OpensProvider(Protocol):
    """What stands behind an entry point: called, it returns the provider."""

    def __call__(self, folder: Path, clock: Callable[[], dt.datetime], /) -> PaymentProvider:
        """Open the provider in its folder, which is there; `clock` is the exchange's."""


def require_reference(field: str, text: str) -> None:
    """Raise `BadField` unless the text is 1 to 35 characters of printable ASCII without a space."""
    if not _REFERENCE.fullmatch(text):
        raise BadField(field, f"1 to {REFERENCE_MAX} characters of ASCII, without a space")


def read_amount(text: str, currency: str) -> Money:
    """Read an amount as banks write it, "1230.00" and "CNY", or raise `BadField`."""
    try:
        return Money.parse(f"{text} {currency}")
    except PricingError as error:
        raise BadField("amount", str(error)) from error


def _require_text(field: str, text: str, most: int) -> None:
    if not 1 <= len(text) <= most or printable(text) != text:
        raise BadField(field, f"1 to {most} printable characters")


def _require_above_zero(amount: Money) -> None:
    if amount.minor <= 0:
        raise BadField("amount", "above zero")

"""What every kit asks: that a record is enough to compute again, and a forged one is not."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pricing.errors import NotReplayed, PricingError
from pricing.money import Money
from pricing.record import PricingRecord, Replayed, replay


def unit(like: Money) -> Money:
    """Return one minor unit of the same currency."""
    return Money(1, like.currency)


def must_refuse(attempt: Callable[[], object], otherwise: str) -> None:
    """Fail unless the attempt raises a `PricingError`."""
    try:
        attempt()
    except PricingError:
        return
    raise AssertionError(otherwise)


def check_replay(record: PricingRecord, forgery: dict[str, Any]) -> None:
    """Fail unless the record replays bit for bit, and does not with the forged output."""
    read = PricingRecord.from_record(record.to_record())
    assert read == record, "the record is not read back as it was written"
    assert replay(read) is Replayed.BIT_FOR_BIT, "replayed, and not bit for bit"
    try:
        replay(replace(record, output={**record.output, **forgery}))
    except NotReplayed:
        return
    raise AssertionError("a forged output replays")

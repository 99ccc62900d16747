"""Domains of inputs: what a field may hold, refused with the field's name.

A bound is stated once, in the value that has the field; a plug-in that is handed the value
may rely on it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pricing.errors import BadInput
from pricing.money import Money, require_exact

WORKERS_MAX: Final = 1_024  # of one executor: more are a slip of the hand


def require_within(field: str, value: object, low: Fraction | int, high: Fraction | int) -> None:
    """Raise `BadInput` unless low ≤ value ≤ high, exactly and with no float."""
    try:
        number = require_exact(value)
    except BadInput as error:
        raise BadInput(f"{field}: {error}") from error
    if not low <= number <= high:
        raise BadInput(f"{field}: {value} is not within {low} and {high}")


def require_probability(field: str, value: object) -> None:
    """Raise `BadInput` unless 0 < value < 1: nothing about a price is certain."""
    require_within(field, value, 0, 1)
    if value in {0, 1}:
        raise BadInput(f"{field}: {value} is not strictly between 0 and 1")


def require_count(field: str, value: object, at_least: int = 0, at_most: int | None = None) -> None:
    """Raise `BadInput` unless `value` is a whole number, at least and at most so many."""
    if isinstance(value, bool) or not isinstance(value, int) or value < at_least:
        raise BadInput(f"{field}: {value!r} is not a whole number of at least {at_least}")
    if at_most is not None and value > at_most:
        raise BadInput(f"{field}: {value:,} are more than the {at_most:,} taken")


def require_workers(workers: int | None, address: str | None = None) -> None:
    """Raise `BadInput` unless the workers of an executor are counted, or those of an address."""
    if workers is not None:
        require_count("workers", workers, 1, WORKERS_MAX)
    if address is not None:
        require_text("address", address)
        if workers is not None:
            raise BadInput("workers: the cluster at the address has its own")


def require_text(field: str, value: str) -> None:
    """Raise `BadInput` for text that says nothing."""
    if not value.strip():
        raise BadInput(f"{field}: must not be empty")


def require_not_negative(field: str, amount: Money) -> None:
    """Raise `BadInput` for an amount below zero."""
    if amount.minor < 0:
        raise BadInput(f"{field}: {amount} is below zero")

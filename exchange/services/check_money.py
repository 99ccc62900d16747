"""Checking the money: what must be true of it at any moment, asked of the books and of the chain.

Nothing here moves anything, so an operator runs it as often as it likes, beside whatever goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.ports import Floor
from exchange.services.compare_books import Comparison, compare_books


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be true, in words, and what breaks it."""

    rule: str
    faults: tuple[str, ...]


def check_money(*, floor: Floor) -> Sequence[Check]:
    """Return every check of the money with its faults; none of them has any where all is well."""
    return checks_of(compare_books(floor=floor))


def checks_of(found: Comparison) -> Sequence[Check]:
    """Return the checks that a comparison of books and chain answers."""
    return (
        Check("the books agree with themselves and with the chain", found.books),
        Check("the chain alone comes to the same balances", found.chain),
        Check("no account is below its limit", found.limits),
        Check("no escrow is filled or emptied twice", found.twice),
        Check("what was paid in was paid out or is held", found.flows),
        Check("every service that was used was paid for", found.unpaid),
        Check("the log holds as many entries as its head says", found.log),
        Check("products stand where the chain has put them", found.products),
        Check("the board finds what is listed, as it is", found.board),
    )

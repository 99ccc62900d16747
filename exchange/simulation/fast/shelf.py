"""A register of products that says "listed" and means those to which something may have happened.

What the exchange does for every listing, asking again whether it stands, takes hours where there
are ten thousand of them and nothing happened to most.  Who knows that may narrow the question; the
answer is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from exchange.compliance.evidence import ASSESSMENT_DAYS_MAX
from exchange.listing import ListingState
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product

_DAY: Final = dt.timedelta(days=1)


@dataclass
class Narrowing:
    """Which products are asked about where all that are listed are; None narrows nothing."""

    numbers: Sequence[str] | None = None

    @contextmanager
    def to(self, numbers: Sequence[str]) -> Iterator[None]:
        """Ask about these alone meanwhile."""
        before, self.numbers = self.numbers, numbers
        try:
            yield
        finally:
            self.numbers = before

    def floor(self, floor: Floor) -> Floor:
        """Return a floor whose units of work are narrowed like this."""
        return replace(floor, write=self._opening(floor.write), read=self._opening(floor.read))

    def _opening(
        self, opens: Callable[[], AbstractContextManager[UnitOfWork]]
    ) -> Callable[[], AbstractContextManager[UnitOfWork]]:
        @contextmanager
        def narrowed() -> Iterator[UnitOfWork]:
            with opens() as work:
                # The books of a unit of work are its own, and a protocol cannot be assigned to.
                book: Any = work.products
                everything = book.listed

                def listed() -> Sequence[Product]:
                    asked = everything() if self.numbers is None else map(book.get, self.numbers)
                    return [each for each in asked if each.listing is ListingState.LISTED]

                book.listed = listed
                try:
                    yield work
                finally:
                    book.listed = everything

        return narrowed


def stands_until(product: Product, today: dt.date) -> dt.date:
    """Return the last day on which a listing just asked about need not be asked about again.

    A verdict says until when nothing that is known will end it, or make it last longer; one that
    lasts as long as any may lasts a day longer with each day.
    """
    listed, valid = product.listing is ListingState.LISTED, product.valid_until
    if not listed or valid is None:
        return today if product.registered_until else dt.date.min
    until = dt.date.fromisoformat(valid)
    if until >= today + dt.timedelta(days=ASSESSMENT_DAYS_MAX):
        return today
    ends = product.registered_until
    return min(until, dt.date.fromisoformat(ends[:10]) - _DAY) if ends else until

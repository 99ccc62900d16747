"""A register of products that says "all" and means those to which something may have happened.

What the exchange does for every product, asking again whether it stands or whether it comes from
another, takes hours where there are ten thousand of them and nothing happened to most.  Who knows
that may narrow the question; the answer is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from exchange.compliance.evidence import ASSESSMENT_DAYS_MAX
from exchange.listing import ListingState
from exchange.ports import Floor, Products, UnitOfWork
from exchange.registration import Product

_DAY: Final = dt.timedelta(days=1)


@dataclass
class Narrowing:
    """Which products are asked about where all are; None narrows nothing."""

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
                # A unit of work is a protocol of things to be read, and this one is ours.
                ours, book = cast("Any", work), work.products
                ours.products = _Shelf(book, self)
                try:
                    yield work
                finally:
                    ours.products = book

        return narrowed


@dataclass
class _Shelf:
    """The register of one unit of work."""

    _book: Products
    _narrowing: Narrowing

    def get(self, key: str, /) -> Product:
        """Return by number."""
        return self._book.get(key)

    def put(self, value: Product, /) -> None:
        """Add or replace."""
        self._book.put(value)

    def all(self) -> Sequence[Product]:
        """Return those that are asked about, oldest first."""
        numbers = self._narrowing.numbers
        if numbers is None:
            return self._book.all()
        return [self._book.get(number) for number in numbers]


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

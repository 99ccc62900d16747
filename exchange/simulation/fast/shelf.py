"""A register of products that says "all" and means those to which something may have happened.

What the exchange does for every product, asking again whether it stands or whether it comes from
another, takes hours where there are ten thousand of them and nothing happened to most.  Who knows
that may narrow the question; the answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from exchange.ports import Floor, Products, UnitOfWork
from exchange.registration import Product


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

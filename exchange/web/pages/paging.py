"""Pages of what grows with the market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from exchange.board import BoardLine, Found

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list: what it shows, which of how many it is, and how long the list is.

    `first` is the place of the first that it shows, counted from one.
    """

    shown: Sequence[T]
    number: int
    pages: int
    first: int
    whole: int


def told(found: Found) -> Page[BoardLine]:
    """Return the page of what the store has found, which is no longer than it was asked for."""
    first = (found.page - 1) * found.size + 1
    return Page(found.lines, found.page, found.pages, first, found.whole)


def asked_for(found: Sequence[T], most: int) -> Page[T]:
    """Return the page that ``?page=`` names, of at most so many.

    The last one answers for those after it, the first for what is none.
    """
    pages = max(1, -(-len(found) // most))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    begin = (number - 1) * most
    return Page(found[begin : begin + most], number, pages, begin + 1, len(found))

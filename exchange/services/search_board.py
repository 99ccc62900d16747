"""The board is searched where it is kept, and what it says follows what becomes of products.

A line is written with the entry that lists its product, in the same transaction; the store takes it
away, or has it stand for longer, with the row of the product.  It is derived from what does not
change while a product is listed: its sheet, its data, its measurement, the name of its supplier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from exchange.board import BoardLine, Found, Search, line_of
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.measure_quality import quality_of
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from ledger.acts import parse_time


def search_board(asked: Search, *, work: UnitOfWork, floor: Floor) -> Found:
    """Return what stands on the board today and answers a search, a page of it."""
    return work.board.search(asked, floor.clock().date())


def search_up_to_the_last(asked: Search, *, work: UnitOfWork, floor: Floor) -> Found:
    """Return the page that is asked for, or the last one where that is beyond it."""
    found = search_board(asked, work=work, floor=floor)
    if found.page <= found.pages:
        return found
    return search_board(replace(asked, page=found.pages), work=work, floor=floor)


def board_counts(column: str, *, work: UnitOfWork, floor: Floor) -> Sequence[tuple[str, int]]:
    """Return each sector or format on the board today and how many have it, the most first."""
    return work.board.counts(column, floor.clock().date())


def show_on_board(product: Product, *, work: UnitOfWork) -> None:
    """Write the line of a product that has just been listed, within the caller's unit of work."""
    work.board.put(line_for(product, work))


def line_for(product: Product, work: UnitOfWork) -> BoardLine:
    """Return the line of a listed product as its records have it."""
    sheet = sheet_of(product, work)
    listed = parse_time(product.listed_at or "", "listed").date()
    return line_of(
        product,
        sheet,
        profile_of(product, work),
        supplier=work.participants.get(product.supplier).name,
        score=quality_of(product, sheet, on=listed, work=work).score,
    )


def board_apart(work: UnitOfWork) -> Iterator[str]:
    """Yield where the board says something else than the products that are listed."""
    listed = {product.number: product for product in work.products.listed()}
    for line in work.board.all():
        product = listed.pop(line.number, None)
        if product is None:
            yield f"{line.number}: has a line on the board and is not listed"
        elif line != (due := line_for(product, work)):
            names = [
                name for name in BoardLine.__slots__ if getattr(line, name) != getattr(due, name)
            ]
            yield f"{line.number}: its line on the board has another {', '.join(names)}"
    for number in sorted(listed):
        yield f"{number}: is listed and has no line on the board"


def restore_board(*, floor: Floor) -> int:
    """Write every line of the board anew; return how many there are.

    A store of before the board was searched has none.
    """
    with floor.write() as work:
        for line in list(work.board.all()):
            work.board.discard(line.number)
        listed = work.products.listed()
        for product in listed:
            show_on_board(product, work=work)
    return len(listed)

"""What the API and the pages show of the floor's things, read within one unit of work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from exchange.auctions import Auction, AuctionState
from exchange.board import BoardLine, Found
from exchange.listing import ListingState
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.submit_sheet import sheet_of
from exchange.subscriptions import Subscription
from exchange.trading import Quote, Trade
from ledger.acts import format_time
from ledger.entries import Entry
from ledger.view import newest
from pricing.money import Money


def fields_of(value: BoardLine | Quote | Trade | Subscription) -> dict[str, Any]:
    """Return a frozen value's fields by name, the amounts still amounts."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def board_shown(found: Found, work: UnitOfWork) -> dict[str, Any]:
    """Return a page of the board: its lines, and of how many in all."""
    lines = [
        fields_of(line)
        | {
            "supplier_name": work.participants.get(line.supplier).name,
            "quality": str(line.score),
            "box": [side / 1_000_000 for side in line.box] if line.box else None,
        }
        for line in found.lines
    ]
    return {"products": lines, "whole": found.whole, "page": found.page, "pages": found.pages}


def name_in_english(product: Product, work: UnitOfWork) -> str:
    """Return the English name that the sheet of a listed product gives it, empty without one.

    A sheet is shown to everybody once its product is on the board.
    """
    listed = product.listing is ListingState.LISTED
    return sheet_of(product, work).basic.name_en if listed else ""


def is_judged(product: Product, work: UnitOfWork) -> bool:
    """Whether a verdict on the present sheet and data stands on the chain, for all to read.

    Before, what is found in the data is the business of the supplier and of those who judge.
    """
    verdict = newest(work.chain.store, f"product/{product.number}", "compliance.verdict")
    return verdict is not None and all(
        verdict.facts[name] == getattr(product, name) for name in ("sheet", "data")
    )


def auction_shown(auction: Auction, work: UnitOfWork, floor: Floor) -> dict[str, Any]:
    """Return what everybody may see of an auction: its terms, and the prices it came to.

    `phase` is None once it is over.  Neither bidders nor bids that lost are in it.
    """
    now = format_time(floor.clock())
    cleared = newest(work.chain.store, f"auction/{auction.id}", "auction.cleared")
    paid = cleared.facts.get("payments", []) if cleared else []
    fields = {name: getattr(auction, name) for name in auction.__dataclass_fields__}
    return fields | {
        "phase": auction.phase(now) if auction.state is AuctionState.OPENED else None,
        "prices": [Money.read(line["amount"]) for line in paid],
    }


def history(subject: str, work: UnitOfWork) -> Iterator[Entry]:
    """Yield a subject's entries, the newest first, each found by the hash the later one names."""
    entry = work.chain.store.last(subject)
    while entry:
        yield entry
        entry = work.chain.store.by_leaf(entry.prev) if entry.prev else None


def name_of(participant: str, work: UnitOfWork) -> str:
    """Return a participant's name; its pseudonym where the register has none."""
    found = work.participants.find(participant)
    return found.name if found and not found.is_erased else participant

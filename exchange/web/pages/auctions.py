"""The page of auctions: their terms to everybody, and what came of each without names."""

from __future__ import annotations

from flask import Blueprint, render_template

from exchange.web.gate import floor
from exchange.web.showing import auction_shown, name_of


def add_to(site: Blueprint) -> None:
    """Add the page to the site."""
    site.get("/auctions", endpoint="auctions")(show_auctions)


def show_auctions() -> str:
    """Show open auctions first, then those that are over, the newest first.

    Neither who bid nor a bid that lost is shown: prices alone, as the mechanism set them.
    """
    with floor().read() as work:
        found = [
            auction_shown(each, work, floor())
            | {
                "name": work.products.get(each.product).name,
                "supplier_name": name_of(each.supplier, work),
            }
            for each in reversed(work.auctions.all())
        ]
    open_ones = [each for each in found if each["phase"]]
    over = [each for each in found if not each["phase"]]
    return render_template("auctions.html", open_ones=open_ones, over=over)

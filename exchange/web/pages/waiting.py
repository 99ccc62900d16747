"""The page of what waits at the gate: whose turn it is, by deadline and risk, without findings."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request

from exchange.ports import UnitOfWork
from exchange.services.read_queue import read_queue
from exchange.services.submit_sheet import sheet_of
from exchange.web.gate import floor

LONGEST: Final = 200  # lines of one page; what grows with the market is on more of them


def show_inbox() -> str:
    """Show what products wait for, the most pressing first, and how much there is in all.

    ``?page=`` names a page; the last one answers for those after it, the first for what is none.
    """
    with floor().read() as work:
        turns = read_queue(work=work, floor=floor())
        pages = max(1, -(-len(turns) // LONGEST))
        page = min(max(1, request.args.get("page", 1, type=int)), pages)
        first = (page - 1) * LONGEST
        shown = turns[first : first + LONGEST]
        english = {each.product: _name_en(each.product, work) for each in shown}
    return render_template(
        "inbox.html",
        turns=shown,
        english=english,
        whole=len(turns),
        first=first + 1,
        page=page,
        pages=pages,
    )


def _name_en(number: str, work: UnitOfWork) -> str:
    """Return the English name on a product's sheet; none before it has one."""
    product = work.products.get(number)
    return sheet_of(product, work).basic.name_en if product.sheet else ""


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.get("/inbox", endpoint="inbox")(show_inbox)

"""The page of what waits at the gate: whose turn it is, by deadline and risk, without findings."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template

from exchange.ports import UnitOfWork
from exchange.services.read_queue import read_queue
from exchange.services.submit_sheet import sheet_of
from exchange.web.gate import floor
from exchange.web.pages.paging import asked_for

LONGEST: Final = 200  # lines of one page; what grows with the market is on more of them


def show_inbox() -> str:
    """Show what products wait for, the most pressing first, and how much there is in all.

    ``?page=`` names a page.
    """
    with floor().read() as work:
        page = asked_for(read_queue(work=work, floor=floor()), LONGEST)
        english = {each.product: _name_en(each.product, work) for each in page.shown}
    return render_template("inbox.html", page=page, english=english)


def _name_en(number: str, work: UnitOfWork) -> str:
    """Return the English name on a product's sheet; none before it has one."""
    product = work.products.get(number)
    return sheet_of(product, work).basic.name_en if product.sheet else ""


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.get("/inbox", endpoint="inbox")(show_inbox)

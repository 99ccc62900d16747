"""The page of what waits at the gate: whose turn it is, by deadline and risk, without findings."""

from __future__ import annotations

from itertools import islice
from typing import Final

from flask import Blueprint, render_template

from exchange.ports import UnitOfWork
from exchange.services.read_queue import read_queue
from exchange.services.submit_sheet import sheet_of
from exchange.web.gate import floor

LONGEST: Final = 200  # lines; a page that grows with the market is no page


def show_inbox() -> str:
    """Show the most pressing of what products wait for, and how much there is in all."""
    with floor().read() as work:
        turns = read_queue(work=work, floor=floor())
        shown = [*islice(turns, LONGEST)]
        english = {each.product: _name_en(each.product, work) for each in shown}
    return render_template("inbox.html", turns=shown, english=english, whole=len(turns))


def _name_en(number: str, work: UnitOfWork) -> str:
    """Return the English name on a product's sheet; none before it has one."""
    product = work.products.get(number)
    return sheet_of(product, work).basic.name_en if product.sheet else ""


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.get("/inbox", endpoint="inbox")(show_inbox)

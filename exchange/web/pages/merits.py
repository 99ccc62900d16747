"""The page of a listed product's quality: every count, the experts beside it, and the drift."""

from __future__ import annotations

from flask import Blueprint, render_template

from exchange.compliance.catalogue.merits import SCORES_APART_MAX
from exchange.errors import NotFound
from exchange.expectations import Aspect
from exchange.listing import ListingState
from exchange.services.compare_quality import compare_quality
from exchange.web.gate import floor
from exchange.web.showing import name_in_english, name_of


def show_quality(number: str) -> str:
    """Show the quality of a product on the board.

    Before, an expert may have yet to score it, and its own score must come first.
    """
    with floor().read() as work:
        product = work.products.get(number).as_of(floor().clock().date())
        if product.listing is not ListingState.LISTED:
            raise NotFound(f"{number} is not on the board: its quality is not shown")
        compared = compare_quality(product, on=floor().clock().date(), work=work)
        name_en = name_in_english(product, work)
        names = {each.expert: name_of(each.expert, work) for each in compared.opinions}
    return render_template(
        "quality.html",
        product=product,
        name_en=name_en,
        compared=compared,
        names=names,
        apart=SCORES_APART_MAX,
        unmeasured=[
            each for each in Aspect if compared.report and compared.report.of(each) is None
        ],
    )


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.get("/products/<number>/quality", endpoint="quality")(show_quality)

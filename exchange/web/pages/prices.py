"""The page of a product's price: from its appraisal through every settled trade to the market."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from flask import Blueprint, Response, abort, render_template

from exchange.services.estimate_price import estimate_of, price_path, whole_path
from exchange.web.gate import floor
from pricing.estimate import Estimate
from pricing.figures import Form, Language, path


def add_to(site: Blueprint, language: Callable[[], str]) -> None:
    """Add the page and its figure to the site."""

    def figure(number: str) -> Response:
        """Draw the path as an SVG; 404 before the first trade that moved the estimate."""
        with floor().read() as work:
            product = work.products.get(number)
            found = estimate_of(product, work)
            moves = price_path(product, work)
        if found is None:
            abort(404)
        whole = whole_path(found[0], moves)
        return Response(_drawn(whole, Language(language())), content_type="image/svg+xml")

    site.get("/products/<number>/price", endpoint="price")(show_price)
    site.get("/products/<number>/price.svg", endpoint="price_figure")(figure)


def show_price(number: str) -> str:
    """Show how a product's price moved, each step with the entry that proves it."""
    with floor().read() as work:
        product = work.products.get(number)
        moves = price_path(product, work)
        found = estimate_of(product, work)
    return render_template(
        "price.html",
        product=product,
        moves=moves[::-1],
        opening=moves[0].opening if moves else None,
        estimate=found[0] if found else None,
    )


# Drawing takes a tenth of a second or more, and the same path is looked at again and again.
@lru_cache(maxsize=64)
def _drawn(estimate: Estimate, language: Language) -> bytes:
    return path.draw(estimate, language=language, form=Form.SVG)

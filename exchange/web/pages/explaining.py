"""The page that says why a product lists, or does not."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template

from exchange.compliance import Outcome
from exchange.services.explain_listing import explain_product
from exchange.services.explain_listing import obstacles as found_beside
from exchange.web.gate import floor
from exchange.web.pages.words import WORDS
from exchange.web.showing import is_judged, name_in_english, name_of

ORDER: Final = (Outcome.FIRED, Outcome.NOT_EVALUATED, Outcome.CLEAR)


def show(number: str) -> str:
    """Show every rule over a product that was judged: a verdict stands on the chain for all.

    Before there is a verdict on the present sheet and data, what the rules find is the business of
    the supplier and of those who judge, who read it through the API or the shell; an expert that
    has yet to score it is told no figure of the system's.
    """
    with floor().read() as work:
        product = work.products.get(number)
        judged = is_judged(product, work)
        explained = explain_product(product, work=work, floor=floor()) if judged else None
        reasons = explained.reasons if explained else ()
        obstacles = (
            explained.obstacles
            if explained
            else tuple(found_beside(product, work=work, floor=floor()))
        )
        behind = [entry for reason in reasons for entry in reason.evidence]
        behind += [each.entry for each in obstacles if each.entry]
        name_en = name_in_english(product, work)
        signers = {entry.actor: name_of(entry.actor, work) for entry in behind}
    return render_template(
        "explain.html",
        product=product,
        name_en=name_en,
        shown=judged,
        known=WORDS,
        passed=explained is not None and explained.passed,
        obstacles=obstacles,
        signers=signers,
        groups=[
            (outcome, [r for r in reasons if r.explained.finding.outcome is outcome])
            for outcome in ORDER
        ],
    )


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.add_url_rule("/products/<number>/explain", "explain", show)

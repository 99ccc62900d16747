"""Pages of uses: demand (供需), products that fit a use, and what a product was approved for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, render_template, request

from exchange.errors import BadField
from exchange.matching import Match, Wish
from exchange.records import read_record
from exchange.services import post_demand
from exchange.services.fit_scenario import fit_products, library_of
from exchange.web.gate import floor
from exchange.web.showing import name_of

SHOWN: Final = 100  # demands on the board


def add_to(site: Blueprint, translate: Callable[[str], str]) -> None:
    """Route the pages; `translate` finds the words of the reader's language."""

    def fit() -> str:
        """Show which listed products fit the use that the form describes."""
        sent = {name: value.strip() for name, value in request.args.items() if value.strip()}
        matches: list[Match] = []
        error = ""
        if "purpose" in sent:
            try:
                wish = _wish(sent)
            except BadField as wrong:
                error = f"{translate('fit.wrong')}: {wrong}"
            else:
                with floor().read() as work:
                    matches = fit_products(wish, work=work, floor=floor())
        return render_template("fit.html", sent=sent, found=matches, error=error)

    site.get("/fit", endpoint="fit")(fit)
    site.get("/demands", endpoint="demands")(show_demands)
    site.get("/demands/<demand>", endpoint="demand")(show_demand)
    site.get("/products/<number>/uses", endpoint="uses")(show_uses)


def _wish(sent: dict[str, str]) -> Wish:
    told: dict[str, Any] = {"region": "CN", "term_days": "365"}
    told |= {name: sent[name] for name in ("purpose", "region", "sector") if name in sent}
    days = sent.get("term_days", "365")
    if not (days.isascii() and days.isdigit()):
        raise BadField("term_days", "a whole number of days")
    told["term_days"] = int(days)
    if "words" in sent:
        told["words"] = [sent["words"]]
    if "budget" in sent:
        told["budget"] = f"{sent['budget']} CNY"
    for name in ("onward_transfer", "public_release"):
        told[name] = name in sent
    return read_record(Wish, told)


def show_demands() -> str:
    """Show what buyers look for, the newest first."""
    with floor().read() as work:
        found = post_demand.running_demands(work, floor())
        shown = [
            (
                each,
                post_demand.posting_of(each, work),
                name_of(each.buyer, work),
                len(post_demand.answers_to(each, work)),
            )
            for each in found[:SHOWN]
        ]
    return render_template("demands.html", shown=shown, count=len(found))


def show_demand(demand: str) -> str:
    """Show one demand, its answers, and the listed products that come nearest."""
    with floor().read() as work:
        found = work.demands.get(demand)
        answers = post_demand.answers_to(found, work)
        shown: dict[str, Any] = {
            "demand": found,
            "open": found in post_demand.running_demands(work, floor()),
            "posting": post_demand.posting_of(found, work),
            "buyer": name_of(found.buyer, work),
            "answers": [(each, name_of(each.supplier, work)) for each in answers],
            "found": post_demand.supply_for(found, work=work, floor=floor()),
        }
    return render_template("demand.html", **shown)


def show_uses(number: str) -> str:
    """Show what a product was approved for, without naming anybody, and whom it would serve."""
    with floor().read() as work:
        product = work.products.get(number)
        library = library_of(product, work)
        met = post_demand.demands_met(product, work=work, floor=floor())
    return render_template("uses.html", product=product, library=library, met=met)

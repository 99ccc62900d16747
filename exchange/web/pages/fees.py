"""The page of fees: what the exchange keeps of a price, from when, and the tax on that."""

from __future__ import annotations

from flask import Blueprint, render_template

from exchange.clearing.fees import MODES, percent
from exchange.services.publish_fees import fees_in_force, published_fees
from exchange.web.gate import floor
from ledger.acts import format_time


def show_fees() -> str:
    """Show every schedule, the one that begins last first, and which one is in force."""
    with floor().read() as work:
        found = published_fees(work, floor())
        in_force = fees_in_force(work, floor())
    return render_template(
        "fees.html",
        schedules=found,
        in_force=in_force.digest if in_force else "",
        house=percent(floor().house.fee_ppm),
        now=format_time(floor().clock()),
        percent=percent,
        modes=MODES,
    )


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.get("/fees", endpoint="fees")(show_fees)

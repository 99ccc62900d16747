"""The page of settlement cycles: totals for everybody, and no party."""

from __future__ import annotations

from flask import Blueprint, render_template

from exchange.services.keep_guarantee import fund
from exchange.services.report_deals import deals_told
from exchange.web.gate import floor

SHOWN = 60  # of the newest cycles


def show_cycles() -> str:
    """Show the newest cycles, what the guarantee fund holds, and the deals that were filed."""
    with floor().read() as work:
        found = work.cycles.all()
        held = fund(work)
        told = deals_told(work)
    return render_template("cycles.html", cycles=found[-SHOWN:][::-1], fund=held, told=told)


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.get("/cycles", endpoint="cycles")(show_cycles)

"""Listings of elsewhere, and what a strict gate would say of them."""

from __future__ import annotations

from typing import Any

from exchange.compliance.screening import Screening, overview
from exchange.services.screen_drafts import screen_draft, screen_drafts
from exchange.web.api.noun import Noun
from exchange.web.api.replies import OverviewShape, ScreeningShape
from exchange.web.gate import floor

drafts = Noun("drafts", path="/drafts")


@drafts.read("")
@drafts.gives(OverviewShape(many=True))
def show() -> list[Any]:
    """Count what a strict gate would say: of all listings of elsewhere, then by source."""
    found = screen_drafts(floor=floor())
    return [overview(found, name) for name in ("", *sorted({each.source for each in found}))]


@drafts.read("/<draft>")
@drafts.gives(ScreeningShape())
def get(draft: str) -> Screening:
    """Return what every rule says of the one draft whose id begins so."""
    return screen_draft(draft, floor=floor())

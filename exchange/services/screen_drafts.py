"""Drafts: listings of elsewhere are kept, and looked at as a strict gate would look at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exchange.compliance.screening import Screening, screen
from exchange.errors import NotFound
from exchange.ports import Floor


def keep_drafts(drafts: Sequence[Mapping[str, Any]], *, floor: Floor) -> int:
    """Keep drafts; return how many were not there before.  Nothing is registered by it."""
    with floor.write() as work:
        return work.drafts.add(drafts)


def screen_drafts(*, floor: Floor, source: str = "") -> list[Screening]:
    """Screen every draft, or those of one source, under the rules in force today."""
    today = floor.clock().date()
    with floor.read() as work:
        drafts = [each for each in work.drafts.all() if source in {"", each["source"]}]
    return [screen(draft, floor.pack, today) for draft in drafts]


def screen_draft(draft: str, *, floor: Floor) -> Screening:
    """Screen the one draft whose id begins so; `NotFound` for none, and for several."""
    with floor.read() as work:
        found = work.drafts.find(draft)
    if len(found) != 1:
        several = "several drafts begin so" if found else "no draft begins so"
        raise NotFound(f"draft {draft}: {several}")
    return screen(found[0], floor.pack, floor.clock().date())

"""What the site shows of listings of elsewhere: what a strict gate would say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, render_template, request

from exchange.compliance import Outcome
from exchange.compliance.screening import Overview, Screening, Standing, overview
from exchange.services.screen_drafts import screen_draft, screen_drafts
from exchange.web.gate import floor

SHOWN: Final = 100  # drafts on one page
OUTCOMES: Final = (Outcome.FIRED, Outcome.CLEAR, Outcome.NOT_EVALUATED)


def show_drafts() -> str:
    """Show all drafts before the gate: counts, and those that a filter leaves."""
    found = screen_drafts(floor=floor())
    sources = sorted({each.source for each in found})
    wanted = {
        "source": _wanted("source", sources),
        "standing": _wanted("standing", list(Standing)),
        "claim": _wanted("claim", sorted({c for each in found for c in each.claims})),
    }
    left = [each for each in found if _fits(each, wanted)]
    left.sort(key=lambda each: (list(Standing).index(each.standing), -len(each.claims)))
    whole = overview(found)
    return render_template(
        "drafts.html",
        whole=whole,
        each=[overview(found, name) for name in sources],
        rules=_rules(whole),
        wanted=wanted,
        drafts=left[:SHOWN],
        count=len(left),
        standings=list(Standing),
    )


def show_draft(draft: str) -> str:
    """Show one draft, rule by rule."""
    found = screen_draft(draft, floor=floor())
    rules = {rule.id: rule for rule in floor().pack.rules}
    jurisdiction = floor().pack.jurisdiction
    return render_template(
        "draft.html",
        draft=found,
        statements={name: rule.statement for name, rule in rules.items()},
        bases={name: rule.basis[jurisdiction] for name, rule in rules.items()},
        said=[(outcome, found.said(outcome)) for outcome in OUTCOMES],
    )


def _wanted(name: str, known: Sequence[str]) -> str:
    asked = request.args.get(name, "")
    return asked if asked in known else ""


def _fits(each: Screening, wanted: dict[str, str]) -> bool:
    return (
        wanted["source"] in {"", each.source}
        and wanted["standing"] in {"", each.standing}
        and (not wanted["claim"] or wanted["claim"] in each.claims)
    )


def _rules(whole: Overview) -> list[dict[str, Any]]:
    """Return for each rule how many listings got each answer, as they stand in the figure."""
    counts = {
        Outcome.FIRED: whole.fired,
        Outcome.CLEAR: whole.clear,
        Outcome.NOT_EVALUATED: whole.unasked,
    }
    names = sorted({name for each in counts.values() for name in each})
    return [
        {"rule": name, "counts": [(str(o), counts[o].get(name, 0)) for o in OUTCOMES]}
        for name in names
    ]


def add_to(site: Blueprint) -> None:
    """Route the pages."""
    site.add_url_rule("/drafts", "drafts", show_drafts)
    site.add_url_rule("/drafts/<draft>", "draft", show_draft)

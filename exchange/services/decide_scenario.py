"""Deciding on a scenario: the trade rules first, and an assessor where much is at stake.

What a rule refuses is refused at once.  What no rule refuses is approved by rule alone, unless
there is a ground for an assessor to look at it (docs/scenarios.md): then it waits.  Whatever an
assessor decides, the rules are asked again, since sheet and listing may have changed meanwhile.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from exchange.compliance import Review, TradeCase, review_trade
from exchange.compliance.archive import keep
from exchange.compliance.catalogue.personal import holds_persons
from exchange.errors import Broken, NoScenario
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_record, to_record
from exchange.registration import Product
from exchange.scenarios import Decision, Ground, Limits, Scenario, ScenarioState
from exchange.services.acting import record_for_house
from exchange.services.build_case import trade_case
from exchange.services.list_product import putting
from ledger.acts import format_time
from ledger.canonical import decode, encode
from ledger.entries import Entry
from ledger.scenarios import grounds

# Where the review that decided on a scenario, or referred it, stands recorded.
DECIDED: Final = ("scenario.approved", "scenario.refused", "scenario.referred")


def decide_by_rule(
    filed: Scenario,
    entry: Entry,
    product: Product,
    buyer: Participant,
    *,
    work: UnitOfWork,
    floor: Floor,
) -> tuple[Scenario, Review]:
    """Refuse, approve or refer a scenario just filed by `entry`; the caller stores it."""
    review, case = _reviewed(filed, product, buyer, work=work, floor=floor)
    if not review.passed:
        return _refuse(filed, review, work=work, floor=floor), review
    found = _grounds(entry, case, work)
    if not found:
        return _approve(filed, review, None, work=work, floor=floor), review
    facts = _decision(filed, review, work) | {"grounds": [str(each) for each in found]}
    record = record_for_house(
        "scenario.referred", f"scenario/{filed.id}", facts, work=work, floor=floor
    )
    return replace(filed, grounds=found, head=record.leaf.hex()), review


def decide_as_reviewed(
    filed: Scenario,
    decision: Decision,
    limits: Limits | None,
    product: Product,
    buyer: Participant,
    *,
    work: UnitOfWork,
    floor: Floor,
) -> tuple[Scenario, Review]:
    """Follow an assessor's decision, unless a rule refuses by now; the caller stores the result."""
    narrowed = filed.within(limits)
    review, _ = _reviewed(narrowed, product, buyer, work=work, floor=floor)
    if decision is Decision.REFUSED or not review.passed:
        return _refuse(filed, review, work=work, floor=floor), review
    return _approve(narrowed, review, limits, work=work, floor=floor), review


def _reviewed(
    scenario: Scenario, product: Product, buyer: Participant, *, work: UnitOfWork, floor: Floor
) -> tuple[Review, TradeCase]:
    case = trade_case(scenario, product, buyer, work=work, floor=floor)
    review = review_trade(case, floor.pack)
    kept = keep(case, sheet=product.sheet or "", profile=product.profile, put=putting(work))
    return replace(review, case=kept), case


def _grounds(entry: Entry, case: TradeCase, work: UnitOfWork) -> tuple[Ground, ...]:
    found = {Ground(each) for each in grounds(work.chain.store, entry)}
    if holds_persons(case):
        found.add(Ground.PERSONS)
    return tuple(each for each in Ground if each in found)


def _decision(filed: Scenario, review: Review, work: UnitOfWork) -> dict[str, Any]:
    return {
        "product": filed.product,
        "pack": review.pack_digest,
        "review": work.records.put(encode(to_record(review)), public=True),
    }


def _refuse(filed: Scenario, review: Review, *, work: UnitOfWork, floor: Floor) -> Scenario:
    fired = {"fired": [finding.rule for finding in review.blocking]}
    facts = _decision(filed, review, work) | fired
    entry = record_for_house(
        "scenario.refused", f"scenario/{filed.id}", facts, work=work, floor=floor
    )
    return filed.moved(ScenarioState.REFUSED, entry, on=floor.clock().date())


def _approve(
    filed: Scenario, review: Review, limits: Limits | None, *, work: UnitOfWork, floor: Floor
) -> Scenario:
    today = floor.clock().date()
    last = dt.datetime.combine(today + dt.timedelta(days=filed.term_days), dt.time.max, dt.UTC)
    until = format_time(last)  # the last day counts whole, here as in `Scenario.runs`
    facts = _decision(filed, review, work) | {"until": until} | (limits.facts if limits else {})
    entry = record_for_house(
        "scenario.approved", f"scenario/{filed.id}", facts, work=work, floor=floor
    )
    state = ScenarioState.LIMITED if limits else ScenarioState.APPROVED
    return filed.moved(state, entry, on=today)


def recorded_review(scenario: Scenario, work: UnitOfWork) -> Review:
    """Return the review by rule that decided on a scenario or referred it, from its record."""
    for kind in DECIDED:
        for entry in work.chain.store.of_kind(f"scenario/{scenario.id}", kind):
            return read_record(Review, decode(work.records.get(entry.facts["review"])))
    raise Broken(f"scenario {scenario.id} was filed and never decided on")


def require_unrefused(scenario: Scenario, review: Review) -> Review:
    """Return the review, or raise `NoScenario` for a scenario that was refused."""
    if scenario.state is ScenarioState.REFUSED:
        raise refusal(scenario, review)
    return review


def refusal(scenario: Scenario, review: Review) -> NoScenario:
    """Return the error that says which rules refuse a scenario, or that an assessor does."""
    rules = tuple(finding.rule for finding in review.blocking)
    words = "; ".join(f"{finding.rule}: {finding.message}" for finding in review.blocking)
    words = words or "an assessor has looked at it, and its reasons are on file"
    return NoScenario(f"scenario {scenario.id} is refused: {words}", rules=rules)

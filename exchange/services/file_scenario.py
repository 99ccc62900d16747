"""Scenarios: no scenario, no trade (无场景不交易)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from annotated_types import Gt, Le, Len
from pydantic import ConfigDict

from exchange.compliance import Review, review_delivery, review_trade
from exchange.compliance.archive import keep
from exchange.errors import BadField, Broken, DataDiffer, Forbidden, NoScenario
from exchange.openings import Opening
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.records import STRICT, read_record, read_stored, to_record
from exchange.registration import Product
from exchange.scenarios import TERM_DAYS_MAX, Scenario, ScenarioState
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.build_case import trade_case
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import putting, require_listed
from exchange.specsheet import Name, Text
from ledger.acts import SignedAct, format_time, opened_subject
from ledger.canonical import encode


@dataclass(frozen=True, slots=True)
class Filing:
    """What a buyer files: the record that its act commits to."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    product: Name
    purpose: Name
    region: Name
    term_days: Annotated[int, Gt(0), Le(TERM_DAYS_MAX)]
    recipients: Annotated[tuple[Name, ...], Len(0, 50)]
    description: Text
    onward_transfer: bool = False
    public_release: bool = False


@records_lapse
def file_scenario(
    signed: SignedAct, openings: Sequence[Opening], *, floor: Floor
) -> tuple[Scenario, Review]:
    """File a scenario and have the trade rules decide on it at once.

    Raises `NoScenario` with the ids of the rules that refuse it; filing and refusal are then
    on the chain.  Raises `NotCompliant` for a product that is not on the board.  `openings` hold
    the `Filing`.
    """
    filing = _filing(opened(signed, "scenario.filed", openings)["scenario"])
    identity = opened_subject("scenario", signed.act).partition("/")[2]
    with floor.write() as work:
        buyer = admit_act(signed, "scenario.filed", Role.BUYER, work=work, floor=floor)
        product = work.products.get(filing.product)
        if unchanged(work.chain.recorded(signed), signed):
            scenario = work.scenarios.get(identity)
            return scenario, _require(scenario, _recorded_review(scenario, work))
        require_listed(product, floor=floor)
        if buyer.same_organisation(work.participants.get(product.supplier)):
            raise Forbidden(f"{buyer.handle} cannot buy a product of its own organisation")
        _signed_over(signed, filing)
        entry = record(signed, openings, work=work, floor=floor)
        filed = Scenario(
            id=identity,
            buyer=buyer.id,
            product=product.number,
            purpose=filing.purpose,
            region=filing.region,
            term_days=filing.term_days,
            recipients=filing.recipients,
            onward_transfer=filing.onward_transfer,
            public_release=filing.public_release,
            description=fact(signed, "scenario"),
            state=ScenarioState.FILED,
            head=entry.leaf.hex(),
        )
        case = trade_case(filed, product, buyer, work=work, floor=floor)
        review = review_trade(case, floor.pack)
        kept = keep(case, sheet=product.sheet or "", profile=product.profile, put=putting(work))
        review = replace(review, case=kept)
        scenario = _decide(filed, review, work=work, floor=floor)
        work.scenarios.put(scenario)
    return scenario, _require(scenario, review)


def review_scenario(
    scenario: Scenario, product: Product, buyer: Participant, *, work: UnitOfWork, floor: Floor
) -> Review:
    """Ask the trade rules about a scenario; changes nothing."""
    case = trade_case(scenario, product, buyer, work=work, floor=floor)
    return review_trade(case, floor.pack)


def _filing(value: Any) -> Filing:  # noqa: ANN401 - as opened
    where = "openings.scenario.value"
    if not isinstance(value, Mapping):
        raise BadField(where, "an object")
    filing = read_record(Filing, value, within=where)
    if to_record(filing) != value:
        raise BadField(where, "every field, written as it is read")
    return filing


def _signed_over(signed: SignedAct, filing: Filing) -> None:
    expected = {
        "product": filing.product,
        "purpose": filing.purpose,
        "region": filing.region,
        "term_days": filing.term_days,
    }
    for name, value in expected.items():
        if signed.act.facts.get(name) != value:
            raise DataDiffer(f"act.facts.{name}: not that of the scenario filed")


def _decide(filed: Scenario, review: Review, *, work: UnitOfWork, floor: Floor) -> Scenario:
    today = floor.clock().date()
    decision = {
        "product": filed.product,
        "pack": review.pack_digest,
        "review": work.records.put(encode(to_record(review)), public=True),
    }
    subject = f"scenario/{filed.id}"
    if not review.passed:
        fired = {"fired": [finding.rule for finding in review.blocking]}
        entry = record_for_house(
            "scenario.refused", subject, decision | fired, work=work, floor=floor
        )
        return filed.moved(ScenarioState.REFUSED, entry, on=today)
    last = dt.datetime.combine(today + dt.timedelta(days=filed.term_days), dt.time.max, dt.UTC)
    until = format_time(last)  # the last day counts whole, here as in `Scenario.runs`
    entry = record_for_house(
        "scenario.approved", subject, decision | {"until": until}, work=work, floor=floor
    )
    return filed.moved(ScenarioState.APPROVED, entry, on=today)


def _recorded_review(scenario: Scenario, work: UnitOfWork) -> Review:
    """Return the review that decided on a scenario, from its record."""
    for kind in ("scenario.approved", "scenario.refused"):
        for entry in work.chain.store.of_kind(f"scenario/{scenario.id}", kind):
            return read_stored(Review, work.records.get(entry.facts["review"]))
    raise Broken(f"scenario {scenario.id} was filed and never decided on")


def _require(scenario: Scenario, review: Review) -> Review:
    if scenario.state is ScenarioState.REFUSED:
        raise _refusal(scenario, review)
    return review


def _refusal(scenario: Scenario, review: Review) -> NoScenario:
    words = "; ".join(f"{finding.rule}: {finding.message}" for finding in review.blocking)
    rules = tuple(finding.rule for finding in review.blocking)
    return NoScenario(f"scenario {scenario.id} is refused: {words}", rules=rules)


def withdraw_scenario(signed: SignedAct, *, floor: Floor) -> Scenario:
    """Withdraw a scenario by its buyer; no order can lean on it from then on."""
    with floor.write() as work:
        buyer = admit_act(signed, "scenario.withdrawn", Role.BUYER, work=work, floor=floor)
        scenario = work.scenarios.get(subject_id(signed, "scenario"))
        if unchanged(work.chain.recorded(signed), signed):
            return scenario
        if scenario.buyer != buyer.id:
            raise Forbidden(f"scenario {scenario.id} is not one of {buyer.handle}")
        if not fact(signed, "reason"):
            raise BadField("act.facts.reason", "a reason is wanted")
        today = floor.clock().date()
        entry = record(signed, work=work, floor=floor)
        withdrawn = scenario.moved(ScenarioState.WITHDRAWN, entry, on=today)
        work.scenarios.put(withdrawn)
        return withdrawn


def require_permitted(
    scenario: Scenario, product: Product, buyer: Participant, *, work: UnitOfWork, floor: Floor
) -> None:
    """Raise `NoScenario` unless the scenario runs and today's trade rules still allow it.

    A sheet may have changed since the scenario was approved, so the rules are asked again.
    """
    require_running(scenario, product.number, buyer.id, floor=floor)
    review = review_scenario(scenario, product, buyer, work=work, floor=floor)
    if not review.passed:
        raise _refusal(scenario, review)


def require_deliverable(
    scenario: Scenario,
    product: Product,
    buyer: Participant,
    due: str,
    *,
    work: UnitOfWork,
    floor: Floor,
) -> None:
    """Raise `NoScenario` unless today's rules allow to deliver the data `due` to its buyer."""
    case = replace(trade_case(scenario, product, buyer, work=work, floor=floor), due=due)
    if case.judged != due and passed_last(product, due, work):
        case = replace(case, judged=due)  # a version bought before a change that passed as well
    review = review_delivery(case, floor.pack)
    if not review.passed:
        raise _refusal(scenario, review)


def passed_last(product: Product, data: str, work: UnitOfWork) -> bool:
    """Whether the last word on this data was for it: of the gate, and of whoever spoke since.

    The product may have changed and been judged again; what was refused of a version stays so.
    """
    store, subject = work.chain.store, f"product/{product.number}"
    verdicts = store.of_kind(subject, "compliance.verdict")
    last = next((verdict for verdict in verdicts if verdict.facts["data"] == data), None)
    if last is None or last.facts["outcome"] != "passed":
        return False
    against = {
        "compliance.attested": ("outcome", "passed"),
        "listing.vetted": ("decision", "approved"),
    }
    return not any(
        word.version > last.version and word.facts["data"] == data and word.facts[name] != wanted
        for kind, (name, wanted) in against.items()
        for word in store.of_kind(subject, kind)
    )


def require_running(scenario: Scenario, product: str, buyer: str, *, floor: Floor) -> None:
    """Raise `NoScenario` unless the scenario is this buyer's, for this product, and runs today."""
    if scenario.buyer != buyer or scenario.product != product:
        raise NoScenario(f"scenario {scenario.id} is not one of this buyer for {product}")
    if not scenario.runs(floor.clock().date()):
        until = f" until {scenario.expires_on}" if scenario.expires_on else ""
        raise NoScenario(f"scenario {scenario.id} is {scenario.state}{until}", rules=("T-01",))

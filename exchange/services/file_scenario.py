"""Scenarios: no scenario, no trade (无场景不交易)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from annotated_types import Gt, Le, Len
from pydantic import ConfigDict, Field

from exchange.compliance import Review, review_delivery, review_trade
from exchange.errors import BadField, DataDiffer, Forbidden, NoScenario
from exchange.legible import require_legible
from exchange.openings import Opening
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.records import STRICT, read_record, to_record
from exchange.registration import Product
from exchange.scenarios import TERM_DAYS_MAX, Scenario, ScenarioState
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    unchanged,
)
from exchange.services.build_case import trade_case
from exchange.services.decide_scenario import (
    decide_by_rule,
    recorded_review,
    refusal,
    require_unrefused,
)
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.post_demand import demand_behind
from exchange.specsheet import Name, Text
from ledger.acts import SignedAct, opened_subject

# What says nothing is left out, so that a filing made before there was such a field still reads.
_LATER = Field(exclude_if=lambda value: value == "")


@dataclass(frozen=True, slots=True)
class Filing:
    """What a buyer files: the record that its act commits to.

    `sector` is the trade in which the data will be used, `legal_basis` what allows the buyer to,
    `security` how it keeps the data safe, `benefit` what it expects of the use.
    `like` is the scenario of the product's library that the filing began from, `answer` the
    answer to a demand of the buyer's own.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    product: Name
    purpose: Name
    region: Name
    term_days: Annotated[int, Gt(0), Le(TERM_DAYS_MAX)]
    recipients: Annotated[tuple[Name, ...], Len(0, 50)]
    description: Text
    onward_transfer: bool = False
    public_release: bool = False
    sector: Annotated[str, _LATER] = ""
    legal_basis: Annotated[str, _LATER] = ""
    security: Annotated[str, _LATER] = ""
    benefit: Annotated[str, _LATER] = ""
    like: Annotated[str, _LATER] = ""
    answer: Annotated[str, _LATER] = ""

    def filed(self, identity: str, buyer: str, commitment: str, head: str) -> Scenario:
        """Return the scenario that is filed so, by the entry `head` that commits to it."""
        return Scenario(
            id=identity,
            buyer=buyer,
            product=self.product,
            purpose=self.purpose,
            region=self.region,
            term_days=self.term_days,
            recipients=self.recipients,
            onward_transfer=self.onward_transfer,
            public_release=self.public_release,
            description=commitment,
            state=ScenarioState.FILED,
            head=head,
            sector=self.sector,
        )


@records_lapse
def file_scenario(
    signed: SignedAct, openings: Sequence[Opening], *, floor: Floor
) -> tuple[Scenario, Review]:
    """File a scenario and have the trade rules decide on it at once, or refer it to an assessor.

    A scenario that an assessor has to look at stays filed, with the `grounds` for it.  Raises
    `NoScenario` with the ids of the rules that refuse it; filing and refusal are then on the
    chain.  Raises `NotCompliant` for a product that is not on the board, `DataDiffer` where the
    act says another thing of the use than the `Filing`, which `openings` hold.
    """
    filing = _filing(opened(signed, "scenario.filed", openings)["scenario"])
    identity = opened_subject("scenario", signed.act).partition("/")[2]
    with floor.write() as work:
        buyer = admit_act(signed, "scenario.filed", Role.BUYER, work=work, floor=floor)
        product = work.products.get(filing.product)
        if unchanged(work.chain.recorded(signed), signed):
            scenario = work.scenarios.get(identity)
            return scenario, require_unrefused(scenario, recorded_review(scenario, work))
        require_listed(product, work=work, floor=floor)
        if buyer.same_organisation(work.participants.get(product.supplier)):
            raise Forbidden(f"{buyer.handle} cannot buy a product of its own organisation")
        _signed_over(signed, filing)
        _begun_rightly(filing, buyer, work)
        entry = record(signed, openings, work=work, floor=floor)
        filed = filing.filed(identity, buyer.id, fact(signed, "scenario"), entry.leaf.hex())
        scenario, review = decide_by_rule(filed, entry, product, buyer, work=work, floor=floor)
        work.scenarios.put(scenario)
    # Outside the unit of work: a refusal is recorded, and then told.
    return scenario, require_unrefused(scenario, review)


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
    require_legible(value, where)
    return filing


def _begun_rightly(filing: Filing, buyer: Participant, work: UnitOfWork) -> None:
    where = "openings.scenario.value"
    if filing.like:
        example = work.scenarios.get(filing.like)
        if example.product != filing.product or example.approved_on is None:
            raise BadField(f"{where}.like", f"no use that {filing.product} was approved for")
    if filing.answer:
        _, answer = demand_behind(filing.answer, buyer=buyer.id, work=work)
        if answer.product != filing.product:
            raise BadField(f"{where}.answer", f"it answers with {answer.product or 'a promise'}")


def filing_facts(filing: Filing) -> dict[str, Any]:
    """Return what a buyer says of its filing for everybody to read."""
    facts: dict[str, Any] = {
        "product": filing.product,
        "purpose": filing.purpose,
        "region": filing.region,
        "term_days": filing.term_days,
        "recipients": len(filing.recipients),
        "onward_transfer": filing.onward_transfer,
        "public_release": filing.public_release,
    }
    said = {name: getattr(filing, name) for name in ("sector", "like", "answer")}
    return facts | {name: value for name, value in said.items() if value}


def _signed_over(signed: SignedAct, filing: Filing) -> None:
    expected = filing_facts(filing)
    for name in (*expected, "sector", "like", "answer"):
        if signed.act.facts.get(name) != expected.get(name):
            raise DataDiffer(f"act.facts.{name}: not that of the scenario filed")


def require_permitted(
    scenario: Scenario, product: Product, buyer: Participant, *, work: UnitOfWork, floor: Floor
) -> None:
    """Raise `NoScenario` unless the scenario runs and today's trade rules still allow it.

    A sheet may have changed since the scenario was approved, so the rules are asked again.
    """
    require_running(scenario, product.number, buyer.id, floor=floor)
    review = review_scenario(scenario, product, buyer, work=work, floor=floor)
    if not review.passed:
        raise refusal(scenario, review)


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
        raise refusal(scenario, review)


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
        raise NoScenario(f"scenario {scenario.told}", rules=("T-01",))

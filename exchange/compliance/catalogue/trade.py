"""Chapter T: no scenario, no trade; delivery that fits the grade; an assessment that holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache

from exchange.compliance.case import ListingCase, TradeCase
from exchange.compliance.catalogue.intake import NOT_INSPECTED, UNANSWERED
from exchange.compliance.catalogue.personal import declares_persons
from exchange.compliance.catalogue.sources import IN_DOMAIN
from exchange.compliance.evidence import Opinion
from exchange.compliance.rule import Answer, Method, Rule, Severity, Stage, clear, fired, unknown
from exchange.grading import Grade, at_least
from exchange.policy.evaluator import evaluate
from exchange.policy.intersection import conditions_alone, requests_of
from exchange.policy.report import Reason
from exchange.policy.request import State
from exchange.scenarios import Scenario, ScenarioState
from exchange.specsheet import Conditions

_LISTED = "listed"


def scenario_named(case: TradeCase) -> Answer:
    """T-01: the order names this buyer's own scenario, whole and within its dates.

    A scenario only filed is judged by its words: this review is what approves it.  Nothing
    can be ordered under it before (`Scenario.runs`).
    """
    scenario = case.scenario
    if scenario is None:
        return fired("the order names no scenario", "scenario")
    if case.buyer is None:
        return unknown("the buyer is not known")
    if scenario.buyer != case.buyer.id:
        return fired("the scenario is another buyer's", "scenario.buyer")
    if scenario.state is not ScenarioState.FILED and not scenario.runs(case.on):
        return fired("the scenario does not run on the day of the case", "scenario.state")
    stated = {
        "purpose": scenario.purpose,
        "region": scenario.region,
        "recipients": scenario.recipients,
    }
    missing = [name for name, value in stated.items() if not value]
    if missing:
        return fired(f"the scenario does not state {', '.join(missing)}", "scenario")
    return clear()


def scenario_allowed(case: TradeCase) -> Answer:
    """T-02: the product is on the board; its conditions and its ancestors' cover the scenario."""
    if case.scenario is None:
        return unknown("the order names no scenario")
    if not case.listing_state:
        return unknown("whether the product is listed is not known")
    if case.listing_state != _LISTED:
        return fired("the product is not on the board", "listing")
    # Its recipients are named here only by how many they are, and the conditions name none.
    # The conditions speak of the region asked; that a limit is a part of it an assessor has said.
    ancestors = tuple((each.number, each.conditions) for each in case.ancestors)
    asked = replace(case.scenario, limits=None)
    reasons = _outside(case.sheet.conditions, ancestors, asked, case.on)
    if not reasons:
        return clear()
    inherited = all(each.part.startswith("parents.") for each in reasons)
    said = "; ".join(dict.fromkeys(map(str, reasons)))
    return fired(said, "ancestors" if inherited else "sheet.conditions")


@lru_cache(maxsize=256)  # order and contract ask for the same use on the same day
def _outside(
    conditions: Conditions,
    ancestors: tuple[tuple[str, Conditions], ...],
    scenario: Scenario,
    on: dt.date,
) -> tuple[Reason, ...]:
    """Return how a scenario is outside the conditions of a sheet and its ancestors'."""
    asked = requests_of(scenario, scenario.product)
    policy = conditions_alone(conditions, scenario.product, scenario.buyer, ancestors)
    state = State(at=dt.datetime.combine(on, dt.time.min, dt.UTC))
    return tuple(reason for each in asked for reason in evaluate(policy, each, state).reasons)


def contract_complete(case: TradeCase) -> Answer:
    """T-03: purpose and scope; for persons and important data also what binds the buyer.

    The contract freezes the sheet's words with the scenario's, so the sheet is where duties of
    security and supervision are read; an assessor has read them.
    """
    scenario = case.scenario
    if scenario is None:
        return unknown("the order names no scenario")
    if not (scenario.purpose and scenario.region and scenario.term_days):
        return fired("purpose or scope is not stated", "scenario")
    bound = declares_persons(case.sheet) or at_least(case.sheet.grade, Grade.IMPORTANT)
    if not bound:
        return clear()
    duties = case.sheet.duties
    if duties is None or not (duties.security_terms and duties.supervision):
        return fired("neither duties of security nor supervision are agreed", "sheet.duties")
    return case.signed("T-03", UNANSWERED)


def delivery_fits(case: TradeCase) -> Answer:
    """T-04: persons and level 4 stay in the domain, important data also needs its approval."""
    if not case.ways:
        return unknown("no way of delivery is named")
    sheet, ways = case.sheet, set(case.ways)
    if not ways <= set(sheet.delivery.ways):
        return fired("a way of delivery that the sheet does not offer", "sheet.delivery.ways")
    if sheet.grade is Grade.CORE:
        return fired("core data is not delivered", "sheet.grade")
    confined = declares_persons(sheet) or at_least(sheet.grade, Grade.GENERAL_4)
    if confined and not ways <= IN_DOMAIN:
        return fired(f"allowed are {', '.join(sorted(IN_DOMAIN))}", "sheet.delivery.ways")
    important = at_least(sheet.grade, Grade.IMPORTANT)
    if important and not case.proved("delivery-approval"):
        return fired("important data without delivery-approval", "sheet.approvals")
    return clear()


def assessed(case: ListingCase) -> Answer:
    """T-05: an independent assessor passed this sheet and data under these rules, none refused."""
    if case.profile is None:
        return NOT_INSPECTED
    if case.supplier is None:
        return unknown("the supplier is not known, so no assessor is known to be independent")
    for attestation in case.in_force:
        if attestation.outcome == Opinion.REFUSED:
            where = f"chain version {attestation.version}"
            return fired("an assessor refused the product", where, unlock=case.way_back())
    if case.in_force:
        return clear(evidence=f"chain version {case.in_force[0].version}")
    reasons = [f"chain version {act.version}: {case.void(act)}" for act in case.attestations]
    return fired("no attestation holds" + "".join(f"; {reason}" for reason in reasons))


def data_unchanged(case: TradeCase) -> Answer:
    """T-06: what is delivered is what the standing verdict spoke of; other data is judged first."""
    if case.judged is None or case.due is None:
        return unknown("which data was judged, or is due, is not known")
    if case.judged != case.due:
        return fired("the data has changed since it was judged", "compliance.verdict")
    return clear()


RULES = (
    Rule(
        id="T-01",
        statement="Order names a scenario from the vocabulary: purpose, user, "
        "place, term, recipient",
        basis={
            "CN": "CAICT 2022 white paper, box 9: 无场景不交易; PIPL 6, 23; NDSMR 12",
            "EU": "GDPR 5(1)(b); ODRL",
        },
        severity=Severity.BLOCK,
        check=scenario_named,
        evidence="scenario object",
        unlock="a scenario of the buyer, filed in full or running",
        stage=Stage.TRADE,
    ),
    Rule(
        id="T-02",
        statement="Scenario within product's allowed uses and level (ODRL constraint evaluation)",
        basis={"CN": "Shanghai Data Regs 45; NDSMR 12", "EU": "DGA 12(a)"},
        severity=Severity.BLOCK,
        check=scenario_allowed,
        evidence="policy evaluation trace",
        unlock="a scenario within the conditions of a listed product",
        stage=Stage.TRADE,
    ),
    Rule(
        id="T-03",
        statement="Contract states purpose, mode, scope, security duties, supervision",
        basis={"CN": "NDSMR 12; PIPL 21, 23", "EU": "GDPR 28(3)"},
        severity=Severity.BLOCK,
        check=contract_complete,
        evidence="contract hash",
        unlock="security terms and supervision in the duties section, and an "
        "attestation that names the rule",
        stage=Stage.TRADE,
        method=Method.BOTH,
    ),
    Rule(
        id="T-04",
        statement="Delivery mode fits level (general: file/API; PI or level 4: "
        "sandbox/query only; important: approved only)",
        basis={"CN": "数据二十条 原始数据不出域; GB/T 37932", "EU": "GDPR 25, 32"},
        severity=Severity.BLOCK,
        check=delivery_fits,
        evidence="mode matrix",
        unlock="a way of delivery that fits; for important data a verified document of "
        "delivery-approval",
        stage=Stage.TRADE,
    ),
    Rule(
        id="T-05",
        statement="Assessment valid: assessor independent of supplier, report <= "
        "12 months, covers this data hash",
        basis={
            "CN": "SDE double vetting (law firm + exchange); GB/T 37932-2025",
            "EU": "GDPR 42, 43",
        },
        severity=Severity.BLOCK,
        check=assessed,
        evidence="assessor id, date, hash",
        unlock="a passed attestation by an admitted compliance assessor who is not the supplier",
    ),
    Rule(
        id="T-06",
        statement="Data hash or schema change re-opens the gate (delta scan) before next delivery",
        basis={"CN": "GB/T 43697-2024 App. J; NDSMR 29", "EU": "GDPR 24"},
        severity=Severity.BLOCK,
        check=data_unchanged,
        evidence="hash diff",
        unlock="the data of the verdict, or a new verdict",
        stage=Stage.POST,
    ),
)

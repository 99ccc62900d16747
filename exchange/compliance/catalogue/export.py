"""Chapter X: what crosses a border.

A use stays at home where the scenario's region is home and the buyer is registered at home; any
other is taken to cross the border, whatever it is called.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from exchange.compliance.case import TradeCase
from exchange.compliance.catalogue.intake import NOT_INSPECTED, UNANSWERED
from exchange.compliance.catalogue.personal import (
    holds_persons,
    holds_sensitive,
    persons_counted,
)
from exchange.compliance.catalogue.topics import Topic, topics
from exchange.compliance.rule import Answer, Method, Rule, Severity, Stage, clear, fired, unknown
from exchange.grading import Grade, at_least
from exchange.specsheet import ExportRoute
from ledger.places import lies_within

# 2024 Provisions 5, 7, 8: persons since 1 January, before and with this trade.
ASSESSED_FROM: Final = 1_000_000
CONTRACTED_FROM: Final = 100_000
SENSITIVE_ASSESSED_FROM: Final = 10_000
_HOME = frozenset({"CN", "中国", "中国大陆", "境内", "全国"})

_NOBODY_KNOWN = unknown("whether it crosses the border is not known")


def at_home(region: str) -> bool:
    """Whether a region is the mainland or a part of it; data to what is set apart leaves it."""
    return region in _HOME or lies_within(region, "CN")


def abroad(case: TradeCase) -> bool | None:
    """Whether the use crosses the border; None if scenario or buyer is unknown."""
    if case.scenario is None or case.buyer is None:
        return None
    return not (at_home(case.scenario.region) and case.buyer.coded)


def route_decided(case: TradeCase) -> Answer:
    """X-01: before anything goes abroad the sheet says by which route it may."""
    crossing = abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    duties = case.sheet.duties
    if duties is None or duties.export is ExportRoute.NONE:
        return fired("the use crosses the border and the sheet names no route", "sheet.duties")
    if duties.export is not ExportRoute.EXEMPT and not case.proved(duties.export):
        return fired(f"the route {duties.export} is declared and not proved", "sheet.approvals")
    if Topic.MARINE in topics(case) and not case.proved("marine-export-approval"):
        return fired(
            "marine data goes abroad only with the approval marine-export-approval",
            "sheet.approvals",
        )
    return clear()


def critical_operator_assessed(case: TradeCase) -> Answer:
    """X-02: a critical operator sends persons or important data abroad only once assessed."""
    crossing = abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    duties = case.sheet.duties
    if duties is None:
        return unknown("whether the supplier runs critical infrastructure is not known")
    if not duties.critical_operator:
        return clear()
    if not at_least(case.sheet.grade, Grade.IMPORTANT):
        holds = holds_persons(case)
        if not holds:
            return NOT_INSPECTED if holds is None else clear()
    return _assessed(case, "a critical operator")


def important_assessed(case: TradeCase) -> Answer:
    """X-03: important data goes abroad only once assessed."""
    crossing = abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    if not at_least(case.sheet.grade, Grade.IMPORTANT):
        return clear()
    return _assessed(case, "important data")


def _assessed(case: TradeCase, what: str) -> Answer:
    if case.proved("security-assessment"):
        return clear()
    return fired(f"{what}: without the approval security-assessment", "sheet.approvals")


def _persons_abroad(case: TradeCase) -> tuple[int, int] | Answer:
    """Return persons sent abroad this year, not sensitive and sensitive, this trade included.

    Where it does not cross the border, holds nobody, or is not known: the answer.
    """
    crossing = abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    holds, sensitive = holds_persons(case), holds_sensitive(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    persons = persons_counted(case)
    if persons is None or sensitive is None or case.exported is None:
        return unknown("how many persons go abroad this year is not known")
    before = case.exported
    if sensitive:
        return before.plain, before.sensitive + persons
    return before.plain + persons, before.sensitive


def many_assessed(case: TradeCase) -> Answer:
    """X-04: from a million persons, or ten thousand sensitive ones, an assessment."""
    counted = _persons_abroad(case)
    if isinstance(counted, Answer):
        return counted
    plain, sensitive = counted
    if plain < ASSESSED_FROM and sensitive < SENSITIVE_ASSESSED_FROM:
        return clear()
    return _assessed(case, f"{plain:,} persons and {sensitive:,} sensitive ones since 1 January")


def some_contracted(case: TradeCase) -> Answer:
    """X-05: from a hundred thousand persons, or one sensitive one, a contract or certification."""
    counted = _persons_abroad(case)
    if isinstance(counted, Answer):
        return counted
    plain, sensitive = counted
    if plain < CONTRACTED_FROM and not sensitive:
        return clear()
    routes = ("standard-contract", "certification", "security-assessment")
    if any(case.proved(route) for route in routes):
        return clear()
    return fired("persons go abroad without contract or certification", "sheet.approvals")


def few_consented(case: TradeCase) -> Answer:
    """X-06: fewer are exempt from the route, and consent and impact assessment stay due."""
    counted = _persons_abroad(case)
    if isinstance(counted, Answer):
        return counted
    plain, sensitive = counted
    if plain >= CONTRACTED_FROM or sensitive:
        return clear()
    persons = case.sheet.personal_data
    lack = case.lack(persons.consent_evidence) or case.lack(persons.impact_assessment)
    if not lack:
        return clear()
    return case.signed("X-06", fired("consent or impact assessment is missing", "sheet"))


def zone_list_followed(case: TradeCase) -> Answer:
    """X-07: who is in a free trade zone follows its negative list; an assessor compared it."""
    crossing = abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    if case.sheet.duties is None:
        return unknown("whether the supplier is in a free trade zone is not known")
    if not case.sheet.duties.free_trade_zone:
        return clear()
    if not case.approved("zone-negative-list"):
        return fired("the version of the zone's list is not named", "sheet.approvals")
    return case.signed("X-07", UNANSWERED)


def no_foreign_request(case: TradeCase) -> Answer:
    """X-08: nothing goes abroad that a foreign court or agency asked for, without approval."""
    crossing = abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    return case.signed("X-08", UNANSWERED)


RULES = (
    Rule(
        id="X-01",
        statement="Any foreign buyer, storage or access: route decided before order",
        basis={"CN": "PIPL 38, 39; NDSMR 35-38; DSL 31", "EU": "GDPR 44-49"},
        severity=Severity.BLOCK,
        check=route_decided,
        evidence="route record",
        unlock="a use at home, or a route in the duties section; of any route but "
        "exempt, and for marine data of marine-export-approval, a verified document",
        stage=Stage.TRADE,
    ),
    Rule(
        id="X-02",
        statement="CII operator exporting PI or important data: security assessment",
        basis={"CN": "2024 Provisions 7(1); CSL 39 (2025 numbering; was 37); PIPL 40", "EU": "-"},
        severity=Severity.BLOCK,
        check=critical_operator_assessed,
        evidence="assessment no.",
        unlock="a verified document of security-assessment",
        stage=Stage.TRADE,
        effective_from=dt.date(2024, 3, 22),
    ),
    Rule(
        id="X-03",
        statement="Important data export: security assessment (only if "
        "notified/published as important)",
        basis={"CN": "2024 Provisions 2, 7(2); NDSMR 37", "EU": "Data Act 32"},
        severity=Severity.BLOCK,
        check=important_assessed,
        evidence="assessment no.",
        unlock="a verified document of security-assessment",
        stage=Stage.TRADE,
        effective_from=dt.date(2024, 3, 22),
    ),
    Rule(
        id="X-04",
        statement="Since 1 Jan: >= 1,000,000 persons non-sensitive or >= 10,000 "
        "sensitive: security assessment",
        basis={"CN": "2024 Provisions 7", "EU": "GDPR 46 + TIA"},
        severity=Severity.BLOCK,
        check=many_assessed,
        evidence="year-to-date counter",
        unlock="a verified document of security-assessment",
        stage=Stage.TRADE,
        effective_from=dt.date(2024, 3, 22),
    ),
    Rule(
        id="X-05",
        statement="100,000 <= persons < 1,000,000 non-sensitive, or 1..9,999 "
        "sensitive: standard contract or certification",
        basis={"CN": "2024 Provisions 8", "EU": "GDPR 46(2)(c)"},
        severity=Severity.BLOCK,
        check=some_contracted,
        evidence="contract filing no.",
        unlock="a verified document of standard-contract, certification or security-assessment",
        stage=Stage.TRADE,
        effective_from=dt.date(2024, 3, 22),
    ),
    Rule(
        id="X-06",
        statement="< 100,000 non-sensitive (non-CIIO): exempt from route, consent "
        "and PIA still due",
        basis={"CN": "2024 Provisions 5(4); PIPL 39, 55", "EU": "-"},
        severity=Severity.ATTEST,
        check=few_consented,
        evidence="counter",
        unlock="the SHA-256 of consent and impact assessment, or an "
        "attestation that names the rule",
        stage=Stage.TRADE,
        effective_from=dt.date(2024, 3, 22),
    ),
    Rule(
        id="X-07",
        statement="FTZ: data on the negative list follows the list",
        basis={"CN": "2024 Provisions 6; Shanghai Data Regs 69", "EU": "-"},
        severity=Severity.ATTEST,
        check=zone_list_followed,
        evidence="zone + list version",
        unlock="the approval zone-negative-list and an attestation that names the rule",
        stage=Stage.TRADE,
        method=Method.BOTH,
    ),
    Rule(
        id="X-08",
        statement="Foreign court/agency request: no provision without approval",
        basis={"CN": "DSL 36; PIPL 41", "EU": "GDPR 48; Data Act 32"},
        severity=Severity.BLOCK,
        check=no_foreign_request,
        evidence="approval",
        unlock="a use at home, or an attestation that names the rule",
        stage=Stage.POST,
        method=Method.ATTEST,
    ),
)

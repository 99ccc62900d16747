"""The rule pack of the European Union, registered as `eu`: proof that the rule set is swappable.

It has the rules of the catalogue that have a basis in Union law, under that basis, and leaves out
those that have none: the criminal counts of 法释〔2017〕10号, core and important data, export
thresholds by persons, notice and dispute.  Where Union law asks another question, another check
answers it.  Each rule is in force from the day on which the first act of its basis applies.  GDPR
is Regulation 2016/679, DGA 2022/868, Data Act 2023/2854, DSA 2022/2065.  Engineering input, not
legal advice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from exchange.compliance.case import ListingCase, TradeCase
from exchange.compliance.catalogue import CATALOGUE
from exchange.compliance.catalogue.consent import children_guarded
from exchange.compliance.catalogue.disclosure import disclosed
from exchange.compliance.catalogue.intake import NOT_INSPECTED, UNANSWERED
from exchange.compliance.catalogue.personal import holds_persons, holds_special
from exchange.compliance.evidence import Party
from exchange.compliance.rule import Answer, Rule, RulePack, clear, fired, unknown
from exchange.participants import Role
from exchange.profile import SensitiveKind
from exchange.specsheet import ExportRoute
from ledger.places import MEMBERS, UNION

CHILD_AGE: Final = 16  # GDPR 8(1); a member state may go down to 13
_NONE = frozenset({"-", ""})
# ISO 3166-1 of the member states, and of Iceland, Liechtenstein and Norway (EEA Agreement).
_HOME = MEMBERS | {"IS", "LI", "NO", UNION, "EEA"}
# Parts of these with a country's code of their own in which Union law holds: the outermost regions
# (TFEU 349 and 355(1); 2012/419/EU for Mayotte), and Aland (TFEU 355(4)).
_HOME_OVERSEAS = frozenset({"AX", "GF", "GP", "MF", "MQ", "RE", "YT"})
# Overseas countries and territories, outside the Union (TFEU 355(2), Annex II; 2010/718/EU for
# Saint Barthelemy; of Caribbean Netherlands the three islands), and Svalbard, outside the Area (EEA
# Agreement, Protocol 40).
_OVERSEAS = frozenset(
    {
        *("FR-BL", "FR-NC", "FR-PF", "FR-PM", "FR-TF", "FR-WF"),
        *("NL-AW", "NL-BQ1", "NL-BQ2", "NL-BQ3", "NL-CW", "NL-SX", "NO-21"),
    }
)


def at_home(region: str) -> bool:
    """Whether a region is the European Economic Area, a state of it, or a part of one within it."""
    if region in _OVERSEAS:
        return False
    return region in _HOME_OVERSEAS or region.partition("-")[0] in _HOME


def _abroad(case: TradeCase) -> bool | None:
    return None if case.scenario is None else not at_home(case.scenario.region)


_NOBODY_KNOWN = unknown("whether it leaves the Union is not known")


def _transferred(case: TradeCase) -> bool | Answer:
    """Whether persons leave the Union with it, or the answer where that is not so or unknown."""
    crossing = _abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    holds = holds_persons(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    return True


def route_decided(case: TradeCase) -> Answer:
    """X-01: what leaves the Union with persons in it has a ground of GDPR chapter V."""
    transferred = _transferred(case)
    if isinstance(transferred, Answer):
        return transferred
    duties = case.sheet.duties
    if duties is None or duties.export is ExportRoute.NONE:
        return fired("persons leave the Union and the sheet names no route", "sheet.duties")
    return clear()


def transfer_assessed(case: TradeCase) -> Answer:
    """X-04: whatever their number, the transfer's impact was assessed."""
    transferred = _transferred(case)
    if isinstance(transferred, Answer):
        return transferred
    if case.proved("transfer-impact-assessment"):
        return clear()
    return fired("persons leave the Union without transfer-impact-assessment", "sheet.approvals")


def safeguards_agreed(case: TradeCase) -> Answer:
    """X-05: whatever their number, there are appropriate safeguards (GDPR 46)."""
    transferred = _transferred(case)
    if isinstance(transferred, Answer):
        return transferred
    if case.proved("standard-contract") or case.proved("certification"):
        return clear()
    return fired("persons leave the Union without contract or certification", "sheet.approvals")


def authorities_kept_out(case: TradeCase) -> Answer:
    """X-03: what leaves the Union is kept from third-country authorities (Data Act 32)."""
    crossing = _abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    if case.proved("third-country-safeguards"):
        return clear()
    return fired("data leaves the Union without third-country-safeguards", "sheet.approvals")


def no_foreign_judgment(case: TradeCase) -> Answer:
    """X-08: nothing leaves that a third country's court asked for, without an agreement."""
    crossing = _abroad(case)
    if not crossing:
        return _NOBODY_KNOWN if crossing is None else clear()
    return case.signed("X-08", UNANSWERED)


def special_consented(case: ListingCase) -> Answer:
    """I-03: special categories need an explicit ground; the bank card is none of them (GDPR 9)."""
    # As if no bank card had been found: a class that is declared stands.
    holds = holds_special(case, besides={SensitiveKind.BANK_CARD})
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    lack = case.lack(case.sheet.personal_data.consent_evidence)
    if lack:
        return fired(f"special categories: evidence of explicit consent {lack}", "sheet")
    return case.signed("I-03", UNANSWERED)


def supplier_verified(case: ListingCase) -> Answer:
    """P-01: the supplier is admitted as one, under its name; a Chinese code is not asked for."""
    return _verified(case, Role.SUPPLIER)


def named(supplier: Party) -> bool:
    """Whether a supplier stands in the register under its name: no code is asked for."""
    return supplier.named


def buyer_verified(case: TradeCase) -> Answer:
    """P-02: the buyer is verified to the same level."""
    return _verified(case, Role.BUYER)


def _verified(case: ListingCase | TradeCase, role: Role) -> Answer:
    party = case.buyer if isinstance(case, TradeCase) else case.supplier
    if party is None:
        return unknown(f"the {role} is not known")
    if not (party.acts_as(role) and party.named):
        return fired(f"the {role} is not admitted as one, or has no name", "participant")
    if party.licensed_until is not None and party.licensed_until < case.on:
        return fired(f"the {role}'s identity has ended", "participant")
    return clear()


_CHECKS: Final[Mapping[str, Callable[[Any], Answer]]] = {
    "P-01": supplier_verified,
    "P-02": buyer_verified,
    "I-03": special_consented,
    "I-04": partial(children_guarded, CHILD_AGE),
    "M-01": partial(disclosed, identified=named),
    "X-01": route_decided,
    "X-03": authorities_kept_out,
    "X-04": transfer_assessed,
    "X-05": safeguards_agreed,
    "X-08": no_foreign_judgment,
}
# What Union law words otherwise.
_WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "P-01": {"statement": "Supplier identity verified: legal name, admission, licence"},
    "I-03": {"statement": "Special categories of personal data: explicit consent"},
    "I-04": {"statement": "Any data subject below 16: consent of the holder of responsibility"},
    "X-01": {
        "statement": "Personal data leaving the Union: a ground of GDPR chapter V first",
        "unlock": "a use at home, or a route in the duties section",
    },
    "X-03": {
        "statement": "Data leaving the Union: safeguards against third-country authorities",
        "unlock": "a use at home, or a verified document of third-country-safeguards",
    },
    "X-04": {
        "statement": "Personal data leaving the Union: transfer impact assessment",
        "unlock": "a use at home, or a verified document of transfer-impact-assessment",
    },
    "X-05": {
        "statement": "Personal data leaving the Union: appropriate safeguards",
        "unlock": "a use at home, or a verified document of standard-contract or certification",
    },
}
# What has a basis in Union law that is none in the catalogue, which was drawn up for China's.
_BASIS: Final[Mapping[str, str]] = {
    # Quality and uncertainty are described by who is independent, and by what characteristics.
    "Q-10": "Data Act 33(1)(a); ISO/IEC 25012",
    "Q-11": "Data Act 33(1)(a); ISO/IEC 25012",
}
# The first day on which each act applies, or its directive had to be law in the member states, and
# the article that says so; as a basis names it.  Standards bind by no date.
_APPLIES: Final[Mapping[str, dt.date]] = {
    r"GDPR|rec\. 2[67]": dt.date(2018, 5, 25),  # Reg. 2016/679, 99(2)
    r"DGA": dt.date(2023, 9, 24),  # Reg. 2022/868, 38
    r"Data Act": dt.date(2025, 9, 12),  # Reg. 2023/2854, 50
    r"DSA": dt.date(2024, 2, 17),  # Reg. 2022/2065, 93(2)
    r"NIS2": dt.date(2024, 10, 18),  # Dir. 2022/2555, 41(1)
    r"Open Data Dir\.": dt.date(2021, 7, 17),  # Dir. 2019/1024, 17(1)
    r"DSM Dir\.": dt.date(2021, 6, 7),  # Dir. 2019/790, 29(1)
    r"Database Dir\.": dt.date(1998, 1, 1),  # Dir. 96/9, 16(1)
    r"Trade Secrets Dir\.": dt.date(2018, 6, 9),  # Dir. 2016/943, 19(1)
    r"Dir\. 2019/770": dt.date(2022, 1, 1),  # 24(1)
    r"INSPIRE|Directive 2007/2": dt.date(2009, 5, 15),  # 24(1)
    r"Reg\. 2021/821": dt.date(2021, 9, 9),  # 32, the ninetieth day after 2021-06-11
}
_LEFT_OUT = frozenset({"I-05", "D-07"})  # national criminal law; no review of the Union's own


def _here(rule: Rule) -> Rule:
    words = {"basis": {**rule.basis, "EU": _basis(rule)}, **_WORDS.get(rule.id, {})}
    check = _CHECKS.get(rule.id, rule.check)
    begun = applies_from(_basis(rule))
    return replace(rule, check=check, effective_from=begun, effective_to=None, **words)


def applies_from(basis: str) -> dt.date | None:
    """Return the day from which a citation holds: that of the first of its acts to apply.

    None for what cites standards alone, or law whose day is not known: it always was.
    """
    days = [day for act, day in _APPLIES.items() if re.search(rf"(?<!\w)(?:{act})", basis)]
    return min(days, default=None)


def _basis(rule: Rule) -> str:
    return _BASIS.get(rule.id, rule.basis["EU"])


# The version moves whenever the outcome of a check may: the digest does not cover code.
PACK = RulePack(
    name="eu",
    jurisdiction="EU",
    version="2026.10",
    rules=tuple(
        _here(rule) for rule in CATALOGUE if _basis(rule) not in _NONE and rule.id not in _LEFT_OUT
    ),
)

"""Scenarios on the chain: when an assessor must look, what limits bind, and what ends a use.

A scenario is decided on by rule alone only where little is at stake.  What is at stake is read
off the chain (`grounds`), so an auditor sees that nothing was approved by rule which should have
waited for an assessor.  Persons in the data are a ground as well; they are told by the sheet and
the inspection, which stand in records, so the exchange alone sees to that one, and says so in
the entry that refers the scenario.

A filing of an exchange before there were such reviews says nothing of its recipients; it was
decided on by rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ledger.acts import parse_time
from ledger.entries import Entry
from ledger.grades import grade_of, rank
from ledger.kinds.scenarios import LIMITS, SCENARIO_ENDED
from ledger.places import all_within
from ledger.registry import supplier_of
from ledger.view import SLACK, Broken, View, newest, operator_of

DECISIONS: Final = ("approved", "limited", "refused")
TERM_DAYS_BY_RULE: Final = 366  # a longer use is looked at by a person
RECIPIENTS_BY_RULE: Final = 10  # as is one with more recipients
_IMPORTANT: Final = "important"
_DAY: Final = dt.timedelta(days=1)


def grounds(view: View, filed: Entry) -> tuple[str, ...]:
    """Return why an assessor must look at a filing, as far as the chain tells; empty if none."""
    facts = filed.facts
    if "recipients" not in facts:
        return ()
    grade = grade_of(view, facts["product"])
    found = {
        "grade": grade is not None and rank(grade) >= rank(_IMPORTANT),
        "term": facts["term_days"] > TERM_DAYS_BY_RULE,
        "recipients": facts["recipients"] > RECIPIENTS_BY_RULE,
        "onward-transfer": facts.get("onward_transfer", False),
        "public-release": facts.get("public_release", False),
    }
    return tuple(name for name, there in found.items() if there)


def limits_of(entry: Entry | None) -> dict[str, Any]:
    """Return the limits that a review or an approval names."""
    return {name: entry.facts[name] for name in LIMITS if name in entry.facts} if entry else {}


def beyond(asked: Mapping[str, Any], limits: Mapping[str, Any]) -> Iterator[str]:
    """Say which facts go beyond limits; a fact that is not there goes beyond its limit."""
    for name, limit in limits.items():
        value = asked.get(name)
        if name == "regions":
            within = bool(value) and set(value or ()) <= set(limit)
        else:  # a number or a flag: no more than the limit
            within = value is not None and value <= limit
        if not within:
            yield f"{name}: allowed is {limit}"


# Rules.


def filing_told(entry: Entry, view: View) -> Iterator[Broken]:
    """Require all or none of what is public of its recipients, and what it began from to be so."""
    told = {"recipients", "onward_transfer", "public_release"}
    if told & set(entry.facts) not in (set(), told):
        yield Broken("scenario", "a filing says of its recipients all that is public, or nothing")
    product, like, answer = (entry.facts.get(name) for name in ("product", "like", "answer"))
    example = newest(view, f"scenario/{like}", "scenario.approved") if like else None
    if like and (example is None or example.facts["product"] != product):
        yield Broken("scenario", f"{product} was not approved for scenario/{like}")
    found = view.by_leaf(answer) if answer else None
    posted = newest(view, found.subject, "demand.posted") if found else None
    if answer and not (
        found
        and posted
        and found.kind == "demand.answered"
        and (found.facts.get("product"), posted.actor) == (product, entry.actor)
    ):
        yield Broken("answer", f"{answer[:16]}… answers no demand of {entry.actor} with {product}")


def reviewer_apart(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an assessor other than the buyer and the product's supplier."""
    filed = newest(view, entry.subject, "scenario.filed")
    if filed is None:
        return  # the kind's needs say so
    parties = {filed.actor, supplier_of(view, f"product/{filed.facts['product']}")}
    if entry.actor in parties:
        yield Broken("party", f"{entry.actor} is a party to {entry.subject}")


def limits_told(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the `decision` approved, limited or refused, and limits with limited alone."""
    decision, limits = entry.facts["decision"], limits_of(entry)
    if decision not in DECISIONS:
        yield Broken("outcome", f"{entry.kind}.decision: must be one of {', '.join(DECISIONS)}")
    if (decision == "limited") != bool(limits):
        yield Broken("limits", f"a scenario is {decision} with {len(limits)} limits")
    filed = newest(view, entry.subject, "scenario.filed")
    if filed:
        yield from _narrower(filed, limits)


def _narrower(filed: Entry, limits: Mapping[str, Any]) -> Iterator[Broken]:
    asked = filed.facts
    for name in ("term_days", "recipients"):
        if name in limits and not 0 < limits[name] < asked.get(name, limits[name] + 1):
            yield Broken("limits", f"{name}: {limits[name]} does not narrow what was asked")
    for name in ("onward_transfer", "public_release"):
        if name in limits and (limits[name] or not asked.get(name, True)):
            yield Broken("limits", f"{name}: a limit takes away what was asked")
    regions = limits.get("regions", ["parts"])
    if not regions or all_within([asked["region"]], regions):
        yield Broken("limits", f"regions: must be parts of {asked['region']}")


def approved_as_reviewed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the limits of the review, and a review where the filing must have one."""
    filed = newest(view, entry.subject, "scenario.filed")
    reviewed = newest(view, entry.subject, "scenario.reviewed")
    if reviewed is None:
        words = ", ".join(_asking(entry.subject, filed, view))
        if words:
            yield Broken("review", f"an assessor must look at {entry.subject}: {words}")
    elif reviewed.facts["decision"] == "refused":
        yield Broken("review", f"the assessor {reviewed.actor} refused at {reviewed.named}")
    limits = limits_of(entry)
    if limits != limits_of(reviewed):
        yield Broken("limits", f"not the limits of the review of {entry.subject}")
    if "term_days" in limits:
        span = parse_time(entry.facts["until"], "until") - parse_time(entry.time, "time")
        if span > (limits["term_days"] + 1) * _DAY:
            yield Broken("limits", f"term_days: allowed are {limits['term_days']}")


def _asking(scenario: str, filed: Entry | None, view: View) -> tuple[str, ...]:
    referred = newest(view, scenario, "scenario.referred")
    if referred:
        return tuple(referred.facts["grounds"])
    return grounds(view, filed) if filed else ()


def referred_with_grounds(entry: Entry, view: View) -> Iterator[Broken]:
    """Require at least one ground, and every one that the chain tells."""
    filed = newest(view, entry.subject, "scenario.filed")
    if not entry.facts["grounds"]:
        yield Broken("review", f"{entry.subject} is referred for no ground")
    wanting = set(grounds(view, filed) if filed else ()) - set(entry.facts["grounds"])
    if wanting:
        yield Broken("review", f"the grounds leave out {', '.join(sorted(wanting))}")


def revoked_by_right_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the operator, or the assessor who reviewed the scenario."""
    reviewed = newest(view, entry.subject, "scenario.reviewed")
    assessor = reviewed.actor if reviewed else None
    if entry.actor not in {operator_of(view, entry.log), assessor}:
        yield Broken("party", f"{entry.actor} did not review {entry.subject}")


def scenario_over(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the approval's time is over."""
    approved = newest(view, entry.subject, "scenario.approved")
    if approved and entry.time <= approved.facts["until"]:
        yield Broken("expiry", f"{entry.subject} runs until {approved.facts['until']}")


def scenario_of_buyer(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that `buyer` filed the scenario."""
    filed = newest(view, f"scenario/{entry.facts['scenario']}", "scenario.filed")
    if filed and filed.actor != entry.facts["buyer"]:
        yield Broken("quote", f"the scenario was filed by {filed.actor}")


def scenario_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the order's scenario to be approved, neither withdrawn nor revoked nor ended."""
    order = newest(view, entry.subject, "trade.ordered")
    if order is None:
        return  # the kind's needs say so
    yield from scenario_broken(f"scenario/{order.facts['scenario']}", entry.time, view)


def scenario_broken(scenario: str, time: str, view: View) -> Iterator[Broken]:
    """Yield why nothing may be done under a scenario at a time; for whatever rests on one."""
    approved = newest(view, scenario, "scenario.approved")
    if approved is None or any(newest(view, scenario, kind) for kind in SCENARIO_ENDED):
        yield Broken("scenario", f"{scenario} is not approved, or was withdrawn or revoked")
    elif time > approved.facts["until"]:
        yield Broken("expiry", f"{scenario} ended at {approved.facts['until']}")


def scenario_end(view: View, scenario: str) -> str:
    """Return when a scenario ends: by its term, or sooner by an entry; empty if never approved."""
    approved = newest(view, scenario, "scenario.approved")
    if approved is None:
        return ""
    ended = (newest(view, scenario, kind) for kind in SCENARIO_ENDED)
    until: str = approved.facts["until"]
    return min([until, *(entry.time for entry in ended if entry)])


def grant_within_scenario(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the scenario's purpose alone, an `until` to come within its term, and its limits."""
    order = newest(view, entry.subject, "trade.ordered")
    scenario = f"scenario/{order.facts['scenario']}" if order else ""
    filed = newest(view, scenario, "scenario.filed")
    if filed is None:
        return  # the kind's needs say so
    if entry.facts["purposes"] != [filed.facts["purpose"]]:
        yield Broken("scenario", f"the use approved is {filed.facts['purpose']!r} alone")
    limits = limits_of(newest(view, scenario, "scenario.approved"))
    days = limits.pop("term_days", filed.facts["term_days"])
    length = parse_time(entry.facts["until"], "until") - parse_time(entry.time, "time")
    if not dt.timedelta(0) < length <= days * _DAY + SLACK:
        yield Broken("scenario", f"the use approved is for {days} days")
    for words in beyond(entry.facts, limits):
        yield Broken("scenario", f"the use approved is limited: {words}")

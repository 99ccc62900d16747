"""Reviews of a listing a second of CPU, every rule asked and every finding explained.

A case is reviewed once when it is new, which works out what its rules share (what is certain about
persons, which attestations hold, where sheet and measurement differ), and again as a lapse looks
at each day: both are timed, the making of cases is not.  Peers do not read a case, so they are
given what each rule comes to as a fact and say which are false or missing; ours does the same
beside them, under the same rules.  All have to name the same rules.  A peer that is not installed
is said and left out.

    python benchmarks/gate.py
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, cast

from ledger_workload import cpu, print_machine, print_table, verdict

from exchange.compliance import Answer, Case, ListingCase, Outcome, Review, Rule, review_listing
from exchange.compliance.china import PACK
from exchange.compliance.review import BEFORE_LISTING
from exchange.compliance.rule import RulePack, clear, fired, unknown
from exchange.profile import SensitiveKind
from tests.exchange.compliance import cases

REVIEWS_MIN: Final = 15_000
Findings = frozenset[tuple[str, str]]  # a rule and what it answers, of those that are not clear
Facts = Mapping[str, bool]
Engine = Callable[[Facts], Findings]
ASKED: Final = PACK.in_force(cases.ON, *BEFORE_LISTING)


def new_cases() -> list[ListingCase]:
    """Build cases that nobody has reviewed: a clean one, and three bent in one way each."""
    bent = (
        cases.listing(),
        cases.listing(profile=cases.found(cases.finding(SensitiveKind.MOBILE))),
        cases.listing(cases.PERSONAL_SHEET),
        cases.listing(attested=(), quality=None),
    )
    return [replace(case, pack_digest=PACK.digest) for case in bent]


def told(review: Review) -> Findings:
    """Return the findings of a review, each of which has to be explained."""
    explained = [each for each in review.findings if each.message and each.basis and each.unlock]
    assert len(explained) == len(review.findings)  # noqa: S101 - a figure without it is void
    return frozenset((each.rule, str(each.outcome)) for each in review.findings)


# The same rules as data: what each comes to is a fact that is true, false or missing.


@dataclass(frozen=True, kw_only=True)
class Known(Case):
    """A case of facts alone."""

    facts: Facts = field(default_factory=dict)


def facts_of(review: Review) -> dict[str, bool]:
    """Return what every rule came to; a rule that was not evaluated has no fact."""
    found = {finding.rule: finding.outcome for finding in review.findings}
    outcomes = {rule: found.get(rule, Outcome.CLEAR) for rule in review.rules_applied}
    return {
        rule: outcome is Outcome.CLEAR
        for rule, outcome in outcomes.items()
        if outcome is not Outcome.NOT_EVALUATED
    }


def _looked_up(rule: str, case: Known) -> Answer:
    holds = case.facts.get(rule)
    if holds is None:
        return unknown("the fact is missing")
    return clear() if holds else fired("the fact is false")


def _simple(rule: Rule) -> Rule:
    return replace(rule, check=partial(_looked_up, rule.id))


SIMPLE: Final = RulePack("simple", "CN", "1", tuple(map(_simple, ASKED)))


def ours(facts: Facts) -> Findings:
    """Let our own review look the facts up."""
    case = Known(on=cases.ON, facts=facts, pack_digest=SIMPLE.digest)
    return told(review_listing(cast("ListingCase", case), SIMPLE))


REGO: Final = """
package gate
import rego.v1

findings contains [rule.id, "fired", rule.basis, rule.unlock] if {
    some rule in data.rules
    input[rule.id] == false
}

findings contains [rule.id, "not-evaluated", rule.basis, rule.unlock] if {
    some rule in data.rules
    object.get(input, rule.id, null) == null
}
"""


def rego() -> Engine:
    """Return the review by OPA's language in its interpreter in C++: the policy is read once."""
    import regopy  # noqa: PLC0415 - a peer of this benchmark alone

    engine = regopy.Interpreter()
    rules = [{"id": r.id, "basis": r.basis["CN"], "unlock": r.unlock} for r in ASKED]
    engine.add_module("gate", REGO)
    engine.add_data_json(json.dumps({"rules": rules}))

    def review(facts: Facts) -> Findings:
        engine.set_input_term(json.dumps(facts))
        found = json.loads(str(engine.query("data.gate.findings")))["expressions"][0]
        return frozenset((rule, outcome) for rule, outcome, basis, unlock in found)

    return review


def cedar() -> Engine:
    """Return the review by Cedar: the policies are read once, each forbids by one rule.

    Its decisions have two values, so a rule is two policies: one for false, one for missing.
    """
    import cedarpy  # noqa: PLC0415 - a peer of this benchmark alone

    said: dict[str, tuple[Rule, Outcome]] = {}
    written = ["permit(principal, action, resource);"]
    for rule in ASKED:
        known = f"context has {json.dumps(rule.id)}"
        for outcome, broken in (
            (Outcome.FIRED, f"{known} && !context[{json.dumps(rule.id)}]"),
            (Outcome.NOT_EVALUATED, f"!({known})"),
        ):
            said[f"policy{len(written)}"] = rule, outcome  # the name that Cedar gives it
            written.append(f"forbid(principal, action, resource) when {{ {broken} }};")
    policies = cedarpy.PolicySet.from_str("\n".join(written))
    entities = cedarpy.Entities.from_json_str("[]")
    asked = {
        "principal": {"type": "Exchange", "id": "exchange"},
        "action": {"type": "Action", "id": "list"},
        "resource": {"type": "Product", "id": "product"},
    }

    def review(facts: Facts) -> Findings:
        answered: Any = cedarpy.is_authorized({**asked, "context": dict(facts)}, policies, entities)
        found = [said[reason] for reason in answered.diagnostics.reasons if reason in said]
        assert all(rule.basis["CN"] and rule.unlock for rule, _ in found)  # noqa: S101 - explained
        return frozenset((rule.id, str(outcome)) for rule, outcome in found)

    return review


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine of policies, by its package, and what makes a review of it."""

    name: str
    package: str
    made: Callable[[], Engine]


PEERS: Final = (Peer("Rego", "regopy", rego), Peer("Cedar", "cedarpy", cedar))


def rate(prepared: Callable[[], Callable[[], int]], seconds: float) -> float:
    """Return how much a second of CPU does, what prepares it left out: the median of five turns."""
    found = []
    for _ in range(5):
        done, spent = 0, 0.0
        while spent < seconds / 5:
            work = prepared()
            start = cpu()
            done += work()
            spent += cpu() - start
        found.append(done / spent)
    return statistics.median(found)


def show_reviews(seconds: float) -> None:
    """Print how many listing reviews a second of CPU brings, of new cases and of known ones."""
    known = new_cases() * 25
    review_all(known)
    new = rate(
        lambda: partial(review_all, [case for _ in range(25) for case in new_cases()]), seconds
    )
    again = rate(lambda: partial(review_all, known), seconds)
    print_table(
        ["reviews of a listing", "reviews/s of CPU", "answers/s of CPU", "bar", ""],
        [
            [name, f"{found:,.0f}", f"{found * len(ASKED):,.0f}", *_bar(found)]
            for name, found in (
                (f"a case that is new, {len(ASKED)} rules", new),
                (f"a case that is known, {len(ASKED)} rules", again),
            )
        ],
    )


def _bar(found: float) -> tuple[str, str]:
    return f"≥ {REVIEWS_MIN:,} reviews", verdict(found, REVIEWS_MIN)


def _beside(name: str, found: float, ours: float) -> tuple[str, ...]:
    return ("", *_bar(found)) if name == "ours" else (f"{ours / found:,.1f} ×", "", "")


def review_all(asked: Sequence[ListingCase]) -> int:
    """Review each case and look at what explains every finding."""
    for case in asked:
        for finding in review_listing(case, PACK).findings:
            assert finding.message, finding.basis  # noqa: S101 - a figure without it is void
    return len(asked)


def show_peers(seconds: float) -> None:
    """Print how many reviews of facts a second of CPU each engine brings, under equal rules."""
    facts = [facts_of(review_listing(case, PACK)) for case in new_cases()]
    named = [told(review_listing(case, PACK)) for case in new_cases()]
    engines = {"ours": ours}
    missing = []
    for peer in PEERS:
        if importlib.util.find_spec(peer.package) is None:
            missing.append(peer.package)
        else:
            version = importlib.metadata.version(peer.package)
            engines[f"{peer.name}, {peer.package} {version}"] = peer.made()
    found = {}
    for name, review in engines.items():
        assert [review(each) for each in facts] == named, name  # noqa: S101 - else not the same work
        found[name] = rate(partial(partial, _judged, review, facts), seconds)
    print_table(
        [f"{len(ASKED)} rules as data", "reviews/s of CPU", "ours / peer", "bar", ""],
        [
            [name, f"{each:,.0f}", *_beside(name, each, found["ours"])]
            for name, each in found.items()
        ],
    )
    if missing:
        print(f"not installed and left out: {', '.join(missing)}\n")


def _judged(review: Engine, facts: Sequence[Facts]) -> int:
    for each in facts:
        review(each)
    return len(facts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="of CPU for each figure")
    options = parser.parse_args()
    print_machine(rules=len(ASKED))
    show_reviews(options.seconds)
    show_peers(options.seconds)


if __name__ == "__main__":
    main()

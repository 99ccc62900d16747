"""Why the gate says what it says: every rule's answer, clear ones too, and what each looked at.

A verdict holds what stops a product; whoever wants to trust a pass needs the rest as well.  The
rules are asked again of a case that notes what is read of it, so that the evidence behind an answer
is what the rule did look at, and no table that could grow false.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, cast

from exchange.compliance.case import ListingCase
from exchange.compliance.review import BEFORE_LISTING, Finding, Review, ask
from exchange.compliance.rule import Outcome, Rule, RulePack, Stage

# Where a case answers a question from others of its fields, what those fields are.
_DERIVED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "signed": ("attestations",),
        "in_force": ("attestations",),
        "void": ("attestations",),
        "refusers": ("attestations",),
        "way_back": ("attestations",),
        "expert_reviews": ("reviews",),
        "latest_vetting": ("vettings",),
        "measured_quality": ("quality",),
        "counted": ("measured",),
        "lack": ("papers",),
        "paper": ("papers",),
        "approved": ("sheet", "papers"),
        "differences": ("sheet", "profile"),
    }
)


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule's answer with its words; `read` are the fields of the case that it looked at."""

    finding: Finding
    statement: str
    stage: Stage
    evidence_wanted: str
    read: frozenset[str]


class _Watched:
    """What a case answers, noting the fields which are read of it.

    It is no case: a rule that makes another of it finds out, and what it says then is not told.
    """

    def __init__(self, case: ListingCase) -> None:
        self._case = case
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a field of any type
        self.read |= set(_DERIVED.get(name, (name,)))
        return getattr(self._case, name)


def explain_listing(case: ListingCase, pack: RulePack) -> tuple[Explained, ...]:
    """Ask the rules that `review_listing` asks, and say what each answers and looks at."""
    bound = replace(case, pack_digest=pack.digest)
    return tuple(_explained(rule, bound, pack) for rule in pack.in_force(case.on, *BEFORE_LISTING))


def reviewed(told: Sequence[Explained], case: ListingCase, pack: RulePack) -> Review:
    """Return the review that the answers come to: what `review_listing` says of the case."""
    return Review(
        findings=tuple(e.finding for e in told if e.finding.outcome is not Outcome.CLEAR),
        rules_applied=tuple(e.finding.rule for e in told),
        pack_digest=pack.digest,
        on=case.on,
    )


def _explained(rule: Rule, case: ListingCase, pack: RulePack) -> Explained:
    watched = _Watched(case)
    ask(rule, cast("ListingCase", watched), pack)
    return Explained(
        finding=ask(rule, case, pack),  # as a review asks it
        statement=rule.statement,
        stage=rule.stage,
        evidence_wanted=rule.evidence,
        read=frozenset(watched.read & set(ListingCase.__dataclass_fields__)),
    )

"""The review: every rule in force is asked, and one place decides.

Whatever goes wrong on the way stops the case: no rules, a rule that raises, input that is
missing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from exchange.compliance.case import ListingCase, TradeCase
from exchange.compliance.rule import Outcome, Rule, RulePack, Severity, Stage
from exchange.errors import NotCompliant

_LONG_NUMBER = re.compile(r"\d{11,}")  # the shortest personal number, a mobile's, has eleven


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not clear, what law it comes from and what would unlock it."""

    rule: str
    severity: Severity
    outcome: Outcome
    message: str
    basis: str
    evidence: str
    unlock: str

    @property
    def blocks(self) -> bool:
        """Whether the case cannot pass with it; not evaluated is no better than fired."""
        return self.severity.stops


@dataclass(frozen=True, slots=True)
class Review:
    """The outcome of asking every rule in force; a rule applied without a finding is clear."""

    findings: tuple[Finding, ...]
    rules_applied: tuple[str, ...]
    pack_digest: str
    on: dt.date

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stop the case, the strictest first."""
        order = list(Severity)
        blocking = (finding for finding in self.findings if finding.blocks)
        return tuple(sorted(blocking, key=lambda finding: order.index(finding.severity)))

    @property
    def passed(self) -> bool:
        """Whether rules were applied and none stops the case."""
        return bool(self.rules_applied) and not self.blocking

    def require_passed(self) -> None:
        """Raise `NotCompliant` unless rules were applied and none stops the case."""
        if not self.rules_applied:
            raise NotCompliant("no compliance rule was applied")
        blocking = self.blocking
        if blocking:
            raise NotCompliant(
                "; ".join(f"{finding.rule}: {finding.message}" for finding in blocking),
                rules=tuple(finding.rule for finding in blocking),
            )


def review_listing(case: ListingCase, pack: RulePack) -> Review:
    """Ask the pack's intake and listing rules that are in force on the day of the case."""
    bound = replace(case, pack_digest=pack.digest)
    rules = [rule for rule in pack.in_force(case.on) if rule.stage is not Stage.TRADE]
    return _review(bound, rules, pack)


def review_trade(case: TradeCase, pack: RulePack) -> Review:
    """Ask the pack's trade rules that are in force on the day of the case."""
    rules = [rule for rule in pack.in_force(case.on) if rule.stage is Stage.TRADE]
    return _review(case, rules, pack)


def _review(case: ListingCase | TradeCase, rules: Iterable[Rule], pack: RulePack) -> Review:
    asked = tuple(rules)
    findings = (ask(rule, case, pack) for rule in asked)
    return Review(
        findings=tuple(f for f in findings if f.outcome is not Outcome.CLEAR),
        rules_applied=tuple(rule.id for rule in asked),
        pack_digest=pack.digest,
        on=case.on,
    )


def ask(rule: Rule, case: ListingCase | TradeCase, pack: RulePack) -> Finding:
    """Ask one rule; one that raises is not evaluated, and stops the case whatever its severity."""
    severity = rule.severity
    try:
        answer = rule.check(case)
        outcome, message, evidence = Outcome(answer.outcome), answer.message, answer.evidence
    except Exception as error:  # noqa: BLE001 - a plug-in's rule may raise anything
        # Only the class: an exception's text may quote the data.  Even advice that cannot be
        # had stops the case, since a broken rule says that the pack is not the one reviewed.
        outcome, message, evidence = Outcome.NOT_EVALUATED, f"raised {type(error).__name__}", ""
        if not severity.stops:
            severity = Severity.BLOCK
    return Finding(
        rule=rule.id,
        severity=severity,
        outcome=outcome,
        message=_LONG_NUMBER.sub("…", message),
        basis=rule.basis[pack.jurisdiction],
        evidence=_LONG_NUMBER.sub("…", evidence),
        unlock=rule.unlock,
    )

"""The review: every rule in force is asked, and one place decides.

Whatever goes wrong on the way stops the case: no rules, a rule that raises, input that is
missing.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Final

from exchange.compliance.case import Case, ListingCase, PlatformCase, TradeCase
from exchange.compliance.rule import (
    Answer,
    Outcome,
    Rule,
    RulePack,
    Severity,
    Stage,
    said_again,
)
from exchange.errors import NotCompliant

_CLEAR = Outcome.CLEAR  # under a name of its own: 77 rules ask for it, and an enum answers slowly
MENDED: Final = "the rule mended in its pack, by the operator"  # what unlocks one that raises
_RAISED = re.compile(r"raised \w+")
_LONG_NUMBER = re.compile(r"\d{11,}")  # the shortest personal number, a mobile's, has eleven


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not clear, what law it comes from and what would unlock it as things stand."""

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

    @property
    def broken(self) -> bool:
        """Whether the rule itself could not be asked, which is the exchange's to mend."""
        unanswered = self.outcome is Outcome.NOT_EVALUATED
        return unanswered and _RAISED.fullmatch(self.message) is not None


@dataclass(frozen=True, slots=True)
class Review:
    """The outcome of asking every rule in force; a rule applied without a finding is clear.

    `case` is the digest of the recorded case that was judged, empty for a review that is only
    shown: with it the same verdict can be reached again (`exchange.compliance.archive`).
    """

    findings: tuple[Finding, ...]
    rules_applied: tuple[str, ...]
    pack_digest: str
    on: dt.date
    case: str = ""

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


# The stages that one review asks, by what is judged.
BEFORE_LISTING: Final = (Stage.INTAKE, Stage.LISTING, Stage.PLATFORM)
BEFORE_ORDER: Final = (Stage.TRADE,)
BEFORE_DELIVERY: Final = (Stage.TRADE, Stage.POST)
OF_THE_EXCHANGE: Final = (Stage.PLATFORM,)
# Of which stage there must be rules in force for a review to say anything.
_DECISIVE: Final = {
    BEFORE_LISTING: Stage.LISTING,
    BEFORE_ORDER: Stage.TRADE,
    BEFORE_DELIVERY: Stage.TRADE,
    OF_THE_EXCHANGE: Stage.PLATFORM,
}


def review_listing(case: ListingCase, pack: RulePack) -> Review:
    """Ask what a listing must keep: the file, the product, and the exchange that lists it."""
    return _review(case, pack, BEFORE_LISTING)


def review_trade(case: TradeCase, pack: RulePack) -> Review:
    """Ask what a scenario, an order and a contract must keep."""
    return _review(case, pack, BEFORE_ORDER)


def review_delivery(case: TradeCase, pack: RulePack) -> Review:
    """Ask what an order must keep and, after the contract, a delivery."""
    return _review(case, pack, BEFORE_DELIVERY)


def review_platform(case: PlatformCase, pack: RulePack) -> Review:
    """Ask what the exchange itself must keep."""
    return _review(case, pack, OF_THE_EXCHANGE)


def _review(case: Case, pack: RulePack, stages: tuple[Stage, ...]) -> Review:
    bound = case if case.pack_digest == pack.digest else replace(case, pack_digest=pack.digest)
    asked = pack.in_force(case.on, *stages)
    findings = []
    for rule in asked:
        # Nearly every answer is this one, so it is taken on the shortest way.
        try:
            answer = rule.check(bound)
        except KeyboardInterrupt:  # who stops the exchange, which is no rule
            raise
        except BaseException as error:  # noqa: BLE001 - a plug-in's rule may raise anything
            findings.append(_raised(rule, error, pack))
            continue
        if answer.__class__ is not Answer or answer.outcome is not _CLEAR:
            findings.append(_finding(rule, answer, pack))
    # Rules of the exchange itself judge no product: without the others nothing was applied.
    judged = bool(pack.names_in_force(case.on, _DECISIVE[stages]))
    return Review(
        findings=tuple(findings),
        rules_applied=pack.names_in_force(case.on, *stages) if judged else (),
        pack_digest=pack.digest,
        on=case.on,
    )


def ask(rule: Rule, case: Case, pack: RulePack) -> Finding:
    """Ask one rule as a review does, and say what it answers, clear or not."""
    try:
        answer = rule.check(case)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        return _raised(rule, error, pack)
    if answer.__class__ is Answer and answer.outcome is _CLEAR:
        said = answer.message, answer.evidence, answer.unlock
        return _told(rule, rule.severity, _CLEAR, pack, *said)
    return _finding(rule, answer, pack)


def _finding(rule: Rule, answer: object, pack: RulePack) -> Finding:
    try:
        outcome = answer.outcome  # type: ignore[attr-defined]  # or it raises
        if outcome.__class__ is not Outcome:
            outcome = Outcome(outcome)  # or it raises
        if outcome is _CLEAR:  # said by something that is no answer
            return _raised(rule, TypeError(), pack)
        said = answer.message, answer.evidence, getattr(answer, "unlock", "")  # type: ignore[attr-defined]
        return _told(rule, rule.severity, outcome, pack, *said)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - what it answered with may be anything
        return _raised(rule, error, pack)


def _raised(rule: Rule, error: BaseException, pack: RulePack) -> Finding:
    """Return the finding on a broken rule.

    Only the class is told: an exception's text may quote the data.  Even advice that cannot be had
    stops the case, since a broken rule says that the pack is not the one reviewed.
    """
    severity = rule.severity if rule.severity.stops else Severity.BLOCK
    words = f"raised {type(error).__name__}"
    return _told(rule, severity, Outcome.NOT_EVALUATED, pack, words, unlock=MENDED)


def _told(
    rule: Rule,
    severity: Severity,
    outcome: Outcome,
    pack: RulePack,
    message: str,
    evidence: str = "",
    unlock: str = "",
) -> Finding:
    basis = rule.basis[pack.jurisdiction]
    way = unlock or rule.unlock
    return _finding_of(rule.id, severity, outcome, message, basis, evidence, way)


@said_again
def _finding_of(
    rule: str,
    severity: Severity,
    outcome: Outcome,
    message: str,
    basis: str,
    evidence: str,
    unlock: str,
) -> Finding:
    """Return the finding, its words masked; they are masked when it is first said, not again."""
    said = _masked(message), basis, _masked(evidence), _masked(unlock)
    return Finding(rule, severity, outcome, *said)


def _masked(words: str) -> str:
    return _LONG_NUMBER.sub("…", words)

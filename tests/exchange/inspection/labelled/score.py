"""How well findings match the labels: per table, per finding and per rule.

A table counts as a hit where it must be blocked and is (precision and recall of the bar).  An
unsafe error is a table that must be blocked and would pass, or only draw advice.  The rules are
scored over every pair of table and rule together (micro F1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from exchange.inspection.anonymity import RELEASE
from exchange.profile import Profile
from tests.exchange.inspection.labelled.case import METADATA, QUASI, TABLE, Case, Label, Verdict

# Whether a finding is certain, by column and kind.
Found = Mapping[tuple[str, str], bool]

_DIRECT: Final = frozenset(
    {"resident_id", "mobile", "bank_card", "passport", "permit", "email", "national_id"}
)
_ATTRIBUTION: Final = frozenset({"person_name", "email", "address"})
_SENSITIVE: Final = frozenset({"health", "bank_card", "trace", "biometric"})
_IMPERSONAL: Final = frozenset({"credit_code", "secrecy_mark", "credential", QUASI})
UNSURE: Final = frozenset({"account"})  # which nothing proves
KINDS: Final = _DIRECT | _ATTRIBUTION | _SENSITIVE | _IMPERSONAL | UNSURE | {"plate", "coordinates"}

_OF_KINDS: Final = {
    "I-09": _DIRECT,
    "I-03": _SENSITIVE,
    "I-11": frozenset({"trace"}),
    "I-15": frozenset({"biometric"}),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found in the table of one case; `error` is why it could not be read, if so."""

    case: Case
    found: Found
    error: str = ""

    def misses(self) -> tuple[str, ...]:
        """Say what differs from the labels, in words; empty if nothing does."""
        if self.error:
            return (f"not read: {self.error}",)
        missing = [
            f"misses {'/'.join(label.kinds)} ({_surely(certain=label.certain)}) in "
            f"{', '.join(sorted(columns))}"
            for columns, label in self.case.labels()
            if not any(_matches(key, columns, label, sure=sure) for key, sure in self.found.items())
        ]
        extra = [
            f"finds {kind} ({_surely(certain=sure)}) in {column}"
            for (column, kind), sure in self.found.items()
            if not any(
                _matches((column, kind), columns, label, sure=sure)
                for columns, label in self.case.labels()
            )
        ]
        return (*missing, *extra)


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of the bars; every share is between 0 and 1, `unsafe` are names of cases."""

    precision: float
    recall: float
    unsafe: tuple[str, ...]
    rule_f1: float
    finding_precision: float
    finding_recall: float
    verdicts: float


def found(profile: Profile) -> Found:
    """Return the findings of a profile as labels name them."""
    strongest: dict[tuple[str, str], bool] = {}
    for finding in profile.sensitive:
        key = (finding.column, str(finding.kind))
        strongest[key] = strongest.get(key, False) or finding.certain
    groups = profile.anonymity
    if groups is not None and groups.k < RELEASE:
        # Alone in a group and beside a sensitive value, a person is known by it (I-03).
        strongest[TABLE, QUASI] = groups.k == 1 and bool(groups.diversity)
    return strongest


def rules_of(findings: Iterable[tuple[str, str, bool]]) -> dict[str, Verdict]:
    """Return the rules that these findings (column, kind, certain) fire, with what each asks.

    The sheet is taken to declare no persons and to bring no evidence.
    """
    rules: dict[str, Verdict] = {}
    for column, kind, sure in findings:
        for rule, verdict in _fired(column, kind, sure=sure):
            rules[rule] = max(verdict, rules.get(rule, verdict), key=lambda each: each.weight)
    return rules


def _fired(column: str, kind: str, *, sure: bool) -> Iterable[tuple[str, Verdict]]:
    verdict = Verdict.BLOCK if sure else Verdict.ATTEST
    if kind in _IMPERSONAL:
        rule = {"credential": "F-07", "secrecy_mark": "D-04", QUASI: "I-08"}.get(kind)
        if rule:
            yield rule, Verdict.ATTEST if kind == QUASI else verdict
        if kind == QUASI and sure:
            yield "I-03", Verdict.BLOCK
    elif column == METADATA and kind in _ATTRIBUTION:
        yield "I-12", Verdict.ADVISE
    elif not sure:
        yield ("G-10" if kind == "trace" else "I-10"), Verdict.ATTEST
    else:
        yield "I-01", Verdict.BLOCK
        yield from ((rule, Verdict.BLOCK) for rule, kinds in _OF_KINDS.items() if kind in kinds)
        if column == METADATA:
            yield "I-12", Verdict.ADVISE


def expected_rules(case: Case, seen: Found | None = None) -> dict[str, Verdict]:
    """Return the rules that the labels fire.

    Where a label allows several kinds, the one that was seen stands for it, or the first.
    """
    seen = seen or {}
    chosen = [
        (
            next(iter(columns)),
            next((k for k in label.kinds if any((c, k) in seen for c in columns)), label.kinds[0]),
            label.certain,
        )
        for columns, label in case.labels()
    ]
    return rules_of(chosen)


def verdict_of(rules: Mapping[str, Verdict]) -> Verdict:
    """Return the strictest verdict of the rules, or a pass."""
    return max(rules.values(), key=lambda each: each.weight, default=Verdict.PASS)


def judged(outcome: Outcome) -> Verdict:
    """Return the verdict that the findings bring; a file that cannot be read is stopped."""
    if outcome.error:
        return Verdict.BLOCK
    return verdict_of(_rules_found(outcome))


def score(outcomes: Iterable[Outcome]) -> Score:
    """Return the figures of the bars over all these tables.

    A table that could not be read is right nowhere: it counts as a miss in every share.
    """
    outcomes = tuple(outcomes)
    must = [each for each in outcomes if each.case.judged is Verdict.BLOCK]
    hits = [each for each in must if not each.error and judged(each) is Verdict.BLOCK]
    blocked = [each for each in outcomes if judged(each) is Verdict.BLOCK]
    wanted, seen, both = _pairs(outcomes)
    labels = sum(len(each.case.labels()) for each in outcomes)
    missing = sum(
        sum(miss.startswith("misses") for miss in each.misses())
        if not each.error
        else len(each.case.labels())
        for each in outcomes
    )
    findings = sum(len(each.found) for each in outcomes)
    extra = sum(sum(m.startswith("finds") for m in each.misses()) for each in outcomes)
    right = sum(not each.error and judged(each) is each.case.judged for each in outcomes)
    return Score(
        precision=_share(len(hits), len(blocked)),
        recall=_share(len(hits), len(must)),
        unsafe=tuple(
            each.case.name for each in must if judged(each) in (Verdict.PASS, Verdict.ADVISE)
        ),
        rule_f1=_share(2 * both, wanted + seen),
        finding_precision=_share(findings - extra, findings),
        finding_recall=_share(labels - missing, labels),
        verdicts=_share(right, len(outcomes)),
    )


def _pairs(outcomes: Iterable[Outcome]) -> tuple[int, int, int]:
    """Count the pairs of table and rule: expected, fired, and both."""
    wanted = seen = both = 0
    for outcome in outcomes:
        expected = set(expected_rules(outcome.case, outcome.found))
        fired = set(_rules_found(outcome))
        wanted, seen, both = (
            wanted + len(expected),
            seen + len(fired),
            both + len(expected & fired),
        )
    return wanted, seen, both


def _rules_found(outcome: Outcome) -> dict[str, Verdict]:
    return rules_of((column, kind, sure) for (column, kind), sure in outcome.found.items())


def _matches(key: tuple[str, str], columns: frozenset[str], label: Label, *, sure: bool) -> bool:
    column, kind = key
    attribution = column == METADATA and kind in _ATTRIBUTION  # advised on however certain
    return column in columns and kind in label.kinds and (attribution or sure is label.certain)


def _surely(*, certain: bool) -> str:
    return "certain" if certain else "reported"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0

"""The contract of a rule pack, for its author to run.

Subclass `RulePackContract` in a test module, name the pack and give cases that reach as far
into the rules as you can make them; the promises hold on those cases and on variations of
them, not on cases nobody thought of.

    class TestMyRules(RulePackContract):
        pack = PACK
        listing_cases = (clean, with_personal_data)
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from exchange.compliance.case import Case, ListingCase, PlatformCase, TradeCase
from exchange.compliance.evidence import Attestation, Opinion, Party, is_digest
from exchange.compliance.review import (
    BEFORE_DELIVERY,
    BEFORE_LISTING,
    OF_THE_EXCHANGE,
    Review,
    ask,
    review_delivery,
    review_listing,
    review_platform,
    review_trade,
)
from exchange.compliance.rule import Answer, Outcome, Rule, RulePack, Stage, is_attested
from exchange.formats.chinese import left_in_english
from exchange.participants import Role, Standing
from exchange.profile import SensitiveFinding, SensitiveKind
from exchange.quality import QualityReview
from exchange.vetting import Decision, Vetting

_LONG_NUMBER = re.compile(r"\d{11,}")
_PAPER = "ab" * 32  # stands for the digest of a document


def undescribed(pack: RulePack) -> Iterator[str]:
    """Name the rules that leave their reader without words, basis, evidence or a way out."""
    if not pack.rules:
        yield f"{pack.name} has no rules"
    for rule in pack.rules:
        words = {
            "id": rule.id,
            "statement": rule.statement,
            "basis": rule.basis.get(pack.jurisdiction, ""),
            "evidence": rule.evidence,
            "unlock": rule.unlock,
        }
        for name, text in words.items():
            if not text.strip():
                yield f"{rule.id}: no {name}"
        dates = rule.effective_from, rule.effective_to
        if dates[0] and dates[1] and dates[0] > dates[1]:
            yield f"{rule.id}: never in force"


def untranslated(pack: RulePack, *cases: Case) -> Iterator[str]:
    """Name what a pack says in English to who reads Chinese, by its rules and on the cases.

    A pack that has no Chinese at all says everything as it is, and is not named.
    """
    if pack.chinese:
        said = {
            (rule.id, text)
            for rule in pack.rules
            for text in (rule.statement, rule.evidence, rule.unlock)
        }
        said |= {
            (rule.id, text)
            for case in cases
            for rule in pack.rules
            if rule.stage in stages_of(case)
            for answered in [ask(rule, case, pack)]
            for text in (answered.message, answered.unlock)
        }
        for rule_id, text in sorted(said):
            if left_in_english(text, pack.chinese):
                yield f"{rule_id}: no Chinese of {text!r}"


def stages_of(case: Case) -> tuple[Stage, ...]:
    """Return the stages whose rules such a case may be asked."""
    if isinstance(case, ListingCase):
        return BEFORE_LISTING
    return BEFORE_DELIVERY if isinstance(case, TradeCase) else OF_THE_EXCHANGE


def misbehaved(pack: RulePack, case: Case) -> Iterator[str]:
    """Name the rules that raise on the case, or whose answer is none or quotes a long number."""
    stages = stages_of(case)
    for rule in pack.rules:
        if rule.stage not in stages:
            continue
        try:
            answer: object = rule.check(case)
        except KeyboardInterrupt:  # who stops the tests, which is no rule
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is reported
            yield f"{rule.id}: raised {type(error).__name__}"
            continue
        if not isinstance(answer, Answer):
            yield f"{rule.id}: answered with a {type(answer).__name__}"
        elif answer.outcome not in list(Outcome):
            yield f"{rule.id}: answered {answer.outcome!r}, which is no outcome"
        elif _LONG_NUMBER.search(answer.message + answer.evidence):
            yield f"{rule.id}: its message may quote a value"


def forgetful(pack: RulePack, case: Case) -> Iterator[str]:
    """Name the rules that answer one case in two ways: no verdict could be reached again."""
    stages = stages_of(case)
    for rule in pack.rules:
        if rule.stage in stages and rule.check(case) != rule.check(replace(case)):
            yield f"{rule.id}: answers the same case in two ways"


def not_monotone(pack: RulePack, case: ListingCase) -> Iterator[str]:
    """Name the rules that evidence hurts, or that a finding or a gap in knowledge helps."""
    before = _stopped(review_listing(case, pack))
    for what, richer in with_more_evidence(case, pack):
        for rule in sorted(_stopped(review_listing(richer, pack)) - before):
            yield f"{rule}: stops the case after {what} was added"
    for what, worse in (*with_more_findings(case), *with_less_known(case)):
        for rule in sorted(before - _stopped(review_listing(worse, pack))):
            yield f"{rule}: lets the case pass after {what}"


def unsaid(pack: RulePack, case: ListingCase) -> Iterator[str]:
    """Name the rules that an attestation clears though neither severity nor unlock says so.

    The exchange takes none that passes such a rule: its way out would be closed.
    """
    heard = [rule for rule in pack.rules if is_attested(rule.severity, rule.unlock)]
    some = _stopped(review_listing(_attested(case, pack, heard), pack))
    every = _stopped(review_listing(_attested(case, pack, pack.rules), pack))
    for rule in sorted(some - every):
        yield f"{rule}: cleared by an attestation, of which its unlock does not speak"


def with_more_evidence(case: ListingCase, pack: RulePack) -> Iterator[tuple[str, ListingCase]]:
    """Yield the case with a full attestation, with an expert's review, with every paper."""
    data = case.profile.data if case.profile is not None else _PAPER
    expert = _reviewer(Role.QUALITY_EXPERT)
    yield "an attestation", _attested(case, pack, pack.rules)
    if case.quality is not None:
        score = case.quality.score
        review = QualityReview(expert.id, case.sheet.digest, data, score, _PAPER, 0)
        yield (
            "a review",
            replace(
                case,
                reviews=(*case.reviews, review),
                reviewers={**case.reviewers, expert.id: expert},
            ),
        )
    reviewer = _reviewer(Role.REVIEWER)
    newest = max((each.version for each in case.vettings or ()), default=0) + 1
    approval = Vetting(reviewer.id, case.sheet.digest, data, pack.digest, Decision.APPROVED, newest)
    yield (
        "an approval",
        replace(
            case,
            vettings=(*(case.vettings or ()), approval),
            reviewers={**case.reviewers, reviewer.id: reviewer},
        ),
    )
    yield "every paper", _with_papers(case)


def _attested(case: ListingCase, pack: RulePack, rules: Iterable[Rule]) -> ListingCase:
    """Return the case with a pass of the rules by one more assessor."""
    assessor = _reviewer(Role.COMPLIANCE_ASSESSOR)
    attestation = Attestation(
        assessor=assessor.id,
        sheet=case.sheet.digest,
        data=case.profile.data if case.profile is not None else _PAPER,
        rule_pack=pack.digest,
        outcome=Opinion.PASSED,
        rules=tuple(rule.id for rule in rules),
        issued_on=case.on,
        valid_until=case.on + dt.timedelta(days=1),
        version=1,
    )
    return replace(
        case,
        attestations=(*case.attestations, attestation),
        reviewers={**case.reviewers, assessor.id: assessor},
    )


def with_more_findings(case: ListingCase) -> Iterator[tuple[str, ListingCase]]:
    """Yield the case with one more sensitive finding of each kind, place and certainty."""
    if case.profile is None:
        return
    columns = [column.name for column in case.profile.columns[:1]]
    for kind in SensitiveKind:
        for column in (*columns, "(metadata)"):
            for certain in (False, True):
                finding = SensitiveFinding(column, kind, 1, 1, certain, "conformance")
                found = replace(case.profile, sensitive=(*case.profile.sensitive, finding))
                yield f"{kind} was found", replace(case, profile=found)


def with_less_known(case: ListingCase) -> Iterator[tuple[str, ListingCase]]:
    """Yield the case with one thing unknown that was known."""
    yield "the profile was hidden", replace(case, profile=None)
    yield "the supplier was hidden", replace(case, supplier=None)
    yield "the quality report was hidden", replace(case, quality=None)
    yield "the disputes were hidden", replace(case, open_disputes=None)
    yield "what the data is like was hidden", replace(case, similar=None)
    yield "the notice was hidden", replace(case, notice_ended=None)
    yield "the attestations were hidden", replace(case, attestations=())
    yield "the reviews were hidden", replace(case, reviews=())
    yield "the vettings were hidden", replace(case, vettings=None)
    yield "the reviewers were hidden", replace(case, reviewers={})
    yield "the inspection was hidden", replace(case, intake=None)
    yield "the right to operate was hidden", replace(case, operates=None)
    yield "the parents were hidden", replace(case, parents=None)
    yield "the sample was hidden", replace(case, sampled=None)
    yield "the exchange was hidden", replace(case, platform=None)


def _with_papers(case: ListingCase) -> ListingCase:
    persons = case.sheet.personal_data
    sheet = replace(
        case.sheet,
        sources=tuple(
            replace(source, evidence=_paper(source.evidence)) for source in case.sheet.sources
        ),
        personal_data=replace(
            persons,
            legal_basis=persons.legal_basis or "consent",
            consent_evidence=_paper(persons.consent_evidence),
            impact_assessment=_paper(persons.impact_assessment),
        ),
    )
    # Whoever signed the old sheet is taken to sign the new one: the papers are what is added.
    old, new = case.sheet_digest or case.sheet.digest, sheet.digest
    quality = case.quality
    if quality is not None and quality.sheet == old:
        quality = replace(quality, sheet=new)
    return replace(
        case,
        sheet=sheet,
        sheet_digest=new,
        quality=quality,
        attestations=tuple(
            replace(act, sheet=new) if act.sheet == old else act for act in case.attestations
        ),
        reviews=tuple(replace(act, sheet=new) if act.sheet == old else act for act in case.reviews),
        vettings=case.vettings
        and tuple(replace(act, sheet=new) if act.sheet == old else act for act in case.vettings),
    )


def _paper(given: str) -> str:
    return given if is_digest(given) else _PAPER


def _reviewer(role: Role) -> Party:
    name = f"conformance-{role}"
    return Party(name, (role,), Standing.ADMITTED, named=True, coded=True, organisation=name)


def _stopped(review: Review) -> frozenset[str]:
    return frozenset(finding.rule for finding in review.blocking)


class RulePackContract:
    """What every rule pack promises; see the module's docstring."""

    pack: ClassVar[RulePack]
    listing_cases: ClassVar[tuple[ListingCase, ...]] = ()
    trade_cases: ClassVar[tuple[TradeCase, ...]] = ()
    platform_cases: ClassVar[tuple[PlatformCase, ...]] = ()

    @property
    def cases(self) -> tuple[Case, ...]:
        """All the cases given; the promises are about cases, and hold of none by themselves."""
        given = (*self.listing_cases, *self.trade_cases, *self.platform_cases)
        _expect_none(() if given else ("give cases: listing_cases, trade_cases or platform_cases",))
        return given

    def test_every_rule_has_its_words(self) -> None:
        """Statement, basis, evidence and unlock are there to be read."""
        _expect_none(undescribed(self.pack))

    def test_who_reads_chinese_is_told_all_or_nothing_in_it(self) -> None:
        """A pack that gives Chinese gives it of all that it says: by its rules, on every case."""
        _expect_none(untranslated(self.pack, *self.cases))

    def test_no_rule_raises_or_quotes_a_value(self) -> None:
        """A check answers whatever the case, in words of its own."""
        for case in self.cases:
            _expect_none(misbehaved(self.pack, case))

    def test_the_same_case_is_answered_alike_again(self) -> None:
        """A check has no memory, no clock and no chance: a verdict can be reached again."""
        for case in self.cases:
            _expect_none(forgetful(self.pack, case))

    def test_a_rule_is_in_force_today_or_says_until_when_it_is_not(self) -> None:
        """Some rule of every stage that the pack has at all is in force on each case's day."""
        stages = {rule.stage for rule in self.pack.rules}
        for case in self.cases:
            wanted = stages.intersection(stages_of(case))
            found = {rule.stage for rule in self.pack.in_force(case.on)}
            _expect_none(f"no {stage} rule is in force on {case.on}" for stage in wanted - found)

    def test_evidence_never_hurts_and_findings_never_help(self) -> None:
        """The verdict is monotone; what is not known never helps either."""
        _expect_none(
            fault for case in self.listing_cases for fault in not_monotone(self.pack, case)
        )

    def test_a_rule_that_an_attestation_clears_says_so(self) -> None:
        """Who asks for an assessor's word says so, by the severity or in what unlocks the rule."""
        _expect_none(fault for case in self.listing_cases for fault in unsaid(self.pack, case))

    def test_an_order_without_facts_does_not_pass(self) -> None:
        """Trade rules, where the pack has any, refuse an order of which nothing is known."""
        bare = [TradeCase(sheet=case.sheet, on=case.on) for case in self.trade_cases]
        reviews = [review_trade(case, self.pack) for case in bare]
        _expect_none("an order without facts passes" for review in reviews if review.passed)
        deliveries = [review_delivery(case, self.pack) for case in bare]
        _expect_none("a delivery without facts passes" for review in deliveries if review.passed)

    def test_an_exchange_without_facts_does_not_pass(self) -> None:
        """Platform rules, where the pack has any, refuse an exchange of which nothing is known."""
        bare = [PlatformCase(on=case.on) for case in self.platform_cases]
        reviews = [review_platform(case, self.pack) for case in bare]
        _expect_none("an exchange without facts passes" for review in reviews if review.passed)


def _expect_none(faults: Iterable[str]) -> None:
    found = list(faults)
    if found:
        raise AssertionError("\n".join(found))

"""The gate over the real services: how long a verdict holds, what ends it, how it is replayed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest

from exchange.board import Search
from exchange.clock import SimulatedClock
from exchange.compliance import (
    Answer,
    Exported,
    Outcome,
    Party,
    Rule,
    RulePack,
    Severity,
    Site,
    Stage,
    clear,
    fired,
    review_listing,
    review_platform,
)
from exchange.compliance.archive import rebuild
from exchange.compliance.catalogue.intake import UNANSWERED
from exchange.compliance.european import PACK as EU
from exchange.documents import DocumentKind
from exchange.errors import BadField, Forbidden, NotCompliant
from exchange.lapsing import Lapsing
from exchange.listing import ListingState
from exchange.ports import Floor, UnitOfWork
from exchange.profile import SensitiveFinding, SensitiveKind
from exchange.records import read_stored, to_record
from exchange.scenarios import Decision
from exchange.services.acting import record_for_house
from exchange.services.adopt_pack import adopt_pack
from exchange.services.assess_product import attestations_of
from exchange.services.build_case import (
    _exported,
    ancestors_of,
    carried_rules,
    floors_of,
    listing_case,
    parents_of,
    platform_case,
    trade_case,
)
from exchange.services.explain_suspension import lapsed_at
from exchange.services.lapse_listings import Lapsed, lapse_listings
from exchange.services.list_product import judge
from exchange.services.register_product import profile_of
from exchange.services.replay_verdicts import Replay, Replayed, replay_verdicts
from exchange.services.search_board import search_board
from exchange.specsheet import SpecSheet
from exchange.trading import Terms, Trade, TradeState
from ledger.acts import format_time
from ledger.canonical import decode, encode
from tests.exchange.floor import (
    ATTESTED,
    COMMENTS,
    DATA,
    DERIVATION,
    DERIVED,
    EVIDENCE,
    NOTICE,
    REPORT,
    SHEET,
    Hall,
    open_hall,
    sheet,
)
from tests.exchange.services.test_scenarios import waiting


def replayed(hall: Hall, *packs: RulePack) -> list[Replay]:
    known = {pack.digest: pack for pack in (*packs, hall.floor.pack)}
    return replay_verdicts(hall.number, packs=known, floor=hall.floor)


def under(hall: Hall, pack: RulePack) -> Floor:
    """The floor of an exchange that has adopted another pack, and the desk of who works there."""
    floor = replace(hall.floor, pack=pack)
    hall.venue.__dict__ |= {"pack": pack}
    hall.venue.__dict__.pop("floor", None)
    adopt_pack(floor=floor)
    return floor


def reason(hall: Hall) -> str:
    with hall.floor.read() as work:
        found = next(work.chain.store.of_kind(f"product/{hall.number}", "listing.suspended"))
        return str(found.facts["reason"])


def board(hall: Hall) -> list[str]:
    with hall.floor.read() as work:
        return [line.number for line in search_board(Search(), work=work, floor=hall.floor).lines]


# How long it holds.


def test_a_listing_is_off_the_board_the_day_after_its_verdict_ends(listed: Hall) -> None:
    until = dt.date.fromisoformat(listed.product().valid_until or "")
    listed.advance(days=(until - listed.today).days)
    assert board(listed) == [listed.number]
    listed.advance(days=1)
    assert board(listed) == []
    assert listed.product().listing is ListingState.LISTED  # nobody has written yet
    assert listed.product().as_of(listed.today).listing is ListingState.SUSPENDED


def test_the_writer_that_finds_a_lapse_records_it_and_is_refused(listed: Hall) -> None:
    listed.advance(days=400)
    size = listed.size
    with pytest.raises(NotCompliant, match="what its verdict rests on ended"):
        listed.scenario()
    assert listed.size == size + 1
    assert listed.product().listing is ListingState.SUSPENDED
    with pytest.raises(NotCompliant, match="is suspended"):
        listed.scenario()
    assert listed.size == size + 1


def test_a_delivery_stops_with_the_listing(hall: Hall) -> None:
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    hall.attest(hall.number, days=30)
    hall.review(hall.number)
    hall.advance(hours=1)
    hall.supplier.list(hall.number)
    hall.deposit()
    trade = hall.contract()
    hall.advance(days=31)
    with pytest.raises(NotCompliant, match="what its verdict rests on ended"):
        hall.supplier.deliver(trade.id, hall.folder.parent)
    assert hall.product().listing is ListingState.SUSPENDED


def test_a_rule_not_yet_in_force_ends_a_verdict_that_does_not_keep_it(hall: Hall) -> None:
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    early = [rule for rule in ATTESTED if rule not in {"C-01", "C-02"}]
    until = hall.today + dt.timedelta(days=365)
    hall.assessor.attest(hall.number, early, report=b"seen", until=until, passed=True)
    hall.review(hall.number)
    hall.advance(hours=1)
    product, _ = hall.supplier.list(hall.number)
    assert product.valid_until == "2026-06-30"  # GB/T 37932-2025 is law from the day after


def test_evidence_that_ends_takes_the_listing_with_it(hall: Hall) -> None:
    hall.number = hall.prepare()
    until = hall.today + dt.timedelta(days=10)
    kind = DocumentKind.SOURCE_PROOF
    hall.supplier.attach(hall.number, kind, EVIDENCE, name="log.txt", until=until)
    product, _ = hall.supplier.list(hall.number)
    assert product.valid_until == until.isoformat()
    hall.advance(days=11)
    assert {each.number for each in lapse_listings(floor=hall.floor).suspended} == {hall.number}
    with pytest.raises(NotCompliant, match="S-02: the evidence of source 1 has ended"):
        hall.supplier.list(hall.number)


def test_what_is_attested_again_holds_for_longer_at_once(listed: Hall) -> None:
    listed.advance(days=300)
    assert lapse_listings(floor=listed.floor) == Lapsed()
    listed.attest()
    until = listed.today + dt.timedelta(days=365)
    assert listed.product().valid_until == until.isoformat()
    assert lapse_listings(floor=listed.floor) == Lapsed()
    assert [each.outcome for each in replayed(listed)] == [Replayed.IDENTICAL] * 2


# What else ends it.


def test_an_assessor_that_is_suspended_takes_what_it_attested_with_it(listed: Hall) -> None:
    listed.house.suspend(listed.participant("assessor"), "it signed for money")
    assert listed.product().listing is ListingState.SUSPENDED
    assert reason(listed).endswith("on whose word it rests, is suspended")


def test_an_expert_that_is_suspended_takes_what_it_reviewed_with_it(listed: Hall) -> None:
    listed.house.suspend(listed.participant("expert"), "it signed for money")
    assert listed.product().listing is ListingState.SUSPENDED
    assert reason(listed).endswith("on whose word it rests, is suspended")


def test_an_assessor_that_takes_its_word_back_takes_the_listing_with_it(listed: Hall) -> None:
    """A refusal counts at once, and not only when the job next comes by."""
    assert listed.attest(passed=False).listing is ListingState.SUSPENDED
    assert listed.product().listing is ListingState.SUSPENDED
    assert reason(listed) == "assessor has refused it"
    with pytest.raises(NotCompliant, match="an assessor refused"):
        listed.supplier.list(listed.number)


def test_another_pass_leaves_the_listing_where_it_is(listed: Hall) -> None:
    assert listed.attest().listing is ListingState.LISTED


def test_an_attestation_may_end_today_and_a_product_stands_at_the_last_word(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    with pytest.raises(BadField, match="the attestation has ended already"):
        hall.attest(number, days=-1)
    attested = hall.attest(number, days=0)
    assert attested == hall.product(number)
    reviewed = hall.expert.review(number, "0.95", COMMENTS)
    assert reviewed == hall.product(number)
    assert reviewed.head != attested.head


def test_a_refusal_may_hold_for_longer_than_a_pass(listed: Hall) -> None:
    assert listed.attest(days=2 * 365, passed=False).listing is ListingState.SUSPENDED


def test_who_spoke_of_an_older_sheet_takes_nothing_with_it(listed: Hall) -> None:
    listed.supplier.submit_sheet(listed.number, sheet(use_cases=["another use"]))
    until = listed.today + dt.timedelta(days=30)
    counsel = listed.desk("counsel")
    counsel.attest(listed.number, ATTESTED, report=b"seen", until=until, passed=True)
    listed.review()
    listed.supplier.list(listed.number)
    listed.house.suspend(listed.participant("assessor"), "struck off")
    assert listed.product().listing is ListingState.LISTED


def test_a_reviewer_that_is_suspended_takes_what_it_vetted_with_it(listed: Hall) -> None:
    listed.house.suspend(listed.participant("reviewer"), "under investigation")
    assert listed.product().listing is ListingState.SUSPENDED
    assert reason(listed).endswith("on whose word it rests, is suspended")


def identify(hall: Hall, until: dt.date) -> None:
    supplier = hall.participant("supplier")
    hall.house.verify(supplier, [b"a business licence"], signatory="李四", until=until)


def test_what_is_attested_again_before_its_end_holds_longer_though_no_job_comes_by(
    hall: Hall,
) -> None:
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    hall.attest(days=10)
    hall.review()
    hall.advance(seconds=NOTICE)
    hall.supplier.list(hall.number)
    hall.advance(days=8)
    size = hall.size
    until = (hall.today + dt.timedelta(days=20)).isoformat()
    assert hall.attest(days=20).valid_until == until
    assert hall.size == size + 2  # the attestation and the verdict
    hall.attest(days=5)  # which adds nothing
    assert hall.size == size + 3
    hall.advance(days=20)
    assert board(hall) == [hall.number]
    assert lapse_listings(floor=hall.floor) == Lapsed()
    hall.advance(days=1)
    assert board(hall) == []


def test_data_grows_old_on_the_board_without_leaving_it(hall: Hall) -> None:
    """How timely it was is judged on the day of the verdict: the job measures nothing anew."""
    physical = SHEET["physical"] | {"update_frequency": "daily", "increment_rows": 2}
    identify(hall, hall.today + dt.timedelta(days=100))
    hall.list(sheet(physical=physical))
    hall.advance(days=90)
    assert lapse_listings(floor=hall.floor) == Lapsed()
    identify(hall, hall.today + dt.timedelta(days=100))  # which would do for a later verdict
    assert lapse_listings(floor=hall.floor) == Lapsed()
    hall.house.suspend_listing(hall.number, "a complaint")
    with pytest.raises(NotCompliant, match="Q-05"):
        hall.supplier.list(hall.number)


def test_who_has_assessed_nothing_takes_nothing_with_it(listed: Hall) -> None:
    listed.house.suspend(listed.participant("rival"), "it did not pay")
    assert listed.product().listing is ListingState.LISTED


def test_a_pack_that_words_a_rule_otherwise_ends_what_was_attested_under_the_old(
    listed: Hall,
) -> None:
    pack = listed.floor.pack
    changed = tuple(
        replace(rule, statement="Nothing for crime") if rule.id == "C-03" else rule
        for rule in pack.rules
    )
    under(listed, RulePack("cn", "CN", "next", changed))
    assert listed.product().listing is ListingState.SUSPENDED
    assert (
        reason(listed)
        == "the exchange adopted the pack cn next: C-03: no assessor has answered for it"
    )


def test_a_pack_that_words_every_rule_alike_leaves_the_board_as_it_is(listed: Hall) -> None:
    pack = listed.floor.pack
    under(listed, RulePack("cn", "CN", "next", pack.rules))
    assert listed.product().listing is ListingState.LISTED
    assert board(listed) == [listed.number]
    listed.order()
    # A new verdict wants an attestation under the pack that is in force.
    listed.house.suspend_listing(listed.number, "a complaint")
    with pytest.raises(NotCompliant, match="made under another rule pack"):
        listed.supplier.list(listed.number)


def test_what_was_attested_for_orders_counts_as_long_as_for_the_listing(listed: Hall) -> None:
    """A new pack kept data of persons on the board and let nobody order it."""
    until = listed.today + dt.timedelta(days=365)
    rules = [*ATTESTED, "T-03"]
    listed.assessor.attest(listed.number, rules, report=REPORT, until=until, passed=True)
    scenario = listed.scenario()

    def answered() -> Answer:
        with listed.floor.read() as work:
            product, buyer = listed.product(), listed.participant("buyer")
            of = work.scenarios.get(scenario)
            case = trade_case(of, product, buyer, work=work, floor=listed.floor)
        return case.signed("T-03", UNANSWERED)

    pack = listed.floor.pack
    assert answered().outcome is Outcome.CLEAR
    other = [
        replace(rule, statement="Otherwise") if rule.id == "T-03" else rule for rule in pack.rules
    ]
    under(listed, RulePack("cn", "CN", "2", tuple(other)))
    assert answered() == UNANSWERED
    under(listed, RulePack("cn", "CN", "3", pack.rules))
    assert answered().outcome is Outcome.CLEAR
    listed.house.suspend_listing(listed.number, "a complaint")
    assert answered() == UNANSWERED  # a new verdict wants an attestation under the present pack


def test_the_pack_of_the_union_ends_what_was_attested_under_chinese_law(listed: Hall) -> None:
    under(listed, EU)
    assert listed.product().listing is ListingState.SUSPENDED


def test_a_new_rule_that_fires_ends_a_listing(listed: Hall) -> None:
    new = Rule(
        id="Z-01",
        statement="Nothing is sold",
        basis={"CN": "an article"},
        severity=Severity.BLOCK,
        check=lambda _: fired("it is sold"),
        evidence="none",
    )
    pack = listed.floor.pack
    under(listed, RulePack("cn", "CN", "next", (*pack.rules, new)))
    assert reason(listed) == "the exchange adopted the pack cn next: Z-01: it is sold"


def test_the_words_of_a_pack_are_on_record_under_its_digest(listed: Hall) -> None:
    with listed.floor.read() as work:
        words = decode(work.records.get(listed.floor.pack.digest))
    assert len(words["rules"]) == len(listed.floor.pack.rules)
    other = RulePack("cn", "CN", "next", listed.floor.pack.rules)
    assert other.unchanged_since(listed.floor.pack.record) == {rule.id for rule in other.rules}
    stricter = replace(other.rules[0], severity=Severity.REJECT, unlock="never")
    assert other.rules[0].id not in RulePack("cn", "CN", "3", (stricter,)).unchanged_since(
        listed.floor.pack.record
    )


# Another jurisdiction.


def test_an_exchange_lists_and_refuses_under_union_law(hall: Hall) -> None:
    under(hall, EU)
    rules = [rule for rule in ATTESTED if rule in {each.id for each in EU.rules}]
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    until = hall.today + dt.timedelta(days=365)
    hall.review(number)
    hall.advance(hours=1)
    with pytest.raises(NotCompliant) as caught:
        hall.supplier.list(number)
    assert "T-05" in caught.value.rules
    with hall.floor.read() as work:
        review = judge(work.products.get(number), work=work, floor=hall.floor).review
    bases = {finding.rule: finding.basis for finding in review.findings}
    assert bases["T-05"] == "GDPR 42, 43"
    hall.assessor.attest(number, rules, report=b"seen", until=until, passed=True)
    product, review = hall.supplier.list(number)
    assert product.listing is ListingState.LISTED
    assert review.pack_digest == EU.digest


def test_union_law_asks_for_the_expert_and_compares_what_it_says(hall: Hall) -> None:
    under(hall, EU)
    rules = [rule for rule in ATTESTED if rule in {each.id for each in EU.rules}]
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    until = hall.today + dt.timedelta(days=365)
    hall.assessor.attest(number, rules, report=b"seen", until=until, passed=True)
    hall.vet(number)
    hall.advance(hours=1)
    with pytest.raises(NotCompliant) as caught:
        hall.supplier.list(number)
    assert caught.value.rules == ("Q-10", "Q-11")
    hall.expert.review(number, "0.30", b"a third of it is wrong")
    with pytest.raises(NotCompliant) as caught:
        hall.supplier.list(number)
    assert caught.value.rules == ("Q-11",)


# Replay.


def test_every_verdict_is_reached_again(listed: Hall) -> None:
    listed.trade_all()
    with pytest.raises(Exception, match="T-02"):
        listed.scenario(purpose="resale")
    found = replayed(listed)
    assert [each.kind for each in found] == [
        *("compliance.verdict", "scenario.approved", "scenario.refused"),
    ]
    assert {each.outcome for each in found} == {Replayed.IDENTICAL}
    assert {each.differs for each in found} == {()}


def test_a_refusal_is_reached_again_as_well(hall: Hall) -> None:
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    hall.attest(hall.number)
    hall.advance(hours=1)
    with pytest.raises(NotCompliant):
        hall.supplier.list(hall.number)  # no expert has spoken: the system's score is withheld
    (only,) = replayed(hall)
    assert only.outcome is Replayed.IDENTICAL
    hall.review(hall.number)
    hall.supplier.list(hall.number)
    assert [each.outcome for each in replayed(hall)] == [Replayed.IDENTICAL] * 2


def test_a_verdict_is_reached_again_after_everything_has_changed(listed: Hall) -> None:
    listed.house.suspend(listed.participant("assessor"), "gone")
    listed.supplier.submit_sheet(listed.number, sheet(contact="other@supplier.example"))
    listed.advance(days=900)
    assert replayed(listed)[0].outcome is Replayed.IDENTICAL


def test_verdicts_are_reached_again_over_one_product_or_over_all(listed: Hall) -> None:
    listed.scenario()
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    packs = {listed.floor.pack.digest: listed.floor.pack}
    known = {each.subject for each in replay_verdicts(child, packs=packs, floor=listed.floor)}
    assert known == {f"product/{child}"}
    found = replay_verdicts(packs=packs, floor=listed.floor)
    assert {each.outcome for each in found} == {Replayed.IDENTICAL}
    assert {each.subject for each in found} == known | {each.subject for each in replayed(listed)}
    assert len(found) == len(replayed(listed)) + 1


def test_a_verdict_that_rests_on_two_assessors_is_reached_again(hall: Hall) -> None:
    number = hall.prepare()
    until = hall.today + dt.timedelta(days=30)
    hall.desk("counsel").attest(number, ATTESTED, report=b"so say we", until=until, passed=True)
    hall.supplier.list(number)
    hall.number = number
    assert [each.outcome for each in replayed(hall)] == [Replayed.IDENTICAL]


def test_what_an_assessor_refuses_and_no_rule_is_reached_again(listed: Hall) -> None:
    scenario = waiting(listed).id
    listed.assessor.assess_scenario(scenario, Decision.REFUSED, reasons="too many")
    *_, told, last = replayed(listed)
    assert (told.kind, last.kind) == ("scenario.referred", "scenario.refused")
    assert {told.outcome, last.outcome} == {Replayed.IDENTICAL}


def test_a_pack_that_is_not_installed_is_said_to_be_missing(listed: Hall) -> None:
    (only,) = replay_verdicts(listed.number, packs={EU.digest: EU}, floor=listed.floor)
    assert only.outcome is Replayed.IMPOSSIBLE
    assert only.differs == (f"the rule pack {listed.floor.pack.digest[:16]}… is not installed",)


def test_a_check_that_answers_otherwise_is_found(listed: Hall) -> None:
    pack = listed.floor.pack
    moved = tuple(
        replace(rule, check=lambda _: fired("no")) if rule.id == "S-01" else rule
        for rule in pack.rules
    )
    other = RulePack(pack.name, pack.jurisdiction, pack.version, moved)
    assert other.digest == pack.digest  # the code alone has changed
    (only,) = replay_verdicts(listed.number, packs={pack.digest: other}, floor=listed.floor)
    assert only.outcome is Replayed.DIFFERENT
    assert only.differs == ("outcome: refused today", "S-01: clear then, fired now")


def forged(
    hall: Hall,
    *,
    case: Mapping[str, object] = MappingProxyType({}),
    review: Mapping[str, object] = MappingProxyType({}),
    **names: str,
) -> Replay:
    """Let the house sign another verdict, its case or review changed, and replay it.

    `names` are other digests of the sheet or the profile that the case was reached from.
    """
    with hall.floor.write() as work:
        subject = f"product/{hall.number}"
        verdict = next(work.chain.store.of_kind(subject, "compliance.verdict"))
        told = decode(work.records.get(verdict.facts["review"]))
        record = decode(work.records.get(told["case"])) | names
        record["case"] |= case
        told["case"] = work.records.put(encode(record), public=True)
        stored = work.records.put(encode({**told, **review}), public=True)
        named = {**verdict.facts, "review": stored}
        record_for_house("compliance.verdict", subject, named, work=work, floor=hall.floor)
    return replayed(hall)[-1]


def test_a_verdict_over_its_own_case_signed_again_is_identical(listed: Hall) -> None:
    assert forged(listed).outcome is Replayed.IDENTICAL


def test_a_case_that_leaves_out_what_was_attested_is_found(listed: Hall) -> None:
    """A case written for a verdict does not pass for the one that it was reached from."""
    found = forged(listed, case={"attestations": []})
    assert found.outcome is Replayed.DIFFERENT
    assert "case.attestations: not those of the chain" in found.differs


def test_a_case_with_an_attestation_that_nobody_signed_is_found(listed: Hall) -> None:
    with listed.floor.read() as work:
        (act,) = attestations_of(listed.product(), work)
    more = [to_record(each) for each in (act, replace(act, rules=("Q-01",)))]
    found = forged(listed, case={"attestations": more})
    assert found.differs == ("case.attestations: not those of the chain",)


def test_what_was_attested_after_a_verdict_is_not_missing_from_its_case(listed: Hall) -> None:
    listed.attest()
    assert [each.outcome for each in replayed(listed)] == [Replayed.IDENTICAL]


def test_a_case_of_another_day_is_found(listed: Hall) -> None:
    yesterday = (listed.today - dt.timedelta(days=1)).isoformat()
    found = forged(listed, case={"on": yesterday})
    assert "case.on: not the day of the entry" in found.differs


def test_a_case_of_another_sheet_is_found(listed: Hall) -> None:
    with listed.floor.write() as work:
        other = work.records.put(encode(to_record(sheet(use_cases=["another"]))), public=True)
    found = forged(listed, sheet=other)
    assert "case.sheet: not that of the entry" in found.differs


def test_a_case_of_other_data_is_found(listed: Hall) -> None:
    with listed.floor.write() as work:
        profile = replace(profile_of(listed.product(), work), data="0" * 64)
        other = work.records.put(encode(to_record(profile)), public=True)
    found = forged(listed, profile=other)
    assert "case.data: not that of the entry" in found.differs


def test_a_case_without_the_data_it_was_over_is_found(listed: Hall) -> None:
    assert "case.data: not that of the entry" in forged(listed, profile="").differs


def test_a_verdict_whose_review_is_not_to_be_had_cannot_be_reached_again(listed: Hall) -> None:
    with listed.floor.write() as work:
        subject, nowhere = f"product/{listed.number}", "0" * 64
        verdict = next(work.chain.store.of_kind(subject, "compliance.verdict"))
        named = {**verdict.facts, "review": nowhere}
        record_for_house("compliance.verdict", subject, named, work=work, floor=listed.floor)
    found = replayed(listed)[-1]
    assert (found.outcome, found.differs) == (
        Replayed.IMPOSSIBLE,
        (f"there is no record {nowhere}",),
    )


def test_a_review_that_leaves_out_a_rule_is_found(listed: Hall) -> None:
    found = forged(listed, review={"rules_applied": ["S-01"]})
    assert found.differs == ("rules_applied: differs",)


def test_a_verdict_under_another_pack_than_its_review_is_found(listed: Hall) -> None:
    found = forged(listed, review={"pack_digest": EU.digest})
    assert (found.outcome, found.differs) == (
        Replayed.IMPOSSIBLE,
        (f"the rule pack {EU.digest[:16]}… is not installed",),
    )
    known = {pack.digest: pack for pack in (EU, listed.floor.pack)}
    *_, again = replay_verdicts(listed.number, packs=known, floor=listed.floor)
    assert again.outcome is Replayed.DIFFERENT
    assert "pack: not that of the entry" in again.differs


def test_a_verdict_without_its_case_cannot_be_reached_again(listed: Hall) -> None:
    with listed.floor.write() as work:
        subject = f"product/{listed.number}"
        verdict = next(work.chain.store.of_kind(subject, "compliance.verdict"))
        review = decode(work.records.get(verdict.facts["review"])) | {"case": ""}
        named = {**verdict.facts, "review": work.records.put(encode(review), public=True)}
        record_for_house("compliance.verdict", subject, named, work=work, floor=listed.floor)
    found = replayed(listed)[-1]
    assert (found.outcome, found.differs) == (
        Replayed.IMPOSSIBLE,
        ("the verdict is older than the record of cases",),
    )


def test_a_review_that_no_longer_reads_as_one_is_found(listed: Hall) -> None:
    assert forged(listed, review={"findings": "none"}).outcome is Replayed.DIFFERENT


def test_a_recorded_case_names_nobody(listed: Hall) -> None:
    with listed.floor.read() as work:
        product = listed.product()
        case = listing_case(product, work=work, floor=listed.floor)
        subject = f"product/{listed.number}"
        verdict = next(work.chain.store.of_kind(subject, "compliance.verdict"))
        review = decode(work.records.get(verdict.facts["review"]))
        stored = work.records.get(review["case"])
        again = rebuild(review["case"], work.records.get)
    supplier = listed.participant("supplier")
    for secret in (supplier.name, supplier.credit_code):
        assert secret.encode() not in stored
    assert again == replace(case, pack_digest="", quality=again.quality)  # type: ignore[union-attr]


def test_where_guarded_sites_lie_stays_in_the_house(listed: Hall) -> None:
    far = Site(*map(Decimal, ("10", "10", "11", "11")))
    platform = replace(listed.floor.house.platform, guarded=(far,))  # type: ignore[type-var]
    house = replace(listed.floor.house, platform=platform)
    listed.venue._opened["house"] = house
    listed.venue.__dict__.pop("floor", None)
    listed.house.suspend_listing(listed.number, "a complaint")
    listed.supplier.list(listed.number)
    with listed.floor.read() as work:
        public = dict(work.records.public())
        assert not any(b'"guarded":[{' in record for record in public.values())
    assert {each.outcome for each in replayed(listed)} == {Replayed.IDENTICAL}


# Who takes part, as a case has it.


def test_an_order_is_judged_by_all_that_the_listing_was(listed: Hall) -> None:
    """Left out, a document that has ended would count as one that nobody attached."""
    leaf = listed.supplier.attach(
        listed.number, DocumentKind.SOURCE_PROOF, EVIDENCE, name="proof.txt"
    ).leaf
    listed.house.verify_document(listed.number, leaf)
    scenario = listed.scenario()
    with listed.floor.read() as work:
        product, buyer = listed.product(), work.participants.get("buyer")
        told = work.scenarios.get(scenario)
        judged = listing_case(product, work=work, floor=listed.floor)
        order = trade_case(told, product, buyer, work=work, floor=listed.floor)
    assert judged.papers
    for name in (
        *("on", "sheet", "sheet_digest", "profile", "papers", "attestations"),
        *("platform", "pack_digest"),
    ):
        assert getattr(order, name) == getattr(judged, name), name
    assert order.supplier is not None
    assert order.supplier.id == product.supplier
    assert set(order.reviewers) == {act.assessor for act in order.attestations}
    assert order.ways == ("sealed-file",)
    assert order.scenario is not None
    assert order.scenario.recipients == ("recipient 1",)  # a case is for everybody to read
    assert judged.estimate is not None
    assert order.exported is None  # nothing leaves, and it is about nobody
    nowhere = replace(listed.floor, deliveries={})
    with listed.floor.read() as work:
        unable = trade_case(told, product, buyer, work=work, floor=nowhere)
    assert unable.ways == ()  # what the sheet offers and this exchange has not is no way


def test_a_derived_product_is_held_to_what_its_parent_is_for(listed: Hall) -> None:
    listed.grant()
    number = listed.derive()
    with listed.floor.read() as work:
        (parent,) = parents_of(listed.product(number), work)
        theirs = listing_case(listed.product(), work=work, floor=listed.floor).sheet
    assert (parent.number, parent.data) == (listed.number, listed.product().data)
    assert (parent.grade, parent.purposes) == (theirs.grade, theirs.conditions.purposes)
    assert parent.disputed is False


def test_an_order_is_held_to_everything_that_the_product_comes_from(listed: Hall) -> None:
    """What has no sheet asks nothing, and what lies behind it does all the same."""
    listed.grant()
    child, derived = listed.derive(), sheet(sources=[DERIVATION])
    listed.contributor.list(child)
    file = listed.file("third.csv", DERIVED.replace("6.2", "6.0"))
    bare = listed.contributor.register(file, derived, [EVIDENCE], parents=[child]).number
    listed.advance(seconds=NOTICE)
    file = listed.file("fourth.csv", DERIVED.replace("6.3", "6.0"))
    last = listed.contributor.register(file, derived, [EVIDENCE], parents=[bare]).number
    scenario, _ = listed.buyer.file_scenario(listed.filing(product=child))
    with listed.floor.read() as work:
        known = {number: listed.product(number) for number in (child, bare, last, listed.number)}
        assert [held.ancestor for held in floors_of(known[last], work)] == [child, listed.number]
        of_last = ancestors_of(known[last], work)
        of_child = ancestors_of(known[child], work)
        buyer = work.participants.get("buyer")
        case = trade_case(scenario, known[child], buyer, work=work, floor=listed.floor)
        assert ancestors_of(known[listed.number], work) == ()
    assert [ancestor.number for ancestor in of_last] == [child, listed.number]
    assert of_child == case.ancestors == of_last[1:]
    assert of_last[0].conditions == derived.conditions


def operates(hall: Hall, number: str) -> bool | None:
    with hall.floor.read() as work:
        return listing_case(hall.product(number), work=work, floor=hall.floor).operates


def test_a_claim_operates_by_its_words_and_under_a_dispute_as_before(hall: Hall) -> None:
    number = hall.prepare()
    assert operates(hall, number)  # on notice: nothing is confirmed, and the claim says so
    hall.supplier.list(number)
    assert operates(hall, number)
    hall.rival.dispute(number, "the buoys are ours")
    assert operates(hall, number)  # a dispute takes the board away, and no right


def test_a_pack_whose_words_were_never_recorded_carries_nothing(listed: Hall) -> None:
    with listed.floor.read() as work:
        case = listing_case(listed.product(), work=work, floor=listed.floor)
        assert carried_rules(case, work=work, floor=listed.floor) == {}
        (act,) = case.attestations
        strange = replace(case, attestations=(replace(act, rule_pack="0" * 64),))
        assert carried_rules(strange, work=work, floor=listed.floor) == {}


PERSONS = {
    "contained": True,
    "legal_basis": "consent",
    "subjects": 40,
    "classes": ["health"],
    "retention_days": 90,
}


def concluded(
    hall: Hall, work: UnitOfWork, of: SpecSheet, region: str = "SG", **changes: str
) -> Trade:
    """Let the trade have been concluded over another sheet, for use in a region."""
    trade = work.trades.get(hall.made)
    terms = read_stored(Terms, work.records.get(trade.terms))
    stored = work.records.put(encode(to_record(of)), public=True)
    over = encode(to_record(replace(terms, sheet=stored, **changes)))  # type: ignore[arg-type]
    trade = replace(trade, terms=work.records.put(over, public=True))
    work.trades.put(trade)
    work.scenarios.put(replace(work.scenarios.get(trade.scenario), region=region))
    return trade


@pytest.mark.parametrize(
    ("changes", "region", "year", "exported"),
    [
        ({"classes": ["health"]}, "SG", 0, Exported(0, 40)),
        ({"classes": []}, "SG", 0, Exported(40, 0)),
        ({"classes": ["health"]}, "SG", 1, Exported(0, 0)),  # every year counts by itself
    ],
)
def test_persons_whom_contracts_of_the_year_took_abroad_are_counted(
    tmp_path: Path, changes: dict[str, object], region: str, year: int, exported: Exported
) -> None:
    """What went before counts towards the thresholds of export of the next order (X-04)."""
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        holding = sheet(personal_data=PERSONS | changes)
        with hall.floor.write() as work:
            scenario = work.scenarios.get(concluded(hall, work, holding, region).scenario)
            work.products.put(replace(hall.product(), sheet=holding.digest))
        hall.advance(days=365 * year, seconds=1)
        with hall.floor.read() as work:
            product, buyer = hall.product(), work.participants.get("buyer")
            case = trade_case(scenario, product, buyer, work=work, floor=hall.floor)
            home = replace(scenario, region="CN")
            staying = trade_case(home, product, buyer, work=work, floor=hall.floor)
    assert case.exported == exported
    assert staying.exported is None  # nothing is counted for what stays


def test_persons_found_in_what_went_abroad_count_beside_those_declared(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall, hall.floor.write() as work:
        product = hall.product()
        many = SensitiveFinding("station", SensitiveKind.MOBILE, 90, 90, True, "test", subjects=90)
        profile = replace(profile_of(product, work), sensitive=(many,))
        kept = work.versions.get(product.number, product.data)
        stored = work.records.put(encode(to_record(profile)), public=True)
        other = replace(kept, data="1" * 64, profile=stored)
        work.versions.put(other)
        for said in ({"subjects": 40}, {"subjects": None}):
            holding = sheet(personal_data=PERSONS | {"classes": []} | said)
            concluded(hall, work, holding, data=other.data)
            assert _exported(product.supplier, hall.today, work) == Exported(90, 0)


@pytest.mark.parametrize(
    ("state", "sealed", "persons"),
    [
        (TradeState.EXECUTED, "0" * 64, 40),
        (TradeState.CANCELLED, "0" * 64, 40),  # it had been delivered by then
        (TradeState.CANCELLED, None, 0),
        (TradeState.LAPSED, None, 0),
        (TradeState.ORDERED, None, 0),
    ],
)
def test_what_was_delivered_went_abroad_whatever_became_of_its_contract(
    tmp_path: Path, state: TradeState, sealed: str | None, persons: int
) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall, hall.floor.write() as work:
        trade = concluded(hall, work, sheet(personal_data=PERSONS))
        work.trades.put(replace(trade, state=state, sealed=sealed))
        assert _exported(trade.supplier, hall.today, work) == Exported(0, persons)


def test_what_went_abroad_is_counted_as_it_was_though_its_product_has_changed(
    tmp_path: Path,
) -> None:
    """A sheet or data that came later bring nobody back."""
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        with hall.floor.write() as work:
            trade = concluded(hall, work, sheet(personal_data=PERSONS))
        hall.supplier.submit_sheet(hall.number, sheet(contact="another@supplier.example"))
        with hall.floor.read() as work:
            assert _exported(trade.supplier, hall.today, work) == Exported(0, 40)
        other = hall.file("newer.csv", DATA.replace("6.1", "5.9"))
        hall.supplier.change(hall.number, other, "corrected")  # there is no sheet of it yet
        with hall.floor.read() as work:
            assert _exported(trade.supplier, hall.today, work) == Exported(0, 40)


@pytest.mark.parametrize("what", ["another supplier", "stays", "nobody"])
def test_what_took_nobody_abroad_is_not_counted(tmp_path: Path, what: str) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall, hall.floor.write() as work:
        holding = sheet() if what == "nobody" else sheet(personal_data=PERSONS)
        trade = concluded(hall, work, holding, "CN" if what == "stays" else "SG")
        supplier = hall.participant("supplier").id
        if what == "another supplier":  # of whom it buys
            other = hall.participant("contributor").id
            work.trades.put(replace(trade, supplier=other, buyer=supplier))
        assert _exported(supplier, hall.today, work) == Exported(0, 0)


def test_one_organisation_under_two_keys_is_told_as_one(listed: Hall) -> None:
    known = [listed.participant(name) for name in ("supplier", "insider", "assessor")]
    supplier, insider, assessor = (Party.of(each, known) for each in known)
    assert supplier.organisation == insider.organisation != assessor.organisation
    erased = known[1].erased()
    alone = Party.of(erased, [known[0], erased])
    assert alone.organisation == erased.id
    assert not alone.named
    assert not alone.coded


# The exchange itself, and the job beside it.


def test_the_exchange_passes_its_own_rules_once_an_assessor_has_read_its_plan(
    listed: Hall,
) -> None:
    with listed.floor.read() as work:
        case = platform_case(work=work, floor=listed.floor)
    assert review_platform(case, listed.floor.pack).passed
    bare = review_platform(replace(case, attestations=()), listed.floor.pack)
    assert [(f.rule, f.outcome) for f in bare.blocking] == [("O-02", Outcome.FIRED)]


def test_an_exchange_that_keeps_no_logs_lists_nothing(listed: Hall) -> None:
    with listed.floor.read() as work:
        case = listing_case(listed.product(), work=work, floor=listed.floor)
    platform = replace(listed.floor.house.platform, log_days=0)  # type: ignore[type-var]
    blocking = review_listing(replace(case, platform=platform), listed.floor.pack).blocking
    assert [finding.rule for finding in blocking] == ["P-03"]


def test_the_thread_suspends_what_has_lapsed(listed: Hall) -> None:
    listed.advance(days=400)
    lapsing = Lapsing(lambda: listed.floor, seconds=60)
    assert [each.number for each in lapsing.run().suspended] == [listed.number]
    lapsing.start()
    lapsing.stop()
    assert listed.product().listing is ListingState.SUSPENDED


def test_a_house_that_cannot_act_refuses_and_records_nothing(listed: Hall) -> None:
    listed.advance(days=400)
    listed.venue.signer = None
    listed.venue.__dict__.pop("floor", None)
    size = listed.size
    with pytest.raises(NotCompliant):
        listed.scenario()
    assert listed.size == size
    words = f"{listed.number}: the operator's key is not unlocked: the house cannot act"
    assert Lapsing(lambda: listed.floor, seconds=60).run() == Lapsed(failed=(words,))
    assert listed.size == size


def test_post_rules_are_asked_of_a_delivery(listed: Hall) -> None:
    trade = listed.contract()
    stop = Rule(
        id="Z-02",
        statement="Nothing is delivered",
        basis={"CN": "an article"},
        severity=Severity.BLOCK,
        check=lambda _: fired("it is delivered"),
        evidence="none",
        stage=Stage.POST,
    )
    also = replace(stop, id="Z-03", check=lambda _: clear())
    pack = listed.floor.pack
    under(listed, RulePack("cn", "CN", "next", (*pack.rules, stop, also)))
    with pytest.raises(Exception, match="Z-02: it is delivered"):
        listed.supplier.deliver(trade.id, listed.folder.parent)


def test_an_order_sees_the_data_that_was_judged(listed: Hall) -> None:
    with listed.floor.read() as work:
        scenario = work.scenarios.get(listed.scenario())
        buyer = listed.participant("buyer")
        case = trade_case(scenario, listed.product(), buyer, work=work, floor=listed.floor)
    assert case.judged == case.due == listed.product().data
    assert case.scenario is not None
    assert case.scenario.recipients == ("recipient 1",)
    assert isinstance(listed.venue.clock, SimulatedClock)


# What a derived product rests on.


def test_a_derived_product_is_listed_no_longer_than_it_may_be_derived(listed: Hall) -> None:
    listed.grant()  # for ninety days
    child = listed.derive()
    ends = listed.floor.clock() + dt.timedelta(days=90, seconds=-NOTICE)
    product, _ = listed.contributor.list(child)
    assert product.valid_until == str(ends.date() - dt.timedelta(days=1))
    assert lapse_listings(floor=listed.floor) == Lapsed()
    longer = format_time(listed.floor.clock() + dt.timedelta(days=200))
    listed.grant(until=longer)
    (renewed,) = lapse_listings(floor=listed.floor).renewed
    assert renewed.number == child
    assert str(product.valid_until) < str(renewed.valid_until) < longer
    assert lapse_listings(floor=listed.floor) == Lapsed()


@pytest.mark.parametrize(
    ("ends", "days"),
    [
        (dt.timedelta(hours=12), -1),  # within the last day of the verdict
        (dt.timedelta(days=1), 0),
        (dt.timedelta(days=1, hours=12), 0),
    ],
)
def test_a_right_takes_the_day_on_which_it_ends_and_no_other(
    listed: Hall, ends: dt.timedelta, days: int
) -> None:
    last = listed.today + dt.timedelta(days=365)  # of the attestation
    end = dt.datetime.combine(last, dt.time(), dt.UTC) + ends
    listed.grant(until=format_time(end))
    product, _ = listed.contributor.list(listed.derive())
    assert product.valid_until == str(last + dt.timedelta(days=days))


def test_a_right_that_was_renewed_has_not_ended(listed: Hall) -> None:
    listed.grant(until=format_time(listed.floor.clock() + dt.timedelta(days=1)))
    listed.advance(days=2)
    last = listed.today + dt.timedelta(days=365)
    listed.grant(until=format_time(listed.floor.clock() + dt.timedelta(days=400)))
    product, _ = listed.contributor.list(listed.derive())
    assert product.valid_until == str(last)


def test_a_right_that_ends_today_leaves_its_product_today(listed: Hall) -> None:
    end = listed.floor.clock() + dt.timedelta(hours=2, seconds=NOTICE)
    listed.grant(until=format_time(end))
    child = listed.derive()
    assert listed.floor.clock().date() == end.date()
    product, _ = listed.contributor.list(child)
    assert product.valid_until == str(end.date())


def test_who_supplies_the_parent_neither_assesses_nor_scores_nor_vets_the_child(
    listed: Hall,
) -> None:
    listed.grant()
    child = listed.derive()
    until = listed.today + dt.timedelta(days=300)
    words = f"who supplies {listed.number}, which it comes from, cannot assess it"
    with pytest.raises(Forbidden, match=words) as refused:
        listed.insider.attest(child, ATTESTED, report=b"sound", until=until, passed=True)
    assert refused.value.rules == ("T-05",)
    with pytest.raises(Forbidden, match=words):
        listed.insider.review(child, "0.95", b"sound")


@pytest.mark.parametrize(
    ("registered", "ends"),
    [
        ("2026-06-30T08:00:00Z", "2026-06-30T08:00:00Z"),  # before the day of its verdict is over
        ("2027-06-30T08:00:00Z", "2026-07-01T00:00:00Z"),
        (None, "2026-07-01T00:00:00Z"),
    ],
)
def test_a_listing_runs_out_with_its_verdict_or_its_registration(
    listed: Hall, registered: str | None, ends: str
) -> None:
    product = replace(listed.product(), valid_until="2026-06-30", registered_until=registered)
    assert lapsed_at(product) == ends
    assert lapsed_at(replace(product, valid_until=None)) == ""

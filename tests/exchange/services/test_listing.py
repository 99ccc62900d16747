"""From the claim to the board and off it again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from exchange.compliance import Rule, Severity, fired
from exchange.documents import DocumentKind
from exchange.errors import ExchangeError, NotCompliant, NoticeRunning
from exchange.formats.chinese import said_in
from exchange.listing import ListingState
from exchange.participants import Role, Standing
from exchange.ports import Floor
from exchange.registration import RegistrationState
from exchange.services.admit_participant import apply_to_join
from exchange.services.explain_suspension import OffBoard, ended_words, off_board
from exchange.services.lapse_listings import Lapsed, lapse_listings, records_lapse
from exchange.services.list_product import judge, list_product, require_listed
from exchange.services.register_product import profile_of, register_product
from exchange.services.suspend_listing import REASON_MAX
from exchange.vault import sha256_of
from ledger.acts import format_time, key_id
from ledger.canonical import decode
from tests.exchange.floor import (
    ATTESTED,
    DATA,
    EVIDENCE,
    NOTICE,
    PASSPHRASE,
    REPORT,
    SHEET,
    Hall,
    sheet,
)


def test_a_claim_brings_about_inspection_and_notice(hall: Hall) -> None:
    size = hall.size
    product = hall.register()
    subject = f"product/{product.number}"
    assert hall.kinds(subject) == ["product.registered", "inspection.recorded", "notice.opened"]
    assert hall.size == size + 3
    assert (product.registration, product.listing) == (
        RegistrationState.ON_NOTICE,
        ListingState.REGISTERED,
    )
    assert product.notice_until == "2026-01-05T10:00:00Z"
    with hall.floor.read() as work:
        assert profile_of(product, work).rows == 6
    assert hall.vault() == {product.data}


def test_the_same_claim_again_gives_the_same_product_at_any_time(hall: Hall) -> None:
    source = hall.file("second.csv", DATA.replace("6.1", "6.0"))
    facts = {
        "data": sha256_of(source),
        "bytes": source.stat().st_size,
        "rights": ["holding"],
        "sources": ["produced"],
        "evidence": [],
        "parents": [],
    }
    signed = hall.act("supplier", "product.registered", None, facts)
    first = register_product(signed, source, name="second.csv", floor=hall.floor)
    size = hall.size
    hall.advance(days=3)
    again = register_product(signed, source, name="second.csv", floor=hall.floor)
    assert (again, hall.size) == (first, size)


def test_a_product_lists_after_its_notice(hall: Hall) -> None:
    number = hall.prepare()
    product, review = hall.supplier.list(number)
    assert review.passed
    assert product.listing is ListingState.LISTED
    assert product.registration is RegistrationState.CONFIRMED
    assert product.valid_until == "2027-01-05"
    assert hall.kinds(f"product/{number}")[-4:] == [
        "registration.confirmed",
        "listing.requested",
        "compliance.verdict",
        "listing.published",
    ]


@pytest.mark.parametrize(("days", "until"), [(30, "2026-02-04"), (366, "2027-01-06")])
def test_a_listing_runs_as_long_as_its_attestation_and_at_most_a_year(
    hall: Hall, days: int, until: str
) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number, days=days)
    hall.review(number)
    hall.advance(seconds=NOTICE)
    assert hall.supplier.list(number)[0].valid_until == until


def test_a_refusal_may_run_for_longer_than_a_pass(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    head = hall.attest(number, passed=False, days=3_000).head
    assert hall.product(number).head == head


def test_judging_changes_nothing(hall: Hall) -> None:
    number, size = hall.prepare(), hall.size
    with hall.floor.read() as work:
        judged = judge(work.products.get(number), work=work, floor=hall.floor)
    review, quality = judged.review, judged.quality
    assert review.passed
    assert str(quality.score) == "1.0000"
    assert hall.size == size


def test_a_dismissed_objection_lets_the_notice_run_on(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number)
    hall.review(number)
    assert hall.rival.object(number, "mine").registration is RegistrationState.OBJECTED
    closed = hall.house.close_objection(number, "dismissed", "no proof was given")
    assert closed.registration is RegistrationState.ON_NOTICE
    with pytest.raises(NoticeRunning):
        hall.supplier.list(number)
    hall.advance(seconds=NOTICE)
    assert hall.supplier.list(number)[0].listing is ListingState.LISTED


def test_an_upheld_objection_ends_the_claim(hall: Hall) -> None:
    number = hall.register().number
    hall.rival.object(number, "mine")
    closed = hall.house.close_objection(number, "upheld", "the proof is good")
    assert closed.registration is RegistrationState.REJECTED


def test_another_sheet_takes_a_listed_product_off_the_board(listed: Hall) -> None:
    changed = sheet(contact="other@supplier.example")
    product = listed.supplier.submit_sheet(listed.number, changed)
    assert product.listing is ListingState.SUSPENDED
    assert listed.kinds(f"product/{listed.number}")[-3:] == [
        *("listing.suspended", "sheet.submitted", "sample.drawn")
    ]
    with pytest.raises(NotCompliant, match="made for another sheet") as caught:
        listed.supplier.list(listed.number)
    assert "T-05" in caught.value.rules
    listed.attest()
    listed.review()
    assert listed.supplier.list(listed.number)[0].listing is ListingState.LISTED


def stand(hall: Hall) -> None:
    """Raise unless the product stands on the board."""
    with hall.floor.read() as work:
        require_listed(hall.product(), work=work, floor=hall.floor)


def test_listings_lapse_with_their_attestation(listed: Hall) -> None:
    assert lapse_listings(floor=listed.floor) == Lapsed()
    listed.advance(days=365)
    stand(listed)  # the last day counts
    assert lapse_listings(floor=listed.floor) == Lapsed()
    listed.advance(days=1)
    with pytest.raises(NotCompliant) as caught:
        stand(listed)
    assert caught.value.rules == ("T-05",)
    lapsed = lapse_listings(floor=listed.floor).suspended
    assert [product.number for product in lapsed] == [listed.number]
    assert listed.product().listing is ListingState.SUSPENDED
    assert lapse_listings(floor=listed.floor) == Lapsed()


def asking(hall: Hall, floor: Floor) -> Callable[[], None]:
    """Return a service that asks for the listing, and records where that has lapsed."""

    @records_lapse
    def service(*, floor: Floor) -> None:
        with floor.read() as work:
            require_listed(hall.product(), work=work, floor=floor)

    return lambda: service(floor=floor)


def test_a_service_that_meets_a_lapsed_listing_records_that_and_refuses(listed: Hall) -> None:
    asking(listed, listed.floor)()
    listed.advance(days=366)
    size = listed.size
    with pytest.raises(NotCompliant, match="ended on 2027-01-05"):
        asking(listed, listed.floor)()
    assert listed.product().listing is ListingState.SUSPENDED
    assert listed.size == size + 1
    why = "is suspended, not on the board: what its verdict rests on ended on 2027-01-05"
    with pytest.raises(NotCompliant, match=why):
        asking(listed, listed.floor)()
    assert listed.size == size + 1  # nothing lapses twice


def test_what_has_lapsed_is_asked_for_anew_though_no_entry_says_so_yet(listed: Hall) -> None:
    listed.advance(days=366)
    listed.attest()
    product, review = listed.supplier.list(listed.number)
    assert (product.listing, review.passed) == (ListingState.LISTED, True)
    kinds = listed.kinds(f"product/{listed.number}")
    assert kinds[-4:] == [
        *("listing.suspended", "listing.requested", "compliance.verdict", "listing.published")
    ]


def test_what_has_lapsed_and_is_refused_anew_is_suspended(listed: Hall) -> None:
    listed.advance(days=366)
    with pytest.raises(NotCompliant):
        listed.supplier.list(listed.number)
    assert listed.product().listing is ListingState.SUSPENDED


def left_board(hall: Hall) -> OffBoard | None:
    with hall.floor.read() as work:
        return off_board(hall.product(), work=work, floor=hall.floor)


def test_why_a_product_left_the_board_is_told_until_it_is_back(listed: Hall) -> None:
    assert left_board(listed) is None
    listed.advance(days=366)
    ended = f"the attestation of {listed.participant('assessor').id}"
    told = f"what its verdict rests on ended on 2027-01-05: {ended}"
    assert left_board(listed) == OffBoard(told)
    lapse_listings(floor=listed.floor)
    left = left_board(listed)
    assert left is not None
    assert left.words == told
    assert left.entry is not None
    assert left.entry.kind == "listing.suspended"
    listed.attest()
    listed.supplier.list(listed.number)
    assert left_board(listed) is None
    listed.advance(days=366)  # by time once more, whatever took it off before
    ended = f"the identity of {listed.participant('supplier').id}"
    left = left_board(listed)
    assert left is not None
    assert left.words.startswith(f"what its verdict rests on ended on 2028-01-05: {ended}; ")
    assert left.entry is None
    listed.house.delist(listed.number, "sold for good")
    left = left_board(listed)
    assert left is not None
    assert (left.words, left.entry and left.entry.kind) == ("sold for good", "listing.delisted")


def lapsed(hall: Hall, *, in_chinese: bool = False) -> str:
    """Return what is told to have ended, once time has ended it."""
    last = hall.product().valid_until or ""
    hall.advance(days=(dt.date.fromisoformat(last) - hall.today).days + 1)
    left = left_board(hall)
    assert left is not None
    told = said_in("zh" if in_chinese else "en", left.words)
    assert len(left.words) <= REASON_MAX
    before, _, named = told.partition("：" if in_chinese else ": ")
    assert last in before
    return named


@pytest.mark.parametrize(
    ("in_chinese", "named"),
    [(False, "the document source-proof"), (True, "文件“来源证明”")],
)
def test_a_document_that_ended_a_listing_is_named(
    hall: Hall,
    in_chinese: bool,  # noqa: FBT001
    named: str,
) -> None:
    hall.number = hall.prepare()
    until = hall.today + dt.timedelta(days=10)
    kind = DocumentKind.SOURCE_PROOF
    hall.supplier.attach(hall.number, kind, EVIDENCE, name="log.txt", until=until)
    other = DocumentKind.OTHER
    hall.supplier.attach(hall.number, other, b"a note", name="note.txt")
    draft = hall.supplier.attach(hall.number, other, b"a draft", name="draft.txt", until=until)
    hall.supplier.withdraw_document(hall.number, draft.leaf, "a draft")
    hall.supplier.list(hall.number)
    assert lapsed(hall, in_chinese=in_chinese) == named


def test_a_rule_that_came_into_force_is_named(hall: Hall) -> None:
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    early = [rule for rule in ATTESTED if rule not in {"C-01", "C-02"}]
    until = hall.today + dt.timedelta(days=365)
    hall.assessor.attest(hall.number, early, report=b"seen", until=until, passed=True)
    hall.review(hall.number)
    hall.advance(hours=1)
    hall.supplier.list(hall.number)
    assert lapsed(hall).split("; ") == [
        *(f"the rule {rule} is in force since" for rule in ("C-01", "C-02"))
    ]


def test_a_rule_that_ended_is_named(listed: Hall) -> None:
    first, *others = listed.floor.pack.rules
    last = dt.date.fromisoformat(listed.product().valid_until or "")
    pack = replace(listed.floor.pack, rules=(replace(first, effective_to=last), *others))
    listed.advance(days=366)
    floor = replace(listed.floor, pack=pack)
    with listed.floor.read() as work:
        left = off_board(listed.product(), work=work, floor=floor)
    assert left is not None
    assert left.words.endswith(f"; the rule {first.id}")


def test_identities_that_ended_are_named_and_no_more_than_three(listed: Hall) -> None:
    last = listed.product().valid_until
    for handle in ("supplier", "expert", "reviewer", "buyer"):
        with listed.floor.write() as work:
            held = work.participants.get(handle)
            work.participants.put(replace(held, verified_until=last))
    ids = {each: listed.participant(each).id for each in ("assessor", "supplier", "expert")}
    assert lapsed(listed).split("; ") == [
        f"the attestation of {ids['assessor']}",
        f"the identity of {ids['supplier']}",
        f"the identity of {ids['expert']}",
        "and others",
    ]


def test_three_that_ended_are_all(listed: Hall) -> None:
    for handle in ("supplier", "expert"):
        with listed.floor.write() as work:
            held = work.participants.get(handle)
            work.participants.put(replace(held, verified_until=listed.product().valid_until))
    assert len(lapsed(listed).split("; ")) == 3


def test_a_registration_that_ended_is_all_that_is_told(listed: Hall) -> None:
    """By then the attestation has ended as well."""
    listed.advance(days=366)
    ended = replace(listed.product(), registered_until=format_time(listed.floor.clock()))
    with listed.floor.read() as work:
        assert "the attestation of" in ended_words(ended, work=work, floor=listed.floor)
        listed.advance(seconds=1)
        words = f"the registration ended on {ended.registered_until}"
        assert ended_words(ended, work=work, floor=listed.floor) == words
        endless = replace(ended, registered_until=None)
        assert "the attestation of" in ended_words(endless, work=work, floor=listed.floor)


def test_a_right_that_ended_is_named(listed: Hall) -> None:
    until = listed.floor.clock() + dt.timedelta(days=20)
    listed.grant(until=format_time(until))
    listed.grant("rival", until=format_time(until))
    parent, listed.number = listed.number, listed.derive()
    listed.contributor.list(listed.number)
    assert lapsed(listed) == f"the right to process {parent}"


def test_the_right_that_lasted_longest_is_named_once(listed: Hall) -> None:
    until = listed.floor.clock() + dt.timedelta(days=20)
    listed.grant("rival", until=format_time(until))
    listed.grant(until=format_time(until - dt.timedelta(days=1)))
    listed.grant(until=format_time(until))
    parent, listed.number = listed.number, listed.derive()
    listed.contributor.list(listed.number)
    assert lapsed(listed) == f"the right to process {parent}"


@pytest.mark.parametrize(("seconds", "days"), [(-2, 2), (-1, 1), (0, 1)])
def test_a_right_that_ends_about_midnight_is_named(listed: Hall, seconds: int, days: int) -> None:
    """A right holds at the second that it names, and a listing for whole days."""
    midnight = dt.datetime.combine(listed.today + dt.timedelta(days=20), dt.time(), dt.UTC)
    listed.grant(until=format_time(midnight + dt.timedelta(seconds=seconds)))
    parent, listed.number = listed.number, listed.derive()
    listed.contributor.list(listed.number)
    last = listed.product().valid_until
    assert last == (midnight - dt.timedelta(days=days)).date().isoformat()
    assert lapsed(listed) == f"the right to process {parent}"


def test_rights_of_others_and_of_other_days_are_not_named(listed: Hall) -> None:
    until = listed.floor.clock() + dt.timedelta(days=20)
    listed.grant("rival", until=format_time(until))
    listed.grant(until=format_time(until + dt.timedelta(days=30)))
    kind = DocumentKind.SOURCE_PROOF
    listed.number = listed.derive()
    last = until.date() - dt.timedelta(days=1)  # the last whole day of the rival's right too
    listed.contributor.attach(listed.number, kind, EVIDENCE, name="log.txt", until=last)
    listed.contributor.list(listed.number)
    assert lapsed(listed) == "the document source-proof"


def test_words_on_another_sheet_are_not_named(listed: Hall) -> None:
    until = listed.today + dt.timedelta(days=30)
    listed.desk("counsel").attest(listed.number, ATTESTED, report=REPORT, until=until, passed=True)
    listed.supplier.submit_sheet(listed.number, sheet(contact="another@supplier.example"))
    listed.attest(days=30)
    listed.review()
    listed.supplier.list(listed.number)
    assert listed.product().valid_until == until.isoformat()
    assert lapsed(listed) == f"the attestation of {listed.participant('assessor').id}"


def test_what_nobodys_word_ended_has_no_name(listed: Hall) -> None:
    last = listed.product().valid_until
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), valid_until="2026-12-01"))
    assert last != "2026-12-01"
    assert lapsed(listed) == ""


def test_what_was_never_listed_has_not_left_the_board(hall: Hall) -> None:
    product = hall.register()
    with hall.floor.read() as work:
        assert off_board(product, work=work, floor=hall.floor) is None


def test_a_listing_without_a_last_day_has_run_out(listed: Hall) -> None:
    undated = replace(listed.product(), valid_until=None)
    with listed.floor.read() as work, pytest.raises(NotCompliant, match="ended on None"):
        require_listed(undated, work=work, floor=listed.floor)


def test_a_house_that_cannot_act_refuses_what_has_lapsed_all_the_same(listed: Hall) -> None:
    listed.advance(days=366)
    size = listed.size
    with pytest.raises(NotCompliant, match="ended on 2027-01-05"):
        asking(listed, replace(listed.floor, signer=None))()
    assert listed.size == size


def test_a_reason_too_long_for_an_entry_is_cut_and_suspends_all_the_same(listed: Hall) -> None:
    """More rules than an entry can name, the first of which says more than it holds."""
    wordy = Rule(
        id="Z-01",
        statement="Nothing passes",
        basis={"CN": "a test"},
        severity=Severity.BLOCK,
        check=lambda case: fired("x" * 1_000, "sheet"),  # noqa: ARG005
        evidence="none",
        unlock="nothing",
    )
    rules = tuple(replace(wordy, id=f"Z-{n:02}") for n in range(1, 41))
    pack = replace(listed.floor.pack, version="of a test", rules=rules)
    (suspended,) = lapse_listings(floor=replace(listed.floor, pack=pack)).suspended
    assert suspended.listing is ListingState.SUSPENDED
    with listed.floor.read() as work:
        subject = f"product/{listed.number}"
        reason = next(work.chain.store.of_kind(subject, "listing.suspended")).facts["reason"]
    also = " (also " + ", ".join(f"Z-{n:02}" for n in range(2, 41))
    assert reason == "Z-01: " + "x" * (REASON_MAX - 106) + also[:100]


def test_a_suspended_suppliers_listings_leave_the_board(listed: Hall) -> None:
    suspended = listed.house.suspend(listed.participant("supplier"), "licence ended")
    assert suspended.standing is Standing.SUSPENDED
    assert listed.product().listing is ListingState.SUSPENDED
    readmitted = listed.house.admit(suspended, [Role.SUPPLIER])
    assert readmitted.standing is Standing.ADMITTED
    assert listed.product().listing is ListingState.SUSPENDED  # it takes a new verdict
    assert listed.supplier.list(listed.number)[0].listing is ListingState.LISTED


def test_a_suspended_assessors_word_does_not_count(hall: Hall) -> None:
    number = hall.prepare()
    hall.house.suspend(hall.participant("assessor"), "struck off")
    with pytest.raises(NotCompliant) as caught:
        hall.supplier.list(number)
    assert "T-05" in caught.value.rules


def test_a_suspended_supplier_may_have_products_that_were_never_listed(hall: Hall) -> None:
    number = hall.register().number
    hall.house.suspend(hall.participant("supplier"), "licence ended")
    assert hall.product(number).listing is ListingState.REGISTERED


def test_the_operator_may_end_a_listing_too(listed: Hall) -> None:
    assert listed.house.delist(listed.number, "a court").listing is ListingState.DELISTED


def test_delisting_ends_the_listing_for_good(listed: Hall) -> None:
    product = listed.supplier.delist(listed.number, "sold out")
    assert product.listing is ListingState.DELISTED


def test_a_contract_is_delivered_although_its_listing_has_ended(listed: Hall) -> None:
    trade = listed.contract()
    listed.supplier.delist(listed.number, "sold out")
    listed.supplier.deliver(trade.id, listed.folder.parent)
    listed.buyer.receive(trade.id, listed.folder.parent / "out.csv")
    listed.house.settle(trade.id)


def test_an_application_repeated_gives_the_same_participant(hall: Hall) -> None:
    keys = hall.venue.keyring.create("newcomer", PASSPHRASE)
    facts = {"public_key": keys.signing.public_key.hex(), "recipient": keys.recipient}
    drafted = hall.act("buyer", "participant.key", None, facts, actor=None).act
    signed = replace(drafted, key=key_id(keys.signing.public_key)).signed(keys.signing)
    code = hall.participant("buyer").credit_code

    def apply() -> object:
        return apply_to_join(
            signed, handle="newcomer", name="新人", credit_code=code, floor=hall.floor
        )

    first, size = apply(), hall.size
    hall.advance(days=2)
    assert (apply(), hall.size) == (first, size)


def test_a_refused_claim_removes_no_file_that_a_delivery_stands_on(listed: Hall) -> None:
    trade = listed.deliver()
    sealed = listed.folder / "vault" / str(trade.sealed)
    copy = listed.file("copy.age")
    copy.write_bytes(sealed.read_bytes())
    files = listed.vault()
    with pytest.raises(ExchangeError):
        listed.contributor.register(copy)
    assert listed.vault() == files
    listed.buyer.receive(trade.id, listed.folder.parent / "out.csv")


def test_evidence_is_kept_and_stays_private(hall: Hall) -> None:
    number = hall.register().number
    paper = b"collected under a permit\n"
    named = hashlib.sha256(paper).hexdigest()
    sources = [SHEET["sources"][0] | {"evidence": named}]
    hall.supplier.submit_sheet(number, sheet(sources=sources), [paper])
    with hall.floor.read() as work:
        for kept in (EVIDENCE, paper):
            digest = hashlib.sha256(kept).hexdigest()
            assert work.records.get(digest) == kept
            assert digest not in dict(work.records.public())


def test_a_price_and_a_cost_may_be_nothing(hall: Hall) -> None:
    number = hall.register().number
    free = sheet(
        price={"mode": "one-off", "amount": "0.00 CNY"},
        costs=[{"activity": "collection", "amount": "0.00 CNY"}],
    )
    assert hall.supplier.submit_sheet(number, free).sheet == free.digest


def test_a_verdict_names_the_day_it_was_given(hall: Hall) -> None:
    number = hall.prepare()
    hall.supplier.list(number)
    with hall.floor.read() as work:
        verdict = next(work.chain.store.of_kind(f"product/{number}", "compliance.verdict"))
    assert verdict.facts["on"] == dt.date(2026, 1, 5).isoformat()
    assert verdict.facts["outcome"] == "passed"
    assert verdict.facts["fired"] == []


def test_a_refusal_names_the_rules_on_the_chain_and_its_review_is_for_everybody(
    hall: Hall,
) -> None:
    number = hall.prepare()
    hall.vet(number, "returned")
    with pytest.raises(NotCompliant):
        hall.supplier.list(number)
    with hall.floor.read() as work:
        verdict = next(work.chain.store.of_kind(f"product/{number}", "compliance.verdict"))
        public = dict(work.records.public())
    assert (verdict.facts["outcome"], verdict.facts["fired"]) == ("refused", ["V-01"])
    told = decode(public[verdict.facts["review"]])
    assert [each["rule"] for each in told["findings"] if each["severity"] == "block"] == ["V-01"]
    assert told["case"] in public


def test_a_request_that_is_repeated_has_the_answer_that_it_had(hall: Hall) -> None:
    number = hall.prepare()
    subject = f"product/{number}"
    facts = {"sheet": hall.product(number).sheet, "data": hall.product(number).data}
    hall.vet(number, "returned")
    first = hall.act("supplier", "listing.requested", subject, facts)
    with pytest.raises(NotCompliant):
        list_product(first, floor=hall.floor)
    hall.vet(number)
    second = hall.act("supplier", "listing.requested", subject, facts)
    listed, review = list_product(second, floor=hall.floor)
    size = hall.size
    with pytest.raises(NotCompliant, match="V-01"):
        list_product(first, floor=hall.floor)
    assert list_product(second, floor=hall.floor) == (listed, review)
    assert (hall.size, hall.product(number)) == (size, listed)


def test_an_attestation_may_run_for_a_day(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    attested = hall.attest(number, days=0)
    assert attested == hall.product(number)
    hall.review(number)
    hall.advance(seconds=NOTICE)
    assert hall.supplier.list(number)[0].valid_until == hall.today.isoformat()

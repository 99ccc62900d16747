"""Erasure: who may ask, what holds a value back, what is left, and what an audit says then."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from exchange.errors import (
    Conflict,
    ExchangeError,
    Forbidden,
    NotFound,
    Refused,
)
from exchange.openings import Erased, Opening
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.services import erase_record, settle
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.disclose_values import disclose
from exchange.services.erase_record import Erasure, ErasureState, erasures_of, execution_facts
from exchange.settings import FILE
from exchange.trading import TradeState
from exchange.venue import Venue
from ledger.audit import audit
from ledger.disclosures import FILE as DISCLOSURES
from ledger.findings import AuditReport
from pricing.money import Money
from tests.exchange.floor import Hall, open_hall, sheet


def leaf_of(hall: Hall, subject: str, kind: str) -> str:
    """Return the leaf hash of a subject's newest entry of a kind."""
    with hall.floor.read() as work:
        return next(work.chain.store.of_kind(subject, kind)).leaf.hex()


def erased(hall: Hall, leaf: str, *fields: str) -> Erasure:
    """Ask for the erasure as the operator, and carry it out."""
    asked = hall.house.request_erasure(leaf, fields, "the use is over")
    return hall.house.execute_erasure(asked.request)


def shown(hall: Hall, handle: str, leaf: str) -> dict[str, object]:
    """Return the values that somebody is shown of an entry, by field."""
    _, found = disclose(leaf, to=hall.participant(handle), floor=hall.floor)
    return {each.field: each.value if isinstance(each, Opening) else each for each in found}


def audited(hall: Hall, folder: Path, *, withdraw: bool = False) -> AuditReport:
    """Audit a bundle with all that is left, or with none of it."""
    export_bundle(folder, floor=hall.floor, disclose=not withdraw)
    return audit(folder, key=hall.floor.log_key)


def filed(hall: Hall) -> tuple[str, str]:
    """File a scenario and withdraw it; return its id and the leaf hash of its filing."""
    scenario = hall.scenario()
    hall.buyer.withdraw_scenario(scenario, "done")
    return scenario, leaf_of(hall, f"scenario/{scenario}", "scenario.filed")


# What is kept, and for whom.


def test_a_scenario_is_shown_to_its_buyer_and_the_operator(listed: Hall) -> None:
    leaf = leaf_of(listed, f"scenario/{listed.scenario()}", "scenario.filed")
    for handle in ("buyer", "house"):
        value = shown(listed, handle, leaf)["scenario"]
        assert isinstance(value, dict)
        assert value["description"] == "a forecast of the water temperature"
    for handle in ("rival", "supplier"):
        with pytest.raises(Forbidden, match=f"are not open to {handle}"):
            shown(listed, handle, leaf)


def test_a_report_is_shown_to_the_supplier_it_is_about(listed: Hall) -> None:
    leaf = leaf_of(listed, f"product/{listed.number}", "compliance.attested")
    for handle in ("assessor", "supplier", "house"):
        assert shown(listed, handle, leaf) == {"report": "our own report"}
    with pytest.raises(Forbidden):
        shown(listed, "expert", leaf)


def test_both_sides_of_an_objection_read_the_whole_of_it(hall: Hall) -> None:
    number = hall.register().number
    hall.rival.object(number, "these are my buoys")
    hall.contributor.object(number, "and these are mine")
    with hall.floor.read() as work:
        filed = work.chain.store.of_kind(f"product/{number}", "objection.filed")
        second, leaf = (each.leaf.hex() for each in filed)
    for handle in ("rival", "supplier", "house"):
        assert shown(hall, handle, leaf) == {"grounds": "these are my buoys"}
    with pytest.raises(Forbidden):  # another who objects is no side of it
        shown(hall, "contributor", leaf)
    hall.house.close_objection(number, "dismissed", "they are not")
    decision = leaf_of(hall, f"product/{number}", "objection.closed")
    for handle in ("rival", "supplier", "house"):
        assert shown(hall, handle, decision) == {"grounds": "they are not"}
    for handle in ("contributor", "buyer"):
        with pytest.raises(Forbidden):
            shown(hall, handle, decision)
    assert shown(hall, "contributor", second) == {"grounds": "and these are mine"}
    asked = hall.supplier.request_erasure(leaf, ["grounds"], "it names my daughter")
    assert asked.actor == hall.participant("supplier").id


def test_a_page_of_the_register_is_shown_to_whom_it_is_about(hall: Hall) -> None:
    rival = hall.participant("rival")
    leaf = leaf_of(hall, f"participant/{rival.id}", "participant.admitted")
    assert shown(hall, "rival", leaf) == {
        "register": {"handle": "rival", "name": rival.name, "credit_code": rival.credit_code}
    }


def test_no_confidential_document_stands_among_the_records(listed: Hall) -> None:
    listed.scenario()
    words = (
        b"our own report",
        b"a sound series",
        b"a forecast of the water temperature",
        b"transfer ",
    )
    digests = [hashlib.sha256(word).hexdigest() for word in words]
    with listed.floor.read() as work:
        entries = b"".join(entry.data for entry in work.chain.store.entries())
        for word, digest in zip(words, digests, strict=True):
            assert word not in entries
            assert digest.encode() not in entries
            with pytest.raises(NotFound):
                work.records.get(digest)
        assert all(word not in data for _, data in work.records.public() for word in words)


def test_a_field_that_an_entry_does_not_commit_to_is_named(listed: Hall) -> None:
    leaf = leaf_of(listed, f"product/{listed.number}", "compliance.attested")
    with pytest.raises(Refused, match=r"compliance\.attested commits to no comments"):
        disclose(leaf, to=listed.participant("house"), floor=listed.floor, fields=["comments"])
    with pytest.raises(NotFound, match="there is no entry with the leaf hash"):
        disclose("0" * 64, to=listed.participant("house"), floor=listed.floor)


# Requests.


def test_a_request_is_refused_and_may_be_made_again(listed: Hall) -> None:
    _, leaf = filed(listed)
    first = listed.buyer.request_erasure(leaf, ["scenario"], "the use is over")
    assert (first.state, first.fields, first.entry) == (
        ErasureState.REQUESTED,
        ("scenario",),
        leaf,
    )
    refused = listed.house.refuse_erasure(first.request, "a court has asked for it")
    assert (refused.state, refused.reason) == (ErasureState.REFUSED, "a court has asked for it")
    with pytest.raises(Refused, match="the request was decided at entry"):
        listed.house.execute_erasure(first.request)
    second = listed.buyer.request_erasure(leaf, ["scenario"], "the court is done")
    done = listed.house.execute_erasure(second.request)
    with listed.floor.read() as work:
        assert erasures_of(leaf, work) == [done, refused]


REQUESTS: dict[str, tuple[str, list[str], type[ExchangeError], str]] = {
    "of an entry that is another's": ("rival", ["scenario"], Forbidden, "concerns neither rival"),
    "of no field": ("buyer", [], Refused, "one or more fields"),
    "of a field twice": ("buyer", ["scenario"] * 2, Refused, "each named once"),
    "of a public field": ("buyer", ["purpose"], Refused, "has no commitment to purpose"),
}


@pytest.mark.parametrize("request_of", REQUESTS)
def test_a_request_is_refused(listed: Hall, request_of: str) -> None:
    handle, fields, error, words = REQUESTS[request_of]
    _, leaf = filed(listed)
    size = listed.size
    with pytest.raises(error, match=words):
        listed.desk(handle).request_erasure(leaf, fields, "why not")
    assert listed.size == size


def test_a_request_about_no_entry_is_refused(listed: Hall) -> None:
    with pytest.raises(NotFound, match="there is no entry with the leaf hash"):
        listed.buyer.request_erasure("0" * 64, ["scenario"], "why not")


def test_nobody_but_the_operator_decides(listed: Hall) -> None:
    _, leaf = filed(listed)
    asked = listed.buyer.request_erasure(leaf, ["scenario"], "the use is over")
    with pytest.raises(Forbidden, match="is not admitted as operator"):
        listed.buyer.execute_erasure(asked.request)
    with pytest.raises(Forbidden, match="is not admitted as operator"):
        listed.buyer.refuse_erasure(asked.request, "I keep it")
    with pytest.raises(NotFound, match=r"is scenario\.filed, no request for erasure"):
        listed.house.execute_erasure(leaf)


def test_more_cannot_be_erased_than_was_asked_for(listed: Hall) -> None:
    """The act lists other fields than its request: the ledger's own rules refuse it."""
    leaf = leaf_of(listed, f"product/{listed.number}", "compliance.attested")
    listed.house.suspend_listing(listed.number, "to erase its report")
    asked = listed.supplier.request_erasure(leaf, ["report"], "it names my daughter")
    with listed.floor.read() as work:
        facts = dict(execution_facts(asked.request, work))
    signed = listed.act("house", "erasure.executed", f"erasure/{leaf}", facts | {"fields": []})
    with pytest.raises(Refused, match="erasure"):
        erase_record.execute_erasure(signed, floor=listed.floor)
    assert shown(listed, "house", leaf) == {"report": "our own report"}


# What holds a value back.


def hold(hall: Hall, leaf: str, field: str, words: str) -> Callable[[], Erasure]:
    """Ask for an erasure that is held back; return what carries it out later."""
    asked = hall.house.request_erasure(leaf, [field], "the use is over")
    size = hall.size
    with pytest.raises(Refused, match=words):
        hall.house.execute_erasure(asked.request)
    assert hall.size == size
    return lambda: hall.house.execute_erasure(asked.request)


def test_a_bank_reference_is_kept_for_its_days(listed: Hall) -> None:
    account = f"account/{listed.participant('buyer').id}"
    leaf = leaf_of(listed, account, "account.deposited")
    listed.venue._opened["house"] = replace(listed.floor.house, retention_days=30)
    listed.venue.__dict__.pop("floor")
    again = hold(listed, leaf, "reference", "retention_days: bank references are kept for 30 days")
    listed.advance(days=30)
    assert again().state is ErasureState.EXECUTED


def test_the_days_come_from_the_settings(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        replace(hall.venue.settings, retention_days=30).save(hall.folder / FILE)
        with Venue.open(hall.folder) as venue:
            assert venue.floor.house.retention_days == 30


def test_a_bank_reference_credits_once_until_it_is_erased(listed: Hall) -> None:
    rival = listed.participant("rival")
    listed.house.deposit(rival, Money(100), "transfer X")
    leaf = leaf_of(listed, f"account/{rival.id}", "account.deposited")
    with pytest.raises(Conflict, match="has credited this bank reference already"):
        listed.house.deposit(rival, Money(100), "transfer X")
    listed.house.deposit(listed.participant("buyer"), Money(100), "transfer X")  # another account
    erased(listed, leaf, "reference")
    assert listed.house.deposit(rival, Money(100), "transfer X") == Money(200)


def test_a_scenario_in_force_is_kept(listed: Hall) -> None:
    trade = listed.order()
    leaf = leaf_of(listed, f"scenario/{trade.scenario}", "scenario.filed")
    again = hold(listed, leaf, "scenario", "is approved: withdraw it first")
    listed.buyer.withdraw_scenario(trade.scenario, "done")
    with pytest.raises(Refused, match=f"trade {trade.id} rests on scenario"):
        again()
    listed.buyer.lapse(trade.id, "no need")
    again()
    with listed.floor.read() as work:
        assert work.scenarios.get(trade.scenario).recipients == ("erased",)


def test_an_assessment_that_a_listing_rests_on_is_kept(listed: Hall) -> None:
    leaf = leaf_of(listed, f"product/{listed.number}", "quality.reviewed")
    again = hold(listed, leaf, "comments", "may be listed on this assessment")
    listed.house.suspend_listing(listed.number, "for a while")
    with pytest.raises(Refused, match="may be listed on this assessment"):
        again()  # it would be listed again on what nobody could show
    listed.house.delist(listed.number, "for good")
    again()
    assert shown(listed, "expert", leaf) == {"comments": Erased(leaf, "comments")}


def test_an_assessment_of_another_sheet_is_kept_no_more(listed: Hall) -> None:
    leaf = leaf_of(listed, f"product/{listed.number}", "listing.vetted")
    again = hold(listed, leaf, "reasons", "another sheet is signed for it")
    listed.supplier.submit_sheet(listed.number, sheet(contact="other@supplier.example"))
    again()
    assert shown(listed, "reviewer", leaf) == {"reasons": Erased(leaf, "reasons")}


def test_an_assessment_of_a_product_that_was_never_listed_is_kept_until_it_is_over(
    hall: Hall,
) -> None:
    number = hall.number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number)
    leaf = leaf_of(hall, f"product/{number}", "compliance.attested")
    again = hold(hall, leaf, "report", "may be listed on this assessment")
    hall.supplier.cancel_registration(number, "not wanted")
    again()


def test_grounds_are_kept_until_the_objection_is_decided_on(hall: Hall) -> None:
    number = hall.register().number
    hall.rival.object(number, "these are my buoys")
    leaf = leaf_of(hall, f"product/{number}", "objection.filed")
    again = hold(hall, leaf, "grounds", "is open: it is decided or withdrawn first")
    hall.house.close_objection(number, "dismissed", "they are not")
    again()
    decision = leaf_of(hall, f"product/{number}", "objection.closed")
    assert shown(hall, "supplier", decision) == {"grounds": "they are not"}


def test_grounds_of_an_objection_that_was_withdrawn_are_kept_no_more(hall: Hall) -> None:
    number = hall.register().number
    hall.rival.object(number, "these are my buoys")
    leaf = leaf_of(hall, f"product/{number}", "objection.filed")
    again = hold(hall, leaf, "grounds", "is open: it is decided or withdrawn first")
    hall.rival.withdraw_objection(number, "they are not")
    again()


def test_a_participant_with_business_here_keeps_its_name(listed: Hall) -> None:
    buyer = listed.participant("buyer")
    leaf = leaf_of(listed, f"participant/{buyer.id}", "participant.admitted")
    again = hold(listed, leaf, "register", "buyer is admitted: suspend it first")
    trade = listed.contract()
    listed.house.suspend(buyer, "it has left")
    with pytest.raises(Refused, match=r"buyer holds 9,000\.00 CNY: pay it out first"):
        again()
    with listed.floor.read() as work:
        owned = work.accounts.balance(f"participant/{buyer.id}")
    listed.house.withdraw(buyer, owned, "transfer home")
    with pytest.raises(Refused, match=f"trade {trade.id} of buyer is contracted"):
        again()
    cancelled = listed.house.cancel(trade.id, "the buyer has left")
    assert cancelled.state is TradeState.CANCELLED
    listed.house.withdraw(buyer, trade.amount, "transfer home 2")
    again()


def test_what_others_trade_holds_nobodys_name(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        rival = hall.participant("rival")
        leaf = leaf_of(hall, f"participant/{rival.id}", "participant.admitted")
        hall.house.suspend(rival, "it has left")
        erased(hall, leaf, "register")
        assert hall.participant(rival.id).is_erased
        supplier = hall.participant("supplier")
        leaf = leaf_of(hall, f"participant/{supplier.id}", "participant.admitted")
        hall.house.suspend(supplier, "it has left")
        with pytest.raises(Refused, match=f"trade {hall.made} of supplier is contracted"):
            erased(hall, leaf, "register")


# What is left.


def test_a_participant_that_has_left_is_a_pseudonym(hall: Hall, tmp_path: Path) -> None:
    rival = hall.participant("rival")
    leaf = leaf_of(hall, f"participant/{rival.id}", "participant.admitted")
    hall.house.suspend(rival, "it has left")
    erased(hall, leaf, "register")
    left = hall.participant(rival.id)
    assert (left.handle, left.name, left.credit_code) == (rival.id, "erased", "erased")
    assert (left.public_key, left.standing) == (
        rival.public_key,
        hall.participant(rival.id).standing,
    )
    assert left.is_erased
    assert not left.same_organisation(replace(left, id="PT-0"))  # two that were erased
    with pytest.raises(NotFound):
        hall.participant("rival")
    with pytest.raises(Refused, match="was erased: it applies with another key"):
        hall.house.admit(left, [Role.BUYER])
    report = audited(hall, tmp_path / "bundle")
    assert report.passed, report.findings
    assert report.committed["erased"] == 1
    assert report.committed["withheld"] == 0
    held = b"".join(path.read_bytes() for path in hall.folder.glob("exchange.sqlite3*"))
    if held:  # over PostgreSQL there is no such file
        assert rival.credit_code.encode() not in held


def test_an_audit_says_disclosed_withheld_and_erased(listed: Hall, tmp_path: Path) -> None:
    _, leaf = filed(listed)
    before = audited(listed, tmp_path / "whole")
    assert before.passed
    assert (before.committed["withheld"], before.committed["erased"]) == (0, 0)
    fields = before.committed["disclosed"]
    erased(listed, leaf, "scenario")
    told = audited(listed, tmp_path / "after").committed
    assert told == {"disclosed": fields, "withheld": 0, "erased": 1}  # with the request's grounds
    kept = audited(listed, tmp_path / "kept", withdraw=True).committed
    assert kept == {"disclosed": 0, "withheld": fields, "erased": 1}
    assert not (tmp_path / "kept" / DISCLOSURES).exists()
    # What was disclosed once can be shown again by whoever has a copy.
    (tmp_path / "kept" / DISCLOSURES).write_bytes((tmp_path / "whole" / DISCLOSURES).read_bytes())
    copied = audit(tmp_path / "kept", key=listed.floor.log_key)
    assert copied.passed
    assert copied.committed["erased"] == 0


def test_a_disclosure_of_something_else_is_a_finding(listed: Hall, tmp_path: Path) -> None:
    export_bundle(tmp_path / "b", floor=listed.floor, disclose=True)
    path = tmp_path / "b" / DISCLOSURES
    path.write_bytes(path.read_bytes().replace(b'"our own report"', b'"a lie"'))
    report = audit(tmp_path / "b", key=listed.floor.log_key)
    assert [finding.rule for finding in report.findings] == ["disclosure"]
    assert "report is not what was committed to" in report.findings[0].words


def test_what_was_erased_is_not_kept_again_by_its_old_act(listed: Hall) -> None:
    facts, subject = {"amount": Money(5).to_record()}, f"account/{listed.participant('rival').id}"
    signed, openings = listed.commit(
        "house", "account.deposited", subject, facts, {"reference": "transfer X"}
    )
    settle.deposit(signed, openings, floor=listed.floor)
    leaf = leaf_of(listed, subject, "account.deposited")
    erased(listed, leaf, "reference")
    assert settle.deposit(signed, openings, floor=listed.floor) == Money(5)
    assert shown(listed, "house", leaf) == {"reference": Erased(leaf, "reference")}


def test_the_grounds_of_a_request_can_be_erased_too(listed: Hall) -> None:
    _, leaf = filed(listed)
    asked = listed.buyer.request_erasure(leaf, ["scenario"], "my daughter's illness")
    assert shown(listed, "buyer", asked.request) == {"grounds": "my daughter's illness"}
    with pytest.raises(Forbidden):
        shown(listed, "supplier", asked.request)
    erased(listed, asked.request, "grounds")
    assert listed.house.execute_erasure(asked.request).state is ErasureState.EXECUTED


# Crashes.


class Cut(Exception):
    """The process ends here."""


def cut(hall: Hall, *, committed: bool) -> Floor:
    """Return a floor whose writes end before or after they are committed."""

    @contextmanager
    def write() -> Iterator[UnitOfWork]:
        with hall.floor.write() as work:
            yield work
            if not committed:
                raise Cut
        raise Cut

    return replace(hall.floor, write=write)


@pytest.mark.parametrize("committed", [False, True], ids=["not persisted", "but persisted"])
def test_an_erasure_that_fails_is_done_whole_or_not_at_all(
    listed: Hall, *, committed: bool
) -> None:
    scenario, leaf = filed(listed)
    asked = listed.buyer.request_erasure(leaf, ["scenario"], "the use is over")
    with listed.floor.read() as work:
        facts = execution_facts(asked.request, work)
    signed = listed.act("house", "erasure.executed", f"erasure/{leaf}", facts)
    size = listed.size
    with pytest.raises(Cut):
        erase_record.execute_erasure(signed, floor=cut(listed, committed=committed))
    assert listed.size == size + committed
    assert isinstance(shown(listed, "buyer", leaf)["scenario"], Erased) is committed
    with listed.floor.read() as work:
        assert (work.scenarios.get(scenario).recipients == ("erased",)) is committed
    done = erase_record.execute_erasure(signed, floor=listed.floor)  # the same act again
    assert (done.state, listed.size) == (ErasureState.EXECUTED, size + 1)
    assert isinstance(shown(listed, "buyer", leaf)["scenario"], Erased)


@pytest.mark.parametrize("committed", [False, True], ids=["not persisted", "but persisted"])
def test_a_value_is_kept_with_its_entry_or_not_at_all(listed: Hall, *, committed: bool) -> None:
    desk = replace(listed.house, floor=cut(listed, committed=committed))
    size, rival = listed.size, listed.participant("rival")
    with pytest.raises(Cut):
        desk.deposit(rival, Money(5), "transfer X")
    assert listed.size == size + committed
    with listed.floor.read() as work:
        found = work.confidential.of(f"account/{rival.id}", "account.deposited", "reference")
        assert [opening.value for _, opening in found] == ["transfer X"] * committed


# A machine over the real services, beside its own idea of what lives.

WORDS = st.sampled_from(["one", "two", "三"])


class Erasing(RuleBasedStateMachine):
    """Deposits, objections, requests, refusals, erasures, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-erasing-"))
        self.opened = open_hall(self.folder / "exchange")
        self.hall = self.opened.__enter__()
        self.living: dict[tuple[str, str], str] = {}
        self.gone: list[tuple[str, str]] = []
        self.asked: dict[str, tuple[str, str]] = {}
        self.credited: dict[str, str] = {}
        self.number = ""

    @initialize()
    def begin(self) -> None:
        self.number = self.hall.register().number
        self.deposit("one")

    @rule(words=WORDS)
    def deposit(self, words: str) -> None:
        buyer = self.hall.participant("buyer")
        if words in self.credited:
            with pytest.raises(Conflict):
                self.hall.house.deposit(buyer, Money(1), words)
            return
        self.hall.house.deposit(buyer, Money(1), words)
        leaf = leaf_of(self.hall, f"account/{buyer.id}", "account.deposited")
        self.credited[words] = leaf
        self.living[leaf, "reference"] = words

    @rule(words=WORDS)
    def object_and_decide(self, words: str) -> None:
        subject = f"product/{self.number}"
        self.hall.rival.object(self.number, words)
        self.hall.house.close_objection(self.number, "dismissed", f"not {words}")
        self.living[leaf_of(self.hall, subject, "objection.filed"), "grounds"] = words
        self.living[leaf_of(self.hall, subject, "objection.closed"), "grounds"] = f"not {words}"

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        # In the order in which they came: leaves are other ones in every run.
        key = data.draw(st.sampled_from([*self.living, *self.gone]))
        if key in self.gone:
            with pytest.raises(Refused, match="was erased already"):
                self.hall.house.request_erasure(key[0], [key[1]], "again")
            return
        asked = self.hall.house.request_erasure(key[0], [key[1]], "please")
        self.asked[asked.request] = key
        self.living[asked.request, "grounds"] = "please"

    @rule(data=st.data(), carry_out=st.booleans())
    def decide(self, data: st.DataObject, *, carry_out: bool) -> None:
        if not self.asked:
            return
        request = data.draw(st.sampled_from(list(self.asked)))
        key = self.asked.pop(request)
        if not carry_out:
            self.hall.house.refuse_erasure(request, "a duty")
        elif key in self.gone:
            with pytest.raises(Refused, match="was erased already"):
                self.hall.house.execute_erasure(request)
        else:
            self.hall.house.execute_erasure(request)
            self.gone.append(key)
            words = self.living.pop(key)
            if key[1] == "reference":
                del self.credited[words]

    @invariant()
    def the_store_is_where_the_model_is(self) -> None:
        with self.hall.floor.read() as work:
            for (leaf, field), words in self.living.items():
                found = work.confidential.get(leaf, field)
                assert isinstance(found, Opening)
                assert found.value == words
                entry = work.chain.store.by_leaf(leaf)
                assert entry
                assert entry.facts[field] == found.commitment
            for leaf, field in self.gone:
                assert work.confidential.get(leaf, field) == Erased(leaf, field)

    def teardown(self) -> None:
        try:
            report = audited(self.hall, self.folder / "bundle")
            assert report.findings == []
            assert report.committed["erased"] == len(self.gone)
            assert report.committed["withheld"] == 0
            assert reconcile(floor=self.hall.floor).faults == ()
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder)


TestErasing = Erasing.TestCase
TestErasing.settings = settings(
    max_examples=6,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_machine_can_play_every_rule() -> None:
    """A named example: one value is asked for twice, and goes once."""
    machine = Erasing()
    try:
        machine.begin()
        machine.deposit("one")  # credited before
        machine.object_and_decide("two")
        ((leaf, field),) = [key for key, words in machine.living.items() if words == "one"]
        for _ in range(2):
            asked = machine.hall.house.request_erasure(leaf, [field], "please")
            machine.asked[asked.request] = leaf, field
            machine.living[asked.request, "grounds"] = "please"
        first, second = machine.asked
        machine.hall.house.execute_erasure(first)
        machine.gone.append((leaf, field))
        del machine.living[leaf, field]
        with pytest.raises(Refused, match="was erased already"):
            machine.hall.house.execute_erasure(second)
        machine.the_store_is_where_the_model_is()
    finally:
        machine.teardown()

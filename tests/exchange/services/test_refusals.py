"""Every refusal of the services: its class, its words, its rules, and that nothing has happened."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from exchange.clearing import available
from exchange.compliance import RulePack
from exchange.demands import Posting
from exchange.desk import Desk
from exchange.documents import DocumentKind
from exchange.errors import (
    BadField,
    Broken,
    BudgetSpent,
    Busy,
    Conflict,
    DataDiffer,
    ExchangeError,
    Forbidden,
    IllegalTransition,
    InsufficientFunds,
    NoScenario,
    NotCompliant,
    NotFound,
    NoticeRunning,
    Refused,
    Stale,
    TermsDiffer,
    Unauthenticated,
    Unreadable,
)
from exchange.matching import Wish
from exchange.openings import Opening, open_with
from exchange.participants import Participant, Role
from exchange.records import to_record
from exchange.services import (
    admit_participant,
    assess_product,
    attach_document,
    attest_product,
    deliver_product,
    dispute_registration,
    execute_trade,
    file_scenario,
    grant_right,
    keep_negative_list,
    list_product,
    object_to_claim,
    quote_price,
    register_product,
    settle,
    submit_sheet,
    suspend_listing,
    verify_document,
    verify_identity,
    vet_listing,
)
from exchange.services.adopt_pack import adopt_pack
from exchange.services.audit_provenance import reconcile
from exchange.services.issue_certificate import issue_certificate
from exchange.specsheet import Right, SpecSheet
from exchange.trading import Terms, Trade
from exchange.vetting import CHECKLIST
from ledger.acts import SignedAct, key_id
from pricing.money import Currency, Money
from tests.exchange.floor import (
    ATTESTED,
    DATA,
    DEPOSIT,
    DERIVED,
    EVIDENCE,
    NOTICE,
    OPERATOR,
    PASSPHRASE,
    QUOTE,
    YEAR,
    Hall,
    credit_code,
    open_hall,
    shared,
    sheet,
    signed_otherwise,
    welcome,
)
from tests.exchange.services.plans import by_use, calls, listed_under

Attempt = Callable[[], object]
Decorator = Callable[[Callable[[Hall], Attempt]], Callable[[Hall], Attempt]]
OTHER = "0" * 64


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is tried on a stage, and how it is refused; `entries` of the refusal are recorded."""

    attempt: Callable[[Hall], Attempt]
    error: type[ExchangeError]
    words: str
    stage: str
    rules: tuple[str, ...]
    entries: int


REFUSALS: list[Refusal] = []


def refused(
    error: type[ExchangeError],
    words: str,
    *rules: str,
    stage: str = "admitted",
    entries: int = 0,
) -> Decorator:
    """Add a case: the function prepares it and returns what is refused."""

    def add(attempt: Callable[[Hall], Attempt]) -> Callable[[Hall], Attempt]:
        REFUSALS.append(Refusal(attempt, error, words, stage, rules, entries))
        return attempt

    return add


def on_board(error: type[ExchangeError], words: str, *rules: str, entries: int = 0) -> Decorator:
    return refused(error, words, *rules, stage="listed", entries=entries)


def ordered(error: type[ExchangeError], words: str, *rules: str) -> Decorator:
    return refused(error, words, *rules, stage="ordered")


def contracted(error: type[ExchangeError], words: str, *rules: str) -> Decorator:
    return refused(error, words, *rules, stage="contracted")


def delivered(error: type[ExchangeError], words: str, *rules: str) -> Decorator:
    return refused(error, words, *rules, stage="delivered")


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.attempt.__name__)
def test_is_refused_and_nothing_has_happened(case: Refusal, tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", case.stage) as hall:
        attempt = case.attempt(hall)
        size, files, money = hall.size, hall.vault(), _money(hall)
        with pytest.raises(case.error) as caught:
            attempt()
        assert type(caught.value) is case.error
        assert case.words in str(caught.value)
        assert caught.value.rules == case.rules
        assert hall.size == size + case.entries
        assert hall.vault() == files
        assert _money(hall) == money
        assert reconcile(floor=hall.floor).faults == ()


def test_every_refusal_has_a_case() -> None:
    """Every class that a service raises by name stands in the table.

    `Broken` is no refusal, and `Busy` and `Stale` take two at once.
    """
    services = Path(register_product.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in services.glob("*.py"))
    raised = {error for error in _tree(ExchangeError) if f"raise {error.__name__}(" in text}
    assert raised - {Broken, Busy, Stale} <= {case.error for case in REFUSALS}


def _tree(error: type[ExchangeError]) -> set[type[ExchangeError]]:
    return {error}.union(*(_tree(child) for child in error.__subclasses__()))


def _money(hall: Hall) -> dict[Any, Money]:
    with hall.floor.read() as work:
        return dict(work.accounts.balances())


def registration(hall: Hall, handle: str = "supplier", **changes: Any) -> SignedAct:
    """Return a claim over the clean file, with facts and fields of the act changed."""
    facts = {
        "data": "",
        "bytes": len(DATA.encode()),
        "rights": ["holding"],
        "sources": ["produced"],
        "evidence": [],
        "parents": [],
    }
    facts["data"] = digest_of(DATA)
    facts |= {name: changes.pop(name) for name in list(changes) if name in facts}
    return hall.act(handle, "product.registered", None, facts, **changes)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def claim(hall: Hall, signed: SignedAct, data: str = DATA, *evidence: bytes) -> Attempt:
    source = hall.file(data=data)
    return lambda: register_product.register_product(
        signed, source, name=source.name, evidence=evidence, floor=hall.floor
    )


def claimed(hall: Hall, **facts: Any) -> str:
    """Register the clean file with its evidence under a claim of other facts."""
    evidence = [hashlib.sha256(EVIDENCE).hexdigest()]
    claim(hall, registration(hall, evidence=evidence, **facts), DATA, EVIDENCE)()
    with hall.floor.read() as work:
        (product,) = work.products.all()
    return product.number


# Acts: who may act, with which key, for which log, when.


@refused(BadField, "act.facts.sources: 'purchased' is none of produced, public-collection")
def a_registration_from_a_source_that_no_sheet_names(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, sources=["produced", "purchased"]))


@refused(BadField, "act.facts.sources: one at least of produced, public-collection")
def a_registration_from_nowhere(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, sources=[]))


@refused(Forbidden, "buyer is not admitted as supplier")
def a_buyer_registers(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, "buyer"))


@refused(Forbidden, "buyer is not admitted as supplier")
def a_buyer_registers_no_file_at_all(hall: Hall) -> Attempt:
    """Who may not register is refused before any file is looked at."""
    signed, nowhere = registration(hall, "buyer"), hall.folder / "nowhere.csv"
    return lambda: register_product.register_product(
        signed, nowhere, name="nowhere.csv", floor=hall.floor
    )


@refused(Unauthenticated, "the signature does not cover the act")
def an_act_signed_by_another_key(hall: Hall) -> Attempt:
    signed = registration(hall)
    forged = replace(signed, signature=hall.keys["rival"].signing.sign(signed.act.message))
    return claim(hall, forged)


@refused(Unauthenticated, "is not the key of its actor")
def an_act_that_names_another_key(hall: Hall) -> Attempt:
    mine = hall.participant("supplier")
    keys = hall.keys["rival"]
    signed = registration(hall, "rival")
    return claim(hall, replace(signed.act, actor=mine.id).signed(keys.signing))


@refused(Unauthenticated, "is not a participant of this exchange")
def an_act_of_nobody(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, actor="PT-0000-0000-0000"))


@refused(Refused, "this exchange is guapai.example/tests, the act is for other.example/log")
def an_act_of_another_log(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, log="other.example/log"))


@refused(Refused, "this takes product.registered, the act is sheet.submitted")
def an_act_of_another_kind(hall: Hall) -> Attempt:
    signed = registration(hall).act
    other = replace(signed, kind="sheet.submitted").signed(hall.keys["supplier"].signing)
    return claim(hall, other)


@refused(Refused, "is not within ten minutes of the exchange")
def an_act_signed_long_ago(hall: Hall) -> Attempt:
    signed = registration(hall)
    hall.advance(minutes=10, seconds=1)
    return claim(hall, signed)


@refused(Refused, "is not within ten minutes of the exchange")
def an_act_signed_in_the_future(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, time="2026-01-05T09:10:01Z"))


@refused(Refused, "act.facts.data: must be str")
def an_act_with_a_fact_of_another_type(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, data=7))


@refused(Refused, "act.facts.evidence: must be a list of texts")
def an_act_with_a_list_of_another_type(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, evidence=[{}]))


@refused(Refused, "facts: product.registered.colour: unknown")
def an_act_with_an_unknown_fact(hall: Hall) -> Attempt:
    signed = registration(hall)
    facts = dict(signed.act.facts) | {"colour": "blue"}
    return claim(hall, replace(signed.act, facts=facts).signed(hall.keys["supplier"].signing))


@refused(Conflict, "recorded before under another signature")
def the_same_act_under_another_signature(hall: Hall) -> Attempt:
    signed = registration(hall)
    claim(hall, signed)()
    return claim(hall, signed_otherwise(signed, hall.keys["supplier"]))


@refused(Refused, "act.subject: must be product/…")
def an_act_about_another_sort_of_thing(hall: Hall) -> Attempt:
    signed = hall.act("house", "listing.suspended", "trade/TR-1", {"reason": "x"})
    return lambda: suspend_listing.suspend_listing(signed, floor=hall.floor)


@refused(Refused, "act.subject: must be product/…, is None")
def an_act_about_nothing(hall: Hall) -> Attempt:
    signed = hall.act("house", "listing.suspended", None, {"reason": "x"})
    return lambda: suspend_listing.suspend_listing(signed, floor=hall.floor)


@refused(Refused, "act.subject: must be product/…, is product/")
def an_act_about_no_product_in_particular(hall: Hall) -> Attempt:
    signed = hall.act("house", "listing.suspended", "product/", {"reason": "x"})
    return lambda: suspend_listing.suspend_listing(signed, floor=hall.floor)


@refused(Unauthenticated, "None is not a participant of this exchange")
def an_act_of_no_actor(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, actor=None))


@refused(Refused, "act.facts.bytes: must be int")
def an_act_with_a_truth_in_place_of_a_number(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, bytes=True))


@on_board(Refused, "this takes listing.suspended, the act is listing.delisted")
def a_suspension_by_an_act_that_delists(hall: Hall) -> Attempt:
    signed = hall.act("house", "listing.delisted", f"product/{hall.number}", {"reason": "x"})
    return lambda: suspend_listing.suspend_listing(signed, floor=hall.floor)


@refused(Forbidden, "the operator's key is not unlocked")
def the_house_is_locked(hall: Hall) -> Attempt:
    signed, floor = registration(hall), replace(hall.floor, signer=None)
    source = hall.file()
    return lambda: register_product.register_product(signed, source, name="a.csv", floor=floor)


# Admission.


def application(
    hall: Hall, handle: str = "newcomer", name: str = "新人", code: str = "", **facts: Any
) -> Attempt:
    keys = hall.venue.keyring.create("newcomer", PASSPHRASE)
    shown = {"public_key": keys.signing.public_key.hex(), "recipient": keys.recipient} | facts
    drafted = hall.act("buyer", "participant.key", None, shown, actor=None).act
    signed = replace(drafted, key=key_id(keys.signing.public_key)).signed(keys.signing)
    code = code or credit_code(9)
    return lambda: admit_participant.apply_to_join(
        signed, handle=handle, name=name, credit_code=code, floor=hall.floor
    )


@refused(Conflict, "handle: buyer is taken")
def a_handle_that_is_taken(hall: Hall) -> Attempt:
    return application(hall, "buyer")


@refused(BadField, "handle: 2 to 63")
def a_handle_out_of_order(hall: Hall) -> Attempt:
    return application(hall, "No Handle")


@refused(Unauthenticated, "is not the key of its actor")
def an_application_with_the_key_of_another(hall: Hall) -> Attempt:
    return application(hall, public_key=hall.participant("buyer").public_key)


@refused(Unauthenticated, "act: non-hexadecimal number")
def an_application_with_no_key(hall: Hall) -> Attempt:
    return application(hall, public_key="zz")


@refused(Conflict, "the key belongs to a participant already")
def a_key_that_is_taken(hall: Hall) -> Attempt:
    keys = hall.keys["buyer"]
    facts = {"public_key": keys.signing.public_key.hex(), "recipient": keys.recipient}
    signed = hall.act("buyer", "participant.key", None, facts, actor=None)
    return lambda: admit_participant.apply_to_join(
        signed, handle="newcomer", name="x", credit_code=credit_code(9), floor=hall.floor
    )


@refused(BadField, "act.kind: an application is participant.key")
def an_application_of_another_kind(hall: Hall) -> Attempt:
    signed = registration(hall)
    return lambda: admit_participant.apply_to_join(
        signed, handle="newcomer", name="x", credit_code=credit_code(9), floor=hall.floor
    )


@refused(BadField, "name: 1 to 200 characters")
def a_participant_without_a_name(hall: Hall) -> Attempt:
    return application(hall, name="")


@refused(BadField, "credit_code: not a unified social credit code")
def a_credit_code_with_a_slip(hall: Hall) -> Attempt:
    code = credit_code(9)[:-1] + ("0" if credit_code(9)[-1] != "0" else "1")
    return application(hall, code=code)


@refused(BadField, "act.facts.roles: one or more of")
def an_admission_as_operator(hall: Hall) -> Attempt:
    applicant = application(hall)()
    return lambda: hall.house.admit(applicant, [Role.OPERATOR])  # type: ignore[arg-type]


@refused(BadField, "act.facts.roles: one or more of")
def an_admission_without_a_role(hall: Hall) -> Attempt:
    applicant = application(hall)()
    return lambda: hall.house.admit(applicant, [])  # type: ignore[arg-type]


@refused(IllegalTransition, "participant buyer")
def an_admission_of_the_admitted(hall: Hall) -> Attempt:
    return lambda: hall.house.admit(hall.participant("buyer"), [Role.BUYER])


@refused(Forbidden, "supplier is not admitted as operator")
def an_admission_by_a_supplier(hall: Hall) -> Attempt:
    return lambda: hall.supplier.admit(hall.participant("buyer"), [Role.BUYER])


@refused(BadField, "the operator cannot suspend itself")
def the_operator_suspends_itself(hall: Hall) -> Attempt:
    return lambda: hall.house.suspend(hall.house.participant, "tired")


@refused(Forbidden, "supplier is suspended and may not act")
def a_suspended_participant_acts(hall: Hall) -> Attempt:
    supplier = hall.supplier
    hall.house.suspend(supplier.participant, "licence ended")
    return lambda: supplier.register(hall.file())


@refused(Forbidden, "newcomer is applied and may not act")
def an_applicant_acts(hall: Hall) -> Attempt:
    application(hall)()
    keys = hall.venue.keys_of("newcomer", PASSPHRASE)
    applicant = Desk(hall.participant("newcomer"), keys, hall.floor)
    return lambda: applicant.register(hall.file())


# Registration.


@refused(DataDiffer, "the claim is over other bytes")
def a_file_that_differs_from_its_claim(hall: Hall) -> Attempt:
    return claim(hall, registration(hall), DATA + "RZ,2026-01-04T02:00:00Z,119.6,35.4,7.1\n")


@refused(DataDiffer, "the claim is over other bytes")
def a_claim_over_another_size(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, bytes=1))


@refused(Conflict, "the same bytes are registered as GP-")
def the_same_bytes_by_somebody_else(hall: Hall) -> Attempt:
    hall.register()
    return lambda: hall.contributor.register(hall.file("mine.csv"))


@refused(DataDiffer, "not the digests of the documents given")
def evidence_that_differs_from_its_claim(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, evidence=[OTHER]), DATA, EVIDENCE)


@refused(DataDiffer, "not the digests of the documents given")
def evidence_that_was_not_given(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, evidence=[OTHER]))


@refused(Refused, "rights: a registration claims at least one right")
def a_claim_of_nothing(hall: Hall) -> Attempt:
    return claim(hall, registration(hall, rights=[]))


@refused(NotFound, "no such file")
def a_file_that_is_not_there(hall: Hall) -> Attempt:
    signed, missing = registration(hall), hall.folder / "nowhere.csv"
    return lambda: register_product.register_product(
        signed, missing, name="nowhere.csv", floor=hall.floor
    )


@refused(Unreadable, "the file is empty", "F-01")
def an_empty_file(hall: Hall) -> Attempt:
    return lambda: hall.supplier.register(hall.file(data=""))


@refused(Unreadable, "grid.nc", "F-01")
def a_file_that_is_not_what_its_name_says(hall: Hall) -> Attempt:
    return lambda: hall.supplier.register(hall.file("grid.nc", "not a NetCDF file\n"))


# Rights.


def granting(hall: Hall, handle: str = "supplier", **changes: Any) -> Attempt:
    """Grant to the contributor with facts of the act, or what opens its commitment, changed."""
    agreed = changes.pop("agreement", "")
    openings: list[Opening] = [*open_with(hall.floor.chance, {"agreement": agreed})]
    facts = hall.terms().facts | {"agreement": openings[0].commitment}
    facts |= {name: changes.pop(name) for name in list(changes) if name in facts}
    number = changes.pop("number", hall.number)
    openings = changes.pop("openings", openings)
    signed = hall.act(handle, "right.granted", f"product/{number}", facts, **changes)
    return lambda: grant_right.grant_right(signed, openings, floor=hall.floor)


@on_board(Forbidden, "is not a product of rival: who grants a right on names the grant")
def a_grant_by_a_stranger(hall: Hall) -> Attempt:
    return granting(hall, "rival")


@on_board(NotFound, "there is no product GP-0")
def a_grant_in_nothing(hall: Hall) -> Attempt:
    return granting(hall, number="GP-0")


@refused(NoticeRunning, "the public notice runs until")
def a_grant_before_the_notice_has_run(hall: Hall) -> Attempt:
    hall.number = hall.register().number
    return granting(hall)


@refused(IllegalTransition, "is rejected and cannot become confirmed")
def a_grant_in_a_claim_that_was_rejected(hall: Hall) -> Attempt:
    hall.number = hall.register().number
    hall.rival.object(hall.number, "mine")
    hall.house.close_objection(hall.number, "upheld", "the proof is good")
    hall.advance(seconds=NOTICE)
    return granting(hall)


@on_board(Refused, "rights: the right 'reading' was not claimed")
def a_grant_of_what_was_not_claimed(hall: Hall) -> Attempt:
    return granting(hall, right="reading")


@on_board(Refused, "is no other participant in good standing")
def a_grant_to_a_handle(hall: Hall) -> Attempt:
    return granting(hall, to="contributor")


@on_board(Refused, "is no other participant in good standing")
def a_grant_to_oneself(hall: Hall) -> Attempt:
    return granting(hall, to=hall.participant("supplier").id)


@on_board(Refused, "is no other participant in good standing")
def a_grant_to_the_suspended(hall: Hall) -> Attempt:
    hall.house.suspend(hall.participant("contributor"), "licence ended")
    return granting(hall)


@on_board(Refused, "rights: a grant begins not before its entry, and ends after that")
def a_grant_in_the_past(hall: Hall) -> Attempt:
    return granting(hall, **{"from": "2026-01-01T00:00:00Z"})


@on_board(Refused, "rights: purposes: one or more, or any alone")
def a_grant_for_no_purpose(hall: Hall) -> Attempt:
    return granting(hall, purposes=[])


@on_board(Refused, "exclusive: the grant meets that of entry")
def an_exclusive_grant_that_meets_another(hall: Hall) -> Attempt:
    hall.grant("rival", purposes=("research",))
    return granting(hall, exclusive=True)


@on_board(Refused, "exclusive: the grant meets that of entry")
def a_grant_that_meets_an_exclusive_one(hall: Hall) -> Attempt:
    hall.grant("rival", exclusive=True)
    return granting(hall, purposes=["research"])


@on_board(Forbidden, "grants nothing to rival")
def a_grant_under_that_of_another(hall: Hall) -> Attempt:
    grant = hall.grant("contributor", transferable=True)
    return granting(hall, "rival", under=[grant])


@on_board(NotFound, "has no grant 0000")
def a_grant_under_nothing(hall: Hall) -> Attempt:
    return granting(hall, "rival", under=[OTHER])


@on_board(NotFound, "has no grant")
def a_grant_under_what_is_no_grant(hall: Hall) -> Attempt:
    return granting(hall, "rival", under=[hall.product().head])


@on_board(Refused, "may not grant on under entry")
def a_grant_under_one_that_is_not_transferable(hall: Hall) -> Attempt:
    return granting(hall, "rival", under=[hall.grant("rival")])


@on_board(Refused, "may not grant on under entry")
def a_grant_under_one_that_was_revoked(hall: Hall) -> Attempt:
    grant = hall.grant("rival", transferable=True)
    hall.supplier.revoke(hall.number, grant, "terms were broken")
    return granting(hall, "rival", under=[grant])


@on_board(Refused, "rights: the grant goes beyond entry")
def a_grant_beyond_the_one_it_is_under(hall: Hall) -> Attempt:
    grant = hall.grant("rival", transferable=True, purposes=("research",))
    return granting(hall, "rival", under=[grant])


@on_board(Refused, "rights: a grant is under one other at most")
def a_grant_under_two(hall: Hall) -> Attempt:
    under = [hall.grant("rival", transferable=True) for _ in range(2)]
    return granting(hall, "rival", under=under)


@on_board(BadField, "openings.agreement: missing: the act commits to it")
def a_grant_whose_agreement_is_not_shown(hall: Hall) -> Attempt:
    return granting(hall, openings=[])


@on_board(DataDiffer, "act.facts.agreement: not a commitment to this value and salt")
def a_grant_over_another_agreement(hall: Hall) -> Attempt:
    other = open_with(hall.floor.chance, {"agreement": "another"})
    return granting(hall, agreement="the one", openings=other)


@on_board(BadField, "openings.agreement.value: a text, or")
def a_grant_over_what_is_no_document(hall: Hall) -> Attempt:
    return granting(hall, agreement=7)


@on_board(Conflict, "recorded before under another signature")
def a_grant_again_under_another_signature(hall: Hall) -> Attempt:
    openings = open_with(hall.floor.chance, {"agreement": ""})
    facts = hall.terms().facts | {"agreement": openings[0].commitment}
    signed = hall.act("supplier", "right.granted", f"product/{hall.number}", facts)
    grant_right.grant_right(signed, openings, floor=hall.floor)
    other = signed_otherwise(signed, hall.keys["supplier"])
    return lambda: grant_right.grant_right(other, openings, floor=hall.floor)


@on_board(Forbidden, "was not granted by rival")
def a_revocation_by_who_holds_the_grant(hall: Hall) -> Attempt:
    grant = hall.grant("rival")
    return lambda: hall.rival.revoke(hall.number, grant, "no need")


@on_board(Forbidden, "was not granted by house")
def a_revocation_by_the_operator(hall: Hall) -> Attempt:
    grant = hall.grant("rival")
    return lambda: hall.house.revoke(hall.number, grant, "a complaint")


@on_board(NotFound, "has no grant 0000")
def a_revocation_of_nothing(hall: Hall) -> Attempt:
    return lambda: hall.supplier.revoke(hall.number, OTHER, "terms were broken")


@on_board(NotFound, "has no grant")
def a_revocation_in_another_product(hall: Hall) -> Attempt:
    grant = hall.grant()
    other = hall.register("other.csv", DATA.replace("6.1", "5.9")).number
    return lambda: hall.supplier.revoke(other, grant, "terms were broken")


@on_board(Refused, "was revoked already")
def a_revocation_of_what_was_revoked(hall: Hall) -> Attempt:
    grant = hall.grant()
    hall.supplier.revoke(hall.number, grant, "terms were broken")
    return lambda: hall.supplier.revoke(hall.number, grant, "and again")


@on_board(NotFound, "there is no product GP-0")
def a_registration_derived_from_nothing(hall: Hall) -> Attempt:
    file = hall.file("derived.csv", DERIVED)
    return lambda: hall.contributor.register(file, parents=["GP-0"])


@on_board(Forbidden, "contributor has no right to process GP-")
def a_registration_derived_without_the_right(hall: Hall) -> Attempt:
    hall.grant(right=Right.HOLDING)
    hall.grant("rival")
    return hall.derive


@on_board(Forbidden, "contributor has no right to process GP-")
def a_registration_derived_after_the_revocation(hall: Hall) -> Attempt:
    hall.supplier.revoke(hall.number, hall.grant(), "terms were broken")
    return hall.derive


@on_board(Forbidden, "contributor has no right to process GP-")
def a_registration_derived_after_the_end_of_the_grant(hall: Hall) -> Attempt:
    hall.grant()
    hall.advance(days=90, seconds=1)
    return hall.derive


@refused(NoticeRunning, "the public notice runs until")
def a_registration_derived_from_a_claim_on_notice(hall: Hall) -> Attempt:
    parents, file = [hall.register().number], hall.file("derived.csv", DERIVED)
    return lambda: hall.supplier.register(file, parents=parents)


@on_board(Forbidden, "supplier has no right to process GP-")
def a_registration_derived_from_ones_own_without_the_claim(hall: Hall) -> Attempt:
    claim(hall, registration(hall, data=digest_of(DERIVED)), DERIVED)()
    with hall.floor.read() as work:
        number = work.products.all()[-1].number
    hall.advance(seconds=NOTICE)
    file = hall.file("more.csv", DATA.replace("6.1", "5.8"))
    return lambda: hall.supplier.register(file, parents=[number])


@on_board(Refused, "parents: a parent is named twice")
def a_registration_derived_twice_from_the_same(hall: Hall) -> Attempt:
    hall.grant()
    file = hall.file("derived.csv", DERIVED)
    return lambda: hall.contributor.register(file, parents=[hall.number] * 2)


@on_board(Refused, "lineage: ")
def a_listing_of_what_was_derived_after_the_revocation(hall: Hall) -> Attempt:
    grant = hall.grant()
    number = hall.derive()
    hall.supplier.revoke(hall.number, grant, "terms were broken")
    return lambda: hall.contributor.list(number)


@ordered(Refused, "alone operates this use by entry")
def a_contract_over_what_another_alone_operates(hall: Hall) -> Attempt:
    hall.grant("rival", right=Right.OPERATING, exclusive=True)
    return lambda: hall.supplier.accept(hall.made)


# Sheets.


@refused(Forbidden, "is not a product of contributor")
def a_sheet_for_the_product_of_another(hall: Hall) -> Attempt:
    number = hall.register().number
    return lambda: hall.contributor.submit_sheet(number, sheet())


def submission(hall: Hall, of: SpecSheet, **facts: Any) -> Attempt:
    product = hall.register()
    said = {"grade": str(of.grade), "purposes": list(of.conditions.purposes)}
    named = {"sheet": of.digest, "data": product.data} | said | facts
    signed = hall.act("supplier", "sheet.submitted", f"product/{product.number}", named)
    return lambda: submit_sheet.submit_sheet(signed, of, floor=hall.floor)


@refused(DataDiffer, "act.facts.sheet: not the digest of this sheet")
def a_sheet_that_is_not_the_one_signed(hall: Hall) -> Attempt:
    return submission(hall, sheet(), sheet=OTHER)


@refused(DataDiffer, "is registered over other bytes")
def a_sheet_for_other_data(hall: Hall) -> Attempt:
    return submission(hall, sheet(), data=OTHER)


@refused(BadField, "is not a participant's id")
def a_sheet_that_names_a_contributor_by_handle(hall: Hall) -> Attempt:
    sharing = shared(hall, supplier="QD", contributor="RZ")
    sharing["contributors"][1]["participant"] = "contributor"
    return submission(hall, sheet(sharing=sharing))


@refused(BadField, "contributor is suspended, not admitted")
def a_sheet_that_names_a_suspended_contributor(hall: Hall) -> Attempt:
    hall.house.suspend(hall.participant("contributor"), "licence ended")
    return submission(hall, sheet(sharing=shared(hall, supplier="QD", contributor="RZ")))


@refused(BadField, "1 values of column station belong to no contributor")
def a_sheet_that_leaves_rows_to_nobody(hall: Hall) -> Attempt:
    return submission(hall, sheet(sharing=shared(hall, supplier="QD")))


@refused(BadField, "sharing: ")
def a_sheet_with_an_unknown_allocator(hall: Hall) -> Attempt:
    sharing = shared(hall, supplier="QD", contributor="RZ") | {"allocator": "by-beauty"}
    return submission(hall, sheet(sharing=sharing))


@refused(BadField, "sharing: ")
def a_sheet_that_divides_by_nothing(hall: Hall) -> Attempt:
    sharing = shared(hall, supplier="QD", contributor="RZ") | {"allocator": "fixed", "column": ""}
    return submission(hall, sheet(sharing=sharing))


@refused(DataDiffer, "in the vault has changed", "T-06")
def a_vault_file_that_changed_before_its_rows_are_counted(hall: Hall) -> Attempt:
    attempt = submission(hall, sheet(sharing=shared(hall, supplier="QD", contributor="RZ")))
    next(iter((hall.folder / "vault").iterdir())).write_text(DATA.replace("6.1", "6.0"))
    return attempt


@refused(BadField, "price.strategy: no 'by-mood' in pricing.strategies")
def a_sheet_priced_by_an_unknown_strategy(hall: Hall) -> Attempt:
    price = {"mode": "one-off", "amount": "1.00 CNY", "strategy": "by-mood"}
    return submission(hall, sheet(price=price))


@refused(BadField, "price.amount: this exchange clears in CNY")
def a_sheet_priced_in_another_currency(hall: Hall) -> Attempt:
    return submission(hall, sheet(price={"mode": "one-off", "amount": "1.00 USD"}))


@refused(BadField, "price.amount: below zero")
def a_sheet_priced_below_zero(hall: Hall) -> Attempt:
    return submission(hall, sheet(price={"mode": "one-off", "amount": "-1.00 CNY"}))


@refused(BadField, "costs.amount: below zero")
def a_sheet_with_costs_below_zero(hall: Hall) -> Attempt:
    amounts = ("1.00 CNY", "-1.00 CNY")
    costs = [{"activity": "x", "amount": amount} for amount in amounts]
    return submission(hall, sheet(costs=costs))


@refused(BadField, "costs.amount: in another currency than the price, CNY")
def a_sheet_with_costs_in_another_currency(hall: Hall) -> Attempt:
    amounts = ("1.00 CNY", "1.00 USD")
    costs = [{"activity": "x", "amount": amount} for amount in amounts]
    return submission(hall, sheet(costs=costs))


@refused(BadField, "sharing.contributors.value: each contributor has its own")
def a_sheet_that_counts_rows_twice(hall: Hall) -> Attempt:
    sharing = shared(hall, supplier="QD", contributor="QD")
    return submission(hall, sheet(sharing=sharing))


@refused(BadField, "sharing.contributors.participant: each contributor has its own")
def a_sheet_that_names_a_contributor_twice(hall: Hall) -> Attempt:
    sharing = shared(hall, supplier="QD", contributor="RZ")
    sharing["contributors"][1]["participant"] = hall.participant("supplier").id
    return submission(hall, sheet(sharing=sharing))


@refused(BadField, "PT-0000-0000-0000 is not a participant's id")
def a_sheet_that_shares_with_nobody(hall: Hall) -> Attempt:
    sharing = shared(hall, supplier="QD", contributor="RZ")
    sharing["contributors"][1]["participant"] = "PT-0000-0000-0000"
    return submission(hall, sheet(sharing=sharing))


@refused(BadField, "the operator takes its fee and no share")
def a_sheet_that_shares_with_the_operator(hall: Hall) -> Attempt:
    return submission(hall, sheet(sharing=shared(hall, house="QD", contributor="RZ")))


@refused(BadField, "not claimed at registration")
def a_sheet_that_claims_more_than_was_registered(hall: Hall) -> Attempt:
    number = claimed(hall, rights=["holding"])
    return lambda: hall.supplier.submit_sheet(number, sheet())


@refused(BadField, "sources.code: produced: not named at registration")
def a_sheet_with_a_source_that_was_not_registered(hall: Hall) -> Attempt:
    number = claimed(hall, sources=["public-collection"])
    return lambda: hall.supplier.submit_sheet(number, sheet(rights=["holding"]))


@refused(BadField, "sources.0.evidence: the document of that digest was never given")
def a_sheet_whose_evidence_is_nowhere(hall: Hall) -> Attempt:
    source = {"code": "produced", "statement": "x", "evidence": OTHER}
    return submission(hall, sheet(sources=[source]))


@refused(DataDiffer, "act.facts.grade: not that of the sheet")
def a_sheet_signed_under_another_grade(hall: Hall) -> Attempt:
    """By the act's own grade derived products are held, so a lower one must not stand there."""
    return submission(hall, sheet(grade="general-3"), grade="general-1")


@refused(DataDiffer, "act.facts.purposes: not that of the sheet")
def a_sheet_signed_for_more_purposes(hall: Hall) -> Attempt:
    return submission(hall, sheet(), purposes=["research", "shipping", "insurance"])


# Assessment.


def attestation(
    hall: Hall, handle: str = "assessor", *, report: Any = "seen", **facts: Any
) -> Attempt:
    product = hall.register()
    product = hall.supplier.submit_sheet(product.number, sheet())
    named = {
        "sheet": product.sheet,
        "data": product.data,
        "pack": hall.floor.pack.digest,
        "rules": list(ATTESTED),
        "outcome": "passed",
        "until": (hall.today + dt.timedelta(days=30)).isoformat(),
    } | facts
    signed, openings = hall.commit(
        handle, "compliance.attested", f"product/{product.number}", named, {"report": report}
    )
    return lambda: attest_product.attest_product(signed, openings, floor=hall.floor)


@refused(Forbidden, "a supplier cannot assess its own product", "T-05")
def an_assessor_of_the_suppliers_own_house(hall: Hall) -> Attempt:
    return attestation(hall, "insider")


@refused(Forbidden, "a supplier cannot assess its own product", "T-05")
def an_expert_of_the_suppliers_own_house(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    return lambda: hall.insider.review(number, "1", b"splendid")


@refused(Forbidden, "who shares in the proceeds cannot assess", "T-05")
def an_assessor_that_shares_in_the_proceeds(hall: Hall) -> Attempt:
    number = hall.contributor.register(hall.file(), sheet(), [EVIDENCE]).number
    sharing = shared(hall, contributor="QD", supplier="RZ")
    hall.contributor.submit_sheet(number, sheet(sharing=sharing))
    return lambda: hall.insider.review(number, "1", b"splendid")


@refused(Forbidden, "the exchange's own organisation cannot assess", "T-05")
def an_assessor_of_the_exchanges_own_house(hall: Hall) -> Attempt:
    applicant = application(hall, code=OPERATOR[2])()
    assert isinstance(applicant, Participant)
    welcome(hall.house, applicant, [Role.COMPLIANCE_ASSESSOR])
    hall.keys = {**hall.keys, "newcomer": hall.venue.keys_of("newcomer", PASSPHRASE)}
    return attestation(hall, "newcomer")


@refused(Forbidden, "a supplier cannot assess its own product", "T-05")
def an_assessor_that_is_the_supplier_itself(hall: Hall) -> Attempt:
    supplier = hall.participant("supplier")
    hall.house.suspend(supplier, "to change its roles")
    hall.house.admit(supplier, [Role.SUPPLIER, Role.COMPLIANCE_ASSESSOR])
    return attestation(hall, "supplier")


@refused(Forbidden, "expert is not admitted as compliance-assessor")
def an_expert_attests(hall: Hall) -> Attempt:
    return attestation(hall, "expert")


@refused(DataDiffer, "act.facts.sheet: not the present sheet")
def an_attestation_of_another_sheet(hall: Hall) -> Attempt:
    return attestation(hall, sheet=OTHER)


@refused(DataDiffer, "act.facts.data: not the present data")
def an_attestation_of_other_data(hall: Hall) -> Attempt:
    return attestation(hall, data=OTHER)


@refused(DataDiffer, "the exchange applies another rule pack")
def an_attestation_under_another_pack(hall: Hall) -> Attempt:
    return attestation(hall, pack=OTHER)


@refused(BadField, 'openings.report.value: a text, or {"base64": …}')
def an_attestation_whose_report_is_a_number(hall: Hall) -> Attempt:
    return attestation(hall, report=7)


@refused(BadField, 'openings.report.value: a text, or {"base64": …}')
def an_attestation_whose_report_is_not_base_64(hall: Hall) -> Attempt:
    return attestation(hall, report={"base64": "?"})


@refused(BadField, "Z-99 is not a rule of the pack")
def an_attestation_of_an_unknown_rule(hall: Hall) -> Attempt:
    return attestation(hall, rules=["Z-99"])


@refused(BadField, "act.facts.rules: C-03 is named twice")
def an_attestation_that_names_a_rule_twice(hall: Hall) -> Attempt:
    return attestation(hall, rules=["C-03", "T-05", "C-03"])


@refused(
    BadField,
    "act.facts.rules: F-01 is decided by its check, and nobody attests it: "
    "it asks for a file that is what its name says",
)
def an_attestation_of_a_rule_that_is_measured(hall: Hall) -> Attempt:
    return attestation(hall, rules=["C-03", "F-01"])


@refused(BadField, "act.facts.rules: P-01 is decided by its check, and nobody attests it")
def an_attestation_of_what_the_operator_verifies(hall: Hall) -> Attempt:
    return attestation(hall, rules=["P-01"])


@refused(BadField, "act.facts.rules: Z-99 is not a rule of the pack")
def a_refusal_of_an_unknown_rule(hall: Hall) -> Attempt:
    return attestation(hall, rules=["Z-99"], outcome="refused")


@refused(BadField, "act.facts.until: a pass holds 366 days at most: no later than 2027-01-06")
def an_attestation_for_longer_than_a_pass_counts(hall: Hall) -> Attempt:
    return attestation(hall, until="2027-01-07")


@refused(Refused, "act.facts.rules: must be a list of texts")
def an_attestation_of_no_texts(hall: Hall) -> Attempt:
    return attestation(hall, rules=[{"rule": "C-03"}])


@refused(Refused, "an attestation names at least one rule")
def an_attestation_of_no_rule(hall: Hall) -> Attempt:
    return attestation(hall, rules=[])


@refused(BadField, "the attestation has ended already")
def an_attestation_that_has_ended(hall: Hall) -> Attempt:
    return attestation(hall, until="2026-01-04")


@refused(Refused, "must be passed or refused")
def an_attestation_that_says_maybe(hall: Hall) -> Attempt:
    return attestation(hall, outcome="maybe")


@refused(Refused, "this takes compliance.attested, the act is quality.reviewed")
def an_attestation_by_an_act_of_another_kind(hall: Hall) -> Attempt:
    signed, openings = hall.commit(
        "assessor", "quality.reviewed", "product/GP-1", {}, {"comments": "x"}
    )
    return lambda: attest_product.attest_product(signed, openings, floor=hall.floor)


@refused(BadField, "score: 1.1 is not a decimal from 0 to 1")
def a_score_beyond_one(hall: Hall) -> Attempt:
    return lambda: hall.expert.review("GP-1", "1.1", b"splendid")


@refused(BadField, "score: NaN is not a decimal from 0 to 1")
def a_score_that_is_no_number(hall: Hall) -> Attempt:
    return lambda: hall.expert.review("GP-1", "NaN", b"splendid")


def quality_review(hall: Hall, *, comments: Any = "fine", **facts: Any) -> Attempt:
    product = hall.register()
    product = hall.supplier.submit_sheet(product.number, sheet())
    named = {"sheet": product.sheet, "data": product.data, "score": "1", "dimensions": []} | facts
    signed, openings = hall.commit(
        "expert", "quality.reviewed", f"product/{product.number}", named, {"comments": comments}
    )
    return lambda: assess_product.review_quality(signed, openings, floor=hall.floor)


@refused(DataDiffer, "act.facts.sheet: not the present sheet")
def a_review_of_another_sheet(hall: Hall) -> Attempt:
    return quality_review(hall, sheet=OTHER)


@refused(DataDiffer, "act.facts.data: not the present data")
def a_review_of_other_data(hall: Hall) -> Attempt:
    return quality_review(hall, data=OTHER)


@refused(BadField, 'openings.comments.value: a text, or {"base64": …}')
def a_review_whose_comments_are_a_number(hall: Hall) -> Attempt:
    return quality_review(hall, comments=7)


@refused(BadField, "score: 2 is not a decimal from 0 to 1")
def a_review_with_a_score_above_one(hall: Hall) -> Attempt:
    return quality_review(hall, score="2")


@refused(BadField, "dimensions: beauty is none of")
def a_score_of_what_is_no_dimension(hall: Hall) -> Attempt:
    return quality_review(hall, dimensions=["beauty 1"])


@refused(BadField, "dimensions: accuracy is scored twice")
def a_dimension_scored_twice(hall: Hall) -> Attempt:
    return quality_review(hall, dimensions=["accuracy 1", "accuracy 0.5"])


@refused(BadField, "score: 2 is not a decimal from 0 to 1")
def a_dimension_scored_above_one(hall: Hall) -> Attempt:
    return quality_review(hall, dimensions=["accuracy 2"])


@refused(Forbidden, "expert has no licence that runs as quality-expert", "T-05")
def a_review_after_the_licence_has_ended(hall: Hall) -> Attempt:
    product = hall.register()
    hall.supplier.submit_sheet(product.number, sheet())
    hall.advance(days=2 * 365 + 1)
    hall.house.verify(hall.participant("expert"), [b"x"], signatory="李四", until=hall.today + YEAR)
    return lambda: hall.expert.review(product.number, "1", b"fine")


def decision(hall: Hall, *, reasons: str = "fine", **facts: Any) -> Attempt:
    """Vet a product with an act whose facts are changed."""
    product = hall.register()
    product = hall.supplier.submit_sheet(product.number, sheet())
    ticks = dict.fromkeys(CHECKLIST, "yes")
    named = {
        "sheet": product.sheet,
        "data": product.data,
        "pack": hall.floor.pack.digest,
        "decision": "approved",
        "checklist": hashlib.sha256(vet_listing.checklist_record(ticks)).hexdigest(),
    } | facts
    signed, openings = hall.commit(
        "reviewer", vet_listing.KIND, f"product/{product.number}", named, {"reasons": reasons}
    )
    return lambda: vet_listing.vet_listing(signed, openings, checklist=ticks, floor=hall.floor)


@refused(DataDiffer, "act.facts.sheet: not the present sheet")
def an_approval_of_another_sheet(hall: Hall) -> Attempt:
    return decision(hall, sheet=OTHER)


@refused(DataDiffer, "act.facts.data: not the present data")
def an_approval_of_other_data(hall: Hall) -> Attempt:
    return decision(hall, data=OTHER)


@refused(DataDiffer, "act.facts.pack: the exchange applies another rule pack")
def an_approval_under_another_pack(hall: Hall) -> Attempt:
    return decision(hall, pack=OTHER)


@refused(BadField, "openings.reasons.value: text of 1 to 20000 characters")
def an_approval_without_a_reason(hall: Hall) -> Attempt:
    return decision(hall, reasons="")


@refused(BadField, "act.facts.decision: one of approved, returned, rejected")
def a_decision_of_another_word(hall: Hall) -> Attempt:
    return decision(hall, decision="perhaps")


# Documents, licences, the negative list.


@refused(DataDiffer, "act.facts.document: not the digest of these bytes")
def a_document_that_is_not_the_one_signed(hall: Hall) -> Attempt:
    number = hall.register().number
    facts = {
        "what": "source-proof",
        "document": OTHER,
        "sheets": [],
        "issued": hall.today.isoformat(),
        "until": "9999-12-31",
    }
    signed, openings = hall.commit(
        "supplier",
        "document.attached",
        f"product/{number}",
        facts,
        {"issuer": "x", "name": "x.txt"},
    )
    return lambda: attach_document.attach_document(signed, openings, b"x", floor=hall.floor)


@refused(DataDiffer, "act.facts.document: not the digest of the document attached there")
def a_document_verified_for_another(hall: Hall) -> Attempt:
    number = hall.register().number
    leaf = hall.supplier.attach(number, DocumentKind.SOURCE_PROOF, b"x", name="x.txt").leaf
    facts = {"attachment": leaf, "document": OTHER, "until": "9999-12-31"}
    signed = hall.act("house", "document.verified", f"product/{number}", facts)
    return lambda: verify_document.verify_document(signed, floor=hall.floor)


def licence(hall: Hall, *, number: str = "1", **facts: Any) -> Attempt:
    named = {
        "licence": "legal-practice",
        "issuer": "x",
        "until": (hall.today + YEAR).isoformat(),
        "document": digest_of("a licence"),
    } | facts
    subject = f"participant/{hall.participant('assessor').id}"
    signed, openings = hall.commit("house", "licence.recorded", subject, named, {"number": number})
    return lambda: verify_identity.record_licence(
        signed, openings, document=b"a licence", floor=hall.floor
    )


@refused(BadField, "act.facts.licence: one of ")
def a_licence_of_no_class(hall: Hall) -> Attempt:
    return licence(hall, licence="fishing")


@refused(DataDiffer, "act.facts.document: not the digest of the document given")
def a_licence_over_another_document(hall: Hall) -> Attempt:
    return licence(hall, document=OTHER)


@refused(BadField, "act.facts.until: that day has passed")
def a_licence_that_has_ended(hall: Hall) -> Attempt:
    return licence(hall, until=(hall.today - dt.timedelta(days=1)).isoformat())


@refused(BadField, "act.facts.until: a date such as")
def a_licence_until_no_date(hall: Hall) -> Attempt:
    return licence(hall, until="for ever")


@refused(BadField, "openings.number.value: text of 1 to 200 characters")
def a_licence_without_a_number(hall: Hall) -> Attempt:
    return licence(hall, number="")


@refused(NotFound, "assessor has no licence 0000")
def a_withdrawal_of_a_licence_that_is_none(hall: Hall) -> Attempt:
    return lambda: hall.house.withdraw_licence(hall.participant("assessor"), OTHER, "forged")


@refused(BadField, "openings.signatory.value: text of 1 to 200 characters")
def an_identity_without_a_signatory(hall: Hall) -> Attempt:
    buyer, until = hall.participant("buyer"), hall.today + YEAR
    return lambda: hall.house.verify(buyer, [b"a licence"], signatory="", until=until)


def barred(hall: Hall, organisation: Any = None, *, handle: str = "house", **facts: Any) -> Attempt:
    """Put an organisation on the negative list with an act whose facts are changed."""
    value = organisation or {"credit_code": credit_code(9), "name": "某公司"}
    named = {
        "reason": "sold personal data",
        "source": "网信办",
        "since": hall.today.isoformat(),
        "until": hall.today.isoformat(),
    } | facts
    committed = {"organisation": value}
    signed, openings = hall.commit(handle, "negative.listed", None, named, committed)
    acts = [(signed, openings)]
    return lambda: keep_negative_list.list_organisations(acts, floor=hall.floor)


@refused(Forbidden, "rival is not admitted as operator")
def an_organisation_listed_by_its_rival(hall: Hall) -> Attempt:
    return barred(hall, handle="rival")


@refused(BadField, "an object with a credit_code and a name")
def an_organisation_that_is_a_text(hall: Hall) -> Attempt:
    return barred(hall, "某公司")


@refused(BadField, "credit_code: not a unified social credit code")
def an_organisation_whose_code_has_a_slip(hall: Hall) -> Attempt:
    return barred(hall, {"credit_code": "91370200MARKET0090", "name": "某公司"})


@refused(DataDiffer, "openings.organisation.value: not written as it is read")
def an_organisation_whose_name_is_padded(hall: Hall) -> Attempt:
    """The chain would commit to another name than the one that the list shows."""
    return barred(hall, {"credit_code": credit_code(9), "name": " 某公司"})


@refused(BadField, "act.facts.since: a date such as 2026-01-05")
def an_organisation_listed_since_no_day(hall: Hall) -> Attempt:
    return barred(hall, since="always")


@refused(BadField, "act.facts.since: not after today, nor after until")
def an_organisation_listed_from_tomorrow(hall: Hall) -> Attempt:
    tomorrow = (hall.today + dt.timedelta(days=1)).isoformat()
    return barred(hall, since=tomorrow, until=tomorrow)


@refused(BadField, "act.facts.since: not after today, nor after until")
def an_organisation_listed_until_before_it_was(hall: Hall) -> Attempt:
    return barred(hall, until=(hall.today - dt.timedelta(days=1)).isoformat())


@refused(BadField, "has no spec sheet yet")
def an_attestation_before_there_is_a_sheet(hall: Hall) -> Attempt:
    number = hall.register().number
    return lambda: hall.attest(number)


# Notice and objections.


@refused(NoticeRunning, "the public notice runs until 2026-01-05T10:00:00Z")
def a_listing_during_the_notice(hall: Hall) -> Attempt:
    number = hall.prepare()
    hall.venue.clock.set(hall.floor.clock() - dt.timedelta(seconds=1))  # type: ignore[attr-defined]
    return lambda: hall.supplier.list(number)


@refused(NoticeRunning, "an objection to the claim is open")
def a_listing_under_an_open_objection(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.rival.object(number, "these are my buoys")
    hall.advance(seconds=NOTICE)
    return lambda: hall.supplier.list(number)


@refused(IllegalTransition, "rejected")
def a_listing_after_an_objection_was_upheld(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.rival.object(number, "these are my buoys")
    hall.house.close_objection(number, "upheld", "so they are")
    hall.advance(seconds=NOTICE)
    return lambda: hall.supplier.list(number)


@refused(Forbidden, "a supplier cannot object to its own claim")
def an_objection_to_ones_own_claim(hall: Hall) -> Attempt:
    number = hall.register().number
    return lambda: hall.supplier.object(number, "I changed my mind")


@refused(Refused, "the public notice ended at")
def an_objection_after_the_notice(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.advance(seconds=NOTICE)
    return lambda: hall.rival.object(number, "these are my buoys")


@on_board(IllegalTransition, "confirmed")
def an_objection_to_a_confirmed_claim(hall: Hall) -> Attempt:
    return lambda: hall.rival.object(hall.number, "these are my buoys")


def objection(hall: Hall, change: Callable[[Opening], Sequence[Opening]]) -> Attempt:
    """Object with other openings than those of the act."""
    subject = f"product/{hall.register().number}"
    signed, (made,) = hall.commit("rival", "objection.filed", subject, {}, {"grounds": "mine"})
    return lambda: object_to_claim.file_objection(signed, change(made), floor=hall.floor)


@refused(DataDiffer, "act.facts.grounds: not a commitment to this value and salt")
def grounds_that_differ_from_the_act(hall: Hall) -> Attempt:
    return objection(hall, lambda made: [replace(made, value="yours")])


@refused(DataDiffer, "act.facts.grounds: not a commitment to this value and salt")
def grounds_under_another_salt(hall: Hall) -> Attempt:
    return objection(hall, lambda made: [replace(made, salt=bytes(32))])


@refused(BadField, "openings.grounds.salt: 32 bytes, in base 64")
def grounds_under_a_short_salt(hall: Hall) -> Attempt:
    return objection(hall, lambda made: [replace(made, salt=made.salt[:31])])


@refused(BadField, "openings.grounds: missing: the act commits to it")
def grounds_that_nobody_is_told(hall: Hall) -> Attempt:
    return objection(hall, lambda _: [])


@refused(BadField, "openings.grounds: a commitment is opened once")
def grounds_that_are_told_twice(hall: Hall) -> Attempt:
    return objection(hall, lambda made: [made, made])


@refused(BadField, "openings.report: objection.filed has no commitment of that name")
def a_value_that_the_act_does_not_commit_to(hall: Hall) -> Attempt:
    return objection(hall, lambda made: [made, replace(made, field="report")])


@refused(BadField, "openings.grounds.value: value: text is not in Unicode form NFC")
def grounds_that_canonical_json_cannot_hold(hall: Hall) -> Attempt:
    return objection(hall, lambda made: [replace(made, value="e\u0301")])


@refused(BadField, "openings.grounds.value: over 6291456 bytes")
def grounds_without_an_end(hall: Hall) -> Attempt:
    return objection(hall, lambda made: [replace(made, value="e" * (6 << 20))])


@refused(BadField, "openings.grounds.value: text of 1 to 200000 characters")
def an_objection_without_a_word(hall: Hall) -> Attempt:
    number = hall.register().number
    return lambda: hall.rival.object(number, "")


@refused(IllegalTransition, "on-notice")
def a_decision_without_an_objection(hall: Hall) -> Attempt:
    number = hall.register().number
    return lambda: hall.house.close_objection(number, "upheld", "nothing to say")


@refused(Refused, "must be dismissed or upheld")
def a_decision_that_is_none(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.rival.object(number, "these are my buoys")
    return lambda: hall.house.close_objection(number, "perhaps", "hard to say")


@refused(Forbidden, "buyer is not admitted as operator")
def a_decision_by_a_buyer(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.rival.object(number, "these are my buoys")
    return lambda: hall.buyer.close_objection(number, "dismissed", "none of my business")


# The gate.  A verdict that refuses is recorded: confirmation, request, verdict.


# What an assessor must answer for, the rules that block first; what it leaves open asks an expert.
BLOCKED = ("S-02", "G-09", "C-03")
ASKED = ("P-04", "S-09", "D-06", "D-07", "G-02", "G-03", "G-05")
UNATTESTED = (*BLOCKED, "T-05", *ASKED, "O-02")


@refused(NotCompliant, "T-05: no attestation holds", *UNATTESTED, entries=3)
def a_listing_without_an_assessor(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.review(number)
    hall.advance(seconds=NOTICE)
    return lambda: hall.supplier.list(number)


@refused(NotCompliant, "Q-10", "Q-10", "Q-11", entries=3)
def a_listing_without_an_expert(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number)
    hall.vet(number)
    hall.advance(seconds=NOTICE)
    return lambda: hall.supplier.list(number)


@refused(
    NotCompliant,
    "made for another sheet",
    *(*BLOCKED, "Q-10", "T-05", "V-01", *ASKED, "Q-11", "O-02"),
    entries=3,
)
def a_sheet_changed_after_it_was_assessed(hall: Hall) -> Attempt:
    number = hall.prepare()
    hall.supplier.submit_sheet(number, sheet(contact="other@supplier.example"))
    return lambda: hall.supplier.list(number)


@refused(NotCompliant, "T-05: no attestation holds; chain version", *UNATTESTED, entries=3)
def an_attestation_that_ended_before_the_listing(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number, days=2)
    hall.review(number)
    hall.advance(days=3)
    return lambda: hall.supplier.list(number)


@refused(NotCompliant, "an assessor refused", *UNATTESTED, entries=3)
def an_assessor_that_refused(hall: Hall) -> Attempt:
    number = hall.prepare()
    hall.attest(number, passed=False)
    return lambda: hall.supplier.list(number)


@refused(NotCompliant, "no compliance rule was applied", entries=3)
def an_empty_rule_pack(hall: Hall) -> Attempt:
    number = hall.prepare()
    empty = RulePack(name="none", jurisdiction="CN", version="1", rules=())
    floor = replace(hall.floor, pack=empty)
    adopt_pack(floor=floor)
    desk = Desk(hall.participant("supplier"), hall.keys["supplier"], floor)
    return lambda: desk.list(number)


@refused(BadField, "has no spec sheet yet")
def a_listing_without_a_sheet(hall: Hall) -> Attempt:
    number = hall.register().number
    hall.advance(seconds=NOTICE)
    return lambda: hall.supplier.list(number)


@refused(Forbidden, "is not a product of contributor")
def a_listing_of_the_product_of_another(hall: Hall) -> Attempt:
    number = hall.prepare()
    return lambda: hall.contributor.list(number)


@on_board(IllegalTransition, "listed")
def a_listing_of_what_is_listed(hall: Hall) -> Attempt:
    return lambda: hall.supplier.list(hall.number)


@on_board(IllegalTransition, "delisted")
def a_listing_of_what_was_delisted(hall: Hall) -> Attempt:
    hall.supplier.delist(hall.number, "sold out")
    return lambda: hall.supplier.list(hall.number)


@on_board(Conflict, "recorded before under another signature")
def a_request_to_list_again_under_another_signature(hall: Hall) -> Attempt:
    with hall.floor.read() as work:
        (request,) = work.chain.store.of_kind(f"product/{hall.number}", "listing.requested")
    again = signed_otherwise(request.signed, hall.keys["supplier"])
    return lambda: list_product.list_product(again, floor=hall.floor)


# Disputes.


def deciding(hall: Hall, handle: str = "house", grounds: str = "so it is") -> Attempt:
    """Dispute the product, and decide that by an act of which something is changed."""
    hall.rival.dispute(hall.number, "the buoys are ours")
    with hall.floor.read() as work:
        (opened,) = work.chain.store.of_kind(f"product/{hall.number}", "dispute.opened")
    facts = {"dispute": opened.leaf.hex(), "outcome": "dismissed", "to": [], "order": []}
    subject = f"product/{hall.number}"
    signed, openings = hall.commit(handle, "dispute.decided", subject, facts, {"grounds": grounds})
    return lambda: dispute_registration.decide_dispute(signed, openings, floor=hall.floor)


@on_board(BadField, "openings.grounds.value: text of 1 to 200000 characters")
def a_dispute_without_a_word(hall: Hall) -> Attempt:
    return lambda: hall.rival.dispute(hall.number, "")


@on_board(BadField, "openings.grounds.value: text of 1 to 200000 characters")
def a_dispute_decided_without_a_word(hall: Hall) -> Attempt:
    return deciding(hall, grounds="")


@on_board(Forbidden, "supplier is not admitted as operator")
def a_dispute_decided_by_the_supplier(hall: Hall) -> Attempt:
    return deciding(hall, "supplier")


@on_board(Refused, "this takes dispute.withdrawn, the act is listing.delisted")
def a_dispute_withdrawn_by_an_act_of_another_kind(hall: Hall) -> Attempt:
    """It would take the freeze off without a word on the dispute."""
    hall.rival.dispute(hall.number, "the buoys are ours")
    signed = hall.act("supplier", "listing.delisted", f"product/{hall.number}", {"reason": "x"})
    return lambda: dispute_registration.withdraw_dispute(signed, floor=hall.floor)


@on_board(Forbidden, "is not a product of contributor")
def a_delisting_by_another_supplier(hall: Hall) -> Attempt:
    return lambda: hall.contributor.delist(hall.number, "a rival")


@on_board(Forbidden, "supplier is not admitted as operator")
def a_suspension_by_the_supplier(hall: Hall) -> Attempt:
    return lambda: hall.supplier.suspend_listing(hall.number, "a pause")


@refused(IllegalTransition, "registered")
def a_suspension_of_what_is_not_listed(hall: Hall) -> Attempt:
    number = hall.register().number
    return lambda: hall.house.suspend_listing(number, "too early")


@on_board(Refused, "act.facts.reason: must be str")
def a_delisting_without_a_reason(hall: Hall) -> Attempt:
    signed = hall.act("supplier", "listing.delisted", f"product/{hall.number}", {})
    return lambda: suspend_listing.delist_product(signed, floor=hall.floor)


# Scenarios.  A refusal is recorded: the filing and its refusal.


@on_board(NoScenario, "T-02: conditions.purposes: purpose is resale", "T-02", entries=2)
def a_scenario_that_the_sheet_does_not_allow(hall: Hall) -> Attempt:
    return lambda: hall.scenario(purpose="resale")


@on_board(NoScenario, "spatial is JP, wanted is within CN", "X-01", "T-02", entries=2)
def a_scenario_elsewhere(hall: Hall) -> Attempt:
    return lambda: hall.scenario(region="JP")


@on_board(BadField, "openings.scenario.value.description: holds a character that turns")
def a_scenario_that_reads_otherwise_than_it_stands(hall: Hall) -> Attempt:
    return lambda: hall.scenario(description="\u202esdrawkcab")


@on_board(BadField, "posting.title: has nothing in it that can be seen")
def a_demand_for_nothing_that_can_be_seen(hall: Hall) -> Attempt:
    return lambda: hall.buyer.post_demand(Posting("\u3164", "tides", Wish("research", "CN", 30)))


@refused(BadField, "name: has nothing in it that can be seen")
def a_participant_whose_name_nobody_sees(hall: Hall) -> Attempt:
    return application(hall, name="\u3164")


@on_board(NoScenario, "T-01: the scenario does not state recipients", "T-01", entries=2)
def a_scenario_for_nobody(hall: Hall) -> Attempt:
    return lambda: hall.scenario(recipients=())


@on_board(Forbidden, "supplier is not admitted as buyer")
def a_scenario_of_a_supplier(hall: Hall) -> Attempt:
    return lambda: hall.scenario("supplier")


@refused(NotCompliant, "is registered, not on the board")
def a_scenario_for_what_is_not_listed(hall: Hall) -> Attempt:
    hall.number = hall.register().number
    return hall.scenario


@on_board(NotCompliant, "what its verdict rests on ended on 2027-01-05", "T-05", entries=1)
def a_scenario_after_the_attestation(hall: Hall) -> Attempt:
    hall.advance(days=366)
    return hall.scenario


@on_board(Forbidden, "supplier cannot buy a product of its own organisation")
def a_scenario_for_ones_own_product(hall: Hall) -> Attempt:
    supplier = hall.participant("supplier")
    hall.house.suspend(supplier, "to change its roles")
    hall.house.admit(supplier, [Role.SUPPLIER, Role.BUYER])
    hall.supplier.list(hall.number)
    return lambda: hall.scenario("supplier")


@on_board(DataDiffer, "act.facts.purpose: not that of the scenario filed")
def a_scenario_that_is_not_the_one_signed(hall: Hall) -> Attempt:
    return scenario_act(hall, to_record(hall.filing()), purpose="shipping")


def scenario_act(hall: Hall, record: Any, **facts: Any) -> Attempt:
    named = file_scenario.filing_facts(hall.filing()) | facts
    signed, openings = hall.commit("buyer", "scenario.filed", None, named, {"scenario": record})
    return lambda: file_scenario.file_scenario(signed, openings, floor=hall.floor)


@on_board(BadField, "openings.scenario.value: an object")
def a_scenario_that_is_no_record(hall: Hall) -> Attempt:
    return scenario_act(hall, ["research"])


@on_board(BadField, "openings.scenario.value.purpose")
def a_scenario_without_a_purpose(hall: Hall) -> Attempt:
    return scenario_act(hall, to_record(hall.filing(purpose="")))


@on_board(BadField, "openings.scenario.value: every field, written as it is read")
def a_scenario_that_is_read_otherwise_than_it_is_written(hall: Hall) -> Attempt:
    return scenario_act(hall, to_record(hall.filing()) | {"region": " CN "})


@on_board(Forbidden, "is not one of rival")
def a_withdrawal_by_another_buyer(hall: Hall) -> Attempt:
    scenario = hall.scenario()
    return lambda: hall.rival.withdraw_scenario(scenario, "not mine")


@on_board(BadField, "a reason is wanted")
def a_withdrawal_without_a_reason(hall: Hall) -> Attempt:
    scenario = hall.scenario()
    return lambda: hall.buyer.withdraw_scenario(scenario, "")


@on_board(IllegalTransition, "is withdrawn already")
def a_second_withdrawal(hall: Hall) -> Attempt:
    scenario = hall.scenario()
    hall.buyer.withdraw_scenario(scenario, "done")
    return lambda: hall.buyer.withdraw_scenario(scenario, "done again")


# Quotes.


@on_board(NoScenario, "is not one of rival")
def a_quote_for_the_scenario_of_another(hall: Hall) -> Attempt:
    scenario = hall.scenario()
    return lambda: hall.rival.quote(scenario)


@on_board(NoScenario, "is withdrawn", "T-01")
def a_quote_for_a_withdrawn_scenario(hall: Hall) -> Attempt:
    scenario = hall.scenario()
    hall.buyer.withdraw_scenario(scenario, "changed plans")
    return lambda: hall.buyer.quote(scenario)


@on_board(NoScenario, "is refused", "T-01")
def a_quote_for_a_refused_scenario(hall: Hall) -> Attempt:
    with pytest.raises(NoScenario, match="scenario SC-") as caught:
        hall.scenario(purpose="resale")
    scenario = str(caught.value).split()[1]
    return lambda: hall.buyer.quote(scenario)


@on_board(NoScenario, "is approved until 2026-01-15", "T-01")
def a_quote_for_an_expired_scenario(hall: Hall) -> Attempt:
    scenario = hall.scenario(term_days=10)
    hall.advance(days=11)
    return lambda: hall.buyer.quote(scenario)


@on_board(NotCompliant, "is suspended, not on the board")
def a_quote_for_a_suspended_listing(hall: Hall) -> Attempt:
    scenario = hall.scenario()
    hall.house.suspend_listing(hall.number, "a complaint")
    return lambda: hall.buyer.quote(scenario)


@on_board(NotCompliant, "what its verdict rests on ended on", "T-05", entries=1)
def a_quote_after_the_attestation(hall: Hall) -> Attempt:
    hall.advance(days=100)
    scenario = hall.scenario()
    hall.advance(days=266)
    return lambda: hall.buyer.quote(scenario)


@on_board(Forbidden, "buyer is suspended and may not act")
def a_quote_for_a_suspended_buyer(hall: Hall) -> Attempt:
    scenario, buyer = hall.scenario(), hall.participant("buyer")
    hall.house.suspend(buyer, "unpaid bills")
    return lambda: quote_price.quote_price(scenario, buyer=buyer.id, floor=hall.floor)


@refused(Refused, "the price is negotiated with the supplier, not quoted")
def a_quote_of_a_negotiated_price(hall: Hall) -> Attempt:
    hall.list(sheet(price={"mode": "negotiated"}))
    scenario = hall.scenario()
    return lambda: hall.buyer.quote(scenario)


@on_board(NoScenario, "T-04: no way of delivery is named", "T-04")
def a_quote_without_a_way_of_delivery(hall: Hall) -> Attempt:
    scenario, floor = hall.scenario(), replace(hall.floor, deliveries={})
    buyer = hall.participant("buyer").id
    return lambda: quote_price.quote_price(scenario, buyer=buyer, floor=floor)


# Orders.


def order_act(hall: Hall, handle: str = "buyer", **facts: Any) -> Attempt:
    quote = hall.buyer.quote(hall.scenario()).quote
    agreed = {
        "product": quote.product,
        "scenario": quote.scenario,
        "quote": quote.id,
        "terms": quote.terms,
        "amount": quote.amount.to_record(),
    } | facts
    signed = hall.act(handle, "trade.ordered", None, agreed)
    return lambda: execute_trade.order_product(signed, floor=hall.floor)


@on_board(TermsDiffer, "act.facts.terms: not that of quote")
def an_order_on_other_terms(hall: Hall) -> Attempt:
    return order_act(hall, terms=OTHER)


@on_board(TermsDiffer, "act.facts.amount: not that of quote")
def an_order_for_another_amount(hall: Hall) -> Attempt:
    return order_act(hall, amount=Money(1).to_record())


@on_board(TermsDiffer, "act.facts.amount: not that of quote")
def an_order_in_another_currency(hall: Hall) -> Attempt:
    return order_act(hall, amount=Money(100_000, Currency.USD).to_record())


@on_board(Forbidden, "was not made to rival")
def an_order_at_the_quote_of_another(hall: Hall) -> Attempt:
    return order_act(hall, "rival")


@on_board(Refused, "ended at")
def an_order_at_a_quote_that_ended(hall: Hall) -> Attempt:
    quote = hall.buyer.quote(hall.scenario()).quote
    hall.advance(seconds=QUOTE + 1)
    return lambda: hall.buyer.order(quote.id)


@on_board(Refused, "the quote was used already")
def an_order_at_a_quote_that_was_used(hall: Hall) -> Attempt:
    quote = hall.buyer.quote(hall.scenario()).quote
    hall.buyer.order(quote.id)
    return lambda: hall.buyer.order(quote.id)


@on_board(TermsDiffer, "has changed since quote")
def an_order_after_the_sheet_changed(hall: Hall) -> Attempt:
    quote = hall.buyer.quote(hall.scenario()).quote
    hall.supplier.submit_sheet(hall.number, sheet(contact="other@supplier.example"))
    return lambda: hall.buyer.order(quote.id)


@on_board(NoScenario, "is withdrawn", "T-01")
def an_order_under_a_withdrawn_scenario(hall: Hall) -> Attempt:
    scenario = hall.scenario()
    quote = hall.buyer.quote(scenario).quote
    hall.buyer.withdraw_scenario(scenario, "changed plans")
    return lambda: hall.buyer.order(quote.id)


@on_board(NotCompliant, "is delisted, not on the board")
def an_order_for_what_was_delisted(hall: Hall) -> Attempt:
    quote = hall.buyer.quote(hall.scenario()).quote
    hall.supplier.delist(hall.number, "sold out")
    return lambda: hall.buyer.order(quote.id)


@on_board(NotFound, "there is no quote QT-NONE")
def an_order_at_no_quote(hall: Hall) -> Attempt:
    return order_act(hall, quote="QT-NONE")


# Contracts.


def acceptance(hall: Hall, handle: str = "supplier", **facts: Any) -> Attempt:
    trade = hall.order()
    with hall.floor.read() as work:
        terms = execute_trade.terms_of(trade.terms, work)
    agreed = execute_trade.contract_facts(trade, terms, hall.floor) | facts
    signed = hall.act(handle, "trade.contracted", f"trade/{trade.id}", agreed)
    return lambda: execute_trade.accept_order(signed, floor=hall.floor)


@on_board(InsufficientFunds, "is due")
def a_contract_that_the_buyer_cannot_pay(hall: Hall) -> Attempt:
    hall.scenario("rival")
    trade = hall.order("rival")
    return lambda: hall.supplier.accept(trade.id)


@ordered(Forbidden, "contributor is not the supplier of trade")
def an_acceptance_by_a_stranger(hall: Hall) -> Attempt:
    return acceptance(hall, "contributor")


@ordered(Forbidden, "buyer is not admitted as supplier")
def an_acceptance_by_the_buyer(hall: Hall) -> Attempt:
    return acceptance(hall, "buyer")


@ordered(TermsDiffer, "act.facts.amount: not that of order")
def an_acceptance_for_more_money(hall: Hall) -> Attempt:
    return acceptance(hall, amount=Money(100_001).to_record())


@ordered(TermsDiffer, "act.facts.purposes: not that of order")
def an_acceptance_for_other_purposes(hall: Hall) -> Attempt:
    return acceptance(hall, purposes=["research", "shipping"])


@ordered(TermsDiffer, "act.facts.until: the terms grant 365 days")
def an_acceptance_for_longer(hall: Hall) -> Attempt:
    return acceptance(hall, until="2030-01-01T00:00:00Z")


@ordered(IllegalTransition, "lapsed")
def an_acceptance_of_a_lapsed_order(hall: Hall) -> Attempt:
    trade = hall.order()
    hall.buyer.lapse(trade.id, "too late")
    return lambda: hall.supplier.accept(trade.id)


@contracted(IllegalTransition, "contracted")
def a_second_acceptance(hall: Hall) -> Attempt:
    trade = hall.contract()
    return lambda: hall.supplier.accept(trade.id)


@ordered(NotCompliant, "is suspended, not on the board")
def an_acceptance_on_a_suspended_listing(hall: Hall) -> Attempt:
    trade = hall.order()
    hall.house.suspend_listing(hall.number, "a complaint")
    return lambda: hall.supplier.accept(trade.id)


@ordered(NoScenario, "is withdrawn", "T-01")
def an_acceptance_under_a_withdrawn_scenario(hall: Hall) -> Attempt:
    trade = hall.order()
    hall.buyer.withdraw_scenario(trade.scenario, "changed plans")
    return lambda: hall.supplier.accept(trade.id)


@ordered(NoScenario, "P-02: the buyer is not admitted as one", "P-02")
def an_acceptance_of_a_suspended_buyers_order(hall: Hall) -> Attempt:
    trade = hall.order()
    hall.house.suspend(hall.participant("buyer"), "unpaid bills")
    return lambda: hall.supplier.accept(trade.id)


@ordered(Refused, "ended with its quote at")
def an_acceptance_after_the_quote(hall: Hall) -> Attempt:
    hall.advance(seconds=QUOTE + 1)
    return lambda: hall.supplier.accept(hall.made)


@ordered(TermsDiffer, "has changed since order")
def an_acceptance_after_the_sheet_changed(hall: Hall) -> Attempt:
    hall.supplier.submit_sheet(hall.number, sheet(contact="other@supplier.example"))
    hall.attest()
    hall.review()
    hall.supplier.list(hall.number)
    return lambda: hall.supplier.accept(hall.made)


@ordered(IllegalTransition, "ordered")
def a_cancellation_of_what_is_no_contract(hall: Hall) -> Attempt:
    return lambda: hall.house.cancel(hall.made, "too early")


@contracted(Forbidden, "buyer is not admitted as operator")
def a_cancellation_by_the_buyer(hall: Hall) -> Attempt:
    return lambda: hall.buyer.cancel(hall.made, "regret")


@contracted(TermsDiffer, "act.facts.amount: trade")
def a_cancellation_of_another_amount(hall: Hall) -> Attempt:
    facts = {"reason": "x", "amount": Money(1).to_record()}
    signed = hall.act("house", "trade.cancelled", f"trade/{hall.made}", facts)
    return lambda: execute_trade.cancel_trade(signed, floor=hall.floor)


@delivered(Refused, "the buyer has received the data")
def a_cancellation_after_the_receipt(hall: Hall) -> Attempt:
    trade = hall.receive()
    return lambda: hall.house.cancel(trade.id, "too late")


@delivered(Refused, "there is no contract to fetch under")
def a_receipt_after_the_cancellation(hall: Hall) -> Attempt:
    hall.house.cancel(hall.made, "the supplier is gone")
    return lambda: hall.buyer.receive(hall.made, hall.folder.parent / "out.csv")


@contracted(Refused, "is cancelled: there is no contract to deliver on")
def a_delivery_after_the_cancellation(hall: Hall) -> Attempt:
    hall.house.cancel(hall.made, "the supplier is gone")
    return lambda: hall.supplier.deliver(hall.made, hall.folder.parent)


@ordered(Forbidden, "rival is not the party of trade")
def a_lapse_by_a_stranger(hall: Hall) -> Attempt:
    trade = hall.order()
    return lambda: hall.rival.lapse(trade.id, "envy")


@contracted(IllegalTransition, "contracted")
def a_lapse_of_a_contract(hall: Hall) -> Attempt:
    trade = hall.contract()
    return lambda: hall.buyer.lapse(trade.id, "regret")


@on_board(NotFound, "there is no trade TR-0")
def a_lapse_of_nothing(hall: Hall) -> Attempt:
    return lambda: hall.buyer.lapse("TR-0", "nothing")


# Delivery.


def delivery(
    hall: Hall,
    *,
    trade: Trade | None = None,
    handle: str = "supplier",
    sealed_to: str = "buyer",
    content: bytes | None = None,
    **facts: Any,
) -> Attempt:
    """Hand in a sealed file with an act whose facts are changed."""
    made = trade or hall.contract()
    terms = _terms(hall, made)
    recipient = hall.participant(sealed_to).recipient
    method = hall.floor.deliveries["sealed-file"]
    target = hall.folder.parent / "sealed.age"
    sealed = method.seal(hall.floor.vault.check(terms.data), recipient, target)
    named = {
        "product": made.product,
        "data": sealed.data,
        "sealed": sealed.sealed,
        "bytes": sealed.bytes,
        "recipient": recipient,
    } | facts
    if content is not None:
        target.write_bytes(content)
    signed = hall.act(handle, "delivery.made", f"trade/{made.id}", named)
    return lambda: deliver_product.deliver(signed, target, floor=hall.floor)


def _terms(hall: Hall, trade: Trade) -> Terms:
    with hall.floor.read() as work:
        return execute_trade.terms_of(trade.terms, work)


@ordered(Refused, "there is no contract to deliver on")
def a_delivery_before_the_contract(hall: Hall) -> Attempt:
    return delivery(hall, trade=hall.order())


@contracted(DataDiffer, "not the recipient of the buyer")
def a_delivery_sealed_to_another(hall: Hall) -> Attempt:
    return delivery(hall, sealed_to="rival")


@contracted(DataDiffer, "not the file that came with the act")
def a_delivery_of_another_sealed_file(hall: Hall) -> Attempt:
    return delivery(hall, content=b"something else")


@contracted(DataDiffer, "not the file that came with the act")
def a_delivery_of_another_size(hall: Hall) -> Attempt:
    return delivery(hall, bytes=1)


@contracted(DataDiffer, "not the file that came with the act")
def a_delivery_of_the_registered_data_in_plain(hall: Hall) -> Attempt:
    return delivery(hall, content=DATA.encode())


@contracted(DataDiffer, "act.facts.data: not the data of the contract")
def a_delivery_of_other_data(hall: Hall) -> Attempt:
    return delivery(hall, data=OTHER)


@contracted(Forbidden, "contributor is not the supplier of trade")
def a_delivery_by_a_stranger(hall: Hall) -> Attempt:
    return delivery(hall, handle="contributor")


@contracted(Refused, "the use right ended at")
def a_delivery_after_the_use_right_has_ended(hall: Hall) -> Attempt:
    trade = hall.contract()
    hall.advance(days=366)
    for handle in ("supplier", "buyer"):
        until = hall.today + YEAR
        hall.house.verify(hall.participant(handle), [b"x"], signatory="李四", until=until)
    return delivery(hall, trade=trade)


@contracted(Refused, "nothing has been delivered yet")
def a_delivery_opened_before_there_is_one(hall: Hall) -> Attempt:
    trade, target = hall.contract(), hall.folder.parent / "opened.csv"
    identities = [hall.keys["buyer"].identity]
    terms = _terms(hall, trade)
    return lambda: deliver_product.open_delivery(trade, terms, identities, target, floor=hall.floor)


@contracted(NotCompliant, "is suspended, not on the board")
def a_delivery_on_a_suspended_listing(hall: Hall) -> Attempt:
    trade = hall.contract()
    hall.house.suspend_listing(hall.number, "a complaint")
    return delivery(hall, trade=trade)


@contracted(Forbidden, "supplier is suspended and may not act")
def a_delivery_by_a_suspended_supplier(hall: Hall) -> Attempt:
    trade = hall.contract()
    hall.house.suspend(hall.participant("supplier"), "licence ended")
    return delivery(hall, trade=trade)


@contracted(DataDiffer, "in the vault has changed", "T-06")
def a_delivery_of_a_vault_file_that_changed(hall: Hall) -> Attempt:
    trade = hall.contract()
    (hall.folder / "vault" / hall.product().data).write_text(DATA.replace("6.1", "6.0"))
    return lambda: hall.supplier.deliver(trade.id, hall.folder.parent)


@contracted(IllegalTransition, "received")
def a_delivery_after_the_receipt(hall: Hall) -> Attempt:
    return delivery(hall, trade=hall.receive())


# Receipts.


def receipt(hall: Hall, handle: str = "buyer", **facts: Any) -> Attempt:
    trade = hall.deliver()
    named = {"data": hall.product().data, "sealed": trade.sealed} | facts
    signed = hall.act(handle, "delivery.received", f"trade/{trade.id}", named)
    return lambda: deliver_product.receive(signed, floor=hall.floor)


@delivered(Forbidden, "rival is not the buyer of trade")
def a_receipt_by_another_buyer(hall: Hall) -> Attempt:
    return receipt(hall, "rival")


@delivered(Forbidden, "supplier is not admitted as buyer")
def a_receipt_by_the_supplier(hall: Hall) -> Attempt:
    return receipt(hall, "supplier")


@delivered(DataDiffer, "act.facts.data: not the data of the contract")
def a_receipt_of_other_data(hall: Hall) -> Attempt:
    return receipt(hall, data=OTHER)


@delivered(DataDiffer, "act.facts.sealed: not the file that was delivered")
def a_receipt_of_another_file(hall: Hall) -> Attempt:
    return receipt(hall, sealed=OTHER)


@contracted(IllegalTransition, "is due and cannot become received")
def a_receipt_before_the_delivery(hall: Hall) -> Attempt:
    trade = hall.contract()
    return lambda: hall.buyer.receive(trade.id, hall.folder.parent / "out.csv")


@contracted(DataDiffer, "not sealed to this participant")
def an_opening_with_the_key_of_another(hall: Hall) -> Attempt:
    trade, target = hall.deliver(), hall.folder.parent / "out.csv"
    identities = [hall.keys["rival"].identity]
    return lambda: deliver_product.open_delivery(
        trade, _terms(hall, trade), identities, target, floor=hall.floor
    )


@delivered(DataDiffer, "in the vault has changed", "T-06")
def an_opening_of_a_sealed_file_that_changed(hall: Hall) -> Attempt:
    trade = hall.deliver()
    path = hall.folder / "vault" / str(trade.sealed)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    return lambda: hall.buyer.receive(trade.id, hall.folder.parent / "out.csv")


@contracted(Forbidden, "buyer is not admitted as supplier")
def a_delivery_by_the_buyer_of_no_file_at_all(hall: Hall) -> Attempt:
    """Who may not deliver is refused before any file is looked at."""
    signed = hall.act("buyer", "delivery.made", f"trade/{hall.made}", {})
    nowhere = hall.folder / "nowhere.age"
    return lambda: deliver_product.deliver(signed, nowhere, floor=hall.floor)


@refused(
    DataDiffer, "the delivery opens to other data than was bought", stage="contracted", entries=1
)
def an_opening_to_other_data(hall: Hall) -> Attempt:
    """The supplier seals something else and signs that it is the data."""
    trade = hall.contract()
    other, target = hall.file("other.csv", "a,b\n1,2\n"), hall.folder.parent / "other.age"
    recipient = hall.participant("buyer").recipient
    sealed = hall.floor.deliveries["sealed-file"].seal(other, recipient, target)
    delivery(
        hall,
        trade=trade,
        content=target.read_bytes(),
        sealed=sealed.sealed,
        bytes=sealed.bytes,
    )()
    return lambda: hall.buyer.receive(trade.id, hall.folder.parent / "out.csv")


# Settlement and money.


@delivered(Refused, "no settlement before the buyer's receipt")
def a_settlement_before_the_receipt(hall: Hall) -> Attempt:
    trade = hall.deliver()
    return lambda: settle.settle(trade.id, floor=hall.floor)


@ordered(Refused, "no settlement before the buyer's receipt")
def a_settlement_of_a_lapsed_order(hall: Hall) -> Attempt:
    trade = hall.order()
    hall.supplier.lapse(trade.id, "no time")
    return lambda: settle.settle(trade.id, floor=hall.floor)


def deposit_act(hall: Hall, handle: str = "house", owner: str = "", **facts: Any) -> Attempt:
    named = {"amount": Money(100).to_record()} | facts
    subject = f"account/{owner or hall.participant('buyer').id}"
    signed, openings = hall.commit(
        handle, "account.deposited", subject, named, {"reference": "transfer 1"}
    )
    return lambda: settle.deposit(signed, openings, floor=hall.floor)


@refused(Forbidden, "buyer is not admitted as operator")
def a_deposit_by_the_buyer_itself(hall: Hall) -> Attempt:
    return deposit_act(hall, "buyer")


@refused(Conflict, "has credited this bank reference already")
def a_bank_reference_that_was_credited_before(hall: Hall) -> Attempt:
    deposit_act(hall)()
    return deposit_act(hall)


@refused(BadField, "a deposit is above zero")
def a_deposit_of_nothing(hall: Hall) -> Attempt:
    return deposit_act(hall, amount=Money(0).to_record())


@refused(BadField, "a deposit is above zero")
def a_deposit_of_less_than_nothing(hall: Hall) -> Attempt:
    return deposit_act(hall, amount={"minor": -1, "currency": "CNY"})


@refused(BadField, "act.facts.amount: ")
def a_deposit_of_no_money(hall: Hall) -> Attempt:
    return deposit_act(hall, amount="a lot")


@refused(BadField, "act.facts.amount: ")
def a_deposit_in_no_currency(hall: Hall) -> Attempt:
    return deposit_act(hall, amount={"minor": 1, "currency": "XXX"})


@refused(NotFound, "there is no participant with the id buyer")
def a_deposit_to_a_handle(hall: Hall) -> Attempt:
    return deposit_act(hall, owner="buyer")


@refused(NotFound, "there is no participant PT-0")
def a_deposit_to_nobody(hall: Hall) -> Attempt:
    return deposit_act(hall, owner="PT-0")


@on_board(InsufficientFunds, "is due")
def a_withdrawal_of_more_than_there_is(hall: Hall) -> Attempt:
    buyer = hall.participant("buyer")
    return lambda: hall.house.withdraw(buyer, DEPOSIT + Money(1), "w-1")


@on_board(NotFound, "there is no participant with the id buyer")
def a_withdrawal_under_a_handle(hall: Hall) -> Attempt:
    """On the chain nobody goes by a handle, and no audit would find the money there."""
    buyer = replace(hall.participant("buyer"), id="buyer")
    return lambda: hall.house.withdraw(buyer, Money(1), "w-1")


@on_board(BadField, "a withdrawal is above zero")
def a_withdrawal_of_nothing(hall: Hall) -> Attempt:
    return lambda: hall.house.withdraw(hall.participant("buyer"), Money(0), "w-1")


@on_board(Forbidden, "buyer is not admitted as operator")
def a_withdrawal_by_the_buyer_itself(hall: Hall) -> Attempt:
    return lambda: hall.buyer.withdraw(hall.participant("buyer"), Money(1), "w-1")


@refused(NotFound, "there is nothing to certify yet for product/GP-0")
def a_certificate_of_nothing(hall: Hall) -> Attempt:
    return lambda: issue_certificate("product/GP-0", floor=hall.floor)


@refused(BudgetSpent, "its use takes all of 1.00 CNY already")
def use_beyond_a_budget(hall: Hall) -> Attempt:
    trade = by_use(listed_under(hall), 100).id
    hall.advance(hours=1)
    hall.supplier.meter(trade, calls(hall, 40))
    hall.advance(hours=1)
    more = calls(hall, 1, name="r")
    return lambda: hall.supplier.meter(trade, more)


def test_a_refused_contract_leaves_the_money_where_it_was(listed: Hall) -> None:
    trade = listed.order("rival")
    with pytest.raises(InsufficientFunds):
        listed.supplier.accept(trade.id)
    again = listed.trade(trade.id)
    assert again == trade
    assert "trade.contracted" not in listed.kinds(f"trade/{trade.id}")
    with listed.floor.read() as work:
        assert [j.what for j in work.accounts.every_journal()] == ["deposit"]
        assert work.accounts.balance(available(listed.participant("rival").id)) == Money(0)


def test_a_listing_request_that_passed_replays_its_verdict_as_well(hall: Hall) -> None:
    number = hall.prepare()
    product = hall.product(number)
    facts = {"sheet": product.sheet, "data": product.data}
    signed = hall.act("supplier", "listing.requested", f"product/{number}", facts)
    listed, review = list_product.list_product(signed, floor=hall.floor)
    hall.house.suspend_listing(number, "a complaint")
    hall.supplier.list(number)  # another request brings about another verdict
    size = hall.size
    again, replayed = list_product.list_product(signed, floor=hall.floor)
    assert (again.number, replayed, hall.size) == (listed.number, review, size)
    assert replayed.passed


def test_a_listing_request_replays_its_verdict(hall: Hall) -> None:
    number = hall.prepare()
    hall.attest(number, passed=False)
    product = hall.product(number)
    facts = {"sheet": product.sheet, "data": product.data}
    signed = hall.act("supplier", "listing.requested", f"product/{number}", facts)
    with pytest.raises(NotCompliant) as first:
        list_product.list_product(signed, floor=hall.floor)
    hall.attest(number)  # the assessor comes round; the first request stays refused
    size = hall.size
    with pytest.raises(NotCompliant) as second:
        list_product.list_product(signed, floor=hall.floor)
    assert (second.value.rules, hall.size) == (first.value.rules, size)

"""What waits is asked of the store: with the answers of a walk over every product there is.

The walk is here alone.  The machine does what anybody may do with a few products, and after each
step everybody's inbox, and the queue, have to be the same both ways.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from exchange.documents import DocumentKind
from exchange.errors import ExchangeError
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.registration import ENDED, Product, RegistrationState
from exchange.services.acting import record_for_house
from exchange.services.build_case import words_stand
from exchange.services.lapse_listings import lapse_listings
from exchange.services.read_inbox import EXPIRY_DAYS, Task, read_inbox
from exchange.services.read_queue import Turn, read_queue
from exchange.store.books import SqlProducts
from tests.exchange.floor import CAST, DATA, NOTICE, OPERATOR, Hall, open_hall, sheet

EVERYBODY: Final = (OPERATOR[0], *(handle for handle, *_ in CAST))
ROLES: Final = {
    "assessor": Role.COMPLIANCE_ASSESSOR,
    "counsel": Role.COMPLIANCE_ASSESSOR,
    "reviewer": Role.REVIEWER,
}
TAKEN_OFF: Final = ("suspend", "delist", "object", "object too", "dispute")
DAYS: Final = (0, 1, 29, 30, 31, 40)


def everything(hall: Hall) -> tuple[Any, ...]:
    """Return the queue and the inbox of everybody who is admitted."""
    with hall.floor.read() as work:
        readers = [work.participants.get(handle) for handle in EVERYBODY]
        return (
            read_queue(work=work, floor=hall.floor),
            *(
                read_inbox(each, work=work, floor=hall.floor)
                for each in readers
                if each.standing == "admitted"
            ),
        )


def walk(books: SqlProducts, *_: object, **__: object) -> Sequence[Product]:
    """Return all products that have anything before them, as the services once did themselves."""
    return [
        each
        for each in books.all()
        if each.listing is not ListingState.DELISTED and each.registration not in ENDED
    ]


def by_walking(hall: Hall) -> tuple[Any, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlProducts, "waiting", walk)
        patch.setattr(SqlProducts, "contested", SqlProducts.all)
        return everything(hall)


def same_both_ways(hall: Hall) -> None:
    assert everything(hall) == by_walking(hall)


def tasks_of(hall: Hall, handle: str) -> tuple[Task, ...]:
    with hall.floor.read() as work:
        return read_inbox(work.participants.get(handle), work=work, floor=hall.floor)


def queue_of(hall: Hall) -> tuple[Turn, ...]:
    with hall.floor.read() as work:
        return read_queue(work=work, floor=hall.floor)


def asked_for(hall: Hall, look: Callable[[], object] | None = None) -> list[str]:
    """Name the products that the queue reads, or another look."""
    found: list[str] = []
    asking = SqlProducts.waiting

    def listening(books: SqlProducts, *args: Any, **kwargs: Any) -> Sequence[Product]:
        answer = asking(books, *args, **kwargs)
        found.extend(each.number for each in answer)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlProducts, "waiting", listening)
        _ = look() if look else queue_of(hall)
    return found


class Waiting(RuleBasedStateMachine):
    """A few products, and everybody who may have something to do with them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-waiting-"))
        self.opened = open_hall(self.folder / "exchange", "listed", store="sqlite")
        self.hall: Hall = self.opened.__enter__()
        self.numbers = [self.hall.number]

    def attempt(self, act: Any) -> None:
        try:
            act()
        except ExchangeError:
            return

    @initialize(listed=st.booleans())
    def begin(self, *, listed: bool) -> None:
        """Have another product, on the board or with nothing but its claim."""
        self.register()
        if listed:
            self.judge(1, 40)
            self.list(1)

    @rule()
    def register(self) -> None:
        if len(self.numbers) < 3:
            data = DATA.replace("6.1", f"6.{len(self.numbers) + 4}")
            name = f"{len(self.numbers)}.csv"
            self.attempt(lambda: self.numbers.append(self.hall.register(name, data).number))

    @rule(at=st.integers(0, 2), days=st.sampled_from(DAYS))
    def judge(self, at: int, days: int) -> None:
        """Submit a sheet and let everybody say the word that the gate asks for."""
        number = self.numbers[at % len(self.numbers)]
        self.attempt(lambda: self.hall.supplier.submit_sheet(number, sheet()))
        self.attempt(lambda: self.hall.attest(number, days=days))
        self.attempt(lambda: self.hall.review(number))
        self.hall.advance(seconds=NOTICE)

    @rule(at=st.integers(0, 2))
    def list(self, at: int) -> None:
        self.attempt(lambda: self.hall.supplier.list(self.numbers[at % len(self.numbers)]))

    @rule(at=st.integers(0, 2), days=st.sampled_from(DAYS))
    def attach(self, at: int, days: int) -> None:
        number, until = self.numbers[at % len(self.numbers)], self.hall.today
        self.attempt(
            lambda: self.hall.supplier.attach(
                number,
                DocumentKind.OTHER,
                b"a letter",
                name="letter.txt",
                until=until + dt.timedelta(days=days),
            )
        )

    @rule(at=st.integers(0, 2), who=st.sampled_from(["house", "assessor", "counsel"]))
    def verify(self, at: int, who: str) -> None:
        number = self.numbers[at % len(self.numbers)]
        for document in self.hall.documents(number):
            self.attempt(lambda each=document: self.hall.verify(each, number, who))

    @rule(at=st.integers(0, 2), reject=st.booleans())
    def end_a_document(self, at: int, *, reject: bool) -> None:
        number = self.numbers[at % len(self.numbers)]
        for document in self.hall.documents(number)[:1]:
            if reject:
                self.attempt(
                    lambda each=document: self.hall.house.reject_document(number, each.leaf, "no")
                )
            else:
                self.attempt(
                    lambda each=document: self.hall.supplier.withdraw_document(
                        number, each.leaf, "no"
                    )
                )

    @rule(who=st.sampled_from(sorted(ROLES)), back=st.booleans())
    def change_standing(self, who: str, *, back: bool) -> None:
        known = self.hall.participant(who)
        if back:
            self.attempt(lambda: self.hall.house.admit(known, [ROLES[who]]))
        else:
            self.attempt(lambda: self.hall.house.suspend(known, "why"))

    @rule(who=st.sampled_from(["assessor", "counsel"]))
    def withdraw_licence(self, who: str) -> None:
        known = self.hall.participant(who)
        with self.hall.floor.read() as work:
            subject = f"participant/{known.id}"
            (licence, *_) = work.chain.store.of_kind(subject, "licence.recorded")
        leaf = licence.leaf.hex()
        self.attempt(lambda: self.hall.house.withdraw_licence(known, leaf, "why"))

    @rule(at=st.integers(0, 2), how=st.sampled_from(TAKEN_OFF))
    def take_off(self, at: int, how: str) -> None:
        hall, number = self.hall, self.numbers[at % len(self.numbers)]
        acts = {
            "suspend": lambda: hall.house.suspend_listing(number, "why"),
            "delist": lambda: hall.supplier.delist(number, "why"),
            "object": lambda: hall.rival.object(number, "mine"),
            "object too": lambda: hall.contributor.object(number, "mine"),
            "dispute": lambda: hall.rival.dispute(number, "mine"),
        }
        self.attempt(acts[how])

    @rule(at=st.integers(0, 2), outcome=st.sampled_from(["upheld", "dismissed"]))
    def close(self, at: int, outcome: str) -> None:
        number = self.numbers[at % len(self.numbers)]
        self.attempt(lambda: self.hall.house.close_objection(number, outcome, "so"))

    @rule(at=st.integers(0, 2))
    def withdraw_the_objection(self, at: int) -> None:
        number = self.numbers[at % len(self.numbers)]
        self.attempt(lambda: self.hall.rival.withdraw_objection(number, "settled"))

    @rule(days=st.sampled_from(DAYS))
    def time_passes(self, days: int) -> None:
        self.hall.advance(days=days, hours=1)

    @rule()
    def the_job_runs(self) -> None:
        lapse_listings(floor=self.hall.floor)

    @invariant()
    def the_store_leaves_nothing_out(self) -> None:
        same_both_ways(self.hall)

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)
        shutil.rmtree(self.folder)


TestWaiting = Waiting.TestCase
TestWaiting.settings = settings(
    max_examples=6,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def attach_verified_letter(listed: Hall) -> None:
    document = listed.supplier.attach(
        listed.number, DocumentKind.OTHER, b"a letter", name="letter.txt"
    )
    listed.verify(document, by="counsel")


def test_what_stands_on_the_board_is_not_read(listed: Hall) -> None:
    assert asked_for(listed) == []
    other = listed.register("other.csv", DATA.replace("6.1", "6.9")).number
    assert asked_for(listed) == [other]


def test_a_listed_product_is_read_while_a_document_of_it_waits(listed: Hall) -> None:
    document = listed.supplier.attach(
        listed.number, DocumentKind.OTHER, b"a letter", name="letter.txt"
    )
    assert asked_for(listed) == [listed.number]
    same_both_ways(listed)
    listed.verify(document, by="counsel")
    assert asked_for(listed) == []
    known = listed.participant("counsel")
    listed.house.suspend(known, "under investigation")
    assert asked_for(listed) == [listed.number]
    assert [turn.duty for turn in everything(listed)[0]] == ["verify"]
    same_both_ways(listed)


def test_a_word_under_a_licence_that_was_withdrawn_is_looked_at_again(listed: Hall) -> None:
    attach_verified_letter(listed)
    known = listed.participant("counsel")
    with listed.floor.read() as work:
        (licence,) = work.chain.store.of_kind(f"participant/{known.id}", "licence.recorded")
    listed.house.withdraw_licence(known, licence.leaf.hex(), "false")
    assert asked_for(listed) == [listed.number]
    assert [turn.duty for turn in everything(listed)[0]] == ["verify"]
    same_both_ways(listed)


def test_a_word_of_who_is_no_assessor_any_more_is_looked_at_again(listed: Hall) -> None:
    attach_verified_letter(listed)
    known = listed.participant("counsel")
    listed.house.suspend(known, "changes its role")
    listed.house.admit(known, [Role.REVIEWER])
    assert asked_for(listed) == [listed.number]
    same_both_ways(listed)
    listed.house.suspend(known, "changes its role back")
    listed.house.admit(known, [Role.COMPLIANCE_ASSESSOR])
    assert asked_for(listed) == []


def test_words_of_before_licences_were_asked_for_are_looked_at_one_by_one(listed: Hall) -> None:
    """They may have been given under none; what was given under one still counts."""
    attach_verified_letter(listed)
    listed.advance(hours=1)
    with listed.floor.write() as work:
        subject = f"exchange/{listed.floor.house.origin}"
        facts = {"licences": [f"{Role.COMPLIANCE_ASSESSOR}: another class"]}
        record_for_house("licence.required", subject, facts, work=work, floor=listed.floor)
    assert asked_for(listed) == [listed.number]
    assert "verify" in {turn.duty for turn in everything(listed)[0]}
    same_both_ways(listed)


@pytest.mark.parametrize("end", ["reject", "withdraw"])
def test_a_document_that_was_rejected_or_taken_back_waits_no_more(listed: Hall, end: str) -> None:
    document = listed.supplier.attach(
        listed.number, DocumentKind.OTHER, b"a letter", name="letter.txt"
    )
    if end == "reject":
        listed.house.reject_document(listed.number, document.leaf, "no")
    else:
        listed.supplier.withdraw_document(listed.number, document.leaf, "no")
    assert asked_for(listed) == []


@pytest.mark.parametrize("name", ["valid_until", "registered_until"])
def test_what_has_run_out_is_read_and_nothing_before(listed: Hall, name: str) -> None:
    last = listed.today + dt.timedelta(days=3)
    told = last.isoformat() + ("T00:00:00Z" if name == "registered_until" else "")
    with listed.floor.write() as work:
        ends: dict[str, Any] = {name: told}
        work.products.put(replace(listed.product(), **ends))
    assert asked_for(listed) == []
    same_both_ways(listed)
    listed.advance(days=4)
    assert asked_for(listed) == [listed.number]
    same_both_ways(listed)


@pytest.mark.parametrize("state", [RegistrationState.OBJECTED, RegistrationState.DISPUTED])
def test_a_contested_claim_is_read_whatever_the_board_says(
    listed: Hall, state: RegistrationState
) -> None:
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), registration=state))
    with listed.floor.read() as work:
        waiting = work.products.waiting(listed.today, stands=lambda _: True)
        for found in (waiting, work.products.contested()):
            assert [each.number for each in found] == [listed.number]


def test_what_left_the_board_for_good_is_not_read(listed: Hall) -> None:
    listed.supplier.delist(listed.number, "sold out")
    assert asked_for(listed) == []


def test_a_listing_without_a_last_day_has_lapsed(listed: Hall) -> None:
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), valid_until=None))
    assert asked_for(listed) == [listed.number]


def test_a_supplier_hears_of_the_end_on_the_first_day_that_it_may(listed: Hall) -> None:
    last = listed.today + dt.timedelta(days=EXPIRY_DAYS)
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), valid_until=str(last)))
    (task,) = tasks_of(listed, "supplier")
    assert (str(task.duty), task.due[:10]) == ("renew", str(last))
    with listed.floor.write() as work:
        later = last + dt.timedelta(days=1)
        work.products.put(replace(listed.product(), valid_until=str(later)))
    assert tasks_of(listed, "supplier") == ()


def test_who_judges_nothing_reads_nobody_elses_products(listed: Hall) -> None:
    listed.register("other.csv", DATA.replace("6.1", "6.9"))
    for handle, count in (("buyer", 0), ("contributor", 0), ("supplier", 1), ("reviewer", 1)):
        assert len(asked_for(listed, partial(tasks_of, listed, handle))) == count


def test_a_product_without_a_sheet_is_read(listed: Hall) -> None:
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), sheet=None))
    assert asked_for(listed) == [listed.number]


@pytest.mark.parametrize("state", sorted(ENDED))
def test_a_registration_that_has_ended_is_not_read(listed: Hall, state: RegistrationState) -> None:
    with listed.floor.write() as work:
        suspended = replace(listed.product(), listing=ListingState.SUSPENDED)
        work.products.put(suspended)
    assert asked_for(listed) == [listed.number]
    with listed.floor.write() as work:
        work.products.put(replace(suspended, registration=state))
    assert asked_for(listed) == []


def test_a_product_that_a_former_program_kept_is_read(listed: Hall) -> None:
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), verifiers=None))
    assert asked_for(listed) == [listed.number]
    same_both_ways(listed)
    listed.supplier.attach(listed.number, DocumentKind.OTHER, b"a letter", name="letter.txt")
    assert listed.product().verifiers == "?"


def test_who_only_supplies_asks_for_its_own(listed: Hall) -> None:
    listed.register("other.csv", DATA.replace("6.1", "6.9"))
    with listed.floor.read() as work:
        today = listed.today
        for handle, count in (("supplier", 1), ("contributor", 0)):
            owner = work.participants.get(handle).id
            found = work.products.waiting(today, stands=lambda _: True, supplier=owner)
            assert len(found) == count


def test_whose_words_stand_for_sure(listed: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    assessor, buyer = listed.participant("assessor"), listed.participant("buyer")
    operator = listed.floor.house.operator
    with listed.floor.read() as work:
        assert words_stand(operator, work, listed.floor)
        assert words_stand(assessor.id, work, listed.floor)
        assert not words_stand(buyer.id, work, listed.floor)
        # Where nobody was ever asked for a licence, none is wanting.
        monkeypatch.setattr("exchange.services.build_case.newest", lambda *_: None)
        assert words_stand(assessor.id, work, listed.floor)
    with listed.floor.write() as work:
        both = assessor.roles | {Role.OPERATOR}
        work.participants.put(replace(work.participants.get(assessor.id), roles=both))
    with listed.floor.read() as work:
        assert not words_stand(assessor.id, work, listed.floor)

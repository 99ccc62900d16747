"""Everything that may be tried to get a product past the gate, over the real services.

The model beside them is a handful of dates and flags.  It is told what was done and says whether
the product may be on the board; the exchange must never be more generous, and after the auditor
has read the log nothing may be found.  `GUAPAI_GATE_EXAMPLES` asks for more than CI has time for.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from exchange.board import Search
from exchange.compliance import RulePack
from exchange.compliance.china import PACK
from exchange.documents import DocumentKind
from exchange.errors import ExchangeError, NotCompliant
from exchange.listing import ListingState
from exchange.participants import Role, Standing
from exchange.registration import RegistrationState
from exchange.services.adopt_pack import adopt_pack
from exchange.services.audit_provenance import export_bundle
from exchange.services.explain_listing import explain_product
from exchange.services.lapse_listings import lapse_listings
from exchange.services.replay_verdicts import Replayed, replay_verdicts
from exchange.services.search_board import board_apart, search_board
from exchange.specsheet import SpecSheet
from exchange.vetting import CHECKLIST
from ledger.audit import audit
from tests.exchange.floor import (
    ATTESTED,
    COMMENTS,
    EVIDENCE,
    NOTICE,
    SHEET,
    Hall,
    open_hall,
    sheet,
)

EXAMPLES: Final = int(os.environ.get("GUAPAI_GATE_EXAMPLES", "6"))
STRICTER: Final = RulePack(
    "cn",
    "CN",
    "stricter",
    tuple(
        replace(each, statement="Nothing for crime") if each.id == "C-03" else each
        for each in PACK.rules
    ),
)
PACKS: Final = {pack.digest: pack for pack in (PACK, STRICTER)}
# Sheets that the gate must never list, whatever is signed for them; and one that it may.
NEVER: Final[dict[str, dict[str, Any]]] = {
    "core": {"grade": "core"},
    "nobody answers": {"duties": None},
    "no licence": {"licence": "CC-BY-NC-4.0"},
    "no right": {"rights": ["holding", "processing"]},
    "rows that are not there": {"physical": SHEET["physical"] | {"rows": 60}},
    "persons without consent": {"personal_data": {"contained": True}},
    "no use told": {"use_cases": []},
    "no service": {"delivery": {**SHEET["delivery"], "service": None}},
    "nothing forbidden": {"conditions": {**SHEET["conditions"], "prohibited": []}},
}

_IDENTITY: Final = st.sampled_from([0, 1, 20, 800])
OBJECTORS: Final = st.sampled_from(["rival", "contributor"])


class Gate(RuleBasedStateMachine):
    """One product, one supplier, and everybody who would like to see it listed."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-gate-"))
        self.opened = open_hall(self.folder / "exchange", store="sqlite")
        self.hall: Hall = self.opened.__enter__()
        self.sound = True  # whether the sheet on file may be listed at all
        self.passed: dict[str, dt.date] = {}  # pack: last day of the assessor's pass of this sheet
        self.refused_until: dt.date | None = None
        self.left = ""  # the rule that attestations of this sheet have left to nobody
        self.reviewed = False
        self.vetted: tuple[str, bool] | None = None  # the pack and the word of the latest decision
        self.objectors: list[str] = []  # of whom an objection is open, the longest first
        self.paper_until: dt.date | None = None  # the evidence as a document: its last day
        self.paper_bad = False
        self.seen: dict[str, dt.date] = {}  # of the evidence that was verified: until which day
        self.identity: dict[str, dt.date] = {}  # of whom it was verified anew: until which day
        self.admitted = dict.fromkeys(("supplier", "assessor", "expert", "reviewer"), True)
        self.notice = self.hall.floor.clock() + dt.timedelta(seconds=NOTICE)

    @property
    def today(self) -> dt.date:
        return self.hall.today

    @property
    def pack(self) -> RulePack:
        return self.hall.floor.pack

    def may_stand(self, *, under: set[str]) -> bool:
        """Whether the model lets the product be on the board today."""
        paper = not self.paper_bad and (self.paper_until is None or self.today <= self.paper_until)
        if self.seen:  # of what was looked at a verification counts alone
            paper = max(self.seen.values()) >= self.today
        refused = self.refused_until is not None and self.today <= self.refused_until
        passed = any(self.passed.get(pack, dt.date.min) >= self.today for pack in under)
        return (
            self.sound
            and paper
            and passed
            and self.reviewed
            and self.vetted is not None
            and self.vetted[0] in under
            and self.vetted[1]
            and not refused
            and not self.objectors
            and all(self.admitted.values())
            and all(until >= self.today for until in self.identity.values())
        )

    def attempt(self, fine: object, act: object) -> bool:
        """Do something that is refused, or not; what is refused leaves no trace but a verdict."""
        assert callable(act)
        try:
            act()
        except ExchangeError:
            return False
        assert fine
        return True

    @initialize(listed=st.booleans())
    def begin(self, *, listed: bool) -> None:
        """Half of the attempts begin on the board: there is more to lose."""
        self.register()
        if listed:
            self.attest(30)
            self.review()
            self.vet("approved")
            self.time_passes(1)
            self.list()
            assert self.hall.product().listing is ListingState.LISTED

    def register(self) -> None:
        self.hall.number = self.hall.register().number
        self.submit(sheet())

    def submit(self, changed: SpecSheet) -> None:
        if self.attempt(
            fine=True, act=lambda: self.hall.supplier.submit_sheet(self.hall.number, changed)
        ):
            self.passed, self.refused_until, self.left = {}, None, ""
            self.reviewed, self.vetted = False, None

    @rule()
    def submit_a_sound_sheet(self) -> None:
        size = self.hall.size
        self.submit(sheet(contact=f"{size}@supplier.example"))
        self.sound = self.sound or self.hall.size > size

    @rule(kind=st.sampled_from(sorted(NEVER)))
    def submit_what_may_not_list(self, kind: str) -> None:
        size = self.hall.size
        self.submit(sheet(**NEVER[kind]))
        self.sound = self.sound and self.hall.size == size

    # Assessors and experts, true and false.

    @rule(days=st.integers(0, 40))
    def attest(self, days: int) -> None:
        if self.attempt(self.admitted["assessor"], lambda: self.hall.attest(days=days)):
            until = self.today + dt.timedelta(days=days)
            self.passed[self.pack.digest] = max(
                until, self.passed.get(self.pack.digest, dt.date.min)
            )
            self.refused_until = None

    @rule(days=st.integers(0, 40))
    def refuse(self, days: int) -> None:
        if self.attempt(
            self.admitted["assessor"], lambda: self.hall.attest(days=days, passed=False)
        ):
            self.refused_until = self.today + dt.timedelta(days=days)
            self.passed.pop(self.pack.digest, None)  # it changed its mind

    @rule(missing=st.sampled_from(["P-04", "S-02", "C-03", "G-03"]))
    def attest_all_but_one_rule(self, missing: str) -> None:
        """It says nothing against the product, and leaves a rule to nobody."""
        if self.passed or self.left not in {"", missing}:
            return  # what an earlier one answered stays answered, and two may answer every rule
        self.left = missing
        rules = [each for each in ATTESTED if each != missing]
        until = self.today + dt.timedelta(days=40)
        self.attempt(
            self.admitted["assessor"],
            lambda: self.hall.assessor.attest(
                self.hall.number, rules, report=b"seen", until=until, passed=True
            ),
        )

    @rule(who=st.sampled_from(["supplier", "insider", "buyer", "expert", "house"]))
    def attest_by_the_wrong_hand(self, who: str) -> None:
        until = self.today + dt.timedelta(days=40)
        desk = self.hall.desk(who)
        self.attempt(
            fine=False,
            act=lambda: desk.attest(
                self.hall.number, ATTESTED, report=b"seen", until=until, passed=True
            ),
        )

    @rule(name=st.sampled_from(["sheet", "data", "pack"]))
    def attest_something_else(self, name: str) -> None:
        product = self.hall.product()
        facts = {
            "sheet": product.sheet,
            "data": product.data,
            "pack": self.pack.digest,
            "rules": list(ATTESTED),
            "outcome": "passed",
            "until": (self.today + dt.timedelta(days=40)).isoformat(),
        } | {name: "0" * 64}
        subject = f"product/{self.hall.number}"
        from exchange.services.attest_product import attest_product  # noqa: PLC0415

        signed, openings = self.hall.commit(
            "assessor", "compliance.attested", subject, facts, {"report": "seen"}
        )
        self.attempt(False, lambda: attest_product(signed, openings, floor=self.hall.floor))

    @rule()
    def review(self) -> None:
        expert = self.hall.expert
        if self.attempt(
            self.admitted["expert"], lambda: expert.review(self.hall.number, "0.95", COMMENTS)
        ):
            self.reviewed = True

    @rule(decision=st.sampled_from(["approved", "approved", "returned", "rejected"]))
    def vet(self, decision: str) -> None:
        if self.attempt(self.admitted["reviewer"], lambda: self.hall.vet(decision=decision)):
            self.vetted = (self.pack.digest, decision == "approved")

    @rule(who=st.sampled_from(["supplier", "insider", "assessor", "expert", "house"]))
    def vet_by_the_wrong_hand(self, who: str) -> None:
        desk, ticks = self.hall.desk(who), dict.fromkeys(CHECKLIST, "yes")
        self.attempt(
            fine=False,
            act=lambda: desk.vet(self.hall.number, "approved", reasons="fine", checklist=ticks),
        )

    @rule()
    def review_by_the_supplier(self) -> None:
        self.attempt(False, lambda: self.hall.insider.review(self.hall.number, "1", b"fine"))

    # Evidence, disputes, standing, law, time.

    @rule(days=st.integers(0, 40))
    def attach_the_evidence(self, days: int) -> None:
        until = self.today + dt.timedelta(days=days)

        def attach() -> None:
            self.hall.supplier.attach(
                self.hall.number,
                DocumentKind.SOURCE_PROOF,
                EVIDENCE,
                name="log.txt",
                until=until,
            )

        if self.attempt(self.admitted["supplier"], attach):
            alive = self.paper_until is not None and self.paper_until >= self.today
            before = self.paper_until if alive and not self.paper_bad else None
            self.paper_until = max(until, before) if before else until
            self.paper_bad = False

    @rule(days=st.integers(0, 40))
    def verify_the_evidence(self, days: int) -> None:
        """The newest of it, until its end or an earlier day, and then another."""
        for document in self.hall.documents()[-1:]:
            leaf, asked = document.leaf, self.today + dt.timedelta(days=days)
            with self.hall.floor.read() as work:
                attached = work.chain.store.by_leaf(leaf)
            assert attached is not None
            until = min(asked, dt.date.fromisoformat(attached.facts["until"]))
            if self.attempt(
                True,
                lambda: self.hall.house.verify_document(self.hall.number, leaf, until=until),  # noqa: B023
            ):
                self.seen[leaf] = until

    @rule(who=st.sampled_from(["supplier", "assessor", "expert", "reviewer"]), days=_IDENTITY)
    def verify_somebody(self, who: str, days: int) -> None:
        """Anew, until a later day or an earlier one than before."""
        until, known = self.today + dt.timedelta(days=days), self.hall.participant(who)
        self.hall.house.verify(known, [b"anew"], signatory="x", until=until)
        self.identity[who] = until

    @rule(who=OBJECTORS)
    def object(self, who: str) -> None:
        objector = getattr(self.hall, who)
        free = who not in self.objectors
        if self.attempt(free, lambda: objector.object(self.hall.number, "mine")):
            self.objectors.append(who)

    @rule()
    def dismiss(self) -> None:
        if self.attempt(
            self.objectors,
            lambda: self.hall.house.close_objection(self.hall.number, "dismissed", "no"),
        ):
            self.objectors.pop(0)

    @rule(who=OBJECTORS)
    def take_the_objection_back(self, who: str) -> None:
        objector = getattr(self.hall, who)
        theirs = who in self.objectors
        if self.attempt(theirs, lambda: objector.withdraw_objection(self.hall.number, "settled")):
            self.objectors.remove(who)

    @invariant()
    def the_claim_is_frozen_as_long_as_anybody_objects(self) -> None:
        objected = self.hall.product().registration is RegistrationState.OBJECTED
        assert objected == bool(self.objectors)

    @rule(who=st.sampled_from(["supplier", "assessor", "expert", "reviewer"]))
    def suspend_somebody(self, who: str) -> None:
        known = self.hall.participant(who)
        if self.attempt(self.admitted[who], lambda: self.hall.house.suspend(known, "why")):
            self.admitted[who] = False

    @rule(who=st.sampled_from(["supplier", "assessor", "expert", "reviewer"]))
    def readmit_somebody(self, who: str) -> None:
        role = {
            "supplier": Role.SUPPLIER,
            "assessor": Role.COMPLIANCE_ASSESSOR,
            "expert": Role.QUALITY_EXPERT,
            "reviewer": Role.REVIEWER,
        }[who]
        known = self.hall.participant(who)
        if self.attempt(not self.admitted[who], lambda: self.hall.house.admit(known, [role])):
            self.admitted[who] = True
            assert self.hall.participant(who).standing is Standing.ADMITTED

    @rule()
    def suspend_the_listing(self) -> None:
        self.attempt(True, lambda: self.hall.house.suspend_listing(self.hall.number, "why"))

    @rule(pack=st.sampled_from([PACK, STRICTER]))
    def adopt(self, pack: RulePack) -> None:
        self.hall.venue.__dict__["pack"] = pack
        self.hall.venue.__dict__.pop("floor", None)
        adopt_pack(floor=self.hall.floor)

    @rule(hours=st.sampled_from([1, 25, 24 * 7, 24 * 41]))
    def time_passes(self, hours: int) -> None:
        self.hall.advance(hours=hours)

    @rule()
    def lapse(self) -> None:
        lapse_listings(floor=self.hall.floor)

    # Getting it listed, and using it.

    @rule()
    def list(self) -> None:
        fine = self.may_stand(under={self.pack.digest}) and (self.hall.floor.clock() >= self.notice)
        told = self.on_board() or self.explained()
        listed = self.attempt(fine, lambda: self.hall.supplier.list(self.hall.number))
        assert self.on_board() or listed is told  # nobody is told otherwise than it then goes

    def on_board(self) -> bool:
        return self.hall.product().as_of(self.today).listing is ListingState.LISTED

    def explained(self) -> bool:
        with self.hall.floor.read() as work:
            return explain_product(self.hall.product(), work=work, floor=self.hall.floor).passed

    @rule()
    def list_for_the_supplier(self) -> None:
        self.attempt(False, lambda: self.hall.contributor.list(self.hall.number))

    @rule()
    def use(self) -> None:
        try:
            self.hall.scenario()
        except ExchangeError:
            return
        assert self.may_stand(under=set(PACKS))

    @invariant()
    def nothing_stands_that_may_not(self) -> None:
        if not self.hall.number:
            return
        on_board = self.on_board()
        if on_board:
            assert self.explained()
            assert self.may_stand(under=set(PACKS))
            assert self.hall.floor.clock() >= self.notice
        with self.hall.floor.read() as work:
            found = search_board(Search(), work=work, floor=self.hall.floor)
            assert bool(found.lines) is on_board
            assert list(board_apart(work)) == []

    def teardown(self) -> None:
        try:
            if self.hall.number:
                found = replay_verdicts(packs=PACKS, floor=self.hall.floor)
                assert all(each.outcome is Replayed.IDENTICAL for each in found), found
            bundle = self.folder / "bundle"
            export_bundle(bundle, floor=self.hall.floor)
            assert audit(bundle, key=self.hall.floor.log_key).findings == []
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder)


TestGate = Gate.TestCase
TestGate.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_machine_shortens_what_a_listing_rests_on() -> None:
    """A named example: nobody runs the job between the earlier day and its end."""
    for shorten in ("verify_the_evidence", "verify_somebody"):
        machine = Gate()
        try:
            machine.begin(listed=True)
            machine.attach_the_evidence(30)
            if shorten == "verify_the_evidence":
                machine.verify_the_evidence(1)
            else:
                machine.verify_somebody("reviewer", 1)
            machine.nothing_stands_that_may_not()
            assert machine.on_board()
            machine.time_passes(24 * 7)
            machine.nothing_stands_that_may_not()
            assert not machine.on_board()
        finally:
            machine.teardown()


def test_the_machine_can_list_a_product_and_loses_it_again() -> None:
    """A named example: the model's way onto the board, and three ways off it."""
    machine = Gate()
    try:
        machine.register()
        machine.attest(30)
        machine.review()
        machine.vet("approved")
        machine.time_passes(1)
        machine.list()
        machine.nothing_stands_that_may_not()
        assert machine.hall.product().listing is ListingState.LISTED
        machine.use()
        machine.adopt(STRICTER)
        assert machine.hall.product().listing is ListingState.SUSPENDED
        machine.attest(30)
        machine.vet("approved")
        machine.list()
        assert machine.hall.product().listing is ListingState.LISTED
        machine.suspend_somebody("expert")
        assert machine.hall.product().listing is ListingState.SUSPENDED
        machine.readmit_somebody("expert")
        machine.list()
        machine.time_passes(24 * 41)
        machine.nothing_stands_that_may_not()
        with pytest.raises(NotCompliant):
            machine.hall.scenario()
    finally:
        machine.teardown()

"""Deals, contributions, deposits and cycles in any order, beside a simple idea of what is true."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from exchange.errors import Forbidden, InsufficientFunds, Refused
from exchange.participants import Role, Standing
from exchange.ports import UnitOfWork
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.close_cycle import close_cycle, in_default
from exchange.services.keep_guarantee import parts_of
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import Hall, open_hall
from tests.exchange.services.test_netting import filed

TRADERS = ("buyer", "supplier", "contributor", "rival")


class Cycles(RuleBasedStateMachine):
    """The model knows debts and money by sums alone: what nobody gains, nobody loses."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = tempfile.TemporaryDirectory()
        self.opened = open_hall(Path(self.scratch.name) / "exchange")
        self.hall: Hall = self.opened.__enter__()
        self.money = 0  # all that came in
        self.worth = dict.fromkeys(TRADERS, 0)  # money, part of the fund and claims, less debts
        self.closed = 0

    def teardown(self) -> None:
        if self.closed:
            bundle = Path(self.scratch.name) / "bundle"
            export_bundle(bundle, floor=self.hall.floor)
            found = audit(bundle).findings
            assert [finding for finding in found if finding.rule != "record"] == []
        self.opened.__exit__(None, None, None)
        self.scratch.cleanup()

    @initialize()
    def admit_on_both_sides(self) -> None:
        for who in TRADERS:
            self.hall.house.suspend(self.hall.participant(who), "to be admitted anew")
            self.hall.house.admit(self.hall.participant(who), [Role.BUYER, Role.SUPPLIER])

    def may_act(self, who: str) -> bool:
        return self.hall.participant(who).standing is Standing.ADMITTED

    @rule(who=st.sampled_from(TRADERS), amount=st.integers(1, 500))
    def deposit(self, who: str, amount: int) -> None:
        self.hall.deposit(who, Money(amount))
        self.money += amount
        self.worth[who] += amount

    @rule(pair=st.permutations(TRADERS), amount=st.integers(1, 900))
    def deal(self, pair: list[str], amount: int) -> None:
        payer, payee = pair[0], pair[1]
        if not self.may_act(payer):
            with pytest.raises(Forbidden):
                filed(self.hall, payer, payee, amount=Money(amount))
            return
        if not self.may_act(payee):
            return
        deal = filed(self.hall, payer, payee, amount=Money(amount))
        self.hall.desk(payee).confirm_deal(deal.id)
        self.worth[payer] -= amount
        self.worth[payee] += amount

    @rule(who=st.sampled_from(TRADERS), amount=st.integers(1, 300))
    def contribute(self, who: str, amount: int) -> None:
        if not self.may_act(who):
            return
        if self.hall.balance(who) < amount:
            with pytest.raises(InsufficientFunds):
                self.hall.desk(who).contribute(Money(amount))
        else:
            self.hall.desk(who).contribute(Money(amount))

    @rule(who=st.sampled_from(TRADERS))
    def take_back(self, who: str) -> None:
        with self.hall.floor.read() as work:
            party = self.hall.participant(who).id
            parts, owes = parts_of(party, work), work.obligations.owes(party)
        if not parts or not self.may_act(who):
            return
        if owes:
            with pytest.raises(Refused, match="owes what no cycle has netted"):
                self.hall.desk(who).take_back(parts[0])
        else:
            self.hall.desk(who).take_back(parts[0])

    @rule()
    def close(self) -> None:
        cycle = close_cycle(self.hall.today, floor=self.hall.floor)
        assert close_cycle(self.hall.today, floor=self.hall.floor) == cycle
        self.closed += 1
        self.hall.advance(days=1)

    @precondition(lambda self: self.closed)
    @rule(who=st.sampled_from(TRADERS))
    def admit_again(self, who: str) -> None:
        if self.may_act(who):
            return
        with self.hall.floor.read() as work:
            owes = in_default(self.hall.participant(who).id, work)
        if owes:
            with pytest.raises(Refused, match="is in default since the cycle of"):
                self.readmit(who)
        else:
            self.readmit(who)

    def readmit(self, who: str) -> None:
        self.hall.house.admit(self.hall.participant(who), [Role.BUYER, Role.SUPPLIER])

    def claims(self, who: str, work: UnitOfWork) -> int:
        """Return what a party is owed and does not have yet, less what it owes."""
        party, newest = self.hall.participant(who).id, work.cycles.newest()
        carried = sum(
            each.carried
            for each in work.cycles.positions_of(party)
            if newest and each.cycle == newest.day
        )
        open_ones = [owed for owed in work.obligations.of(party) if owed.state == "open"]
        return carried + sum(
            owed.amount.minor * (1 if owed.payee == party else -1) for owed in open_ones
        )

    @invariant()
    def nobody_gains_or_loses(self) -> None:
        with self.hall.floor.read() as work:
            for who in TRADERS:
                party = self.hall.participant(who).id
                part = sum(each.minor for each in parts_of(party, work))
                held = self.hall.balance(who) + part + self.claims(who, work)
                assert held == self.worth[who], who
        assert sum(self.worth.values()) == self.money

    @invariant()
    def the_books_agree(self) -> None:
        assert reconcile(floor=self.hall.floor).faults == ()


TestCycles = Cycles.TestCase
TestCycles.settings = settings(
    max_examples=6,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

"""Uses and demand under whatever buyers, assessor and house try, while the clock moves on.

Beside the real services a plain model of docs/scenarios.md: which use runs, within what limits,
until which day; which quote, order and contract rest on it; which demand may be answered.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from exchange.demands import ANSWERS_MAX, OPEN_MAX, DemandState
from exchange.errors import ExchangeError, NoScenario
from exchange.matching import Wish
from exchange.policy.policy import Constraint
from exchange.policy.vocabulary import Operand
from exchange.scenarios import APPROVING, Decision, Limits, ScenarioState
from exchange.services import post_demand
from exchange.services.access_delivery import access_delivery
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.end_scenario import expire_scenarios
from exchange.services.execute_trade import terms_of
from exchange.services.fit_scenario import fit_products, library_of
from exchange.services.judge_use import policy_of
from exchange.web import create_app
from ledger.acts import format_time
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import QUOTE, Hall, open_hall
from tests.exchange.services.test_auctions import later
from tests.exchange.services.test_demands import POSTING

MANY: Final = tuple(f"recipient {n}" for n in range(11))  # so many that an assessor has to look
TERMS: Final = (3, 10, 300)
LIMITS: Final = (
    Limits(term_days=2),
    Limits(recipients=3),
    Limits(term_days=7, regions=("CN-SD",), recipients=1),
)
DAY: Final = dt.timedelta(days=1)
PICK: Final = st.integers(0, 99)
WHO: Final = st.sampled_from(["buyer", "rival", "supplier", "assessor", "insider", "house"])


@dataclass
class Use:
    """What the model knows of one scenario, and of the one trade under it."""

    id: str
    buyer: str
    state: ScenarioState
    term: int
    many: bool
    limits: Limits | None = None
    reviewed: bool = False
    last: dt.date | None = None  # the last day on which it runs, once it was approved
    quote: str = ""
    quoted_until: str = ""
    trade: str = ""
    grant: dt.datetime | None = None  # when the use right of the contract ends
    delivered: bool = False

    @property
    def kind(self) -> tuple[Any, ...]:
        """What the library counts by."""
        return self.term, self.limits


@dataclass
class Wanted:
    """What the model knows of one demand."""

    id: str
    until: str
    state: DemandState = DemandState.OPEN
    answers: list[str] = field(default_factory=list)
    product: str = ""  # the answer that names the product


class Uses(RuleBasedStateMachine):
    """Nothing is done under a use that does not run, and what is done keeps to its limits."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-uses-"))
        self.opened = open_hall(self.folder / "exchange", "listed")
        self.hall: Hall = self.opened.__enter__()
        self.site = create_app(self.hall.venue).test_client()
        self.uses: list[Use] = []
        self.wanted: list[Wanted] = []

    @initialize()
    def rich(self) -> None:
        for who in ("buyer", "rival"):
            self.hall.deposit(who, Money(100_000_000))

    # What the model says.

    def runs(self, use: Use) -> bool:
        approved = use.state in APPROVING and use.last is not None
        return approved and self.hall.today <= (use.last or self.hall.today)

    def open(self, demand: Wanted) -> bool:
        return demand.state is DemandState.OPEN and later(self.hall) <= demand.until

    def attempt(self, act: Callable[[], Any], *, allowed: bool, use: Use | None = None) -> Any:
        """Try something: it is done where the model says so, and a refusal changes nothing.

        Where nothing but the scenario can be in the way, `use` says of which the refusal speaks.
        """
        size = self.hall.size
        try:
            done, refused = act(), None
        except ExchangeError as error:
            done, refused = None, error
        assert (refused is None) == allowed, refused
        if refused:
            assert self.hall.size == size
            if use is not None and not self.runs(use):
                assert isinstance(refused, NoScenario)
                assert use.id in str(refused)
        return done

    # A use is filed, decided on, and ends.

    @rule(
        who=st.sampled_from(["buyer", "buyer", "rival"]),
        term=st.sampled_from(TERMS),
        many=st.booleans(),
        off=st.sampled_from(["", "", "", "purpose", "region", "onward_transfer", "term_days"]),
        begun=st.sampled_from(["", "like", "answer"]),
        pick=PICK,
    )
    def file(self, who: str, term: int, off: str, begun: str, pick: int, *, many: bool) -> None:
        changes: dict[str, Any] = {"term_days": term} | ({"recipients": MANY} if many else {})
        beyond = {"onward_transfer": True, "term_days": 366}
        changes |= {off: beyond.get(off, "elsewhere")} if off else {}
        assert self._in_the_way(changes) == bool(off)
        fits = True
        if begun == "like" and self.uses:
            example = self.uses[pick % len(self.uses)]
            changes["like"], fits = example.id, example.last is not None
        elif begun == "answer" and self.wanted:
            demand = self.wanted[pick % len(self.wanted)]
            if demand.answers:
                answer = demand.product or demand.answers[0]
                changes["answer"], fits = answer, bool(demand.product) and who == "buyer"
        if not off:
            made = self.attempt(lambda: self._file(who, changes), allowed=fits)
            if made:
                assert made.waits == many
                state = made.state
                assert state is (ScenarioState.FILED if many else ScenarioState.APPROVED)
                last = None if many else self.hall.today + term * DAY
                self.uses.append(Use(made.id, who, state, term, many, last=last))
            return
        size = self.hall.size
        with suppress(ExchangeError):
            self._file(who, changes)
            raise AssertionError(f"{off} is beyond the conditions")
        # A filing that a rule refuses is recorded with its refusal, and nothing else is.
        assert self.hall.size == size + (2 if fits else 0)
        if fits:
            with self.hall.floor.read() as work:
                (refused,) = {each.id for each in work.scenarios.all()} - self._known
            state = ScenarioState.REFUSED
            self.uses.append(Use(refused, who, state, changes["term_days"], many))

    def _in_the_way(self, changes: dict[str, Any]) -> bool:
        """Whether the site says that something of the product stands in the way of such a use."""
        told = {"purpose": "research", "region": "CN"} | changes
        wish = Wish(
            told["purpose"],
            told["region"],
            told["term_days"],
            recipients=len(told.get("recipients", ("one",))),
            onward_transfer=told.get("onward_transfer", False),
        )
        with self.hall.floor.read() as work:
            (found,) = fit_products(wish, work=work, floor=self.hall.floor)
        return not found.fits

    def _file(self, who: str, changes: dict[str, Any]) -> Any:
        return self.hall.desk(who).file_scenario(self.hall.filing(**changes))[0]

    @property
    def _known(self) -> set[str]:
        return {use.id for use in self.uses}

    def one(self, pick: int) -> Use:
        return self.uses[pick % len(self.uses)]

    @precondition(lambda self: self.uses)
    @rule(
        pick=PICK,
        who=st.sampled_from(["assessor", "assessor", "assessor", "insider", "expert", "buyer"]),
        decision=st.sampled_from(Decision),
        limits=st.sampled_from(LIMITS),
    )
    def assess(self, pick: int, who: str, decision: Decision, limits: Limits) -> None:
        waits = [use for use in self.uses if use.state is ScenarioState.FILED]
        use = waits[pick % len(waits)] if waits else self.one(pick)
        named = limits if decision is Decision.LIMITED else None
        narrows = named is None or named.term_days is None or named.term_days < use.term
        decided = self.attempt(
            lambda: self.hall.desk(who).assess_scenario(
                use.id, decision, reasons="looked at", limits=named
            ),
            allowed=bool(waits) and who == "assessor" and narrows,
        )
        if decided is None:
            return
        use.state, use.reviewed, use.limits = ScenarioState(decision), True, named
        if decision is not Decision.REFUSED:
            use.term = (named.term_days if named else None) or use.term
            use.last = self.hall.today + use.term * DAY
        assert (decided.state, decided.term_days) == (use.state, use.term)

    @precondition(lambda self: self.uses)
    @rule(pick=PICK, who=WHO)
    def withdraw(self, pick: int, who: str) -> None:
        use = self.one(pick)
        ongoing = use.state in {ScenarioState.FILED, *APPROVING}
        if self.attempt(
            lambda: self.hall.desk(who).withdraw_scenario(use.id, "no longer wanted"),
            allowed=ongoing and who == use.buyer,
        ):
            use.state = ScenarioState.WITHDRAWN

    @precondition(lambda self: self.uses)
    @rule(pick=PICK, who=WHO)
    def revoke(self, pick: int, who: str) -> None:
        use = self.one(pick)
        entitled = who == "house" or (who == "assessor" and use.reviewed)
        if self.attempt(
            lambda: self.hall.desk(who).revoke_scenario(use.id, "the consent was withdrawn"),
            allowed=entitled and use.state in APPROVING,
        ):
            use.state = ScenarioState.REVOKED

    @rule(days=st.sampled_from([0, 1, 3, 4, 8]), seconds=st.sampled_from([1, QUOTE // 2]))
    def wait(self, days: int, seconds: int) -> None:
        self.hall.advance(days=days, seconds=seconds)

    @rule()
    def record_what_is_over(self) -> None:
        """The scheduled job: it tells what has ended by time, and nothing else has changed."""
        over = [use for use in self.uses if use.state in APPROVING and not self.runs(use)]
        ended = expire_scenarios(floor=self.hall.floor)
        assert {each.id for each in ended} == {use.id for use in over}
        for use in over:
            use.state = ScenarioState.EXPIRED
        late = [demand for demand in self.wanted if demand.state is DemandState.OPEN]
        late = [demand for demand in late if not self.open(demand)]
        found = post_demand.expire_demands(floor=self.hall.floor)
        assert {each.id for each in found} == {demand.id for demand in late}
        for demand in late:
            demand.state = DemandState.EXPIRED

    # Trades are tried under it, whatever its state.

    @precondition(lambda self: self.uses)
    @rule(pick=PICK, steps=st.integers(1, 5))
    def go_on(self, pick: int, steps: int) -> None:
        """Take the next steps of the trade under a use, as far as they are granted."""
        use = self.one(pick)
        for _ in range(steps):
            self._next(use)(use)

    def _next(self, use: Use) -> Callable[[Use], None]:
        if not use.quote:
            return self.quote
        if not use.trade:
            return self.order
        if use.grant is None:
            return self.accept
        return self.fetch if use.delivered else self.deliver

    @precondition(lambda self: self.uses)
    @rule(pick=PICK, step=st.sampled_from(["quote", "order", "accept", "deliver", "fetch"]))
    def try_step(self, pick: int, step: str) -> None:
        """Take any step that there is something for, in its turn or not."""
        use = self.one(pick)
        needs = {"quote": True, "order": use.quote, "fetch": use.trade}
        needs |= {"accept": use.trade, "deliver": use.trade}
        if needs[step]:
            getattr(self, step)(use)

    def quote(self, use: Use) -> None:
        desk = self.hall.desk(use.buyer)
        priced = self.attempt(lambda: desk.quote(use.id), allowed=self.runs(use), use=use)
        if priced is None:
            with suppress(ExchangeError):
                desk.negotiate(use.id, until=later(self.hall, hours=1))
                raise AssertionError("nothing is negotiated under a use that does not run")
            return
        if not use.trade:  # an order is made at the newest
            use.quote, use.quoted_until = priced.quote.id, priced.quote.until
        assert priced.terms.limits == use.limits
        assert priced.terms.term_days == use.term
        assert priced.terms.region == self._where(use)

    @staticmethod
    def _where(use: Use) -> str:
        return ", ".join(use.limits.regions) if use.limits and use.limits.regions else "CN"

    def order(self, use: Use) -> None:
        in_time = not use.trade and later(self.hall) <= use.quoted_until
        trade = self.attempt(
            lambda: self.hall.desk(use.buyer).order(use.quote),
            allowed=in_time and self.runs(use),
            use=use if in_time else None,
        )
        if trade:
            use.trade = trade.id

    def accept(self, use: Use) -> None:
        in_time = use.grant is None and later(self.hall) <= use.quoted_until
        trade = self.attempt(
            lambda: self.hall.supplier.accept(use.trade),
            allowed=in_time and self.runs(use),
            use=use if in_time else None,
        )
        if trade:
            use.grant = self.hall.floor.clock() + use.term * DAY
            assert trade.grant_until == format_time(use.grant)
            self._limits_bind(use)

    def _limits_bind(self, use: Use) -> None:
        with self.hall.floor.read() as work:
            trade = work.trades.get(use.trade)
            terms = terms_of(trade.terms, work)
            contract = next(work.chain.store.of_kind(f"trade/{use.trade}", "trade.contracted"))
            policy = policy_of(terms, work.scenarios.get(use.id), work)
        limits = dict(use.limits.facts) if use.limits else {}
        limits.pop("term_days", None)
        named = {name: contract.facts.get(name) for name in ("regions", "recipients")}
        assert {name: value for name, value in named.items() if value is not None} == limits
        said = {
            each.operand: each.values
            for permission in policy.permissions
            for each in permission.constraints
            if isinstance(each, Constraint)
            and each.uid.endswith(("#scenario.term_days", "#scenario.region"))
        }
        assert said[Operand.ELAPSED_TIME] == (use.term * DAY,)
        assert ", ".join(map(str, said[Operand.SPATIAL])) == self._where(use)

    def deliver(self, use: Use) -> None:
        due = self._granted(use)  # again as well, until the buyer has signed for it
        trade = self.attempt(
            lambda: self.hall.supplier.deliver(use.trade, self.folder),
            allowed=due and self.runs(use),
            use=use if due else None,
        )
        use.delivered |= trade is not None

    def _granted(self, use: Use) -> bool:
        return use.grant is not None and self.hall.floor.clock() <= use.grant

    def fetch(self, use: Use) -> None:
        buyer = self.hall.participant(use.buyer).id
        self.attempt(
            lambda: access_delivery(use.trade, by=buyer, floor=self.hall.floor),
            allowed=use.delivered and self._granted(use) and self.runs(use),
            use=use if use.delivered and self._granted(use) else None,
        )

    # Demand.

    @rule(days=st.sampled_from([1, 5, 60]))
    def post(self, days: int) -> None:
        running = sum(map(self.open, self.wanted))
        demand = self.attempt(
            lambda: self.hall.buyer.post_demand(POSTING, days=days), allowed=running < OPEN_MAX
        )
        if demand:
            self.wanted.append(Wanted(demand.id, demand.until))

    @precondition(lambda self: self.wanted)
    @rule(pick=PICK, product=st.booleans())
    def answer(self, pick: int, *, product: bool) -> None:
        demand = self.wanted[pick % len(self.wanted)]
        what: dict[str, Any] = (
            {"product": self.hall.number}
            if product
            else {"ready_by": self.hall.today + (1 + len(demand.answers)) * DAY}
        )
        once = len(demand.answers) < ANSWERS_MAX and not (product and demand.product)
        made = self.attempt(
            lambda: self.hall.supplier.answer_demand(demand.id, "ours", **what),
            allowed=self.open(demand) and once,
        )
        if made:
            demand.answers.append(made.id)
            demand.product = made.id if product else demand.product

    @precondition(lambda self: self.wanted)
    @rule(
        pick=PICK,
        who=st.sampled_from(["buyer", "buyer", "rival", "house"]),
        outcome=st.sampled_from(["met", "withdrawn", "removed"]),
    )
    def close(self, pick: int, who: str, outcome: str) -> None:
        demand = self.wanted[pick % len(self.wanted)]
        answer = demand.answers[pick % len(demand.answers)] if demand.answers else None
        named = answer if outcome == "met" else None
        entitled = who == ("house" if outcome == "removed" else "buyer")
        closed = self.attempt(
            lambda: self.hall.desk(who).close_demand(demand.id, outcome, "so", answer=named),
            allowed=entitled
            and demand.state is DemandState.OPEN
            and (outcome != "met" or named is not None),
        )
        if closed:
            demand.state = DemandState(outcome)
            assert closed.met_by == named

    # What holds all the time.

    @invariant()
    def the_library_counts_what_was_approved(self) -> None:
        with self.hall.floor.read() as work:
            library = library_of(work.products.get(self.hall.number), work)
        approved = [use for use in self.uses if use.last is not None]
        counted = Counter(use.kind for use in approved)
        found = {(each.term_days, each.limits): each.times for each in library.precedents}
        assert found == dict(counted)
        assert dict(library.states) == dict(Counter(use.state for use in self.uses))
        buyers = {self.hall.participant(who).id for who in ("buyer", "rival")}
        assert not any(buyer in str(library.precedents) for buyer in buyers)

    @invariant()
    def the_board_has_the_demands_that_may_be_answered(self) -> None:
        with self.hall.floor.read() as work:
            running = post_demand.running_demands(work, self.hall.floor)
            product = work.products.get(self.hall.number)
            met = post_demand.demands_met(product, work=work, floor=self.hall.floor)
        expected = {demand.id for demand in self.wanted if self.open(demand)}
        assert {each.id for each in running} == expected
        assert {each.id for each, _ in met} == expected

    def page(self, path: str) -> str:
        answer = self.site.get(path)
        assert answer.status_code == 200
        return answer.text

    @rule(lang=st.sampled_from(["zh", "en"]))
    def read_the_pages(self, lang: str) -> None:
        uses = self.page(f"/products/{self.hall.number}/uses?lang={lang}")
        approved = [use for use in self.uses if use.last is not None]
        shown = set(re.findall(r"\bSC(?:-\w{4}){3}\b", uses))
        kinds = {use.kind for use in approved}
        assert {use.kind for use in approved if use.id in shown} == kinds
        assert len(shown) == len(kinds)
        board = self.page(f"/demands?lang={lang}")
        for demand in self.wanted:
            assert (demand.id in board) == self.open(demand)
        fit = self.page(f"/fit?purpose=research&term_days=90&lang={lang}")
        assert self.hall.number in fit

    def teardown(self) -> None:
        try:
            self.read_the_pages("en")
            assert reconcile(floor=self.hall.floor).faults == ()
            bundle = self.folder / "bundle"
            export_bundle(bundle, floor=self.hall.floor)
            assert audit(bundle, key=self.hall.floor.log_key).findings == []
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder)


TestUses = Uses.TestCase
TestUses.settings = settings(
    max_examples=4,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_the_machine_trades_within_limits_and_stops_with_the_use() -> None:
    """A named example: limited, traded, fetched, taken back; a demand answered and met."""
    machine = Uses()
    try:
        machine.rich()
        machine.post(5)
        machine.answer(0, product=True)
        machine.file("buyer", 10, "", "answer", 0, many=True)
        (use,) = machine.uses
        machine.quote(use)  # refused: it waits
        machine.assess(0, "assessor", Decision.LIMITED, LIMITS[2])
        machine.go_on(0, 5)
        machine.close(0, "buyer", "met")
        machine.revoke(0, "assessor")
        machine.fetch(use)
        assert (use.state, use.term, use.delivered) == (ScenarioState.REVOKED, 7, True)
        assert machine.hall.kinds(f"access/{use.trade}") == ["access.granted"]
        assert machine.wanted[0].state is DemandState.MET
    finally:
        machine.teardown()

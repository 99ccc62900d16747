"""Negotiations and auctions, driven at random over the real services and a clock that moves.

Beside them a simple idea of each: whose turn it is, what stands, what is set aside.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from exchange.auctions import AuctionState, Lots, Phase
from exchange.bids import KEPT, BidState
from exchange.clearing import available
from exchange.errors import Conflict, ExchangeError, Forbidden, Refused
from exchange.negotiation import Negotiation, NegotiationState
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.clear_auction import clear_auction, close_bids, verify_auction
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import DEPOSIT, QUOTE, Hall, open_hall
from tests.exchange.services.test_auctions import BOND, Bidders, later
from tests.exchange.services.test_negotiation import found, opened

SIDES = st.sampled_from(["buyer", "supplier"])
AMOUNTS = st.integers(1, 900_000)


class Bargains(RuleBasedStateMachine):
    """One negotiation and one auction at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="bargains-")
        self.opened = open_hall(Path(self.folder.name) / "exchange", "listed")
        self.hall: Hall = self.opened.__enter__()
        self.hall.deposit("rival")
        self.scenarios = {who: self.hall.scenario(who) for who in ("buyer", "rival")}
        self.talk = ""
        self.last: tuple[str, int] = ("", 0)  # who offered how much last
        self.auction = ""
        self.bidders: Bidders | None = None
        self.bids: dict[str, int] = {}
        self.shown: set[str] = set()

    def teardown(self) -> None:
        folder = Path(self.folder.name) / "bundle"
        export_bundle(folder, floor=self.hall.floor)
        assert audit(folder, key=self.hall.floor.log_key).findings == []
        self.opened.__exit__(None, None, None)
        self.folder.cleanup()

    # The negotiation.

    @initialize()
    def begin(self) -> None:
        self.ask()
        self.put_up()

    @rule()
    @precondition(lambda self: self.negotiation.state not in {"opened", "offered"})
    def ask(self) -> None:
        self.talk, self.last = opened(self.hall, until=later(self.hall, hours=3)), ("", 0)

    @property
    def negotiation(self) -> Negotiation:
        return found(self.hall, self.talk).as_of(later(self.hall))

    @rule(side=SIDES, minor=AMOUNTS, stands=st.integers(1, 90))
    def offer(self, side: str, minor: int, stands: int) -> None:
        before = self.negotiation
        until = min(later(self.hall, minutes=stands), before.until)
        fits = before.state in {"opened", "offered"} and until > later(self.hall)
        ended = before.offer is not None and later(self.hall) > before.offer.until
        turn = self.last[0] != side or ended
        try:
            after = self.hall.desk(side).offer_price(self.talk, Money(minor), until=until)
        except (Conflict, Refused, ExchangeError):
            assert not (fits and turn and before.rounds < 20)
            assert self.negotiation == before
        else:
            assert fits
            assert turn
            assert after.rounds == before.rounds + 1
            self.last = (side, minor)

    @rule(side=SIDES)
    def accept(self, side: str) -> None:
        before = self.negotiation
        stands = before.state is NegotiationState.OFFERED and before.offer is not None
        in_time = stands and before.offer is not None and later(self.hall) <= before.offer.until
        try:
            agreed = self.hall.desk(side).accept_offer(self.talk)
        except ExchangeError:
            assert not in_time or self.last[0] == side
            assert self.negotiation == before
        else:
            assert in_time
            assert self.last[0] != side
            assert agreed.quote.amount == Money(self.last[1])

    @rule(side=SIDES)
    def end(self, side: str) -> None:
        if self.negotiation.state in {"opened", "offered"}:
            self.hall.desk(side).end_negotiation(self.talk, "enough")

    # The auction.

    @rule()
    @precondition(lambda self: self.over)
    def put_up(self) -> None:
        lots = Lots(
            product=self.hall.number,
            mechanism="second-price",
            supply=1,
            deposit=BOND,
            bids_until=later(self.hall, hours=1),
            open_until=later(self.hall, hours=2),
            parameters={},
        )
        self.auction = self.hall.supplier.open_auction(lots)[0].id
        self.bidders, self.bids, self.shown = Bidders(self.hall, self.auction), {}, set()

    @property
    def over(self) -> bool:
        with self.hall.floor.read() as work:
            return work.auctions.get(self.auction).state is not AuctionState.OPENED

    @property
    def phase(self) -> Phase | None:
        with self.hall.floor.read() as work:
            return None if self.over else work.auctions.get(self.auction).phase(later(self.hall))

    @rule(who=st.sampled_from(["buyer", "rival"]), minor=AMOUNTS)
    def bid(self, who: str, minor: int) -> None:
        assert self.bidders
        fits = self.phase is Phase.BIDDING and who not in self.bids
        desk = self.hall.desk(who)
        opening = desk.seal_bid(self.auction, Money(minor))
        try:
            placed = desk.place_bid(self.auction, self.scenarios[who], opening)
        except ExchangeError:
            assert not fits
        else:
            assert fits
            self.bids[who] = minor
            self.bidders.sealed[who] = (placed.leaf, opening)

    @rule(who=st.sampled_from(["buyer", "rival"]))
    def show(self, who: str) -> None:
        assert self.bidders
        if who not in self.bids:
            return
        fits = self.phase is Phase.OPENING and who not in self.shown
        try:
            self.bidders.open(who)
        except ExchangeError:
            assert not fits
        else:
            assert fits
            self.shown.add(who)

    @rule()
    def clear(self) -> None:
        assert self.bidders
        if self.phase is not Phase.CLEARING:
            with pytest.raises(ExchangeError):
                self._clear_anew()
            return
        before = {who: self.hall.balance(who) for who in self.bids}
        clear_auction(self.auction, floor=self.hall.floor)
        with self.hall.floor.read() as work:
            assert (
                verify_auction(self.auction, view=work.chain.store, content=work.records.get) == ()
            )
            standing = {who: self.bids[who] for who in self.bids if who in self.shown}
            winner = max(standing, key=lambda who: standing[who], default=None)
            for who, (leaf, _) in self.bidders.sealed.items():
                bid = work.bids.get(leaf)
                lost = 0 if who in self.shown else BOND.minor  # no losing bid pays
                assert self._balance(who, work) == before[who] - lost
                if who not in self.shown:
                    assert bid.state is BidState.FORFEITED
                elif bid.state is BidState.WON:
                    others = [standing[other] for other in standing if other != who]
                    assert work.quotes.get(bid.quote or "").amount.minor == max(others, default=0)
                    assert standing[who] == standing[winner or who]
                else:
                    assert bid.state is BidState.LOST

    def _clear_anew(self) -> None:
        with self.hall.floor.read() as work:
            if work.auctions.get(self.auction).state is AuctionState.CLEARED:
                raise Forbidden("cleared already, which changes nothing")
        clear_auction(self.auction, floor=self.hall.floor)

    def _balance(self, who: str, work: Any) -> int:
        account = available(self.hall.participant(who).id)
        return int(work.accounts.balance(account).minor)

    @rule(then=st.sampled_from(["nothing", "wait", "buyer", "supplier", "contract"]))
    def use_the_win(self, then: str) -> None:
        """Order what was won, and let the buyer, the supplier or the time end it, or conclude."""
        assert self.bidders
        for who, (leaf, _) in self.bidders.sealed.items():
            with self.hall.floor.read() as work:
                bid = work.bids.get(leaf)
                late = bid.quote and later(self.hall) > work.quotes.get(bid.quote).until
            if bid.state not in KEPT:
                continue
            ordered = bid.state is BidState.ORDERED
            before = self.hall.balance("supplier")
            if late:
                close_bids(self.auction, floor=self.hall.floor)
                end = BidState.RETURNED if ordered else BidState.FORFEITED
            elif then != "nothing" and bid.quote and not ordered:
                trade = self.hall.desk(who).order(bid.quote)
                end = self._end_of_order(who, then, trade.id)
            else:
                end = bid.state
            assert self.bidders.state(who) is end
            gained = BOND.minor if end is BidState.FORFEITED else 0
            assert self.hall.balance("supplier") == before + gained

    def _end_of_order(self, who: str, then: str, trade: str) -> BidState:
        if then == "contract":
            self.hall.supplier.accept(trade)
            self.hall.house.cancel(trade, "enough of it")
            return BidState.CONCLUDED
        if then == "wait":
            return BidState.ORDERED
        self.hall.desk(who if then == "buyer" else then).lapse(trade, "enough of it")
        return BidState.FORFEITED if then == "buyer" else BidState.RETURNED

    @rule(minutes=st.sampled_from([1, 30, 61, QUOTE // 60 + 1]))
    def wait(self, minutes: int) -> None:
        self.hall.advance(minutes=minutes)

    # What holds all the time.

    @invariant()
    def money_is_conserved(self) -> None:
        total = sum(self.hall.balance(who) for who in ("buyer", "rival", "supplier"))
        assert total == 2 * DEPOSIT.minor
        assert reconcile(floor=self.hall.floor).faults == ()

    @invariant()
    def what_is_set_aside_is_the_deposits_of_open_bids_and_the_price_of_orders(self) -> None:
        with self.hall.floor.read() as work:
            for who in ("buyer", "rival"):
                account = available(self.hall.participant(who).id)
                aside = work.accounts.balance(account) - work.accounts.spendable(account)
                held = {BidState.PLACED, BidState.OPENED} | KEPT
                mine = [
                    bid
                    for bid in work.bids.all()
                    if bid.bidder == self.hall.participant(who).id and bid.state in held
                ]
                prices = [
                    work.quotes.get(bid.quote or "").amount.minor
                    for bid in mine
                    if bid.state is BidState.ORDERED
                ]
                above = sum(max(price - BOND.minor, 0) for price in prices)
                assert aside.minor == BOND.minor * len(mine) + above


TestBargains = Bargains.TestCase
TestBargains.settings = settings(
    max_examples=6,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

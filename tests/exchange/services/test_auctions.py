"""Auctions: sealed bids, their openings, the clearing, and what becomes of every deposit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from exchange.auctions import Auction, AuctionState, Lots
from exchange.bids import Bid, BidState
from exchange.charging import Charging
from exchange.clearing import available
from exchange.compliance import RulePack
from exchange.compliance.rule import fired
from exchange.desk import Desk
from exchange.errors import (
    BadField,
    Conflict,
    ExchangeError,
    Forbidden,
    IllegalTransition,
    InsufficientFunds,
    NoScenario,
    NotCompliant,
    Refused,
    TermsDiffer,
)
from exchange.openings import Opening
from exchange.ports import Floor
from exchange.services import hold_auction
from exchange.services.adopt_pack import adopt_pack
from exchange.services.clear_auction import (
    Cleared,
    Closed,
    clear_auction,
    close_bids,
    verify_auction,
)
from exchange.services.renew_subscription import Sweep
from exchange.simulation.auditors.journal import Auditor
from exchange.trading import TradeState, TradingMode
from ledger.acts import format_time
from pricing.errors import UnknownPlugin
from pricing.money import Currency, Money
from tests.exchange.by_hand import change
from tests.exchange.floor import DEPOSIT, QUOTE, SHEET, Hall, sheet
from tests.exchange.services.test_negotiation import whole

BOND: Final = Money(10_000)
HOUR: Final = 3_600


def later(hall: Hall, **span: float) -> str:
    return format_time(hall.floor.clock() + dt.timedelta(**span))


def lots(hall: Hall, **changes: Any) -> Lots:
    plain = Lots(
        product=hall.number,
        mechanism="second-price",
        supply=1,
        deposit=BOND,
        bids_until=later(hall, hours=1),
        open_until=later(hall, hours=2),
        parameters={},
    )
    return replace(plain, **changes)


def opened(hall: Hall, **changes: Any) -> str:
    return hall.supplier.open_auction(lots(hall, **changes))[0].id


class Bidders:
    """Bids of the hall's two buyers, with what opens them."""

    def __init__(self, hall: Hall, auction: str) -> None:
        self.hall, self.auction = hall, auction
        self.sealed: dict[str, tuple[str, Opening]] = {}

    def place(self, handle: str, minor: int, **changes: Any) -> Bid:
        desk = self.hall.desk(handle)
        if handle != "buyer" and not self.hall.balance(handle):
            self.hall.deposit(handle)
        opening = desk.seal_bid(self.auction, Money(minor))
        bid = desk.place_bid(self.auction, self.hall.scenario(handle, **changes), opening)
        self.sealed[handle] = (bid.leaf, opening)
        return bid

    def open(self, handle: str) -> Bid:
        return self.hall.desk(handle).open_bid(*self.sealed[handle])

    def state(self, handle: str) -> BidState:
        with self.hall.floor.read() as work:
            return work.bids.get(self.sealed[handle][0]).state


def spendable(hall: Hall, handle: str) -> int:
    with hall.floor.read() as work:
        return work.accounts.spendable(available(hall.participant(handle).id)).minor


def seen(hall: Hall) -> object:
    with hall.floor.read() as work:
        return work.chain.store.edge(), work.accounts.balances(), work.accounts.transfers()


def cleared(hall: Hall, auction: str) -> tuple[Auction, dict[str, Bid]]:
    found, bids = clear_auction(auction, floor=hall.floor)
    names = {hall.participant(handle).id: handle for handle in ("buyer", "rival")}
    return found, {names[bid.bidder]: bid for bid in bids}


def faults(hall: Hall, auction: str) -> tuple[str, ...]:
    with hall.floor.read() as work:
        return verify_auction(auction, view=work.chain.store, content=work.records.get)


def held(hall: Hall, **changes: Any) -> Bidders:
    """Return two bids of 90,000 and 70,000 that were opened, and the openings closed."""
    bidders = Bidders(hall, opened(hall, **changes))
    bidders.place("buyer", 70_000)
    bidders.place("rival", 90_000)
    hall.advance(hours=1, seconds=1)
    for handle in bidders.sealed:
        bidders.open(handle)
    hall.advance(hours=1)
    return bidders


def test_the_highest_bid_wins_at_the_second_and_is_traded(listed: Hall, tmp_path: Path) -> None:
    auction = opened(listed)
    bidders = Bidders(listed, auction)
    bidders.place("buyer", 70_000)
    bidders.place("rival", 90_000)
    assert spendable(listed, "buyer") == (DEPOSIT - BOND).minor
    listed.advance(hours=1, seconds=1)
    bidders.open("rival")
    bidders.open("buyer")
    listed.advance(hours=1)
    found, bids = cleared(listed, auction)
    assert (found.state, bids["buyer"].state, bids["rival"].state) == (
        AuctionState.CLEARED,
        BidState.LOST,
        BidState.WON,
    )
    assert spendable(listed, "buyer") == DEPOSIT.minor
    assert spendable(listed, "rival") == (DEPOSIT - BOND).minor
    with listed.floor.read() as work:
        quote = work.quotes.get(bids["rival"].quote or "")
    assert (quote.amount, quote.buyer) == (Money(70_000), listed.participant("rival").id)
    assert faults(listed, auction) == ()
    trade = listed.rival.order(quote.id)
    assert (bidders.state("rival"), spendable(listed, "rival")) == (
        BidState.ORDERED,
        DEPOSIT.minor - 70_000,
    )
    listed.supplier.accept(trade.id)
    assert (bidders.state("rival"), spendable(listed, "rival")) == (
        BidState.CONCLUDED,
        DEPOSIT.minor - 70_000,
    )
    listed.supplier.deliver(trade.id, tmp_path)
    listed.rival.receive(trade.id, tmp_path / "opened.csv")
    assert listed.house.settle(trade.id)[0].state is TradeState.EXECUTED
    assert listed.balance("rival") == DEPOSIT.minor - 70_000
    assert clear_auction(auction, floor=listed.floor)[0].state is AuctionState.CLEARED
    whole(listed, tmp_path / "bundle")


@pytest.mark.parametrize(
    ("mechanism", "parameters", "supply", "paid"),
    [
        ("first-price", {}, 1, {"rival": 90_000}),
        ("second-price", {}, 2, {"rival": 0, "buyer": 0}),
        ("second-price", {"reserve": Money(80_000).to_record()}, 2, {"rival": 80_000}),
        ("vcg", {}, 1, {"rival": 70_000}),
        (
            "posted-price",
            {"price": Money(60_000).to_record()},
            2,
            {"rival": 60_000, "buyer": 60_000},
        ),
        ("first-price", {"reserve": Money(95_000).to_record()}, 1, {}),
    ],
)
def test_a_mechanism_by_name_decides_who_pays_what(
    listed: Hall, mechanism: str, parameters: Mapping[str, Any], supply: int, paid: dict[str, int]
) -> None:
    bidders = held(listed, mechanism=mechanism, parameters=parameters, supply=supply)
    _, bids = cleared(listed, bidders.auction)
    with listed.floor.read() as work:
        found = {
            handle: work.quotes.get(bid.quote).amount.minor
            for handle, bid in bids.items()
            if bid.quote
        }
        modes = {
            entry.facts["mode"]
            for bid in bids.values()
            if bid.quote
            for entry in work.chain.store.of_kind(f"quote/{bid.quote}", "price.quoted")
        }
    assert found == paid
    assert modes <= {str(TradingMode.AUCTION)}
    assert faults(listed, bidders.auction) == ()
    assert all(bid.state is BidState.LOST for handle, bid in bids.items() if handle not in paid)


def test_lots_are_drawn_from_a_seed_that_was_committed_to_before(listed: Hall) -> None:
    wanted = lots(listed, mechanism="rsop", supply=100)
    with pytest.raises(BadField, match=r"act.facts.seed: rsop draws lots: commit to a seed"):
        listed.supplier.open_auction(wanted)
    auction, (opening,) = listed.supplier.open_auction(wanted, seed=7)
    bidders = Bidders(listed, auction.id)
    bidders.place("buyer", 70_000)
    bidders.place("rival", 90_000)
    with pytest.raises(Refused, match="bids are opened after"):
        listed.supplier.open_hidden(auction.id, opening)
    listed.advance(hours=1, seconds=1)
    for handle in bidders.sealed:
        bidders.open(handle)
    with pytest.raises(Refused, match="commitment: seed and salt are not the seed"):
        listed.supplier.open_hidden(auction.id, replace(opening, value=8))
    listed.supplier.open_hidden(auction.id, opening)
    listed.advance(hours=1)
    cleared(listed, auction.id)
    assert faults(listed, auction.id) == ()


def test_without_its_seed_an_auction_is_cancelled(listed: Hall, tmp_path: Path) -> None:
    auction, _ = listed.supplier.open_auction(lots(listed, mechanism="rsop", supply=100), seed=7)
    bidders = Bidders(listed, auction.id)
    bidders.place("buyer", 70_000)
    listed.advance(hours=2, seconds=1)
    with pytest.raises(Refused, match="the seed was not opened: the operator cancels"):
        clear_auction(auction.id, floor=listed.floor)
    with pytest.raises(Refused, match="the bids are closed, the operator alone cancels"):
        listed.supplier.cancel_auction(auction.id, "no seed")
    listed.house.cancel_auction(auction.id, "no seed")
    assert (bidders.state("buyer"), spendable(listed, "buyer")) == (
        BidState.RETURNED,
        DEPOSIT.minor,
    )
    whole(listed, tmp_path / "bundle")


@pytest.mark.parametrize("shown", [True, False])
def test_a_hidden_reserve_counts_once_it_is_opened(listed: Hall, shown: bool) -> None:  # noqa: FBT001
    auction, (opening,) = listed.supplier.open_auction(lots(listed), reserve=Money(95_000))
    bidders = Bidders(listed, auction.id)
    bidders.place("rival", 90_000)
    listed.advance(hours=1, seconds=1)
    bidders.open("rival")
    if shown:
        listed.supplier.open_hidden(auction.id, opening)
    listed.advance(hours=1)
    _, bids = cleared(listed, auction.id)
    assert bids["rival"].state is (BidState.LOST if shown else BidState.WON)
    assert faults(listed, auction.id) == ()


# Deposits.


def test_a_bid_that_is_not_opened_forfeits_its_deposit(listed: Hall, tmp_path: Path) -> None:
    auction = opened(listed)
    bidders = Bidders(listed, auction)
    bidders.place("buyer", 95_000)
    bidders.place("rival", 90_000)
    listed.advance(hours=1, seconds=1)
    bidders.open("rival")
    listed.advance(hours=1)
    _, bids = cleared(listed, auction)
    assert (bids["buyer"].state, bids["rival"].state) == (BidState.FORFEITED, BidState.WON)
    assert listed.balance("buyer") == (DEPOSIT - BOND).minor
    assert listed.balance("supplier") == BOND.minor
    whole(listed, tmp_path / "bundle")


def test_who_withdraws_the_scenario_of_an_opened_bid_forfeits_as_well(listed: Hall) -> None:
    bidders = held(listed)
    with listed.floor.read() as work:
        scenario = work.bids.get(bidders.sealed["rival"][0]).scenario
    listed.rival.withdraw_scenario(scenario, "too dear after all")
    _, bids = cleared(listed, bidders.auction)
    assert (bids["buyer"].state, bids["rival"].state) == (BidState.WON, BidState.FORFEITED)
    assert listed.balance("supplier") == BOND.minor


def test_a_suspended_bidder_is_left_out_and_gets_its_deposit(listed: Hall) -> None:
    bidders = held(listed)
    listed.house.suspend(listed.participant("rival"), "under review")
    _, bids = cleared(listed, bidders.auction)
    assert (bids["buyer"].state, bids["rival"].state) == (BidState.WON, BidState.RETURNED)
    assert spendable(listed, "rival") == DEPOSIT.minor


def test_a_winner_that_does_not_order_in_time_forfeits(listed: Hall, tmp_path: Path) -> None:
    bidders = held(listed)
    cleared(listed, bidders.auction)
    listed.advance(seconds=QUOTE)
    assert close_bids(bidders.auction, floor=listed.floor) == []
    listed.advance(seconds=1)
    (bid,) = close_bids(bidders.auction, floor=listed.floor)
    assert bid.state is BidState.FORFEITED
    assert close_bids(bidders.auction, floor=listed.floor) == []
    assert listed.balance("supplier") == BOND.minor
    with pytest.raises(Refused, match="ended at"):
        listed.rival.order(bid.quote or "")
    whole(listed, tmp_path / "bundle")


def test_a_winner_whose_product_left_the_board_keeps_its_deposit(
    listed: Hall, tmp_path: Path
) -> None:
    bidders = held(listed)
    cleared(listed, bidders.auction)
    listed.house.suspend_listing(listed.number, "under review")
    listed.advance(seconds=QUOTE + 1)
    (bid,) = close_bids(bidders.auction, floor=listed.floor)
    assert bid.state is BidState.RETURNED
    assert spendable(listed, "rival") == DEPOSIT.minor
    whole(listed, tmp_path / "bundle")


def won(hall: Hall, **changes: Any) -> tuple[Bidders, str]:
    """Return the bids of an auction that the rival has won at 70,000, and its quote."""
    bidders = held(hall, **changes)
    quote = cleared(hall, bidders.auction)[1]["rival"].quote
    assert quote
    return bidders, quote


@pytest.mark.parametrize("ordering", [True, False])
def test_a_winner_that_disputes_the_product_forfeits(
    listed: Hall,
    ordering: bool,  # noqa: FBT001 - drawn
    tmp_path: Path,
) -> None:
    bidders, quote = won(listed)
    if ordering:
        listed.rival.order(quote)
    listed.rival.dispute(listed.number, "ours, it is hoped")
    listed.advance(seconds=QUOTE + 1)
    (bid,) = close_bids(bidders.auction, floor=listed.floor)
    assert (bid.state, listed.balance("supplier")) == (BidState.FORFEITED, BOND.minor)
    whole(listed, tmp_path / "bundle")


def test_a_winner_that_disputes_and_lets_its_order_lapse_forfeits_at_once(listed: Hall) -> None:
    bidders, quote = won(listed)
    trade = listed.rival.order(quote)
    listed.rival.dispute(listed.number, "ours, it is hoped")
    listed.rival.lapse(trade.id, "changed its mind")
    assert (bidders.state("rival"), listed.balance("supplier")) == (
        BidState.FORFEITED,
        BOND.minor,
    )


def test_a_winner_whose_use_another_rule_pack_refuses_keeps_its_deposit(listed: Hall) -> None:
    bidders, quote = won(listed)
    pack = listed.floor.pack
    rule = next(each for each in pack.rules if each.id == "T-02")
    refusing = replace(rule, id="T-99", check=lambda _: fired("no more of it", "x"))
    other = RulePack(
        name=pack.name,
        jurisdiction=pack.jurisdiction,
        version="99",
        rules=(*pack.rules, refusing),
    )
    floor = replace(listed.floor, pack=other)
    assert adopt_pack(floor=floor)
    with pytest.raises(NoScenario, match="T-99"):
        Desk(listed.participant("rival"), listed.keys["rival"], floor).order(quote)
    listed.advance(seconds=QUOTE + 1)
    (bid,) = close_bids(bidders.auction, floor=floor)
    assert (bid.state, spendable(listed, "rival")) == (BidState.RETURNED, DEPOSIT.minor)


def test_an_order_at_the_last_second_of_a_scenario_forfeits(listed: Hall, tmp_path: Path) -> None:
    ends = {"bids_until": later(listed, hours=36), "open_until": later(listed, hours=37)}
    bidders = Bidders(listed, opened(listed, **ends))
    with pytest.raises(Refused, match="less than a day after the bids are opened"):
        bidders.place("rival", 90_000, term_days=1)
    bidders.place("rival", 90_000, term_days=3)
    listed.advance(hours=36, seconds=1)
    bidders.open("rival")
    listed.advance(hours=1)
    quote = cleared(listed, bidders.auction)[1]["rival"].quote or ""
    listed.advance(seconds=QUOTE)
    trade = listed.rival.order(quote)
    listed.advance(seconds=1)
    with pytest.raises(Refused, match="ended with its quote"):
        listed.supplier.accept(trade.id)
    (bid,) = close_bids(bidders.auction, floor=listed.floor)
    assert (bid.state, listed.balance("supplier")) == (BidState.FORFEITED, BOND.minor)
    whole(listed, tmp_path / "bundle")


@pytest.mark.parametrize("first", ["lapse", "job"])
def test_a_lapse_after_the_quote_comes_to_the_same_before_and_after_the_job(
    listed: Hall, first: str
) -> None:
    bidders, quote = won(listed)
    trade = listed.rival.order(quote)
    listed.advance(seconds=QUOTE + 1)
    if first == "job":
        close_bids(bidders.auction, floor=listed.floor)
    listed.rival.lapse(trade.id, "over")
    assert (bidders.state("rival"), listed.balance("supplier")) == (BidState.RETURNED, 0)


def transferred(hall: Hall) -> None:
    """Let the product pass to the contributor by a decision, who lists it again."""
    hall.buyer.dispute(hall.number, "not theirs")
    taker = hall.participant("contributor")
    hall.house.decide_dispute(
        hall.number, "transferred", "so ordered", to=taker, order=b"the court orders it\n"
    )
    hall.contributor.submit_sheet(hall.number, sheet())
    hall.attest()
    hall.review()
    hall.contributor.list(hall.number)


def test_an_auction_of_a_product_that_passed_to_another_is_called_off(
    listed: Hall, tmp_path: Path
) -> None:
    bidders = held(listed)
    transferred(listed)
    with pytest.raises(Refused, match="is another's: the operator cancels"):
        clear_auction(bidders.auction, floor=listed.floor)
    listed.house.cancel_auction(bidders.auction, "the product has passed on")
    assert spendable(listed, "rival") == DEPOSIT.minor
    whole(listed, tmp_path / "bundle")


@pytest.mark.parametrize("lapsing", [True, False])
def test_a_deposit_is_not_stuck_where_the_product_passes_on_after_the_clearing(
    listed: Hall,
    lapsing: bool,  # noqa: FBT001 - drawn
    tmp_path: Path,
) -> None:
    bidders, quote = won(listed)
    trade = listed.rival.order(quote)
    transferred(listed)
    if lapsing:
        listed.rival.lapse(trade.id, "not of this supplier")
    else:
        listed.advance(seconds=QUOTE + 1)
        close_bids(bidders.auction, floor=listed.floor)
    state = BidState.FORFEITED if lapsing else BidState.RETURNED
    assert (bidders.state("rival"), listed.balance("contributor")) == (state, 0)
    assert listed.balance("supplier") == (BOND.minor if lapsing else 0)
    whole(listed, tmp_path / "bundle")


def test_a_bidder_suspended_at_the_openings_and_readmitted_gets_its_deposit(
    listed: Hall, tmp_path: Path
) -> None:
    bidders = Bidders(listed, opened(listed))
    bidders.place("rival", 90_000)
    rival = listed.participant("rival")
    listed.house.suspend(rival, "under review")
    listed.advance(hours=2, seconds=1)
    listed.house.admit(listed.participant("rival"), [*rival.roles])
    assert cleared(listed, bidders.auction)[1]["rival"].state is BidState.RETURNED
    assert spendable(listed, "rival") == DEPOSIT.minor
    whole(listed, tmp_path / "bundle")


def spend(hall: Hall, left: Money) -> None:
    """Let the rival withdraw what it has, but for so much beside its deposit."""
    spent = Money(spendable(hall, "rival")) - left
    hall.house.withdraw(hall.participant("rival"), spent, "spent")


def test_a_winner_whose_money_and_deposit_come_to_the_price_concludes(
    listed: Hall, tmp_path: Path
) -> None:
    bidders, quote = won(listed)
    spend(listed, Money(60_000))  # the price less the deposit
    trade = listed.rival.order(quote)
    assert spendable(listed, "rival") == 0
    with pytest.raises(InsufficientFunds):
        listed.house.withdraw(listed.participant("rival"), Money(1), "not bound, it is hoped")
    listed.supplier.accept(trade.id)
    assert bidders.state("rival") is BidState.CONCLUDED
    assert (listed.balance("rival"), spendable(listed, "rival")) == (0, 0)
    assert listed.house.cancel(trade.id, "no delivery").state is TradeState.CANCELLED
    assert listed.balance("rival") == 70_000
    whole(listed, tmp_path / "bundle")


def test_an_order_that_a_winner_cannot_pay_is_none_and_its_deposit_is_forfeited(
    listed: Hall, tmp_path: Path
) -> None:
    bidders, quote = won(listed)
    spend(listed, Money(59_999))
    before = seen(listed)
    with pytest.raises(InsufficientFunds, match=r"holds 599\.99 CNY and 600\.00 CNY is due"):
        listed.rival.order(quote)
    assert (seen(listed), bidders.state("rival")) == (before, BidState.WON)
    listed.advance(seconds=QUOTE + 1)
    (bid,) = close_bids(bidders.auction, floor=listed.floor)
    assert bid.state is BidState.FORFEITED
    whole(listed, tmp_path / "bundle")


@pytest.mark.parametrize(
    ("who", "state", "gained"),
    [
        ("rival", BidState.FORFEITED, BOND.minor),
        ("supplier", BidState.RETURNED, 0),
        ("house", BidState.RETURNED, 0),
    ],
)
def test_an_order_that_lapses_costs_the_deposit_where_its_buyer_ends_it(
    listed: Hall, who: str, state: BidState, gained: int, tmp_path: Path
) -> None:
    bidders, quote = won(listed)
    trade = listed.rival.order(quote)
    desk = listed.house if who == "house" else listed.desk(who)
    assert desk.lapse(trade.id, "no more of it").state is TradeState.LAPSED
    assert bidders.state("rival") is state
    assert listed.balance("supplier") == gained
    assert spendable(listed, "rival") == listed.balance("rival") == DEPOSIT.minor - gained
    with pytest.raises(IllegalTransition):
        listed.supplier.accept(trade.id)
    listed.advance(seconds=QUOTE + 1)
    assert close_bids(bidders.auction, floor=listed.floor) == []
    whole(listed, tmp_path / "bundle")


def test_an_order_that_the_supplier_does_not_conclude_costs_the_winner_nothing(
    listed: Hall, tmp_path: Path
) -> None:
    bidders, quote = won(listed)
    listed.rival.order(quote)
    charging = Charging(lambda: listed.floor, seconds=60)
    listed.advance(seconds=QUOTE)
    assert charging.close() == Closed()
    listed.advance(seconds=1)
    charging.round()
    assert bidders.state("rival") is BidState.RETURNED
    assert spendable(listed, "rival") == DEPOSIT.minor
    whole(listed, tmp_path / "bundle")


@pytest.mark.parametrize(
    ("end", "state"),
    [("withdraw_scenario", BidState.FORFEITED), ("revoke_scenario", BidState.RETURNED)],
)
def test_a_scenario_that_ends_under_an_order_costs_the_deposit_where_its_buyer_ends_it(
    listed: Hall, end: str, state: BidState, tmp_path: Path
) -> None:
    bidders, quote = won(listed)
    trade = listed.rival.order(quote)
    with listed.floor.read() as work:
        scenario = work.trades.get(trade.id).scenario
    desk = listed.house if end == "revoke_scenario" else listed.rival
    getattr(desk, end)(scenario, "no more of it")
    with pytest.raises(NoScenario):
        listed.supplier.accept(trade.id)
    listed.advance(seconds=QUOTE + 1)
    (bid,) = close_bids(bidders.auction, floor=listed.floor)
    assert (bid.state, bidders.state("rival")) == (state, state)
    assert listed.balance("rival") == DEPOSIT.minor - listed.balance("supplier")
    whole(listed, tmp_path / "bundle")


def test_a_winner_whose_scenario_is_revoked_before_it_ordered_keeps_its_deposit(
    listed: Hall,
) -> None:
    bidders, quote = won(listed)
    with listed.floor.read() as work:
        scenario = work.quotes.get(quote).scenario
    listed.house.revoke_scenario(scenario, "approved in error")
    listed.advance(seconds=QUOTE + 1)
    (bid,) = close_bids(bidders.auction, floor=listed.floor)
    assert (bid.state, spendable(listed, "rival")) == (BidState.RETURNED, DEPOSIT.minor)


def test_a_price_below_the_deposit_sets_nothing_more_aside(listed: Hall, tmp_path: Path) -> None:
    bidders = Bidders(listed, opened(listed))
    bidders.place("rival", 90_000)  # alone, so it pays nothing
    listed.advance(hours=1, seconds=1)
    bidders.open("rival")
    listed.advance(hours=1)
    quote = cleared(listed, bidders.auction)[1]["rival"].quote
    trade = listed.rival.order(quote or "")
    assert spendable(listed, "rival") == (DEPOSIT - BOND).minor
    listed.supplier.lapse(trade.id, "for nothing")
    assert spendable(listed, "rival") == DEPOSIT.minor
    whole(listed, tmp_path / "bundle")


def test_a_winner_whose_verification_has_ended_forfeits_and_the_others_are_quoted(
    listed: Hall, tmp_path: Path
) -> None:
    rival = listed.participant("rival")
    listed.house.verify(rival, [b"licence"], signatory="李四", until=listed.today)
    changes = {"bids_until": later(listed, hours=30), "open_until": later(listed, hours=31)}
    bidders = Bidders(listed, opened(listed, mechanism="first-price", supply=2, **changes))
    bidders.place("buyer", 70_000)
    bidders.place("rival", 90_000)
    listed.advance(hours=30, seconds=1)
    for handle in bidders.sealed:
        bidders.open(handle)
    listed.advance(hours=1)
    found, bids = cleared(listed, bidders.auction)
    assert (bids["buyer"].state, bids["rival"].state) == (BidState.WON, BidState.FORFEITED)
    assert listed.balance("supplier") == BOND.minor
    with listed.floor.read() as work:
        (entry,) = work.chain.store.of_kind(f"auction/{found.id}", "bid.forfeited")
    assert entry.facts["reason"].startswith("the verification of its buyer ended on")
    assert found.head == entry.leaf.hex()
    whole(listed, tmp_path / "bundle")


def test_a_suspended_bidder_that_could_not_open_its_bid_gets_its_deposit(listed: Hall) -> None:
    bidders = Bidders(listed, opened(listed))
    bidders.place("rival", 90_000)
    listed.house.suspend(listed.participant("rival"), "under review")
    listed.advance(hours=1, seconds=1)
    with pytest.raises(Forbidden, match="rival is suspended"):
        bidders.open("rival")
    listed.advance(hours=1)
    assert cleared(listed, bidders.auction)[1]["rival"].state is BidState.RETURNED
    assert spendable(listed, "rival") == DEPOSIT.minor


def test_a_deposit_that_is_not_there_is_no_bid(listed: Hall) -> None:
    auction = opened(listed)
    desk, scenario = listed.rival, listed.scenario("rival")
    before = seen(listed)
    with pytest.raises(InsufficientFunds):
        desk.place_bid(auction, scenario, desk.seal_bid(auction, Money(5)))
    assert seen(listed) == before


# Time and refusals.


def test_bids_are_sealed_to_the_last_second_and_opened_from_the_next(listed: Hall) -> None:
    auction = opened(listed)
    bidders = Bidders(listed, auction)
    listed.deposit("rival")
    scenario = listed.scenario("rival")
    listed.advance(hours=1)
    bidders.place("buyer", 70_000)
    with pytest.raises(Refused, match="bids are opened after"):
        bidders.open("buyer")
    listed.advance(seconds=1)
    with pytest.raises(Refused, match="bids were taken until"):
        listed.rival.place_bid(auction, scenario, listed.rival.seal_bid(auction, Money(5)))
    with pytest.raises(Refused, match="bids are opened until"):
        clear_auction(auction, floor=listed.floor)
    listed.advance(seconds=HOUR - 1)
    bidders.open("buyer")
    listed.advance(seconds=1)
    with pytest.raises(IllegalTransition, match="is opened already"):
        bidders.open("buyer")
    assert cleared(listed, auction)[1]["buyer"].state is BidState.WON


def test_another_amount_or_salt_or_bidder_opens_nothing(listed: Hall) -> None:
    auction = opened(listed)
    bidders = Bidders(listed, auction)
    bidders.place("buyer", 70_000)
    listed.deposit("rival")
    leaf, opening = bidders.sealed["buyer"]
    # The rival copies the commitment, and can open it with nothing.
    copied = listed.rival.place_bid(auction, listed.scenario("rival"), opening)
    listed.advance(hours=1, seconds=1)
    other = replace(opening, value={**opening.value, "amount": Money(1).to_record()})
    for wrong in (other, replace(opening, salt=bytes(32))):
        with pytest.raises(TermsDiffer, match=r"act.facts.amount: amount and salt are not what"):
            listed.buyer.open_bid(leaf, wrong)
    with pytest.raises(TermsDiffer):
        listed.rival.open_bid(copied.leaf, opening)
    with pytest.raises(Forbidden, match="the bid is not one of rival"):
        listed.rival.open_bid(leaf, opening)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"deposit": Money(0)}, BadField, "act.facts.deposit: above zero, in CNY"),
        ({"supply": 0}, BadField, "act.facts.supply: at least 1"),
        ({"supply": 2, "exclusive": True}, BadField, "act.facts.supply: at least 1, and 1 of an"),
        ({"bids_until": "2026-01-01T00:00:00Z"}, BadField, "act.facts.bids_until: a time to come"),
        ({"open_until": "2026-01-01T00:00:00Z"}, BadField, "act.facts.bids_until: a time to come"),
        ({"mechanism": "by-mood"}, BadField, "rules: by-mood cannot clear this auction: no 'by-m"),
        ({"mechanism": "rsop"}, BadField, r"act.facts.seed: rsop draws lots"),
        ({"mechanism": "data-market"}, BadField, r"act.facts.seed: data-market draws lots"),
        ({"parameters": {"floor": "1"}}, BadField, "rules: .*floor is not a field of it"),
        (
            {"parameters": {"reserve": Money(1, Currency.JPY).to_record()}},
            BadField,
            "rules: .*reserve: in JPY, the auction in CNY",
        ),
    ],
)
def test_an_auction_that_breaks_a_rule_changes_nothing(
    listed: Hall, changes: Mapping[str, Any], error: type[ExchangeError], words: str
) -> None:
    before = seen(listed)
    with pytest.raises(error, match=words):
        opened(listed, **changes)
    assert seen(listed) == before


def test_a_mechanism_without_a_reserve_takes_no_hidden_one(listed: Hall) -> None:
    with pytest.raises(BadField, match=r"act.facts.reserve: vcg has no hidden reserve"):
        listed.supplier.open_auction(lots(listed, mechanism="vcg"), reserve=Money(5))


def test_the_rules_given_are_those_that_were_signed(listed: Hall) -> None:
    wanted = lots(listed)
    signed = listed.act("supplier", "auction.opened", None, wanted.facts())
    with pytest.raises(TermsDiffer, match=r"act.facts.rules: not the digest of the rules given"):
        hold_auction.open_auction(signed, b"{}", floor=listed.floor)
    wrong = listed.act("supplier", "auction.opened", None, wanted.facts() | {"mechanism": "vcg"})
    with pytest.raises(TermsDiffer, match=r"act.facts.mechanism: not that of the rules given"):
        hold_auction.open_auction(wrong, wanted.rules, floor=listed.floor)
    foreign = listed.act("contributor", "auction.opened", None, wanted.facts())
    with pytest.raises(Forbidden, match="is not a product of contributor"):
        hold_auction.open_auction(foreign, wanted.rules, floor=listed.floor)


def test_a_bidder_bids_once_for_a_scenario_that_lasts(listed: Hall) -> None:
    auction = opened(listed, open_until=later(listed, days=4))
    bidders = Bidders(listed, auction)
    with pytest.raises(Refused, match=r"ends on .*, less than a day after the bids"):
        bidders.place("buyer", 5, term_days=2)
    bidders.place("buyer", 5)
    with pytest.raises(Conflict, match="buyer has placed its bid"):
        bidders.place("buyer", 6)


def test_a_supplier_calls_off_while_bids_are_taken(listed: Hall) -> None:
    auction = opened(listed)
    bidders = Bidders(listed, auction)
    bidders.place("buyer", 70_000)
    with pytest.raises(Forbidden, match="is not an auction of contributor"):
        listed.contributor.cancel_auction(auction, "because")
    listed.supplier.cancel_auction(auction, "the data has changed")
    assert spendable(listed, "buyer") == DEPOSIT.minor
    acts: list[Callable[[], object]] = [
        lambda: bidders.place("rival", 5),
        lambda: bidders.open("buyer"),
        lambda: clear_auction(auction, floor=listed.floor),
    ]
    for act in acts:
        with pytest.raises(IllegalTransition, match="is cancelled"):
            act()


def test_nothing_is_auctioned_off_the_board(listed: Hall) -> None:
    bidders = held(listed)
    listed.house.suspend_listing(listed.number, "under review")
    with pytest.raises(NotCompliant, match="is suspended"):
        cleared(listed, bidders.auction)
    with pytest.raises(NotCompliant, match="is suspended"):
        opened(listed)
    listed.house.cancel_auction(bidders.auction, "off the board")
    assert spendable(listed, "rival") == DEPOSIT.minor


def test_whoever_serves_the_exchange_clears_what_is_due(listed: Hall) -> None:
    bidders = held(listed)
    charging = Charging(lambda: listed.floor, seconds=60)
    charging.round()
    assert bidders.state("rival") is BidState.WON
    assert charging.clear() == Cleared()


def test_whoever_serves_the_exchange_closes_the_bids_of_winners_that_did_not_order(
    listed: Hall,
) -> None:
    bidders = held(listed)
    charging = Charging(lambda: listed.floor, seconds=60)
    charging.round()
    listed.advance(seconds=QUOTE)
    assert charging.close() == Closed()
    listed.advance(seconds=1)
    charging.round()
    assert bidders.state("rival") is BidState.FORFEITED
    assert listed.balance("supplier") == BOND.minor
    assert charging.close() == Closed()


def test_one_job_that_cannot_be_done_leaves_the_others_done(
    listed: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bidders = held(listed)

    def fall_over(*, floor: Floor) -> Sweep:
        raise UnknownPlugin(f"no plug-in on {floor.house.origin}")

    monkeypatch.setattr("exchange.charging.renew_due", fall_over)
    Charging(lambda: listed.floor, seconds=60).round()
    assert bidders.state("rival") is BidState.WON
    assert "the subscriptions could not be looked for: UnknownPlugin: no plug-in" in caplog.text


def test_a_winner_whose_use_is_not_permitted_any_more_leaves_the_others_theirs(
    listed: Hall,
) -> None:
    bidders = Bidders(listed, opened(listed, mechanism="first-price", supply=2))
    bidders.place("buyer", 70_000)
    bidders.place("rival", 90_000, purpose="shipping")
    listed.advance(hours=1, seconds=1)
    for handle in bidders.sealed:
        bidders.open(handle)
    narrower = SHEET["conditions"] | {"purposes": ["research"]}
    listed.supplier.submit_sheet(listed.number, sheet(conditions=narrower))
    listed.attest()
    listed.review()
    listed.supplier.list(listed.number)
    listed.advance(hours=1)
    found, bids = cleared(listed, bidders.auction)
    assert (found.state, bids["buyer"].state, bids["rival"].state) == (
        AuctionState.CLEARED,
        BidState.WON,
        BidState.RETURNED,
    )
    assert spendable(listed, "rival") == DEPOSIT.minor
    with listed.floor.read() as work:
        (entry,) = work.chain.store.of_kind(f"auction/{found.id}", "bid.returned")
    assert "is refused: T-02" in entry.facts["reason"]
    assert found.head == entry.leaf.hex()
    assert listed.buyer.order(bids["buyer"].quote or "").amount == Money(70_000)
    assert cleared(listed, bidders.auction)[0] == found
    assert faults(listed, bidders.auction) == ()


def test_every_step_taken_twice_changes_nothing(listed: Hall) -> None:
    wanted = lots(listed)
    act = listed.act("supplier", "auction.opened", None, wanted.facts())
    first = hold_auction.open_auction(act, wanted.rules, floor=listed.floor)
    assert hold_auction.open_auction(act, wanted.rules, floor=listed.floor) == first
    opening = listed.buyer.seal_bid(first.id, Money(70_000))
    facts = {
        "product": listed.number,
        "scenario": listed.scenario(),
        "sealed": opening.commitment,
        "deposit": BOND.to_record(),
    }
    size = listed.size
    bid = listed.act("buyer", "bid.placed", f"auction/{first.id}", facts)
    placed = hold_auction.place_bid(bid, floor=listed.floor)
    assert hold_auction.place_bid(bid, floor=listed.floor) == placed
    assert listed.size == size + 1
    assert spendable(listed, "buyer") == (DEPOSIT - BOND).minor


def test_equal_bids_go_to_the_earlier(listed: Hall) -> None:
    bidders = Bidders(listed, opened(listed))
    bidders.place("rival", 70_000)
    bidders.place("buyer", 70_000)
    listed.advance(hours=1, seconds=1)
    bidders.open("buyer")  # whoever opens first has no advantage
    bidders.open("rival")
    listed.advance(hours=1)
    assert cleared(listed, bidders.auction)[1]["rival"].state is BidState.WON


def test_an_exclusive_licence_is_won_alone(listed: Hall, tmp_path: Path) -> None:
    bidders = held(listed, exclusive=True)
    _, bids = cleared(listed, bidders.auction)
    trade = listed.rival.order(bids["rival"].quote or "")
    listed.supplier.accept(trade.id)
    with pytest.raises(Refused, match="is another's alone"):
        listed.buyer.quote(listed.scenario())
    assert "use.reserved" in listed.kinds(f"product/{listed.number}")
    whole(listed, tmp_path / "bundle")


def test_an_auction_without_bids_comes_to_nothing(listed: Hall) -> None:
    auction = opened(listed)
    listed.advance(hours=2, seconds=1)
    found, bids = cleared(listed, auction)
    assert (found.state, bids, faults(listed, auction)) == (AuctionState.CLEARED, {}, ())


def test_the_auditor_names_an_order_whose_price_is_not_set_aside(listed: Hall) -> None:
    _, quote = won(listed)
    listed.rival.order(quote)
    assert Auditor(listed.database).faults() == []
    change(listed, "DELETE FROM transfer WHERE id LIKE 'order/%'")
    faults = Auditor(listed.database).faults()
    assert any("are not those of the bids that wait" in each for each in faults)

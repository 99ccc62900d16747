"""What an auditor holds an auction to, whatever its mechanism, from the entries alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from ledger.auctions import BIDS_MAX, bid_value
from ledger.balances import Balances
from ledger.commitments import commitment
from ledger.deposits import deposit_due
from ledger.errors import BadAct
from tests.ledger.floor import FEE, PRICE, SALT, Floor, digest, line

BOND = 8_000  # as in FEE
HOUR = dt.timedelta(hours=1)


def yuan(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"supply": 0}, "auction: an auction is of one licence or more, of one if exclusive"),
        ({"supply": 2, "exclusive": True}, "auction: an auction is of one licence or more"),
        ({"deposit": yuan(0)}, "money: a deposit is above zero, in CNY"),
        ({"deposit": FEE | {"currency": "JPY"}}, "money: a deposit is above zero, in CNY"),
        ({"bids_until": "2026-01-01T00:00:00Z"}, "expiry: bids are taken until a time to come"),
        ({"open_until": "2026-01-01T00:00:00Z"}, "expiry: bids are taken until a time to come"),
    ],
)
def test_an_auction_out_of_order_is_refused(changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready("auction.opened")
    with pytest.raises(BadAct, match=words):
        floor.do("auction.opened", **changes)
    with pytest.raises(BadAct, match="party: "):
        floor.do("auction.opened", "rival")


def test_a_bid_comes_in_time_once_and_for_a_scenario_that_lasts() -> None:
    floor = Floor().ready("bid.placed")
    floor.do("auction.opened", open_until=floor.later(days=90))
    with pytest.raises(BadAct, match=r"expiry: the scenario ends at .*, too early"):
        floor.do("bid.placed")
    floor.do("auction.opened")
    floor.do("bid.placed")
    with pytest.raises(BadAct, match=r"once: .* has placed its bid"):
        floor.do("bid.placed")
    floor.do("auction.opened")
    floor.now += HOUR
    with pytest.raises(BadAct, match="expiry: bids were taken until"):
        floor.do("bid.placed")


def test_the_hundred_and_first_bid_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert BIDS_MAX == 100
    monkeypatch.setattr("ledger.auctions.BIDS_MAX", 0)
    floor = Floor().ready("bid.placed")
    with pytest.raises(BadAct, match="auction: 0 bids were taken"):
        floor.do("bid.placed")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": yuan(99_999)}, "commitment: amount and salt are not what the bid committed to"),
        ({"salt": SALT.replace("A", "B", 1)}, "commitment: amount and salt are not what"),
        ({"amount": PRICE | {"currency": "JPY"}}, "money: a bid is above zero, in CNY"),
    ],
)
def test_a_bid_is_opened_with_what_it_committed_to(changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready("bid.opened")
    with pytest.raises(BadAct, match=words):
        floor.do("bid.opened", **changes)
    with pytest.raises(BadAct, match=r"bid.opened needs bid.placed"):
        floor.do("bid.opened", "other-buyer")


def test_a_commitment_of_another_bidder_or_auction_opens_nothing() -> None:
    floor = Floor().ready("bid.placed")
    for value in (
        bid_value(floor.number("auction"), floor.ids["other-buyer"], PRICE),
        bid_value("AU-0000-0000-0000", floor.ids["buyer"], PRICE),
    ):
        floor.do("auction.opened")
        floor.do("bid.placed", sealed=commitment("bid", value, bytes(32)))
        floor.wait_for("bid.opened")
        with pytest.raises(BadAct, match="commitment: "):
            floor.do("bid.opened")


def test_bids_are_opened_between_the_bids_and_the_clearing() -> None:
    floor = Floor().ready("bid.opened")
    opened = next(floor.log.of_kind(floor.subjects["auction"], "auction.opened"))
    for moment, word in ((opened.facts["bids_until"], 0), (opened.facts["open_until"], 1)):
        floor.now = dt.datetime.fromisoformat(moment) + dt.timedelta(seconds=word)
        for kind in ("bid.opened", "auction.reserve_opened", "auction.seed_opened"):
            with pytest.raises(BadAct, match="expiry: it is opened after"):
                floor.do(kind)
    floor.now -= dt.timedelta(seconds=1)
    floor.do("bid.opened")
    floor.now -= dt.timedelta(minutes=1)
    with pytest.raises(BadAct, match="once: the bid was opened before"):
        floor.do("bid.opened")


def test_reserve_and_seed_are_those_committed_to() -> None:
    floor = Floor().ready("bid.opened")
    with pytest.raises(BadAct, match="commitment: amount and salt are not the reserve"):
        floor.do("auction.reserve_opened", amount=yuan(1))
    with pytest.raises(BadAct, match="commitment: seed and salt are not the seed"):
        floor.do("auction.seed_opened", seed=8)
    with pytest.raises(BadAct, match="money: the auction is in CNY"):
        floor.do("auction.reserve_opened", amount=PRICE | {"currency": "JPY"})


def test_an_auction_is_cleared_after_the_openings_and_with_its_seed() -> None:
    floor = Floor().ready("auction.cleared")
    floor.now -= dt.timedelta(seconds=1)
    with pytest.raises(BadAct, match="expiry: bids are opened until"):
        floor.do("auction.cleared")
    floor = Floor().ready("bid.opened")
    floor.do("bid.opened")
    floor.wait_for("auction.cleared")
    with pytest.raises(BadAct, match="auction: the seed was not opened: nothing can be drawn"):
        floor.do("auction.cleared")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bids": []}, "auction: the bids cleared are not those that stand, in their order"),
        ({"forfeited": [digest("x")]}, "auction: what is forfeited is not what was left unopened"),
        ({"winners": [digest("x")]}, "auction: a winner did not bid, or wins twice"),
        ({"winners": []}, "money: the payments are not those of the winners"),
    ],
)
def test_winners_are_among_the_bids_that_stand(changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready("auction.cleared")
    with pytest.raises(BadAct, match=words):
        floor.do("auction.cleared", **changes)


def test_a_winner_wins_once() -> None:
    floor = Floor().ready("auction.cleared")
    leaf = floor.leaf("bid.placed")
    with pytest.raises(BadAct, match=r"wins twice; auction: 2 win 1 licences"):
        floor.do("auction.cleared", winners=[leaf, leaf])


def test_nobody_pays_more_than_its_bid_nor_who_did_not_win() -> None:
    floor = Floor().ready("auction.cleared")
    mine, other = (f"participant/{floor.ids[who]}" for who in ("buyer", "other-buyer"))
    for payments, words in (
        ([line(mine, 100_001, "price")], "pays more than its bid, or below the reserve"),
        ([line(mine, 1, "price", "JPY")], "pays in another currency than it bid"),
        ([line(other, 1, "price")], "the payments are not those of the winners"),
        ([line(mine, 1, "a"), line(other, 1, "b")], "the payments are not those of the winners"),
    ):
        with pytest.raises(BadAct, match=f"money: .*{words}"):
            floor.do("auction.cleared", payments=payments)


def test_a_withdrawn_scenario_leaves_its_bid_out_and_forfeits_it() -> None:
    floor = Floor().ready("auction.cleared")
    bid = floor.leaf("bid.placed")
    floor.do("scenario.withdrawn")
    with pytest.raises(BadAct, match="the bids cleared are not those that stand"):
        floor.do("auction.cleared")
    facts = {"pricing": digest("pricing"), "bids": [], "winners": [], "forfeited": [bid]}
    act = replace(floor.draft("auction.cleared"), facts=facts)
    floor.put(act.signed(floor.pair("operator")))
    floor.do("bid.forfeited")


def test_a_supplier_cancels_while_bids_are_taken_the_operator_until_the_clearing() -> None:
    floor = Floor().ready("auction.cancelled")
    with pytest.raises(BadAct, match=r"party: .* is not an auction of"):
        floor.do("auction.cancelled", "rival")
    floor.now += HOUR
    with pytest.raises(BadAct, match="auction: the bids are closed: the operator alone cancels"):
        floor.do("auction.cancelled")
    floor.do("auction.cancelled", "operator")
    with pytest.raises(BadAct, match=r"cannot follow auction.cancelled"):
        floor.do("bid.opened")


# Deposits.


def test_a_deposit_is_forfeited_whole_to_the_supplier_and_once() -> None:
    floor = Floor().ready("bid.forfeited")
    supplier, buyer = (f"participant/{floor.ids[who]}" for who in ("supplier", "buyer"))
    for lines in (
        [line("house/fees", BOND, "x")],
        [line(buyer, BOND, "x")],
        [line(supplier, 1, "x")],
        [line(supplier, 1, "x"), line("house/fees", BOND - 1, "x")],
    ):
        with pytest.raises(BadAct, match="money: a forfeited deposit goes to the supplier, whole"):
            floor.do("bid.forfeited", lines=lines)
    with pytest.raises(BadAct, match="auction: the clearing has dealt with this deposit"):
        floor.do("bid.returned")
    floor.do("bid.forfeited")
    with pytest.raises(BadAct, match=r"once: the deposit was dealt with by bid.forfeited"):
        floor.do("bid.forfeited")


def won(floor: Floor | None = None) -> Floor:
    floor = floor or Floor().ready("auction.cleared")
    floor.do("auction.cleared")
    basis = [floor.leaf("auction.cleared"), floor.leaf("bid.placed")]
    floor.do("price.quoted", mode="auction", basis=basis)
    return floor


KEPT = "auction: the deposit is not due so: its quote runs until"
BOTH = ("bid.forfeited", "bid.returned")


def due(floor: Floor, kind: str, why: str) -> None:
    """Hold that a deposit is due so alone, for that reason."""
    other = next(each for each in BOTH if each != kind)
    with pytest.raises(BadAct, match=f"auction: the deposit is not due so: {why}"):
        floor.do(other)
    floor.do(kind)


def test_a_winners_deposit_is_kept_until_its_quote_has_ended_and_forfeited_then() -> None:
    floor = won()
    for kind in BOTH:
        with pytest.raises(BadAct, match=KEPT):
            floor.do(kind)
    floor.now += dt.timedelta(days=3)
    due(floor, "bid.forfeited", "won and not ordered in time")


@pytest.mark.parametrize("ordering", [True, False])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("listing.suspended", "the product left the board"),
        ("listing.delisted", "the product left the board"),
        ("scenario.revoked", "its scenario was revoked"),
        ("participant.suspended", "its buyer was suspended"),
    ],
)
def test_what_others_did_costs_a_winner_nothing(
    kind: str,
    words: str,
    ordering: bool,  # noqa: FBT001 - drawn
) -> None:
    floor = won()
    if ordering:
        floor.do("trade.ordered")
    who = {"subject": f"participant/{floor.ids['buyer']}"} if kind.startswith("part") else {}
    floor.do(kind, **who)
    with pytest.raises(BadAct, match=KEPT):
        floor.do("bid.returned")
    floor.now += dt.timedelta(days=3)
    due(floor, "bid.returned", words)


def test_an_order_keeps_the_deposit_and_gets_it_back_where_nobody_concludes() -> None:
    floor = won()
    floor.do("trade.ordered")
    for kind in BOTH:
        with pytest.raises(BadAct, match=KEPT):
            floor.do(kind)
    floor.now += dt.timedelta(days=3)
    due(floor, "bid.returned", "ordered and paid for, and not concluded by the supplier")


@pytest.mark.parametrize(
    ("who", "kind", "words"),
    [
        ("buyer", "bid.forfeited", "its buyer let the order lapse"),
        ("supplier", "bid.returned", "ordered and paid for, and not concluded by the supplier"),
        ("operator", "bid.returned", "ordered and paid for, and not concluded by the supplier"),
    ],
)
def test_an_order_that_lapses_costs_its_buyer_alone(who: str, kind: str, words: str) -> None:
    floor = won()
    floor.do("trade.ordered")
    floor.do("trade.lapsed", who)
    due(floor, kind, words)


def test_who_withdraws_the_scenario_of_its_order_forfeits() -> None:
    floor = won()
    floor.do("trade.ordered")
    floor.do("scenario.withdrawn")
    floor.now += dt.timedelta(days=3)
    due(floor, "bid.forfeited", "its scenario was withdrawn")


def test_a_contract_lets_the_deposit_go() -> None:
    floor = won()
    floor.do("trade.ordered")
    floor.do("trade.contracted")
    floor.now += dt.timedelta(days=3)
    for kind in BOTH:
        with pytest.raises(BadAct, match="not due so: the contract let its deposit go"):
            floor.do(kind)


def defaulted(floor: Floor) -> None:
    """Let the buyer be suspended, since a cycle found it in default."""
    for kind in ("deal.filed", "deal.confirmed", "guarantee.contributed"):
        floor.do(kind)
    for kind in ("cycle.closed", "netting.paid", "default.declared"):
        floor.do(kind)
    floor.do("participant.suspended", subject=f"participant/{floor.ids['buyer']}")


def over(floor: Floor) -> Floor:
    """Let the quote of the history end."""
    floor.now += dt.timedelta(days=3)
    return floor


@pytest.mark.parametrize("ordering", [True, False])
def test_a_winners_own_dispute_over_the_product_is_no_excuse(ordering: bool) -> None:  # noqa: FBT001
    floor = won()
    if ordering:
        floor.do("trade.ordered")
    floor.do("dispute.opened", "buyer")
    floor.do("listing.suspended")
    due(over(floor), "bid.forfeited", "its buyer disputed the product")


def test_a_winner_whose_own_dispute_was_upheld_keeps_its_deposit() -> None:
    floor = won()
    floor.do("dispute.opened", "buyer")
    floor.do("listing.suspended")
    floor.do("dispute.decided", outcome="cancelled")
    due(over(floor), "bid.returned", "the product left the board")


def test_anothers_dispute_is_an_excuse_also_where_the_winner_disputes_after_it() -> None:
    floor = won()
    floor.do("dispute.opened")
    floor.do("listing.suspended")
    floor.do("dispute.opened", "buyer")
    due(over(floor), "bid.returned", "the product left the board")


@pytest.mark.parametrize(
    ("after", "kind", "words"),
    [
        (dt.timedelta(0), "bid.forfeited", "won and not ordered in time"),
        (dt.timedelta(days=1), "bid.returned", "the product left the board"),
    ],
)
def test_a_dispute_that_came_to_nothing_is_an_excuse_unless_a_day_was_left_to_order(
    after: dt.timedelta, kind: str, words: str
) -> None:
    floor = won()
    floor.do("dispute.opened")
    floor.do("listing.suspended")
    floor.do("dispute.withdrawn")
    floor.now += after
    for again in ("listing.requested", "compliance.verdict", "listing.published"):
        floor.do(again)
    due(over(floor), kind, words)


@pytest.mark.parametrize("ordering", [True, False])
def test_a_winner_suspended_for_its_own_default_forfeits(ordering: bool) -> None:  # noqa: FBT001
    floor = won()
    floor.do("account.deposited")
    if ordering:
        floor.do("trade.ordered")
    defaulted(floor)
    due(over(floor), "bid.forfeited", "its buyer was suspended in default")


def test_who_lets_its_own_order_lapse_has_no_excuse() -> None:
    floor = won()
    floor.do("trade.ordered")
    floor.do("dispute.opened")
    floor.do("listing.suspended")
    floor.do("trade.lapsed")
    due(floor, "bid.forfeited", "its buyer let the order lapse")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("pack.adopted", "another rule pack was adopted"),
        ("document.withdrawn", "a document of the product was taken away"),
        ("document.rejected", "a document of the product was taken away"),
    ],
)
def test_rules_and_documents_that_change_cost_a_winner_nothing(kind: str, words: str) -> None:
    floor = Floor().ready("auction.cleared")
    floor.do("document.attached")
    floor = won(floor)
    floor.do(kind)
    due(over(floor), "bid.returned", words)


def test_a_document_that_came_and_went_since_the_clearing_is_no_excuse() -> None:
    floor = won()
    floor.do("document.attached")
    floor.do("document.withdrawn")
    due(over(floor), "bid.forfeited", "won and not ordered in time")


@pytest.mark.parametrize("kind", ["trade.lapsed", "scenario.withdrawn", "listing.suspended"])
@pytest.mark.parametrize("ordering", [True, False])
def test_what_happens_after_the_quote_decides_nothing(kind: str, ordering: bool) -> None:  # noqa: FBT001
    floor = won()
    if ordering:
        floor.do("trade.ordered")
    over(floor)
    if ordering or kind != "trade.lapsed":
        floor.do(kind)
    if ordering:
        due(floor, "bid.returned", "ordered and paid for, and not concluded by the supplier")
    else:
        due(floor, "bid.forfeited", "won and not ordered in time")


@pytest.mark.parametrize(
    ("until", "hours", "late"), [(365, 23, False), (365, 25, True), (0, 1, False), (0, 13, True)]
)
def test_an_order_leaves_its_supplier_a_day_or_half_of_the_time_to_conclude(
    until: int,
    hours: int,
    late: bool,  # noqa: FBT001 - drawn
) -> None:
    floor = Floor().ready("auction.cleared")
    floor.now = (floor.now + dt.timedelta(days=1)).replace(hour=0, minute=0)
    floor = won(floor)
    verified_until(floor, until)
    floor.now += dt.timedelta(hours=hours)
    floor.do("trade.ordered")
    over(floor)
    if late:
        due(floor, "bid.forfeited", "ordered too late for its supplier to conclude")
    else:
        due(floor, "bid.returned", "ordered and paid for, and not concluded by the supplier")


def test_a_supplier_that_lets_a_late_order_lapse_could_have_concluded_it() -> None:
    floor = won()
    floor.now += dt.timedelta(hours=47)
    floor.do("trade.ordered")
    floor.do("trade.lapsed", "supplier")
    due(floor, "bid.returned", "ordered and paid for, and not concluded by the supplier")


def test_a_deposit_goes_to_who_opened_the_auction_also_after_the_product_passed_on() -> None:
    floor = won()
    floor.do("trade.ordered")
    floor.do("trade.lapsed")
    floor.do("transfer.offered")
    floor.do("registration.transferred")
    supplier, taker = (f"participant/{floor.ids[who]}" for who in ("supplier", "rival"))
    with pytest.raises(BadAct, match="money: a forfeited deposit goes to the supplier, whole"):
        floor.do("bid.forfeited", lines=[line(taker, BOND, "deposit forfeited")])
    floor.do("bid.forfeited", lines=[line(supplier, BOND, "deposit forfeited")])


def test_an_auction_of_a_product_that_passed_on_is_not_cleared() -> None:
    floor = Floor().ready("auction.cleared")
    floor.do("transfer.offered")
    floor.do("registration.transferred")
    with pytest.raises(BadAct, match="party: the product passed to another than"):
        floor.do("auction.cleared")
    floor.do("auction.cancelled", "operator")


def test_a_forged_forfeit_or_quote_is_read_without_falling_over() -> None:
    floor = won()
    opening, quote = (floor.entry(kind) for kind in ("bid.opened", "price.quoted"))
    assert opening
    assert quote
    drafts = (
        replace(floor.draft("bid.forfeited"), facts={"bid": opening.leaf.hex(), "lines": []}),
        replace(quote.signed.act, facts={**quote.facts, "mode": "auction", "basis": []}),
    )
    forfeit, forged = (act.signed(floor.pair("operator")) for act in drafts)
    assert (
        list(deposit_due(replace(opening, kind="bid.forfeited", signed=forfeit), floor.log)) == []
    )
    assert list(Balances().take(replace(quote, signed=forged))) == []


def verified_until(floor: Floor, days: int) -> None:
    """Let the operator have verified the buyer until so many days from the present."""
    day = (floor.now + dt.timedelta(days=days)).date().isoformat()
    floor.do("identity.verified", subject=f"participant/{floor.ids['buyer']}", until=day)


@pytest.mark.parametrize("changed", ["", "sheet.submitted", "pack.adopted"])
def test_a_winner_whose_verification_has_ended_forfeits_unless_the_rules_changed(
    changed: str,
) -> None:
    floor = Floor().ready("auction.opened")
    verified_until(floor, 0)
    open_until = floor.later(days=1, hours=12)
    floor.do("auction.opened", open_until=open_until)
    for kind in ("bid.placed", "bid.opened", "auction.seed_opened"):
        floor.wait_for(kind).do(kind)
    if changed:
        floor.do(changed)
    floor.wait_for("auction.cleared").do("auction.cleared")
    if changed:
        due(floor, "bid.returned", "its use was not permitted")
    else:
        due(floor, "bid.forfeited", "the verification of its buyer ended on")


def test_a_verification_that_ended_costs_nothing_where_the_scenario_was_revoked() -> None:
    floor = Floor().ready("auction.opened")
    verified_until(floor, 0)
    floor.do("auction.opened", open_until=floor.later(days=1, hours=12))
    for kind in ("bid.placed", "bid.opened", "auction.seed_opened"):
        floor.wait_for(kind).do(kind)
    floor.do("scenario.revoked")
    floor.wait_for("auction.cleared").do("auction.cleared")
    due(floor, "bid.returned", "its use was not permitted")


def test_a_bidder_suspended_for_its_own_default_at_the_openings_forfeits() -> None:
    floor = Floor().ready("bid.opened")
    defaulted(floor)
    floor.do("auction.seed_opened")
    floor.wait_for("auction.cleared")
    bid = floor.leaf("bid.placed")
    with pytest.raises(BadAct, match="auction: what is forfeited is not what was left unopened"):
        floor.do("auction.cleared", forfeited=[])
    floor.do("auction.cleared", forfeited=[bid])


@pytest.mark.parametrize("admitted", [True, False])
@pytest.mark.parametrize(("begins", "costs"), [(0, False), (90, True)])
def test_a_bidder_loses_nothing_if_it_was_suspended_at_the_openings_and_not_after_them(
    admitted: bool,  # noqa: FBT001 - drawn
    begins: int,
    costs: bool,  # noqa: FBT001 - drawn
) -> None:
    floor = Floor().ready("bid.opened")
    buyer = f"participant/{floor.ids['buyer']}"
    floor.do("auction.seed_opened")
    floor.now += dt.timedelta(minutes=begins)
    floor.do("participant.suspended", subject=buyer)
    floor.now += dt.timedelta(hours=2)
    if admitted:
        floor.do("participant.admitted", subject=buyer, roles=["buyer"])
    bid = floor.leaf("bid.placed")
    right, wrong = ([bid], []) if costs else ([], [bid])
    with pytest.raises(BadAct, match="auction: what is forfeited is not what was left unopened"):
        floor.do("auction.cleared", forfeited=wrong)
    floor.do("auction.cleared", forfeited=right)


def test_a_suspended_buyer_could_not_open_its_bid_and_loses_nothing() -> None:
    floor = Floor().ready("bid.opened")
    floor.do("participant.suspended", subject=f"participant/{floor.ids['buyer']}")
    floor.do("auction.seed_opened")
    floor.wait_for("auction.cleared")
    with pytest.raises(BadAct, match="auction: what is forfeited is not what was left unopened"):
        floor.do("auction.cleared")
    floor.do("auction.cleared", forfeited=[])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": yuan(99_999)}, "mode: the quote is not what auction/"),
        ({"exclusive": True}, "mode: the quote is not what auction/"),
        ({"pricing": digest("another")}, "mode: the quote names another record than the clearing"),
        ({"mode": "negotiated"}, "mode: a negotiated price rests on an offer and its acceptance"),
    ],
)
def test_an_auctions_quote_is_what_it_came_to(changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready("bid.returned")
    basis = [floor.leaf("auction.cleared"), floor.leaf("bid.placed")]
    with pytest.raises(BadAct, match=words):
        floor.do("price.quoted", **{"mode": "auction", "basis": basis} | changes)
    for wrong in (basis[:1], basis[::-1]):
        with pytest.raises(BadAct, match="mode: an auction's price rests on its clearing and a"):
            floor.do("price.quoted", mode="auction", basis=wrong)
    floor.do("price.quoted", mode="auction", basis=basis)
    with pytest.raises(BadAct, match=r"opens a subject, and quote/.* is open"):
        floor.do("price.quoted", mode="auction", basis=basis)

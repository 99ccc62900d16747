"""What an auditor holds a negotiation and an exclusive contract to, from the entries alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledger.errors import BadAct
from ledger.exclusive import Uses
from ledger.view import Broken
from tests.ledger.floor import NOTHING, PRICE, Floor, line

LATE = dt.timedelta(days=3)


def accepted(**changes: Any) -> tuple[Floor, list[str]]:
    """Return a floor after an acceptance, and what a quote of it rests on."""
    floor = Floor().ready("negotiation.accepted")
    offer = floor.leaf("negotiation.offered")
    return floor, [offer, floor.do("negotiation.accepted", **changes).leaf.hex()]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until": "2026-01-01T00:00:00Z"}, "expiry: the negotiation would have ended at"),
        ({"until": "2027-01-01T00:00:00Z"}, "expiry: the scenario ends at .*, before that"),
    ],
)
def test_a_negotiation_is_opened_until_a_time_within_its_scenario(
    changes: dict[str, Any], words: str
) -> None:
    floor = Floor().ready("negotiation.opened")
    with pytest.raises(BadAct, match=words):
        floor.do("negotiation.opened", **changes)


@pytest.mark.parametrize(
    ("who", "changes", "words"),
    [
        ("supplier", {"round": 2}, "round: round 1 of at most 20 is next, not 2"),
        ("supplier", {"amount": PRICE | {"minor": 0}}, "money: an offer is above zero, in CNY"),
        ("supplier", {"amount": PRICE | {"currency": "JPY"}}, "money: an offer is above zero"),
        ("supplier", {"until": "2026-01-01T00:00:00Z"}, "expiry: an offer ends after it is made"),
        ("supplier", {"until": "2027-01-01T00:00:00Z"}, "expiry: an offer ends after it is made"),
        ("rival", {}, "party: .* is no party to negotiation/"),
        ("other-buyer", {}, "party: .* is no party to negotiation/"),
    ],
)
def test_an_offer_out_of_order_is_refused(who: str, changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready("negotiation.offered")
    with pytest.raises(BadAct, match=words):
        floor.do("negotiation.offered", who, **changes)


def test_the_party_whose_offer_stands_waits_until_it_has_ended() -> None:
    floor = Floor().ready("negotiation.accepted")
    with pytest.raises(BadAct, match=r"round: the offer of .* stands: the other party is next"):
        floor.do("negotiation.offered")
    floor.now += LATE
    floor.do("negotiation.offered")


def test_an_offer_is_accepted_by_the_other_in_time_and_only_the_newest() -> None:
    floor = Floor().ready("negotiation.accepted")
    first = floor.leaf("negotiation.offered")
    with pytest.raises(BadAct, match=r"signed by another participant"):
        floor.do("negotiation.accepted", "supplier")
    with pytest.raises(BadAct, match=r"party: "):
        floor.do("negotiation.accepted", "other-buyer")
    floor.do("negotiation.offered", "buyer")
    with pytest.raises(BadAct, match=r"the latest of its kind"):
        floor.do("negotiation.accepted", offer=first)
    offer = floor.log.by_leaf(floor.leaf("negotiation.offered"))
    assert offer
    floor.now = dt.datetime.fromisoformat(offer.facts["until"]) + dt.timedelta(seconds=1)
    with pytest.raises(BadAct, match=r"expiry: the offer of .* ended at"):
        floor.do("negotiation.accepted", "supplier")
    floor.now -= dt.timedelta(seconds=1)
    floor.do("negotiation.accepted", "supplier")
    with pytest.raises(BadAct, match=r"cannot follow negotiation.accepted"):
        floor.do("negotiation.ended")


@pytest.mark.parametrize("end", ["scenario.withdrawn", "scenario.revoked"])
def test_nothing_is_said_after_the_end_or_without_a_scenario(end: str) -> None:
    floor = Floor().ready("negotiation.accepted")
    floor.now += dt.timedelta(days=11)
    with pytest.raises(BadAct, match=r"expiry: negotiation/.* ended at"):
        floor.do("negotiation.offered", "buyer")
    floor = Floor().ready("negotiation.accepted")
    floor.do(end)
    with pytest.raises(BadAct, match=r"scenario: scenario/.* is not approved, or was withdrawn"):
        floor.do("negotiation.accepted")
    with pytest.raises(BadAct, match=r"party: "):
        floor.do("negotiation.ended", "rival")
    floor.do("negotiation.ended", "operator")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": PRICE | {"minor": 99_999}}, "mode: the quote is not what negotiation/"),
        ({"exclusive": True}, "mode: the quote is not what negotiation/"),
        ({"mode": "posted"}, "mode: a price is posted with 2 entries as its basis"),
    ],
)
def test_a_negotiated_quote_is_what_was_agreed_on(changes: dict[str, Any], words: str) -> None:
    floor, basis = accepted()
    with pytest.raises(BadAct, match=words):
        floor.do("price.quoted", **{"mode": "negotiated", "basis": basis} | changes)


def test_an_acceptance_makes_one_quote_and_an_offer_alone_none() -> None:
    floor, basis = accepted()
    for wrong in (basis[:1], basis[1:], basis[::-1], basis[:1] * 2):
        with pytest.raises(BadAct, match="mode: a negotiated price rests on an offer and its"):
            floor.do("price.quoted", mode="negotiated", basis=wrong)
    floor.do("price.quoted", mode="negotiated", basis=basis)
    with pytest.raises(BadAct, match=r"opens a subject, and quote/.* is open"):
        floor.do("price.quoted", mode="negotiated", basis=basis)


# Exclusive contracts.


def contracted(floor: Floor, *, alone: bool, region: str = "Qingdao") -> None:
    floor.do("scenario.filed", region=region)
    floor.do("scenario.approved")
    floor.alone = alone
    floor.do("account.deposited")
    for step in ("price.quoted", "trade.ordered", "trade.contracted"):
        floor.do(step)


def shared(floor: Floor) -> list[Broken]:
    """Fold the uses of a log, and return what it breaks."""
    uses, found = Uses(), []
    seen = Floor()
    for entry in floor.log.entries():
        found += list(uses.take(entry, seen.log))
        seen.log.hold(entry)
    return found


def test_no_contract_meets_a_use_that_is_reserved() -> None:
    floor = Floor().ready("use.reserved")
    floor.do("use.reserved")
    contracted(floor, alone=False, region="Rizhao")
    with pytest.raises(BadAct, match=r"exclusive: trade TR-.* has this use alone"):
        contracted(floor, alone=False)
    assert shared(floor) == []


def test_an_exclusive_contract_beside_an_earlier_one_is_found_by_the_fold() -> None:
    floor = Floor().ready("delivery.made")
    contracted(floor, alone=True, region="Rizhao")
    assert shared(floor) == []
    contracted(floor, alone=True)
    words = "an earlier contract gives the use 'ocean forecast' in Qingdao as well"
    assert shared(floor) == [Broken("exclusive", words)]


@pytest.mark.parametrize(
    ("first", "second"), [("CN", "CN-SD"), ("CN-SD", "CN"), ("CN", "CN-HK"), ("DE-HH", "EU")]
)
def test_uses_of_a_whole_and_of_its_part_meet(first: str, second: str) -> None:
    floor = Floor().ready("delivery.made")
    contracted(floor, alone=False, region=first)
    contracted(floor, alone=True, region="US")
    assert shared(floor) == []
    contracted(floor, alone=True, region=second)
    words = f"an earlier contract gives the use 'ocean forecast' in {first} as well"
    assert shared(floor) == [Broken("exclusive", words)]
    floor.do("use.reserved", regions=[second])
    with pytest.raises(BadAct, match=r"exclusive: trade TR-.* has this use alone"):
        contracted(floor, alone=False, region=first)


@pytest.mark.parametrize("kind", ["negotiation.opened", "bid.placed", "deal.filed"])
@pytest.mark.parametrize("end", ["scenario.withdrawn", "scenario.revoked"])
def test_nothing_is_begun_under_a_scenario_that_has_ended(kind: str, end: str) -> None:
    floor = Floor().ready(kind)
    floor.do(end)
    with pytest.raises(BadAct, match=rf"{kind} needs scenario\.approved"):
        floor.do(kind)


def test_a_cancelled_contract_and_one_that_has_ended_give_no_use() -> None:
    floor = Floor().ready("delivery.made")
    floor.do("trade.cancelled")
    contracted(floor, alone=True)
    floor.do("use.reserved")
    floor.do("trade.cancelled")
    contracted(floor, alone=False)
    assert shared(floor) == []


@pytest.mark.parametrize("last", ["trade.arbitrated", "subscription.renewed"])
def test_a_period_after_an_award_of_the_whole_price_is_counted_by_the_fold(last: str) -> None:
    floor = Floor().ready("subscription.renewed")
    floor.do("trade.disputed")
    lines = [line(f"participant/{floor.ids['buyer']}", PRICE["minor"], "awarded")]
    floor.do("trade.arbitrated", amount=PRICE, lines=lines, reversal=NOTHING)
    if last == "subscription.renewed":
        floor.do("subscription.renewed")
    contracted(floor, alone=True)
    assert [broken.rule for broken in shared(floor)] == (
        ["exclusive"] if last == "subscription.renewed" else []
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"regions": ["Rizhao"]}, "exclusive: the contract gives a use of GP-.* in Qingdao"),
        ({"until": "2027-01-01T00:00:00Z"}, "exclusive: the use ends at"),
        ({"purposes": ["any"]}, "use.reserved needs trade.contracted"),
    ],
)
def test_a_note_says_what_the_contract_gives(changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready("use.reserved")
    with pytest.raises(BadAct, match=words):
        floor.do("use.reserved", **changes)
    floor.do("use.reserved")
    with pytest.raises(BadAct, match="once: the use was reserved at"):
        floor.do("use.reserved")


def test_a_contract_is_exclusive_where_its_quote_is() -> None:
    floor = Floor().ready("trade.contracted")
    with pytest.raises(BadAct, match=r"exclusive: the quote of .* says otherwise"):
        floor.do("trade.contracted", exclusive=True)
    floor.do("trade.contracted")
    floor.alone = False
    trade, contract = floor.number("trade"), floor.contracted().leaf.hex()
    with pytest.raises(BadAct, match=r"exclusive: the contract of .* is not exclusive"):
        floor.do("use.reserved", trade=trade, contract=contract)


def test_an_exclusive_right_to_operate_spares_a_reserved_use() -> None:
    floor = Floor().ready("use.reserved")
    floor.do("use.reserved")
    floor.do("right.granted", regions=["Rizhao"], right="operating", exclusive=True)
    with pytest.raises(BadAct, match=r"exclusive: trade TR-.* has a use of this alone"):
        floor.do("right.granted", right="operating", exclusive=True)

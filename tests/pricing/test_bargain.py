from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.bargain import Bargain, Round, Side
from pricing.conformance import BargainContract
from pricing.engines.alternating_offers import AlternatingOffers
from pricing.errors import BadInput
from pricing.money import Currency, Money
from pricing.record import recorded, replay

ASK = Round(Side.SUPPLIER, Money(90_000), "2026-01-05T09:00:00Z", "2026-01-06T09:00:00Z")
BID = Round(Side.BUYER, Money(70_000), "2026-01-05T10:00:00Z", "2026-01-05T12:00:00Z")
LAST = Round(Side.SUPPLIER, Money(80_000), "2026-01-05T11:00:00Z", "2026-01-05T12:00:00Z")
BARGAIN = Bargain((ASK, BID, LAST), Side.BUYER, "2026-01-05T12:00:00Z")


class TestAlternatingOffers(BargainContract):
    protocol = AlternatingOffers(rounds_max=3)
    bargain = BARGAIN


def test_the_last_offer_is_the_price_and_its_last_second_counts() -> None:
    agreed = AlternatingOffers(20).agree(BARGAIN)
    assert (agreed.amount, agreed.round) == (Money(80_000), 3)
    assert agreed.lines[0].text == "offered by the supplier in round 3, accepted by the buyer"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"accepted_at": "2026-01-05T12:00:01Z"}, "accepted_at: the offer ended at"),
        ({"accepted_by": Side.SUPPLIER}, "accepted_by: the supplier accepts its own offer"),
        ({"rounds": (ASK, BID, replace(LAST, by=Side.BUYER))}, "in round 3 the buyer is out of"),
        ({"rounds": (ASK, BID, LAST, replace(BID, at=LAST.at))}, "rounds: 4 are more than 3"),
    ],
)
def test_a_bargain_out_of_order_is_refused(changes: dict[str, Any], words: str) -> None:
    bargain = replace(BARGAIN, **changes)
    with pytest.raises(BadInput, match=words):
        AlternatingOffers(3).agree(bargain)


@pytest.mark.parametrize(
    ("rounds", "words"),
    [
        ((), "rounds: nothing was offered"),
        ((ASK, replace(BID, amount=Money(1, Currency.JPY))), "rounds: in CNY and JPY"),
        ((BID, ASK), "not in the order of their times"),
    ],
)
def test_what_is_no_bargain_is_refused(rounds: tuple[Round, ...], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        Bargain(rounds, Side.BUYER, "2026-01-05T12:00:00Z")


def test_an_offer_is_above_zero_and_ends_after_it_begins() -> None:
    with pytest.raises(BadInput, match=r"rounds.amount: an offer is above zero"):
        replace(ASK, amount=Money(0))
    with pytest.raises(BadInput, match=r"rounds.until: .* is not after"):
        replace(ASK, until=ASK.at)


def test_who_made_an_offer_may_make_another_once_it_has_ended() -> None:
    again = replace(BID, at="2026-01-05T12:00:01Z", until="2026-01-05T13:00:00Z")
    bargain = Bargain((ASK, BID, again), Side.SUPPLIER, "2026-01-05T13:00:00Z")
    assert AlternatingOffers(3).agree(bargain).amount == BID.amount


@given(st.lists(st.integers(1, 2**53 - 1), min_size=1, max_size=20))
def test_the_price_is_the_last_amount_and_replays(amounts: list[int]) -> None:
    rounds = tuple(
        replace(ASK, by=list(Side)[place % 2], amount=Money(minor))
        for place, minor in enumerate(amounts)
    )
    other = list(Side)[len(amounts) % 2]
    agreed, record = recorded(AlternatingOffers(20), Bargain(rounds, other, ASK.until))
    assert agreed.amount == Money(amounts[-1])
    assert replay(record)

"""Figures of shares and of auctions: the same bytes for the same values, all of it said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing.errors import BadInput
from pricing.figures import Form, Language, awards, shares
from pricing.mechanisms import Auction, Bid
from pricing.mechanisms.second_price import SecondPrice
from pricing.money import Money
from pricing.sharing import Allocation, Owner, SharingCase

CASE = SharingCase(Money(1_000_00), (Owner("radar"), Owner("浮标")))
EXACT = CASE.split((3, 1), basis="agreed")
SAMPLED = CASE.split((2, 1), basis="sampled", errors=(0.01, 0.01))
AUCTION = Auction((Bid("port", Money(500_00)), Bid("海洋所", Money(700_00))))
CLEARED = SecondPrice().clear(AUCTION)


def test_shares_name_every_owner_part_and_error() -> None:
    drawn = shares.draw({"fixed": EXACT, "sampled": SAMPLED}, language=Language.EN).decode()
    for words in (
        "radar",
        "浮标",
        "750  (75.0%)",
        "666.67  (66.7%)",
        "two standard errors",
        "fixed",
    ):
        assert words in drawn
    assert shares.draw({"fixed": EXACT}) == shares.draw({"fixed": EXACT})
    assert "两倍标准误" not in shares.draw({"fixed": EXACT}).decode()


def test_a_refund_is_drawn_to_the_left() -> None:
    refund = replace(CASE, amount=Money(-1_000_00)).split((3, 1), basis="agreed")
    assert "-750  (75.0%)" in shares.draw({"fixed": refund}).decode()


def test_awards_name_bids_payments_and_revenue() -> None:
    drawn = awards.draw(AUCTION, {"second-price": CLEARED}, language=Language.EN).decode()
    for words in ("port", "海洋所", "second-price (revenue 500)", "highest bid"):
        assert words in drawn
    nobody = SecondPrice(reserve=Money(900_00)).clear(AUCTION)
    assert "收入 0" in awards.draw(AUCTION, {"second-price": nobody}).decode()


def test_a_picture_is_drawn_of_dots() -> None:
    assert shares.draw({"fixed": EXACT}, form=Form.PNG)[:4] == b"\x89PNG"
    assert awards.draw(AUCTION, {"x": CLEARED}, form=Form.PNG)[:4] == b"\x89PNG"


def divided(amount: int, *owners: str) -> Allocation:
    case = SharingCase(Money(amount), tuple(map(Owner, owners)))
    return case.split([1] * len(owners), basis="alike")


def test_what_cannot_be_compared_is_refused() -> None:
    many = [f"owner-{i}" for i in range(41)]
    for wrong in (
        {},
        {"a": divided(10, "x"), "b": divided(11, "x")},
        {"a": divided(10, "x"), "b": divided(10, "y")},
        {"a": divided(100, *many)},
    ):
        with pytest.raises(BadInput, match="allocations: "):
            shares.draw(wrong)
    crowd = Auction(tuple(Bid(name, Money(1)) for name in many))
    for auction, outcomes in (
        (AUCTION, {}),
        (Auction(()), {"x": CLEARED}),
        (crowd, {"x": CLEARED}),
    ):
        with pytest.raises(BadInput, match="auction: "):
            awards.draw(auction, outcomes)

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from pricing.errors import BadInput
from pricing.figures import Form, Language, shares
from pricing.money import Money
from pricing.sharing import Allocation, Owner, SharingCase


def divided(amount: str, errors: list[float] | None = None) -> Allocation:
    case = SharingCase(Money.parse(amount), (Owner("institute"), Owner("port"), Owner("fleet")))
    return case.split([5, 3, 2], basis="contract", errors=errors)


def texts(svg: bytes) -> list[str]:
    found = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - our own
    return ["".join(one.itertext()) for one in found]


def test_each_owner_has_a_bar_with_amount_and_share() -> None:
    said = texts(shares.draw(divided("120000 CNY"), language=Language.EN))
    assert {"60,000   50.0%", "36,000   30.0%", "24,000   20.0%", "part (CNY)"} <= set(said)
    assert [name for name in said if name in {"institute", "port", "fleet"}] == [
        "institute",
        "port",
        "fleet",
    ]
    assert "Shares of the proceeds  120,000.00 CNY" in said


def test_sampled_shares_say_what_their_lines_are() -> None:
    sampled = divided("120000 CNY", [0.02, 0.01, 0.0])
    assert "part, lines are two standard errors (CNY)" in texts(
        shares.draw(sampled, language=Language.EN)
    )
    assert "分得金额，误差线为两倍标准误 (CNY)" in texts(shares.draw(sampled))


def test_a_refund_points_the_other_way_and_nothing_is_drawn_too() -> None:
    assert "-60,000   50.0%" in texts(shares.draw(divided("-120000 CNY")))
    assert "0   50.0%" in texts(shares.draw(divided("0 CNY")))


@pytest.mark.parametrize("form", Form)
def test_the_same_allocation_is_the_same_bytes(form: Form) -> None:
    first, second = (shares.draw(divided("7 CNY"), form=form) for _ in range(2))
    assert first == second
    assert first != shares.draw(divided("8 CNY"), form=form)


def test_more_owners_than_a_page_holds_are_refused() -> None:
    owners = tuple(Owner(str(i)) for i in range(61))
    many = SharingCase(Money(100), owners).split([1] * 61, basis="equal")
    with pytest.raises(BadInput, match="61 are more than the 60"):
        shares.draw(many)

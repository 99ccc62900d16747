from __future__ import annotations

import math

import pytest

from pricing.errors import BadInput
from pricing.figures import Form, Language, auction, learning
from pricing.learning import Answer, Grid, History, Trial
from pricing.mechanisms import Auction, Bid, Outcome
from pricing.mechanisms.second_price import SecondPrice
from pricing.mechanisms.vcg import VickreyClarkeGroves
from pricing.money import Currency, Money
from tests.pricing.test_figures import texts

TENDER = Auction(tuple(Bid(name, Money(minor)) for name, minor in (("港口", 100), ("研究所", 80))))
LAYERS = Auction(
    (Bid("port", Money(70), ("tides", "waves")), Bid("fleet", Money(50), ("waves",))),
    items=("tides", "waves"),
)
PRICES = Grid(Money(50), Money(100), 2).prices


def life(*pairs: tuple[int, int]) -> History:
    return History(tuple(Trial.of_worth(Money(price), Money(worth)) for price, worth in pairs))


def test_an_auction_shows_who_won_and_what_is_paid() -> None:
    said = texts(auction.draw(TENDER, SecondPrice(Money(60)).clear(TENDER), reserve=Money(60)))
    assert {"出价与成交", "港口", "研究所", "中标出价", "未中标出价", "支付", "保留价"} <= set(said)
    assert said.index("港口") < said.index("研究所")


def test_bids_for_bundles_are_named_by_their_items() -> None:
    outcome = VickreyClarkeGroves().clear(LAYERS)
    said = texts(auction.draw(LAYERS, outcome, language=Language.EN))
    assert {"port: tides + waves", "fleet: waves", "winning bid", "losing bid", "paid"} <= set(said)
    nobody = texts(auction.draw(LAYERS, Outcome((), ()), language=Language.EN))
    assert not {"winning bid", "paid", "reserve"} & set(nobody)


def test_regret_by_hand() -> None:
    # Worths 60, 120, 40: 50 earns 50, 100, 100 and 100 earns 0, 100, 100; earned were 0, 50, 50.
    best, path = learning.regrets(life((100, 60), (50, 120), (50, 40)), PRICES)
    assert best == Money(50)
    assert path == (50, 50, 50)


def test_a_life_shows_its_prices_and_its_bound() -> None:
    lived = life((100, 60), (50, 120), (50, 40))
    said = texts(learning.draw(lived, PRICES, bound=math.sqrt, language=Language.EN))
    assert {"Prices offered", "Regret", "bought", "declined", "bound", "offers"} <= set(said)
    assert "bound" not in texts(learning.draw(lived, PRICES, language=Language.EN))


@pytest.mark.parametrize("form", Form)
def test_the_same_values_are_the_same_bytes(form: Form) -> None:
    lived = life((100, 60), (50, 120))
    assert learning.draw(lived, PRICES, form=form) == learning.draw(lived, PRICES, form=form)
    cleared = SecondPrice().clear(TENDER)
    assert auction.draw(TENDER, cleared, form=form) == auction.draw(TENDER, cleared, form=form)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(BadInput, match=r"^bids: 0 are not"):
        auction.draw(Auction(()), Outcome((), ()))
    with pytest.raises(BadInput, match=r"^reserve: in USD"):
        auction.draw(TENDER, Outcome((), ()), reserve=Money(1, Currency.USD))
    with pytest.raises(BadInput, match=r"^trials: 0 are not"):
        learning.draw(History(), PRICES)
    with pytest.raises(BadInput, match=r"^trials\.worth: "):
        learning.draw(History((Trial(Money(50), Answer.BOUGHT),)), PRICES)

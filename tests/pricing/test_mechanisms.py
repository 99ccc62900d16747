"""Mechanisms against the contract, each with parameters of its own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from pricing.conformance import MechanismContract
from pricing.gains import GainCurve, Knot
from pricing.laws import Law, Shape
from pricing.learning import Grid
from pricing.mechanisms import UNLIMITED, Auction, Bid
from pricing.mechanisms.data_market import DataMarket
from pricing.mechanisms.first_price import FirstPrice
from pricing.mechanisms.myerson import BidderLaw, MyersonAuction
from pricing.mechanisms.posted import PostedPrice
from pricing.mechanisms.rsop import RandomSampling
from pricing.mechanisms.second_price import SecondPrice
from pricing.mechanisms.vcg import VickreyClarkeGroves
from pricing.money import Money

LICENCE = Auction((Bid("port", Money(100)), Bid("institute", Money(80)), Bid("fleet", Money(60))))
TWO_LICENCES = replace(LICENCE, supply=2)
COPIES = replace(LICENCE, supply=UNLIMITED)
LAYERS = Auction(
    (
        Bid("port", Money(70), ("tides", "waves")),
        Bid("institute", Money(40), ("tides",)),
        Bid("fleet", Money(50), ("waves",)),
    ),
    items=("tides", "waves"),
)
UNIFORM = Law(Shape.UNIFORM, (Money(0), Money(100)))
STEEP = Law(Shape.EMPIRICAL, tuple(map(Money, (100, 100, 40, 38, 36, 34, 10, 10, 10, 1))))


def curve(*knots: tuple[str, str]) -> GainCurve:
    return GainCurve(tuple(Knot(Fraction(noise), Fraction(gain)) for noise, gain in knots))


SLOPE = curve(("0", "1"), ("2", "0"))
CLIFF = curve(("0", "9/10"), ("1/2", "9/10"), ("3/5", "1/10"), ("1", "1/10"))


class TestPostedPrice(MechanismContract):
    mechanism = PostedPrice(Money(60))
    auction = TWO_LICENCES


class TestFirstPrice(MechanismContract):
    mechanism = FirstPrice(Money(20))
    auction = LICENCE


class TestSecondPrice(MechanismContract):
    mechanism = SecondPrice()
    auction = LICENCE


class TestSecondPriceOfCopiesAboveAReserve(MechanismContract):
    mechanism = SecondPrice(Money(30))
    auction = TWO_LICENCES


class TestMyerson(MechanismContract):
    mechanism = MyersonAuction(UNIFORM)
    auction = TWO_LICENCES
    laws = (UNIFORM, UNIFORM)


class TestMyersonByASample(MechanismContract):
    mechanism = MyersonAuction(STEEP)
    auction = LICENCE
    laws = (STEEP, STEEP)


class TestMyersonOfUnequalBidders(MechanismContract):
    mechanism = MyersonAuction(
        UNIFORM,
        (
            BidderLaw("bidder 0", STEEP),
            BidderLaw("bidder 2", Law(Shape.EXPONENTIAL, (Money(25),))),
        ),
    )
    auction = LICENCE
    anonymous = False
    laws = (STEEP, UNIFORM)


class TestRandomSampling(MechanismContract):
    mechanism = RandomSampling(seed=4)
    auction = COPIES


class TestVickreyClarkeGroves(MechanismContract):
    mechanism = VickreyClarkeGroves()
    auction = LAYERS


class TestVickreyClarkeGrovesOfCopies(MechanismContract):
    mechanism = VickreyClarkeGroves()
    auction = replace(LAYERS, supply=2)


class TestDataMarket(MechanismContract):
    mechanism = DataMarket(Grid(Money(10), Money(100), 10), 0.2, Fraction(2), seed=1)
    auction = Auction(
        (
            Bid("port", Money(100), gain=SLOPE),
            Bid("institute", Money(60), gain=SLOPE),
            Bid("fleet", Money(20), gain=CLIFF),
        ),
        supply=UNLIMITED,
    )

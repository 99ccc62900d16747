"""What a market file declares: the house, what is sold, who is there, what befalls them.

Amounts are minor units of CNY, shares are 0 to 1, days count from 0.  `exchange.simulation.reading`
reads the file and refuses what cannot be; what stands here is whole.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.simulation.streams import Distribution


class Way(enum.StrEnum):
    """How a product's price comes about."""

    POSTED = "posted"  # at the price of its sheet, by a pricing strategy
    NEGOTIATED = "negotiated"  # the supplier makes each buyer an offer, which it takes or leaves
    AUCTION = "auction"  # sealed bids, cleared by a mechanism
    DEAL = "deal"  # agreed off the exchange by a broker, filed and netted here


class Conduct(enum.StrEnum):
    """What is planted for market surveillance to find."""

    WASH = "wash"  # a supplier buys its own products through buyers it controls
    DISCRIMINATION = "discrimination"  # loyal buyers are offered more for the same (杀熟)
    EXCLUSIVITY = "exclusivity"  # buyers are made to buy from nobody else (二选一)


class Blow(enum.StrEnum):
    """What a shock changes from its day on."""

    FEE = "fee"  # the exchange's fee, in ppm, becomes `amount`
    DEMAND = "demand"  # arrivals of a group of buyers are multiplied by `factor`
    VALUE = "value"  # private values for a kind are multiplied by `factor`
    EXIT = "exit"  # a share `factor` of a group of suppliers is suspended
    ENTRY = "entry"  # a group of suppliers that joins only then


@dataclass(frozen=True, slots=True)
class PlugIn:
    """A plug-in by its name and parameters; its group is told by where it stands."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The policy of the exchange: what an operator would want to try out."""

    fee_ppm: int = 25_000
    rule_pack: str = "cn"
    notice_seconds: int = 3_600
    quote_seconds: int = 86_400
    netting_days: int = 0  # a settlement cycle so often; 0 nets nothing


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product: alike in what it is for, different in price and quality.

    `price` is the asking price, `cost` what a product cost to make (0: no costs on the sheet),
    `substitutability` how much of a buyer's value for one product is spent once it has bought
    another of the kind.  `learner` moves the offers of a negotiated kind; `mechanism` clears an
    auctioned one every `auction_days`, `allocator` shares proceeds among `contributors`.
    `defects` are shares of products that bring a planted fault to the gate, by its name.
    """

    name: str
    title: Mapping[str, str]  # zh, en
    price: Distribution
    quality: Distribution
    sector: str = "其他"
    purposes: tuple[str, ...] = ("research",)
    way: Way = Way.POSTED
    cost: Distribution | None = None
    substitutability: float = 0.0
    expected_buyers: int = 1
    rows: int = 6
    strategy: PlugIn = PlugIn("list-price")
    learner: PlugIn | None = None
    mechanism: PlugIn | None = None
    auction_days: int = 7
    allocator: PlugIn | None = None
    contributors: int = 0
    defects: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suppliers:
    """A population of suppliers; each offers so many products of each kind."""

    name: str
    count: int
    offers: Mapping[str, int]
    joins: Distribution | None = None  # the day on which each joins; None: all on day 0


@dataclass(frozen=True, slots=True)
class Buyers:
    """A population of buyers.

    Each arrives `arrivals` times a day on average, looks at `looks` products of the kinds it
    wants (weights), draws a private value for each, and buys what leaves it most, if anything
    does and its budget holds it.  `value` is what a product of quality 1 is worth, in minor
    units, before `taste`: the spread of one buyer's values around its own level.
    """

    name: str
    count: int
    wants: Mapping[str, float]
    budget: Distribution
    value: Distribution
    arrivals: float = 0.1
    looks: int = 3
    taste: float = 0.25
    loyalty: float = 0.0  # how often it looks first where it bought before
    purpose: str = "research"
    region: str = "CN"
    term_days: int = 365
    joins: Distribution | None = None


@dataclass(frozen=True, slots=True)
class Brokers:
    """A population of brokers that bring buyers and suppliers together off the exchange."""

    name: str
    count: int
    kinds: tuple[str, ...]
    deals: float  # deals a broker brings a day, on average
    discount: float = 0.0  # off the asking price
    due_days: int = 3


@dataclass(frozen=True, slots=True)
class Assessors:
    """Who attests and reviews; each takes the products in turn."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class Misconduct:
    """What is planted: how many of a group of suppliers, how strongly, and when.

    `strength` is, for wash trades, the trades a ring makes a day; for discrimination, the part by
    which loyal buyers pay more; for exclusivity, the share of a supplier's buyers that are bound.
    """

    conduct: Conduct
    suppliers: str
    count: int
    strength: float
    first_day: int = 0
    last_day: int | None = None


@dataclass(frozen=True, slots=True)
class Shock:
    """What changes on a day."""

    day: int
    blow: Blow
    target: str = ""  # a group or a kind, by its name
    factor: float = 1.0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Faults:
    """How often something fails, per trade (payments, deliveries) or per act (crashes)."""

    delivery_fails: float = 0.0  # the supplier cannot deliver; the trade is cancelled
    payment_late: float = 0.0  # the buyer's money comes a day later; its order lapses meanwhile
    crash: float = 0.0  # the process dies between two statements (full depth alone)
    clock_jump: float = 0.0  # the clock jumps by up to a day


@dataclass(frozen=True, slots=True)
class Market:
    """A whole market; with its seed it says everything that will happen."""

    name: str
    title: Mapping[str, str]  # zh, en
    about: Mapping[str, str]
    kinds: tuple[Kind, ...]
    suppliers: tuple[Suppliers, ...]
    buyers: tuple[Buyers, ...]
    brokers: tuple[Brokers, ...] = ()
    assessors: Assessors = field(default_factory=Assessors)
    house: HouseRules = field(default_factory=HouseRules)
    misconduct: tuple[Misconduct, ...] = ()
    shocks: tuple[Shock, ...] = ()
    faults: Faults = field(default_factory=Faults)
    start: dt.date = dt.date(2026, 1, 5)
    days: int = 30
    rounds: int = 1  # how often a day everybody decides anew
    seed: int = 1

    def kind(self, name: str) -> Kind:
        """Return a kind by its name, or raise `KeyError`."""
        return {kind.name: kind for kind in self.kinds}[name]

"""What a market file declares: the house, what is sold, who is there, what befalls them.

Amounts are minor units of CNY, shares are 0 to 1, days count from 0.  The bounds of single fields
stand here; `exchange.simulation.market.possible` says what fields may not be together, and
`exchange.simulation.market.reading` refuses both with file, line, field and rule.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Gt, Le, Len
from pydantic import ConfigDict

from exchange.records import STRICT
from exchange.simulation.market.laws import (
    DAYS_MAX,
    Amount,
    Amounts,
    Count,
    Days,
    Figure,
    Name,
    Share,
    Shares,
    Slug,
    Words,
)
from pricing.money import MINOR_MAX

AGENTS_MAX = 1_000_000  # of a group
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)  # of a run
ROUNDS_MAX = 96  # a quarter of an hour each

Agents = Annotated[Count, Ge(0), Le(AGENTS_MAX)]
Day = Annotated[Count, Ge(0), Le(DAYS_MAX)]
Factor = Annotated[Figure, Ge(0), Le(1_000)]
Seconds = Annotated[Count, Ge(0), Le(366 * 86_400)]  # a year


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


class Defect(enum.StrEnum):
    """What may be wrong with a product that comes to the gate, for its rules to find."""

    PERSONAL = "personal"  # data about persons, without a legal basis
    CORE = "core"  # graded core data, which may not be traded
    IMPORTANT = "important"  # graded important, without what important data needs
    UNPROVEN = "unproven"  # a source without its proof
    UNATTESTED = "unattested"  # no assessor has signed for it
    DUPLICATE = "duplicate"  # another supplier's rows, turned round and renamed
    OVERSTATED = "overstated"  # more rows on the sheet than in the file
    SHODDY = "shoddy"  # required cells left empty
    UNLICENSED = "unlicensed"  # under a licence that forbids to sell it


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Slug
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The policy of the exchange: what an operator would want to try out."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    fee_ppm: Annotated[Count, Ge(0), Le(1_000_000)] = 25_000
    rule_pack: Slug = "cn"
    notice_seconds: Seconds = 3_600
    quote_seconds: Seconds = 86_400
    netting_days: Day = 0  # a settlement cycle so often; 0 nets nothing


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product: alike in what it is for, different in price and quality.

    `price` is the asking price, `cost` what a product cost to make (0: no costs on the sheet),
    `substitutability` how much of a buyer's value for one product is spent once it has bought
    another of the kind.  `learner` moves the offers of a negotiated kind; `mechanism` clears an
    auctioned one every `auction_days`, `allocator` shares proceeds among `contributors`.
    `defects` are shares of products that bring a planted fault to the gate.  A product of a kind
    with `parents` derives from one product of each of them.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Slug
    title: Words  # zh, en
    price: Amounts
    quality: Shares
    sector: Name = "其他"
    purposes: Annotated[tuple[Name, ...], Len(1, 50)] = ("research",)
    way: Way = Way.POSTED
    cost: Amounts | None = None
    substitutability: Share = 0.0
    expected_buyers: Annotated[Count, Ge(1), Le(AGENTS_MAX)] = 1
    rows: Annotated[Count, Ge(1), Le(10_000)] = 6
    strategy: PlugIn = PlugIn("list-price")
    learner: PlugIn | None = None
    mechanism: PlugIn | None = None
    auction_days: Annotated[Count, Ge(1), Le(DAYS_MAX)] = 7
    licences: Annotated[Count, Ge(1), Le(100)] = 1  # put up in each auction
    allocator: PlugIn | None = None
    contributors: Annotated[Count, Ge(0), Le(50)] = 0
    defects: Mapping[Defect, Share] = field(default_factory=dict)
    parents: tuple[Slug, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppliers:
    """A population of suppliers; each offers so many products of each kind."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Slug
    count: Agents
    offers: Annotated[Mapping[Slug, Annotated[Count, Ge(0), Le(10_000)]], Len(1)]
    joins: Days | None = None  # the day on which each joins; None: all on day 0


@dataclass(frozen=True, slots=True)
class Buyers:
    """A population of buyers.

    Each arrives `arrivals` times a day on average, looks at `looks` products of the kinds it
    wants (weights), draws a private value for each, and buys what leaves it most, if anything
    does and its budget holds it.  `value` is what a product of quality 1 is worth, in minor
    units, before `taste`: the spread of one buyer's values around its own level.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Slug
    count: Agents
    wants: Annotated[Mapping[Slug, Factor], Len(1)]
    budget: Amounts
    value: Amounts
    arrivals: Factor = 0.1
    looks: Annotated[Count, Ge(1), Le(1_000)] = 3
    taste: Share = 0.25
    loyalty: Share = 0.0  # how often it looks first where it bought before
    purpose: Name = "research"
    region: Name = "CN"
    term_days: Annotated[Count, Ge(1), Le(DAYS_MAX)] = 365
    joins: Days | None = None


@dataclass(frozen=True, slots=True)
class Brokers:
    """A population of brokers that bring buyers and suppliers together off the exchange."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Slug
    count: Agents
    kinds: Annotated[tuple[Slug, ...], Len(1)]
    deals: Factor  # deals a broker brings a day, on average
    discount: Share = 0.0  # off the asking price
    due_days: Annotated[Count, Ge(1), Le(DAYS_MAX)] = 3


@dataclass(frozen=True, slots=True)
class Assessors:
    """Who attests and reviews; each takes the products in turn."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    count: Annotated[Count, Ge(1), Le(1_000)] = 1


@dataclass(frozen=True, slots=True)
class Misconduct:
    """What is planted: how many of a group of suppliers, how strongly, and when.

    `strength` is, for wash trades, the trades a ring makes a day; for discrimination, the part by
    which loyal buyers pay more; for exclusivity, the share of a supplier's buyers that are bound.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    conduct: Conduct
    suppliers: Slug
    count: Agents
    strength: Annotated[Figure, Gt(0), Le(100)]
    first_day: Day = 0
    last_day: Day | None = None


@dataclass(frozen=True, slots=True)
class Shock:
    """What changes on a day."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    day: Day
    blow: Blow
    target: Slug | Annotated[str, Len(0, 0)] = ""  # a group or a kind, by its name
    factor: Factor = 1.0
    amount: Amount = 0


@dataclass(frozen=True, slots=True)
class Faults:
    """How often something fails, per trade (payments, deliveries) or per act (crashes)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    delivery_fails: Share = 0.0  # the supplier cannot deliver; the trade is cancelled
    payment_late: Share = 0.0  # the buyer's money comes a day later; its order lapses meanwhile
    crash: Share = 0.0  # per step, in full depth: the process dies between two statements
    clock_jump: Share = 0.0  # per wish of a fault simulation: it comes up to eleven hours later


@dataclass(frozen=True, slots=True)
class Market:
    """A whole market; with its seed it says everything that will happen."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Slug
    title: Words  # zh, en
    about: Words
    kinds: Annotated[tuple[Kind, ...], Len(1, 1_000)]
    suppliers: Annotated[tuple[Suppliers, ...], Len(1, 1_000)]
    buyers: Annotated[tuple[Buyers, ...], Len(1, 1_000)]
    brokers: tuple[Brokers, ...] = ()
    assessors: Assessors = field(default_factory=Assessors)
    house: HouseRules = field(default_factory=HouseRules)
    misconduct: tuple[Misconduct, ...] = ()
    shocks: tuple[Shock, ...] = ()
    faults: Faults = field(default_factory=Faults)
    start: Annotated[dt.date, Ge(EARLIEST), Le(LATEST)] = dt.date(2026, 1, 5)
    days: Annotated[Count, Ge(1), Le(DAYS_MAX)] = 30
    rounds: Annotated[Count, Ge(1), Le(ROUNDS_MAX)] = 1  # how often a day everybody decides anew
    seed: Annotated[Count, Ge(0), Le(MINOR_MAX)] = 1

    def kind(self, name: str) -> Kind:
        """Return a kind by its name, or raise `KeyError`."""
        return {kind.name: kind for kind in self.kinds}[name]

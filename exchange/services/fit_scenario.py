"""Which listed products fit a use, and what a product was approved for before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from exchange.listing import ListingState
from exchange.matching import Match, Wish, gist, match, ranked, rarity
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.scenarios import Limits, Scenario, ScenarioState
from exchange.services.build_case import ancestors_of
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import Conditions, SpecSheet

FITS_MAX = 20  # products told for one wish


@dataclass(frozen=True, slots=True)
class Precedent:
    """A use that a product was approved for, how often, and when last; nothing of who asked.

    `example` is the newest scenario of the kind, from which a filing of one's own may begin.
    """

    purpose: str
    sector: str
    region: str
    term_days: int
    onward_transfer: bool
    public_release: bool
    limits: Limits | None
    times: int
    last: str
    example: str


@dataclass(frozen=True, slots=True)
class Library:
    """What a product was approved for, the most frequent first, and how scenarios of it ended."""

    precedents: tuple[Precedent, ...]
    states: tuple[tuple[ScenarioState, int], ...]


def library_of(product: Product, work: UnitOfWork) -> Library:
    """Return the uses that a product was approved for, whether they run or have ended.

    No buyer is named, and nothing that stands behind a commitment is told.
    """
    scenarios = work.scenarios.of_product(product.number)
    alike: dict[tuple[object, ...], list[Scenario]] = {}
    for each in scenarios:
        if each.approved_on is not None:
            alike.setdefault(_kind(each), []).append(each)
    found = [_precedent(group) for group in alike.values()]
    found.sort(key=lambda each: (-each.times, each.last, each.example))
    states = Counter(each.state for each in scenarios)
    counts = tuple((state, states[state]) for state in ScenarioState if states[state])
    return Library(tuple(found), counts)


def _kind(each: Scenario) -> tuple[object, ...]:
    passing = (each.onward_transfer, each.public_release)
    return (each.purpose, each.sector, each.region, each.term_days, *passing, each.limits)


def _precedent(group: list[Scenario]) -> Precedent:
    newest = max(group, key=lambda each: (str(each.approved_on), each.id))
    return Precedent(
        purpose=newest.purpose,
        sector=newest.sector,
        region=newest.region,
        term_days=newest.term_days,
        onward_transfer=newest.onward_transfer,
        public_release=newest.public_release,
        limits=newest.limits,
        times=len(group),
        last=str(newest.approved_on),
        example=newest.id,
    )


def listed_sheets(work: UnitOfWork, floor: Floor) -> dict[str, SpecSheet]:
    """Return the sheet of every product on the board, by number."""
    today = floor.clock().date()
    return {
        product.number: sheet_of(product, work)
        for product in work.products.listed()
        if product.as_of(today).listing is ListingState.LISTED
    }


def fit_products(
    wish: Wish, *, work: UnitOfWork, floor: Floor, most: int = FITS_MAX
) -> list[Match]:
    """Return the listed products that come nearest to a wish, the best first."""
    sheets = listed_sheets(work, floor)
    weights = rarity(gist(sheet) for sheet in sheets.values())
    derived = work.products.derivatives()  # of all others no entry needs to be read
    found = ranked(
        match(
            wish,
            number,
            sheet,
            weights,
            terms_inherited(number, work) if number in derived else (),
        )
        for number, sheet in sheets.items()
    )
    return found[:most]


def terms_inherited(number: str, work: UnitOfWork) -> list[tuple[str, Conditions]]:
    """Return the conditions of everything that a product is derived from, by number."""
    product = work.products.get(number)
    return [(each.number, each.conditions) for each in ancestors_of(product, work)]

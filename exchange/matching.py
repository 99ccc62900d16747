"""Matching demand and supply: what a listed product has for a use, and what stands in the way.

A match says two things apart.  `obstacles` are what the conditions of use do not allow of the
wish, exactly as the trade rules will say (`exchange.scenarios.uncovered`), and the budget where
the list price is above it.  `points`, of 1,000, say how well the product fits: the purpose and
the region exactly, the sector, and the words by a measure of character pairs, which needs no
dictionary of Chinese.  Everything is counted in whole numbers, and nothing depends on the order
in which products are looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar, Final

from annotated_types import Gt, Le, Len
from pydantic import ConfigDict, Field

from exchange.records import STRICT, Amount
from exchange.scenarios import TERM_DAYS_MAX, Scenario, ScenarioState, uncovered
from exchange.specsheet import Conditions, Name, PriceMode, SpecSheet
from ledger.places import lies_within

WORDS: Final = 500  # points that the words can bring, of 1,000
PURPOSE: Final = 200
REGION: Final = 100
SECTOR: Final = 100
BUDGET: Final = 100
_RUN: Final = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_LATER: Final = Field(exclude_if=lambda value: value in (None, "", ()))


@dataclass(frozen=True, slots=True)
class Wish:
    """A use that data is looked for: what a scenario says, a budget, and words for the data.

    `sector`, `words` and `budget` (the most that may be paid) say nothing where they are empty.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    purpose: Name
    region: Name
    term_days: Annotated[int, Gt(0), Le(TERM_DAYS_MAX)]
    recipients: Annotated[int, Gt(0)] = 1
    onward_transfer: bool = False
    public_release: bool = False
    sector: Annotated[str, _LATER] = ""
    words: Annotated[tuple[Annotated[str, Len(1, 2_000)], ...], _LATER] = ()
    budget: Annotated[Amount | None, _LATER] = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a match: how many of how many points, and why."""

    name: str
    points: int
    most: int
    says: str


@dataclass(frozen=True, slots=True)
class Match:
    """How one product fits a wish: its parts, their sum of 1,000, and what stands in the way."""

    product: str
    name: str
    points: int
    parts: tuple[Part, ...]
    obstacles: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class Gist:
    """The words of a sheet: those of its name and keywords, and all the others."""

    head: frozenset[str]
    body: frozenset[str]


def grams(text: str) -> frozenset[str]:
    """Return the words of a text: Latin words whole, and pairs of neighbouring Han characters."""
    found: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).casefold()):
        if run[0] < "\u3400" or len(run) == 1:
            found.add(run)
        else:
            found |= {run[at : at + 2] for at in range(len(run) - 1)}
    return frozenset(found)


def gist(sheet: SpecSheet) -> Gist:
    """Return the words of a sheet."""
    basic = sheet.basic
    fields = [f"{each.name} {each.meaning}" for each in sheet.content.fields]
    return _gist(
        " ".join([basic.name, basic.name_en, *basic.keywords]),
        " ".join([basic.description, basic.industry, *fields, *sheet.use_cases]),
    )


# The same sheets are looked at for every wish; an exchange has about ten thousand on its board.
@lru_cache(maxsize=16_384)
def _gist(head: str, body: str) -> Gist:
    first = grams(head)
    return Gist(first, grams(body) - first)


def rarity(gists: Iterable[Gist]) -> Mapping[str, int]:
    """Return what each word weighs: the bits of how many products there are to one that has it."""
    counted: Counter[str] = Counter()
    total = 0
    for each in gists:
        total += 1
        counted.update(each.head)
        counted.update(each.body)
    return {word: (total // times).bit_length() for word, times in counted.items()}


def likeness(wanted: frozenset[str], offered: Gist, weights: Mapping[str, int]) -> int:
    """Return how much of the words wanted is offered, of 1,000; half where only in the body.

    A word that no listed product has weighs one, so that what nobody offers is missed.
    """
    whole = sum(2 * weights.get(word, 1) for word in wanted)
    if not whole:
        return 0
    found = sum(
        weights.get(word, 1) * (2 if word in offered.head else 1)
        for word in wanted
        if word in offered.head or word in offered.body
    )
    return 1_000 * found // whole


def match(
    wish: Wish,
    number: str,
    sheet: SpecSheet,
    weights: Mapping[str, int],
    ancestors: Iterable[tuple[str, Conditions]] = (),
) -> Match:
    """Return how a listed product fits a wish; `ancestors` are what it is derived from."""
    conditions, price = sheet.conditions, sheet.price
    parts = [
        _exact("purpose", wish.purpose, conditions.purposes, PURPOSE),
        _placed(wish.region, conditions.regions),
        _exact("sector", wish.sector, (sheet.basic.sector, sheet.basic.industry), SECTOR),
    ]
    wanted = grams(" ".join(wish.words))
    alike = likeness(wanted, gist(sheet), weights)
    shared = sorted(
        wanted & (gist(sheet).head | gist(sheet).body),
        key=lambda word: (-weights.get(word, 1), word),
    )
    words = ", ".join(shared[:8]) or "none of the words"
    parts.append(Part("words", WORDS * alike // 1_000, WORDS, words))
    obstacles = list(uncovered(_as_scenario(wish), conditions, ancestors))
    ask = price.amount if price.mode is PriceMode.ONE_OFF else None
    if price.mode is PriceMode.FREE:
        parts.append(Part("budget", BUDGET, BUDGET, "free"))
    elif ask is None or wish.budget is None or ask.currency is not wish.budget.currency:
        says = "no budget is given" if wish.budget is None else "the price is negotiated"
        parts.append(Part("budget", BUDGET // 2, BUDGET, says))
    elif ask.minor <= wish.budget.minor:
        parts.append(Part("budget", BUDGET, BUDGET, f"the list price is {ask}"))
    else:
        parts.append(Part("budget", 0, BUDGET, f"the list price is {ask}"))
        obstacles.append(f"budget: the list price is {ask}, the budget {wish.budget}")
    points = sum(part.points for part in parts)
    return Match(number, sheet.basic.name, points, tuple(parts), tuple(obstacles))


def _exact(name: str, wanted: str, offered: Iterable[str], most: int) -> Part:
    if not wanted:
        return Part(name, most // 2, most, "nothing is said")
    found = wanted in tuple(offered)
    says = f"{wanted} is allowed" if name != "sector" else f"{wanted} is its own"
    return Part(name, most if found else 0, most, says if found else f"{wanted} is not named")


def _placed(wanted: str, offered: Iterable[str]) -> Part:
    around = [each for each in offered if lies_within(wanted, each)]
    return _exact("region", wanted, [wanted] if around else [], REGION)


def _as_scenario(wish: Wish) -> Scenario:
    """Return a wish as the scenario that would be filed of it."""
    return Scenario(
        id="",
        buyer="",
        product="",
        purpose=wish.purpose,
        region=wish.region,
        term_days=wish.term_days,
        recipients=("recipient",) * min(wish.recipients, 50),
        onward_transfer=wish.onward_transfer,
        public_release=wish.public_release,
        description="",
        state=ScenarioState.FILED,
        head="",
    )


def ranked(matches: Iterable[Match]) -> list[Match]:
    """Return matches in order: those with nothing in the way first, then by points and number."""
    return sorted(matches, key=lambda each: (not each.fits, -each.points, each.product))

"""Splits by chance: a million amounts divided by every allocator, and not a unit lost.

    python -m tests.pricing.splits --count 1000000

Amounts of every size and sign, owners of every kind, games of floats and of fractions, useless
owners and equal ones.  Exits with 1 at the first allocation that breaks a promise.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from pricing import plugins
from pricing.errors import BadInput, BadShares
from pricing.games import Utility
from pricing.games.airport import Airport
from pricing.games.coverage import Coverage
from pricing.games.table import Table
from pricing.games.voting import WeightedVoting
from pricing.money import MINOR_MAX, Currency, Money, total
from pricing.sharing import Allocation, Allocator, Owner, SharingCase
from pricing.sharing.permutation import PermutationShapley

# Programs take milliseconds where counting takes microseconds: they are drawn the more rarely.
ODDS: Final = {"fixed": 1.0, "by-rows": 1.0, "least-core": 0.01, "nucleolus": 0.01}
ODDS_OF_OTHERS: Final = 0.3

SAMPLED: Final = {"permutation-shapley": PermutationShapley(seed=1, orders=32)}
"""Estimates by chance of equal owners differ."""


def allocators() -> dict[str, Allocator]:
    """Return every registered allocator that divides by what these cases have."""
    found: dict[str, Allocator] = dict(SAMPLED)
    every_kind = SharingCase(Money(9), (Owner("a", 1, 1),), game=WeightedVoting(1, (1,)))
    for name in plugins.names("allocators"):
        if name in found:
            continue
        try:
            allocator = plugins.load("allocators", name)()
            allocator.allocate(every_kind)
        except (TypeError, BadInput):  # it needs parameters that name owners, or a game of its own
            continue
        found[name] = allocator
    return found


def amount(chance: random.Random) -> Money:
    sizes = (0, 1, 7, 100, 9_999, 10**6, 10**12, MINOR_MAX)
    return Money(
        chance.randint(-1, 1) * chance.randint(0, chance.choice(sizes)),
        chance.choice(list(Currency)),
    )


def game(chance: random.Random, counts: list[int]) -> Utility:
    """Return a game in which equal counts make equal owners, and a count of 0 adds nothing."""
    n, kind = len(counts), chance.randrange(4)
    if kind == 0:
        return WeightedVoting(chance.randint(1, max(1, sum(counts))), tuple(counts))
    if kind == 1:
        return Airport(tuple(Fraction(count, 7) for count in counts))
    if kind == 2:
        return Coverage(tuple(tuple(range(count % 40)) for count in counts))
    power = chance.choice((0.5, 1.0, 1.3))
    sums = [sum(counts[i] for i in range(n) if mask >> i & 1) for mask in range(1 << n)]
    return Table(tuple(0.1 * held**power for held in sums))


def case(chance: random.Random) -> SharingCase:
    counts = [
        chance.choice((0, 1, 1, 2, 3, chance.randint(0, 10**6)))
        for _ in range(chance.randint(1, 5))
    ]
    owners = tuple(Owner(f"owner-{i}", count, count) for i, count in enumerate(counts))
    return SharingCase(amount(chance), owners, game=game(chance, counts))


def broken(allocation: Allocation, of: SharingCase, *, sampled: bool) -> Iterator[str]:
    """Name the promises that an allocation breaks."""
    if total((share.part for share in allocation.shares), of.amount.currency) != of.amount:
        yield "units are lost or made"
    if sum(share.share for share in allocation.shares) != 1:
        yield "the shares do not sum to one"
    kind: dict[int | None, Fraction] = {}
    for owner, share in zip(of.owners, allocation.shares, strict=True):
        if abs(share.part.minor - of.amount.minor * share.share) >= 1:
            yield f"{share} is a unit or more from its share"
        if not owner.weight and share.part.minor:
            yield f"{share} is paid for nothing"
        if not sampled and kind.setdefault(owner.weight, share.share) != share.share:
            yield f"{share} differs from its equal"


def run(count: int, seed: int) -> Counter[str]:
    """Divide `count` times; return how often by which allocator, and how often it refused."""
    chance = random.Random(seed)  # noqa: S311 - cases to try, no secret
    done, every = Counter[str](), allocators()
    names = list(every)
    odds = [ODDS.get(name, ODDS_OF_OTHERS) for name in names]
    for name in chance.choices(names, odds, k=count):
        of = case(chance)
        try:
            allocation = every[name].allocate(of)
        except BadShares:
            done[f"{name}, refused"] += 1
            continue
        for promise in broken(allocation, of, sampled=name in SAMPLED):
            raise AssertionError(f"{name}: {promise}: {of}")
        done[name] += 1
    return done


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--count", type=int, default=2_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    for name, times in sorted(run(given.count, given.seed).items()):
        print(f"{name:30} {times:9,}")  # noqa: T201 - a report
    print(f"{given.count:,} splits of seed {given.seed}: no unit lost")  # noqa: T201


if __name__ == "__main__":
    main()

"""What a learned price costs a step, beside MABWiser, and what clearing an auction costs.

UCB1 and MABWiser's UCB1 (alpha 1, the same index) are told the same buyers, propose, are told the
answer and propose again; a figure counts only if both propose the same prices throughout.
MABWiser is given its first round on every price beforehand, which it does not do by itself.  The
other learners have no peer there and are timed alone.  Each mechanism clears the same auction
again and again, bids and outcome built and checked anew.  CPU seconds, medians of rounds in
turns.

    python benchmarks/pricing_learning.py --steps 3000 --repeats 5
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import statistics
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

sys.path.append(str(Path(__file__).parents[1]))

from ledger_workload import cpu, print_machine, print_table, verdict

from pricing.chance import Lots
from pricing.gains import GainCurve, Knot
from pricing.laws import Law, Shape
from pricing.learning import Answer, Grid, Learner, Trial
from pricing.learning.exp3 import Exp3
from pricing.learning.hedge import Hedge
from pricing.learning.ucb1 import KleinbergLeighton, UpperConfidence
from pricing.mechanisms import UNLIMITED, Auction, Bid, Mechanism
from pricing.mechanisms.data_market import DataMarket
from pricing.mechanisms.first_price import FirstPrice
from pricing.mechanisms.myerson import MyersonAuction
from pricing.mechanisms.posted import PostedPrice
from pricing.mechanisms.rsop import RandomSampling
from pricing.mechanisms.second_price import SecondPrice
from pricing.mechanisms.vcg import VickreyClarkeGroves
from pricing.money import Money

BAR: Final = 20.0
PEER: Final = "mabwiser"
CEILING: Final = Money(10_000)


def worths(count: int) -> list[Money]:
    """Return what the product is worth to so many buyers."""
    lots = Lots(20_261_127, 1)
    return [Money(lots.below(10_001)) for _ in range(count)]


def ours(learner: Learner, buyers: Sequence[Money]) -> tuple[float, list[int]]:
    """Return the CPU seconds of a life among these buyers, and the prices it proposed."""
    state, proposed = learner.start(), []
    began = cpu()
    for worth in buyers:
        price = state.propose()
        answer = Answer.BOUGHT if worth.minor >= price.minor else Answer.DECLINED
        state.update(Trial(price, answer, worth))
        proposed.append(price.minor)
    return cpu() - began, proposed


def theirs(prices: Sequence[Money], buyers: Sequence[Money]) -> tuple[float, list[int]]:
    """Do the same by MABWiser; the first offer of every price is made before the clock starts."""
    from mabwiser.mab import MAB, LearningPolicy  # noqa: PLC0415 - a peer of this benchmark alone

    arms = [price.minor for price in prices]
    top = arms[-1]
    first = [
        arm / top if worth.minor >= arm else 0.0 for arm, worth in zip(arms, buyers, strict=False)
    ]
    bandit = MAB(arms, LearningPolicy.UCB1(alpha=1.0))
    bandit.fit(arms, first)
    proposed = []
    began = cpu()
    for worth in buyers[len(arms) :]:
        arm = bandit.predict()
        bandit.partial_fit([arm], [arm / top if worth.minor >= arm else 0.0])
        proposed.append(arm)
    return cpu() - began, arms + proposed


def compare(steps: int, repeats: int) -> None:
    """Print steps a second, ours beside the peer where it is installed."""
    measured = importlib.util.find_spec(PEER) is not None
    rows = []
    for count in (10, 50):
        grid = Grid(Money(10_000 // count), CEILING, count)
        buyers = worths(steps)
        spent: dict[str, list[float]] = {"ours": [], "peer": []}
        for _ in range(repeats):
            seconds, proposed = ours(UpperConfidence(grid), buyers)
            spent["ours"].append(seconds / steps)
            if measured:
                seconds, again = theirs(grid.prices, buyers)
                spent["peer"].append(seconds / (steps - count))
                assert proposed == again, "the two propose other prices"  # noqa: S101 - void then
        mine = statistics.median(spent["ours"])
        rows.append([f"UCB1, {count} prices, ours", f"{mine * 1e6:,.1f} µs", "", "", ""])
        if measured:
            peer = statistics.median(spent["peer"])
            name = f"MABWiser {importlib.metadata.version(PEER)}"
            said = [f"{peer / mine:.1f} ×", f"≥ {BAR:.0f} ×", verdict(peer / mine, BAR)]
            rows.append([f"UCB1, {count} prices, {name}", f"{peer * 1e6:,.1f} µs", *said])
    print_table(["a step", "CPU", "peer / ours", "bar", ""], rows)
    if not measured:
        print(f"left out: {PEER} is not installed, so that no bar holds or falls short\n")


def learners(steps: int, repeats: int) -> None:
    """Print steps a second of every learner."""
    grid, buyers = Grid(Money(1_000), CEILING, 10), worths(steps)
    made: dict[str, Learner] = {
        "ucb1": UpperConfidence(grid),
        "kleinberg-leighton": KleinbergLeighton(CEILING, steps),
        "exp3": Exp3.tuned(grid, steps, seed=1),
        "hedge": Hedge.tuned(grid, steps, seed=1),
    }
    rows = []
    for name, learner in made.items():
        seconds = statistics.median(ours(learner, buyers)[0] for _ in range(repeats))
        rows.append([name, len(learner.prices), f"{steps / max(seconds, 1e-9):,.0f}"])
    print_table(["learner", "prices", "steps/s of CPU"], rows)


def mechanisms(count: int) -> list[tuple[str, Mechanism, Callable[[], Auction]]]:
    """Return every mechanism with an auction of so many bids."""
    amounts = [worth.minor for worth in worths(count)]
    curve = GainCurve((Knot(Fraction(0), Fraction(1)), Knot(Fraction(1), Fraction(0))))
    items = tuple("abcdefgh")

    def single(**settings: Any) -> Auction:  # noqa: ANN401 - what an auction takes
        return Auction(tuple(Bid(f"{i}", Money(a)) for i, a in enumerate(amounts)), **settings)

    def several() -> Auction:
        pairs = (tuple(sorted({items[i % 8], items[i // 8 % 8]})) for i in range(count))
        bids = (
            Bid(f"{i}", Money(a), pair)
            for i, (a, pair) in enumerate(zip(amounts, pairs, strict=True))
        )
        return Auction(tuple(bids), items=items)

    def tasks() -> Auction:
        bids = (Bid(f"{i}", Money(a), gain=curve) for i, a in enumerate(amounts))
        return Auction(tuple(bids), supply=UNLIMITED)

    law = Law(Shape.UNIFORM, (Money(0), CEILING))
    market = DataMarket(Grid(Money(1_000), CEILING, 10), 0.1, Fraction(1), seed=1)
    return [
        ("posted-price", PostedPrice(Money(5_000)), lambda: single(supply=3)),
        ("first-price", FirstPrice(), lambda: single(supply=3)),
        ("second-price", SecondPrice(), lambda: single(supply=3)),
        ("myerson", MyersonAuction(law), lambda: single(supply=3)),
        ("rsop", RandomSampling(seed=1), lambda: single(supply=UNLIMITED)),
        ("vcg, 8 items", VickreyClarkeGroves(), several),
        ("data-market", market, tasks),
    ]


def clearing(counts: Sequence[int], seconds: float, repeats: int) -> None:
    """Print auctions a second, by mechanism and number of bids."""
    rows = []
    for name, *_ in mechanisms(1):
        row = [name]
        for count in counts:
            _, mechanism, auction = next(each for each in mechanisms(count) if each[0] == name)
            rates = (_rate(mechanism, auction, seconds) for _ in range(repeats))
            row.append(f"{statistics.median(rates):,.0f}")
        rows.append(row)
    print_table(["auctions/s of CPU", *(f"{count} bids" for count in counts)], rows)


def _rate(mechanism: Mechanism, auction: Callable[[], Auction], seconds: float) -> float:
    began, cleared = cpu(), 0
    while cpu() - began < seconds:
        mechanism.clear(auction())
        cleared += 1
    return cleared / (cpu() - began)


def main() -> None:
    """Time learners and mechanisms."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=3_000)
    parser.add_argument("--seconds", type=float, default=0.3, help="of a mechanism, a round")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print_machine(steps=options.steps)
    compare(options.steps, options.repeats)
    learners(options.steps, options.repeats)
    clearing((5, 50), options.seconds, options.repeats)


if __name__ == "__main__":
    main()

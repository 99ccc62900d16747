"""A depth on paper: who would pay what is worked out, and nothing is signed, held or logged.

The kernel plays a market on it as on an exchange, with the same decisions; lessons that need
thousands of trades and no ledger are learned there.  What it leaves out is everything that makes
an exchange one: compliance, money that may be short, contracts, and the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from exchange.simulation.depth import Closing, Ending, Offering, Outcome, Placed, Wish
from exchange.simulation.kernel import FEE_NOTICE
from exchange.simulation.market import Blow, Market, Way
from exchange.simulation.market.plugged import built
from pricing.mechanisms import Auction, Bid
from pricing.money import Money


class OnPaper:
    """A market on paper; `folder` holds nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._offerings: dict[int, Offering] = {}
        self._market: Market

    def open(self, market: Market, seed: int) -> None:  # noqa: ARG002 - there are no keys
        """Begin."""
        self._market = market
        self._fees = {0: market.house.fee_ppm}  # by the first day on which each holds

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> Sequence[str]:  # noqa: ARG002 - nobody is refused
        """Let everybody in, under its handle."""
        return [handle for _, handle, _, _ in agents]

    def place(self, offerings: Sequence[Offering]) -> Sequence[Placed]:
        """Take products as they are."""
        self._offerings |= {each.number: each for each in offerings}
        self._due = [Placed(each.number, f"product-{each.number}") for each in offerings]
        return self._due

    def list_due(self, day: int) -> Sequence[Placed]:  # noqa: ARG002 - no notice runs
        """List what has just been placed."""
        due, self._due = self._due, []
        return due

    def carry_out(self, wishes: Sequence[Wish]) -> Sequence[Outcome]:
        """Say what each would pay; bids for one product are one auction."""
        outcomes: list[Outcome] = []
        for product, together in groupby(
            wishes, key=lambda wish: wish.product if wish.way is Way.AUCTION else -1
        ):
            if product < 0:
                outcomes += map(self._offered, together)
            else:
                outcomes += self._auctioned(product, list(together))
        return outcomes

    def _offered(self, wish: Wish) -> Outcome:
        asked = wish.offer or self._offerings[wish.product].price
        if asked > wish.limit:
            return Outcome(wish.number, Ending.DECLINED, offered=asked)
        return self._paid(wish, asked)

    def _auctioned(self, product: int, wishes: Sequence[Wish]) -> list[Outcome]:
        kind = self._market.kind(self._offerings[product].kind)
        assert kind.mechanism is not None  # noqa: S101 - the reader asks for one
        mechanism = built("mechanism", kind.mechanism, seed=wishes[0].number)
        bids = tuple(Bid(str(wish.number), Money(wish.limit)) for wish in wishes)
        cleared = mechanism.clear(Auction(bids, supply=kind.licences))
        return [
            self._paid(wish, cleared.paid_by(str(wish.number)).minor)
            if cleared.award_of(str(wish.number))
            else Outcome(wish.number, Ending.DECLINED)
            for wish in wishes
        ]

    def _paid(self, wish: Wish, amount: int) -> Outcome:
        ppm = self._fees[max(day for day in self._fees if day <= wish.day)]
        fee = round(amount * ppm / 1_000_000)
        kind = self._market.kind(self._offerings[wish.product].kind)
        left = amount - fee
        others = left if kind.contributors else 0
        return Outcome(
            wish.number,
            Ending.EXECUTED,
            f"trade-{wish.number}",
            offered=amount,
            amount=amount,
            fee=fee,
            to_supplier=left - others,
            to_contributors=others,
        )

    def end_day(self, day: int) -> None:
        """Nothing lapses."""

    def strike(self, day: int, blow: str, target: Sequence[int], amount: int) -> None:  # noqa: ARG002 - nobody leaves
        """Take down a fee; whatever else changes, the kernel itself changes."""
        if blow == Blow.FEE:
            self._fees[max(day, FEE_NOTICE)] = amount  # published seven days ahead

    def close(self) -> Closing:
        """Say that nothing was written down."""
        return Closing(0, "", {}, 0)

    def save(self, folder: Path) -> None:
        """Keep nothing."""

    def resume(self, market: Market, seed: int, folder: Path) -> None:  # noqa: ARG002 - nothing kept
        """Begin anew."""
        self.open(market, seed)

    def leave(self) -> None:
        """There is nothing to leave."""

    def audit(self) -> Sequence[str]:
        """There is nothing to audit."""
        return ()

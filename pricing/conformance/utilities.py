"""The contract of a utility."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np

from pricing.games import Batched, Blocked, Counted, Prefixed, Solved, Utility, worth
from pricing.games.asking import block_worths
from pricing.marginals import Marginals, shapley_weight
from pricing.marginals.exactly import exactly
from pricing.money import Money
from pricing.sharing import Owner, SharingCase
from pricing.wire import from_wire, to_wire

_ASKED_MAX = 8  # players of a game that is asked about everything


class UtilityContract:
    """What every utility keeps to; `utility` is one of at most 8 players.

    All questions that it answers must have one answer.  Floats may differ by rounding: within
    `tolerance` of the largest worth.
    """

    utility: Utility
    tolerance: float = 1e-12

    def test_every_coalition_has_a_worth(self) -> None:
        """A finite number, the same when asked again."""
        assert 1 <= self.utility.players <= _ASKED_MAX, "the kit asks games of 1 to 8 players"
        assert self._values() == self._values(), "two answers about one coalition differ"

    def test_a_batch_answers_as_value_does(self) -> None:
        """In any order of masks, and for none."""
        if isinstance(self.utility, Batched):
            masks = np.arange(1 << self.utility.players, dtype=np.uint64)[::-1]
            self._check(self.utility.batch(masks), self._values()[::-1], "batch")
            assert self.utility.batch(masks[:0]).shape == (0,), "a batch of none is not empty"

    def test_blocks_answer_as_value_does(self) -> None:
        """However the mask is parted into high and low bits."""
        if isinstance(self.utility, Blocked):
            n = self.utility.players
            for low in range(n + 1):
                # A simple game may say so in bools.
                blocks = [block_worths(self.utility, high, low) for high in range(1 << (n - low))]
                answers = np.concatenate(blocks)
                self._check(answers, self._values(), f"block of {low} bits")

    def test_prefixes_answer_as_value_does(self) -> None:
        """Nobody's worth first, everybody's last."""
        if isinstance(self.utility, Prefixed):
            n, values = self.utility.players, self._values()
            orders = list(itertools.islice(itertools.permutations(range(n)), 0, None, 17))
            found = self.utility.prefixes(np.array(orders, dtype=np.intp))
            for order, row in zip(orders, found, strict=True):
                masks = itertools.accumulate((1 << i for i in order), int.__or__, initial=0)
                self._check(row, [values[mask] for mask in masks], f"prefixes of {order}")

    def test_a_closed_form_is_the_average_over_all_coalitions(self) -> None:
        """Where the values are known at once, they are the Shapley values."""
        for found in self._closed_forms():
            asked = exactly(self.utility)
            assert asked is not None, "a closed form in fractions, of a game that answers floats"
            assert found == asked.semivalue(shapley_weight), "the closed form is another value"

    def test_what_players_add_is_counted_rightly(self) -> None:
        """By the size of the coalition joined."""
        if isinstance(self.utility, Counted):
            added, asked = self.utility.added(), exactly(self.utility)
            assert added is None or asked is not None
            if added is not None and asked is not None:
                for row, sums in zip(added, asked.added, strict=True):
                    assert row == tuple(Fraction(one, asked.denominator) for one in sums)

    def test_is_read_back_from_a_record(self) -> None:
        """Name and parameters are the whole game."""
        owners = tuple(Owner(f"owner-{i}") for i in range(self.utility.players))
        case = SharingCase(Money(1), owners, game=self.utility)
        assert from_wire(SharingCase, to_wire(case)).game == self.utility

    def _values(self) -> list[Fraction | float]:
        return [worth(self.utility, mask) for mask in range(1 << self.utility.players)]

    def _closed_forms(self) -> list[tuple[Fraction, ...] | tuple[float, ...]]:
        found: list[tuple[Fraction, ...] | tuple[float, ...]] = []
        if isinstance(self.utility, Solved) and (solved := self.utility.shapley()) is not None:
            found.append(solved)
        if isinstance(self.utility, Counted) and (added := self.utility.added()) is not None:
            found.append(Marginals.counted(added, how="counted").semivalue(shapley_weight))
        return found

    def _check(
        self, found: np.typing.NDArray[np.float64], values: list[Fraction | float], which: str
    ) -> None:
        assert found.dtype == np.float64, f"{which}: {found.dtype}, not doubles"
        assert found.shape == (len(values),), f"{which}: {found.shape} for {len(values)} worths"
        largest = max((abs(float(value)) for value in values), default=0.0)
        for one, value in zip(found, values, strict=True):
            assert math.isclose(one, value, rel_tol=0, abs_tol=self.tolerance * largest), (
                f"{which}: {one} where `value` says {value}"
            )

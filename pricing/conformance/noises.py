"""The contract of a noise."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np

from pricing.conformance.replaying import must_refuse
from pricing.noises import Noise

_DRAWN = 40_000  # numbers: their standard deviation is within 3 % of the law's


class NoiseContract:
    """What every noise keeps to: its level is a standard deviation, its seed all of its chance."""

    noise: Noise

    def test_the_same_seed_degrades_alike_and_another_does_not(self) -> None:
        """Chance comes from the seed and from nothing else."""
        data = np.linspace(-1.0, 1.0, 12).reshape(3, 4)
        once, again = (self.noise.degrade(data, 0.5, 7) for _ in range(2))
        assert once.tobytes() == again.tobytes(), "one seed degrades in two ways"
        other = self.noise.degrade(data, 0.5, 8)
        assert once.shape == data.shape, f"{once.shape} of data of {data.shape}"
        assert not np.array_equal(once, other), "two seeds degrade alike"

    def test_the_data_stay_as_they_are(self) -> None:
        """What is sold in a lesser version is still there in full."""
        data = np.ones(5)
        self.noise.degrade(data, 1.0, 1)
        assert np.array_equal(data, np.ones(5)), "the data themselves were degraded"

    def test_at_level_zero_nothing_is_added(self) -> None:
        """Who pays in full gets the data."""
        data = np.linspace(-9.0, 9.0, 7)
        assert np.array_equal(self.noise.degrade(data, 0.0, 3), data), "level 0 adds noise"

    def test_the_level_is_the_standard_deviation_about_the_data(self) -> None:
        """So that levels of two noises compare."""
        for level in (0.25, 4.0):
            added = self.noise.degrade(np.zeros(_DRAWN), level, 11)
            assert abs(float(added.mean())) < 0.03 * level, "the noise is not about the data"
            assert abs(float(added.std()) / level - 1) < 0.05, f"level {level}: {added.std()}"

    def test_data_get_worse_with_the_level(self) -> None:
        """Number by number: nobody gets a better copy by paying less."""
        data = np.zeros(100)
        steps = [np.abs(self.noise.degrade(data, level, 5)) for level in (0.5, 1.0, 2.0)]
        for lesser, greater in itertools.pairwise(steps):
            assert (lesser <= greater).all(), "a higher level made a number better"

    def test_refuses_what_is_out_of_range(self) -> None:
        """A level below zero or without end, and data that are not finite."""
        for level in (-1.0, math.nan, math.inf):
            must_refuse(partial(self.noise.degrade, np.ones(2), level, 1), f"degraded by {level}")
        nothing = np.array([math.nan])
        must_refuse(partial(self.noise.degrade, nothing, 1.0, 1), "degraded what is no number")

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pricing import plugins
from pricing.conformance import NoiseContract
from pricing.errors import BadInput
from pricing.noises import Noise
from pricing.noises.gaussian import Gaussian
from pricing.noises.laplace import Laplace

NOISES = [Gaussian(), Laplace()]


class TestGaussianContract(NoiseContract):
    noise = Gaussian()


class TestLaplaceContract(NoiseContract):
    noise = Laplace()


class Uniform:
    """Half the level, and from nowhere near zero on."""

    def degrade(self, data: Any, level: float, seed: int) -> Any:
        return data + level * np.random.default_rng(seed).random(np.shape(data))


class Careless:
    """Draws anew for every level, and takes any."""

    def degrade(self, data: Any, level: float, seed: int) -> Any:
        drawn = np.random.default_rng([abs(seed), int(level * 8) if level > 0 else 0])
        return data + level * drawn.normal(size=np.shape(data))


@pytest.mark.parametrize(
    ("noise", "test", "said"),
    [
        (Uniform(), NoiseContract.test_the_level_is_the_standard_deviation_about_the_data, "about"),
        (Careless(), NoiseContract.test_data_get_worse_with_the_level, "better"),
        (Careless(), NoiseContract.test_refuses_what_is_out_of_range, "-1.0"),
    ],
)
def test_the_kit_finds_what_a_noise_must_not_do(noise: Any, test: Any, said: str) -> None:
    contract = NoiseContract()
    contract.noise = noise
    with pytest.raises(AssertionError, match=said):
        test(contract)


def test_both_are_registered() -> None:
    assert plugins.names("noises") == ("gaussian", "laplace")
    assert plugins.load("noises", "laplace") is Laplace


@pytest.mark.parametrize(
    ("noise", "drawn"),
    [
        (Gaussian(), [0.49704804841920147, 2.2517223369957167]),
        (Laplace(), [1.0642380716747513, 2.100557227884493]),
    ],
)
def test_noise_by_example(noise: Noise, drawn: list[float]) -> None:
    # Drawn once and written down: another version of numpy must give the same.
    assert noise.degrade(np.array([1.0, 2.0]), 0.5, 7) == pytest.approx(drawn, rel=1e-12)


@pytest.mark.parametrize(("noise", "kurtosis"), [(Gaussian(), 3.0), (Laplace(), 6.0)])
def test_noise_has_the_moments_of_its_law(noise: Noise, kurtosis: float) -> None:
    # The level is the standard deviation of both; the fourth moment tells them apart.
    drawn = noise.degrade(np.zeros((400, 500)), 4.0, 3) / 4.0
    assert drawn.shape == (400, 500)
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    assert abs((drawn**4).mean() - kurtosis) < 0.2


@pytest.mark.parametrize("noise", NOISES)
@given(
    data=arrays.arrays(np.float64, arrays.array_shapes(max_dims=2), elements=st.floats(-9, 9)),
    level=st.floats(0, 100),
    seed=st.integers(-(2**40), 2**40),
)
@settings(deadline=None)
def test_noise_repeats_and_grows_with_its_level(
    noise: Noise, data: Any, level: float, seed: int
) -> None:
    once, again = noise.degrade(data, level, seed), noise.degrade(data, level, seed)
    assert (once == again).all()
    assert (noise.degrade(data, 0, seed) == data).all()
    errors = np.abs(once - data), np.abs(noise.degrade(data, 2 * level, seed) - data)
    assert (errors[0] <= errors[1] + 1e-12).all()


@pytest.mark.parametrize("noise", NOISES)
def test_the_data_stay_as_they_are(noise: Noise) -> None:
    data = np.ones(3)
    assert (noise.degrade(data, 1.0, 1) != noise.degrade(data, 1.0, 2)).all()
    assert data.tolist() == [1.0, 1.0, 1.0]
    assert noise.degrade(np.array([]), 1.0, 1).size == 0


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize(
    ("data", "level", "named"),
    [
        ([1.0], -1.0, "level"),
        ([1.0], math.nan, "level"),
        ([1.0], math.inf, "level"),
        ([1.0], True, "level"),
        ([1.0], "1", "level"),
        ([math.nan], 1.0, "data"),
        ([1.0, math.inf], 0.0, "data"),
        ([1.7e308] * 64, 1e308, "level"),
    ],
)
def test_what_cannot_be_degraded_is_named(
    noise: Noise, data: list[float], level: Any, named: str
) -> None:
    with pytest.raises(BadInput, match=f"^{named}: "):
        noise.degrade(np.array(data), level, 1)

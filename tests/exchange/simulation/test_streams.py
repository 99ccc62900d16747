"""Chance in a market: counted streams, and laws as tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.simulation.chance import SeededChance, drawn_bytes
from exchange.simulation.streams import Distribution, key_of, keys_of, uniform, uniforms


def test_a_draw_is_pinned() -> None:
    assert key_of(1, "buyer-7", "value") == 0x1E7C744E8ACA40CB
    assert (
        uniform(0, 0) == 0.8833108082136426
    )  # SplitMix64 of seed 0 begins with 0xe220a8397b1dcdaf


@given(
    st.integers(0, 2**63),
    st.lists(st.text(max_size=8), min_size=1, max_size=6),
    st.integers(0, 2**40),
)
def test_one_at_a_time_gives_the_bits_of_all_at_once(
    seed: int, agents: list[str], counter: int
) -> None:
    keys = keys_of(seed, agents, "value")
    assert [uniform(int(key), counter) for key in keys] == uniforms(keys, counter).tolist()


def test_another_agent_leaves_the_draws_of_the_others_as_they_were() -> None:
    few, more = keys_of(1, ["a", "b"], "value"), keys_of(1, ["a", "new", "b"], "value")
    assert uniforms(few, 5).tolist() == uniforms(more, 5)[[0, 2]].tolist()


@pytest.mark.parametrize(
    ("law", "middle", "mean"),
    [
        (Distribution("fixed", 7), 7, 7),
        (Distribution("uniform", 2, 4), 3, 3),
        (Distribution("lognormal", 100, 0.5), 100, 113.0),
        (Distribution("exponential", 10), 6.931, 9.98),
    ],
)
def test_a_law_has_its_median_and_mean(law: Distribution, middle: float, mean: float) -> None:
    drawn = law.at(uniforms(keys_of(3, [str(n) for n in range(20_000)], "draw"), 0))
    assert float(law.at(0.5)) == pytest.approx(middle, rel=1e-3)
    assert float(np.mean(drawn)) == pytest.approx(mean, rel=0.02)


def test_the_bytes_of_a_label_do_not_depend_on_what_was_drawn_before() -> None:
    chance, again = SeededChance(1), SeededChance(1)
    chance(16)
    chance.enter("wish 3")
    again.enter("wish 3")
    assert [chance(16), chance(32)] == [again(16), again(32)]
    assert drawn_bytes(1, "wish 3", 1, 32) != drawn_bytes(2, "wish 3", 1, 32)

"""Sketches grow chunk by chunk to what they would be of all rows at once."""

from __future__ import annotations

import numpy as np
import pytest

from exchange.inspection.sketching import Hashes, Smallest, mixed

KEPT = 16


def drawn(seed: int, count: int, different: int) -> tuple[Hashes, Hashes]:
    """Return hashes of which some are the same, none of a cell that is missing, and rows' ranks."""
    chance = np.random.default_rng(seed)
    keys = mixed(chance.integers(1, different, count, dtype=np.uint64))
    ranks = chance.integers(1, 4, count, dtype=np.uint64) + keys
    keys[:: count // 7] = 0
    return keys, ranks


def grown(keys: Hashes, ranks: Hashes, chunk: int) -> Smallest:
    kept = Smallest(KEPT)
    for start in range(0, len(keys), chunk):
        here = slice(start, start + chunk)
        rows = np.stack([keys[here], ranks[here]], axis=1)
        kept.add(keys[here], ranks[here], rows.__getitem__)
    return kept


@pytest.mark.parametrize("different", [5, 17, 100, 4_000])
@pytest.mark.parametrize("chunk", [7, 50, 400, 3_000])
def test_the_smallest_are_kept_and_what_stood_beside_them(different: int, chunk: int) -> None:
    keys, ranks = drawn(different, 3_000, different)
    kept = grown(keys, ranks, chunk)
    wanted = sorted({int(key) for key in keys if key})
    assert kept.keys.tolist() == wanted[:KEPT]
    assert kept.whole == (len(wanted) <= KEPT) or len(wanted) == KEPT
    of = {key: {int(rank) for rank in ranks[keys == key]} for key in wanted[:KEPT]}
    assert kept.alone.tolist() == [len(of[key]) == 1 for key in wanted[:KEPT]]
    assert kept.beside is not None
    assert kept.beside.tolist() == [[key, min(of[key])] for key in wanted[:KEPT]]


def test_what_is_cut_is_whole_no_more() -> None:
    kept = grown(*drawn(1, 300, 10), 50)
    before = kept.sketch
    kept.cut(len(before.keys))
    assert kept.sketch == before
    kept.cut(3)
    assert (kept.sketch.keys, kept.sketch.whole) == (before.keys[:3], False)
    assert kept.beside is not None
    assert len(kept.beside) == len(kept.alone) == 3
    Smallest(KEPT).cut(0)

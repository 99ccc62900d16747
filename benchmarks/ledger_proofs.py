"""Inclusion proofs from tiles, beside rebuilding the tree from its leaves, in one run.

A number from one machine says little; the ratio says what the tiles save.  Both sides make the
same proof for the same random leaves and verify it.

    python benchmarks/ledger_proofs.py --leaves 100000
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import time
from collections.abc import Callable

from ledger.bundle import TILE, levels, tile_path
from ledger.checkpoint import Checkpoint
from ledger.merkle import inclusion_proof, leaf_hash, root_of, verify_inclusion
from ledger.tiles import FetchedTiles, TileTree

SEED = 20260105


def median_seconds(work: Callable[[int], tuple[bytes, ...]], indexes: list[int]) -> float:
    """Return the median CPU seconds of `work` over the indexes."""
    took = []
    for index in indexes:
        start = time.process_time()
        work(index)
        took.append(time.process_time() - start)
    return statistics.median(took)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaves", type=int, default=100_000)
    parser.add_argument("--proofs", type=int, default=200)
    options = parser.parse_args()
    leaves = [leaf_hash(str(number).encode()) for number in range(options.leaves)]
    checkpoint = Checkpoint("benchmark.example/ledger", len(leaves), root_of(leaves))
    tiles = {
        tile_path(str(level), start // TILE, len(hashes[start : start + TILE])): b"".join(
            hashes[start : start + TILE]
        )
        for level, hashes in enumerate(levels(leaves))
        for start in range(0, len(hashes), TILE)
    }
    chance = random.Random(SEED)  # noqa: S311 - a repeatable choice of leaves
    indexes = [chance.randrange(len(leaves)) for _ in range(options.proofs)]

    def cold(index: int) -> tuple[bytes, ...]:
        tree = TileTree(FetchedTiles(tiles.__getitem__), checkpoint)  # nothing read yet
        return tuple(tree.inclusion_proof(index))

    warm = TileTree(FetchedTiles(tiles.__getitem__), checkpoint, cached=len(tiles))

    def cached(index: int) -> tuple[bytes, ...]:
        return tuple(warm.inclusion_proof(index))

    for index in indexes:
        verify_inclusion(leaves[index], index, len(leaves), cold(index), checkpoint.root)
        cached(index)
    rebuilt = median_seconds(lambda index: inclusion_proof(leaves, index), indexes[:5])
    print(f"Python {platform.python_version()}, {len(leaves):,} leaves, seed {SEED}")
    for name, seconds in (
        ("rebuilt from all leaves", rebuilt),
        ("from tiles, cold", median_seconds(cold, indexes)),
        ("from tiles, cached", median_seconds(cached, indexes)),
    ):
        print(f"{name:<26}{seconds * 1000:>10.3f} ms  {rebuilt / max(seconds, 1e-9):>10,.0f} ×")


if __name__ == "__main__":
    main()

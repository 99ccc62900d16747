"""Inclusion proofs from tiles, beside rebuilding the tree and beside pymerkle, in one run.

All sides prove the same random leaves.  Cold means that nothing was read yet: the right edge
and the tiles of one proof are read and checked.  Cached means that the tiles are in memory.  The
tables are those of the exchange in a SQLite file, as certificates read them.  pymerkle stores the
leaves alone; its cold proof is the first of a tree that was opened just now, and opening is free.

    python benchmarks/ledger_proofs.py --leaves 1000000
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ledger_append import PYMERKLE
from ledger_workload import SEED, print_machine, print_table, verdict

from exchange.store.engine import open_engine
from exchange.store.schema import migrate
from exchange.store.sequencing import SqlTiles
from ledger.bundle import TILE, levels, tile_path
from ledger.checkpoint import Checkpoint, sign
from ledger.keys import KeyPair
from ledger.merkle import inclusion_proof, leaf_hash, root_of, row_above, verify_inclusion
from ledger.proofs import TlogProof
from ledger.tiles import FetchedTiles, TileTree

ORIGIN = "benchmark.example/ledger"
LOG = KeyPair.from_seed(bytes(32))
FEW = 3  # proofs of the slow sides


def median_seconds(work: Callable[[int], object], indexes: Sequence[int]) -> float:
    """Return the median CPU seconds of `work` over the indexes."""
    took = []
    for index in indexes:
        start = time.process_time()
        work(index)
        took.append(time.process_time() - start)
    return statistics.median(took)


def fill_tables(path: Path, tiles: Mapping[str, bytes], leaves: Sequence[bytes]) -> None:
    """Put full tiles into the tables, and entries for the leaves that no full tile has."""
    engine = open_engine(path, writing=True)
    migrate(engine)
    full = []
    for level in range(4):
        for number in range(len(leaves) >> 8 * (level + 1)):
            row = data = tiles[tile_path(str(level), number, TILE)]
            while len(row) > 32:
                row = row_above(row)
            full.append((level, number, row, data))
    rest = range(len(leaves) // TILE * TILE, len(leaves))
    rows = [
        (at + 1, f"x/{at}", 1, "x", hashlib.sha256(leaves[at]).hexdigest(), leaves[at].hex(), b"")
        for at in rest
    ]
    with engine.begin() as connection:
        for statement, values in (
            ("INSERT INTO ledger_tile (level, number, root, data) VALUES (?, ?, ?, ?)", full),
            ("INSERT INTO ledger_entry VALUES (?, ?, ?, ?, ?, ?, ?)", rows),
            ("INSERT INTO ledger_place VALUES (?, ?)", [(at, at + 1) for at in rest]),
        ):
            if values:
                connection.exec_driver_sql(statement, values)
    engine.dispose()


def peer_seconds(folder: Path, entries: Sequence[bytes], indexes: Sequence[int]) -> float:
    """Return the median CPU seconds of pymerkle's first proof."""
    from pymerkle import SqliteTree  # noqa: PLC0415 - a peer of benchmarks alone

    path = str(folder / "theirs")
    with SqliteTree(path) as tree:
        tree.append_entries(entries)
    took = []
    for index in indexes:
        with SqliteTree(path) as tree:
            start = time.process_time()
            tree.prove_inclusion(index + 1, len(entries))
            took.append(time.process_time() - start)
    return statistics.median(took)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leaves", type=int, default=1_000_000)
    parser.add_argument("--proofs", type=int, default=200)
    options = parser.parse_args()
    entries = [str(number).encode() for number in range(options.leaves)]
    leaves = [leaf_hash(entry) for entry in entries]
    checkpoint = Checkpoint(ORIGIN, len(leaves), root_of(leaves))
    tiles = {
        tile_path(str(level), start // TILE, len(hashes[start : start + TILE])): b"".join(
            hashes[start : start + TILE]
        )
        for level, hashes in enumerate(levels(leaves))
        for start in range(0, len(hashes), TILE)
    }
    chance = random.Random(SEED)  # noqa: S311 - a repeatable choice of leaves
    indexes = [chance.randrange(len(leaves)) for _ in range(options.proofs)]
    warm = TileTree(FetchedTiles(tiles.__getitem__), checkpoint, cached=len(tiles))
    for index in indexes:
        path = warm.inclusion_proof(index)
        verify_inclusion(leaves[index], index, len(leaves), path, checkpoint.root)
    file = TlogProof(indexes[0], warm.inclusion_proof(indexes[0]), sign(checkpoint, ORIGIN, LOG))
    with tempfile.TemporaryDirectory() as name:
        fill_tables(Path(name) / "store", tiles, leaves)
        engine = open_engine(Path(name) / "store", writing=False)
        with engine.connect() as connection:

            def cold(index: int) -> None:
                TileTree(FetchedTiles(tiles.__getitem__), checkpoint).inclusion_proof(index)

            def cold_tables(index: int) -> None:
                TileTree(SqlTiles(connection), checkpoint).inclusion_proof(index)

            kept = TileTree(SqlTiles(connection), checkpoint, cached=len(tiles))
            for index in indexes:
                verify_inclusion(
                    leaves[index], index, len(leaves), kept.inclusion_proof(index), checkpoint.root
                )
            found = {
                "rebuilt from all leaves": median_seconds(
                    lambda index: inclusion_proof(leaves, index), indexes[:FEW]
                ),
                "from tiles, cold": median_seconds(cold, indexes),
                "from tiles, cached": median_seconds(warm.inclusion_proof, indexes),
                "from the tables, cold": median_seconds(cold_tables, indexes),
                "from the tables, cached": median_seconds(kept.inclusion_proof, indexes),
            }
        engine.dispose()
        if PYMERKLE:
            found["pymerkle, cold"] = peer_seconds(Path(name), entries, indexes[:FEW])
    show(found, len(file.to_bytes()), len(leaves))


def show(found: Mapping[str, float], size: int, leaves: int) -> None:
    """Print what each way takes and the bars."""
    print_machine(leaves=leaves)
    rebuilt = found["rebuilt from all leaves"]
    print_table(
        ["one inclusion proof", "ms", "faster than rebuilding"],
        [
            [name, f"{seconds * 1e3:.3f}", f"{rebuilt / max(seconds, 1e-9):,.0f} ×"]
            for name, seconds in found.items()
        ],
    )
    bars = [
        [
            name,
            f"{found[name] * 1e3:.3f} ms",
            f"≤ {bar} ms",
            verdict(found[name] * 1e3, bar, most=True),
        ]
        for name, bar in (
            ("from tiles, cold", 1.5),
            ("from tiles, cached", 0.1),
            ("from the tables, cold", 1.5),
            ("from the tables, cached", 0.1),
        )
    ]
    if PYMERKLE:
        for side in ("from tiles, cold", "from the tables, cold"):
            ratio = found["pymerkle, cold"] / max(found[side], 1e-9)
            bars.append(
                [f"pymerkle, cold / {side}", f"{ratio:,.0f} ×", "≥ 500 ×", verdict(ratio, 500)]
            )
    else:
        print("pymerkle is not installed: pip install 'guapai[benchmark]'\n")
    bars.append(
        ["a proof file", f"{size:,} bytes", "≤ 1,500 bytes", verdict(size, 1_500, most=True)]
    )
    print_table(["bar", "found", "bar", ""], bars)


if __name__ == "__main__":
    main()

"""Trees of every size as they grow a tile at a time, beside a root computed by the words alone."""

from __future__ import annotations

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit import audit
from ledger.bundle import TILE, write_bundle
from ledger.checkpoint import sign, verify
from ledger.errors import BadProof, Unreadable
from ledger.growth import Growth
from ledger.merkle import EMPTY_ROOT, leaf_hash, node_hash, root_of
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY
from tests.ledger.long import SIZE, leaves, long_log, naive_root, note_of, write_long, write_tall

LEAVES = [leaf_hash(str(number).encode()) for number in range(70_000)]


def grown(size: int) -> Growth:
    tree = Growth()
    for start in range(0, size, TILE):
        tree.add(b"".join(LEAVES[start : min(start + TILE, size)]))
    return tree


def test_every_bundle_of_0_to_600_entries_has_the_naive_root_and_verifies(tmp_path: Path) -> None:
    for size in range(601):
        folder = write_long(tmp_path / str(size), size)
        expected = naive_root(leaves()[:size]) if size else EMPTY_ROOT
        report = audit(folder, key=VKEY, levels="integrity")
        assert report.passed, (size, report.findings)
        assert (report.size, report.root) == (size, expected.hex())
        assert verify((folder / "checkpoint").read_bytes(), VKEY).root == expected


def test_three_entries_have_the_root_that_is_written_out(tmp_path: Path) -> None:
    one, two, three = leaves()[:3]
    report = audit(write_long(tmp_path / "three", 3), key=VKEY, levels="integrity")
    assert report.root == node_hash(node_hash(one, two), three).hex()


def test_every_prefix_in_the_history_of_600_entries_is_continued(tmp_path: Path) -> None:
    folder = write_long(tmp_path / "long", 600, history=range(601))
    report = audit(folder, key=VKEY, levels="integrity")
    assert report.passed, report.findings
    assert report.history == 601
    assert "continues 601 of history/, of size 0 to 600" in report.remarks


@settings(deadline=None)
@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_roots_of_smaller_sizes_are_taken_as_the_tree_passes_them(one: int, other: int) -> None:
    older, size = sorted((one, other))
    tree = grown(older // TILE * TILE)
    row = b"".join(LEAVES[tree.size : min(tree.size + TILE, size)])
    assert tree.root(row[: (older - tree.size) * 32]) == root_of(LEAVES[:older])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 65_535, 65_536, 65_537, 66_048, 70_000])
def test_the_tiles_at_the_edges_of_levels(size: int) -> None:
    tree = Growth()
    tiles = []
    for start in range(0, size, TILE):
        tiles += tree.add(b"".join(LEAVES[start : min(start + TILE, size)]))
    tiles += tree.open_tiles()
    assert tree.root() == root_of(LEAVES[:size])
    for level in range(3):
        held = [(number, hashes) for at, number, hashes in tiles if at == level]
        assert [number for number, _ in held] == list(range(len(held)))
        assert sum(len(hashes) // 32 for _, hashes in held) == size >> (8 * level)


def test_nothing_follows_a_tile_that_is_not_full() -> None:
    tree = grown(300)
    with pytest.raises(BadProof, match="no tile of hashes after 300 leaves"):
        tree.add(LEAVES[300])
    for row in (b"", b"x", bytes(33), bytes(257 * 32)):
        with pytest.raises(BadProof, match="no tile of hashes after 0 leaves"):
            Growth().add(row)


def test_a_bundle_of_other_entries_than_its_checkpoint_is_not_finished(tmp_path: Path) -> None:
    with pytest.raises(BadProof, match="299 entries do not lead to the root"):
        write_bundle(
            tmp_path / "b", long_log()[:299], note=note_of(300), vkey=str(VKEY), records={}
        )
    assert not (tmp_path / "b" / "checkpoint").exists()
    with pytest.raises(Unreadable, match="checkpoint: No such file"):
        audit(tmp_path / "b", key=VKEY)


def test_records_may_come_one_by_one(tmp_path: Path) -> None:
    pairs = [(hashlib.sha256(bytes([n])).hexdigest(), bytes([n])) for n in range(3)]
    for name, records in (("pairs", iter(pairs)), ("mapping", dict(pairs))):
        write_bundle(
            tmp_path / name, long_log(), note=note_of(SIZE), vkey=str(VKEY), records=records
        )
        assert {path.name for path in (tmp_path / name / "records").iterdir()} == {
            digest for digest, _ in pairs
        }


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    def peak(size: int) -> int:
        folder = tmp_path / str(size)
        write_tall(folder, size)
        tracemalloc.start()
        report = audit(folder, key=VKEY, levels="integrity")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert report.passed
        return most

    # Names of files that were read and 32 bytes a tile remain; 40,000 leaf hashes are 2.6 MB.
    assert peak(40_000) - peak(2_000) < 500_000


def test_a_note_in_history_is_kept_as_it_was_signed(tmp_path: Path) -> None:
    folder = write_long(tmp_path / "b", 20, history=[3, 7])
    assert (folder / "history" / "7").read_bytes() == note_of(7)
    assert sign(verify(note_of(7), VKEY), ORIGIN, LOG_KEY) == note_of(7)

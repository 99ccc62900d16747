"""Proofs from tiles are those of the tree, and no changed tile makes one."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.bundle import TILE, levels, tile_path
from ledger.checkpoint import Checkpoint
from ledger.errors import BadProof, Unreadable
from ledger.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from ledger.tiles import FetchedTiles, TileTree, folder_tiles
from tests.ledger.floor import ORIGIN

LEAVES = [leaf_hash(number.to_bytes(4)) for number in range(70_000)]


@dataclass
class Shelf:
    """Tiles by name, as a log serves them; counts what is asked for."""

    files: dict[str, bytes]
    asked: Counter[str] = field(default_factory=Counter)

    def fetch(self, name: str) -> bytes:
        self.asked[name] += 1
        if name not in self.files:
            raise Unreadable(f"{name}: not there")
        return self.files[name]

    @property
    def source(self) -> FetchedTiles:
        return FetchedTiles(self.fetch)


def shelf(size: int) -> Shelf:
    files = {}
    for level, hashes in enumerate(levels(LEAVES[:size])):
        for start in range(0, len(hashes), TILE):
            part = hashes[start : start + TILE]
            files[tile_path(str(level), start // TILE, len(part))] = b"".join(part)
    return Shelf(files)


def tree(size: int, shelved: Shelf | None = None, cached: int = 64) -> TileTree:
    checkpoint = Checkpoint(ORIGIN, size, root_of(LEAVES[:size]))
    return TileTree((shelved or shelf(size)).source, checkpoint, cached=cached)


@pytest.fixture(scope="module")
def large() -> Shelf:
    return shelf(70_000)


@pytest.mark.parametrize("start", range(0, 601, 100))
def test_proofs_of_every_size_up_to_600_are_those_of_the_list(start: int) -> None:
    drawn = random.Random(start)  # noqa: S311 - the same sizes in every run
    for size in range(start, min(start + 100, 601)):
        found, leaves = tree(size), LEAVES[:size]
        assert found.root(size) == root_of(leaves)
        places = {0, 255, 256, 511, size - 1, drawn.randrange(size + 1)}
        for index in places & set(range(size)):
            assert found.leaf(index) == leaves[index]
            assert found.inclusion_proof(index) == inclusion_proof(leaves, index)
        for old in {1, 2, 255, 256, 257, 512, size, drawn.randrange(601)} & set(range(1, size + 1)):
            assert found.consistency_proof(old) == consistency_proof(leaves, old)
            assert found.root(old) == root_of(leaves[:old])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.integers(1, 600), st.data())
def test_proofs_in_an_older_tree_verify_against_its_root(
    one: int, two: int, data: st.DataObject
) -> None:
    old, new = sorted((one, two))
    found = tree(new)
    index = data.draw(st.integers(0, old - 1))
    path = found.inclusion_proof(index, old)
    verify_inclusion(LEAVES[index], index, old, path, root_of(LEAVES[:old]))
    between = data.draw(st.integers(1, old))
    proof = found.consistency_proof(between, old)
    verify_consistency(between, old, found.root(between), root_of(LEAVES[:old]), proof)


def test_a_tree_of_three_levels_with_the_tiles_that_the_specification_counts(large: Shelf) -> None:
    # C2SP tlog-tiles counts these for a tree of 70,000.
    full = [name for name in large.files if ".p/" not in name]
    assert len(full) == 273 + 1
    partial = sorted(set(large.files) - set(full))
    assert partial == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    found = tree(70_000, large)
    for index in (0, 65_535, 65_536, 69_887, 69_888, 69_999):
        assert found.inclusion_proof(index) == inclusion_proof(LEAVES, index)
    for old in (1, 255, 65_536, 65_537, 69_888, 69_999, 70_000):
        assert found.consistency_proof(old) == consistency_proof(LEAVES, old)


def test_a_proof_reads_a_tile_a_level_and_a_kept_tile_is_not_read_again(large: Shelf) -> None:
    large.asked.clear()
    found = tree(70_000, large)
    assert set(large.asked) == {"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"}
    found.inclusion_proof(300)
    assert large.asked["tile/0/001"] == large.asked["tile/1/000"] == 1
    before = large.asked.total()
    found.inclusion_proof(301)
    found.consistency_proof(300)
    assert large.asked.total() == before


def test_what_is_kept_has_a_bound(large: Shelf) -> None:
    large.asked.clear()
    found = tree(70_000, large, cached=4)
    for index in range(0, 256 * 6, 256):
        found.leaf(index)
    assert found._full.cache_info().currsize == 4
    found.leaf(0)
    assert large.asked["tile/0/000"] == 2


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert tree(0).root(0) == root_of([])
    with pytest.raises(BadProof, match="no leaf 0"):
        tree(0).leaf(0)
    with pytest.raises(BadProof, match="checkpoint: does not lead to the root of size 0"):
        TileTree(shelf(0).source, Checkpoint(ORIGIN, 0, bytes(32)))


def test_places_and_sizes_outside_the_tree() -> None:
    found = tree(300)
    for index in (-1, 300):
        with pytest.raises(BadProof, match="no leaf"):
            found.leaf(index)
        with pytest.raises(BadProof, match="no leaf"):
            found.inclusion_proof(index)
    for size in (-1, 301):
        with pytest.raises(BadProof, match=f"no tree of {size}"):
            found.root(size)
        with pytest.raises(BadProof, match=f"no tree of {size}"):
            found.inclusion_proof(0, size)
    for old in (0, 301):
        with pytest.raises(BadProof, match="no consistency"):
            found.consistency_proof(old)


@pytest.mark.parametrize(
    ("size", "name", "words"),
    [
        (70_000, "tile/0/000", "does not lead to hash 0 of tile/1/000"),
        (70_000, "tile/0/272", "does not lead to hash 16 of tile/1/001.p/17"),
        (70_000, "tile/1/000", "does not lead to hash 0 of tile/2/000.p/1"),
        (70_000, "tile/0/273.p/112", "does not lead to the root of size 70000"),
        (70_000, "tile/1/001.p/17", "does not lead to the root of size 70000"),
        (70_000, "tile/2/000.p/1", "does not lead to the root of size 70000"),
        (256, "tile/0/000", "does not lead to hash 0 of tile/1/000.p/1"),
        (256, "tile/1/000.p/1", "does not lead to the root of size 256"),
        (1, "tile/0/000.p/1", "does not lead to the root of size 1"),
    ],
)
def test_a_changed_tile_is_named(large: Shelf, size: int, name: str, words: str) -> None:
    files = dict(large.files if size == 70_000 else shelf(size).files)
    changed = bytearray(files[name])
    changed[-1] ^= 1
    files[name] = bytes(changed)

    def read_all() -> None:
        found = tree(size, Shelf(files))
        for index in range(0, size, TILE):
            found.inclusion_proof(index)

    with pytest.raises(BadProof, match=f"^{name}: {words}"):
        read_all()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_changed_bit_of_any_tile_makes_another_proof(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([1, 2, 255, 256, 257, 300, 512, 600]))
    shelved = shelf(size)
    name = data.draw(st.sampled_from(sorted(shelved.files)))
    place = data.draw(st.integers(0, len(shelved.files[name]) * 8 - 1))
    changed = bytearray(shelved.files[name])
    changed[place // 8] ^= 1 << place % 8
    shelved.files[name] = bytes(changed)
    index = data.draw(st.integers(0, size - 1))
    try:
        proof = tree(size, shelved).inclusion_proof(index)
    except BadProof as error:
        assert str(error).startswith(name)  # noqa: PT017 - either way is right
    else:
        assert proof == inclusion_proof(LEAVES[:size], index)


def test_tiles_of_another_log_lead_nowhere() -> None:
    other = Checkpoint(ORIGIN, 300, root_of(LEAVES[1:301]))
    with pytest.raises(BadProof, match=r"tile/0/001.p/44: does not lead to the root of size 300"):
        TileTree(shelf(300).source, other)


def test_a_wrong_edge_is_named_though_tiles_below_it_are_missing() -> None:
    shelved = shelf(600)
    del shelved.files["tile/0/000"]
    shelved.files["tile/1/000.p/2"] = bytes(64)
    with pytest.raises(BadProof, match=r"^tile/1/000.p/2"):
        tree(600, shelved)


def test_a_missing_or_cut_tile_is_named() -> None:
    shelved = shelf(300)
    missing = shelved.files.pop("tile/0/000")
    with pytest.raises(Unreadable, match="tile/0/000: not there"):
        tree(300, shelved).leaf(0)
    shelved.files["tile/0/000"] = missing[:-1]
    with pytest.raises(Unreadable, match="tile/0/000: 8191 bytes are not 256 hashes"):
        tree(300, shelved).leaf(0)


def test_a_source_of_too_few_hashes_is_named() -> None:
    class Short:
        def read(self, level: int, number: int, width: int) -> bytes:  # noqa: ARG002
            return bytes(32)

    with pytest.raises(Unreadable, match=r"tile/0/000.p/3: 32 bytes are not 3 hashes"):
        TileTree(Short(), Checkpoint(ORIGIN, 3, root_of(LEAVES[:3])))


def test_a_full_tile_stands_in_for_a_partial_one() -> None:
    grown = shelf(512)  # tile/0/001 is full now, and its partial form was deleted
    grown.files["tile/1/000.p/1"] = shelf(300).files["tile/1/000.p/1"]
    found = tree(300, grown)
    assert found.inclusion_proof(299) == inclusion_proof(LEAVES[:300], 299)


def test_tiles_are_read_from_a_bundles_folder(tmp_path: Path) -> None:
    for name, data in shelf(300).files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    found = TileTree(
        folder_tiles(tmp_path), Checkpoint(ORIGIN, 300, root_of(LEAVES[:300])), cached=1
    )
    assert found.inclusion_proof(7) == inclusion_proof(LEAVES[:300], 7)
    (tmp_path / "tile/0/000").unlink()
    with pytest.raises(Unreadable, match=r"tile/0/000: No such file"):
        TileTree(found._source, found.checkpoint).leaf(0)

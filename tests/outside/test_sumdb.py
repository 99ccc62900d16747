"""The reference implementation of notes and tiles accepts what is published, and nothing changed.

It is golang.org/x/mod/sumdb, as Debian packages it (golang-go, golang-golang-x-mod-dev), driven
by the small program in ``sumdb/main.go``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ledger.bundle import tile_path
from ledger.checkpoint import Checkpoint, sign
from ledger.cosignature import Cosigner
from ledger.merkle import root_of
from ledger.note import Note
from ledger.publish import ListedLog, Publisher, new_tiles
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, full_history, pair
from tests.ledger.test_publish import LEAVES, LOG, note, publish

GOPATH = Path("/usr/share/gocode")
REFERENCE = GOPATH / "src" / "golang.org" / "x" / "mod" / "sumdb"
MISSING = shutil.which("go") is None or not REFERENCE.is_dir()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        MISSING and not os.environ.get("GUAPAI_CI"),  # CI installs it, and fails without
        reason="needs Go and golang.org/x/mod: apt install golang-go golang-golang-x-mod-dev",
    ),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sumdb")
    source = Path(__file__).parent / "sumdb"
    environment = {"GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(made / "cache")}
    subprocess.run(
        ["go", "build", "-o", str(made / "sumdb"), str(source / "main.go")],  # noqa: S607
        env=os.environ | environment,
        check=True,
        timeout=300,
    )
    return made / "sumdb"


def accepted(program: Path, folder: Path, *options: str, vkey: str = str(VKEY)) -> str:
    """Return what the reference says of a folder that it accepts, and of others why not."""
    found = subprocess.run(
        [str(program), *options, str(folder), vkey],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == (0 if found.stdout else 1), found
    return (found.stdout or found.stderr).strip()


@pytest.mark.parametrize("sizes", [(1,), (1, 2), (2, 255), (255, 256), (256, 257), (3, 300, 600)])
def test_the_reference_accepts_what_is_published(
    program: Path, tmp_path: Path, sizes: tuple[int, ...]
) -> None:
    publish(tmp_path, *sizes)
    assert accepted(program, tmp_path) == (
        f"accepted: size {sizes[-1]}, {sizes[-1]} entries proved, "
        f"{len(sizes) - 1} older checkpoints, 0 other signatures"
    )


def test_the_reference_accepts_a_log_of_every_kind_of_entry(program: Path, tmp_path: Path) -> None:
    floor = full_history()
    entries = [entry.data for entry in floor.log.entries()]
    with Publisher(tmp_path, [VKEY]) as publisher:
        publisher.publish(ListedLog(entries), floor.note())
    assert f"accepted: size {len(entries)}, {len(entries)} entries" in accepted(program, tmp_path)


def test_the_reference_accepts_a_tree_of_three_levels(program: Path, tmp_path: Path) -> None:
    size = 65_536 + 300
    for level, number, width in new_tiles(0, size):
        path = tmp_path / tile_path(str(level), number, width)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LOG.read(level, number, width))
    (tmp_path / "history").mkdir()
    for old in (1, 256, 65_535, 65_536):
        (tmp_path / f"history/{old}").write_bytes(note(old))
    (tmp_path / "checkpoint").write_bytes(note(size))
    found = accepted(program, tmp_path, "-entries=false")
    assert re.match(rf"accepted: size {size}, 20\d entries proved, 4 older checkpoints", found)


def test_the_reference_leaves_cosignatures_to_who_knows_the_witness(
    program: Path, tmp_path: Path
) -> None:
    publish(tmp_path, 300)
    opened = Note.parse(note(300))
    witness = Cosigner("witness.example/w1", pair("witness"))
    line = witness.cosign(Checkpoint(ORIGIN, 300, root_of(LEAVES[:300])), 1_767_603_600)
    with Publisher(tmp_path, [VKEY]) as publisher:
        assert publisher.publish_cosigned(Note(opened.body, (*opened.lines, line)).to_bytes())
    assert accepted(program, tmp_path).endswith("1 other signatures")


@pytest.mark.parametrize(
    "name", ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"]
)
def test_the_reference_refuses_what_was_changed(program: Path, tmp_path: Path, name: str) -> None:
    publish(tmp_path, 3, 300)
    path = tmp_path / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert accepted(program, tmp_path).startswith("refused: ")


def test_the_reference_refuses_a_fork_and_a_stranger(program: Path, tmp_path: Path) -> None:
    publish(tmp_path, 3, 300)
    (tmp_path / "history/3").write_bytes(
        sign(Checkpoint(ORIGIN, 3, root_of(LEAVES[1:4])), ORIGIN, LOG_KEY)
    )
    assert accepted(program, tmp_path).startswith("refused: history/3: ")
    stranger = str(VKEY).replace("exchange.example", "another.example")
    assert accepted(program, tmp_path, vkey=stranger).startswith("refused: ")

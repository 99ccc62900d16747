"""A thousand and more single bits changed, each found, or reported as ignored where it stands.

Nothing of what is accepted may change with them: root, size, origin, entries, signatures that
are required.  The bits are drawn from seeds, so a run can be repeated.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.__main__ import main
from ledger.audit import AuditReport, audit
from ledger.checkpoint import VerifierKey, sign, verify
from ledger.cosignature import Cosigner
from ledger.errors import BadNote, BadProof, Unreadable
from ledger.evidence import audit_party, write_party_bundle
from ledger.merkle import inclusion_proof
from ledger.note import from_base64
from ledger.policy import Policy
from ledger.proofs import TlogProof
from ledger.tiles import TileTree, folder_tiles
from tests.ledger.floor import VKEY, pair
from tests.ledger.long import SIZE, leaves, long_log, note_of, write_long, write_tall

WITNESSES = [Cosigner(f"witness.example/{name}", pair(name)) for name in ("w1", "w2")]
POLICY = Policy.parse(
    f"log {VKEY}\nwitness w1 {WITNESSES[0].key}\nwitness w2 {WITNESSES[1].key}\n"
    "group any-of-them any w1 w2\nquorum any-of-them\n".encode()
)
CHECKPOINT = verify(note_of(SIZE), VKEY)
STRANGER = sign(CHECKPOINT, "stranger.example", pair("stranger")).partition(b"\n\n")[2]
NOTE = (
    note_of(SIZE)
    + b"".join(f"{by.cosign(CHECKPOINT, 1_767_603_600)}\n".encode() for by in WITNESSES)
    + STRANGER
)
HISTORY = (0, 1, 255, 256, 257, 600, SIZE)
TALL = 65_536 + 300  # leaves, so that there are three levels

# Where bits are changed, and how many.
PLACES = {
    "checkpoint": 240,
    "history/1": 40,
    "history/256": 40,
    "history/600": 40,
    "tile/entries/000": 60,
    "tile/entries/001": 60,
    "tile/entries/002.p/108": 60,
    "tile/0/000": 50,
    "tile/0/001": 50,
    "tile/0/002.p/108": 50,
    "tile/1/000.p/2": 60,
    "vkey": 30,
}


def flips(data: bytes, seed: str, count: int) -> Iterator[tuple[int, bytes]]:
    """Yield places and the data with one bit changed there."""
    chance = random.Random(seed)  # noqa: S311 - repeats
    for _ in range(count):
        at = chance.randrange(len(data) * 8)
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        yield at // 8, bytes(changed)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_long(tmp_path_factory.mktemp("long") / "b", history=HISTORY, note=NOTE)


@pytest.fixture(scope="module")
def tall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tall")
    write_tall(folder, TALL)
    return folder


def accepted(report: AuditReport) -> tuple[str, int, str]:
    return report.origin, report.size, report.root


EXPECTED = CHECKPOINT.origin, CHECKPOINT.size, CHECKPOINT.root.hex()


def require_found_or_ignored(
    name: str, before: bytes, at: int, report: AuditReport, whole: AuditReport
) -> bool:
    """Return whether it was found; else it is in a signature line that is said to be ignored."""
    if report.findings:
        assert all(finding.words and finding.place for finding in report.findings)
        return True
    assert accepted(report) == EXPECTED
    assert name == "checkpoint" or name.startswith("history/"), (name, at)
    assert at > before.rindex(b"\n\n"), (name, at)  # below the text that is signed
    ignored = [remark for remark in report.remarks if remark.startswith("ignored")]
    assert ignored, (name, at)
    # A required signature is there as it was: of the log, and of a witness the quorum needs.
    assert sum(remark.startswith("cosigned by") for remark in report.remarks) >= 1
    line = before[:at].count(b"\n")
    if before.split(b"\n")[line] + b"\n" != STRANGER:
        assert ignored != [remark for remark in whole.remarks if remark.startswith("ignored")]
    return False


@pytest.mark.parametrize("name", PLACES)
def test_no_bit_of_a_bundle_changes_what_is_accepted(bundle: Path, name: str) -> None:
    whole = audit(bundle, key=VKEY, policy=POLICY, levels="integrity")
    assert whole.passed
    assert accepted(whole) == EXPECTED
    path = bundle / name
    before = path.read_bytes()
    found = 0
    try:
        for at, changed in flips(before, name, PLACES[name]):
            path.write_bytes(changed)
            report = audit(bundle, key=VKEY, policy=POLICY, levels="integrity")
            found += require_found_or_ignored(name, before, at, report, whole)
    finally:
        path.write_bytes(before)
    assert found == PLACES[name] or (name == "checkpoint" and found > PLACES[name] // 2)


def test_the_bits_are_a_thousand_and_more() -> None:
    assert sum(PLACES.values()) + BROUGHT + PROOFS + PARTY + 2 * LEVELS + THROUGH > 1_000


BROUGHT = 80


def test_no_bit_of_a_key_that_is_brought_is_accepted(bundle: Path) -> None:
    for at, changed in flips(str(VKEY).encode(), "brought", BROUGHT):
        try:
            key = VerifierKey.parse(changed.decode())
        except (BadNote, UnicodeDecodeError):
            continue
        assert not audit(bundle, key=key, levels="integrity").passed, at


PROOFS = 240


@pytest.mark.parametrize("extra", [None, b"carried along"])
def test_no_bit_of_a_proof_file_changes_what_is_accepted(extra: bytes | None) -> None:
    index = 300
    entry = long_log()[index].data
    whole = TlogProof(index, inclusion_proof(leaves(), index), NOTE, extra)
    data = whole.to_bytes()
    assert whole.verify_policy(entry, POLICY).checkpoint == CHECKPOINT
    for at, changed in flips(data, f"proof {extra!r}", PROOFS // 2):
        try:
            proof = TlogProof.parse(changed)
            seen = proof.verify_policy(entry, POLICY)
        except (BadNote, BadProof):
            continue
        assert (seen.checkpoint, proof.index, proof.path) == (CHECKPOINT, index, whole.path), at
        in_extra = proof.extra != extra and proof.extra is not None
        assert in_extra or (seen.ignored and at > data.rindex(b"\n\n")), at


def test_no_bit_of_an_entry_is_proved() -> None:
    index = 300
    entry = long_log()[index].data
    proof = TlogProof(index, inclusion_proof(leaves(), index), NOTE)
    for _, changed in flips(entry, "entry", 40):
        with pytest.raises(BadProof):
            proof.verify_policy(changed, POLICY)


PARTY = 120


def test_no_bit_of_a_party_bundle_changes_what_is_accepted(tmp_path: Path) -> None:
    participant = next(e.actor for e in long_log()[2:] if e.kind == "participant.key")
    folder = tmp_path / "party"
    write_party_bundle(
        folder,
        participant,
        long_log(),
        note=NOTE,
        key=VKEY,
        prove=lambda index: inclusion_proof(leaves(), index),
    )
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) > 10
    chance = random.Random("party")  # noqa: S311 - repeats
    for count, path in enumerate([*files, *chance.choices(files, k=PARTY)][:PARTY]):
        before = path.read_bytes()
        for at, changed in flips(before, f"party {count}", 1):
            path.write_bytes(changed)
            try:
                report = audit_party(folder, key=VKEY, policy=POLICY)
            except Unreadable:
                assert path.name == "party"
            else:
                # Not even an ignored line differs: proofs stand under the bundle's very note.
                assert report.findings, (path, at)
        path.write_bytes(before)
    assert audit_party(folder, key=VKEY, policy=POLICY).passed


LEVELS = 12


@pytest.mark.parametrize("name", ["tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"])
def test_no_bit_of_a_higher_level_passes(tall: Path, name: str) -> None:
    path = tall / name
    before = path.read_bytes()
    try:
        for at, changed in flips(before, name, LEVELS if name != "tile/1/001.p/1" else 3):
            path.write_bytes(changed)
            report = audit(tall, key=VKEY, levels="integrity")
            words = f"hash {at // 32} of the tile is not that of its entries"
            assert [(f.place, f.words) for f in report.findings] == [(name, words)]
    finally:
        path.write_bytes(before)


THROUGH = 300


def test_no_bit_of_a_tall_tree_is_in_a_proof(tall: Path, tmp_path: Path) -> None:
    key = VKEY
    checkpoint = verify((tall / "checkpoint").read_bytes(), key)
    index = 40_000
    expected = TileTree(folder_tiles(tall), checkpoint).inclusion_proof(index)
    copy = Path(shutil.copytree(tall / "tile", tmp_path / "tile")).parent
    names = ["tile/0/156", "tile/1/000", "tile/2/000.p/1", "tile/1/001.p/1", "tile/0/257.p/44"]
    for name in names:
        path = copy / name
        before = path.read_bytes()
        for at, changed in flips(before, f"through {name}", THROUGH // len(names)):
            path.write_bytes(changed)
            with pytest.raises(BadProof, match=f"^{name}: "):
                TileTree(folder_tiles(copy), checkpoint).inclusion_proof(index)
            assert at < len(before)
        path.write_bytes(before)
    assert TileTree(folder_tiles(copy), checkpoint).inclusion_proof(index) == expected


# Named examples.


def example(bundle: Path, name: str, how: Callable[[bytes], bytes]) -> AuditReport:
    path = bundle / name
    before = path.read_bytes()
    try:
        path.write_bytes(how(before))
        return audit(bundle, key=VKEY, policy=POLICY, levels="integrity")
    finally:
        path.write_bytes(before)


def test_the_spare_bits_of_base64_are_refused(bundle: Path) -> None:
    """The root's 32 bytes leave two bits of the last letter that decoders pass over."""
    root = note_of(SIZE).split(b"\n")[2]
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = letters[letters.index(root[-2]) | 1 : (letters.index(root[-2]) | 1) + 1]
    other = root[:-2] + spare + b"="
    assert other != root
    with pytest.raises(ValueError, match="not canonical"):
        from_base64(other.decode())
    report = example(bundle, "checkpoint", lambda note: note.replace(root, other, 1))
    assert {finding.place for finding in report.findings} == {"checkpoint"}


def test_a_witness_under_another_name_is_ignored_and_said_so(bundle: Path) -> None:
    report = example(
        bundle, "checkpoint", lambda note: note.replace(b"example/w2", b"example/w3", 1)
    )
    assert report.passed
    assert any("ignored the signature line of witness.example/w3+" in r for r in report.remarks)
    assert not any("cosigned by w2" in remark for remark in report.remarks)


def test_a_cosignature_that_was_changed_is_found_though_the_quorum_needs_it_not(
    bundle: Path,
) -> None:
    line = str(WITNESSES[1].cosign(CHECKPOINT, 1_767_603_600)).encode()
    report = example(bundle, "checkpoint", lambda note: note.replace(line[-9:], b"A" + line[-8:]))
    assert {finding.rule for finding in report.findings} == {"policy"}


def test_without_a_policy_lines_of_others_are_named(bundle: Path) -> None:
    report = audit(bundle, key=VKEY, levels="integrity")
    said = [remark for remark in report.remarks if remark.startswith("ignored")]
    names = ["witness.example/w1+", "witness.example/w2+", "stranger.example+"]
    assert len(said) == 3
    assert all(name in line for name, line in zip(names, said, strict=True))
    assert all(line.endswith("which is not of the log's key") for line in said)


def test_what_a_full_tile_holds_beyond_the_size_is_said_not_to_be_checked(tmp_path: Path) -> None:
    folder = write_long(tmp_path / "earlier", 600)
    grown = write_long(tmp_path / "grown")
    for level, name in (("0", "002.p"), ("entries", "002.p")):
        shutil.rmtree(folder / "tile" / level / name)
    held = (grown / "tile/0/002.p/108").read_bytes()
    (folder / "tile/0/002").write_bytes(held + bytes(8192 - len(held)))
    data = (grown / "tile/entries/002.p/108").read_bytes()
    (folder / "tile/entries/002").write_bytes(data + bytes(2 * (256 - 108)))
    report = audit(folder, key=VKEY, levels="integrity")
    assert report.passed, report.findings
    for level in ("0", "entries"):
        said = f"tile/{level}/002 stands in for tile/{level}/002.p/88: what it holds beyond"
        assert any(remark.startswith(said) for remark in report.remarks)


def test_a_proof_file_whose_extra_data_was_changed_is_accepted_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "entry").write_bytes(long_log()[3].data)
    proof = TlogProof(3, inclusion_proof(leaves(), 3), NOTE, b"paid in full")
    (tmp_path / "file").write_bytes(proof.to_bytes())
    command = ["check-proof", str(tmp_path / "file"), "--entry", str(tmp_path / "entry")]
    assert main([*command, "--key", str(VKEY)]) == 0
    assert "ignored 12 bytes of extra data, which nothing signs" in capsys.readouterr().out

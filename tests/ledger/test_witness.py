"""Witnesses against logs that rewrite, roll back and hurry, and against their own crashes."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ledger import witness_state
from ledger.bundle import TILE, levels, tile_path
from ledger.checkpoint import Checkpoint, VerifierKey, parse_body, sign
from ledger.cosignature import Cosigner, verify_lines
from ledger.errors import BadNote, BadProof, Unreadable
from ledger.feeder import feed, request_for, with_cosignatures
from ledger.merkle import EMPTY_ROOT, consistency_proof, leaf_hash, root_of
from ledger.mldsa import AVAILABLE, MlDsaKeyPair
from ledger.note import ML_DSA_44, NOTE_MAX, Note, SignatureLine
from ledger.policy import Policy, verify_policy
from ledger.tiles import FetchedTiles, TileTree
from ledger.witness import (
    RACES,
    REQUEST_MAX,
    Answer,
    Reply,
    Request,
    SplitView,
    Witness,
    WitnessState,
    format_reply,
    parse_request,
)
from ledger.witness_state import FolderState, MemoryState
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, pair

NOW = 1_767_603_600
HONEST = [leaf_hash(number.to_bytes(4)) for number in range(600)]
FORKED = [*HONEST[:4], leaf_hash(b"another"), *HONEST[5:]]
COSIGNER = Cosigner("witness.example/w1", pair("witness"))


def note(size: int, leaves: list[bytes] = HONEST) -> bytes:
    return sign(Checkpoint(ORIGIN, size, root_of(leaves[:size])), ORIGIN, LOG_KEY)


def request(old: int, size: int, leaves: list[bytes] = HONEST) -> bytes:
    proof = consistency_proof(leaves[:size], old) if 0 < old <= size else ()
    return Request(old, proof, note(size, leaves)).to_bytes()


@dataclass
class Clock:
    now: int = NOW

    def __call__(self) -> int:
        return self.now


@dataclass
class Stand:
    """A witness with its state and clock at hand."""

    state: WitnessState = field(default_factory=MemoryState)
    clock: Clock = field(default_factory=Clock)
    cosigners: tuple[Cosigner, ...] = (COSIGNER,)

    @property
    def witness(self) -> Witness:
        return Witness(self.cosigners, {ORIGIN: (VKEY,)}, self.state, self.clock)

    def ask(self, old: int, size: int, leaves: list[bytes] = HONEST) -> Answer:
        return self.witness.add_checkpoint(request(old, size, leaves))

    def size(self) -> int | None:
        kept = self.state.latest(ORIGIN)
        return parse_body(Note.parse(kept).body).size if kept else None


@pytest.fixture(params=["memory", "folder"])
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> Stand:
    return Stand(MemoryState() if request.param == "memory" else FolderState(tmp_path))


# What a witness cosigns.


def test_a_log_that_grows_is_cosigned_step_by_step(stand: Stand) -> None:
    for old, size in pairwise([0, 0, 1, 2, 7, 7, 256, 257, 600]):
        stand.clock.now += 1
        answer = stand.ask(old, size)
        assert answer.status == 200, answer
        line = SignatureLine.parse(answer.cosignatures.removesuffix(b"\n"))
        checkpoint = Checkpoint(ORIGIN, size, root_of(HONEST[:size]))
        signed, _ = verify_lines(Note(b"", (line,)), checkpoint, [COSIGNER.key])
        assert signed == {COSIGNER.key: stand.clock.now}
        assert stand.size() == size


def test_what_is_kept_is_what_a_monitor_is_served(stand: Stand) -> None:
    assert stand.witness.latest("00" * 32) is None
    stranger = f"{Cosigner('stranger.example', pair('x')).cosign(parse_body(NOTE_3.body), NOW)}\n"
    body = Request(0, (), note(3) + stranger.encode()).to_bytes()
    answer = stand.witness.add_checkpoint(body)
    origin_hash = hashlib.sha256(ORIGIN.encode()).hexdigest()
    served = stand.witness.latest(origin_hash)
    assert served == note(3) + answer.cosignatures  # without the stranger's line
    if isinstance(stand.state, FolderState):
        assert (stand.state.folder / origin_hash / "checkpoint").read_bytes() == served


NOTE_3 = Note.parse(note(3))


def test_two_witnesses_make_a_quorum(tmp_path: Path) -> None:
    second = Cosigner("witness.example/w2", pair("second witness"))
    stands = [Stand(), Stand(FolderState(tmp_path), cosigners=(second,))]
    signed = note(300)
    for each in stands:
        post = posting(each.witness)
        signed = feed(tree(300), signed, [each.cosigners[0].key], post)
    policy = Policy.parse(
        f"log {VKEY}\nwitness w1 {COSIGNER.key}\nwitness w2 {second.key}\n"
        "group both all w1 w2\nquorum both\n".encode()
    )
    assert verify_policy(signed, policy).quorum_met
    assert not verify_policy(note(300), policy).quorum_met


@pytest.mark.skipif(not AVAILABLE, reason="this cryptography has no ML-DSA-44")
def test_a_witness_signs_with_every_key_it_has() -> None:
    modern = Cosigner("witness.example/w1", MlDsaKeyPair.from_seed(bytes(32)), ML_DSA_44)
    stand = Stand(cosigners=(COSIGNER, modern))
    assert stand.ask(0, 3).cosignatures.count(b"\n") == 2
    assert stand.ask(3, 9).status == 200
    cosigned = with_cosignatures(note(9), stand.ask(9, 9).cosignatures, [modern.key])
    assert [line.name for line in Note.parse(cosigned).lines] == [ORIGIN, modern.name]


# What it refuses, with the status that tlog-witness gives.


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 0\n\n",
        b"old 00\n\n" + note(3),
        b"old -1\n\n" + note(3),
        b"old  0\n\n" + note(3),
        b"new 0\n\n" + note(3),
        b"old 0\nQUJD\n\n" + note(3),
        b"old 0\n" + note(3),
        b"old 4\n\n" + note(3),  # over the checkpoint's own size
        Request(1, (bytes(32),) * 64, note(3)).to_bytes(),
        b"old 0\n\n" + note(3)[:-1],
        b"old 0\n\n" + NOTE_3.body,
        b"old 0\n\n" + note(3) + b"x" * NOTE_MAX,
        b"x" * (REQUEST_MAX + 1),
    ],
)
def test_a_malformed_request_is_400(stand: Stand, body: bytes) -> None:
    assert stand.witness.add_checkpoint(body).status == 400
    assert stand.size() is None


def test_a_request_beyond_all_measure_is_not_taken_apart() -> None:
    with pytest.raises(BadNote, match=f"a request of {REQUEST_MAX + 1} bytes is over"):
        parse_request(b"x" * (REQUEST_MAX + 1))


def test_an_unknown_log_is_404(stand: Stand) -> None:
    other = sign(Checkpoint("other.example", 0, EMPTY_ROOT), "other.example", LOG_KEY)
    answer = stand.witness.add_checkpoint(Request(0, (), other).to_bytes())
    assert (answer.status, answer.words) == (
        404,
        "other.example is not a log that this witness knows",
    )


def test_a_checkpoint_that_the_log_did_not_sign_is_403(stand: Stand) -> None:
    forged = sign(parse_body(NOTE_3.body), ORIGIN, pair("thief"))
    bad = Note(NOTE_3.body, (replace(NOTE_3.lines[0], signature=bytes(64)),)).to_bytes()
    for wrong, words in ((forged, "no key known"), (bad, "does not cover")):
        answer = stand.witness.add_checkpoint(Request(0, (), wrong).to_bytes())
        assert answer.status == 403
        assert words in answer.words
    assert stand.size() is None


def test_another_old_size_is_409_with_the_size_that_the_witness_has(stand: Stand) -> None:
    assert stand.ask(2, 3).size == 0
    stand.ask(0, 3)
    for old in (0, 2, 4):
        answer = stand.ask(old, 9)
        assert (answer.status, answer.size) == (409, 3)
        assert format_reply(answer) == Reply(409, "text/x.tlog.size", b"3\n")


def test_a_proof_that_does_not_verify_is_422(stand: Stand) -> None:
    wrong_start = Request(0, (bytes(32),), note(3)).to_bytes()
    assert stand.witness.add_checkpoint(wrong_start).status == 422
    stand.ask(0, 3)
    for proof in ((), (bytes(32),), (*consistency_proof(HONEST[:9], 3), bytes(32))):
        answer = stand.witness.add_checkpoint(Request(3, proof, note(9)).to_bytes())
        assert answer.status == 422, answer
    same = Request(3, (bytes(32),), note(3)).to_bytes()
    assert stand.witness.add_checkpoint(same).status == 422
    assert stand.size() == 3


def test_a_log_without_entries_has_the_root_of_nothing(stand: Stand) -> None:
    wrong = sign(Checkpoint(ORIGIN, 0, bytes(32)), ORIGIN, LOG_KEY)
    answer = stand.witness.add_checkpoint(Request(0, (), wrong).to_bytes())
    assert (answer.status, answer.words) == (422, "a log without entries has the root of nothing")
    assert stand.ask(0, 0).status == 200
    assert stand.witness.add_checkpoint(Request(0, (), wrong).to_bytes()).evidence


def test_a_split_view_is_named_and_proved_by_two_notes(stand: Stand) -> None:
    stand.ask(0, 9)
    answer = stand.ask(9, 9, FORKED)
    assert answer.status == 422
    assert answer.words == "split view: this witness cosigned another root of size 9"
    assert answer.evidence is not None
    words = answer.evidence.prove([VKEY])
    assert words.startswith(f"split view: {ORIGIN} signed two roots of size 9")
    for old in (0, 4):  # the evidence is kept, though the old size is wrong as well
        other = stand.ask(old, 9, FORKED)
        assert (other.status, other.size) == (409, 9)
        assert other.evidence == answer.evidence
    assert stand.size() == 9


def test_a_fork_at_a_larger_size_is_refused_in_words(stand: Stand) -> None:
    stand.ask(0, 9)
    answer = stand.ask(9, 12, FORKED)
    assert answer.status == 422
    assert "does not continue size 9: the log was forked, or the proof is wrong" in answer.words


def test_a_rollback_is_refused_in_words(stand: Stand) -> None:
    stand.ask(0, 9)
    answer = stand.ask(5, 7)
    assert (answer.status, answer.size) == (409, 9)
    assert "shows 7 entries, and this witness cosigned 9" in answer.words
    assert "rolled back" in answer.words
    assert stand.ask(9, 7).status == 400
    assert stand.size() == 9


def test_two_notes_that_agree_prove_nothing() -> None:
    forged = sign(Checkpoint(ORIGIN, 9, bytes(32)), ORIGIN, pair("thief"))
    for one, other in (
        (note(9), note(9)),
        (note(9), note(8, FORKED)),
        (note(9), forged),
        (note(9), b"nonsense"),
    ):
        with pytest.raises(BadNote):
            SplitView(one, other).prove([VKEY])
    two = SplitView(note(9), note(9, FORKED))
    with pytest.raises(BadNote, match="no key known"):
        two.prove([VerifierKey(ORIGIN, pair("thief").public_key)])


def test_words_go_out_with_a_refusal() -> None:
    reply = format_reply(Answer(404, "there is no \udc80"))
    assert (reply.status, reply.body) == (404, b"there is no \\udc80\n")


# Its clock.


def test_a_clock_that_goes_back_is_503_until_it_has_caught_up(stand: Stand) -> None:
    stand.ask(0, 3)
    stand.clock.now = NOW - 1
    answer = stand.ask(3, 9)
    assert (answer.status, stand.size()) == (503, 3)
    assert answer.words == f"the clock of the witness went back, from second {NOW} to {NOW - 1}"
    stand.clock.now = NOW
    assert stand.ask(3, 9).status == 200


def test_a_clock_without_a_time_is_503(stand: Stand) -> None:
    stand.clock.now = 0
    assert stand.ask(0, 3).status == 503
    assert stand.size() is None


# Requests that race.


@dataclass
class Overtaken:
    """A state where another request is served between each look and each replacement."""

    meanwhile: Callable[[], object]
    state: WitnessState = field(default_factory=MemoryState)

    def latest(self, origin: str) -> bytes | None:
        return self.state.latest(origin)

    def replace(self, origin: str, old: bytes | None, new: bytes) -> bool:
        self.meanwhile()
        return self.state.replace(origin, old, new)


def test_a_state_is_replaced_only_by_who_has_seen_it(stand: Stand) -> None:
    state = stand.state
    assert not state.replace(ORIGIN, b"one", b"two")
    assert state.latest(ORIGIN) is None
    assert state.replace(ORIGIN, None, b"one")
    assert not state.replace(ORIGIN, None, b"two")
    assert not state.replace(ORIGIN, b"two", b"three")
    assert state.latest(ORIGIN) == b"one"
    assert state.replace("other.example", None, b"three")
    assert state.replace(ORIGIN, b"one", b"two")
    assert state.latest(ORIGIN) == b"two"


def test_the_race_of_the_specification_rolls_nothing_back(stand: Stand) -> None:
    inner = stand
    inner.ask(0, 3)
    outer = Stand(Overtaken(lambda: inner.ask(3, 9), inner.state))
    answer = outer.ask(3, 7)  # checked at size 3, and overtaken by 9
    assert (answer.status, answer.size) == (409, 9)
    assert inner.size() == 9


def test_a_request_that_is_always_overtaken_gives_up() -> None:
    inner = Stand()
    inner.ask(0, 3)

    def again() -> None:
        inner.clock.now += 1
        assert inner.ask(3, 3).status == 200

    outer = Stand(Overtaken(again, inner.state), inner.clock)
    answer = outer.ask(3, 7)
    assert (answer.status, answer.words) == (503, "too many requests for this log at once")
    assert inner.clock.now == NOW + RACES


def test_of_many_that_race_each_size_is_cosigned_once_or_refused(tmp_path: Path) -> None:
    won: list[int] = []
    lost: list[int] = []

    def run(first: int) -> None:
        stand = Stand(FolderState(tmp_path))  # as a process of its own has
        for size in range(first, 60, 3):
            old = stand.size() or 0
            if old < size:
                answer = stand.ask(old, size)
                assert answer.status in {200, 409, 400}, answer
                (won if answer.status == 200 else lost).append(size)

    threads = [threading.Thread(target=run, args=(first,)) for first in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(won)) == len(won)
    assert Stand(FolderState(tmp_path)).size() == max(won)


# Its crashes.


@pytest.mark.parametrize(
    ("step", "kept"),
    [("open", 3), ("write", 3), ("replace", 3), ("sync", 9)],
)
def test_after_a_crash_at_any_step_the_state_is_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, kept: int
) -> None:
    Stand(FolderState(tmp_path)).ask(0, 3)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt(step)

    with monkeypatch.context() as patch:
        match step:
            case "open":
                patch.setattr(Path, "open", die)
            case "write":
                patch.setattr(os, "fsync", die)
            case "replace":
                patch.setattr(Path, "replace", die)
            case _:
                patch.setattr(witness_state, "sync_folder", die)
        with pytest.raises(KeyboardInterrupt):
            Stand(FolderState(tmp_path)).ask(3, 9)
    again = Stand(FolderState(tmp_path))
    assert again.size() == kept
    # Failed and not persisted, failed but persisted: the log asks again and both end well.
    signed = feed(tree(9), note(9), [COSIGNER.key], posting(again.witness), old_size=3)
    assert len(Note.parse(signed).lines) == 2
    assert again.size() == 9


@pytest.mark.parametrize("where", ["write", "sync"])
def test_a_full_disk_is_503_and_no_cosignature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    stand = Stand(FolderState(tmp_path))
    stand.ask(0, 3)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(
            *((os, "fsync") if where == "write" else (witness_state, "sync_folder")), full
        )
        answer = stand.ask(3, 9)
    assert (answer.status, answer.cosignatures) == (503, b"")
    assert answer.words == "the witness cannot keep its state: No space left on device"
    assert stand.ask(stand.size() or 0, 12).status == 200


def test_a_state_that_the_witness_did_not_write_is_503(stand: Stand) -> None:
    for wrong in (note(3), b"torn", COSIGNER.name.encode()):
        stand.state.replace(ORIGIN, stand.state.latest(ORIGIN), wrong)
        answer = stand.ask(0, 9)
        assert answer.status == 503
        assert "is not what it wrote" in answer.words


def test_a_witness_does_not_begin_anew_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="make it once"):
        FolderState(tmp_path / "gone")


# Requests.


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_a_request_is_read_back(old: int, proof: list[bytes]) -> None:
    asked = Request(old, tuple(proof), note(3))
    assert parse_request(asked.to_bytes()) == asked


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_changed_bit_of_a_request_is_cosigned(data: st.DataObject) -> None:
    stand = Stand()
    stand.ask(0, 3)
    body = bytearray(request(3, 9))
    place = data.draw(st.integers(0, len(body) * 8 - 1))
    body[place // 8] ^= 1 << place % 8
    assert stand.witness.add_checkpoint(bytes(body)).status in {400, 403, 404, 409, 422}
    assert stand.size() == 3


# Feeding.


def tree(size: int, leaves: list[bytes] = HONEST) -> TileTree:
    files = {}
    for level, hashes in enumerate(levels(leaves[:size])):
        for start in range(0, len(hashes), TILE):
            part = hashes[start : start + TILE]
            files[tile_path(str(level), start // TILE, len(part))] = b"".join(part)
    return TileTree(
        FetchedTiles(files.__getitem__), parse_body(Note.parse(note(size, leaves)).body)
    )


def posting(witness: Witness) -> Callable[[bytes], Reply]:
    """Stand in for HTTP: what a blueprint of the witness does."""
    return lambda body: format_reply(witness.add_checkpoint(body))


def test_a_feeder_asks_again_with_the_size_that_the_witness_has() -> None:
    stand = Stand()
    bodies: list[bytes] = []

    def post(body: bytes) -> Reply:
        bodies.append(body)
        return posting(stand.witness)(body)

    feed(tree(3), note(3), [COSIGNER.key], post)
    assert len(bodies) == 1
    assert bodies[0] == request(0, 3)
    feed(tree(300), note(300), [COSIGNER.key], post, old_size=3)
    assert bodies[1:] == [request(3, 300)]
    feed(tree(600), note(600), [COSIGNER.key], post, old_size=7)
    assert bodies[2:] == [request(7, 600), request(300, 600)]


def test_a_feeder_replaces_the_older_cosignature_of_the_same_witness() -> None:
    stand = Stand()
    once = feed(tree(3), note(3), [COSIGNER.key], posting(stand.witness))
    stand.clock.now += 9
    twice = feed(tree(3), once, [COSIGNER.key], posting(stand.witness), old_size=3)
    signed, _ = verify_lines(Note.parse(twice), parse_body(NOTE_3.body), [COSIGNER.key])
    assert signed == {COSIGNER.key: NOW + 9}
    assert len(Note.parse(twice).lines) == 2


def test_a_log_restored_from_a_backup_is_told_so_by_its_witness() -> None:
    stand = Stand()
    feed(tree(9), note(9), [COSIGNER.key], posting(stand.witness))
    with pytest.raises(BadProof, match=r"the witness has seen 9 entries .* the log has 7: it was"):
        feed(tree(7), note(7), [COSIGNER.key], posting(stand.witness), old_size=5)


def test_what_the_witness_refuses_is_said() -> None:
    stand = Stand()
    feed(tree(9), note(9), [COSIGNER.key], posting(stand.witness))
    with pytest.raises(BadNote, match="the witness answered 422: split view"):
        feed(tree(9, FORKED), note(9, FORKED), [COSIGNER.key], posting(stand.witness), old_size=9)
    with pytest.raises(BadNote, match="the note is not that of the tree"):
        request_for(tree(9), note(8), 0)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(409, "text/x.tlog.size", b"many\n"), "409 without a size"),
        (Reply(409, "text/x.tlog.size", b"\xff"), "409 without a size"),
        (Reply(500, "text/html", b"\xff<html>"), "answered 500"),
        (Reply(200, "text/plain", b""), "ends with a newline"),
        (Reply(200, "text/plain", b"nonsense\n"), "malformed"),
        (
            Reply(
                200,
                "text/plain",
                f"{Cosigner('x', pair('x')).cosign(parse_body(NOTE_3.body), 1)}\n".encode(),
            ),
            "no cosignature of the witness's keys",
        ),
        (
            Reply(
                200,
                "text/plain",
                f"{COSIGNER.cosign(Checkpoint(ORIGIN, 4, bytes(32)), 1)}\n".encode(),
            ),
            "does not cover",
        ),
    ],
)
def test_a_reply_that_is_none_is_refused(reply: Reply, words: str) -> None:
    with pytest.raises(BadNote, match=words):
        feed(tree(3), note(3), [COSIGNER.key], lambda _: reply)

"""A log that is published while it grows, before witnesses that are down, slow, or lie."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from exchange.courier import Unreachable
from exchange.errors import BadField
from exchange.publishing import (
    ROUND_SECONDS,
    STANDINGS,
    Publishing,
    Standing,
    read_policy,
    read_standings,
)
from ledger.checkpoint import Checkpoint, parse_body, sign
from ledger.cosignature import Cosigner
from ledger.errors import BadNote, Forked, InUse, RolledBack
from ledger.merkle import leaf_hash, root_of
from ledger.note import Note
from ledger.policy import Policy, verify_policy
from ledger.publish import ListedLog, LogSource, Publisher, published_note, verify_log
from ledger.witness import Reply, SplitView, Witness, format_reply
from ledger.witness_state import MemoryState
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, pair

PATIENCE = 20.0  # seconds that a test waits for a thread, and a pass never does
NOW = 1_767_603_600


@dataclass
class Log:
    """A log that grows by hand and signs as the exchange does."""

    entries: list[bytes] = field(default_factory=lambda: [b"entry 0"])

    def grow(self, count: int = 1) -> int:
        self.entries += [b"entry %d" % len(self.entries) for _ in range(count)]
        return len(self.entries)

    def newest(self) -> bytes:
        root = root_of([leaf_hash(data) for data in self.entries])
        return sign(Checkpoint(ORIGIN, len(self.entries), root), ORIGIN, LOG_KEY)

    @contextmanager
    def reading(self) -> Iterator[LogSource]:
        yield ListedLog(list(self.entries))


@dataclass
class Street:
    """Witnesses by address, and what befalls who asks them."""

    doors: dict[str, Callable[[str, str, bytes], Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def ask(self, method: str, url: str, body: bytes) -> Reply:
        self.asked.append(f"{method} {url}")
        for address, door in self.doors.items():
            if url.startswith(f"{address}/"):
                return door(method, url, body)
        raise Unreachable("nobody lives there")

    def witness(self, name: str) -> Witness:
        cosigner = Cosigner(f"witness.example/{name}", pair(name))
        made = Witness((cosigner,), {ORIGIN: (VKEY,)}, MemoryState(), lambda: NOW)
        self.doors[f"http://{name}.example"] = lambda *asked: answer(made, *asked)
        return made


def answer(witness: Witness, method: str, url: str, body: bytes) -> Reply:
    if method == "POST":
        assert url.endswith("/add-checkpoint")
        return format_reply(witness.add_checkpoint(body))
    note = witness.latest(url.split("/")[-2])
    return Reply(200, "text/plain", note) if note else Reply(404, "text/plain", b"")


def policy(*names: str, quorum: str = "all") -> Policy:
    lines = [f"log {VKEY}"]
    for name in names:
        key = Cosigner(f"witness.example/{name}", pair(name)).key
        lines.append(f"witness {name} {key} http://{name}.example")
    if names:
        lines.append(f"group them {quorum} {' '.join(names)}")
    lines.append(f"quorum {'them' if names else 'none'}")
    return Policy.parse("\n".join([*lines, ""]).encode())


@dataclass
class Stand:
    """A publication with its log and its street at hand."""

    folder: Path
    log: Log = field(default_factory=Log)
    street: Street = field(default_factory=Street)
    clock: float = NOW

    def publishing(self, of: Policy) -> Publishing:
        self.folder.mkdir(exist_ok=True)
        return Publishing(
            Publisher(self.folder, [VKEY]),
            self.log,
            of,
            seconds=0.01,
            ask=self.street.ask,
            now=lambda: self.clock,
        )

    def once(self, of: Policy) -> tuple[Standing, ...]:
        """Publish and ask everybody once, as the command does."""
        publishing = self.publishing(of)
        try:
            publishing.publish()
            return publishing.feed().witnesses
        finally:
            publishing.stop()

    def size(self) -> int:
        return verify_log(published_note(self.folder) or b"", [VKEY]).size

    def cosigners(self, name: str = "checkpoint") -> list[str]:
        return [line.name for line in Note.parse((self.folder / name).read_bytes()).lines[1:]]


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path / "published")


def until(met: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


# Publication.


def test_a_log_is_published_as_it_grows(stand: Stand) -> None:
    with stand.publishing(policy()):
        for _ in range(3):
            size = stand.log.grow(200)
            until((stand.folder / f"history/{size}").exists)
    assert stand.size() == 601


def test_without_witnesses_what_is_published_is_witnessed(stand: Stand) -> None:
    with stand.publishing(policy()) as publishing:
        size = stand.log.grow()
        assert publishing.wait_witnessed(size, PATIENCE)
    assert stand.street.asked == []


def test_one_process_publishes(stand: Stand) -> None:
    with stand.publishing(policy()), pytest.raises(InUse):
        stand.publishing(policy())
    stand.publishing(policy()).stop()


def test_what_has_ended_publishes_no_more(stand: Stand) -> None:
    publishing = stand.publishing(policy())
    publishing.stop()
    with pytest.raises(InUse, match="has ended"):
        publishing.publish()


def test_a_failure_to_publish_is_tried_again(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    (stand.folder / "tile").mkdir(parents=True)
    (stand.folder / "tile/entries").write_bytes(b"in the way")
    with stand.publishing(policy()) as publishing:
        until(lambda: "the log was not published" in caplog.text)
        (stand.folder / "tile/entries").unlink()
        assert publishing.wait_witnessed(1, PATIENCE)
    assert caplog.text.count("the log was not published") == 1


# Witnesses that do what they should.


def test_cosignatures_follow_the_checkpoint(stand: Stand) -> None:
    for name in ("w1", "w2"):
        stand.street.witness(name)
    found = stand.once(policy("w1", "w2"))
    assert [(each.name, each.state, each.size, each.time) for each in found] == [
        ("w1", "cosigned", 1, NOW),
        ("w2", "cosigned", 1, NOW),
    ]
    assert sorted(stand.cosigners()) == ["witness.example/w1", "witness.example/w2"]
    assert verify_policy((stand.folder / "witnessed").read_bytes(), policy("w1", "w2")).quorum_met
    again = stand.once(policy("w1", "w2"))
    assert again == found
    stand.log.grow(300)
    assert {each.size for each in stand.once(policy("w1", "w2"))} == {301}


def test_a_witness_with_two_keys_is_asked_once(stand: Stand) -> None:
    keys = [Cosigner("witness.example/w1", pair(name)) for name in ("w1", "w1 later")]
    both = Witness(tuple(keys), {ORIGIN: (VKEY,)}, MemoryState(), lambda: NOW)
    stand.street.doors["http://w1.example"] = lambda *asked: answer(both, *asked)
    text = "".join(
        f"witness {name} {each.key} http://w1.example\n"
        for name, each in zip(("old", "new"), keys, strict=True)
    )
    of = Policy.parse(f"log {VKEY}\n{text}group g all old new\nquorum g\n".encode())
    assert {each.state for each in stand.once(of)} == {"cosigned"}
    assert stand.street.asked == ["POST http://w1.example/add-checkpoint"]


def test_a_caller_can_wait_until_the_quorum_has_cosigned(stand: Stand) -> None:
    for name in ("w1", "w2", "w3"):
        stand.street.witness(name)
    with stand.publishing(policy("w1", "w2", "w3", quorum="2")) as publishing:
        for _ in range(4):
            size = stand.log.grow(90)
            assert publishing.wait_witnessed(size, PATIENCE)
            witnessed = (stand.folder / "witnessed").read_bytes()
            assert parse_body(Note.parse(witnessed).body).size >= size
        assert not publishing.wait_witnessed(size + 1, 0.05)


def test_the_size_that_a_witness_has_is_remembered_over_a_restart(stand: Stand) -> None:
    stand.street.witness("w1")
    stand.once(policy("w1"))
    stand.log.grow(5)
    stand.street.asked.clear()
    stand.once(policy("w1"))
    assert len(stand.street.asked) == 1  # else a first try with 0 would have been answered 409
    (stand.folder / STANDINGS).unlink()
    stand.log.grow(5)
    stand.street.asked.clear()
    assert stand.once(policy("w1"))[0].size == 11
    assert len(stand.street.asked) == 2


# Witnesses that do not.


def bad(status: int, body: bytes, kind: str = "text/plain") -> Callable[..., Reply]:
    return lambda *_: Reply(status, kind, body)


def forged(_method: str, _url: str, body: bytes) -> Reply:
    """Cosign with another key under the witness's name and hash."""
    note = body.partition(b"\n\n")[2]
    honest = Cosigner("witness.example/liar", pair("liar"))
    line = Cosigner("witness.example/liar", pair("thief")).cosign(
        parse_body(Note.parse(note).body), NOW
    )
    stolen = type(line)(line.name, honest.key.key_hash, line.signature)
    return Reply(200, "text/plain", f"{stolen}\n".encode())


@pytest.mark.parametrize(
    ("door", "state", "words"),
    [
        (None, "unreachable", "nobody lives there"),
        (forged, "refused", "does not cover"),
        (bad(200, b"garbage\n"), "refused", "a signature line is malformed"),
        (bad(200, b""), "refused", "ends with a newline"),
        (bad(200, b"\xff\n"), "refused", "malformed"),
        (bad(404, b"no such log"), "refused", "the witness answered 404: no such log"),
        (bad(403, b"\x1b[2J"), "refused", "403"),
        (bad(500, b"<html>"), "refused", "500"),
        (bad(409, b"many", "text/x.tlog.size"), "refused", "409 without a size"),
        (bad(409, b"9999\n", "text/x.tlog.size"), "refused", "the witness has seen 9999 entries"),
        (bad(302, b"elsewhere"), "refused", "302"),
    ],
)
def test_a_witness_that_fails_stops_neither_publication_nor_the_others(
    stand: Stand, door: Callable[..., Reply] | None, state: str, words: str
) -> None:
    stand.street.witness("w1")
    if door:
        stand.street.doors["http://liar.example"] = door
    of = policy("liar", "w1", quorum="any")
    with stand.publishing(of) as publishing:
        for _ in range(3):
            assert publishing.wait_witnessed(stand.log.grow(), PATIENCE)
        until(lambda: publishing.standings().witnesses[0].state == state)
        liar, honest = publishing.standings().witnesses
        assert publishing.fault == ""
    assert words in liar.words
    assert (liar.size, liar.since) == (None, NOW)
    assert honest.state == "cosigned"
    assert set(stand.cosigners("witnessed")) == {"witness.example/w1"}
    assert not (stand.folder / "evidence").exists()


def test_a_witness_that_never_answers_holds_nobody_up(stand: Stand) -> None:
    stand.street.witness("w1")
    for_ever = threading.Event()

    def hang(*_: object) -> Reply:
        for_ever.wait()
        raise Unreachable("at last")

    stand.street.doors["http://slow.example"] = hang
    publishing = stand.publishing(policy("slow", "w1", quorum="any"))
    publishing.start()
    for _ in range(3):
        assert publishing.wait_witnessed(stand.log.grow(), PATIENCE)
    publishing.stop(timeout=0.05)
    for_ever.set()  # the thread that is left behind finds everything closed
    assert stand.size() == 4
    stand.publishing(policy()).stop()


def test_slow_witnesses_meet_on_one_checkpoint_while_the_log_grows(stand: Stand) -> None:
    for name, pause in (("w1", 0.03), ("w2", 0.05)):
        witness = stand.street.witness(name)

        def slowly(*asked: str, witness: Witness = witness, pause: float = pause) -> Reply:
            time.sleep(pause)
            return answer(witness, *asked)  # type: ignore[arg-type]

        stand.street.doors[f"http://{name}.example"] = slowly  # type: ignore[assignment]
    grown = threading.Event()

    def grow() -> None:
        while not grown.wait(0.01):
            stand.log.grow()

    thread = threading.Thread(target=grow)
    with stand.publishing(policy("w1", "w2")) as publishing:
        thread.start()
        assert publishing.wait_witnessed(20, PATIENCE)
        grown.set()
        thread.join()
    assert sorted(stand.cosigners("witnessed")) == ["witness.example/w1", "witness.example/w2"]


def test_a_round_that_nobody_ends_ends_with_its_time(stand: Stand) -> None:
    asked: list[int] = []
    stand.street.doors["http://w1.example"] = bad(500, b"")
    publishing = stand.publishing(policy("w1"))
    publishing.publish()
    first = publishing._round
    stand.log.grow()
    publishing.publish()
    assert publishing._round is first
    stand.clock += ROUND_SECONDS + 1
    publishing.publish()
    assert publishing._round is not first
    assert asked == []
    publishing.stop()


def test_a_witness_that_comes_back_is_told_so(stand: Stand) -> None:
    of = policy("w1")
    assert stand.once(of)[0].state == "unreachable"
    stand.clock += 60
    later = stand.once(of)[0]
    assert (later.since, later.words) == (NOW, "nobody lives there")
    stand.street.witness("w1")
    assert stand.once(of) == (Standing("w1", "cosigned", 1, NOW),)


def test_standings_are_read_by_who_does_not_publish(stand: Stand) -> None:
    stand.street.witness("w1")
    stand.once(policy("w1", "w2", quorum="any"))
    found = read_standings(stand.folder, policy("w2", "w1", "w3"))
    assert [each.state for each in found.witnesses] == ["unreachable", "cosigned", "waiting"]
    assert found.witnessed == 1
    for broken in (b"", b"{}", b"[1]", b'{"witnesses": [{"x": 1}], "witnessed": 1}', b"\xff"):
        (stand.folder / STANDINGS).write_bytes(broken)
        assert [e.state for e in read_standings(stand.folder, policy("w1")).witnesses] == [
            "waiting"
        ]
    assert json.loads(b"{}") == {}


# Split views and rollbacks.


def rewritten(stand: Stand, size: int) -> Log:
    return Log([b"another", *stand.log.entries[1:size]])


@pytest.mark.parametrize("size", [4, 7])
def test_a_split_view_is_named_and_its_two_notes_are_kept(stand: Stand, size: int) -> None:
    stand.street.witness("w1")
    stand.log.grow(size - 1)
    elsewhere = Stand(stand.folder.parent / "elsewhere", rewritten(stand, size), stand.street)
    elsewhere.once(policy("w1"))
    stand.once(policy())  # publishes size entries
    stand.log.grow(7 - size)
    found = stand.once(policy("w1"))[0]
    assert found.state == "split-view"
    assert "split view" in found.words
    (kept,) = (stand.folder / "evidence").iterdir()
    notes = [(kept / name).read_bytes() for name in ("ours", "theirs")]
    assert SplitView(notes[0], notes[1]).prove([VKEY]).startswith("split view")
    assert (kept / "words").read_text().startswith("split view")
    assert stand.size() == 7  # what was published goes on


def test_a_witness_that_holds_more_than_the_log_stops_it_by_its_proof(stand: Stand) -> None:
    stand.street.witness("w1")
    ahead = Stand(stand.folder.parent / "ahead", Log([*stand.log.entries]), stand.street)
    ahead.log.grow(8)
    ahead.once(policy("w1"))
    publishing = stand.publishing(policy("w1"))
    publishing.publish()
    found = publishing.feed().witnesses[0]
    assert found.state == "rolled-back"
    assert "holds a checkpoint of 9 entries that this log's key signed" in found.words
    assert "the log has 1" in publishing.fault
    with pytest.raises(RolledBack, match="rolled back"):
        publishing.publish()
    assert not publishing.wait_witnessed(1, PATIENCE)  # and at once
    publishing.stop()
    (kept,) = (stand.folder / "evidence").iterdir()
    theirs = (kept / "theirs").read_bytes()
    assert verify_log(theirs, [VKEY]).size == 9


def test_a_log_that_was_restored_is_not_published(stand: Stand) -> None:
    stand.log.grow(9)
    stand.once(policy())
    del stand.log.entries[4:]
    publishing = stand.publishing(policy())
    with pytest.raises(RolledBack, match="10 entries"):
        publishing.publish()
    with pytest.raises(RolledBack, match="10 entries"):
        publishing.publish()
    publishing.stop()
    stand.log.entries[0] = b"another"
    stand.log.grow(20)
    publishing = stand.publishing(policy())
    with pytest.raises(Forked):
        publishing.publish()
    publishing.stop()


# The policy.


def test_a_venue_without_a_policy_asks_nobody(tmp_path: Path) -> None:
    assert read_policy(tmp_path / "policy") == Policy()


def test_a_policy_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "policy"
    path.write_text("quorum\n")
    with pytest.raises(BadNote, match="line 1"):
        read_policy(path)
    key = Cosigner("witness.example/w1", pair("w1")).key
    for url in (
        "file:///etc/passwd",
        "ftp://w1.example",
        "w1.example",
        "http://",
        "http://a:b@c/",
        "http://w1.example:0/",
        "http://w1.example:99999/",
        "http://w1.example/?x",
    ):
        path.write_text(f"witness w1 {key} {url}\nquorum w1\n")
        with pytest.raises(BadField, match="not the http or https address"):
            read_policy(path)
    path.write_text(f"witness w1 {key} https://w1.example/prefix/\nquorum w1\n")
    assert read_policy(path).witnesses["w1"].url == "https://w1.example/prefix/"


def test_the_address_of_a_monitor_is_the_hash_of_the_origin(stand: Stand) -> None:
    stand.street.doors["http://w1.example"] = bad(422, b"no")
    stand.once(policy("w1"))
    digest = hashlib.sha256(ORIGIN.encode()).hexdigest()
    assert stand.street.asked[-1] == f"GET http://w1.example/{digest}/checkpoint"

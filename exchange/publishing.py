"""Publishing while the floor trades: checkpoints as files, and the witnesses that cosign them.

One thread publishes, every second or as set, and each witness has a thread of its own: one that
is down, slow or a liar holds up neither the others, nor publication, nor a trade.  A checkpoint
goes out signed by the log alone; cosignatures follow.  Whoever needs them waits with
`wait_witnessed`.

Witnesses are asked in rounds, all about one checkpoint, so that slow ones meet on the same note
however fast the log grows.  What each of them said stands in ``witnesses.json`` beside the log.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, Self

from exchange.courier import Ask, Unreachable, carry, require_address
from ledger.bundle import read_file
from ledger.checkpoint import Checkpoint, VerifierKey, parse_body
from ledger.errors import BadNote, BadProof, Forked, InUse, LedgerError, RolledBack, Unreadable
from ledger.feeder import feed, with_cosignatures
from ledger.note import Note
from ledger.policy import Policy, verify_policy
from ledger.publish import LogSource, Publisher, verify_log
from ledger.tiles import TileTree, folder_tiles
from ledger.witness import Reply, SplitView

STANDINGS: Final = "witnesses.json"
ROUND_SECONDS: Final = 30.0  # after which a new checkpoint is shown, whoever has not answered
PATIENCE_MAX: Final = 300.0  # seconds between two attempts at a witness that keeps failing

_log = logging.getLogger(__name__)


class SignedLog(Protocol):
    """What is published: the exchange's log."""

    def newest(self) -> bytes:
        """Return the newest note, signing one first where the log has grown."""

    def reading(self) -> AbstractContextManager[LogSource]:
        """Open the log's tiles for reading."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one witness stands: what it cosigned last, and what is wrong since when.

    `state` is waiting, cosigned, unreachable, refused, split-view or rolled-back.
    """

    name: str
    state: str = "waiting"
    size: int | None = None
    time: int | None = None
    words: str = ""
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """How all witnesses stand, and up to which size the quorum has cosigned."""

    witnesses: tuple[Standing, ...] = ()
    witnessed: int | None = None


def read_policy(path: Path) -> Policy:
    """Return the policy of a file; without one, the policy that asks for no witness."""
    try:
        policy = Policy.parse(read_file(path.parent, path.name))
    except Unreadable:
        if path.exists():
            raise
        return Policy()
    for known in policy.witnesses.values():
        if known.url:
            require_address(known.url)
    return policy


def read_standings(folder: Path, policy: Policy) -> Standings:
    """Return how the witnesses of a policy stand, as the publishing process last wrote it."""
    try:
        found = json.loads(read_file(folder, STANDINGS))
        known = {each["name"]: Standing(**each) for each in found["witnesses"]}
        witnessed = found["witnessed"]
    except (Unreadable, ValueError, TypeError, KeyError):
        known, witnessed = {}, None
    standings = tuple(known.get(name, Standing(name)) for name in policy.witnesses)
    return Standings(standings, witnessed)


@dataclass(slots=True)
class _Address:
    """A witness's address: the keys behind it, and how often in a row it has failed."""

    url: str
    names: tuple[str, ...]
    keys: tuple[VerifierKey, ...]
    old_size: int = 0
    failures: int = 0


@dataclass(slots=True)
class _Round:
    """One checkpoint, as the witnesses are asked about it."""

    note: bytes
    tree: TileTree
    begun: float
    settled: set[str] = field(default_factory=set)
    met: bool = False

    @property
    def size(self) -> int:
        return self.tree.checkpoint.size


class Publishing:
    """Publishes one log and has it witnessed, in threads of its own between `start` and `stop`."""

    def __init__(
        self,
        publisher: Publisher,
        log: SignedLog,
        policy: Policy,
        *,
        seconds: float = 1.0,
        ask: Ask = carry,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.publisher = publisher
        self.policy = policy
        self.fault = ""  # in words, once the store is known not to continue what was published
        self._source, self._ask, self._now, self._seconds = log, ask, now, seconds
        self._changed = threading.Condition(threading.RLock())  # guards all below and the folder
        self._stopping = threading.Event()
        self._wanted = threading.Event()
        self._threads: list[threading.Thread] = []
        self._addresses = list(_addresses(policy))
        found = read_standings(publisher.folder, policy)
        self._standings = {each.name: each for each in found.witnesses}
        for address in self._addresses:
            sizes = [self._standings[name].size or 0 for name in address.names]
            address.old_size = min(sizes)
        self._round: _Round | None = None
        self._newest: Checkpoint | None = None
        self._witnessed = found.witnessed
        self._written = b""

    # Publishing.

    @property
    def ended(self) -> bool:
        """Whether it was stopped: then it publishes no more."""
        return self._stopping.is_set()

    def publish(self) -> Checkpoint:
        """Sign and publish what is new, and return the newest checkpoint.

        A log that does not continue what is published raises `RolledBack` or `Forked`.
        """
        if self.fault:
            raise RolledBack(self.fault)
        with self._changed:  # first: of two at once, the note of the other must not be overtaken
            return self._publish_newest()

    def _publish_newest(self) -> Checkpoint:
        note = self._source.newest()
        with self._source.reading() as log:
            if self._stopping.is_set():
                raise InUse(f"{self.publisher.folder}: publishing has ended here")
            try:
                self._newest = self.publisher.publish(log, note)
            except (RolledBack, Forked) as error:
                self._fail(str(error))
                raise
            self._begin_round()
            self._write_standings()
        return self._newest

    def feed(self) -> Standings:
        """Ask every witness about the newest checkpoint once, all at a time, and wait for them."""
        threads = [threading.Thread(target=self._visit, args=(each,)) for each in self._addresses]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self._changed:
            self._write_standings()
        return self.standings()

    def standings(self) -> Standings:
        """Return how the witnesses stand at this moment."""
        with self._changed:
            return Standings(tuple(self._standings.values()), self._witnessed)

    def wait_witnessed(self, size: int, timeout: float) -> bool:
        """Wait until the policy's quorum has cosigned `size` entries or more; say whether it has.

        For callers that choose to wait; a checkpoint is published at once.
        """
        self._wanted.set()
        with self._changed:
            self._changed.wait_for(lambda: self._covers(size) or bool(self.fault), timeout)
            return self._covers(size)

    def _covers(self, size: int) -> bool:
        return self._witnessed is not None and self._witnessed >= size

    # Threads.

    def start(self) -> None:
        """Start the threads; after a fork, in the process that serves."""
        loops: list[tuple[Callable[..., None], tuple[Any, ...]]] = [(self._keep_publishing, ())]
        loops += [(self._keep_visiting, (address,)) for address in self._addresses]
        for loop, arguments in loops:
            thread = threading.Thread(target=loop, args=arguments, daemon=True, name="publishing")
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Stop the threads and let others publish; one that waits for a witness is left behind."""
        self._stopping.set()
        self._wanted.set()
        with self._changed:
            self._changed.notify_all()
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        with self._changed:
            self._write_standings()
            self.publisher.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _keep_publishing(self) -> None:
        said = ""
        while not self._stopping.is_set() and not self.fault:
            try:
                self.publish()
                said = ""
            except Exception as error:  # noqa: BLE001 - trading goes on, and so does the next try
                if str(error) != said:
                    _log.exception("the log was not published: %s", error)
                said = str(error)
            self._wanted.wait(self._seconds)
            self._wanted.clear()

    def _keep_visiting(self, address: _Address) -> None:
        seen: _Round | None = None
        while not self._stopping.is_set():
            with self._changed:
                self._changed.wait_for(partial(self._is_due, address, seen))
                seen = self._round
            if self._stopping.is_set():
                return
            self._visit(address)
            if address.failures:
                patience = self._seconds * 2 ** min(address.failures, 16)
                self._stopping.wait(min(patience, PATIENCE_MAX))

    def _is_due(self, address: _Address, seen: _Round | None) -> bool:
        unanswered = self._round is not None and (self._round is not seen or address.failures > 0)
        return unanswered or self._stopping.is_set()

    # Witnesses.

    def _begin_round(self) -> None:
        """Show the newest checkpoint once the one before has its quorum, or had its time."""
        going, newest = self._round, self._newest
        if newest is None or (going and going.tree.checkpoint == newest):
            return
        waiting = {each.url for each in self._addresses if not each.failures}
        late = going and self._now() - going.begun > ROUND_SECONDS
        if going and not (going.met or late or waiting <= going.settled):
            return
        note = self.publisher.note() or b""
        # Opened here, since partial tiles are kept for the newest two checkpoints alone.
        tree = TileTree(folder_tiles(self.publisher.folder), newest)
        self._round = _Round(note, tree, self._now())
        self._take(self._round, note)
        self._changed.notify_all()

    def _visit(self, address: _Address) -> None:
        """Ask a witness about the round's checkpoint, and keep what it said."""
        with self._changed:
            asked = self._round
        if asked is None:
            return
        try:
            cosigned = feed(
                asked.tree,
                asked.note,
                address.keys,
                lambda body: self._ask("POST", f"{address.url}/add-checkpoint", body),
                old_size=min(address.old_size, asked.size),
            )
        except Unreachable as error:
            self._failed(address, asked, "unreachable", str(error))
        except (BadNote, BadProof) as error:
            state, words = self._contradiction(address, asked) or ("refused", str(error))
            self._failed(address, asked, state, words)
        except Exception as error:  # noqa: BLE001 - a witness must not stop the others
            _log.exception("asking the witness at %s", address.url)
            self._failed(address, asked, "refused", str(error) or type(error).__name__)
        else:
            self._cosigned(address, asked, cosigned)

    def _cosigned(self, address: _Address, asked: _Round, cosigned: bytes) -> None:
        with self._changed:
            if self._stopping.is_set():
                return
            address.failures, address.old_size = 0, asked.size
            asked.settled.add(address.url)
            lines = [
                line for line in Note.parse(cosigned).lines if any(map(line.is_of, address.keys))
            ]
            new = "".join(f"{line}\n" for line in lines).encode()
            asked.note = with_cosignatures(asked.note, new, address.keys)
            self._take(asked, asked.note)
            missing = set(address.names) - set(self._found(asked.note))
            for name in missing:
                words = "the witness answered without a cosignature of this key"
                self._stand(name, "refused", words)
            with suppress(OSError):  # a full disk: the next round writes again
                self.publisher.publish_cosigned(asked.note)
                if asked.met:
                    self.publisher.publish_witnessed(asked.note)
            self._begin_round()
            self._changed.notify_all()

    def _take(self, asked: _Round, note: bytes) -> None:
        """Reckon with the cosignatures on a note."""
        found = self._found(note)
        for name, moment in found.items():
            self._standings[name] = Standing(name, "cosigned", asked.size, moment)
        if self.policy.is_met_by(found):
            asked.met = True
            self._witnessed = max(self._witnessed or 0, asked.size)

    def _found(self, note: bytes) -> Mapping[str, int]:
        return verify_policy(note, self.policy, log=self._key(note)).witnesses

    def _key(self, note: bytes) -> VerifierKey:
        lines = Note.parse(note).lines
        return next(key for key in self.publisher.keys if any(line.is_of(key) for line in lines))

    def _failed(self, address: _Address, asked: _Round, state: str, words: str) -> None:
        with self._changed:
            if self._stopping.is_set():
                return
            address.failures += 1
            asked.settled.add(address.url)
            for name in address.names:
                self._stand(name, state, words)
            if state == "rolled-back":
                self._fail(words)
            self._begin_round()
            self._changed.notify_all()

    def _stand(self, name: str, state: str, words: str) -> None:
        before = self._standings[name]
        if before.state != state:
            _log.warning("witness %s: %s: %s", name, state, words)
        since = before.since if before.state == state else int(self._now())
        self._standings[name] = Standing(
            name, state, before.size, before.time, words[:500], since or int(self._now())
        )

    def _fail(self, words: str) -> None:
        _log.critical("%s", words)
        self.fault = words
        self._changed.notify_all()

    # Evidence.

    def _contradiction(self, address: _Address, asked: _Round) -> tuple[str, str] | None:
        """Look at what the witness holds: a note of our own key proves what it says, if anything.

        A refusal alone proves nothing, since a witness may lie.
        """
        shown, keys = asked.tree.checkpoint, self.publisher.keys
        origin_hash = hashlib.sha256(shown.origin.encode()).hexdigest()
        try:
            reply = self._ask("GET", f"{address.url}/{origin_hash}/checkpoint", b"")
            theirs = _of_log(reply, keys)
            held = verify_log(theirs, keys)
            if held.size <= shown.size and asked.tree.root(held.size) == held.root:
                return None
        except (OSError, LedgerError):
            return None
        newest = self._newest or shown
        if shown.size < held.size <= newest.size:
            return None
        if held.size > newest.size:
            state = "rolled-back"
            words = (
                f"the witness holds a checkpoint of {held.size} entries that this log's key "
                f"signed, and the log has {newest.size}: it was rolled back, or restored from an "
                "older backup; nothing more is signed (docs/operations.md)"
            )
            ours = asked.note
        else:
            state = "split-view"
            ours = asked.note
            with suppress(Unreadable):
                ours = read_file(self.publisher.folder, f"history/{held.size}")
            words = (
                f"split view: the witness holds a checkpoint of {held.size} entries that this "
                "log's key signed, and they are not the first entries of this log"
            )
            with suppress(BadNote):
                words = SplitView(ours, theirs).prove(keys)
        self._keep_evidence(held.size, ours, theirs, words)
        return state, words

    def _keep_evidence(self, size: int, ours: bytes, theirs: bytes, words: str) -> None:
        folder = f"evidence/{size}-{hashlib.sha256(Note.parse(theirs).body).hexdigest()[:16]}"
        files = {"ours": ours, "theirs": theirs, "words": f"{words}\n".encode()}
        with self._changed, suppress(OSError):
            for name, data in files.items():
                if not (self.publisher.folder / folder / name).exists():
                    self.publisher.keep(f"{folder}/{name}", data)

    def _write_standings(self) -> None:
        record = {
            "witnesses": [asdict(each) for each in self._standings.values()],
            "witnessed": self._witnessed,
        }
        data = json.dumps(record, indent=1, ensure_ascii=False).encode(errors="backslashreplace")
        if data != self._written:
            self.publisher.keep(STANDINGS, data)
            self._written = data


def _addresses(policy: Policy) -> Iterator[_Address]:
    """Yield each address once, with all the keys that the policy has behind it."""
    behind: dict[str, list[str]] = {}
    for name, known in policy.witnesses.items():
        if known.url:
            behind.setdefault(require_address(known.url), []).append(name)
    for url, names in behind.items():
        yield _Address(url, tuple(names), tuple(policy.witnesses[name].key for name in names))


def _of_log(reply: Reply, keys: tuple[VerifierKey, ...]) -> bytes:
    """Return a witness's note with the lines of the log alone, which are what proves."""
    if reply.status != 200:
        raise BadNote(f"the witness answered {reply.status}")
    note = Note.parse(reply.body)
    parse_body(note.body)
    lines = tuple(line for line in note.lines if any(map(line.is_of, keys)))
    return Note(note.body, lines).to_bytes()

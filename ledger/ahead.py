"""What needs no other entry, checked ahead by other processes: an entry's form and its signature.

The walk by the rules needs the order of the log, but half of its time goes into what does not:
whether an entry's bytes are its one encoding, and whether a key signed its act.  Helpers check
that of later tiles meanwhile.  Whose key it had to be, the rules say: they take a helper's word
for the very key that they ask for, and for the very bytes, and check anything else themselves.  So
what is found, and in which order, is the same with helpers and without, also where one dies.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from ledger.acts import key_id
from ledger.bundle import read_entries
from ledger.entries import Entry
from ledger.errors import LedgerError, Unreadable
from ledger.integrity import leaves_of, seal, tiles_of, width_of
from ledger.keys import verifies

AHEAD_FROM: Final = 20_000  # entries; a shorter log is audited before a helper has started
KEYS_MAX: Final = 100_000  # that a helper remembers, some 25 megabytes
_WAITING: Final = 3  # tiles that a helper has before it at most
_SHOWN: Final = frozenset({"participant.key", "key.shown"})  # in which keys come into a log

# Of an entry: None where it was not read, else the key that signed it, empty where none is known.
Signer = bytes | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a helper found of a tile whose leaf hashes have this seal."""

    seal: bytes
    signers: list[Signer]


@dataclass(slots=True)
class Helper:
    """What a helper knows: the keys that were shown, as far as it has met them."""

    keys: OrderedDict[str, bytes] = field(default_factory=OrderedDict)

    def check(self, entries: list[bytes], shown: Mapping[str, bytes]) -> Checked:
        """Check the entries of a tile; `shown` are keys, by their ids, that it may not know."""
        for key, public_key in shown.items():
            self._remember(key, public_key)
        return Checked(seal(leaves_of(entries)), [self._signer(data) for data in entries])

    def _signer(self, data: bytes) -> Signer:
        try:
            entry = Entry.parse(data, None)
        except LedgerError:
            return None
        if key := shown_in(entry):
            self._remember(*key)
        signed = entry.signed
        public_key = self.keys.get(signed.act.key)
        if public_key is None or not verifies(public_key, signed.signature, signed.act.message):
            return b""
        self.keys.move_to_end(signed.act.key)
        return public_key

    def _remember(self, key: str, public_key: bytes) -> None:
        self.keys[key] = public_key
        if len(self.keys) > KEYS_MAX:
            self.keys.popitem(last=False)


def shown_in(entry: Entry) -> tuple[str, bytes] | None:
    """Return the key that an entry shows, as its id and itself; its facts need not be checked."""
    shown = entry.facts.get("public_key") if entry.kind in _SHOWN else None
    try:
        public_key = bytes.fromhex(shown) if isinstance(shown, str) else b""
    except ValueError:
        return None
    return (key_id(public_key), public_key) if public_key else None


_OWN = Helper()  # of this process, where it is a helper's


def begin_helping() -> None:
    """Let whoever started this process end it, and nobody else; it ends with them in any case."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    # A parent that was killed says nothing, and its pool would wait for work for ever.
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _check(folder: Path, number: int, width: int, shown: Mapping[str, bytes]) -> Checked | None:
    try:
        _, entries = read_entries(folder, number, width)
    except Unreadable:
        return None  # the walk finds it too, and says so
    return _OWN.check(entries, shown)


def processors() -> int:
    """Return how many processors this process may use."""
    known = getattr(os, "sched_getaffinity", None)  # not every system tells
    return len(known(0)) if known else os.cpu_count() or 1


class Ahead:
    """The helpers of one audit, who leave with the context; `count` may be 0."""

    def __init__(self, folder: Path, size: int, count: int) -> None:
        self._folder = folder
        self._size = size
        self._tiles = len(tiles_of(size))
        spawning = multiprocessing.get_context("spawn")
        helpers = count if size >= AHEAD_FROM else 0
        # An office each: what each was told is known here.
        self._offices = [ProcessPoolExecutor(1, spawning, begin_helping) for _ in range(helpers)]
        self._shown: list[dict[str, bytes]] = [{} for _ in range(helpers)]
        self._waiting: OrderedDict[int, Future[Checked | None]] = OrderedDict()
        self._next = 1  # the first tile is not worth waiting for
        self._given = 0
        self._lost = False  # whether a helper died: then no more is given to any

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send everybody home."""
        for office in self._offices:
            office.shutdown(cancel_futures=True)

    def show(self, entry: Entry) -> None:
        """Tell helpers of the key that an entry shows, if it does."""
        if self._offices and (key := shown_in(entry)):
            for shown in self._shown:
                shown[key[0]] = key[1]

    def signers(self, number: int, sealed: bytes) -> list[Signer]:
        """Return what is known of a tile's entries, nothing where no helper has seen this seal.

        Tiles are asked for in their order.
        """
        checked = self._result(number)
        self._give(number)
        if checked is None or checked.seal != sealed:
            return [None] * width_of(number, self._size)
        return checked.signers

    def _result(self, number: int) -> Checked | None:
        waited = self._waiting.pop(number, None)
        if waited is None:
            return None
        if not waited.done():
            self._next += 1  # who has to wait takes a tile more upon itself
        with contextlib.suppress(BrokenProcessPool):  # nothing is lost but time
            return waited.result()
        self._lost = True
        return None

    def _give(self, number: int) -> None:
        """Let helpers have tiles after this one, so many that none has to wait for work."""
        self._next = max(self._next, number + 1)
        most = 0 if self._lost else _WAITING * len(self._offices)
        while len(self._waiting) < most and self._next < self._tiles:
            helper = self._given % len(self._offices)
            width = width_of(self._next, self._size)
            try:
                self._waiting[self._next] = self._offices[helper].submit(
                    _check, self._folder, self._next, width, self._shown[helper]
                )
            except BrokenProcessPool:
                self._lost = True
                return
            self._shown[helper] = {}
            self._given += 1
            self._next += 1

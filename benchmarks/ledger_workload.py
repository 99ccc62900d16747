"""What the benchmarks of the ledger share: entries as an exchange writes them, and how to compare.

The entries are those of the tests' full history, every kind of act at least once, played again and
again: each round has participants, products and trades of its own and refers to its own entries.
Signatures are random bytes, because what is measured here never checks them.
"""

from __future__ import annotations

import json
import platform
import random
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))  # the history is one of the tests

from ledger.acts import SignedAct
from ledger.canonical import encode
from ledger.entries import Entry
from ledger.merkle import leaf_hash
from tests.ledger.floor import full_history

SEED = 20260105
_NAME = re.compile(r"\b(?:PT|GP|SC|QT|TR)-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_LEAF = re.compile("[0-9a-f]{64}")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def records(count: int) -> Iterator[dict[str, Any]]:
    """Yield that many entries as objects, in the order of a log."""
    played = [e for e in full_history().log.entries() if not e.subject.startswith("exchange/")]
    chance = random.Random(SEED)  # noqa: S311 - a repeatable choice

    def rounds() -> Iterator[dict[str, Any]]:
        while True:
            yield from _round(played, chance)

    return islice(rounds(), count)


def _round(played: Sequence[Entry], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield the entries of one history under names of its own."""
    names: dict[str, str] = {}
    for entry in played:
        text = _NAME.sub(lambda found: _renamed(found[0], names, chance), entry.data.decode())
        text = _LEAF.sub(lambda found: names.get(found[0], found[0]), text)
        record = json.loads(text)
        record["sig"] = entry.signed.signature_text
        record["act"]["nonce"] = chance.randbytes(16).hex()
        names[entry.leaf.hex()] = leaf_hash(encode(record)).hex()
        yield record


def _renamed(name: str, names: dict[str, str], chance: random.Random) -> str:
    if name not in names:
        letters = "".join(chance.choices(_ALPHABET, k=12))
        names[name] = f"{name[:2]}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
    return names[name]


def composed(
    of: Iterable[dict[str, Any]], newest: dict[str, Entry] | None = None, *, start: int = 0
) -> list[Entry]:
    """Compose entries from objects, as the chain does once its rules have passed an act.

    `newest` are the newest entries of subjects, and `start` is the place of the first.
    """
    newest = {} if newest is None else newest
    entries = []
    for place, record in enumerate(of, start):
        subject = record["subject"]
        entry = Entry.compose(
            record.get("signed") or SignedAct.from_record(record["act"], record["sig"]),
            index=place,
            actor=record["actor"],
            subject=subject,
            prev=newest.get(subject),
            refs=tuple((ref[0], ref[1]) for ref in record["refs"]),
            time=record["time"],
        )
        newest[subject] = entry
        entries.append(entry)
    return entries


def cpu() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU and the wall seconds of one piece of work."""
    wall, spent = time.perf_counter(), cpu()
    work()
    return cpu() - spent, time.perf_counter() - wall


def interleaved(
    works: dict[str, Callable[[], object]], repeats: int
) -> dict[str, tuple[float, float]]:
    """Return the median CPU and wall seconds of each work, done in turns."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            took[name].append(timed(work))
    return {
        name: (statistics.median(c for c, _ in runs), statistics.median(w for _, w in runs))
        for name, runs in took.items()
    }


def print_machine(**sizes: int) -> None:
    """Print what a figure needs to be read: the Python, the machine and the sizes."""
    said = ", ".join(f"{value:,} {name}" for name, value in sizes.items())
    print(f"Python {platform.python_version()}, {said}, seed {SEED}\n")


def verdict(found: float, bar: float, *, most: bool = False) -> str:
    """Say whether a figure is at least (or, with `most`, at most) the bar."""
    ratio = bar / found if most else found / bar
    return "holds" if ratio >= 1 else f"falls short by {1 - ratio:.0%}"


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table as documents have it."""
    lines = [head, ["---"] * len(head), *rows]
    for line in lines:
        print("| " + " | ".join(map(str, line)) + " |")
    print()

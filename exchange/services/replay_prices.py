"""Replaying prices: what the exchange recorded, or a bundle holds, computed again.

A record is found by what it stands behind: the id of a quote or of a trade, or by its digest.
With the record of a quote comes that of the appraisal beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from exchange.errors import NotFound, Unreadable
from exchange.ports import Floor
from exchange.services.release_part import SUPPLIER_ALONE
from ledger.bundle import read_file, stored_entries
from ledger.checkpoint import parse_body
from ledger.entries import Entry
from ledger.modes import mode_of
from ledger.note import Note
from pricing.errors import NotReplayed, PricingError
from pricing.record import PricingRecord, Replayed, replay

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_KINDS: Final = (
    "price.quoted",
    "usage.billed",
    "settlement.executed",
    "settlement.part",
    "price.estimated",
)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A record, where it stands, and how well its result came out again; else what differs."""

    where: str
    record: PricingRecord
    outcome: Replayed | None
    differs: str = ""


def recomputed(where: str, record: PricingRecord) -> Recomputed:
    """Compute a record again."""
    try:
        return Recomputed(where, record, replay(record))
    except NotReplayed as error:
        return Recomputed(where, record, None, str(error))


def read_pricing_record(data: bytes, where: str) -> PricingRecord:
    """Read a record from its bytes, or raise `Unreadable` saying why it is none."""
    try:
        held: Any = json.loads(data)
        if not isinstance(held, dict):
            raise Unreadable(f"{where}: a pricing record is an object")
        return PricingRecord.from_record(held)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{where}: not JSON: {error}") from error
    except PricingError as error:
        raise Unreadable(f"{where}: {error}") from error


def replay_prices(name: str, *, floor: Floor) -> list[Recomputed]:
    """Replay what stands behind a quote (QT-…), a trade (TR-…) or a digest.

    Raises `NotFound` where there is nothing of that name, or no price behind it.
    """
    with floor.read() as work:
        if _DIGEST.fullmatch(name):
            return [recomputed(name, read_pricing_record(work.records.get(name), name))]
        store, subjects = work.chain.store, _subjects(name)
        entries = [e for kind in _KINDS for each in subjects for e in store.of_kind(each, kind)]
        found = [each for entry in entries for each in _replayed(entry, work.records.get)]
    if not found:
        raise NotFound(f"no price is recorded for {name}")
    return found


def replay_bundle(folder: Path, name: str | None) -> list[Recomputed]:
    """Replay the prices of an exported bundle, all of them or what stands behind `name`.

    Raises `NotFound` where there is none, and `Unreadable` for a record that is missing or is not
    what its digest says; whether the bundle itself holds is for an audit to say.
    """
    content = partial(record_of, folder)
    if name is not None and _DIGEST.fullmatch(name):
        return [recomputed(name, read_pricing_record(content(name), name))]
    subjects = None if name is None else _subjects(name)
    size = parse_body(Note.parse(read_file(folder, "checkpoint")).body).size
    found = [
        each
        for entry in stored_entries(folder, size)
        if entry.kind in _KINDS and (subjects is None or entry.subject in subjects)
        for each in _replayed(entry, content)
    ]
    if not found:
        raise NotFound(f"{folder}: no price of {name or 'anything'} is recorded in it")
    return found


def record_of(folder: Path, digest: str) -> bytes:
    """Return a record of a bundle, or raise `Unreadable` if it is missing or another."""
    data = read_file(folder, f"records/{digest}")
    if hashlib.sha256(data).hexdigest() != digest:
        raise Unreadable(f"{folder}: the record {digest} is not what its name says")
    return data


def _replayed(entry: Entry, content: Callable[[str], bytes]) -> Iterator[Recomputed]:
    """Replay the records that an entry names, and hold its amount against that of its price."""
    for fact, digest in _named(entry):
        where = f"{entry.subject.partition('/')[2]} {fact}"
        data = content(digest)
        if data == SUPPLIER_ALONE:  # nothing was divided
            continue
        record = read_pricing_record(data, digest)
        again = recomputed(where, record)
        if fact == "pricing" and not _says(entry, record):
            differs = f"{entry.named} says another amount than the record"
            again = replace(again, outcome=None, differs=differs)
        yield again


def _says(entry: Entry, record: PricingRecord) -> bool:
    """Say whether an entry has the amounts of its record's result."""
    if entry.kind == "price.estimated":
        band = record.output.get("guidance", {}).get("band", {})
        return all(band.get(end) == entry.facts[end] for end in ("low", "mid", "high"))
    if record.kind == "mechanisms":
        paid = [
            one["amount"]
            for one in record.output["payments"]
            if one["bidder"] == entry.facts["buyer"]
        ]
        return bool(paid == [entry.facts["amount"]])
    said = entry.facts["due" if entry.kind == "usage.billed" else "amount"]
    found = record.output.get("amount", {})
    if mode_of(entry) == "usage" and entry.kind == "price.quoted":
        # A budget: the record says what of it is owed before anything is used.
        return bool(found.get("currency") == said["currency"] and found["minor"] <= said["minor"])
    return bool(found == said)


def _named(entry: Entry) -> Iterator[tuple[str, str]]:
    for fact in ("evidence", "pricing", "allocation"):
        held = entry.facts.get(fact, ())
        for digest in [held] if isinstance(held, str) else held:
            yield fact, digest


def _subjects(name: str) -> tuple[str, ...]:
    """Return what stands on the chain under a quote's number, or a trade's."""
    subjects = {"QT-": ("quote/",), "TR-": ("trade/", "usage/")}
    if name[:3] not in subjects:
        raise NotFound(f"{name}: neither a file, a quote (QT-…), a trade (TR-…) nor a digest")
    return tuple(prefix + name for prefix in subjects[name[:3]])

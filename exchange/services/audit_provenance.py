"""Auditing: export the chain for strangers, certify single entries, reconcile the money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from exchange.ports import Floor
from exchange.services.compare_books import compare_books
from exchange.services.disclose_values import living
from ledger.bundle import write_bundle
from ledger.checkpoint import VerifierKey, verify_any
from ledger.commitments import Disclosure
from ledger.disclosures import FILE as DISCLOSURES
from ledger.entries import Entry
from ledger.signers import log_keys
from pricing.money import Money

HISTORY: Final = 256  # older checkpoints in a bundle; all of them stand in the publication


def export_bundle(folder: Path, *, floor: Floor, disclose: bool = False) -> list[Path]:
    """Write the whole log with its public records into an empty folder, under a new checkpoint.

    The newest older checkpoints go with it, so that whoever kept one can see it continued.
    With `disclose`, every committed value that is left goes with it: for an auditor who may see
    them all.
    """
    with floor.write() as work:
        note = floor.sign_checkpoint(work)
    with floor.read() as work:
        checkpoint, _ = verify_any(note, floor.log_keys)
        size = checkpoint.size
        # A log does not fit memory, nor do its records: entries are written first, and note which.
        names, named = set(work.records.public_names()), set[str]()
        entries = _noted(islice(work.chain.store.entries(), size), names, named)
        older = [note for size_then, note in work.checkpoints(HISTORY) if size_then < size]
        declared = log_keys(work.chain.store, checkpoint.origin, size)
        vkey = "\n".join(str(VerifierKey(checkpoint.origin, key.public_key)) for key in declared)
        with closing(work.records.public()) as public:
            records = ((key, data) for key, data in public if key in named)
            written = write_bundle(
                folder, entries, note=note, vkey=vkey, records=records, history=older
            )
        if disclose:
            written.append(_write_disclosures(folder / DISCLOSURES, living(work, size)))
        return written


def _noted(entries: Iterable[Entry], names: set[str], named: set[str]) -> Iterator[Entry]:
    """Yield entries, and note which of some names stand in them."""
    for entry in entries:
        named |= names.intersection(entry.texts())
        yield entry


def _write_disclosures(path: Path, disclosures: Iterable[Disclosure]) -> Path:
    with path.open("xb") as file:
        path.chmod(0o600)  # what it holds is confidential
        file.writelines(each.to_line() for each in disclosures)
    return path


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What the books come to; `faults` is empty where all of it agrees, in every currency.

    `deposited` and `held` are what came in and what stands in escrow in the first currency, CNY.
    """

    journals: int
    deposited: Money
    held: Money
    faults: tuple[str, ...]


def reconcile(*, floor: Floor) -> Reconciliation:
    """Compare balances with postings, postings with the chain, escrow with open contracts.

    The running totals of metered use are compared with the chain as well, and so are the log's head
    and where each product stands.
    """
    found = compare_books(floor=floor)
    faults = (*found.books, *found.log, *found.products, *found.board)
    return Reconciliation(found.journals, found.deposited, found.held, faults)

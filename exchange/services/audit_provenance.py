"""Auditing: export the chain for strangers, certify single entries, reconcile the money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from exchange.clearing import OUTSIDE, EscrowState, escrow
from exchange.metering import Told
from exchange.ports import Floor, UnitOfWork
from exchange.services.compare_books import bound_apart, entries_of
from exchange.services.disclose_values import living
from exchange.subscriptions import held_for
from ledger.balances import Balances
from ledger.bundle import write_bundle
from ledger.checkpoint import VerifierKey, verify_any
from ledger.commitments import Disclosure
from ledger.disclosures import FILE as DISCLOSURES
from ledger.entries import Entry
from ledger.signers import log_keys
from pricing.money import Currency, Money

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

    The running totals of metered use are compared with the chain as well.
    """
    with floor.read() as work:
        journals = work.accounts.journals()
        balances = work.accounts.balances()
        trades = work.trades.all()
        engagements = work.engagements.all()
        subscriptions = work.subscriptions.all()
        names: dict[str, str] = {}
        due_by_entry: dict[str, Counter[tuple[str, Currency]]] = {}
        fold, used = Balances(), Told()
        for entry, movement in _movements(work, fold):
            names[entry.leaf.hex()] = entry.named
            used.take(entry)
            if movement is not None:
                due_by_entry[entry.leaf.hex()] = movement
        bound = (*bound_apart(fold, work), *_counted_apart(used, work))
    sums: Counter[tuple[str, Currency]] = Counter()
    for journal in journals:
        for posting in journal.postings:
            sums[posting.account, posting.amount.currency] += posting.amount.minor
    found = {key: balance.minor for key, balance in balances.items()}
    faults = [
        f"{account}: the balance is {found.get((account, currency), 0)} minor units of {currency}, "
        f"the postings come to {sums[account, currency]}"
        for account, currency in sorted(sums.keys() | found.keys())
        if found.get((account, currency), 0) != sums[account, currency]
    ]
    faults += [
        f"the balances of all accounts in {currency} do not sum to zero"
        for currency in Currency
        if sum(minor for (_, of), minor in found.items() if of is currency)
    ]
    due = {
        (escrow(trade.id), trade.amount.currency): trade.held.minor
        for trade in trades
        if trade.escrow is EscrowState.HELD
    }
    due |= {
        (escrow(held_for(each.trade)), each.amount.currency): each.held.minor
        for each in subscriptions
    }
    due |= {
        (escrow(engagement.id), engagement.fee.currency): engagement.fee.minor
        for engagement in engagements
        if engagement.holds
    }
    faults += [
        f"{account}: holds {sums[account, currency]}, {due.get((account, currency), 0)} is due"
        for account, currency in sorted(sums.keys() | due.keys())
        if account.startswith(escrow(""))
        and sums[account, currency] != due.get((account, currency), 0)
    ]
    made_by_entry: dict[str, Counter[tuple[str, Currency]]] = {}
    nothing: Counter[tuple[str, Currency]] = Counter()
    for journal in journals:
        moved = made_by_entry.setdefault(journal.entry, Counter())
        for posting in journal.postings:
            moved[posting.account, posting.amount.currency] += posting.amount.minor
    faults += [
        f"{named}: the journals do not carry out what it says"
        for leaf, named in names.items()
        if due_by_entry.get(leaf, nothing) != made_by_entry.get(leaf, nothing)
    ]
    first = Currency.CNY
    deposited = -balances.get((OUTSIDE, first), Money(0))
    held = sum(minor for (_, currency), minor in due.items() if currency is first)
    return Reconciliation(len(journals), deposited, Money(held), (*faults, *bound))


def _counted_apart(used: Told, work: UnitOfWork) -> Iterator[str]:
    totals = work.metering.totals()
    for trade, outcome in sorted(totals.keys() | used.units.keys()):
        found, told = totals[trade, outcome], used.units[trade, outcome]
        if found != told:
            yield f"the use of {trade} counts {found} units {outcome}, its batches come to {told}"


def _movements(
    work: UnitOfWork, balances: Balances
) -> Iterator[tuple[Entry, Counter[tuple[str, Currency]] | None]]:
    """Yield every entry of the chain with what it says is to be moved between accounts."""
    for entry in entries_of(work):
        for _ in balances.take(entry):
            pass  # what an entry breaks is the audit's to say
        moved = {(name, Currency(of)): minor for (name, of), minor in balances.moved.items()}
        yield entry, Counter(moved) if moved else None

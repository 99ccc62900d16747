"""Auditing: export the chain for strangers, certify single entries, reconcile the money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from exchange.certificates import TITLES, Certificate, certify
from exchange.clearing import OUTSIDE, EscrowState, escrow
from exchange.errors import NotFound
from exchange.ports import Floor, UnitOfWork
from ledger.bundle import write_bundle
from ledger.checkpoint import verify
from ledger.merkle import inclusion_proof
from pricing.money import Money


def export_bundle(folder: Path, *, floor: Floor) -> list[Path]:
    """Write the whole log with its public records into an empty folder, under a new checkpoint."""
    with floor.write() as work:
        note = floor.sign_checkpoint(work)
    with floor.read() as work:
        size = verify(note, floor.log_key).size
        entries = (e for e in work.chain.store.entries() if e.index < size)
        named = _named(work, size)
        records = {key: data for key, data in work.records.public() if key in named}
        return write_bundle(folder, entries, note=note, vkey=str(floor.log_key), records=records)


def _named(work: UnitOfWork, size: int) -> set[str]:
    named: set[str] = set()
    for entry in work.chain.store.entries():
        if entry.index < size:
            named.update(value for value in entry.facts.values() if isinstance(value, str))
    return named


def issue_certificate(subject: str, *, floor: Floor, kind: str | None = None) -> Certificate:
    """Certify the newest certifiable entry of ``product/…`` or ``trade/…`` under a checkpoint.

    `kind` asks for the newest entry of one kind, such as ``registration.confirmed``.  Raises
    `NotFound` where there is none yet.
    """
    with floor.write() as work:
        wanted = [kind] if kind else list(TITLES)
        found = [entry for name in wanted for entry in work.chain.store.of_kind(subject, name)]
        if not found:
            raise NotFound(f"there is nothing to certify yet for {subject}")
        entry = max(found, key=lambda entry: entry.index)
        note = floor.sign_checkpoint(work)
        size = verify(note, floor.log_key).size
        leaves = [e.leaf for e in work.chain.store.entries() if e.index < size]
        return certify(entry, inclusion_proof(leaves, entry.index), note, floor.log_key)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What the books come to; `faults` is empty where all of it agrees."""

    journals: int
    deposited: Money
    held: Money
    balances: Mapping[str, Money]
    faults: tuple[str, ...]


def reconcile(*, floor: Floor) -> Reconciliation:
    """Recompute every balance from the postings, and compare escrow with the open contracts."""
    with floor.read() as work:
        journals = work.accounts.journals()
        balances = dict(work.accounts.balances())
        trades = work.trades.all()
        size = work.chain.store.edge().size
    sums: dict[str, int] = defaultdict(int)
    for journal in journals:
        for posting in journal.postings:
            sums[posting.account] += posting.amount.minor
    faults = [
        f"{account}: the balance is {balances.get(account, Money(0))}, the postings come to {minor}"
        for account, minor in sums.items()
        if balances.get(account, Money(0)).minor != minor
    ]
    if sum(balance.minor for balance in balances.values()):
        faults.append("the balances of all accounts do not sum to zero")
    for trade in trades:
        due = trade.amount.minor if trade.escrow is EscrowState.HELD else 0
        if sums.get(escrow(trade.id), 0) != due:
            faults.append(
                f"{escrow(trade.id)}: holds {sums.get(escrow(trade.id), 0)}, {due} is due"
            )
    faults += [f"{j.what}: cites entry {j.entry} of {size}" for j in journals if j.entry >= size]
    held = sum(
        (trade.amount.minor for trade in trades if trade.escrow is EscrowState.HELD), start=0
    )
    deposited = -balances.get(OUTSIDE, Money(0))
    return Reconciliation(len(journals), deposited, Money(held), balances, tuple(faults))

"""Issuing a certificate: an entry with its proof, for who asks, and for its fee where there is one.

Where the schedule in force asks money for certificates, whoever wants one signs that it asks for
it; the certificate comes again for the same act.
"""

from __future__ import annotations

from exchange.certificates import TITLES, Certificate, certify
from exchange.errors import NotFound, Refused
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import admit_act, fact, record, unchanged
from exchange.services.charge_service import charge, due_of
from ledger.acts import SignedAct, format_time
from ledger.checkpoint import verify_any
from ledger.dues import due_for
from ledger.entries import Entry
from ledger.tiles import TileTree


def issue_certificate(
    subject: str, *, floor: Floor, kind: str | None = None, signed: SignedAct | None = None
) -> Certificate:
    """Certify the newest certifiable entry of ``product/…`` or ``trade/…`` under a checkpoint.

    `kind` asks for the newest entry of one kind, such as ``registration.confirmed``.  With
    `signed`, a `certificate.requested`, it is the entry that this names, and who signed pays what
    is asked for a certificate, once.  Raises `NotFound` where there is none yet, or none with a
    place in the log, `Refused` where something is asked and nobody signed, and
    `InsufficientFunds` where the fee is not there.
    """
    with floor.write() as work:
        if signed is None:
            _require_free(work, floor)
        note = floor.sign_checkpoint(work)
        checkpoint, signed_by = verify_any(note, floor.log_keys)
        if signed is None:
            entry = certifiable(subject, kind, work, checkpoint.size)
        else:
            entry = _requested(subject, signed, work, checkpoint.size)
        proof = TileTree(work.tiles, checkpoint).inclusion_proof(entry.index)
        certificate = certify(entry, proof, note, signed_by[0])
        if signed:
            _charge(signed, work=work, floor=floor)
        return certificate


def certifiable(subject: str, kind: str | None, work: UnitOfWork, size: int | None = None) -> Entry:
    """Return the newest entry of a subject that a certificate is issued for, or of one kind.

    Raises `NotFound` where there is none among the first `size` entries of the log.
    """
    found = [
        entry
        for name in ([kind] if kind else list(TITLES))
        for entry in work.chain.store.of_kind(subject, name)
        if entry.place is not None and (size is None or entry.place < size)
    ]
    if not found:
        raise NotFound(f"there is nothing to certify yet for {subject}")
    return max(found, key=lambda entry: entry.version)


def _requested(subject: str, signed: SignedAct, work: UnitOfWork, size: int) -> Entry:
    leaf = fact(signed, "entry")
    entry = work.chain.store.by_leaf(leaf)
    if entry is None or entry.subject != subject or entry.place is None or entry.place >= size:
        raise NotFound(f"act.facts.entry: {subject} has no entry {leaf} with a place in the log")
    return entry


def _require_free(work: UnitOfWork, floor: Floor) -> None:
    now = format_time(floor.clock())
    if due_for("certificate", work.chain.store, floor.house.origin, now):
        raise Refused("act: a certificate is paid for: who wants it signs certificate.requested")


def _charge(signed: SignedAct, *, work: UnitOfWork, floor: Floor) -> None:
    payer = admit_act(signed, "certificate.requested", work=work, floor=floor)
    if not unchanged(work.chain.recorded(signed), signed):
        due = due_of(signed, payer, work=work, floor=floor)
        charge(due, record(signed, work=work, floor=floor), work=work, floor=floor)

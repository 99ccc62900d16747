"""Keys of a log that follow one another, and logs that do, as an audit sees them.

Which keys must sign a checkpoint follows from the entries and its size.  What cannot be seen here:
whether somebody else holds an old key and signs with it for those who know no newer one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from ledger.acts import key_id
from ledger.bundle import read_file
from ledger.checkpoint import Checkpoint, VerifierKey, verify_any
from ledger.errors import BadNote, Unreadable
from ledger.findings import AuditReport
from ledger.signers import LogKey, log_keys
from ledger.view import View, newest

KEYS_MAX = 1_000  # lines of a file `vkey` that are read


def parse_vkeys(data: bytes) -> tuple[VerifierKey, ...]:
    """Read a file `vkey`: the log's keys, one a line, the newest first; or raise `BadNote`."""
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise BadNote("vkey: not text") from error
    if len(lines) > KEYS_MAX:
        raise BadNote(f"vkey: more than {KEYS_MAX} lines")
    keys = tuple(VerifierKey.parse(line) for line in lines if line.strip())
    if len({key.name for key in keys}) != 1 or len(set(keys)) != len(keys):
        raise BadNote("vkey: keys of several logs, or one of them twice")
    return keys


def format_vkeys(keys: Iterable[VerifierKey]) -> bytes:
    """Write a file `vkey`."""
    return "".join(f"{key}\n" for key in keys).encode()


def read_vkeys(folder: Path) -> tuple[VerifierKey, ...]:
    """Return the keys of a bundle's `vkey`, the newest first."""
    return parse_vkeys(read_file(folder, "vkey"))


def known_keys(folder: Path, trusted: VerifierKey | None) -> tuple[VerifierKey, ...]:
    """Return the keys that older checkpoints of a bundle's log may be signed with.

    Those that its `vkey` lists, if the trusted one is among them; the audit finds out whether
    entries declare them.
    """
    try:
        listed = read_vkeys(folder)
    except Unreadable:
        if trusted is None:
            raise
        return (trusted,)
    return listed if trusted is None or trusted in listed else (trusted,)


def declared_keys(view: View, checkpoint: Checkpoint) -> dict[VerifierKey, LogKey]:
    """Return the keys that the entries under a checkpoint declare, the newest first."""
    origin = checkpoint.origin
    declared = log_keys(view, origin, checkpoint.size)
    return {VerifierKey(origin, key.public_key): key for key in declared}


def newest_key(view: View, checkpoint: Checkpoint, trusted: VerifierKey) -> VerifierKey:
    """Return the newest key that the entries declare; the trusted one, if they know it not."""
    declared = declared_keys(view, checkpoint)
    return next(iter(declared)) if trusted in declared else trusted


def check_log_keys(
    view: View,
    checkpoint: Checkpoint,
    note: bytes,
    key: VerifierKey,
    listed: Collection[VerifierKey],
    report: AuditReport,
) -> None:
    """Compare the keys that the entries declare with those that signed the checkpoint.

    `key` is the one that the audit trusts, `listed` are those of the bundle's `vkey`.
    """
    declared = declared_keys(view, checkpoint)
    if not declared:
        return
    if key not in declared:
        first = list(declared.values())[-1]
        words = f"the exchange opened with the log key {first.public_key.hex()}"
        words += ", and no entry declares the one that is trusted" * (len(declared) > 1)
        report.find("checkpoint", first.entry.index, "key", words)
        return
    try:
        _, signed = verify_any(note, declared)
    except BadNote as error:
        report.find("checkpoint", None, "checkpoint", str(error))
        return
    for known, by in declared.items():
        if by.signs(checkpoint.size) and known not in signed:
            words = f"the log key {_short(by)} has not signed a checkpoint of {checkpoint.size}"
            report.find("checkpoint", by.entry.index, "key", words)
    if not declared[key].signs(checkpoint.size):
        words = f"the log key {_short(declared[key])} ended at size {declared[key].until}"
        report.find("checkpoint", declared[key].entry.index, "key", words)
    for other in listed:
        if other not in declared:
            report.find("vkey", None, "key", f"no entry declares the log key {other}")


def _short(key: LogKey) -> str:
    return f"{key_id(key.public_key)} of entry {key.entry.index}"


def remark_on_succession(view: View, checkpoint: Checkpoint, report: AuditReport) -> None:
    """Say what the log's keys were, which log it continues, and whether it has ended."""
    for key, known in declared_keys(view, checkpoint).items():
        if known.until is not None:
            report.remarks.append(f"the log key {key} is valid up to size {known.until}")
    report.continues = before = continued(view, checkpoint.origin)
    if before:
        report.remarks.append(
            f"continues the log {before['origin']}: {before['size']} entries, root {before['root']}"
        )
    closed = newest(view, f"exchange/{checkpoint.origin}", "log.closed")
    if closed:
        report.successor = next(iter(closed.facts["successor"]), None)
        after = f"; continued by {report.successor}" if report.successor else ""
        report.remarks.append(f"the log ended with entry {closed.index}{after}")


def continued(view: View, origin: str) -> dict[str, Any] | None:
    """Return what the log says of the one it continues: its origin, size and root."""
    opened = newest(view, f"exchange/{origin}", "exchange.opened")
    found: list[dict[str, Any]] = opened.facts["continues"] if opened else []
    return found[0] if found else None


def check_continued(view: View, origin: str, older: AuditReport, report: AuditReport) -> None:
    """Compare the log that this one says it continues with the audit of a bundle of that log.

    What is wrong with the older log is a finding here as well.
    """
    before = continued(view, origin)
    found = {"origin": older.origin, "size": older.size, "root": older.root}
    if before is None:
        report.find(
            "continued", None, "continues", f"{origin} does not say that it continues a log"
        )
    elif before != found:
        words = (
            f"this log continues {before['origin']} at {before['size']} entries with the root "
            f"{before['root']}, the bundle is of {older.origin or 'no log that can be read'} at "
            f"{older.size} with {older.root or 'none'}"
        )
        report.find("continued", None, "continues", words)
    elif older.passed:
        report.remarks.append(f"the older log was audited: {older.size} entries of {older.origin}")
    for finding in older.findings:
        place = f"continued/{finding.place}"
        report.find(place, finding.index, finding.rule, finding.words)


def last_checkpoint(path: Path, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint of a note or of a bundle's folder that `key` signed, or raise."""
    note = read_file(path, "checkpoint") if path.is_dir() else read_file(path.parent, path.name)
    checkpoint, _ = verify_any(note, [key])
    if checkpoint.origin != key.name:
        raise BadNote(f"the checkpoint is of {checkpoint.origin}, the key of {key.name}")
    return checkpoint

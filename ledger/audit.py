"""The offline audit: a bundle holds together and its entries keep the rules, or what is wrong.

Needs the bundle alone, no network and no exchange.  What it can prove: the entries are those
that the checkpoint commits to, in their order, each signed by the key its actor had, and the
business rules of `ledger.kinds` hold.  What it cannot: that nothing was left out before it
was recorded, or that another visitor was shown the same log (compare checkpoints for that).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.bundle import TILE, levels, read_entries, read_file, read_hashes
from ledger.chain import MemoryLog
from ledger.checkpoint import ED25519, Checkpoint, VerifierKey, verify
from ledger.entries import Entry
from ledger.errors import BadNote, LedgerError, Unreadable
from ledger.merkle import leaf_hash, root_of
from ledger.policy import Policy, verify_policy
from ledger.rules import broken_rules, newest

# Facts that name a record which an exchange exports; others stay with it.
PUBLIC = ("allocation", "pricing", "profile", "review", "sheet", "terms")


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is wrong: where in the bundle, at which entry, by which rule, in words."""

    place: str
    index: int | None
    rule: str
    words: str


@dataclass(slots=True)
class AuditReport:
    """What an audit found; `passed` means no finding."""

    origin: str = ""
    size: int = 0
    root: str = ""
    key: str = ""
    entries: int = 0
    acts: int = 0
    participants: int = 0
    records: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    findings: list[AuditFinding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def to_record(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "passed": self.passed,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "key": self.key,
            "entries": self.entries,
            "acts": self.acts,
            "participants": self.participants,
            "records": self.records,
            "kinds": self.kinds,
            "remarks": self.remarks,
            "findings": [
                {"place": f.place, "index": f.index, "rule": f.rule, "words": f.words}
                for f in self.findings
            ],
        }


def audit(
    folder: Path,
    *,
    key: VerifierKey | None = None,
    against: Checkpoint | None = None,
    policy: Policy | None = None,
) -> AuditReport:
    """Audit a bundle; raises `Unreadable` only where there is no bundle to read.

    `key` is the log's verifier key from a source the auditor trusts; without it the bundle's
    own key is used and the report says so.  `against` is an older checkpoint that this log
    must continue.  `policy` names the witnesses that must have cosigned; a log key in it that
    signed the checkpoint is trusted as `key` is.
    """
    report = AuditReport()
    opened = open_checkpoint(folder, report, key=key, policy=policy)
    if opened is None:
        return report
    key, checkpoint = opened
    read = {"checkpoint", "vkey"}
    entries, leaves = _read_entries(folder, checkpoint, read, report)
    if leaves is not None:
        _check_root(folder, checkpoint, entries, leaves, read, report)
        if against:
            _check_continuity(checkpoint, leaves, against, report)
    log = _check_rules(entries, checkpoint.origin, report)
    check_log_key(log, checkpoint.origin, key, report)
    _check_records(folder, log, report)
    remark_on_unread(folder, read, report)
    return report


def open_checkpoint(
    folder: Path, report: AuditReport, *, key: VerifierKey | None, policy: Policy | None
) -> tuple[VerifierKey, Checkpoint] | None:
    """Return a bundle's key and checkpoint, or None where the report says what is wrong."""
    if not folder.is_dir():
        raise Unreadable(f"{folder}: not a folder")
    note = read_file(folder, "checkpoint")
    if policy:
        key = _by_policy(note, policy, key, report) or key
    key = _own_key(folder, report) if key is None else _trusted_key(folder, key, report)
    checkpoint = _checkpoint(note, key, report) if key else None
    return (key, checkpoint) if key and checkpoint else None


def _by_policy(
    note: bytes, policy: Policy, key: VerifierKey | None, report: AuditReport
) -> VerifierKey | None:
    """Report on the quorum, and return a log key of the policy that signed."""
    try:
        found = verify_policy(note, policy, log=key)
        report.remarks += found.in_words()
        found.require_quorum()
    except BadNote as error:
        report.findings.append(AuditFinding("checkpoint", None, "policy", str(error)))
        return None
    return next((by for by in found.logs if by.kind == ED25519), None)


def _own_key(folder: Path, report: AuditReport) -> VerifierKey | None:
    report.remarks.append(
        "the verifier key is the bundle's own: compare it with one from a source you trust"
    )
    data = read_file(folder, "vkey")
    try:
        key = VerifierKey.parse(data.decode())
    except (BadNote, UnicodeDecodeError) as error:
        report.findings.append(AuditFinding("vkey", None, "key", str(error)))
        return None
    if data != f"{key}\n".encode():
        report.findings.append(AuditFinding("vkey", None, "key", "not one line with the key"))
    return key


def _trusted_key(folder: Path, key: VerifierKey, report: AuditReport) -> VerifierKey:
    try:
        other = read_file(folder, "vkey") != f"{key}\n".encode()
    except Unreadable:
        other = False  # a log that is served as files has no such file
    if other:
        words = "the bundle's own verifier key is not the one you trust"
        report.findings.append(AuditFinding("vkey", None, "key", words))
    return key


def _checkpoint(note: bytes, key: VerifierKey, report: AuditReport) -> Checkpoint | None:
    report.key = str(key)
    try:
        checkpoint = verify(note, key)
    except BadNote as error:
        report.findings.append(AuditFinding("checkpoint", None, "checkpoint", str(error)))
        return None
    if checkpoint.origin != key.name:
        words = f"the checkpoint is of {checkpoint.origin}, the key of {key.name}"
        report.findings.append(AuditFinding("checkpoint", None, "checkpoint", words))
        return None
    report.origin, report.size = checkpoint.origin, checkpoint.size
    report.root = checkpoint.root.hex()
    return checkpoint


def _read_entries(
    folder: Path, checkpoint: Checkpoint, read: set[str], report: AuditReport
) -> tuple[list[bytes], list[bytes] | None]:
    entries: list[bytes] = []
    whole = True
    for start in range(0, checkpoint.size, TILE):
        width = min(TILE, checkpoint.size - start)
        try:
            name, held = read_entries(folder, start // TILE, width)
            entries += held
            read.add(name)
        except Unreadable as error:
            report.findings.append(AuditFinding(str(error).split(":")[0], None, "tile", str(error)))
            whole = False
            break
    report.entries = len(entries)
    return entries, [leaf_hash(entry) for entry in entries] if whole else None


def _check_root(
    folder: Path,
    checkpoint: Checkpoint,
    entries: list[bytes],
    leaves: list[bytes],
    read: set[str],
    report: AuditReport,
) -> None:
    """Compare root, tiles and entries, and name the first place where they part."""
    right = root_of(leaves) == checkpoint.root
    for level, hashes in enumerate(levels(leaves)):
        for start in range(0, len(hashes), TILE):
            part = hashes[start : start + TILE]
            try:
                name, held = read_hashes(folder, level, start // TILE, len(part))
                read.add(name)
            except Unreadable as error:
                report.findings.append(
                    AuditFinding(str(error).split(":")[0], None, "tile", str(error))
                )
                continue
            for offset, expected in enumerate(part):
                if held[offset] == expected:
                    continue
                if right:
                    words = f"hash {offset} of the tile is not that of its entries"
                    report.findings.append(AuditFinding(name, None, "tile", words))
                elif level == 0:
                    index = start + offset
                    words = (
                        f"entry {index} is not the entry that was recorded{_hint(entries[index])}"
                    )
                    place = f"tile/entries, entry {index}"
                    report.findings.append(AuditFinding(place, index, "leaf", words))
                break
    if not right:
        words = f"the entries do not lead to the root that {checkpoint.origin} signed"
        report.findings.append(AuditFinding("checkpoint", None, "root", words))


def _hint(entry: bytes) -> str:
    try:
        parsed = Entry.parse(entry, 0)
    except LedgerError:
        return ""
    return f" ({parsed.kind} of {parsed.subject})"


def _check_continuity(
    checkpoint: Checkpoint, leaves: list[bytes], against: Checkpoint, report: AuditReport
) -> None:
    if against.origin != checkpoint.origin:
        words = f"the older checkpoint is of another log, {against.origin}"
    elif against.size > checkpoint.size:
        words = f"the log has {checkpoint.size} entries, and once had {against.size}: rolled back"
    elif root_of(leaves[: against.size]) != against.root:
        words = f"the first {against.size} entries are not those of the older checkpoint: a fork"
    else:
        report.remarks.append(f"continues the checkpoint of size {against.size}")
        return
    report.findings.append(AuditFinding("checkpoint", None, "continuity", words))


def _check_rules(entries: list[bytes], origin: str, report: AuditReport) -> MemoryLog:
    """Walk the entries up to the first that was changed, cannot be read, or has other facts.

    Later entries refer to it, and all of them would be reported for what it lost.
    """
    log = MemoryLog()
    changed = {finding.index for finding in report.findings if finding.rule == "leaf"}
    kinds: Counter[str] = Counter()
    for index, data in enumerate(entries):
        place = f"tile/entries, entry {index}"
        try:
            entry = Entry.parse(data, index)
        except LedgerError as error:
            report.findings.append(AuditFinding(place, index, error.code, str(error)))
            _stop(index, report)
            break
        broken = list(broken_rules(entry, log, origin))
        report.findings += [
            AuditFinding(place, index, one.rule, f"{entry.kind}: {one.words}") for one in broken
        ]
        if index in changed or any(one.rule in {"kind", "facts"} for one in broken):
            _stop(index, report)
            break
        log.add(entry)
        kinds[entry.kind] += 1
    report.kinds = dict(sorted(kinds.items()))
    report.acts = kinds.total()
    report.participants = kinds["participant.key"]
    return log


def _stop(index: int, report: AuditReport) -> None:
    report.remarks.append(f"rules were checked up to entry {index} of {report.entries}")


def check_log_key(log: MemoryLog, origin: str, key: VerifierKey, report: AuditReport) -> None:
    """Compare the key that the exchange declared with the one that signed the checkpoint."""
    opened = newest(log, f"exchange/{origin}", "exchange.opened")
    if opened and opened.facts["log_key"] != key.public_key.hex():
        words = f"the exchange opened with the log key {opened.facts['log_key']}"
        report.findings.append(AuditFinding("checkpoint", opened.index, "key", words))


def _check_records(folder: Path, log: MemoryLog, report: AuditReport) -> None:
    named = {text for entry in log.entries() for text in entry.texts()}
    whole = log.edge().size == report.size  # else entries that name a record were not read
    records = folder / "records"
    for path in sorted(records.iterdir()) if records.is_dir() else ():
        words = ""
        try:
            digest = hashlib.sha256(read_file(folder, f"records/{path.name}")).hexdigest()
        except Unreadable as error:
            words = str(error)
        else:
            report.records += 1
            if digest != path.name:
                words = "the record's content is not that of its name"
            elif whole and digest not in named:
                words = "no entry names this record"
        if words:
            report.findings.append(AuditFinding(f"records/{path.name}", None, "record", words))
    public = {e.facts[name] for e in log.entries() for name in PUBLIC if name in e.facts}
    absent = sum(not (records / digest).is_file() for digest in public)
    if absent:
        report.remarks.append(f"{absent} of {len(public)} public records are not in the bundle")


def remark_on_unread(folder: Path, read: set[str], report: AuditReport) -> None:
    """Say which files prove nothing: a reader could take them for part of what was checked."""
    files = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    unread = [str(name) for name in files if str(name) not in read and name.parts[0] != "records"]
    if unread:
        more = f" and {len(unread) - 5} more" if len(unread) > 5 else ""
        report.remarks.append(f"not part of the bundle and not read: {', '.join(unread[:5])}{more}")

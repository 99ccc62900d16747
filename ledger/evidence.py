"""Party bundles: what one participant can show to a court or a bank, and nothing of others.

A party bundle holds the entries that the participant signed or is named in, each with a proof
file, the key entries that their signatures are checked with, and a report for people.  It proves
that these entries stand in the log, and who signed them.  It cannot prove that they are all, nor
what the rest of the log says of them: roles and references are checked over a whole bundle.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.audit import AuditReport, open_checkpoint, remark_on_unread
from ledger.bundle import read_file
from ledger.canonical import encode, printable
from ledger.chain import MemoryLog
from ledger.checkpoint import Checkpoint, VerifierKey, verify
from ledger.entries import Entry
from ledger.errors import BadProof, LedgerError, Unreadable
from ledger.kinds import KINDS
from ledger.merkle import leaf_hash
from ledger.note import from_decimal
from ledger.policy import Policy
from ledger.proofs import TlogProof
from ledger.rules import Broken, View, broken_alone
from ledger.succession import check_log_keys, declared_keys, format_vkeys, newest_key

Prove = Callable[[int], tuple[bytes, ...]]  # the audit path of an entry under the checkpoint
_PARTICIPANT = re.compile(r"PT(?:-[0-9A-Z]{4}){3}", re.ASCII)
_OF_KEYS = frozenset({"participant.key", "key.shown", "key.added", "key.revoked"})
_OF_LOG_KEYS = frozenset({"exchange.opened", "log.key_added"})
_LIMITS = """\
What this shows: each entry above stands in the log at its place, unchanged since the
checkpoint, and was signed with the key named. What it does not show: that these are
all entries about the participant; that the signers held their roles (the whole log
shows it); who the participants are (the exchange's register does).
"""


def _owner(entry: Entry) -> str:
    """Return whose key an entry is about; `key.shown` stands in the subject of the key."""
    return entry.actor if entry.kind == "key.shown" else entry.subject.partition("/")[2]


def concerns(entry: Entry, participant: str) -> bool:
    """Whether the participant signed the entry or is named in it."""
    named = (participant in text for text in (entry.subject, *_texts(entry.facts)))
    return entry.actor == participant or any(named)


def is_party_bundle(folder: Path) -> bool:
    """Whether a folder says that it is one participant's bundle."""
    return (folder / "party").is_file()


@dataclass(frozen=True, slots=True)
class PartyEntries:
    """A participant's entries, and those enclosed because signatures need them, by index."""

    participant: str
    own: tuple[Entry, ...]
    keys: tuple[Entry, ...]

    @classmethod
    def of(cls, participant: str, entries: Iterable[Entry]) -> PartyEntries:
        """Choose from the entries of a log, or from those of a bundle."""
        own: list[Entry] = []
        keys: list[Entry] = []
        for entry in entries:
            if concerns(entry, participant):
                own.append(entry)
            elif entry.kind in _OF_KEYS or entry.kind in _OF_LOG_KEYS:
                keys.append(entry)
        of_log = [entry for entry in (*own, *keys) if entry.kind in _OF_LOG_KEYS]
        signers = {entry.actor for entry in (*own, *of_log)}
        needed = [entry for entry in keys if entry.kind in _OF_LOG_KEYS or _owner(entry) in signers]
        return cls(participant, tuple(own), tuple(needed))

    @property
    def all(self) -> list[Entry]:
        """Every entry of the bundle in the log's order."""
        return sorted((*self.own, *self.keys), key=lambda entry: entry.index)


def write_party_bundle(
    folder: Path,
    participant: str,
    entries: Iterable[Entry],
    *,
    note: bytes,
    key: VerifierKey,
    prove: Prove,
) -> list[Path]:
    """Write a participant's bundle into a new or empty folder, its checkpoint last.

    `entries` are those of the whole log; every proof is checked before anything is written.  A
    name that is none, or that no entry bears, raises `Unreadable`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Unreadable(f"{folder}: the folder is not empty")
    checkpoint = verify(note, key)
    chosen = PartyEntries.of(
        _named(participant), (entry for entry in entries if entry.index < checkpoint.size)
    )
    if not chosen.own:
        raise Unreadable(f"no entry under this checkpoint is about {participant}")
    files: dict[str, bytes] = {"party": f"{participant}\n".encode()}
    for entry in chosen.all:
        proof = TlogProof(entry.index, prove(entry.index), note)
        proof.leads_from(entry.leaf, checkpoint)
        files[f"entries/{entry.index}"] = entry.data
        files[f"proofs/{entry.index}.tlog-proof"] = proof.to_bytes()
    view = MemoryLog()
    for entry in chosen.all:
        view.hold(entry)
    declared = tuple(declared_keys(view, checkpoint))
    keys = declared if key in declared else (key,)
    files["report.txt"] = report_text(chosen, checkpoint, keys[0]).encode()
    files["vkey"] = format_vkeys(keys)
    files["checkpoint"] = note
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def report_text(chosen: PartyEntries, checkpoint: Checkpoint, key: VerifierKey) -> str:
    """Say for people who recorded what, when, and under whose key."""
    return "\n".join([*_report(chosen, checkpoint, key), ""]) + _LIMITS


def _report(chosen: PartyEntries, checkpoint: Checkpoint, key: VerifierKey) -> Iterator[str]:
    yield f"Evidence of {chosen.participant} from the ledger {checkpoint.origin}"
    yield ""
    yield f"checkpoint  {checkpoint.size} entries, root {checkpoint.root.hex()}"
    yield f"log key     {key}"
    for entry in chosen.own:
        yield from ("", *_told(entry))
    if chosen.keys:
        yield ""
        yield "Enclosed because signatures above are checked with them:"
        for entry in chosen.keys:
            yield printable(f"entry {entry.index}  {entry.kind} of {entry.subject}")
    yield ""


def _told(entry: Entry) -> Iterator[str]:
    act, kind = entry.signed.act, KINDS.get(entry.kind)
    rows = [
        ("what", kind.says if kind else "a kind that is not known here"),
        ("who", f"{entry.actor}, with the key {act.key}"),
        ("when", f"signed {act.time}, recorded {entry.time}"),
    ]
    for name, value in sorted(entry.facts.items()):
        rows.append((name, value if isinstance(value, str) else encode(value).decode()))
    rows.append(("leaf hash", entry.leaf.hex()))
    yield printable(f"Entry {entry.index}: {entry.kind} of {entry.subject}")
    for name, text in rows:
        yield printable(f"  {name:14}  {text}")


def audit_party(
    folder: Path,
    *,
    key: VerifierKey | None = None,
    against: Checkpoint | Sequence[Checkpoint] | None = None,
    policy: Policy | None = None,
) -> AuditReport:
    """Audit a participant's bundle; raises `Unreadable` only where there is none to read.

    The arguments are those of `ledger.audit.audit`; an older checkpoint of another size cannot be
    compared, because a participant's bundle does not hold the tree, and is a finding.
    """
    report = AuditReport()
    opened = open_checkpoint(folder, report, key=key, policy=policy)
    if opened is None:
        return report
    checkpoint = opened.checkpoint
    participant = _named(read_file(folder, "party").decode(errors="replace").removesuffix("\n"))
    read = {"party", "checkpoint", "vkey", "report.txt"}
    entries = list(_read_entries(folder, checkpoint, read, report))
    chosen = PartyEntries.of(participant, entries)
    view = MemoryLog()
    for entry in entries:
        place = f"entries/{entry.index}"
        broken = [*_follows(entry, view), *broken_alone(entry, view, checkpoint.origin)]
        for one in broken:
            report.find(place, entry.index, one.rule, f"{entry.kind}: {one.words}")
        if entry not in chosen.own and entry not in chosen.keys:
            words = f"nothing in it is about {participant}, and no signature needs it"
            report.find(place, entry.index, "party", words)
        if not any(one.rule in {"kind", "facts"} for one in broken):
            view.hold(entry)  # what is held has the facts that rules read
        report.kinds[entry.kind] = report.kinds.get(entry.kind, 0) + 1
    report.kinds = dict(sorted(report.kinds.items()))
    report.acts, report.participants = len(entries), report.kinds.get("participant.key", 0)
    check_log_keys(view, checkpoint, opened.note, opened.key, opened.listed, report)
    newest = newest_key(view, checkpoint, opened.key)
    _check_whole(folder, chosen, checkpoint, newest, report)
    for older in [against] if isinstance(against, Checkpoint) else against or ():
        _check_against(checkpoint, older, report)
    report.remarks.append(
        f"a bundle of {participant} alone: it cannot show that these are all entries, and "
        "roles, references and the rules of other entries are checked over a whole bundle"
    )
    remark_on_unread(folder, read, report)
    return report


def _read_entries(
    folder: Path, checkpoint: Checkpoint, read: set[str], report: AuditReport
) -> Iterator[Entry]:
    """Yield the entries that their proofs place in the log and that can be read, in order."""
    note = read_file(folder, "checkpoint")
    for index in _indexes(folder):
        name, proof_name = f"entries/{index}", f"proofs/{index}.tlog-proof"
        place = name
        try:
            data = read_file(folder, name)
            read.add(name)
            place = proof_name
            proof = TlogProof.parse(read_file(folder, proof_name))
            read.add(proof_name)
            if (proof.index, proof.note) != (index, note):
                raise BadProof("the proof is of another entry or under another checkpoint")
            if proof.extra is not None:
                report.remarks.append(f"{proof_name}: ignored extra data, which nothing signs")
            proof.leads_from(leaf_hash(data), checkpoint)
            report.entries += 1
            place = name
            entry = Entry.parse(data, index)
        except LedgerError as error:
            report.find(place, index, error.code, str(error))
        else:
            yield entry


def _indexes(folder: Path) -> list[int]:
    """Return the numbers that files of entries bear; other names are left to be remarked on."""
    home = folder / "entries"
    found = []
    for path in home.iterdir() if home.is_dir() else ():
        try:
            found.append(from_decimal(path.name))
        except ValueError:
            continue
    return sorted(found)


def _follows(entry: Entry, view: View) -> Iterator[Broken]:
    """Compare an entry with the one before it in its subject, as far as that is enclosed."""
    last = view.last(entry.subject)
    if last is None:
        return
    gap = entry.version - last.version
    if gap < 1 or (gap == 1 and entry.prev != last.leaf.hex()):
        yield Broken("chain", f"does not continue entry {last.index} of {entry.subject}")


def _check_whole(
    folder: Path,
    chosen: PartyEntries,
    checkpoint: Checkpoint,
    key: VerifierKey,
    report: AuditReport,
) -> None:
    """Look for the entries that must be there, and compare the report with the entries."""
    if not chosen.own:
        words = f"no entry is about {chosen.participant}"
        report.find("entries", None, "party", words)
    if not report.kinds.get("exchange.opened"):
        words = "exchange.opened is not enclosed: nothing says which key signs for the exchange"
        report.find("entries", None, "key", words)
    words = ""
    try:
        told = read_file(folder, "report.txt")
        if report.passed and told != report_text(chosen, checkpoint, key).encode():
            words = "the report does not say what the entries say"
    except Unreadable as error:
        words = str(error)
    if words:
        report.find("report.txt", None, "report", words)


def _check_against(checkpoint: Checkpoint, against: Checkpoint, report: AuditReport) -> None:
    if against.origin != checkpoint.origin:
        words = f"the older checkpoint is of another log, {against.origin}"
    elif against.size > checkpoint.size:
        words = f"the log has {checkpoint.size} entries, and once had {against.size}: rolled back"
    elif against.size < checkpoint.size:
        words = f"a participant's bundle cannot be compared with a checkpoint of {against.size}"
    elif against.root != checkpoint.root:
        words = f"another root of size {checkpoint.size} was signed: a fork"
    else:
        report.remarks.append(f"is the checkpoint of size {against.size}")
        return
    report.find("checkpoint", None, "continuity", words)


def _named(participant: str) -> str:
    if not _PARTICIPANT.fullmatch(participant):
        raise Unreadable(f"{participant[:80]!r} is not the name of a participant")
    return participant


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a value, however deep."""
    parts: Sequence[Any] = ()
    match value:
        case str():
            yield value
        case Mapping():
            parts = list(value.values())
        case list() | tuple():
            parts = value
    for part in parts:
        yield from _texts(part)

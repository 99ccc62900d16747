"""The offline audit: a bundle holds together and its entries keep the rules, or what is wrong.

Needs the bundle alone, no network and no exchange, and no more memory for a long log than for a
short one.  What it can prove: the entries are those that the checkpoint commits to, in their
order, each signed by the key its actor had, and the business rules of `ledger.kinds` hold.  What
it cannot: that nothing was left out before it was recorded, or that another visitor was shown the
same log (compare checkpoints for that).
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ledger.ahead import Ahead, Signer
from ledger.balances import Balances
from ledger.bundle import read_entries, read_file
from ledger.checkpoint import ED25519, Checkpoint, VerifierKey, verify
from ledger.cycles import Cycles
from ledger.disclosures import FILE as DISCLOSURES
from ledger.disclosures import disclosures_in
from ledger.entries import Entry
from ledger.erasure import CommittedFields
from ledger.errors import BadNote, LedgerError, Unreadable
from ledger.exclusive import Uses
from ledger.findings import AuditFinding, AuditReport, Progress
from ledger.growth import TILE
from ledger.history import Older, ignored_lines
from ledger.integrity import Intact, IntegrityWalk, leaves_of, seal, tiles_of, width_of
from ledger.policy import Policy, verify_policy
from ledger.report import LogReport
from ledger.rules import View, asked, broken_rules
from ledger.spill import SPILL_FROM, GrowingView, growing_view
from ledger.succession import (
    check_continued,
    check_log_keys,
    format_vkeys,
    newest_key,
    parse_vkeys,
    remark_on_succession,
)

__all__ = [
    "AuditFinding",
    "AuditReport",
    "audit",
    "open_checkpoint",
    "remark_on_unread",
]

# Facts that name a record which an exchange exports; others stay with it, some until a listing.
PUBLIC = ("allocation", "fees", "pricing", "review", "sheet", "terms")
Levels = Literal["all", "integrity"]


def audit(  # noqa: PLR0913 - what an auditor brings, each by its name
    folder: Path,
    *,
    key: VerifierKey | None = None,
    against: Checkpoint | Sequence[Checkpoint] | None = None,
    policy: Policy | None = None,
    levels: Levels = "all",
    progress: Progress = lambda _what, _done, _size: None,
    spill_from: int = SPILL_FROM,
    continued: Path | None = None,
    processes: int = 1,
) -> AuditReport:
    """Audit a bundle; raises `Unreadable` only where there is no bundle to read.

    `key` is the log's verifier key from a source the auditor trusts; without it the bundle's
    own key is used and the report says so.  `against` are older checkpoints that this log must
    continue.  `policy` names the witnesses that must have cosigned; a log key in it that signed
    the checkpoint is trusted as `key` is.  With the levels "integrity" no entry is looked into.
    `continued` is a bundle of the log that this one says it continues: it is audited as well.
    From `spill_from` entries on, what rules ask for is kept in a temporary file, and where that
    cannot be written the audit raises `Unreadable` as well.
    With more than one of `processes` the others check the form of entries and their signatures
    ahead where the log is long; they import the main module, as `multiprocessing` has it.
    """
    report = AuditReport(levels=levels)
    opened = open_checkpoint(folder, report, key=key, policy=policy)
    if opened is None:
        return report
    read = {"checkpoint", "vkey", "report.txt", DISCLOSURES}
    checkpoint = opened.checkpoint
    older = Older(folder, checkpoint, opened.keys, report)
    older.expect(_listed(against), read)
    intact = IntegrityWalk(folder, checkpoint, report, read).run(older, progress)
    if levels == "all":
        with (
            growing_view(checkpoint.size, spill_from=spill_from) as view,
            Ahead(folder, checkpoint.size, processes - 1) as ahead,
        ):
            _RulesWalk(folder, opened, report, ahead).run(view, intact, progress)
            if continued:
                before = audit(continued, spill_from=spill_from, processes=processes)
                check_continued(view, checkpoint.origin, before, report)
    else:
        words = "no rule, no signature of an act, no record, disclosure or report was checked"
        report.remarks.append(f"integrity alone: {words}")
    remark_on_unread(folder, read, report, also=("records",))
    return report


def _listed(against: Checkpoint | Sequence[Checkpoint] | None) -> Sequence[Checkpoint]:
    if against is None:
        return ()
    return (against,) if isinstance(against, Checkpoint) else against


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle's checkpoint, the key it is trusted by, and the keys that its `vkey` lists."""

    checkpoint: Checkpoint
    note: bytes
    key: VerifierKey
    listed: tuple[VerifierKey, ...]

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Every key, the trusted one first."""
        return (self.key, *(key for key in self.listed if key != self.key))


def open_checkpoint(
    folder: Path, report: AuditReport, *, key: VerifierKey | None, policy: Policy | None
) -> Opened | None:
    """Return a bundle's checkpoint with its keys, or None where the report says what is wrong."""
    if not folder.is_dir():
        raise Unreadable(f"{folder}: not a folder")
    note = read_file(folder, "checkpoint")
    if policy:
        key = _by_policy(note, policy, key, report) or key
    listed = _listed_keys(folder, key, report)
    key = key or next(iter(listed), None)
    checkpoint = _checkpoint(note, key, report) if key else None
    if key is None or checkpoint is None:
        return None
    opened = Opened(checkpoint, note, key, listed)
    if policy is None:  # else the policy has said it
        for line in ignored_lines(note, opened.keys):
            words = "which is not of the log's key"
            report.remarks.append(f"ignored the signature line of {line}, {words}")
    return opened


def _by_policy(
    note: bytes, policy: Policy, key: VerifierKey | None, report: AuditReport
) -> VerifierKey | None:
    """Report on the quorum, and return a log key of the policy that signed."""
    try:
        found = verify_policy(note, policy, log=key)
        report.remarks += found.in_words()
        found.require_quorum()
    except BadNote as error:
        report.find("checkpoint", None, "policy", str(error))
        return None
    return next((by for by in found.logs if by.kind == ED25519), None)


def _listed_keys(
    folder: Path, trusted: VerifierKey | None, report: AuditReport
) -> tuple[VerifierKey, ...]:
    """Return the keys of `vkey`, among which the trusted one must be if there is such a file."""
    if trusted is None:
        report.remarks.append(
            "the verifier key is the bundle's own: compare it with one from a source you trust"
        )
    try:
        data = read_file(folder, "vkey")
    except Unreadable:
        if trusted is None:
            raise
        return ()  # a log that is served as files has no such file
    try:
        listed = parse_vkeys(data)
    except BadNote as error:
        report.find("vkey", None, "key", str(error))
        return ()
    if data != format_vkeys(listed):
        report.find("vkey", None, "key", "not one line with the key")
    if trusted and trusted not in listed:
        words = "the bundle's own verifier key is not the one you trust"
        report.find("vkey", None, "key", words)
    return listed


def _checkpoint(note: bytes, key: VerifierKey, report: AuditReport) -> Checkpoint | None:
    report.key = str(key)
    try:
        checkpoint = verify(note, key)
    except BadNote as error:
        report.find("checkpoint", None, "checkpoint", str(error))
        return None
    if checkpoint.origin != key.name:
        words = f"the checkpoint is of {checkpoint.origin}, the key of {key.name}"
        report.find("checkpoint", None, "checkpoint", words)
        return None
    report.origin, report.size = checkpoint.origin, checkpoint.size
    report.root = checkpoint.root.hex()
    return checkpoint


class _RulesWalk:
    """One pass over the entries by the rules; records and the report are compared with them.

    It ends at the first entry that was changed, cannot be read, or has other facts: later entries
    refer to it, and all of them would be reported for what it lost.
    """

    def __init__(self, folder: Path, opened: Opened, report: AuditReport, ahead: Ahead) -> None:
        self._folder = folder
        self._ahead = ahead
        self._opened = opened
        self._checkpoint = opened.checkpoint
        self._report = report
        self._told = LogReport()
        self._committed = CommittedFields(disclosures_in(folder, report))
        self._balances = Balances()
        self._cycles = Cycles()
        self._uses = Uses()
        self._kinds: Counter[str] = Counter()
        self._records = self._listed_records()
        self._unnamed = set(self._records)
        self._public = 0
        self._absent = 0

    def run(self, view: GrowingView, intact: Intact, progress: Progress) -> None:
        """Check everything that needs an entry's content."""
        whole = self._walk(view, intact, progress)
        if not whole:
            words = f"rules were checked up to entry {self._told.entries} of {self._report.size}"
            self._report.remarks.append(words)
        self._report.kinds = dict(sorted(self._kinds.items()))
        self._report.acts = self._kinds.total()
        self._report.participants = self._kinds["participant.key"]
        opened = self._opened
        check_log_keys(
            view, opened.checkpoint, opened.note, opened.key, opened.listed, self._report
        )
        remark_on_succession(view, opened.checkpoint, self._report)
        self._tell_committed(whole=whole)
        self._check_records(whole=whole)
        newest = newest_key(view, opened.checkpoint, opened.key)
        self._check_report(newest, whole=whole)

    def _walk(self, view: GrowingView, intact: Intact, progress: Progress) -> bool:
        """Check entry by entry; returns whether the last was reached."""
        size = self._checkpoint.size
        for number in tiles_of(size):
            for index, data, signer in self._entries(number, intact):
                entry = self._check(index, data, signer, view)
                if entry is None or index == intact.changed:
                    return False
                self._told.take(entry)
                self._kinds[entry.kind] += 1
                self._note_records(entry, view)
                self._check_disclosures(entry)
                self._check_folded(entry, view)
                view.hold(entry)
                self._ahead.show(entry)
            if self._told.entries < min((number + 1) * TILE, size):
                return False
            progress("rules", self._told.entries, size)
        return True

    def _entries(self, number: int, intact: Intact) -> Iterator[tuple[int, bytes, Signer]]:
        """Yield a tile's entries with their indexes and what was checked of them ahead.

        Yields none if it is not what it was before.
        """
        start, width = number * TILE, width_of(number, self._checkpoint.size)
        if start >= intact.until:
            return
        words, sealed = "", bytes(intact.seals[number * 32 : number * 32 + 32])
        try:
            name, entries = read_entries(self._folder, number, width)
        except Unreadable as error:
            name, entries, words = str(error).split(":")[0], [], str(error)
        else:
            if seal(leaves_of(entries)) != sealed:
                words = "was changed while it was audited"
        if words:
            self._report.find(name, None, "tile", words)
        else:
            signers = self._ahead.signers(number, sealed)
            yield from zip(range(start, start + width), entries, signers, strict=True)

    def _check(self, index: int, data: bytes, signer: Signer, view: View) -> Entry | None:
        """Report what is wrong with an entry; None where none can be read."""
        place = f"tile/entries, entry {index}"
        try:
            if signer is None:
                entry = Entry.parse(data, index)
            else:
                entry = Entry.reread(data, index, signer)
        except LedgerError as error:
            self._report.find(place, index, error.code, str(error))
            return None
        broken = list(broken_rules(entry, view, self._checkpoint.origin))
        for one in broken:
            self._report.find(place, index, one.rule, f"{entry.kind}: {one.words}")
        return None if any(one.rule in {"kind", "facts"} for one in broken) else entry

    def _check_folded(self, entry: Entry, view: View) -> None:
        """Check what follows from all entries before it: the money, and uses that nobody shares."""
        for broken in (
            *asked(self._balances.take, entry),
            *asked(self._cycles.take, entry),
            *asked(self._uses.take, entry, view),
        ):
            place = f"tile/entries, entry {entry.index}"
            self._report.find(place, entry.index, broken.rule, f"{entry.kind}: {broken.words}")

    # Commitments.

    def _check_disclosures(self, entry: Entry) -> None:
        for broken in asked(self._committed.take, entry):
            self._report.find(DISCLOSURES, entry.index, broken.rule, broken.words)

    def _tell_committed(self, *, whole: bool) -> None:
        """Say what became of the committed fields: disclosed, withheld, erased."""
        tally = self._committed.tally()
        self._report.committed = {str(standing): tally[standing] for standing in tally}
        for index in self._committed.unplaced() if whole else ():
            words = f"there is no entry {index} that it could disclose anything of"
            self._report.find(DISCLOSURES, index, "disclosure", words)

    # Records.

    def _listed_records(self) -> frozenset[str]:
        home = self._folder / "records"
        try:
            return frozenset(path.name for path in home.iterdir()) if home.is_dir() else frozenset()
        except OSError as error:
            self._report.find("records", None, "record", os.strerror(error.errno or 0))
            return frozenset()

    def _note_records(self, entry: Entry, view: GrowingView) -> None:
        if self._unnamed:
            self._unnamed.difference_update(entry.texts())
        for name in PUBLIC:
            if name in entry.facts and view.is_new(entry.facts[name]):
                self._public += 1
                self._absent += entry.facts[name] not in self._records

    def _check_records(self, *, whole: bool) -> None:
        """Compare records with their names, and their names with what entries name."""
        for name in sorted(self._records):
            words = ""
            try:
                content = read_file(self._folder, f"records/{name}")
            except Unreadable as error:
                words = str(error)
            else:
                self._report.records += 1
                if hashlib.sha256(content).hexdigest() != name:
                    words = "the record's content is not that of its name"
                elif whole and name in self._unnamed:
                    words = "no entry names this record"
            if words:
                self._report.find(f"records/{name}", None, "record", words)
        if self._absent:
            words = f"{self._absent} of {self._public} public records are not in the bundle"
            self._report.remarks.append(words)

    def _check_report(self, newest: VerifierKey, *, whole: bool) -> None:
        """Compare the report for people with the entries."""
        path = self._folder / "report.txt"
        if not os.path.lexists(path):
            self._report.remarks.append("there is no report.txt for people")
            return
        words = ""
        try:
            told = read_file(self._folder, "report.txt")
        except Unreadable as error:
            words = str(error)
        else:
            if not whole:
                self._report.remarks.append("report.txt was not compared with the entries")
            elif told != self._told.text(self._checkpoint, str(newest)).encode():
                words = "the report does not say what the entries say"
        if words:
            self._report.find("report.txt", None, "report", words)


def remark_on_unread(
    folder: Path, read: Collection[str], report: AuditReport, *, also: Collection[str] = ()
) -> None:
    """Say which files prove nothing: a reader could take them for part of what was checked.

    `read` are the names of what was read, `also` folders that were read whole.
    """
    unread, count = [], 0
    for name in _files(folder, read, also):
        if name not in read:
            count += 1
            unread += [name] if count <= 5 else []
    if unread:
        more = f" and {count - 5} more" if count > 5 else ""
        report.remarks.append(f"not part of the bundle and not read: {', '.join(unread)}{more}")


def _files(folder: Path, read: Collection[str], also: Collection[str]) -> Iterator[str]:
    """Yield the name of all that is not a folder, be it a pipe or a link that leads nowhere."""
    for home, folders, files in os.walk(folder):
        inside = os.path.relpath(home, folder)
        here = "" if inside == os.curdir else f"{Path(inside).as_posix()}/"
        links = [name for name in folders if os.path.islink(os.path.join(home, name))]  # noqa: PTH114, PTH118
        folders[:] = sorted(name for name in folders if here or name not in also)
        yield from (f"{here}{name}" for name in sorted(files))
        for link in links:  # to a folder, which is not walked into
            if not any(name.startswith(f"{here}{link}/") for name in read) and link not in also:
                yield f"{here}{link}"

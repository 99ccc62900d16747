"""What the site shows of proofs: what is published, an entry's path, a visitor's own file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from werkzeug.datastructures import FileStorage

from exchange.certificates import verify_certificate
from exchange.errors import ExchangeError
from exchange.publishing import Standing, read_standings
from exchange.web.gate import floor, venue
from exchange.web.log import proof_of
from ledger.acts import format_time
from ledger.checkpoint import Checkpoint, VerifierKey, verify_any
from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.proofs import TlogProof
from ledger.publish import published_note, verify_log

_LAST_SECOND = 253_402_300_799  # of the year 9999, beyond which no calendar here goes


@dataclass(frozen=True, slots=True)
class Published:
    """The newest published checkpoint, and how the witnesses stand to it."""

    checkpoint: Checkpoint | None
    note: str
    witnesses: tuple[Standing, ...]
    witnessed: int | None
    quorum: str
    fault: str = ""

    @property
    def time(self) -> str:
        """When it was cosigned last, if it was: a checkpoint itself bears no time."""
        size = self.checkpoint.size if self.checkpoint else None
        times = [each.time for each in self.witnesses if each.size == size and each.time]
        return moment(max(times)) if times else ""


def published() -> Published:
    """Return what is published; what cannot be read is a fault in words, not an error page."""
    folder = venue().published.folder
    try:
        note = published_note(folder)
        checkpoint = verify_log(note, floor().log_keys) if note else None
        policy = venue().published.policy
    except (LedgerError, ExchangeError, OSError) as error:
        return Published(None, "", (), None, "none", str(error))
    found = read_standings(folder, policy)
    size = checkpoint.size if checkpoint else 0
    return Published(
        checkpoint,
        note.decode() if note else "",
        tuple(_relative(each, size) for each in found.witnesses),
        found.witnessed,
        policy.quorum,
    )


def _relative(standing: Standing, size: int) -> Standing:
    """Say that a witness is behind where it has cosigned less than is published."""
    late = standing.state == "cosigned" and (standing.size or 0) < size
    return replace(standing, state="behind") if late else standing


def moment(seconds: int) -> str:
    """Write a witness's time, which is its own word."""
    if not 0 <= seconds <= _LAST_SECOND:
        return str(seconds)
    return format_time(dt.datetime.fromtimestamp(seconds, dt.UTC))


@dataclass(frozen=True, slots=True)
class Proved:
    """An entry's proof under the published checkpoint, as this server verified it."""

    path: tuple[str, ...] = ()
    checkpoint: Checkpoint | None = None
    fault: str = ""


def proved(entry: Entry) -> Proved:
    """Prove an entry and verify the proof; a fault says in words why there is none."""
    try:
        made = proof_of(entry.index)
        _, signed_by = verify_any(made.note, floor().log_keys)
        checkpoint = made.verify(entry.data, signed_by[0])
    except (LedgerError, ExchangeError, OSError) as error:
        return Proved(fault=str(error))
    return Proved(tuple(node.hex() for node in made.path), checkpoint)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a visitor sent: a proof file or a certificate, the entry's bytes, a key."""

    proof: bytes
    entry: bytes
    vkey: str

    @classmethod
    def read(cls, form: Mapping[str, str], files: Mapping[str, FileStorage]) -> Self:
        """Take the files, or else what was pasted, whose line ends a browser has changed."""
        proof = _file(files, "proof_file")
        entry = _file(files, "entry_file")
        if not proof:
            pasted = form.get("proof", "").replace("\r\n", "\n").strip("\n \t")
            proof = f"{pasted}\n".encode(errors="replace") if pasted else b""
        if not entry:
            entry = form.get("entry", "").strip().encode(errors="replace")
        return cls(proof, entry, form.get("vkey", "").strip())


def _file(files: Mapping[str, FileStorage], name: str) -> bytes:
    return files[name].read() if name in files else b""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was verified, or in `wrong` why it was not.

    `by` is the key that it was verified with, `own` whether that is this exchange's.
    """

    wrong: str = ""
    by: str = ""
    own: bool = True
    index: int = 0
    checkpoint: Checkpoint | None = None
    entry: Entry | None = None


def judge_proof(sent: Sent, *, own: VerifierKey) -> Verdict:
    """Verify what a visitor sent, against this exchange's key or the one that was pasted."""
    try:
        key = VerifierKey.parse(sent.vkey) if sent.vkey else own
        by = Verdict(by=str(key), own=key == own)
    except LedgerError as error:
        return Verdict(str(error), sent.vkey[:200], own=False)
    try:
        if not sent.proof:
            return replace(by, wrong="no proof file and no certificate was sent")
        if sent.proof.lstrip()[:1] == b"{":
            entry, checkpoint = verify_certificate(_certificate(sent.proof), key)
            return replace(by, index=entry.index, checkpoint=checkpoint, entry=entry)
        if not sent.entry:
            return replace(by, wrong="a proof file is checked with the bytes of its entry")
        proof = TlogProof.parse(sent.proof)
        checkpoint = proof.verify(sent.entry, key)
    except (LedgerError, ExchangeError, ValueError) as error:
        return replace(by, wrong=str(error))
    try:  # an entry of another log's format is proved all the same
        read = Entry.parse(sent.entry, proof.index)
    except LedgerError:
        read = None
    return replace(by, index=proof.index, checkpoint=checkpoint, entry=read)


def _certificate(data: bytes) -> Mapping[str, Any]:
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("neither a proof file nor a certificate") from error
    if not isinstance(record, dict):
        raise ValueError("neither a proof file nor a certificate")  # noqa: TRY004 - of the input
    return record

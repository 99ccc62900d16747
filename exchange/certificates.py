"""Certificates (凭证): an entry of the chain with the proof that it stands there.

A certificate verifies offline against the log's verifier key alone: the entry's own bytes, its
Merkle audit path and a signed checkpoint.  It says what was recorded, by whom and when; it does
not say that nothing was recorded since.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from exchange.errors import BadField, Refused
from ledger.checkpoint import Checkpoint, VerifierKey, verify
from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.merkle import verify_inclusion

TITLES: Final[Mapping[str, str]] = {
    "registration.confirmed": "数据产品登记证书 · Registration certificate",
    "registration.transferred": "数据产品转移登记证书 · Certificate of a transferred registration",
    "registration.renewed": "数据产品续展登记证书 · Certificate of a renewed registration",
    "registration.cancelled": "数据产品注销登记证明 · Certificate of a cancelled registration",
    "right.granted": "数据产权许可登记证书 · Certificate of a registered licence",
    "listing.published": "数据产品挂牌证书 · Listing certificate",
    "settlement.executed": "数据产品交易凭证 · Trade certificate",
}
_FIELDS = frozenset({"title", "log", "index", "entry", "proof", "checkpoint", "vkey"})


@dataclass(frozen=True, slots=True)
class Certificate:
    """An entry, its audit path (nearest sibling first) and the checkpoint it leads to."""

    title: str
    log: str
    entry: Entry
    proof: tuple[bytes, ...]
    checkpoint: bytes
    vkey: str

    def to_record(self) -> dict[str, Any]:
        """Return the certificate as a JSON object."""
        return {
            "title": self.title,
            "log": self.log,
            "index": self.entry.index,
            "entry": self.entry.data.decode(),
            "proof": [base64.b64encode(node).decode() for node in self.proof],
            "checkpoint": self.checkpoint.decode(),
            "vkey": self.vkey,
        }


def certify(
    entry: Entry, proof: Sequence[bytes], checkpoint: bytes, key: VerifierKey
) -> Certificate:
    """Make the certificate of an entry, or raise `Refused` for a kind that gets none."""
    title = TITLES.get(entry.kind)
    if title is None:
        raise Refused(f"{entry.kind} is not an entry that a certificate is issued for")
    return Certificate(title, entry.log, entry, tuple(proof), checkpoint, str(key))


def verify_certificate(record: Mapping[str, Any], key: VerifierKey) -> tuple[Entry, Checkpoint]:
    """Return the certified entry and its checkpoint, or raise `Refused` with what is wrong.

    `key` comes from a source the reader trusts, never from the certificate itself.
    """
    if set(record) != _FIELDS:
        odd = ", ".join(sorted(_FIELDS.symmetric_difference(record)))
        raise BadField("certificate", f"fields missing or unknown: {odd}")
    try:
        if type(record["index"]) is not int:
            raise BadField("certificate.index", "a whole number")
        checkpoint = verify(record["checkpoint"].encode(), key)
        entry = Entry.parse(record["entry"].encode(), record["index"])
        proof = [base64.b64decode(node, validate=True) for node in record["proof"]]
        verify_inclusion(entry.leaf, entry.index, checkpoint.size, proof, checkpoint.root)
    except (LedgerError, binascii.Error, AttributeError, TypeError, ValueError) as error:
        raise Refused(f"the certificate does not hold: {error}") from error
    if not entry.log == checkpoint.origin == record["log"] == key.name:
        raise Refused("the certificate does not hold: entry, checkpoint and key name several logs")
    if record["vkey"] != str(key) and not _signed_too(record):
        raise Refused("the certificate does not hold: it was issued under another log key")
    if record["title"] != TITLES.get(entry.kind):
        raise Refused(f"the certificate does not hold: {entry.kind} has another title")
    return entry, checkpoint


def _signed_too(record: Mapping[str, Any]) -> bool:
    """Whether the certificate's own key has signed the checkpoint beside the reader's.

    It has while the log's keys overlap, and then either key is good enough.
    """
    try:
        verify(record["checkpoint"].encode(), VerifierKey.parse(record["vkey"]))
    except (LedgerError, AttributeError):
        return False
    return True

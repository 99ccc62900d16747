"""What the ledger can say no with.

LedgerError               ledger
├── NotCanonical          not_canonical     bytes or values outside the restricted profile
├── BadAct                bad_act           an act that its kind does not allow, or not signed
├── BadNote               bad_note          a checkpoint note that cannot be trusted
├── BadProof              bad_proof         a proof that does not lead to the root
├── RolledBack            rolled_back       a store that has fewer entries than were published
├── Forked                forked            a store that tells another history than was published
├── NothingPublished      nothing_published  signed checkpoints, and no folder that shows them
├── InUse                 in_use            a folder that another process publishes into
├── KeyLocked             key_locked        a private key that the passphrase does not open
├── NotSequenced          not_sequenced     an entry that has no place in the log yet
└── Unreadable            unreadable        a bundle that cannot be read at all
"""

from __future__ import annotations

from typing import ClassVar


class LedgerError(Exception):
    """Something the ledger cannot accept."""

    code: ClassVar[str] = "ledger"


class NotCanonical(LedgerError):
    """Bytes or values outside the restricted RFC 8785 profile."""

    code = "not_canonical"


class BadAct(LedgerError):
    """An act that its kind does not allow, or that its signature does not cover."""

    code = "bad_act"


class BadNote(LedgerError):
    """A signed note that cannot be trusted."""

    code = "bad_note"


class BadProof(LedgerError):
    """A Merkle proof that does not lead to the root."""

    code = "bad_proof"


class RolledBack(LedgerError):
    """A store that has fewer entries than were published: signing would fork the log."""

    code = "rolled_back"


class Forked(LedgerError):
    """A store whose entries are not those that were published."""

    code = "forked"


class NothingPublished(LedgerError):
    """Checkpoints were signed, and the folder where they were published has none."""

    code = "nothing_published"


class InUse(LedgerError):
    """A folder that another process publishes into."""

    code = "in_use"


class KeyLocked(LedgerError):
    """A private key file that the passphrase does not open."""

    code = "key_locked"


class NotSequenced(LedgerError):
    """An entry that is stored and has no place in the log yet."""

    code = "not_sequenced"


class Unreadable(LedgerError):
    """A bundle that cannot be read at all."""

    code = "unreadable"

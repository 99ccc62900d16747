"""Confidential values: what entries commit to, encrypted row by row, until it is erased.

A value stands in `ledger_private` as AES-256-GCM over its canonical JSON, bound to its entry and
field; its key and the salt of its commitment stand in `ledger_private_key`, so that only the small
table needs backups that do not last.  Without the key the value is gone, wherever a copy of
its ciphertext is, and without the salt its commitment says nothing.

Erasing writes zeros over key, salt and ciphertext where they stand.  Rows are added at the end,
never removed and never change their length, so SQLite has no reason to move one to another page;
with rows deleted instead, even `secure_delete` left copies in pages that had been merged before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, insert, select
from sqlmodel import Session, SQLModel

from exchange.errors import Broken, NotFound
from exchange.openings import Erased, Opening
from exchange.store.book import connection_of
from exchange.store.rows import EntryRow, PrivateKeyRow, PrivateRow
from exchange.store.statements import Statement
from ledger.canonical import encode

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12  # drawn beside a key that encrypts once: it can never meet itself again
_VALUES: Any = SQLModel.metadata.tables[str(PrivateRow.__tablename__)]
_KEYS: Any = SQLModel.metadata.tables[str(PrivateKeyRow.__tablename__)]
_ENTRIES: Any = SQLModel.metadata.tables[str(EntryRow.__tablename__)]
_ADD_VALUE: Final = Statement(insert(_VALUES))
_ADD_KEY: Final = Statement(insert(_KEYS))
_OF: Final = Statement(
    select(_VALUES.c.leaf, _VALUES.c.nonce, _VALUES.c.ciphertext, _KEYS.c.key, _KEYS.c.salt)
    .join_from(_VALUES, _ENTRIES, _ENTRIES.c.leaf == _VALUES.c.leaf)
    .join(_KEYS, (_KEYS.c.leaf == _VALUES.c.leaf) & (_KEYS.c.field == _VALUES.c.field))
    .where(
        _ENTRIES.c.subject == bindparam("subject"),
        _ENTRIES.c.kind == bindparam("kind"),
        _VALUES.c.field == bindparam("field"),
    )
    .order_by(_ENTRIES.c.version)
)


class SqlConfidential:
    """The tables of confidential values; `erased` is how many this transaction has destroyed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.erased = 0

    def put(self, leaf: str, opening: Opening, *, chance: Callable[[int], bytes]) -> None:
        """Keep what opens a commitment of the entry with that leaf hash, under a key of its own."""
        key, nonce = chance(KEY_BYTES), chance(NONCE_BYTES)
        box = AESGCM(key)
        sealed = box.encrypt(nonce, encode(opening.value), _bound_to(leaf, opening.field))
        told = {"leaf": leaf, "field": opening.field}
        connection = connection_of(self._session)
        _ADD_VALUE.change(connection, {**told, "nonce": nonce, "ciphertext": sealed})
        _ADD_KEY.change(connection, {**told, "key": key, "salt": opening.salt})

    def get(self, leaf: str, field: str) -> Opening | Erased:
        """Return what opens a commitment; `Erased` where the key is gone, as from old backups.

        Raises `NotFound` where nothing was ever kept, `Broken` where it does not decrypt.
        """
        row = self._session.get(PrivateRow, (leaf, field))
        if row is None:
            raise NotFound(f"entry {leaf[:16]}… has no {field} that was kept")
        key = self._session.get(PrivateKeyRow, (leaf, field))
        if key is None or _is_blank(key):
            return Erased(leaf, field)
        return _opened(row, key)

    def of(self, subject: str, kind: str, field: str) -> Iterator[tuple[str, Opening]]:
        """Yield what is left of a field of a subject's entries, with their leaf hashes."""
        asked = {"subject": subject, "kind": kind, "field": field}
        for leaf, nonce, ciphertext, key, salt in _OF.rows(connection_of(self._session), asked):
            kept = PrivateKeyRow(leaf=leaf, field=field, key=key, salt=salt)
            if not _is_blank(kept):
                row = PrivateRow(leaf=leaf, field=field, nonce=nonce, ciphertext=ciphertext)
                yield leaf, _opened(row, kept)

    def erase(self, leaf: str, fields: Collection[str]) -> None:
        """Destroy key, salt and ciphertext of these fields of an entry, or raise `NotFound`."""
        for field in fields:
            key = self._session.get(PrivateKeyRow, (leaf, field))
            row = self._session.get(PrivateRow, (leaf, field))
            if row is None:
                raise NotFound(f"entry {leaf[:16]}… has no {field} that was kept")
            row.nonce, row.ciphertext = bytes(len(row.nonce)), bytes(len(row.ciphertext))
            if key is not None:
                key.key, key.salt = bytes(len(key.key)), bytes(len(key.salt))
            self.erased += 1
        self._session.flush()


def _is_blank(key: PrivateKeyRow) -> bool:
    return not any(key.key)


def _bound_to(leaf: str, field: str) -> bytes:
    return f"{leaf}\x00{field}".encode()


def _opened(row: PrivateRow, key: PrivateKeyRow) -> Opening:
    try:
        data = AESGCM(key.key).decrypt(row.nonce, row.ciphertext, _bound_to(row.leaf, row.field))
    except InvalidTag as error:
        where = f"{row.field} of entry {row.leaf[:16]}…"
        raise Broken(f"{where}: the value was changed or is under another key") from error
    return Opening(row.field, key.salt, json.loads(data))

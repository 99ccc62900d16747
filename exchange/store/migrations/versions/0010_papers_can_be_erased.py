"""The papers of identities and licences lie where they can be erased, each bound to its entry.

They lay among the records, under their digests.  A record that something else names as well stays
there too: the evidence of a sheet may be the same scan.
"""

from __future__ import annotations

import base64
import json
import os
import re
from typing import Any

from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ENTRIES = (
    "SELECT leaf, body FROM ledger_entry WHERE kind IN ('identity.verified', 'licence.recorded')"
)
# Of all other kinds these name records that are private; a sheet, which is public, names evidence.
NAMING = """
SELECT body FROM ledger_entry WHERE kind IN (
    'product.registered', 'registration.changed', 'document.attached', 'engagement.delivered',
    'quality.measured'
)
"""
DIGEST = re.compile(rb"[0-9a-f]{64}")


def upgrade() -> None:
    found = _papers()
    erased = _erased()
    for leaf, digest in found:
        data = _one("SELECT data FROM record WHERE digest = :digest", digest=digest)
        _seal(leaf, digest, None if data is None or leaf in erased else bytes(data))
    for digest in {digest for _, digest in found} - _named_elsewhere():
        named = {"digest": digest}
        # Zeros over the bytes before their pages are let go.
        size = len(_one("SELECT data FROM record WHERE digest = :digest", **named) or b"")
        _do("UPDATE record SET data = :zeros WHERE digest = :digest", zeros=bytes(size), **named)
        _do("DELETE FROM record WHERE digest = :digest", **named)


def downgrade() -> None:
    papers = op.get_bind().execute(
        text(
            "SELECT p.leaf, p.field, p.nonce, p.ciphertext, k.key FROM ledger_private p "
            "JOIN ledger_private_key k ON k.leaf = p.leaf AND k.field = p.field "
            "WHERE p.field LIKE 'paper:%'"
        )
    )
    for leaf, field, nonce, ciphertext, key in papers.all():
        digest = field.removeprefix("paper:")
        there = _one("SELECT 1 FROM record WHERE digest = :digest", digest=digest)
        if any(key) and not there:
            opened = AESGCM(bytes(key)).decrypt(
                bytes(nonce), bytes(ciphertext), _bound(leaf, field)
            )
            data = base64.b64decode(json.loads(opened)["base64"])
            _do(
                "INSERT INTO record (digest, public, data) VALUES (:digest, :public, :data)",
                digest=digest,
                public=False,
                data=data,
            )
        row = {"leaf": leaf, "field": field}
        _do("DELETE FROM ledger_private_key WHERE leaf = :leaf AND field = :field", **row)
        _do("DELETE FROM ledger_private WHERE leaf = :leaf AND field = :field", **row)


def _papers() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for leaf, body in op.get_bind().execute(text(ENTRIES)).all():
        facts = json.loads(bytes(body))["act"]["facts"]
        named = facts["documents"] if "documents" in facts else [facts["document"]]
        found += [(leaf, digest) for digest in named]
    return found


def _erased() -> set[str]:
    """Return the entries whose papers were erased, before this migration was undone."""
    query = "SELECT subject, body FROM ledger_entry WHERE kind = 'erasure.executed'"
    found: set[str] = set()
    for subject, body in op.get_bind().execute(text(query)):
        if {"documents", "document"} & set(json.loads(bytes(body))["act"]["facts"]["fields"]):
            found.add(subject.partition("/")[2])
    return found


def _named_elsewhere() -> set[str]:
    found: set[str] = set()
    for query in (NAMING, "SELECT data FROM record WHERE public"):
        for (data,) in op.get_bind().execute(text(query)):
            found |= {each.decode() for each in DIGEST.findall(bytes(data))}
    public = op.get_bind().execute(text("SELECT digest FROM record WHERE public"))
    return found | {digest for (digest,) in public}


def _seal(leaf: str, digest: str, data: bytes | None) -> None:
    """Keep a paper, or what is left of one that is gone: zeros in the place of its key."""
    field, key, nonce, salt = f"paper:{digest}", os.urandom(32), os.urandom(12), os.urandom(32)
    value = json.dumps({"base64": base64.b64encode(data or b"").decode()}, separators=(",", ":"))
    sealed = AESGCM(key).encrypt(nonce, value.encode(), _bound(leaf, field))
    if data is None:
        key, nonce, salt, sealed = (bytes(len(each)) for each in (key, nonce, salt, sealed))
    told = {"leaf": leaf, "field": field}
    _do(
        "INSERT INTO ledger_private (leaf, field, nonce, ciphertext) "
        "VALUES (:leaf, :field, :nonce, :ciphertext)",
        nonce=nonce,
        ciphertext=sealed,
        **told,
    )
    _do(
        "INSERT INTO ledger_private_key (leaf, field, key, salt) "
        "VALUES (:leaf, :field, :key, :salt)",
        key=key,
        salt=salt,
        **told,
    )


def _bound(leaf: str, field: str) -> bytes:
    return f"{leaf}\x00{field}".encode()


def _do(query: str, **given: Any) -> None:  # noqa: ANN401
    op.get_bind().execute(text(query), given)


def _one(query: str, **given: Any) -> Any:  # noqa: ANN401
    return op.get_bind().execute(text(query), given).scalar()

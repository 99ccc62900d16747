"""Acts: what a participant did, signed with that participant's own key.

An act is a canonical object that names the log, the kind, the subject, the actor, a key, a
time and the facts.  Its signature stands beside it in the entry, so not even the operator of
the log can write an act of somebody else.  A subject that an act opens is named by the act's
own digest (`opened_subject`), so the act cannot be moved to another subject either.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Self

from ledger.canonical import encode
from ledger.errors import BadAct
from ledger.keys import Signer, verifies

DOMAIN = b"guapai/act/v1\n"  # keeps an act's signature from meaning anything elsewhere
FIELDS = frozenset({"actor", "facts", "key", "kind", "log", "nonce", "subject", "time"})
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
CODES = {
    "participant": "PT",
    "product": "GP",
    "scenario": "SC",
    "quote": "QT",
    "trade": "TR",
    "engagement": "EG",
    "negative": "NL",
    "deal": "DL",
    "negotiation": "NG",
    "demand": "DM",
    "auction": "AU",
    "withdrawal": "WD",
    "certificate": "CT",
}
_REACHED = ("negotiated", "auction")  # as in ledger.modes
_QUOTE = re.compile(rf"QT(?:-[{_ALPHABET}]{{4}}){{3}}", re.ASCII)
_NONCE = re.compile(r"[0-9a-f]{32}", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True)
class Act:
    """An act before it is signed; `actor` is None only where a participant first appears.

    `subject` is None where the act opens its subject.  `key` is the key id of the signer.
    """

    log: str
    kind: str
    subject: str | None
    actor: str | None
    key: str
    time: str
    nonce: str
    facts: Mapping[str, Any]

    def to_record(self) -> dict[str, Any]:
        """Return the object that is signed."""
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def message(self) -> bytes:
        """The bytes that are signed: the domain and the canonical act."""
        return DOMAIN + self.canonical

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical act, in hex: what makes a repeated act recognisable."""
        return hashlib.sha256(self.canonical).hexdigest()

    @cached_property
    def canonical(self) -> bytes:
        """The canonical act; kept, since rules ask for it again and again."""
        return encode(self.to_record())

    def signed(self, signer: Signer) -> SignedAct:
        """Sign with the key that the act names, or raise `BadAct`."""
        if key_id(signer.public_key) != self.key:
            raise BadAct(f"{self.kind}: the act names key {self.key}, the signer holds another")
        return SignedAct(self, signer.sign(self.message))

    @classmethod
    def from_record(cls, record: Mapping[str, Any], canonical: bytes | None = None) -> Act:
        """Read an act's object strictly, or raise `BadAct` naming the field.

        `canonical` are its canonical bytes, where they are at hand: it is not encoded again.
        """
        if set(record) != FIELDS:
            odd = ", ".join(sorted(FIELDS.symmetric_difference(record)))
            raise BadAct(f"act: fields missing or unknown: {odd}")
        act = cls(**record)
        for name in ("log", "kind", "key", "time", "nonce"):
            if not isinstance(record[name], str):
                raise BadAct(f"act.{name}: must be text")
        for name in ("actor", "subject"):
            if record[name] is not None and not isinstance(record[name], str):
                raise BadAct(f"act.{name}: must be text or null")
        if not isinstance(act.facts, Mapping):
            raise BadAct("act.facts: must be an object")
        if not _NONCE.fullmatch(act.nonce):
            raise BadAct("act.nonce: must be 32 hex digits")
        parse_time(act.time, "act.time")
        return act.known_as(canonical) if canonical else act

    def known_as(self, canonical: bytes) -> Self:
        """Keep the canonical bytes of this very act, which then is not encoded for them."""
        self.__dict__["canonical"] = canonical
        return self


@dataclass(frozen=True, slots=True)
class SignedAct:
    """An act with its Ed25519 signature.

    `verified` is a key under which this very signature over this very act was verified before.
    """

    act: Act
    signature: bytes
    verified: bytes | None = field(default=None, compare=False, repr=False)

    def verify(self, public_key: bytes) -> None:
        """Raise `BadAct` unless `public_key` is the key named and signed the act."""
        if key_id(public_key) != self.act.key:
            raise BadAct(f"{self.act.kind}: key {self.act.key} is not the key of its actor")
        known = self.verified == public_key
        if not known and not verifies(public_key, self.signature, self.act.message):
            raise BadAct(f"{self.act.kind}: the signature does not cover the act")

    @property
    def signature_text(self) -> str:
        """The signature in base 64."""
        return base64.b64encode(self.signature).decode()

    @classmethod
    def from_record(
        cls, act: Mapping[str, Any], signature: str, canonical: bytes | None = None
    ) -> SignedAct:
        """Read an act's object, as `Act.from_record` does, and its base 64 signature."""
        try:
            raw = base64.b64decode(signature, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadAct("signature: not base 64") from error
        if len(raw) != 64 or base64.b64encode(raw).decode() != signature:
            raise BadAct("signature: not the base 64 of 64 bytes")
        return cls(Act.from_record(act, canonical), raw)


@lru_cache(maxsize=4_096)  # the keys of whoever is at work
def key_id(public_key: bytes) -> str:
    """Name a key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def opened_subject(prefix: str, act: Act) -> str:
    """Name the subject that `act` opens by 60 bits of its digest: ``product/GP-XXXX-…``.

    A trade bears the number of the quote it takes, so that a quote makes one trade at most, and a
    participant is named by its first key, so that a key begins one participant at most: a
    second would open a subject that is open.  For the same reason a quote whose price was reached
    by others is named by the last entry that it rests on: an acceptance, or a bid that won.
    """
    quote = act.facts.get("quote") if prefix == "trade" else None
    if isinstance(quote, str) and _QUOTE.fullmatch(quote):
        return f"trade/{trade_of_quote(quote)}"
    if prefix == "quote" and act.facts.get("mode") in _REACHED:
        basis = act.facts.get("basis")
        last = basis[-1] if isinstance(basis, list) and basis else None
        if isinstance(last, str) and _KEY.fullmatch(last):
            return f"quote/{opened_subject_of_basis(last)}"
    key = act.facts.get("public_key") if prefix == "participant" else None
    if isinstance(key, str) and _KEY.fullmatch(key):
        return opened_subject_of_key(bytes.fromhex(key))
    return named_by(prefix, act.digest)


def opened_subject_of_key(public_key: bytes) -> str:
    """Name the participant that begins with a key, by 60 bits of the key's SHA-256."""
    return named_by("participant", hashlib.sha256(public_key).hexdigest())


def opened_subject_of_basis(leaf: str) -> str:
    """Return the number of the quote whose price rests on the entry with that leaf hash."""
    return named_by("quote", leaf).partition("/")[2]


def trade_of_quote(quote: str) -> str:
    """Return the number of the trade that an order at a quote opens, which bears the quote's."""
    return f"{CODES['trade']}{quote.removeprefix(CODES['quote'])}"


def named_by(prefix: str, digest: str) -> str:
    """Name the subject of a sort that a digest in hex opens, by its first 60 bits."""
    bits = int(digest, 16) >> (256 - 60)
    text = "".join(_ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5))
    return f"{prefix}/{CODES[prefix]}-{text[:4]}-{text[4:8]}-{text[8:]}"


def format_time(moment: dt.datetime) -> str:
    """Write an instant as ``2026-01-05T09:00:00Z``, whole seconds, UTC."""
    if moment.tzinfo is None:
        raise BadAct("a time without a zone is no instant")
    whole = moment.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)
    return f"{whole.isoformat()}Z"


def parse_time(text: str, where: str) -> dt.datetime:
    """Read `format_time`'s form, or raise `BadAct` naming `where`."""
    moment = _moment(str(text))
    if moment is None:
        raise BadAct(f"{where}: {text!r} is not a time such as 2026-01-05T09:00:00Z")
    return moment


@lru_cache(maxsize=1_024)  # entries that follow one another bear the same few times
def _moment(text: str) -> dt.datetime | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    # Some versions of Python read 24:00:00 as the next day; here an instant has one form.
    return moment if format_time(moment) == text else None

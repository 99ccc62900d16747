"""Whose key signs: the keys of a participant, and those of the log, as of a view.

A participant begins with the key that names it, shows others that it holds and takes them into
use one after another.  An older key stays valid for an overlap; a revoked one is dead from its
revocation on, by order and whatever the clock says.  Only the newest key that stands manages the
others, so who steals an old one takes nothing over.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from ledger.acts import key_id, opened_subject_of_key, parse_time
from ledger.canonical import encode
from ledger.entries import Entry
from ledger.keys import verifies
from ledger.view import Broken, View, newest, operator_of

POSSESSION = b"guapai/key/v1\n"  # keeps the signature of a new key from meaning anything else
OVERLAP_MAX = dt.timedelta(days=90)  # in which an older key of a participant still signs


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of a participant; `until` is the last instant of an older key, `entry` its showing."""

    public_key: bytes
    recipient: str
    entry: Entry
    until: str | None
    revoked: bool

    @property
    def id(self) -> str:
        """The key id."""
        return key_id(self.public_key)

    def stands(self, at: str) -> bool:
        """Whether acts under the key are accepted at that time."""
        return not self.revoked and (self.until is None or at <= self.until)


def known_keys(view: View, actor: str) -> tuple[SigningKey, ...]:
    """Return every key the actor ever took into use, the newest first; none if it never came."""
    subject = f"participant/{actor}"
    first = newest(view, subject, "participant.key")
    if first is None:
        return ()
    revoked = {entry.facts["key"] for entry in view.of_kind(subject, "key.revoked")}
    found: list[SigningKey] = []
    until: str | None = None

    def known(shown: Entry) -> SigningKey:
        public_key = bytes.fromhex(shown.facts["public_key"])
        dead = key_id(public_key) in revoked
        return SigningKey(public_key, shown.facts["recipient"], shown, until, dead)

    for added in view.of_kind(subject, "key.added"):
        shown = newest(view, f"key/{added.facts['key']}", "key.shown")
        if shown:  # a view of a part of the log may lack it
            found.append(known(shown))
        end = added.facts["old_until"]
        until = end if until is None else min(until, end)
    return (*found, known(first))


def keys_of(view: View, actor: str, at: str) -> tuple[SigningKey, ...]:
    """Return the keys under which the actor's acts are accepted now, the newest first."""
    return tuple(key for key in known_keys(view, actor) if key.stands(at))


def possession_message(log: str, participant: str, public_key: bytes) -> bytes:
    """Return what a new key signs to show that its participant holds it."""
    record = {"log": log, "participant": participant, "public_key": public_key.hex()}
    return POSSESSION + encode(record)


def key_never_shown(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a key that no participant has shown."""
    key = key_id(bytes.fromhex(entry.facts["public_key"]))
    shown = newest(view, f"key/{key}", "key.shown")
    if shown:
        yield Broken("key", f"{shown.actor} showed this key at {shown.named}")


def key_held(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the key's own subject, a `possession` by that key, and a key nobody began with."""
    public_key = bytes.fromhex(entry.facts["public_key"])
    if entry.subject != f"key/{key_id(public_key)}":
        yield Broken("key", f"{entry.subject} is not the subject of the key {key_id(public_key)}")
    message = possession_message(entry.log, entry.actor, public_key)
    if not verifies(public_key, base64.b64decode(entry.facts["possession"]), message):
        yield Broken("key", f"possession: the key has not signed that {entry.actor} holds it")
    first = view.last(opened_subject_of_key(public_key))
    if first:
        yield Broken("key", f"{first.subject} began with this key")


def key_taken_into_use(entry: Entry, view: View) -> Iterator[Broken]:
    """Require its own newest key to sign, a key not taken before, and 90 days at most."""
    yield from _by_newest_key(entry, view)
    if any(key.id == entry.facts["key"] for key in known_keys(view, entry.actor)):
        yield Broken("key", f"{entry.facts['key']} is a key of {entry.actor} already")
    overlap = parse_time(entry.facts["old_until"], "old_until") - parse_time(entry.time, "time")
    if overlap > OVERLAP_MAX:
        yield Broken("key", f"older keys may stay for {OVERLAP_MAX.days} days")


def key_revocable(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the operator or the participant's newest key, and another key, not revoked before."""
    owner = entry.subject.partition("/")[2]
    if entry.actor == owner:
        yield from _by_newest_key(entry, view)
        if entry.facts["key"] == entry.signed.act.key:
            yield Broken("key", f"{entry.facts['key']} cannot revoke itself")
    elif entry.actor != operator_of(view, entry.log):
        yield Broken("party", f"{entry.actor} is neither {owner} nor the operator")
    known = {key.id: key for key in known_keys(view, owner)}
    if entry.facts["key"] not in known or known[entry.facts["key"]].revoked:
        yield Broken("key", f"{owner} has no key {entry.facts['key']} to revoke")


def _by_newest_key(entry: Entry, view: View) -> Iterator[Broken]:
    if entry.subject != f"participant/{entry.actor}":
        yield Broken("party", f"{entry.subject} is not {entry.actor}")
        return
    standing = keys_of(view, entry.actor, entry.time)
    if standing and standing[0].id != entry.signed.act.key:
        yield Broken("key", f"{entry.kind} takes the newest key of {entry.actor}")


# The log's own keys.


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that the exchange declared for its log; `until` is the last size it must sign."""

    public_key: bytes
    entry: Entry
    until: int | None

    def signs(self, size: int) -> bool:
        """Whether a checkpoint of that size needs its signature."""
        return self.entry.index < size and (self.until is None or size <= self.until)


def log_keys(view: View, origin: str, size: int) -> tuple[LogKey, ...]:
    """Return the keys declared by entries below `size`, the newest first.

    A checkpoint of that size must be signed by all of them that `signs` it: by the newest, and
    during an overlap by the one before it.  A superseded key is valid up to its `until`.
    """
    subject = f"exchange/{origin}"
    found: list[LogKey] = []
    until: int | None = None
    for kind in ("log.key_added", "exchange.opened"):  # in a subject that begins with its opening
        for entry in view.of_kind(subject, kind):
            if entry.place is None or entry.place >= size:
                continue
            found.append(LogKey(bytes.fromhex(entry.facts["log_key"]), entry, until))
            if kind == "log.key_added":
                end = entry.place + entry.facts["overlap"]
                until = end if until is None else min(until, end)
    return tuple(found)


def log_key_new(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a key that the log never had, and an `overlap` of at least one entry."""
    subject = f"exchange/{entry.log}"
    declared = [*view.of_kind(subject, "log.key_added"), *view.of_kind(subject, "exchange.opened")]
    if any(found.facts["log_key"] == entry.facts["log_key"] for found in declared):
        yield Broken("key", "the log had this key before")
    if entry.facts["overlap"] < 1:
        yield Broken("key", "without an overlap nobody who has the old key learns of the new one")


def one_log_before(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require in `continues` at most one log, another one, that has entries."""
    continued = entry.facts["continues"]
    if len(continued) > 1:
        yield Broken("continues", "an exchange continues one log at most")
    for before in continued:
        if before["origin"] == entry.log or before["size"] < 1:
            yield Broken("continues", f"{before['origin']} is this log, or has no entry")


def one_log_after(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require in `successor` at most one log, and another one."""
    successor = entry.facts["successor"]
    if len(successor) > 1 or entry.log in successor:
        yield Broken("successor", "a log is continued by one other log at most")


def log_open(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the log was not closed."""
    closed = newest(view, f"exchange/{entry.log}", "log.closed")
    if closed:
        yield Broken("closed", f"the log ended with {closed.named}")

"""What makes an entry valid where it stands: one check for the writer and for the auditor.

`broken_rules` looks at one entry and at a view of everything before it.  The chain refuses to
append an entry with a broken rule; the audit walks a whole log through the same function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ledger.acts import opened_subject, parse_time
from ledger.entries import Entry
from ledger.errors import BadAct, LedgerError, Unreadable
from ledger.facts import check_of
from ledger.kinds import KINDS, Kind, Need, Opening
from ledger.meaning import MEANING
from ledger.merchants import counts_for
from ledger.signers import keys_of, known_keys, log_open
from ledger.view import SLACK, Broken, View, newest, roles_of

__all__ = [
    "Broken",
    "View",
    "asked",
    "broken_alone",
    "broken_rules",
    "find_needed",
    "keys_of",
    "newest",
    "roles_of",
]

_CHECKS: Final = {
    kind.name: tuple(
        (name, fact, check_of(fact)) for name, fact in [*kind.facts.items(), *kind.later.items()]
    )
    for kind in KINDS.values()
}


# What a rule raises over an entry that no exchange has written; a store raises other things.
_FORGED: Final = (
    ArithmeticError,
    AttributeError,
    LedgerError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def asked(
    rule: Callable[..., Iterator[Broken]], *about: object, code: str = "unasked"
) -> Iterator[Broken]:
    """Yield what a rule finds; that it could not be asked is a finding as well, under `code`.

    Facts may be of their types and still be none that a rule reckons with.  What cannot be read
    at all is raised.
    """
    try:
        yield from rule(*about)
    except Unreadable:
        raise
    except _FORGED as error:
        name = getattr(rule, "__qualname__", type(rule).__name__).lstrip("_")
        yield Broken(
            code, f"the rule {name} could not be asked: {type(error).__name__}: {error}"[:300]
        )


def broken_rules(entry: Entry, view: View, origin: str) -> Iterator[Broken]:
    """Yield every rule the entry breaks, in a fixed order; none means it is valid there."""
    kind = KINDS.get(entry.kind)
    if kind is None:
        yield Broken("kind", f"{entry.kind!r} is not a kind of entry")
        return
    if entry.log != origin:
        yield Broken("log", f"the entry belongs to the log {entry.log!r}")
    yield from asked(_chain, entry, kind, view)
    yield from asked(_act, entry, kind, view)
    yield from asked(_time_order, entry, view)
    faulty = list(asked(_facts, entry, kind, code="facts"))
    yield from faulty
    if faulty:
        return  # the rules below read facts
    yield from asked(_signature, entry, kind, view)
    yield from asked(_references, entry, kind, view)
    yield from asked(log_open, entry, view)
    if kind.once and newest(view, entry.subject, kind.name):
        yield Broken("once", f"{kind.name} stands already in {entry.subject}")
    for ended in kind.not_after:
        if newest(view, entry.subject, ended):
            yield Broken("order", f"{kind.name} cannot follow {ended} in {entry.subject}")
    for rule in MEANING.get(kind.name, ()):
        yield from asked(rule, entry, view)


def broken_alone(entry: Entry, view: View, origin: str) -> Iterator[Broken]:
    """Yield the rules that an entry breaks whatever else stands in its log.

    The view may be a part of the log; of the signer it must hold `participant.key`, and what is
    there before the entry of `key.shown`, `key.added` and `key.revoked`.  Roles, references and
    what other entries allow are not looked at.
    """
    kind = KINDS.get(entry.kind)
    if kind is None:
        yield Broken("kind", f"{entry.kind!r} is not a kind of entry")
        return
    if entry.log != origin:
        yield Broken("log", f"the entry belongs to the log {entry.log!r}")
    yield from asked(_act, entry, kind, view)
    yield from asked(_time_order, entry, view)
    faulty = list(asked(_facts, entry, kind, code="facts"))
    yield from faulty
    if not faulty:
        yield from asked(_signed, entry, kind, view)


def _chain(entry: Entry, kind: Kind, view: View) -> Iterator[Broken]:
    last = view.last(entry.subject)
    version, prev = (last.version + 1, last.leaf.hex()) if last else (1, None)
    if entry.version != version or entry.prev != prev:
        yield Broken(
            "chain",
            f"{entry.subject} is at version {version - 1}: the entry says version "
            f"{entry.version} and does not continue it",
        )
    if not last and kind.opening is Opening.NO:
        yield Broken("order", f"{kind.name} cannot be the first entry of {entry.subject}")
    if last and kind.opening is Opening.DERIVED:
        yield Broken("order", f"{kind.name} opens a subject, and {entry.subject} is open")


def _act(entry: Entry, kind: Kind, view: View) -> Iterator[Broken]:
    act = entry.signed.act
    prefix, _, name = entry.subject.partition("/")
    if prefix != kind.subject or not name:
        yield Broken("act", f"{kind.name} belongs to a {kind.subject}, not to {entry.subject}")
    if act.kind != entry.kind or act.log != entry.log:
        yield Broken("act", "the act inside the entry is of another kind or log")
    if kind.opening is Opening.DERIVED:
        if act.subject is not None or entry.subject != opened_subject(kind.subject, act):
            yield Broken("act", f"{entry.subject} is not named by the act that opens it")
    elif act.subject != entry.subject:
        yield Broken("act", f"the act is about {act.subject}, not about {entry.subject}")
    if kind.name == "participant.key":
        if act.actor is not None or entry.actor != name:
            yield Broken("act", "a first key names no actor but the one it makes")
    elif act.actor != entry.actor:
        yield Broken("act", f"the act is {act.actor}'s, not {entry.actor}'s")
    seen = view.act_entry(act.digest)
    if seen:
        yield Broken("replay", f"the same act stands already at {seen.named}")


def _time_order(entry: Entry, view: View) -> Iterator[Broken]:
    """Hold the operator's clock to the signer's, and to what came before in the same story."""
    signed_at = parse_time(entry.signed.act.time, "act.time")
    if abs(parse_time(entry.time, "time") - signed_at) > SLACK:
        yield Broken("time", f"recorded at {entry.time}, signed at {entry.signed.act.time}")
    earlier = [view.last(entry.subject), *(view.by_leaf(leaf) for _, leaf in entry.refs)]
    for found in {found.leaf: found for found in earlier if found}.values():
        if found.time > entry.time:
            yield Broken("time", f"{entry.time} is before {found.named} of {found.subject}")


def _facts(entry: Entry, kind: Kind) -> Iterator[Broken]:
    facts = entry.facts
    if facts.keys() != kind.facts.keys():
        for name in sorted(set(kind.facts).symmetric_difference(facts) - set(kind.later)):
            word = "missing" if name in kind.facts else "unknown"
            yield Broken("facts", f"{kind.name}.{name}: {word}")
    for name, fact, fits in _CHECKS[kind.name]:
        if name in facts and not fits(facts[name]):
            yield Broken("facts", f"{kind.name}.{name}: must be {fact.value}")


def _signed(entry: Entry, kind: Kind, view: View) -> Iterator[Broken]:
    if kind.name == "participant.key":
        public_key = bytes.fromhex(entry.facts["public_key"])
    else:
        known = known_keys(view, entry.actor)
        if not known:
            yield Broken("key", f"{entry.actor} has no key in this log")
            return
        key = next((key for key in known if key.id == entry.signed.act.key), known[0])
        if key.revoked:
            yield Broken("key", f"the key {key.id} of {entry.actor} was revoked")
        elif not key.stands(entry.time):
            yield Broken("key", f"the key {key.id} of {entry.actor} ended at {key.until}")
        public_key = key.public_key
    try:
        entry.signed.verify(public_key)
    except BadAct as error:
        yield Broken("signature", str(error))


def _signature(entry: Entry, kind: Kind, view: View) -> Iterator[Broken]:
    yield from _signed(entry, kind, view)
    named = kind.name in {"participant.key", "exchange.opened"}  # who may, before there are roles
    if named or not newest(view, f"participant/{entry.actor}", "participant.key"):
        return
    roles = roles_of(view, entry.actor, entry.log)
    if not roles or (kind.roles and roles.isdisjoint(kind.roles)):
        wanted = " or ".join(sorted(kind.roles)) or "a participant in good standing"
        yield Broken("role", f"{entry.actor} may not sign {kind.name}: it takes {wanted}")


def _references(entry: Entry, kind: Kind, view: View) -> Iterator[Broken]:
    referenced = []
    for subject, leaf in entry.refs:
        found = view.by_leaf(leaf)
        if found is None or found.subject != subject:
            yield Broken("refs", f"no earlier entry of {subject} has the leaf hash {leaf[:16]}…")
        else:
            referenced.append(found)
    for need in kind.needs:
        for target in _targets(need, entry):
            if not any(_meets(found, target, need, entry, view) for found in referenced):
                yield Broken("needs", _wanting(target, need, entry))


class Stated(Protocol):
    """What an entry says, whether it is composed yet or not."""

    @property
    def kind(self) -> str:
        """The kind of entry."""

    @property
    def log(self) -> str:
        """The log it is for."""

    @property
    def subject(self) -> str:
        """What it is about."""

    @property
    def actor(self) -> str:
        """Who has signed it."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What was signed."""


def find_needed(entry: Stated, view: View) -> tuple[tuple[str, str], ...]:
    """Return the references an entry needs, taking the newest that fits each need.

    Of words to rest on it is the newest that still counts, if any does.  A need without any fitting
    entry is left out; `broken_rules` then says so.
    """
    refs: dict[tuple[str, str], None] = {}
    for need in KINDS[entry.kind].needs:
        for target in _targets(need, entry):
            fitting = (
                found
                for found in _newest_first(target.subject, need, view)
                if _meets(found, target, need, entry, view)
            )
            if found := _chosen(fitting, entry, view):
                refs[(found.subject, found.leaf.hex())] = None
    return tuple(refs)


def _chosen(fitting: Iterator[Entry], entry: Stated, view: View) -> Entry | None:
    first = next(fitting, None)
    if first is None or counts_for(entry.facts.get("on"), first, view):
        return first
    return next((each for each in fitting if counts_for(entry.facts.get("on"), each, view)), first)


@dataclass(frozen=True, slots=True)
class _Target:
    """One entry that a need asks for: in which subject, and which, if the entry says so."""

    subject: str
    leaf: str | None


def _newest_first(subject: str, need: Need, view: View) -> Iterator[Entry]:
    """Yield what might meet a need: of its own kind first, then of each alternative."""
    for kind in (need.kind, *need.alternatives):
        yield from view.of_kind(subject, kind)


def _targets(need: Need, entry: Stated) -> Iterator[_Target]:
    facts = entry.facts
    if any(facts.get(name) != value for name, value in need.when.items()):
        return
    subjects = [entry.subject]
    if need.by:
        subjects = [f"{KINDS[need.kind].subject}/{name}" for name in _each(facts.get(need.by))]
    leaves = _each(facts.get(need.leaf)) if need.leaf else [None]
    yield from (_Target(subject, leaf) for subject in subjects for leaf in leaves)


def _each(value: Any) -> list[Any]:  # noqa: ANN401 - a fact not yet checked
    return value if isinstance(value, list) else [value]


def _meets(found: Entry, target: _Target, need: Need, entry: Stated, view: View) -> bool:
    subject = target.subject
    if found.kind not in (need.kind, *need.alternatives) or found.subject != subject:
        return False
    if any(found.facts.get(name) != value for name, value in need.facts.items()):
        return False
    named = not need.leaf or found.leaf.hex() == target.leaf
    if not named or any(found.facts.get(name) != entry.facts.get(name) for name in need.same):
        return False
    if not _signer_fits(found, need, entry, view):
        return False
    if need.latest:
        last = newest(view, subject, found.kind)
        if last and last.version > found.version:
            return False
    ends = (newest(view, subject, ended) for ended in need.unless)
    return not any(end and end.version > found.version for end in ends)


def _signer_fits(found: Entry, need: Need, entry: Stated, view: View) -> bool:
    if need.actor == "same" and found.actor != entry.actor:
        return False
    # A key belongs to one participant, so two names are two keys, whichever of them sign.
    if need.actor == "other" and found.actor == entry.actor:
        return False
    roles = roles_of(view, found.actor, entry.log) if need.standing else frozenset()
    return not need.standing or not roles.isdisjoint(KINDS[found.kind].roles)


def _wanting(target: _Target, need: Need, entry: Entry) -> str:
    kinds = " or ".join((need.kind, *need.alternatives))
    words = [f"{entry.kind} needs {kinds} in {target.subject}"]
    words += [f"the one that {need.leaf} names"] if need.leaf else []
    words += [f"with {name} {value}" for name, value in need.facts.items()]
    words += [f"for the same {' and '.join(need.same)}"] if need.same else []
    words += [f"signed by {'the same' if need.actor == 'same' else 'another'} participant"] * bool(
        need.actor
    )
    words += ["by a participant still in that role"] * need.standing
    words += ["the latest of its kind"] * need.latest
    words += [f"not ended by {' or '.join(need.unless)}"] if need.unless else []
    return ", ".join(words)

"""Rules and rule packs: dated statements of law, each with the check that decides it.

An `Answer` has three values, because "nobody looked" is not "nothing there".  A pack's digest
covers everything but the code of its checks: whoever changes what a check does changes the
pack's version.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import entry_points
from typing import Any, Final

from exchange.errors import ExchangeError
from ledger.canonical import decode, encode

ENTRY_POINTS: Final = "exchange.compliance_rules"
TOLD: Final = re.compile(r"\{(\w*)\}")  # where a template tells something, by its name


class Severity(enum.StrEnum):
    """What a rule that is not clear does to the case, the strictest first (not as text)."""

    REJECT = "reject"
    BLOCK = "block"
    ATTEST = "attest"
    ADVISE = "advise"

    @property
    def stops(self) -> bool:
        """Whether the case cannot pass before the rule is clear."""
        return self is not Severity.ADVISE


class Outcome(enum.StrEnum):
    """The three values of an answer; missing input is never clear."""

    FIRED = "fired"
    CLEAR = "clear"
    NOT_EVALUATED = "not-evaluated"


class Stage(enum.StrEnum):
    """When a rule is asked.

    Intake, listing and platform rules are asked before a listing and while it stands, platform
    rules also of the exchange alone; trade rules of a scenario, an order and a contract; trade and
    post rules before a delivery.
    """

    INTAKE = "intake"
    LISTING = "listing"
    PLATFORM = "platform"
    TRADE = "trade"
    POST = "post"


class Method(enum.StrEnum):
    """Who decides: the check alone, the check and an assessor beside it, or an assessor."""

    AUTO = "auto"
    BOTH = "auto+attest"
    ATTEST = "attest"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one check found; `evidence` points to where, and neither quotes a data value.

    Column names are data values too, where a file came without a header: name a column by
    its position.  `unlock` says what unlocks the rule as the case stands, and whose that is, where
    that is less than all that the rule names.  Raises `TypeError` where one of them is no text: who
    reads why would read nothing.
    """

    outcome: Outcome
    message: str = ""
    evidence: str = ""
    unlock: str = ""

    def __post_init__(self) -> None:
        for words in (self.message, self.evidence, self.unlock):
            if not isinstance(words, str):
                raise TypeError(f"an answer says a {type(words).__name__}, which is no text")


# Rules say the same few things of every product, so an answer once made is given again.
said_again: Final = lru_cache(maxsize=4_096)


@said_again
def clear(message: str = "", evidence: str = "") -> Answer:
    """Answer that everything needed was there and the rule is kept."""
    return Answer(Outcome.CLEAR, message, evidence)


@said_again
def fired(message: str, evidence: str = "", *, unlock: str = "") -> Answer:
    """Answer that the rule is broken, and what unlocks it now if not all that the rule names."""
    return Answer(Outcome.FIRED, message, evidence, unlock)


@said_again
def unknown(message: str) -> Answer:
    """Answer that something needed is missing, and what."""
    return Answer(Outcome.NOT_EVALUATED, message)


def is_attested(severity: Severity, unlock: str) -> bool:
    """Whether an assessor's word can clear a rule: its severity asks for one, or its way out does.

    Every other rule is decided by its check, whatever was attested.
    """
    return severity is Severity.ATTEST or "attest" in unlock


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its words and basis, what evidence it reads and what unlocks it.

    `basis` maps a jurisdiction to its citation.  `check` takes the case of the rule's stage.
    `method` says who decides it; no check clears by itself what an assessor must answer for.
    Where an attestation may clear it, `unlock` says so: another is refused (`is_attested`).
    The rule is in force from `effective_from` to `effective_to`, both days included; None is
    "always was" and "until further notice".
    """

    id: str
    statement: str
    basis: Mapping[str, str]
    severity: Severity
    check: Callable[[Any], Answer]
    evidence: str
    unlock: str = "evidence"
    stage: Stage = Stage.LISTING
    method: Method = Method.AUTO
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None

    def in_force(self, on: dt.date) -> bool:
        """Whether the rule is law on that day."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on <= self.effective_to
        )


@dataclass(frozen=True)
class RulePack:
    """The rules of one jurisdiction; ids are unique and every rule cites that jurisdiction.

    `chinese` maps what the pack says to the same in Chinese, for who reads it so; a text that tells
    something names it in braces, `the station {name} is silent`, in both languages.  It is no part
    of the record: a pack is the same pack when its words are put into another language.
    """

    name: str
    jurisdiction: str
    version: str
    rules: tuple[Rule, ...]
    chinese: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._require_rules()
        self._require_chinese()

    def _require_rules(self) -> None:
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise ExchangeError(f"rule pack {self.name} has two rules {rule.id}")
            if not rule.basis.get(self.jurisdiction):
                raise ExchangeError(
                    f"rule pack {self.name}: {rule.id} cites nothing for {self.jurisdiction}"
                )
            seen.add(rule.id)

    def _require_chinese(self) -> None:
        for english, chinese in self.chinese.items():
            told = TOLD.findall(english)
            # What is told is found again by its name, so each has one, and a name of its own.
            named = all(map(str.isidentifier, told)) and len(set(told)) == len(told)
            if not chinese.strip() or not named or set(TOLD.findall(chinese)) != set(told):
                raise ExchangeError(
                    f"rule pack {self.name}: the Chinese of {english!r} tells not what it tells"
                )

    @cached_property
    def record(self) -> bytes:
        """The pack's canonical JSON without the checks: its words, which outlive its code."""
        return encode(
            {
                "name": self.name,
                "jurisdiction": self.jurisdiction,
                "version": self.version,
                "rules": [_record(rule) for rule in self.rules],
            }
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `record`, in hex."""
        return hashlib.sha256(self.record).hexdigest()

    def in_force(self, on: dt.date, *stages: Stage) -> tuple[Rule, ...]:
        """Return the rules that are law on that day, in the order of the pack, of these stages."""
        key = on, stages
        found = self._asked.get(key)
        if found is None:
            asked = stages or tuple(Stage)
            found = tuple(r for r in self.rules if r.stage in asked and r.in_force(on))
            self._asked[key] = found
        return found

    def names_in_force(self, on: dt.date, *stages: Stage) -> tuple[str, ...]:
        """Return the ids of `in_force`."""
        key = on, stages
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = tuple(rule.id for rule in self.in_force(on, *stages))
        return found

    @cached_property
    def _names(self) -> dict[tuple[dt.date, tuple[Stage, ...]], tuple[str, ...]]:
        return {}

    @cached_property
    def _asked(self) -> dict[tuple[dt.date, tuple[Stage, ...]], tuple[Rule, ...]]:
        return {}

    def unchanged_since(self, record: bytes) -> frozenset[str]:
        """Return the ids of the rules that another pack, given as its `record`, words alike."""
        before = {rule["id"]: rule for rule in decode(record)["rules"]}
        return frozenset(rule.id for rule in self.rules if before.get(rule.id) == _record(rule))


def _record(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "statement": rule.statement,
        "basis": dict(rule.basis),
        "severity": rule.severity,
        "stage": rule.stage,
        "method": rule.method,
        "evidence": rule.evidence,
        "unlock": rule.unlock,
        "effective_from": rule.effective_from and rule.effective_from.isoformat(),
        "effective_to": rule.effective_to and rule.effective_to.isoformat(),
    }


def discover_packs() -> dict[str, RulePack]:
    """Load every installed pack, by entry-point name; one that does not load stops the exchange.

    An exchange that starts without a rule it was meant to apply lists what it should refuse.
    """
    packs: dict[str, RulePack] = {}
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        if point.name in packs:
            raise ExchangeError(f"two rule packs are called {point.name}")
        try:
            pack = point.load()
        except Exception as error:
            raise ExchangeError(f"rule pack {point.name} does not load: {error}") from error
        if not isinstance(pack, RulePack):
            raise ExchangeError(f"rule pack {point.name} is a {type(pack).__name__}")
        packs[point.name] = pack
    return packs

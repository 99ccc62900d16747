"""What a strict gate says of a listing made elsewhere, from its words alone.

The rules are the gate's own and are asked as it asks them, of a case that knows what the listing
says and nothing else: no bytes were inspected, nobody has signed.  A rule that reaches for
something the listing does not say is not evaluated, and the finding names what was missing, so
that no table here repeats which rule reads what.  What is fired or clear was decided by words
that stand in the listing; what a listing only hints at (its text speaks of identity numbers) is a
claim, shown beside the rules and never taken for an answer.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import statistics
import typing
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from exchange.compliance.case import ListingCase
from exchange.compliance.rule import Answer, Outcome, Rule, RulePack, Severity, Stage
from exchange.errors import BadField
from exchange.records import read_field
from exchange.specsheet import SpecSheet

# Claims of a listing (`formats.listings`) that speak of data which a strict gate holds back.
PERSONAL: Final = "personal-data"
GRAVE: Final = frozenset({"core", "important", "state-secret"})


class Standing(enum.StrEnum):
    """Where a listing stands before a strict gate, the worst first."""

    NEVER = "never"  # a rule that nothing unlocks has fired: core data
    REFUSED = "refused"  # a rule that stops has fired
    SILENT = "silent"  # nothing has fired, and rules could not be asked


@dataclass(frozen=True, slots=True)
class RuleWord:
    """One rule's answer to a listing; `missing` is what it reached for and did not find."""

    rule: str
    severity: Severity
    outcome: Outcome
    message: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Screening:
    """One listing before the gate.

    `missing` are the fields that every spec sheet has and the listing does not say.
    """

    id: str
    source: str
    title: str
    supplier: str
    standing: Standing
    missing: tuple[str, ...]
    claims: tuple[str, ...]
    words: tuple[RuleWord, ...]

    def said(self, outcome: Outcome) -> tuple[RuleWord, ...]:
        """Return the rules with that answer."""
        return tuple(word for word in self.words if word.outcome is outcome)


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts over many screenings; every mapping is in falling order of its counts.

    `silent_on` is the median number of fields that a listing does not say, 0 for no listings.
    """

    source: str
    listings: int
    standings: Mapping[Standing, int]
    missing: Mapping[str, int]
    claims: Mapping[str, int]
    fired: Mapping[str, int]
    clear: Mapping[str, int]
    unasked: Mapping[str, int]
    silent_on: float


class _Unsaid(Exception):
    """A rule reached for a field that the listing does not fill."""


class _Told:
    """A record that knows the fields a listing fills; its others raise `_Unsaid` when read.

    A field with a default is as unsaid as any other: no default stands for "nothing there".
    """

    def __init__(self, kind: type, record: Mapping[str, Any], within: str = "") -> None:
        hints = typing.get_type_hints(kind, include_extras=True)
        told: dict[str, Any] = {}
        for field in dataclasses.fields(kind):
            if field.name not in record:
                continue
            where, value = f"{within}{field.name}", record[field.name]
            inner = hints[field.name]
            if dataclasses.is_dataclass(inner) and isinstance(inner, type):
                told[field.name] = _Told(inner, value, f"{where}.")
            else:
                told[field.name] = read_field(inner, value, where)
        self._told, self._within = told, within

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a field of any type
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._told:
            raise _Unsaid(f"{self._within}{name}")
        return self._told[name]


def screen(draft: Mapping[str, Any], pack: RulePack, on: dt.date) -> Screening:
    """Ask the pack's intake and listing rules in force on that day about a draft.

    Raises `BadField` for a draft that holds what no spec sheet could.
    """
    told = dict(draft["sheet"])
    if "basic" in told:  # a listing shows every name it has, so that it has no other is known
        told["basic"] = {"name_en": "", **told["basic"]}
    case = ListingCase(
        sheet=cast("SpecSheet", _Told(SpecSheet, told)),
        on=on,
        pack_digest=pack.digest,
    )
    asked = [rule for rule in pack.in_force(on) if rule.stage in {Stage.INTAKE, Stage.LISTING}]
    if not asked:
        raise BadField("rules", f"{pack.name} has no rule in force on {on}")
    words = tuple(_ask(rule, case) for rule in asked)
    return Screening(
        id=draft["id"],
        source=draft["source"],
        title=draft["title"],
        supplier=draft["supplier"],
        standing=_standing(words, asked),
        missing=tuple(draft["missing"]),
        claims=tuple(draft["claims"]),
        words=words,
    )


def _ask(rule: Rule, case: ListingCase) -> RuleWord:
    missing = ""
    try:
        answer: Answer = rule.check(case)
        outcome, message = Outcome(answer.outcome), answer.message
    except _Unsaid as error:
        missing = str(error)
        outcome, message = Outcome.NOT_EVALUATED, f"the listing does not say {missing}"
    except KeyboardInterrupt:  # who stops the program, which is no rule
        raise
    except BaseException as error:  # noqa: BLE001 - a plug-in's rule may raise anything
        outcome, message = Outcome.NOT_EVALUATED, f"raised {type(error).__name__}"
    return RuleWord(rule.id, rule.severity, outcome, message, missing)


def _standing(words: Sequence[RuleWord], rules: Sequence[Rule]) -> Standing:
    final = {rule.id for rule in rules if rule.unlock.startswith("never")}
    fired = [word for word in words if word.outcome is Outcome.FIRED and word.severity.stops]
    if any(word.rule in final for word in fired):
        return Standing.NEVER
    return Standing.REFUSED if fired else Standing.SILENT


def overview(screenings: Iterable[Screening], source: str = "") -> Overview:
    """Count screenings: all of them, or those of one source."""
    found = [each for each in screenings if not source or each.source == source]
    return Overview(
        source=source,
        listings=len(found),
        standings=_counted(each.standing for each in found),
        missing=_counted(name for each in found for name in each.missing),
        claims=_counted(claim for each in found for claim in each.claims),
        fired=_rules(found, Outcome.FIRED),
        clear=_rules(found, Outcome.CLEAR),
        unasked=_rules(found, Outcome.NOT_EVALUATED),
        silent_on=statistics.median([len(each.missing) for each in found] or [0]),
    )


def _rules(found: Sequence[Screening], outcome: Outcome) -> dict[str, int]:
    return _counted(word.rule for each in found for word in each.said(outcome))


Counted = typing.TypeVar("Counted", bound=str)


def _counted(each: Iterable[Counted]) -> dict[Counted, int]:
    return dict(sorted(Counter(each).items(), key=lambda pair: (-pair[1], pair[0])))

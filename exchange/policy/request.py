"""What is asked of a policy, and what is known of the world when it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from exchange.policy.values import Value
from exchange.policy.vocabulary import Operand, Term


class Performance(Term):
    """Whether the action of a rule was performed; unperformed means that it no longer can be."""

    PERFORMED = "Performed"
    UNPERFORMED = "Unperformed"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks to do what with which asset, and what is said of it.

    `context` has what is found for the left operands of constraints and of refinements of the
    action, `of_target` and `of_assignee` for those of collections; a left operand may have
    several values, and then all of them are meant.  `elapsedTime` is for how long the use is
    wanted.  `performance` says whether the action was performed already: it then stands judged.
    """

    action: str
    target: str
    assignee: str
    context: Mapping[Operand, tuple[Value, ...]] = field(default_factory=dict)
    units: Mapping[Operand, str] = field(default_factory=dict)
    of_target: Mapping[Operand, tuple[Value, ...]] = field(default_factory=dict)
    of_assignee: Mapping[Operand, tuple[Value, ...]] = field(default_factory=dict)
    performance: Performance = Performance.UNKNOWN


@dataclass(frozen=True, slots=True)
class State:
    """What is known of the world when a request is judged.

    `count` is how often the action was performed before, `since` when the time of use began (None:
    not yet), `duties` what became of duties by their uid, `members` who and what is in a
    collection, `references` what an operand by reference names.
    """

    at: dt.datetime
    count: int = 0
    since: dt.datetime | None = None
    duties: Mapping[str, Performance] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(each is not None and each.tzinfo is None for each in (self.at, self.since)):
            msg = "at and since have a time zone"
            raise ValueError(msg)

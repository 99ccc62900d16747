"""A question about a policy, as a file, a request or a command line asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Len
from pydantic import AwareDatetime, ConfigDict

from exchange.policy.policy import Asset, Party, Policy
from exchange.policy.request import Request, State
from exchange.policy.values import Value
from exchange.policy.vocabulary import Operand
from exchange.records import STRICT
from exchange.specsheet import Name


@dataclass(frozen=True, slots=True)
class Question:
    """Whether `assignee` may do `action` with `target`, for what, where, and for how long.

    Target and assignee are IRIs; left empty, they are those of the policy's first permission.
    `count` is how often it was done before, `since` when the use began, `at` the time of asking.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    action: Name = "use"
    target: str = ""
    assignee: str = ""
    purpose: str = ""
    region: str = ""
    recipients: Annotated[tuple[Name, ...], Len(0, 50)] = ()
    term_days: Annotated[int, Ge(1)] | None = None
    count: Annotated[int, Ge(0)] = 0
    since: AwareDatetime | None = None
    at: AwareDatetime | None = None

    def request(self, policy: Policy) -> Request:
        """Return what is asked of a policy."""
        first = policy.permissions[0] if policy.permissions else None
        context: dict[Operand, tuple[Value, ...]] = {}
        if self.purpose:
            context[Operand.PURPOSE] = (self.purpose,)
        if self.region:
            context[Operand.SPATIAL] = (self.region,)
        if self.recipients:
            context[Operand.RECIPIENT] = self.recipients
        if self.term_days is not None:
            context[Operand.ELAPSED_TIME] = (dt.timedelta(days=self.term_days),)
        return Request(
            self.action,
            self.target or _named(first.target if first else None),
            self.assignee or _named(first.assignee if first else None),
            context,
        )

    def state(
        self, now: dt.datetime, references: Mapping[str, frozenset[str]] | None = None
    ) -> State:
        """Return what the question says of the world, and what `references` name in it."""
        return State(self.at or now, self.count, self.since, references=references or {})


def _named(what: Asset | Party | None) -> str:
    return (what.uid or what.source) if what else "urn:guapai:nobody"

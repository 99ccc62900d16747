"""State machines as tables: one function steps through them, one error refuses.

Every lifecycle of the floor (participant, registration, listing, scenario, trade, delivery,
escrow) is a dictionary from a state to the states that may follow; docs/lifecycles.md is
drawn from these tables.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TypeVar

from exchange.errors import IllegalTransition

State = TypeVar("State", bound=enum.StrEnum)
Transitions = Mapping[State, frozenset[State]]


def step(transitions: Transitions[State], present: State, wanted: State, what: str) -> State:
    """Return `wanted` if the table allows it from `present`, or raise `IllegalTransition`."""
    if wanted in transitions[present]:
        return wanted
    if present is wanted:
        raise IllegalTransition(f"{what} is {present} already")
    allowed = ", ".join(sorted(transitions[present])) or "nothing"
    raise IllegalTransition(
        f"{what} is {present} and cannot become {wanted} (possible from here: {allowed})"
    )

"""Negotiated (面议): no price until one is agreed."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import Bill, Statement
from pricing.domain import require_not_negative
from pricing.errors import BadInput
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class Negotiated:
    """Has no price; `asking` is where the supplier says that talks begin, and binds nobody."""

    asking: Money | None = None

    def __post_init__(self) -> None:
        if self.asking is not None:
            require_not_negative("asking", self.asking)

    def rate(self, statement: Statement) -> Bill:
        """Raise `BadInput`: what is agreed is another plan."""
        raise BadInput(
            f"plan: negotiated, so the statement until {statement.until_ms} has no price"
        )

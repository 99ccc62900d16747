"""Plans: a tariff with its parameters, in the form in which it is written down.

    {"tariff": "one-off", "parameters": {"amount": {"minor": 100000, "currency": "CNY"}}}

A tariff of a stranger is written down in the same way, by the name that it is registered under.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pricing.billing import Bill, Statement, Tariff
from pricing.errors import BadInput
from pricing.registry import registered, registration
from pricing.wire import from_wire, to_wire


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that can stand in another value, on the wire and off it."""

    tariff: Tariff

    @property
    def name(self) -> str:
        """The name of the tariff; one that is not registered is an `UnknownPlugin`."""
        return registration("tariffs", type(self.tariff)).name

    def rate(self, statement: Statement) -> Bill:
        """Bill a statement, as the tariff does."""
        return self.tariff.rate(statement)

    def to_record(self) -> dict[str, Any]:
        """Return the written form."""
        return {"tariff": self.name, "parameters": to_wire(self.tariff)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Plan:
        """Read the written form, or raise `BadInput` or `UnknownPlugin` naming the field."""
        unknown = record.keys() - {"tariff", "parameters"}
        if unknown or not isinstance(record.get("tariff"), str):
            raise BadInput(f"{min(unknown, default='tariff')}: a plan has a tariff and parameters")
        source = registered("tariffs", record["tariff"])
        tariff: Tariff = from_wire(source.plugin, record.get("parameters", {}), "parameters")
        return cls(tariff)

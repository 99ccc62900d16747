"""The types of registration (登记类型): every act of the register about a product, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from exchange.ports import UnitOfWork
from ledger.entries import Entry

# 首次, 变更, 转移, 许可, 续展, 注销, 异议, 争议.
TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "product.registered": "first",
        "registration.confirmed": "confirmation",
        "registration.changed": "change",
        "transfer.offered": "transfer",
        "registration.transferred": "transfer",
        "right.granted": "licence",
        "right.revoked": "licence",
        "registration.renewed": "renewal",
        "registration.cancelled": "cancellation",
        "objection.filed": "objection",
        "objection.withdrawn": "objection",
        "objection.closed": "objection",
        "dispute.opened": "dispute",
        "dispute.withdrawn": "dispute",
        "dispute.decided": "dispute",
    }
)


@dataclass(frozen=True, slots=True)
class Registered:
    """One act of the register: its type, and the entry that holds it."""

    type: str
    entry: Entry

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "type": self.type,
            "kind": self.entry.kind,
            "actor": self.entry.actor,
            "time": self.entry.time,
            "entry": self.entry.leaf.hex(),
        }


def history_of(number: str, work: UnitOfWork) -> list[Registered]:
    """Return every act of the register about a product, oldest first, or raise `NotFound`."""
    subject = f"product/{work.products.get(number).number}"
    entries = (entry for kind in TYPES for entry in work.chain.store.of_kind(subject, kind))
    ordered = sorted(entries, key=lambda entry: entry.version)
    return [Registered(TYPES[entry.kind], entry) for entry in ordered]

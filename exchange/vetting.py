"""Vetting (审核): the exchange's own reviewer looks at what is to be listed, beside the assessor.

Two parties other than the supplier look at every product before it is listed: an assessor from
outside, and a reviewer of the exchange, as the Shanghai Data Exchange vets twice.  The reviewer
goes through a checklist of what no rule can decide, and approves, returns with reasons, or
rejects.  A decision speaks of one sheet, one data file and one rule pack; another of them needs
another decision.  The latest decision counts, whoever of the reviewers took it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from pydantic import ConfigDict

from exchange.errors import BadField
from exchange.records import STRICT
from exchange.specsheet import Digest, Name


class Decision(enum.StrEnum):
    """What a reviewer of the exchange decides; a returned product may be mended and seen again."""

    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"


class Tick(enum.StrEnum):
    """The answer to one item of the checklist."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"


# What a person answers for, since no rule can: the sheet against the sample, words against sense.
CHECKLIST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "supplier": "the supplier is who the register says, and may trade in this",
        "source": "the sources stated are plausible, and their proofs say what is claimed",
        "rights": "the rights claimed cover the uses and the delivery that are offered",
        "content": "name, description and fields say what the data holds",
        "grade": "the grade fits the content, the region and the precision",
        "persons": "what the sheet says of persons agrees with what the inspection found",
        "conditions": "the conditions of use are clear, lawful and can be enforced",
        "price": "the price form is complete and treats like buyers alike",
        "documents": "every document attached is what it is called, current and signed",
        "similar": "what resembles other registrations is explained",
    }
)


@dataclass(frozen=True, slots=True)
class Vetting:
    """One decision of a reviewer; `version` is that of its entry in the product's chain."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    reviewer: Name
    sheet: Digest
    data: Digest
    rule_pack: Digest
    decision: Decision
    version: int


def check_list(ticks: Mapping[str, str], decision: Decision) -> dict[str, str]:
    """Return the checklist in its order, or raise `BadField` naming the item.

    Every item is answered.  Approval leaves none at no; returning and rejecting need no such
    thing, since their reasons stand beside them.
    """
    for item in ticks:
        if item not in CHECKLIST:
            raise BadField(f"checklist.{item}", f"not an item; the items are {_items()}")
    checked: dict[str, str] = {}
    for item in CHECKLIST:
        if item not in ticks:
            raise BadField(f"checklist.{item}", "not answered")
        if ticks[item] not in set(Tick):
            raise BadField(f"checklist.{item}", f"one of {', '.join(Tick)}")
        if decision is Decision.APPROVED and ticks[item] == Tick.NO:
            raise BadField(f"checklist.{item}", "nothing is approved with an item at no")
        checked[item] = str(ticks[item])
    return checked


def _items() -> str:
    return ", ".join(CHECKLIST)

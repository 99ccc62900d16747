"""The terms of ODRL 2.2 that the exchange understands, as tables; anything else is refused.

Actions and what includes them are those of the ODRL Vocabulary (W3C Recommendation of 15 February
2018) without the deprecated ones, and one of our own, `guapai:publish`.  A left operand is here
if its value can be compared: positions and coordinates cannot, and are not.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ODRL: Final = "http://www.w3.org/ns/odrl/2/"
CC: Final = "http://creativecommons.org/ns#"
PROFILE: Final = "urn:guapai:odrl"  # the profile of our own terms, described in docs/policy.md
OWN: Final = f"{PROFILE}:"
CONTEXT: Final = "http://www.w3.org/ns/odrl.jsonld"

PUBLISH: Final = "guapai:publish"
USE: Final = "use"
DISTRIBUTE: Final = "distribute"
DELETE: Final = "delete"
_ROOTS: Final = ("use", "transfer")  # the two top-level actions of the Information Model, 2.4
_UNDER_USE: Final = (
    "acceptTracking",
    "aggregate",
    "annotate",
    "anonymize",
    "archive",
    "attribute",
    "compensate",
    "concurrentUse",
    "delete",
    "derive",
    "digitize",
    "distribute",
    "ensureExclusivity",
    "execute",
    "grantUse",
    "include",
    "index",
    "inform",
    "install",
    "modify",
    "move",
    "nextPolicy",
    "obtainConsent",
    "play",
    "present",
    "print",
    "read",
    "reproduce",
    "reviewPolicy",
    "stream",
    "synchronize",
    "textToSpeech",
    "transform",
    "translate",
    "uninstall",
    "watermark",
    "cc:Attribution",
    "cc:CommercialUse",
    "cc:DerivativeWorks",
    "cc:Distribution",
    "cc:Notice",
    "cc:Reproduction",
    "cc:ShareAlike",
    "cc:Sharing",
    "cc:SourceCode",
    "guapai:publish",
)
_FURTHER: Final = {
    "display": "play",
    "extract": "reproduce",
    "give": "transfer",
    "sell": "transfer",
}

# Every known action and the one that includes it; the two at the top are in none.
INCLUDED_IN: Final[Mapping[str, str | None]] = MappingProxyType(
    dict.fromkeys(_ROOTS) | dict.fromkeys(_UNDER_USE, "use") | _FURTHER
)


def _upwards(action: str | None) -> frozenset[str]:
    return frozenset({action}) | _upwards(INCLUDED_IN[action]) if action else frozenset()


# Every known action with all that include it: a rule on any of them speaks of it.
INCLUDING: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {action: _upwards(action) for action in INCLUDED_IN}
)


class Term(enum.StrEnum):
    """A term; it is hashed as the text that it is, which `Enum` does not, and faster."""

    __hash__ = str.__hash__


class Datatype(Term):
    """What sort of value a left operand takes."""

    TEXT = "text"
    PLACE = "place"
    INTEGER = "integer"
    DECIMAL = "decimal"
    INSTANT = "instant"
    DURATION = "duration"


class Operand(Term):
    """A left operand that can be evaluated."""

    PURPOSE = "purpose"
    SPATIAL = "spatial"
    RECIPIENT = "recipient"
    COUNT = "count"
    DATE_TIME = "dateTime"
    ELAPSED_TIME = "elapsedTime"
    ABSOLUTE_SIZE = "absoluteSize"
    DELAY_PERIOD = "delayPeriod"
    DELIVERY_CHANNEL = "deliveryChannel"
    EVENT = "event"
    FILE_FORMAT = "fileFormat"
    INDUSTRY = "industry"
    LANGUAGE = "language"
    MEDIA = "media"
    METERED_TIME = "meteredTime"
    PAY_AMOUNT = "payAmount"
    PERCENTAGE = "percentage"
    PRODUCT = "product"
    RELATIVE_SIZE = "relativeSize"
    RESOLUTION = "resolution"
    SYSTEM_DEVICE = "systemDevice"
    TIME_INTERVAL = "timeInterval"
    UNIT_OF_COUNT = "unitOfCount"
    VERSION = "version"
    VIRTUAL_LOCATION = "virtualLocation"


_ORDERED: Final = {
    Operand.COUNT: Datatype.INTEGER,
    Operand.DATE_TIME: Datatype.INSTANT,
    Operand.ELAPSED_TIME: Datatype.DURATION,
    Operand.ABSOLUTE_SIZE: Datatype.DECIMAL,
    Operand.DELAY_PERIOD: Datatype.DURATION,
    Operand.METERED_TIME: Datatype.DURATION,
    Operand.PAY_AMOUNT: Datatype.DECIMAL,
    Operand.PERCENTAGE: Datatype.DECIMAL,
    Operand.RELATIVE_SIZE: Datatype.DECIMAL,
    Operand.RESOLUTION: Datatype.DECIMAL,
    Operand.TIME_INTERVAL: Datatype.DURATION,
}
DATATYPE: Final[Mapping[Operand, Datatype]] = MappingProxyType(
    dict.fromkeys(Operand, Datatype.TEXT) | {Operand.SPATIAL: Datatype.PLACE} | _ORDERED
)


class Operator(Term):
    """How the value found is held against the values of the constraint."""

    EQ = "eq"
    NEQ = "neq"
    LT = "lt"
    LTEQ = "lteq"
    GT = "gt"
    GTEQ = "gteq"
    IS_ANY_OF = "isAnyOf"
    IS_NONE_OF = "isNoneOf"
    IS_ALL_OF = "isAllOf"
    IS_PART_OF = "isPartOf"


_COMPARING: Final = frozenset(
    {Operator.EQ, Operator.NEQ, Operator.LT, Operator.LTEQ, Operator.GT, Operator.GTEQ}
)
_CHOOSING: Final = frozenset(
    {Operator.EQ, Operator.NEQ, Operator.IS_ANY_OF, Operator.IS_NONE_OF, Operator.IS_ALL_OF}
)
# Which operators each sort of value has; the others have no meaning for it and are refused.
OPERATORS: Final[Mapping[Datatype, frozenset[Operator]]] = MappingProxyType(
    {
        Datatype.TEXT: _CHOOSING,
        Datatype.PLACE: _CHOOSING | {Operator.IS_PART_OF},
        Datatype.INTEGER: _COMPARING,
        Datatype.DECIMAL: _COMPARING,
        Datatype.INSTANT: _COMPARING,
        Datatype.DURATION: _COMPARING,
    }
)
SEVERAL: Final = frozenset(
    {Operator.IS_ANY_OF, Operator.IS_NONE_OF, Operator.IS_ALL_OF, Operator.IS_PART_OF}
)


class Connective(Term):
    """How constraints are joined; `andSequence` asks for an order in time and is not known."""

    AND = "and"
    OR = "or"
    XONE = "xone"


class PolicyType(Term):
    """The sorts of policy that can be evaluated."""

    SET = "Set"
    OFFER = "Offer"
    AGREEMENT = "Agreement"


class Conflict(Term):
    """What holds where a permission meets a prohibition.

    The third of ODRL, `perm`, lets a permission win; a policy that asks for it is refused.
    """

    PROHIBIT = "prohibit"
    INVALID = "invalid"


class RuleKind(Term):
    """The three sorts of rule; a permission's duties, remedies and consequences are duties too."""

    PERMISSION = "permission"
    PROHIBITION = "prohibition"
    DUTY = "duty"

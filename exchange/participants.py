"""Data merchants (数商): who takes part, in which role, in what standing.

A participant acts on the chain under its id, a pseudonym derived from its own first signed
act; its name stands only in the register of participants, where it can be erased.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from exchange.errors import Forbidden
from exchange.lifecycle import step
from exchange.openings import ERASED
from ledger.entries import Entry
from ledger.merchants import APART


class Role(enum.StrEnum):
    """What an admission allows; the classes of the Shanghai Data Exchange's merchants."""

    OPERATOR = "operator"
    SUPPLIER = "supplier"
    BUYER = "buyer"
    COMPLIANCE_ASSESSOR = "compliance-assessor"
    QUALITY_EXPERT = "quality-expert"
    VALUER = "valuer"
    DELIVERY_PROVIDER = "delivery-provider"
    BROKER = "broker"
    CONSULTANT = "consultant"
    REVIEWER = "reviewer"
    ARBITER = "arbiter"


class LicenceClass(enum.StrEnum):
    """What others license a merchant for; the issuer is whom the law names, never the exchange."""

    LEGAL_PRACTICE = "legal-practice"
    DATA_ASSESSMENT = "data-assessment"
    INSPECTION = "inspection-and-testing"
    EXPERT = "expert-appointment"
    ASSET_VALUATION = "asset-valuation"
    CREDIT_REPORTING = "credit-reporting"
    SURVEYING = "surveying"


# The roles whose word others rely on, and the licences of which they need one to give it: a
# proposal of this project (Shanghai Data Regulations 53 asks for third-party institutions and
# names no licence).  A house adopts the table as a whole, or none of it.
LICENCES: Final[Mapping[Role, tuple[LicenceClass, ...]]] = {
    Role.COMPLIANCE_ASSESSOR: (LicenceClass.LEGAL_PRACTICE, LicenceClass.DATA_ASSESSMENT),
    Role.QUALITY_EXPERT: (LicenceClass.INSPECTION, LicenceClass.EXPERT),
    Role.VALUER: (LicenceClass.ASSET_VALUATION,),
}


def licence_lines() -> tuple[str, ...]:
    """Return the table as `licence.required` has it: a line ``role: class`` for each."""
    return tuple(f"{role}{APART}{kind}" for role, kinds in LICENCES.items() for kind in kinds)


class Standing(enum.StrEnum):
    """Whether a participant may act."""

    APPLIED = "applied"
    ADMITTED = "admitted"
    SUSPENDED = "suspended"


# Everything a standing may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[Standing, frozenset[Standing]] = {
    Standing.APPLIED: frozenset({Standing.ADMITTED}),
    Standing.ADMITTED: frozenset({Standing.SUSPENDED}),
    Standing.SUSPENDED: frozenset({Standing.ADMITTED}),
}


@dataclass(frozen=True, slots=True)
class Participant:
    """One organisation: `public_key` is raw Ed25519 in hex, `recipient` an age recipient.

    `head` is the leaf hash of the newest entry that changed it; `verified_until` the last day of
    its identity as the operator has verified it, None before that.  `licences_until` is the last
    day on which it holds a licence of every class that it was shown to hold, empty where it holds
    none; None for a participant that a former program kept.
    """

    id: str
    handle: str
    name: str
    credit_code: str
    public_key: str
    recipient: str
    roles: frozenset[Role]
    standing: Standing
    head: str
    verified_until: str | None = None
    licences_until: str | None = None

    def verified(self, day: dt.date) -> bool:
        """Whether its identity was verified over documents, and that has not ended on a day."""
        return (self.verified_until or "") >= day.isoformat()

    def require(self, *roles: Role) -> None:
        """Raise `Forbidden` unless admitted in at least one of `roles` (any role if none)."""
        if self.standing is not Standing.ADMITTED:
            raise Forbidden(f"participant {self.handle} is {self.standing} and may not act")
        if roles and self.roles.isdisjoint(roles):
            wanted = " or ".join(sorted(roles))
            raise Forbidden(f"participant {self.handle} is not admitted as {wanted}")

    def moved(self, standing: Standing, entry: Entry) -> Participant:
        """Return the participant in another standing, or raise `IllegalTransition`."""
        moved = step(TRANSITIONS, self.standing, standing, f"participant {self.handle}")
        return replace(self, standing=moved, head=entry.leaf.hex())

    def same_organisation(self, other: Participant) -> bool:
        """Whether both are one organisation: one id, or one code (`is_organisation_code`)."""
        if self.id == other.id:
            return True
        return self.credit_code == other.credit_code and not self.is_erased

    def at(self, entry: Entry) -> Participant:
        """Return the participant as of its newest entry."""
        return replace(self, head=entry.leaf.hex())

    @property
    def is_erased(self) -> bool:
        """Whether the register knows no more than its pseudonym; no credit code is that word."""
        return self.credit_code == ERASED

    def erased(self) -> Participant:
        """Return the participant as a pseudonym: what named it in the register is gone."""
        return replace(self, handle=self.id, name=ERASED, credit_code=ERASED)

    def with_roles(self, roles: frozenset[Role]) -> Participant:
        """Return the participant in other roles."""
        return replace(self, roles=roles)


NO_CODE: Final = "not a unified social credit code (GB 32100-2015), nor an LEI (ISO 17442)"
_LEI: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def is_credit_code(text: str) -> bool:
    """Whether `text` is a unified social credit code with a true check character.

    GB 32100-2015: 18 characters of a 31-letter alphabet, the last one making the sum of the
    first seventeen, weighted by powers of 3 modulo 31, come out.
    """
    if len(text) != 18 or any(character not in _CODE_ALPHABET for character in text):
        return False
    return check_character(text[:17]) == text[17]


def is_lei(text: str) -> bool:
    """Whether `text` is a Legal Entity Identifier with true check digits.

    ISO 17442-1: 18 letters and digits, then two digits by which the whole, each letter read as its
    place in the alphabet plus nine, leaves 1 of 97 (MOD 97-10 of ISO/IEC 7064).
    """
    if _LEI.fullmatch(text) is None:
        return False
    return int("".join(str(int(character, 36)) for character in text)) % 97 == 1


def is_organisation_code(text: str) -> bool:
    """Whether a text names an organisation: by its unified social credit code, or by its LEI."""
    return is_credit_code(text) or is_lei(text)


def check_character(body: str) -> str:
    """Return the check character of the first seventeen of a unified social credit code."""
    weighted = sum(
        _CODE_ALPHABET.index(character) * weight
        for character, weight in zip(body, _CODE_WEIGHTS, strict=True)
    )
    return _CODE_ALPHABET[(31 - weighted % 31) % 31]

"""Evidence: what a case is put together from.

Words of assessors, who takes part, papers, parents, what the exchange itself keeps.  No name and
no credit code is among it, and what is not known is None.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Self

from pydantic import ConfigDict, Field

from exchange.grading import Grade
from exchange.participants import Participant, Role, Standing, is_organisation_code
from exchange.records import STRICT, Usually
from exchange.specsheet import Conditions, Digest, Name
from ledger import grades

# Left out of a record where it says nothing: one kept before there was such a field still reads.
_LATER: Final = Field(exclude_if=lambda value: not value)

ASSESSMENT_DAYS_MAX = 366  # rule T-05: a pass holds twelve months, a leap day included

_TWELVE_MONTHS: Final = dt.timedelta(days=ASSESSMENT_DAYS_MAX)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Whether `text` is a SHA-256 in hex: evidence that can be asked for and compared."""
    return _DIGEST.fullmatch(text) is not None


class Opinion(enum.StrEnum):
    """How an assessment ended."""

    PASSED = "passed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Attestation:
    """An assessor's signed opinion on one sheet and one data file under one rule pack.

    `rules` are the ids it answers for: cleared if passed, objected to if refused.  `licensed` says
    whether a licence stands that it was signed under, where the exchange wants one for the role.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    assessor: Name
    sheet: Digest
    data: Digest
    rule_pack: Digest
    outcome: Opinion
    rules: tuple[Name, ...]
    issued_on: dt.date
    valid_until: dt.date
    version: int
    licensed: Usually = True

    @property
    def last_day(self) -> dt.date:
        """The last day on which it counts: a pass holds twelve months at most."""
        if self.outcome is Opinion.REFUSED:
            return self.valid_until
        return min(self.valid_until, self.issued_on + _TWELVE_MONTHS)


@dataclass(frozen=True, slots=True)
class Party:
    """A participant as a rule sees it: its register page answered for, and not shown.

    `named` says that the register has its name and a key, `coded` that its unified social
    credit code passes its check.  `organisation` is one word for all parties of a case that are
    one organisation.  `licensed_until` is the last day of its identity, which is a merchant's
    licence as the operator saw it, None where none was verified.
    `restricted` says whether a list forbids to deal with it, None where no list was consulted,
    `interested` whether it supplies what the product of the case comes from, or once did.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: Name
    roles: tuple[Role, ...]
    standing: Standing
    named: bool
    coded: bool
    organisation: Name
    licensed_until: dt.date | None = None
    restricted: bool | None = None
    interested: bool = False

    @classmethod
    def of(cls, participant: Participant, among: Iterable[Participant] = ()) -> Self:
        """Look at a participant; `among` are those of the same case."""
        same = [other.id for other in among if participant.same_organisation(other)]
        return cls(
            id=participant.id,
            roles=tuple(sorted(participant.roles)),
            standing=participant.standing,
            named=bool(participant.name and participant.public_key) and not participant.is_erased,
            coded=is_organisation_code(participant.credit_code),
            organisation=min([participant.id, *same]),
        )

    def acts_as(self, role: Role) -> bool:
        """Whether it is admitted in that role."""
        return self.standing is Standing.ADMITTED and role in self.roles


@dataclass(frozen=True, slots=True)
class Paper:
    """A document attached to the product: what it is, how long it runs, who has looked at it.

    `kind` is that of `exchange.documents`; `verified` is None while nobody has looked.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Name
    digest: Digest
    issued_on: dt.date
    valid_until: dt.date | None = None
    verified: bool | None = None

    def void(self, on: dt.date) -> str:
        """Say why it does not count on a day; empty if it does."""
        if self.verified is False:
            return "was withdrawn or found not to hold"
        if self.issued_on > on:
            return "is dated after the day of the case"
        if self.valid_until is not None and self.valid_until < on:
            return "has ended"
        return ""


@dataclass(frozen=True, slots=True)
class Parent:
    """A product that this one is derived from."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    number: Name
    data: Digest
    grade: Grade | None = None
    disputed: bool | None = None
    purposes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class GradeFloor:
    """A grade that a product is held to: the operator's word on it, or that of an `ancestor`.

    Or that of data in which it, or an ancestor, largely stands: `alike` where whole rows do,
    `resembled` where columns agree, which is for an assessor to decide.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    grade: Grade
    ancestor: str = ""
    alike: Annotated[str, _LATER] = ""
    resembled: Annotated[str, _LATER] = ""

    @classmethod
    def of(cls, floor: grades.Floor) -> Self:
        """Return a floor as the ledger has it."""
        grade = Grade(floor.grade)
        if not floor.alike:
            return cls(grade, ancestor=floor.product)
        return cls(grade, **{"alike" if floor.certain else "resembled": floor.product})

    @property
    def words(self) -> str:
        """Say whose grade it is."""
        if self.alike:
            return f"the data largely stands in {self.alike}, which is held to {self.grade}"
        if self.resembled:
            return f"the data is like {self.resembled}, which is held to {self.grade}"
        if self.ancestor:
            return f"{self.ancestor}, which it comes from, is {self.grade}"
        return f"the operator has set {self.grade}"


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A product that this one comes from, however far back, and its conditions of use."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    number: Name
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Site:
    """A guarded place of the operator's own list, as a box in decimal degrees."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    west: Decimal
    south: Decimal
    east: Decimal
    north: Decimal


@dataclass(frozen=True, slots=True)
class Platform:
    """What the exchange itself keeps and offers; None is "not said", 0 "nothing is kept".

    `log_days` is how long network logs are kept, `record_days` how long records of review and
    trade are, None there for good.  `guarded` is the operator's list of guarded sites.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    complaints: str
    log_days: int | None
    incident_plan: str
    record_days: int | None = None
    guarded: tuple[Site, ...] | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """How many persons the supplier's trades of the year have taken abroad before this one."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    plain: int
    sensitive: int

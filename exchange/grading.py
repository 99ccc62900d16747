"""Classification and grading (分类分级): core, important, general; the strictest wins.

Data Security Law art. 21; GB/T 43697-2024, of which titles and table of contents alone could be
read: the table below follows section 6.5 (级别确定规则) and appendix H (一般数据分级参考) as this
project understands them and is a proposal, not a quotation.  Core data never lists; important
data lists only with special approval.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Final


class Grade(enum.StrEnum):
    """From the least to the most sensitive; compare with `strictest`, not as text."""

    GENERAL_1 = "general-1"
    GENERAL_2 = "general-2"
    GENERAL_3 = "general-3"
    GENERAL_4 = "general-4"
    IMPORTANT = "important"
    CORE = "core"


class ImpactObject(enum.StrEnum):
    """Whom or what harm to the data harms (影响对象)."""

    NATIONAL_SECURITY = "national-security"
    ECONOMIC_OPERATION = "economic-operation"
    SOCIAL_ORDER = "social-order"
    PUBLIC_INTEREST = "public-interest"
    ORGANISATION_RIGHTS = "organisation-rights"
    PERSONAL_RIGHTS = "personal-rights"


class Degree(enum.StrEnum):
    """How much harm there is once data leaks, is altered, destroyed or misused (影响程度)."""

    NONE = "none"
    MINOR = "minor"
    SERIOUS = "serious"
    ESPECIALLY_SERIOUS = "especially-serious"


_PUBLIC: Final = (Grade.GENERAL_1, Grade.GENERAL_4, Grade.IMPORTANT, Grade.CORE)
_PRIVATE: Final = (Grade.GENERAL_1, Grade.GENERAL_2, Grade.GENERAL_3, Grade.GENERAL_4)

# The grade for each degree, from none to especially serious.
TABLE: Final[Mapping[ImpactObject, tuple[Grade, Grade, Grade, Grade]]] = {
    ImpactObject.NATIONAL_SECURITY: (Grade.GENERAL_1, Grade.IMPORTANT, Grade.CORE, Grade.CORE),
    ImpactObject.ECONOMIC_OPERATION: _PUBLIC,
    ImpactObject.SOCIAL_ORDER: _PUBLIC,
    ImpactObject.PUBLIC_INTEREST: _PUBLIC,
    ImpactObject.ORGANISATION_RIGHTS: _PRIVATE,
    ImpactObject.PERSONAL_RIGHTS: _PRIVATE,
}

_ORDER = {grade: rank for rank, grade in enumerate(Grade)}
_DEGREES = {degree: rank for rank, degree in enumerate(Degree)}


def grade_of(harmed: ImpactObject, degree: Degree) -> Grade:
    """Return the grade of data whose harm does so much to so much; never lower for more harm."""
    return TABLE[harmed][_DEGREES[degree]]


def strictest(grades: Iterable[Grade]) -> Grade:
    """Return the most sensitive grade (就高从严); raises ValueError for none at all."""
    return max(grades, key=_ORDER.__getitem__)


def at_least(grade: Grade, floor: Grade) -> bool:
    """Whether `grade` is as sensitive as `floor`, or more."""
    return _ORDER[grade] >= _ORDER[floor]

"""Classification and grading (分类分级): core, important, general; the strictest wins.

Data Security Law art. 21; GB/T 43697-2024 section 6 and appendix H (general levels 1 to 4).
Core data never lists; important data lists only with special approval.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Grade(enum.StrEnum):
    """From the least to the most sensitive; compare with `strictest`, not as text."""

    GENERAL_1 = "general-1"
    GENERAL_2 = "general-2"
    GENERAL_3 = "general-3"
    GENERAL_4 = "general-4"
    IMPORTANT = "important"
    CORE = "core"


_ORDER = {grade: rank for rank, grade in enumerate(Grade)}


def strictest(grades: Iterable[Grade]) -> Grade:
    """Return the most sensitive grade (就高从严); raises ValueError for none at all."""
    return max(grades, key=_ORDER.__getitem__)


def at_least(grade: Grade, floor: Grade) -> bool:
    """Whether `grade` is as sensitive as `floor`, or more."""
    return _ORDER[grade] >= _ORDER[floor]

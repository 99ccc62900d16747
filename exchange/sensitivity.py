"""How sensitive data looks: an estimate of its grade from what was measured and declared.

GB/T 43697-2024 names what to look at (6.3 数据分级要素, appendices C and G by title): domain,
group, region, precision, scale, coverage.  The Network Data Regulations define important data by
the same words (art. 62(4)).  The thresholds here are proposals of this project.  The estimate never
replaces the supplier's declaration: rule D-05 asks an assessor where it is stricter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exchange.grading import Grade, strictest
from exchange.profile import PERSONAL_KINDS, Bearer, Profile, SensitiveKind
from exchange.specsheet import PersonalClass, SpecSheet

# Sensitive by PIPL 28, or a key to somebody's money; movements are judged by their tracks.
SENSITIVE_KINDS: Final = frozenset(
    {
        SensitiveKind.BANK_CARD,
        SensitiveKind.HEALTH,
        SensitiveKind.BIOMETRIC,
        SensitiveKind.TRACE,
    }
)
SENSITIVE_CLASSES: Final = frozenset(PersonalClass) - {
    PersonalClass.OTHER,
    PersonalClass.TRANSACTION,
    PersonalClass.LODGING,
    PersonalClass.PROPERTY,
}
IMPORTANT_SUBJECTS: Final = 10_000_000  # NDSMR 28: duties of important data from here on
IMPORTANT_SENSITIVE_SUBJECTS: Final = (
    1_000_000  # a proposal: a tenth of it where they are sensitive
)
SURVEY_KM2: Final = 25  # 自然资发〔2020〕95号: contiguous detail above this is not free of secrecy
SURVEY_POINTS_PER_KM2: Final = 400  # a point every 50 m: finer than 1:5,000 shows (a proposal)
TRACK_SECONDS: Final = 300  # G-10: finer than five minutes

_TERRAIN = re.compile(
    r"depth|bathym|altitude|elevation|gravity|magnetic|水深|高程|重力|磁", re.IGNORECASE
)
_GUARDED = re.compile(
    r"军|国防|核设施|涉密|关键信息基础设施|military|defen[cs]e|nuclear", re.IGNORECASE
)
# Lines that carry power, words, gas or water, whose course is that of an infrastructure.
_LINES = re.compile(
    r"海缆|光缆|电缆|缆线|输电线|管线|管道|输油|输气|(^|[\s_])(submarine|subsea|power|fibre|fiber)?[\s_]?"
    r"(cables?|pipelines?|umbilicals?|seekabel|kabeltrasse|rohrleitung)([\s_]|$)",
    re.IGNORECASE,
)
LINE_POINTS_MIN: Final = 20  # of a route that is told point by point (a proposal)
LINE_POSTING_MAX: Final = 1_852.0  # metres from one to the next, at the most (a proposal)
_KM_PER_DEGREE: Final = 111.2


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a grade, and where the thing stands; never a value of the data."""

    grade: Grade
    words: str
    factor: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """The strictest grade that anything speaks for, and everything that speaks for one."""

    grade: Grade
    reasons: tuple[Reason, ...]

    @property
    def deciding(self) -> tuple[Reason, ...]:
        """The reasons that speak for the estimated grade itself."""
        return tuple(reason for reason in self.reasons if reason.grade is self.grade)


def estimate(profile: Profile, sheet: SpecSheet) -> Estimate:
    """Estimate the grade of data; more findings, persons or detail never lower it."""
    reasons = (
        Reason(Grade.GENERAL_1, "nothing speaks for more", "none"),
        *_persons(profile, sheet),
        *_scale(profile, sheet),
        *_secrets(profile, sheet),
        *_survey(profile),
        *_lines(profile, sheet),
        *_tracks(profile),
    )
    return Estimate(strictest(reason.grade for reason in reasons), reasons)


def _persons(profile: Profile, sheet: SpecSheet) -> Iterator[Reason]:
    if sheet.personal_data.contained:
        yield Reason(Grade.GENERAL_2, "the sheet declares personal data", "group")
    if SENSITIVE_CLASSES & set(sheet.personal_data.classes):
        yield Reason(Grade.GENERAL_4, "the sheet declares sensitive personal data", "group")
    if sheet.personal_data.minors:
        yield Reason(Grade.GENERAL_4, "the sheet declares children among the persons", "group")
    found = [finding for finding in profile.sensitive if finding.kind in PERSONAL_KINDS]
    for kind in sorted({finding.kind for finding in found}):
        certain = any(finding.certain for finding in found if finding.kind is kind)
        if kind in SENSITIVE_KINDS:
            yield Reason(Grade.GENERAL_4, f"{kind} was found", "group")
        elif certain:
            yield Reason(Grade.GENERAL_3, f"{kind} was found for certain", "group")
        else:
            yield Reason(Grade.GENERAL_2, f"{kind} may be there", "group")


def _scale(profile: Profile, sheet: SpecSheet) -> Iterator[Reason]:
    personal = [finding for finding in profile.sensitive if finding.kind in PERSONAL_KINDS]
    counted = [finding.subjects or 0 for finding in personal]
    persons = max([sheet.personal_data.subjects or 0, *counted])
    sensitive = SENSITIVE_CLASSES & set(sheet.personal_data.classes) or any(
        finding.kind in SENSITIVE_KINDS for finding in personal
    )
    limit = IMPORTANT_SENSITIVE_SUBJECTS if sensitive else IMPORTANT_SUBJECTS
    if persons >= limit:
        yield Reason(Grade.IMPORTANT, f"it is about {limit:,} persons or more", "scale")


def _secrets(profile: Profile, sheet: SpecSheet) -> Iterator[Reason]:
    for finding in profile.sensitive:
        if finding.kind is SensitiveKind.SECRECY_MARK:
            grade = Grade.CORE if finding.certain else Grade.IMPORTANT
            yield Reason(grade, "it bears a secrecy mark, or may", "domain")
    basic = sheet.basic
    if _GUARDED.search(" ".join((basic.sector, basic.industry, *basic.keywords))):
        yield Reason(Grade.IMPORTANT, "its sector or keywords name a guarded field", "domain")


def _survey(profile: Profile) -> Iterator[Reason]:
    if profile.space is None:
        return
    terrain = any(
        _TERRAIN.search(f"{column.name} {column.standard_name or ''}") for column in profile.columns
    )
    area = area_km2(profile)
    if terrain and area > SURVEY_KM2 and profile.rows >= SURVEY_POINTS_PER_KM2 * area:
        words = f"heights, depths or fields over more than {SURVEY_KM2} km², finer than 50 m"
        yield Reason(Grade.IMPORTANT, words, "precision")


def _lines(profile: Profile, sheet: SpecSheet) -> Iterator[Reason]:
    """Yield the course of cables and pipelines, which shows where to cut them."""
    basic = sheet.basic
    said = (basic.name, basic.name_en, *basic.keywords, *(each.name for each in profile.columns))
    if profile.space is None or not any(map(_LINES.search, said)):
        return
    box = profile.space
    for name, low, high in zip(
        box.columns, (box.west, box.south), (box.east, box.north), strict=True
    ):
        column = profile.column(name)
        if column is None or column.distinct < LINE_POINTS_MIN:
            continue
        step = (float(high) - float(low)) * _KM_PER_DEGREE * 1_000 / (column.distinct - 1)
        if step <= LINE_POSTING_MAX:
            yield Reason(Grade.IMPORTANT, "the course of cables or pipelines", "domain")
            return


def _tracks(profile: Profile) -> Iterator[Reason]:
    for track in profile.tracks:
        if track.bearer is Bearer.PERSON:
            yield Reason(Grade.GENERAL_4, "movements of persons", "group")
        elif track.step_seconds < TRACK_SECONDS:
            words = f"{_whose(track.bearer)} finer than {TRACK_SECONDS // 60} minutes"
            yield Reason(Grade.GENERAL_3, words, "precision")
        else:
            yield Reason(Grade.GENERAL_2, _whose(track.bearer), "precision")


def _whose(bearer: Bearer) -> str:
    return f"tracks of {'an' if bearer is Bearer.UNKNOWN else 'a'} {bearer}"


def area_km2(profile: Profile) -> float:
    """Return the area of the bounding box in km², 0 where there is none; on a sphere."""
    box = profile.space
    if box is None:
        return 0.0
    west, east, south, north = (float(edge) for edge in (box.west, box.east, box.south, box.north))
    middle = math.radians((south + north) / 2)
    width = abs(east - west) * _KM_PER_DEGREE * max(math.cos(middle), 0.0)
    return width * abs(north - south) * _KM_PER_DEGREE

"""Chapter Q: the quality measured, the expert's word beside it, and claims that must be true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from operator import itemgetter

from exchange.compliance.case import ListingCase
from exchange.compliance.catalogue.intake import NOT_INSPECTED
from exchange.compliance.catalogue.topics import marine
from exchange.compliance.rule import Answer, Method, Rule, Severity, clear, fired, unknown
from exchange.expectations import Aspect
from exchange.quality import Dimension, Part, QualityReport, QualityReview, distances
from exchange.quality.weak import FLOOR
from exchange.specsheet import Frequency

# Proposals: what falls below `FLOOR` or apart, an assessor must answer for.
SCORES_APART_MAX = Decimal("0.15")
EXPERTS_IF_APART = 2
_IN_TIME = Decimal(1)
_distance = itemgetter(1)
_OF_COLUMNS = "content.fields."
_APERIODIC = (Frequency.STATIC, Frequency.IRREGULAR)

_NOT_MEASURED = unknown("no quality report for this sheet and this data")


def _above(
    rule: str,
    case: ListingCase,
    dimension: Callable[[QualityReport], Dimension | None],
    floor: Decimal = FLOOR,
) -> Answer:
    if case.measured_quality is None:
        return _NOT_MEASURED
    measured = dimension(case.measured_quality)
    if measured is None:
        return case.signed(rule, unknown("nothing in the data could be measured for it"))
    short = _falls_short(measured, floor)
    if short is not None:
        return case.signed(rule, short)
    return clear(f"{measured.name} is {measured.ratio!s}")  # a fourth of what it costs without !s


def _falls_short(measured: Dimension, floor: Decimal) -> Answer | None:
    """Return why a dimension is not good enough, or why nobody can say; None where it is."""
    unasked, broken, uncounted = measured.sorted_parts()
    if uncounted:
        return unknown(f"{len(uncounted)} of what the sheet expects was not counted")
    if unasked and _below(unasked, floor):
        words = f"{measured.name} is {unasked.ratio}, below {floor}"
        return fired(words, f"quality.{measured.name}")
    if broken:
        told = [f"{part.ratio} where the sheet says {part.at_least}" for part in broken]
        return fired(f"{measured.name}: {'; '.join(told)}", f"quality.{measured.name}")
    if measured.weak:
        return unknown(f"nothing is expected of it that such data could break ({measured.weak})")
    return None


def _below(part: Part, floor: Decimal) -> bool:
    """Whether a part falls short of a floor; what is whole, as most are, falls short of none."""
    return part.numerator < part.denominator and part.numerator < floor * part.denominator


def normative(case: ListingCase) -> Answer:
    """Q-01: columns are described, with their unit and type."""
    return _above("Q-01", case, lambda report: report.normativity)


def complete(case: ListingCase) -> Answer:
    """Q-02: cells hold a value, of required and of all fields."""
    return _above("Q-02", case, lambda report: report.completeness)


def accurate(case: ListingCase) -> Answer:
    """Q-03: columns keep their range; where none could be broken, an assessor answers for it."""
    return _above("Q-03", case, lambda report: report.accuracy)


def consistent(case: ListingCase) -> Answer:
    """Q-04: what is said twice is said alike, in units, keys and repeated facts."""
    return _above("Q-04", case, lambda report: report.consistency)


def timely(case: ListingCase) -> Answer:
    """Q-05: the newest record is at most two update periods old; static data has no period."""
    aperiodic = case.sheet.physical.update_frequency in _APERIODIC
    measured = case.measured_quality
    if aperiodic and (measured is None or _asks_nothing(measured.timeliness)):
        return clear("no update period is declared")
    return _above("Q-05", case, lambda report: report.timeliness, _IN_TIME)


def _asks_nothing(timely: Dimension | None) -> bool:
    """Whether a dimension is not there, or of expectations alone that settle nothing."""
    return timely is None or (bool(timely.weak) and not timely.sorted_parts()[1])


def accessible(case: ListingCase) -> Answer:
    """Q-06: what was given could be read to its end."""
    if case.measured_quality is None:
        return _NOT_MEASURED
    measured = case.measured_quality.accessibility
    if measured.numerator < measured.denominator:
        return fired(f"{measured.name} is {measured.ratio}", "quality.accessibility")
    return clear()


def as_claimed(case: ListingCase) -> Answer:
    """Q-07: nothing declared differs from what was measured.

    Fields of the sheet are named, columns counted: no value and no column of the data is told.
    """
    if case.profile is None:
        return NOT_INSPECTED
    found = case.differences
    if not found:
        return clear()
    told = [each.field for each in found if not each.field.startswith(_OF_COLUMNS)]
    columns = len(found) - len(told)
    if columns:
        told.append(f"{columns} of the fields")
    return fired(f"declared and measured differ in {', '.join(told)}", "differences")


def repeats_nothing(case: ListingCase) -> Answer:
    """Q-08: the share of repeated rows is told."""
    if case.profile is None:
        return NOT_INSPECTED
    if case.profile.duplicate_rows:
        counts = f"{case.profile.duplicate_rows:,} of {case.profile.rows:,}"
        return fired(f"{counts} rows repeat another", "profile.duplicate_rows")
    return clear()


def ocean_tested(case: ListingCase) -> Answer:
    """Q-09: marine series carry the share of their flags, as QARTOD has them."""
    at_sea = marine(case)
    if not at_sea:
        return NOT_INSPECTED if at_sea is None else clear()
    if case.counted is None:
        return unknown("nothing that the sheet expects was counted")
    if any(each.flags is not None for each in case.counted.measurements):
        return clear()
    return fired("no QARTOD test is among what the sheet expects", "sheet.expectations")


def expert_reviewed(case: ListingCase) -> Answer:
    """Q-10: an admitted quality expert who is not the supplier reviewed this very data."""
    if case.profile is None:
        return NOT_INSPECTED
    if case.supplier is None:
        return unknown("the supplier is not known, so no expert is known to be independent")
    if not case.expert_reviews:
        return fired("no independent quality expert has reviewed this sheet and this data")
    return clear()


def scores_agree(case: ListingCase) -> Answer:
    """Q-11: where system and expert disagree, on the whole or a dimension, a second has looked.

    Two of one organisation are one.
    """
    report, reviews = case.measured_quality, case.expert_reviews
    if report is None:
        return _NOT_MEASURED
    if not reviews:
        return unknown("no expert's score to compare with")
    if len({case.reviewers[each.expert].organisation for each in reviews}) >= EXPERTS_IF_APART:
        return clear()
    aspect, apart = max(distances(report, reviews), key=_distance)
    if apart > SCORES_APART_MAX:
        where = "" if aspect is None else f" in {aspect}"
        words = f"system and expert are {apart} apart{where}, more than {SCORES_APART_MAX}"
        return case.signed("Q-11", fired(words))
    for aspect in _judged_otherwise(report, reviews):
        return case.signed("Q-11", fired(f"system and expert differ whether {aspect} passes"))
    return clear()


def _judged_otherwise(report: QualityReport, reviews: Iterable[QualityReview]) -> Iterator[Aspect]:
    """Yield the dimensions that one of both finds good enough to list, and the other does not."""
    for review in reviews:
        for aspect, score in review.dimensions.items():
            measured = report.of(aspect)
            if measured is None:
                continue
            floor = _IN_TIME if aspect is Aspect.TIMELINESS else FLOOR
            unasked, broken, _ = measured.sorted_parts()
            fails = bool(broken) or (unasked is not None and _below(unasked, floor))
            if fails is not (score < floor):
                yield aspect


RULES = (
    Rule(
        id="Q-01",
        statement="Normativity 规范性: type/format/domain/code-table conformance >= sheet value",
        basis={"CN": "GB/T 36344-2018", "EU": "ISO/IEC 25012/25024"},
        severity=Severity.ATTEST,
        check=normative,
        evidence="measured ratio",
        unlock="better data, or an attestation that names the rule",
    ),
    Rule(
        id="Q-02",
        statement="Completeness 完整性: non-null share of required fields >= "
        "sheet value; expected period coverage",
        basis={"CN": "GB/T 36344-2018", "EU": "ISO/IEC 25012"},
        severity=Severity.ATTEST,
        check=complete,
        evidence="measured ratio",
        unlock="better data, or an attestation that names the rule",
    ),
    Rule(
        id="Q-03",
        statement="Accuracy 准确性: range, checksum, duplicate, reference match",
        basis={"CN": "GB/T 36344-2018; PIPL 8", "EU": "GDPR 5(1)(d)"},
        severity=Severity.ATTEST,
        check=accurate,
        evidence="measured ratio",
        unlock="better data, or an attestation that names the rule",
    ),
    Rule(
        id="Q-04",
        statement="Consistency 一致性: cross-column rules, keys, units, repeated facts",
        basis={"CN": "GB/T 36344-2018", "EU": "ISO/IEC 25012"},
        severity=Severity.ATTEST,
        check=consistent,
        evidence="measured ratio",
        unlock="better data, or an attestation that names the rule",
    ),
    Rule(
        id="Q-05",
        statement="Timeliness 时效性: newest record age vs declared update "
        "frequency (<= 2 periods)",
        basis={"CN": "GB/T 36344-2018", "EU": "ISO/IEC 25012"},
        severity=Severity.ATTEST,
        check=timely,
        evidence="lag",
        unlock="better data, or an attestation that names the rule",
    ),
    Rule(
        id="Q-06",
        statement="Accessibility 可访问性: sample query/download succeeds within SLA",
        basis={"CN": "GB/T 36344-2018", "EU": "ISO/IEC 25012"},
        severity=Severity.ADVISE,
        check=accessible,
        evidence="probe",
        unlock="a file that can be read to its end",
    ),
    Rule(
        id="Q-07",
        statement="Claims equal measurement: rows, size, columns, period, bbox, "
        "completeness (exact / +-1%)",
        basis={"CN": "Shanghai Data Regs 52; Consumer/contract law", "EU": "Dir. 2019/770"},
        severity=Severity.BLOCK,
        check=as_claimed,
        evidence="diff table",
        unlock="a sheet that declares what was measured",
    ),
    Rule(
        id="Q-08",
        statement="Duplicate rows and keys share reported",
        basis={"CN": "GB/T 36344-2018 准确性", "EU": "ISO/IEC 25012"},
        severity=Severity.ADVISE,
        check=repeats_nothing,
        evidence="ratio",
        unlock="data without repeated rows",
    ),
    Rule(
        id="Q-09",
        statement="Ocean: QARTOD tests (gross range, spike, rate of change, flat "
        "line, location, gap) reported per variable",
        basis={"CN": "海洋观测预报管理条例 (quality duty); GB/T 14914 [memory]", "EU": "QARTOD"},
        severity=Severity.ADVISE,
        check=ocean_tested,
        evidence="flag histogram",
        unlock="expectations of QARTOD in the sheet",
    ),
    Rule(
        id="Q-10",
        statement="Expert review in parallel: >= 1 domain expert signs; sample "
        "rows drawn by ledger-seeded sampling",
        basis={"CN": "CAICT 2022 white paper, box 10: 系统检测和专家知识并行", "EU": "-"},
        severity=Severity.BLOCK,
        check=expert_reviewed,
        evidence="signed review",
        unlock="a review by an admitted quality expert who is not the supplier",
        method=Method.ATTEST,
    ),
    Rule(
        id="Q-11",
        statement="System and expert scores differ by > 0.15 or verdicts differ: second expert",
        basis={"CN": "CAICT 2022 white paper, box 10", "EU": "-"},
        severity=Severity.ATTEST,
        check=scores_agree,
        evidence="diff",
        unlock="a second expert's review, or an attestation that names the rule",
    ),
)

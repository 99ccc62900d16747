"""The product spec sheet (数据产品说明书), laid out as the Shanghai sheet.

A supplier declares a `SpecSheet`; what can be measured is measured by the inspection and
stands beside what was declared (`exchange.comparison`), so nothing measurable can be typed over.
The sheet's digest goes on the chain with the supplier's signature: that is the undertaking.

The meaning of the trade levels S1 to S4 is not public; they are an ordered label here.
"""

# long because: it is one sheet, a type a section

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final

from annotated_types import Ge, Gt, Le, Len
from pydantic import ConfigDict, Field

from exchange.expectations import Expectations
from exchange.grading import Degree, Grade, ImpactObject, grade_of, strictest
from exchange.profile import ColumnType
from exchange.records import STRICT, Amount, to_record
from ledger.canonical import encode
from ledger.places import all_within

Text = Annotated[str, Len(1, 2_000)]
Name = Annotated[str, Len(1, 200)]
Digest = Annotated[str, Len(64, 64)]
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
RECOGNISABLE: Final = "none"  # said of de-identification where persons can be told apart


def _unsaid(value: object) -> bool:
    return value is None or value in ("", ())


# A part that says nothing is left out of the record, so that a sheet signed before the part was
# thought of keeps its digest.
_LATER = Field(exclude_if=_unsaid)


class ProductType(enum.StrEnum):
    """What is delivered."""

    DATASET = "dataset"
    FORECAST = "forecast"
    API = "api"
    REPORT = "report"
    MODEL = "model"


class Frequency(enum.StrEnum):
    """How often the supplier renews the data."""

    STATIC = "static"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"


class TimeLimit(enum.StrEnum):
    """The four time limits of the Shanghai sheet."""

    NONE = "none"
    THIS_CALL = "this-call-only"
    TERM_THEN_ERASED = "term-then-erased"
    UNITS_THEN_ERASED = "units-then-erased"


class SourceCode(enum.StrEnum):
    """Where the data comes from: sources 01 to 04 of the Shanghai sheet, and derivation."""

    PRODUCED = "produced"
    PUBLIC = "public-collection"
    AUTHORISED = "authorised-operation"
    BOUGHT = "bought-on-exchange"
    DERIVED = "derived"


class Right(enum.StrEnum):
    """The three rights of the 2022 Data Twenty Articles; none implies another."""

    HOLDING = "holding"
    PROCESSING = "processing"
    OPERATING = "operating"


class PriceMode(enum.StrEnum):
    """How the product is sold: by an amount, for nothing, by agreement, or by its plan alone."""

    ONE_OFF = "one-off"
    FREE = "free"
    NEGOTIATED = "negotiated"
    PLAN = "plan"


class PersonalClass(enum.StrEnum):
    """Classes of personal data that a law singles out: PIPL 28, 法释〔2017〕10号 art. 5."""

    BIOMETRIC = "biometric"
    GENETIC = "genetic"
    RELIGION = "religion"
    SPECIFIC_IDENTITY = "specific-identity"
    HEALTH = "health"
    FINANCE = "finance"
    MOVEMENT = "movement"
    COMMUNICATION = "communication"
    CREDIT = "credit"
    PROPERTY = "property"
    LODGING = "lodging"
    TRANSACTION = "transaction"
    OTHER = "other"


class ExportRoute(enum.StrEnum):
    """By which route data may leave the jurisdiction (PIPL 38); none: it may not."""

    NONE = "none"
    EXEMPT = "exempt"
    STANDARD_CONTRACT = "standard-contract"
    CERTIFICATION = "certification"
    SECURITY_ASSESSMENT = "security-assessment"


class TradeLevel(enum.StrEnum):
    """Ordered labels of the Shanghai sheet, their meaning not public."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


@dataclass(frozen=True, slots=True)
class Basic:
    """Section 1, basic information (基本信息)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Name
    sector: Name
    industry: Name
    description: Text
    keywords: Annotated[tuple[Name, ...], Len(1, 20)]
    type: ProductType
    name_en: str = ""
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class Period:
    """First and last instant of the data in ISO 8601, as precise as the supplier cares to be."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    start: Annotated[str, Len(4, 40)]
    end: Annotated[str, Len(4, 40)]
    step_seconds: Annotated[int, Ge(0)] | None = None
    gaps: Annotated[int, Ge(0)] | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """A bounding box in decimal degrees, as precise as the supplier cares to be."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    west: Annotated[Decimal, Ge(-180), Le(360)]
    south: Annotated[Decimal, Ge(-90), Le(90)]
    east: Annotated[Decimal, Ge(-180), Le(360)]
    north: Annotated[Decimal, Ge(-90), Le(90)]
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class Physical:
    """Section 2, physical information (物理信息): what the supplier declares, None if nothing.

    Everything here but the frequency, the increments and the first collection is measured as
    well, and held against the measurement.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    update_frequency: Frequency
    rows: Annotated[int, Ge(0)] | None = None
    first_collected: dt.date | None = None
    increment_rows: Annotated[int, Ge(0)] | None = None
    increment_bytes: Annotated[Annotated[int, Ge(0)] | None, _LATER] = None
    bytes: Annotated[Annotated[int, Ge(0)] | None, _LATER] = None
    columns: Annotated[Annotated[int, Ge(1)] | None, _LATER] = None
    format: Annotated[str, _LATER] = ""
    encoding: Annotated[str, _LATER] = ""
    compression: Annotated[str, _LATER] = ""
    period: Annotated[Period | None, _LATER] = None
    extent: Annotated[Extent | None, _LATER] = None


@dataclass(frozen=True, slots=True)
class FieldNote:
    """What the supplier says of one output field; `valid_min` and `valid_max` are inclusive."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Name
    meaning: Text
    unit: str = ""
    required: bool = False
    personal: bool = False
    valid_min: Decimal | None = None
    valid_max: Decimal | None = None
    type: Annotated[ColumnType | None, _LATER] = None
    key: Annotated[bool | None, _LATER] = None
    standard_name: Annotated[str, _LATER] = ""
    fill_value: Annotated[str, _LATER] = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Section 3, content (内容说明)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    fields: Annotated[tuple[FieldNote, ...], Len(1, 2_000)]
    horizontal_datum: str = ""
    vertical_datum: str = ""
    flag_scheme: Annotated[str, _LATER] = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Section 4, conditions of use (使用条件)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    purposes: Annotated[tuple[Name, ...], Len(1, 50)]
    regions: Annotated[tuple[Name, ...], Len(1, 250)]
    time_limit: TimeLimit
    term_days: Annotated[int, Gt(0)] | None = None
    units: Annotated[int, Gt(0)] | None = None
    qualifications: str = ""
    transfer: bool = False
    public_release: bool = False
    prohibited: tuple[Name, ...] = ()

    def wider_than(self, other: Conditions) -> tuple[str, ...]:
        """Name the fields in which these conditions allow a use that the others do not.

        Of purposes the registration is held to its ancestors already, and a use of what is derived
        is no use of what it was derived from, so that units are not compared.
        """
        unlimited, theirs = self.term_days is None, other.term_days
        wider = {
            "regions": not all_within(self.regions, other.regions),
            "time_limit": self.time_limit is TimeLimit.NONE
            and other.time_limit is not TimeLimit.NONE,
            "term_days": theirs is not None and (unlimited or (self.term_days or 0) > theirs),
            "transfer": self.transfer and not other.transfer,
            "public_release": self.public_release and not other.public_release,
        }
        return tuple(name for name, beyond in wider.items() if beyond)


@dataclass(frozen=True, slots=True)
class Service:
    """What the supplier promises of its service; `availability` is a share of the time."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    support: Name
    availability: Annotated[Decimal, Ge(0), Le(1)] | None = None
    response_seconds: Annotated[int, Gt(0)] | None = None
    retained_days: Annotated[int, Gt(0)] | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Section 6, delivery (使用说明)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    trade_level: TradeLevel
    ways: Annotated[tuple[Name, ...], Len(1, 10)]
    technical_document: str = ""
    service: Annotated[Service | None, _LATER] = None


@dataclass(frozen=True, slots=True)
class Source:
    """Section 7, one source with its proof (来源描述): `evidence` is a SHA-256, empty if none."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    code: SourceCode
    statement: Text
    evidence: str = ""
    licence: Annotated[str, _LATER] = ""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What the supplier says about persons in the data; digests are of evidence documents.

    `subjects` is how many persons the data is about, `minors` whether a child is among them.
    `deidentification` names the method where the supplier claims that nobody can be told apart, and
    is `none` where they can be.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    contained: bool
    legal_basis: str = ""
    consent_evidence: str = ""
    impact_assessment: str = ""
    classes: Annotated[tuple[PersonalClass, ...], _LATER] = ()
    subjects: Annotated[Annotated[int, Ge(0)] | None, _LATER] = None
    minors: Annotated[bool | None, _LATER] = None
    guardian_consent: Annotated[str, _LATER] = ""
    retention_days: Annotated[Annotated[int, Gt(0)] | None, _LATER] = None
    rights_channel: Annotated[str, _LATER] = ""
    deidentification: Annotated[str, _LATER] = ""

    @property
    def claims_anonymity(self) -> bool:
        """Whether nobody is said to be told apart, which is measured then (rule I-08)."""
        return self.deidentification not in {"", RECOGNISABLE}


@dataclass(frozen=True, slots=True)
class Duties:
    """Who answers for the product, and what binds its buyer.

    `security_terms` and `supervision` go into every contract: what the buyer must do to keep the
    data safe, and how the supplier sees to it (NDSMR 12).  `critical_operator` says that the
    supplier runs critical information infrastructure.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    security_officer: Name
    security_contact: Name
    complaints: Name
    export: ExportRoute = ExportRoute.NONE
    critical_operator: bool = False
    free_trade_zone: str = ""
    security_terms: str = ""
    supervision: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A free trial with a cap: so many units of what, for example 1,000 rows."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    units: Annotated[int, Gt(0)]
    of: Name


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """A tariff plan as `pricing.plan` writes it down: the tariff's name and its parameters."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    tariff: Name
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    """Section 10, price (产品价格).

    `amount` is the list price of one licence for the full term; a shorter term costs its part
    of it, at least `term_floor` (1, no discount, where nothing is said).  `expected_buyers`
    puts the appraisal of the whole beside the price of one licence.  `plan` is how the product
    is sold period by period or by use, beside the licence or in its place.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    mode: PriceMode
    amount: Amount | None = None
    strategy: str = "list-price"
    expected_buyers: Annotated[int, Ge(1)] | None = None
    term_floor: Annotated[Decimal, Ge(0), Le(1)] | None = None
    trial: Annotated[Trial | None, _LATER] = None
    plan: Annotated[WrittenPlan | None, _LATER] = None


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of what the product cost its supplier, by life-cycle activity."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    activity: Name
    amount: Amount


@dataclass(frozen=True, slots=True)
class Contributor:
    """Who shares in the proceeds.

    `participant` is a participant id.  `share` is a whole-number weight for a fixed split;
    `value` is the cell value of `Sharing.column` that marks this contributor's rows.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    participant: Name
    share: Annotated[int, Ge(0)] = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sharing:
    """How proceeds are divided: by an allocator of `pricing.allocators` over contributors."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    allocator: Name
    contributors: Annotated[tuple[Contributor, ...], Len(1, 30)]
    column: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom harm to the data would harm, how much, and why the supplier thinks so."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    harmed: ImpactObject
    degree: Degree
    reason: Text

    @property
    def grade(self) -> Grade:
        """The grade that it comes to (`exchange.grading.TABLE`)."""
        return grade_of(self.harmed, self.degree)


@dataclass(frozen=True, slots=True)
class ColumnGrade:
    """The grade of one field."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Name
    grade: Grade


@dataclass(frozen=True, slots=True)
class Grading:
    """How the supplier came to its grade: by impacts, and by fields where they differ."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    impacts: Annotated[tuple[Impact, ...], Len(1, 24)]
    columns: Annotated[tuple[ColumnGrade, ...], Len(0, 2_000)] = ()

    @property
    def grade(self) -> Grade:
        """The strictest that any impact or field comes to (就高从严)."""
        grades = [impact.grade for impact in self.impacts]
        return strictest([*grades, *(column.grade for column in self.columns)])


@dataclass(frozen=True, slots=True)
class SpecSheet:
    """The declared part of a spec sheet; frozen, and identified by `digest`."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    basic: Basic
    physical: Physical
    content: Content
    conditions: Conditions
    delivery: Delivery
    sources: Annotated[tuple[Source, ...], Len(1, 20)]
    rights: Annotated[tuple[Right, ...], Len(1, 3)]
    licence: Name
    grade: Grade
    personal_data: PersonalData
    price: Price
    contact: Name
    use_cases: tuple[Text, ...] = ()
    costs: tuple[Cost, ...] = ()
    sharing: Sharing | None = None
    approvals: dict[str, str] = field(default_factory=dict)
    quality: Annotated[Expectations, _LATER] = ()
    duties: Annotated[Duties | None, _LATER] = None
    grading: Annotated[Grading | None, _LATER] = None

    @property
    def documents(self) -> dict[str, str]:
        """The digests of the documents that the sheet names, by field."""
        personal = self.personal_data
        named = {f"sources.{n}.evidence": source.evidence for n, source in enumerate(self.sources)}
        named["personal_data.consent_evidence"] = personal.consent_evidence
        named["personal_data.impact_assessment"] = personal.impact_assessment
        named["personal_data.guardian_consent"] = personal.guardian_consent
        named |= {f"approvals.{name}": value for name, value in self.approvals.items()}
        return {field: digest for field, digest in named.items() if _DIGEST.fullmatch(digest)}

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of the sheet's canonical JSON (RFC 8785)."""
        return hashlib.sha256(encode(to_record(self))).hexdigest()

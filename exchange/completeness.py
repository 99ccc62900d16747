"""How complete a spec sheet is: of 45 fields which apply, which are filled, what would fill them.

Mandatory fields always apply; conditional ones where the data or the sheet says so; optional ones
never count.  A field that the system fills cannot be typed in: the inspection, the registration or
the gate fills it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final

from exchange.documents import DocumentKind
from exchange.dossier import Dossier
from exchange.grading import Grade
from exchange.profile import ColumnType
from exchange.registration import RegistrationState
from exchange.specsheet import Frequency, PriceMode, SourceCode

DESCRIPTION_MIN: Final = 10  # characters that say more than the name
_NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})
_LICENSED: Final = frozenset({SourceCode.PUBLIC, SourceCode.BOUGHT})


class Wanted(enum.StrEnum):
    """Whether a field must be there before a listing."""

    MANDATORY = "mandatory"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"


class Filler(enum.StrEnum):
    """Who fills a field: the supplier, the system by itself, or a reviewer."""

    SUPPLIER = "supplier"
    SYSTEM = "system"
    SUPPLIER_AND_SYSTEM = "supplier-and-system"
    REVIEWER = "reviewer"
    SUPPLIER_AND_REVIEWER = "supplier-and-reviewer"


class Standing(enum.StrEnum):
    """What became of a field."""

    FILLED = "filled"
    MISSING = "missing"
    NOT_APPLICABLE = "not-applicable"


Question = Callable[[Dossier], object]


@dataclass(frozen=True, slots=True)
class SheetField:
    """One of the 45 fields; `how` says what fills it, `where` which section shows it."""

    code: str
    where: int
    zh: str
    en: str
    wanted: Wanted
    filler: Filler
    how: str
    filled: Question
    applies: Question = bool


@dataclass(frozen=True, slots=True)
class Filling:
    """A field as it stands in one sheet; `how` is empty once it is filled."""

    code: str
    section: int
    zh: str
    en: str
    wanted: Wanted
    filler: Filler
    standing: Standing
    how: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """All 45 fields of one sheet; `percent` is over the mandatory ones that apply."""

    fields: tuple[Filling, ...]

    @property
    def counted(self) -> tuple[Filling, ...]:
        """The fields that count: mandatory, and conditional where they apply."""
        return tuple(
            each
            for each in self.fields
            if each.wanted is not Wanted.OPTIONAL and each.standing is not Standing.NOT_APPLICABLE
        )

    @property
    def missing(self) -> tuple[Filling, ...]:
        """The fields that count and are not filled."""
        return tuple(each for each in self.counted if each.standing is Standing.MISSING)

    @property
    def percent(self) -> Decimal:
        """Rounded down to one place, so that 100 says that nothing is missing."""
        filled = len(self.counted) - len(self.missing)
        share = Decimal(100 * filled) / Decimal(len(self.counted))
        return share.quantize(Decimal("0.1"), ROUND_DOWN)


def completeness(dossier: Dossier) -> Completeness:
    """Say of each of the 45 fields whether it is filled, missing or does not apply."""
    return Completeness(tuple(_filling(each, dossier) for each in FIELDS))


def _filling(field: SheetField, dossier: Dossier) -> Filling:
    if not field.applies(dossier):
        standing = Standing.NOT_APPLICABLE
    else:
        standing = Standing.FILLED if field.filled(dossier) else Standing.MISSING
    how = field.how if standing is Standing.MISSING else ""
    head = (field.code, field.where, field.zh, field.en)
    return Filling(*head, field.wanted, field.filler, standing, how)


# Questions that take more than a line.


def _described(dossier: Dossier) -> bool:
    notes = {note.name for note in dossier.sheet.content.fields}
    return all(column.name in notes for column in dossier.profile.columns)


def _renewal(dossier: Dossier) -> bool:
    physical = dossier.sheet.physical
    grows = physical.update_frequency is not Frequency.STATIC
    increment = physical.increment_rows is not None or physical.increment_bytes is not None
    return physical.first_collected is not None and (increment or not grows)


def _lacks_numbers(dossier: Dossier) -> bool:
    return any(c.missing for c in dossier.profile.columns if c.type in _NUMBERS)


def _says_what_is_missing(dossier: Dossier) -> bool:
    content = dossier.sheet.content
    stated = any(note.fill_value for note in content.fields)
    measured = any(column.fill_value for column in dossier.profile.columns)
    return bool(stated or measured or content.flag_scheme)


def _proved(dossier: Dossier) -> bool:
    return all(source.evidence for source in dossier.sheet.sources)


def _licensed(dossier: Dossier) -> bool:
    foreign = (s for s in dossier.sheet.sources if s.code in _LICENSED)
    return bool(dossier.sheet.licence) and all(source.licence for source in foreign)


def _derived(dossier: Dossier) -> bool:
    return any(source.code is SourceCode.DERIVED for source in dossier.sheet.sources)


def _personal(dossier: Dossier) -> bool:
    return dossier.sheet.personal_data.contained


def _persons_told(dossier: Dossier) -> bool:
    said = dossier.sheet.personal_data
    measured = any(found.subjects for found in dossier.profile.sensitive)
    counted = said.subjects is not None or measured
    return not said.contained or bool(said.classes and counted and said.minors is not None)


def _deidentified(dossier: Dossier) -> bool:
    return bool(dossier.sheet.personal_data.deidentification or dossier.profile.anonymity)


def _lawful(dossier: Dossier) -> bool:
    said = dossier.sheet.personal_data
    return bool(said.legal_basis and said.consent_evidence and said.impact_assessment)


def _approvable(dossier: Dossier) -> bool:
    graded = dossier.sheet.grade in {Grade.IMPORTANT, Grade.CORE}
    return graded or bool(dossier.sheet.approvals)


def _priced(dossier: Dossier) -> bool:
    price = dossier.sheet.price
    if price.mode is PriceMode.PLAN:
        return price.plan is not None
    return price.amount is not None or price.mode in {PriceMode.FREE, PriceMode.NEGOTIATED}


def _scoped(dossier: Dossier) -> bool:
    conditions = dossier.sheet.conditions
    return bool(conditions.purposes and conditions.regions)


def _documented(dossier: Dossier) -> bool:
    given = dossier.standing(DocumentKind.TECHNICAL_DOCUMENT)
    return bool(dossier.sheet.delivery.technical_document or given)


def _answerable(dossier: Dossier) -> bool:
    return bool(dossier.sheet.contact and dossier.sheet.duties)


_M, _C, _O = Wanted.MANDATORY, Wanted.CONDITIONAL, Wanted.OPTIONAL
_S, _A, _R = Filler.SUPPLIER, Filler.SYSTEM, Filler.REVIEWER
_SA, _SR = Filler.SUPPLIER_AND_SYSTEM, Filler.SUPPLIER_AND_REVIEWER

# The unified sheet: the Shanghai layout and what the gate, the clearing and other catalogues need.
# `where` 0 is the header.
FIELDS: Final[tuple[SheetField, ...]] = (
    SheetField("H1", 0, "产品编码", "Product code", _M, _A, "registration", lambda d: d.number),
    SheetField(
        *("H2", 0, "版本与摘要", "Version and digests", _M, _A),
        "inspection and a signed sheet: sheet, data, schema and rule pack by digest",
        lambda d: d.version.digest and d.data and d.schema_digest and d.pack,
    ),
    SheetField("H3", 0, "状态", "Status", _M, _A, "registration", lambda d: d.listing),
    SheetField("B1", 1, "产品名称", "Name", _M, _S, "basic.name", lambda d: d.sheet.basic.name),
    SheetField(
        *("B2", 1, "产品描述", "Description", _M, _S),
        f"basic.description, {DESCRIPTION_MIN} characters or more",
        lambda d: len(d.sheet.basic.description) >= DESCRIPTION_MIN,
    ),
    SheetField(
        *("B3", 1, "供方", "Supplier", _M, _SA),
        "a supplier in the register with its unified social credit code",
        lambda d: d.supplier_identified,
    ),
    SheetField(
        *("B4", 1, "板块与行业", "Sector and industry", _M, _S),
        "basic.sector and basic.industry",
        lambda d: d.sheet.basic.sector and d.sheet.basic.industry,
    ),
    SheetField(
        *("B5", 1, "关键词", "Keywords", _M, _S, "basic.keywords"),
        lambda d: d.sheet.basic.keywords,
    ),
    SheetField("B6", 1, "产品类型", "Type", _M, _S, "basic.type", lambda d: d.sheet.basic.type),
    SheetField(
        *("B7", 1, "语言", "Language", _O, _S, "basic.language"),
        lambda d: d.sheet.basic.language,
    ),
    SheetField(
        *("D1", 2, "格式、编码与压缩", "Format, encoding and compression", _M, _A, "inspection"),
        lambda d: d.profile.media_type,
    ),
    SheetField(
        *("D2", 2, "大小、行数与列数", "Size, rows and columns", _M, _A, "inspection"),
        lambda d: d.profile.bytes and d.profile.columns,
    ),
    SheetField(
        *("D3", 3, "字段", "Schema", _M, _SA),
        "a note in content.fields for every column found",
        _described,
    ),
    SheetField(
        *("D4", 2, "更新频率与增量", "Update frequency and increment", _M, _SA),
        "physical.first_collected, and increment_rows or increment_bytes unless static",
        _renewal,
    ),
    SheetField(
        *("D5", 2, "时间范围", "Period", _C, _A, "inspection"),
        lambda d: d.profile.time,
        lambda d: d.profile.time or any(c.type is ColumnType.TIMESTAMP for c in d.profile.columns),
    ),
    SheetField(
        *("D6", 2, "空间范围与基准", "Extent and datum", _C, _SA, "content.horizontal_datum"),
        lambda d: d.profile.space and d.sheet.content.horizontal_datum,
        lambda d: d.profile.space,
    ),
    SheetField(
        *("D7", 3, "测试样例", "Sample", _M, _A),
        "rows that the exchange draws and masks when the sheet is signed: sign it again",
        lambda d: d.sample,
    ),
    SheetField(
        *("D8", 3, "缺测值与质量标志", "Fill values and quality flags", _C, _SA),
        "content.fields.fill_value or content.flag_scheme",
        _says_what_is_missing,
        _lacks_numbers,
    ),
    SheetField(
        *("L1", 7, "来源", "Source", _M, _S, "sources"),
        lambda d: d.sheet.sources,
    ),
    SheetField(
        *("L2", 7, "来源证明", "Proof of source", _M, _SR, "sources.evidence of every source"),
        _proved,
    ),
    SheetField(
        *("L3", 7, "权利与登记", "Rights and registration", _M, _SA),
        "rights, and a registration that is confirmed after the public notice",
        lambda d: d.sheet.rights and d.registration is RegistrationState.CONFIRMED,
    ),
    SheetField(
        *("L4", 7, "许可", "Licence", _M, _SA),
        "licence, and sources.licence of what was collected or bought",
        _licensed,
    ),
    SheetField(
        *("L5", 7, "上游产品", "Parents", _C, _A, "registration with parents"),
        lambda d: d.parents,
        _derived,
    ),
    SheetField("C1", 1, "分级", "Grade", _M, _SA, "grade", lambda d: d.sheet.grade),
    SheetField(
        *("C2", 3, "个人信息", "Personal data", _M, _SA),
        "personal_data: classes, subjects and minors where it is contained",
        _persons_told,
    ),
    SheetField(
        *("C3", 3, "去标识化", "De-identification", _C, _SA, "personal_data.deidentification"),
        _deidentified,
        _personal,
    ),
    SheetField(
        *("C4", 7, "合法性基础", "Legal basis", _C, _SR),
        "personal_data.legal_basis, consent_evidence and impact_assessment",
        _lawful,
        _personal,
    ),
    SheetField(
        *("C5", 4, "跨境", "Cross-border", _M, _SA, "duties.export"),
        lambda d: d.sheet.duties,
    ),
    SheetField(
        *("C6", 7, "行业审批", "Sector approvals", _C, _SR, "approvals"),
        lambda d: d.sheet.approvals,
        _approvable,
    ),
    SheetField(
        *("C7", 8, "合规评估", "Compliance assessment", _M, _R),
        "a compliance-assessment, attached by the assessor and verified",
        lambda d: d.standing(DocumentKind.COMPLIANCE_ASSESSMENT),
    ),
    SheetField(
        *("C8", 8, "法律承诺书", "Legal undertaking", _M, _S),
        "a legal-undertaking, given by the supplier and verified",
        lambda d: d.standing(DocumentKind.LEGAL_UNDERTAKING),
    ),
    SheetField(
        *("Q1", 8, "质量得分", "Quality scores", _M, _A, "inspection"),
        lambda d: d.profile.columns,  # measured, though shown only beside an expert's score
    ),
    SheetField(
        *("Q2", 3, "逐列统计", "Profile per column", _M, _A, "inspection"),
        lambda d: d.profile.columns,
    ),
    SheetField(
        *("Q3", 8, "领域质控", "Domain quality control", _C, _A),
        "quality: an expectation on the flag column",
        lambda d: d.sheet.quality,
        lambda d: d.sheet.content.flag_scheme,
    ),
    SheetField(
        *("Q4", 8, "专家评审", "Expert review", _M, _R, "a review of this version by an expert"),
        lambda d: d.expert_scores,
    ),
    SheetField(
        *("Q5", 8, "系统与专家之差", "System and expert", _M, _A),
        "a review of this version by an expert, beside the measured score",
        lambda d: d.expert_scores and d.quality,
    ),
    SheetField(
        *("U1", 4, "使用条件", "Conditions of use", _M, _S),
        "conditions.purposes, regions and time_limit",
        _scoped,
    ),
    SheetField(
        *("U2", 4, "禁止用途与转让", "Prohibited uses and transfer", _M, _S),
        "conditions.prohibited",
        lambda d: d.sheet.conditions.prohibited,
    ),
    SheetField(
        *("U3", 5, "使用案例", "Use cases", _M, _S, "use_cases"),
        lambda d: d.sheet.use_cases,
    ),
    SheetField(
        *("U4", 6, "交付与技术文档", "Delivery and technical document", _M, _SA),
        "delivery.technical_document, or a technical-document that is verified",
        _documented,
    ),
    SheetField(
        *("U5", 6, "服务水平", "Service level", _M, _S, "delivery.service"),
        lambda d: d.sheet.delivery.service,
    ),
    SheetField(
        "P1", 10, "价格", "Price", _M, _S, "price.amount or price.plan, unless negotiated", _priced
    ),
    SheetField(
        *("P2", 8, "资产评估", "Asset valuation", _O, _R),
        "an asset-valuation, attached by a valuer and verified; the sheet is issued only with one",
        lambda d: d.standing(DocumentKind.ASSET_VALUATION),
    ),
    SheetField(
        *("X1", 6, "联系与投诉", "Contact and complaints", _M, _S),
        "contact, and duties.complaints",
        _answerable,
    ),
    SheetField(
        *("X2", 0, "挂牌日期", "Dates", _M, _A, "listing"),
        lambda d: d.listed_at,
    ),
)

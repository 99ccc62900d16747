"""How complete a spec sheet is: of 45 fields which apply, which are filled, what would fill them.

Mandatory fields always apply; conditional ones where the data or the sheet says so; optional ones
never count.  A field that the system fills cannot be typed in: the inspection, the registration or
the gate fills it.

The gate and the page of a sheet count with this table and no other.  By when a field must stand is
`due`, since a listing cannot wait for what only the listing brings about.
"""

# long because: it is one table of 45 fields, each beside the question that decides it

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from types import MappingProxyType
from typing import Final, NamedTuple, Never

from exchange.documents import DocumentKind
from exchange.grading import Grade
from exchange.profile import ColumnType, Profile
from exchange.specsheet import Frequency, PriceMode, SourceCode, SpecSheet

DESCRIPTION_MIN: Final = 10  # characters that say more than the name
# Tuples, since a member of an enumeration is found in one by identity and hashed in Python.
_NUMBERS: Final = (ColumnType.INTEGER, ColumnType.DECIMAL)
_LICENSED: Final = (SourceCode.PUBLIC, SourceCode.BOUGHT)
_APPROVED: Final = (Grade.IMPORTANT, Grade.CORE)
_WITHOUT_AMOUNT: Final = (PriceMode.FREE, PriceMode.NEGOTIATED)


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


class Due(enum.StrEnum):
    """By when a field that counts is to be filled."""

    REGISTRATION = "registration"  # which fills it by itself: without it there is no product
    LISTING = "listing"  # by what is signed and measured before: the gate asks for it
    ISSUE = "issue"  # by what others sign, and by the listing itself


class Unseen(AttributeError):
    """A field asks for what nobody has looked at, so that it is neither filled nor missing.

    To Python it is an attribute that is not there, which it may ask of any object.
    """


class Blank:
    """Stands for what nobody has looked at: whatever is asked of it raises `Unseen`."""

    def __init__(self, words: str) -> None:
        self._words = words

    def __getattr__(self, name: str) -> Never:
        raise Unseen(self._words)

    def __bool__(self) -> Never:
        raise Unseen(self._words)


@dataclass(slots=True, kw_only=True)  # not frozen: a gate makes one for each case, in half the time
class Known:
    """What the fields are asked of: a sheet, and what the exchange knows beside it.

    A `Blank` stands for a profile, a sample or parents that nobody has looked at, and for a
    supplier who is not known.  `digests` are those of the sheet, the data, its schema and the rule
    pack.  `documents` are the kinds of which a verified one stands, `void` are the digests of those
    attached that count no more, `confirmed` says whether the registration is.
    """

    sheet: SpecSheet
    profile: Profile
    digests: tuple[str, ...]
    supplier_identified: bool | Blank
    sample: bool | Blank
    parents: bool | Blank
    documents: frozenset[DocumentKind]
    void: frozenset[str] = frozenset()
    number: str = ""
    confirmed: bool = False
    on_board: bool = False
    scored: bool = False
    compared: bool = False


Question = Callable[[Known], object]


@dataclass(frozen=True, slots=True)
class SheetField:
    """One of the 45 fields; `how` says what fills it, `where` which section shows it.

    `told_as` is the document or act by which a sheet that lacks the field says so, if that is not
    by the field.
    """

    code: str
    where: int
    zh: str
    en: str
    wanted: Wanted
    filler: Filler
    how: str
    filled: Question
    applies: Question = bool
    due: Due = Due.LISTING
    told_as: str = ""


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


class Asked(NamedTuple):
    """What the gate learns of a sheet: the fields that are missing, and why others are not known.

    `asked` is how many apply; nobody knows where something is not known, and it is 0.
    """

    asked: int
    missing: tuple[Filling, ...]
    unseen: tuple[str, ...]


def completeness(known: Known) -> Completeness:
    """Say of each of the 45 fields whether it is filled, missing or does not apply.

    Raises `Unseen` where something of that is not known.
    """
    return Completeness(tuple(_filling(each, known) for each in FIELDS))


def asked_before_listing(known: Known) -> Asked:
    """Say which of the fields that count are missing and due before a listing."""
    try:  # nearly every case knows all, so its fields are asked together
        return _asked(BEFORE_LISTING, known)
    except Unseen:
        missing, unseen = list[Filling](), list[str]()
    for each in BEFORE_LISTING:
        try:
            missing += _asked((each,), known).missing
        except Unseen as error:
            unseen.append(str(error))
    return Asked(0, tuple(missing), tuple(dict.fromkeys(unseen)))


def _asked(questions: Iterable[tuple[Question, Question, SheetField]], known: Known) -> Asked:
    asked, missing = 0, []
    for applies, filled, field in questions:
        if applies is bool or applies(known):
            asked += 1
            if not filled(known):
                missing.append(_told(field, Standing.MISSING))
    return Asked(asked, tuple(missing), ())


def _filling(field: SheetField, known: Known) -> Filling:
    if not field.applies(known):
        standing = Standing.NOT_APPLICABLE
    else:
        standing = Standing.FILLED if field.filled(known) else Standing.MISSING
    return _told(field, standing)


def _told(field: SheetField, standing: Standing) -> Filling:
    how = field.how if standing is Standing.MISSING else ""
    head = (field.code, field.where, field.zh, field.en)
    return Filling(*head, field.wanted, field.filler, standing, how)


# Questions that take more than a line.


def _described(known: Known) -> bool:
    notes = {note.name for note in known.sheet.content.fields}
    return not [column for column in known.profile.columns if column.name not in notes]


def _renewal(known: Known) -> bool:
    physical = known.sheet.physical
    grows = physical.update_frequency is not Frequency.STATIC
    increment = physical.increment_rows is not None or physical.increment_bytes is not None
    return physical.first_collected is not None and (increment or not grows)


def _lacks_numbers(known: Known) -> bool:
    return bool([c for c in known.profile.columns if c.missing and c.type in _NUMBERS])


def _says_what_is_missing(known: Known) -> bool:
    content = known.sheet.content
    return bool(
        content.flag_scheme
        or [note for note in content.fields if note.fill_value]
        or [column for column in known.profile.columns if column.fill_value]
    )


def _proved(known: Known) -> bool:
    return not [source for source in known.sheet.sources if not source.evidence]


def _licensed(known: Known) -> bool:
    sources = known.sheet.sources
    unlicensed = [each for each in sources if each.code in _LICENSED and not each.licence]
    return bool(known.sheet.licence) and not unlicensed


def _derived(known: Known) -> bool:
    return bool([each for each in known.sheet.sources if each.code is SourceCode.DERIVED])


def _personal(known: Known) -> bool:
    return known.sheet.personal_data.contained


def _persons_told(known: Known) -> bool:
    said = known.sheet.personal_data
    if not said.contained:
        return True
    measured = any(found.subjects for found in known.profile.sensitive)
    counted = said.subjects is not None or measured
    return bool(said.classes) and counted and said.minors is not None


def _deidentified(known: Known) -> bool:
    return bool(known.sheet.personal_data.deidentification or known.profile.anonymity)


def _lawful(known: Known) -> bool:
    said = known.sheet.personal_data
    return bool(said.legal_basis and said.consent_evidence and said.impact_assessment)


def _approvable(known: Known) -> bool:
    graded = known.sheet.grade in _APPROVED
    return graded or bool(known.sheet.approvals)


def _priced(known: Known) -> bool:
    price = known.sheet.price
    if price.mode is PriceMode.PLAN:
        return price.plan is not None
    return price.amount is not None or price.mode in _WITHOUT_AMOUNT


def _scoped(known: Known) -> bool:
    conditions = known.sheet.conditions
    return bool(conditions.purposes and conditions.regions)


def _documented(known: Known) -> bool:
    named = known.sheet.delivery.technical_document
    given = DocumentKind.TECHNICAL_DOCUMENT in known.documents
    return bool(named and named not in known.void) or given


def _answerable(known: Known) -> bool:
    return bool(known.sheet.contact and known.sheet.duties)


_M, _C, _O = Wanted.MANDATORY, Wanted.CONDITIONAL, Wanted.OPTIONAL
_S, _A, _R = Filler.SUPPLIER, Filler.SYSTEM, Filler.REVIEWER
_SA, _SR = Filler.SUPPLIER_AND_SYSTEM, Filler.SUPPLIER_AND_REVIEWER

# The unified sheet: the Shanghai layout and what the gate, the clearing and other catalogues need.
# `where` 0 is the header.
FIELDS: Final[tuple[SheetField, ...]] = (
    SheetField(
        *("H1", 0, "产品编码", "Product code", _M, _A, "registration"),
        lambda k: k.number,
        due=Due.REGISTRATION,
    ),
    SheetField(
        *("H2", 0, "版本与摘要", "Version and digests", _M, _A),
        "inspection and a signed sheet: sheet, data, schema and rule pack by digest",
        lambda k: k.profile.data and all(k.digests),
    ),
    SheetField(
        *("H3", 0, "状态", "Status", _M, _A, "registration"),
        lambda k: k.number,  # each that is registered has one
        due=Due.REGISTRATION,
    ),
    SheetField("B1", 1, "产品名称", "Name", _M, _S, "basic.name", lambda k: k.sheet.basic.name),
    SheetField(
        *("B2", 1, "产品描述", "Description", _M, _S),
        f"basic.description, {DESCRIPTION_MIN} characters or more",
        lambda k: len(k.sheet.basic.description) >= DESCRIPTION_MIN,
    ),
    SheetField(
        *("B3", 1, "供方", "Supplier", _M, _SA),
        "a supplier in the register with its unified social credit code or its LEI",
        lambda k: k.supplier_identified,
    ),
    SheetField(
        *("B4", 1, "板块与行业", "Sector and industry", _M, _S),
        "basic.sector and basic.industry",
        lambda k: k.sheet.basic.sector and k.sheet.basic.industry,
    ),
    SheetField(
        *("B5", 1, "关键词", "Keywords", _M, _S, "basic.keywords"),
        lambda k: k.sheet.basic.keywords,
    ),
    SheetField("B6", 1, "产品类型", "Type", _M, _S, "basic.type", lambda k: k.sheet.basic.type),
    SheetField(
        *("B7", 1, "语言", "Language", _O, _S, "basic.language"),
        lambda k: k.sheet.basic.language,
    ),
    SheetField(
        *("D1", 2, "格式、编码与压缩", "Format, encoding and compression", _M, _A, "inspection"),
        lambda k: k.profile.media_type,
    ),
    SheetField(
        *("D2", 2, "大小、行数与列数", "Size, rows and columns", _M, _A, "inspection"),
        lambda k: k.profile.bytes and k.profile.columns,
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
        lambda k: k.profile.time,
        lambda k: k.profile.time or any(c.type is ColumnType.TIMESTAMP for c in k.profile.columns),
    ),
    SheetField(
        *("D6", 2, "空间范围与基准", "Extent and datum", _C, _SA, "content.horizontal_datum"),
        lambda k: k.profile.space and k.sheet.content.horizontal_datum,
        lambda k: k.profile.space,
    ),
    SheetField(
        *("D7", 3, "测试样例", "Sample", _M, _A),
        "rows that the exchange draws and masks when the sheet is signed: sign it again",
        lambda k: k.sample,
    ),
    SheetField(
        *("D8", 3, "缺测值与质量标志", "Fill values and quality flags", _C, _SA),
        "content.fields.fill_value or content.flag_scheme",
        _says_what_is_missing,
        _lacks_numbers,
    ),
    SheetField(
        *("L1", 7, "来源", "Source", _M, _S, "sources"),
        lambda k: k.sheet.sources,
    ),
    SheetField(
        *("L2", 7, "来源证明", "Proof of source", _M, _SR, "sources.evidence of every source"),
        _proved,
    ),
    SheetField(
        *("L3", 7, "权利与登记", "Rights and registration", _M, _SA),
        "rights, and a registration that is confirmed after the public notice",
        lambda k: k.sheet.rights and k.confirmed,
        due=Due.ISSUE,  # for the notice and the chain of rights the gate has rules of their own
        told_as="listing",  # with which a registration is confirmed at the latest
    ),
    SheetField(
        *("L4", 7, "许可", "Licence", _M, _SA),
        "licence, and sources.licence of what was collected or bought",
        _licensed,
    ),
    SheetField(
        *("L5", 7, "上游产品", "Parents", _C, _A, "registration with parents"),
        lambda k: k.parents,
        _derived,
    ),
    SheetField("C1", 1, "分级", "Grade", _M, _SA, "grade", lambda k: k.sheet.grade),
    SheetField(
        *("C2", 3, "个人信息", "Personal data", _M, _SA),
        "personal_data: classes, subjects and minors where it is contained",
        _persons_told,
    ),
    SheetField(
        *("C3", 3, "去标识化", "De-identification", _C, _SA),
        "personal_data.deidentification: the method, or none",
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
        lambda k: k.sheet.duties,
    ),
    SheetField(
        *("C6", 7, "行业审批", "Sector approvals", _C, _SR, "approvals"),
        lambda k: k.sheet.approvals,
        _approvable,
    ),
    SheetField(
        *("C7", 8, "合规评估", "Compliance assessment", _M, _R),
        "a compliance-assessment, attached by the assessor and verified",
        lambda k: DocumentKind.COMPLIANCE_ASSESSMENT in k.documents,
        due=Due.ISSUE,
        told_as=DocumentKind.COMPLIANCE_ASSESSMENT,
    ),
    SheetField(
        *("C8", 8, "法律承诺书", "Legal undertaking", _M, _S),
        "a legal-undertaking, given by the supplier and verified",
        lambda k: DocumentKind.LEGAL_UNDERTAKING in k.documents,
        due=Due.ISSUE,
        told_as=DocumentKind.LEGAL_UNDERTAKING,
    ),
    SheetField(
        *("Q1", 8, "质量得分", "Quality scores", _M, _A, "inspection"),
        lambda k: k.profile.columns,  # measured, though shown only beside an expert's score
    ),
    SheetField(
        *("Q2", 3, "逐列统计", "Profile per column", _M, _A, "inspection"),
        lambda k: k.profile.columns,
    ),
    SheetField(
        *("Q3", 8, "领域质控", "Domain quality control", _C, _A),
        "quality: an expectation on the flag column",
        lambda k: k.sheet.quality,
        lambda k: k.sheet.content.flag_scheme,
    ),
    SheetField(
        *("Q4", 8, "专家评审", "Expert review", _M, _R, "a review of this version by an expert"),
        lambda k: k.scored,
        due=Due.ISSUE,
    ),
    SheetField(
        *("Q5", 8, "系统与专家之差", "System and expert", _M, _A),
        "a review of this version by an expert, beside the measured score",
        lambda k: k.scored and k.compared,
        due=Due.ISSUE,
    ),
    SheetField(
        *("U1", 4, "使用条件", "Conditions of use", _M, _S),
        "conditions.purposes, regions and time_limit",
        _scoped,
    ),
    SheetField(
        *("U2", 4, "禁止用途与转让", "Prohibited uses and transfer", _M, _S),
        "conditions.prohibited",
        lambda k: k.sheet.conditions.prohibited,
    ),
    SheetField(
        *("U3", 5, "使用案例", "Use cases", _M, _S, "use_cases"),
        lambda k: k.sheet.use_cases,
    ),
    SheetField(
        *("U4", 6, "交付与技术文档", "Delivery and technical document", _M, _SA),
        "delivery.technical_document, or a technical-document that is verified",
        _documented,
    ),
    SheetField(
        *("U5", 6, "服务水平", "Service level", _M, _S, "delivery.service"),
        lambda k: k.sheet.delivery.service,
    ),
    SheetField(
        "P1", 10, "价格", "Price", _M, _S, "price.amount or price.plan, unless negotiated", _priced
    ),
    SheetField(
        *("P2", 8, "资产评估", "Asset valuation", _O, _R),
        "an asset-valuation, attached by a valuer and verified; the sheet is issued only with one",
        lambda k: DocumentKind.ASSET_VALUATION in k.documents,
        due=Due.ISSUE,
    ),
    SheetField(
        *("X1", 6, "联系与投诉", "Contact and complaints", _M, _S),
        "contact, and duties.complaints",
        _answerable,
    ),
    SheetField(
        *("X2", 0, "挂牌日期", "Dates", _M, _A, "listing"),
        lambda k: k.on_board,
        due=Due.ISSUE,
        told_as="listing",
    ),
)
BY_CODE: Final[Mapping[str, SheetField]] = MappingProxyType({each.code: each for each in FIELDS})
# With its two questions beside it, since a gate asks every field of every case.
BEFORE_LISTING: Final = tuple(
    (each.applies, each.filled, each)
    for each in FIELDS
    if each.due is Due.LISTING and each.wanted is not Wanted.OPTIONAL
)

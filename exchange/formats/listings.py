"""Listings of other exchanges, read from CSV files into product drafts.

Three layouts are known, those of the Shanghai, the Zhejiang and the Guiyang exchange as the open
data set DaDaDa has them; a file is recognised by its columns.  A draft carries over what the
listing says and the sheet has a word for, and names in `missing` what a spec sheet asks for
and the listing does not say.  Where a listing is not clear (an amount for one knows not what, an
update every quarter) the field stays missing: nothing is guessed.  A draft registers nothing.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import re
import typing
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from exchange.errors import BadField, NotFound, Unreadable
from exchange.grading import Grade
from exchange.specsheet import Frequency, PriceMode, ProductType, SpecSheet
from ledger.canonical import encode
from pricing.errors import BadInput
from pricing.plan import Plan
from pricing.tariffs.forms import read_form
from pricing.tariffs.free import Free
from pricing.tariffs.negotiated import Negotiated
from pricing.tariffs.one_off import OneOff

FILE_MAX: Final = 64 << 20  # bytes of a file of listings
ROWS_MAX: Final = 200_000  # over ten times all products of all Chinese exchanges in 2024
NAME_MAX, TEXT_MAX = 200, 2_000  # what `specsheet.Name` and `specsheet.Text` take
KEYWORDS_MAX: Final = 20

Row = Mapping[str, str]
Sheet = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """How one exchange lays its listings out; `extra` are columns that a file may lack."""

    name: str
    columns: tuple[str, ...]
    extra: tuple[str, ...]
    supplier: str
    fill: Callable[[Row], Sheet]

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a file with this header is laid out so."""
        return set(self.columns) <= set(header) <= {*self.columns, *self.extra}


def read_listings(path: Path, *, source: str) -> list[dict[str, Any]]:
    """Read a file of listings; return one draft a row, in the order of the file.

    Raises `Unreadable` with the line for what is no CSV in UTF-8, `BadField` for columns that
    are no known layout's and for a listing without a title.  A draft's `id` is the SHA-256 of
    the source and the row, so the same row from the same source is the same draft.
    """
    header, rows = _table(path)
    layout = _layout(header, path)
    drafts = []
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        if not _said(row["title"]):
            raise BadField(f"{path.name}: line {line}: title", "a listing must have one")
        drafts.append(_draft(row, layout, source))
    return drafts


def _draft(row: Row, layout: Layout, source: str) -> dict[str, Any]:
    canonical = {name: unicodedata.normalize("NFC", cell) for name, cell in row.items()}
    sheet = layout.fill(row)
    return {
        "id": hashlib.sha256(encode([source, canonical])).hexdigest(),
        "source": source,
        "title": _line(row["title"]),
        "supplier": _line(row[layout.supplier]) if layout.supplier else "",
        "price": _line(row.get("price", "")),
        "missing": sorted(_missing(sheet)),
        "sheet": sheet,
        "claims": sorted(_claims(row)),
    }


# Reading the file.


def _table(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    text = _text(path)
    rows = _rows(text, path)
    try:
        _, header = next(rows)
    except StopIteration:
        raise Unreadable(f"{path}: line 1: the file is empty") from None
    return header, rows


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_MAX + 1)
    except FileNotFoundError as error:
        raise NotFound(f"{path}: no such file") from error
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    if len(data) > FILE_MAX:
        raise Unreadable(f"{path}: over {FILE_MAX} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"{path}: line {line}: not UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable(f"{path}: line {line}: a NUL character")
    return text


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    # The limit on a field's size belongs to the whole process, so it stays as it is: what is
    # over the standard 131,072 characters is refused here as any other broken row is.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line, width, count = 1, 0, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(f"{path}: line {line}: {error}") from error
        if cells:
            width = width or len(cells)
            if len(cells) != width:
                raise Unreadable(
                    f"{path}: line {line}: {len(cells)} fields, and the header has {width}"
                )
            count += 1
            if count > ROWS_MAX:
                raise Unreadable(f"{path}: line {line}: over {ROWS_MAX} rows")
            yield line, cells
        line = reader.line_num + 1


def _layout(header: Sequence[str], path: Path) -> Layout:
    known = "; ".join(f"{each.name}: {', '.join(each.columns)}" for each in LAYOUTS)
    if len(set(header)) != len(header):
        twice = sorted({name for name in header if header.count(name) > 1})
        raise BadField(f"{path.name}: columns", f"{', '.join(twice)} twice; expected are {known}")
    for layout in LAYOUTS:
        if layout.fits(header):
            return layout
    # Names of columns come from the file: a few, cut short, are enough to recognise it by.
    found = ", ".join(name[:40] for name in header[:30])
    raise BadField(f"{path.name}: columns", f"{found} are not known; expected are {known}")


# What a listing says, in the words of the sheet.

_PLACEHOLDERS: Final = frozenset({"", "待完善", "-", "--", "/", "无", "暂无"})


def _said(cell: str) -> bool:
    return cell.strip() not in _PLACEHOLDERS


def _line(cell: str) -> str:
    return " ".join(cell.split()) if _said(cell) else ""


def _paragraphs(*cells: str) -> str:
    lines = (" ".join(line.split()) for cell in cells if _said(cell) for line in cell.splitlines())
    return _cut("\n".join(dict.fromkeys(line for line in lines if line)), TEXT_MAX)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _parts(cell: str, separators: str) -> list[str]:
    parts = (_line(part) for part in re.split(f"[{separators}]", cell))
    return list(dict.fromkeys(_cut(part, NAME_MAX) for part in parts if part))


_FREQUENCIES: Final[Mapping[str, Frequency]] = {
    "静态": Frequency.STATIC,
    "不更新": Frequency.STATIC,
    "每小时更新": Frequency.HOURLY,
    "每日": Frequency.DAILY,
    "每日更新": Frequency.DAILY,
    "每天更新": Frequency.DAILY,
    "每周": Frequency.WEEKLY,
    "每周更新": Frequency.WEEKLY,
    "每月": Frequency.MONTHLY,
    "每月更新": Frequency.MONTHLY,
    "每年": Frequency.YEARLY,
    "每年更新": Frequency.YEARLY,
    "每一年更新": Frequency.YEARLY,
    "不定时更新": Frequency.IRREGULAR,
    "不定期更新": Frequency.IRREGULAR,
}  # 实时, 每季度 and 每半年 have no word on the sheet and stay missing

_TYPES: Final[Mapping[str, ProductType]] = {"数据集": ProductType.DATASET, "API": ProductType.API}

_GRADES: Final[Mapping[str, Grade]] = {
    "一般数据-一级数据": Grade.GENERAL_1,
    "一般数据-二级数据": Grade.GENERAL_2,
    "一般数据-三级数据": Grade.GENERAL_3,
    "一般数据-四级数据": Grade.GENERAL_4,
    "重要数据": Grade.IMPORTANT,
    "核心数据": Grade.CORE,
}


def _frequency(cell: str) -> Sheet:
    stated = re.sub(r"^动态|[\s()（）]", "", cell)
    found = _FREQUENCIES.get(stated)
    return {"update_frequency": str(found)} if found else {}


def _type(cell: str) -> Sheet:
    found = _TYPES.get(cell.strip())
    return {"type": str(found)} if found else {}


def _price(price: str, terms: str = "") -> Sheet:
    """Return the price, by its amount or by its plan, where the listing states all of it."""
    if not _said(price):
        return {}
    try:
        plan = read_form(price, terms)
    except BadInput:
        return {}
    match plan:
        case Negotiated():
            return {"mode": str(PriceMode.NEGOTIATED)}
        case Free():
            return {"mode": str(PriceMode.FREE)}
        case OneOff(amount=amount, term=None):
            return {"mode": str(PriceMode.ONE_OFF), "amount": str(amount).replace(",", "")}
        case _:
            return {"mode": str(PriceMode.PLAN), "plan": Plan(plan).to_record()}


def _sheet(**sections: Any) -> Sheet:  # noqa: ANN401 - sections are tables, texts and lists
    kept = {
        name: {key: value for key, value in section.items() if value}
        if isinstance(section, dict)
        else section
        for name, section in sections.items()
    }
    return {name: section for name, section in kept.items() if section}


def _shanghai(row: Row) -> Sheet:
    sectors = _parts(row["industry"], ",，")
    use_case = _paragraphs(row["use_case"])
    return _sheet(
        basic={
            "name": _cut(_line(row["title"]), NAME_MAX),
            "sector": sectors[0] if sectors else "",
            "industry": _cut(_line(row["data_type"]), NAME_MAX),
            "description": _paragraphs(row["description"]),
            "keywords": _parts(row["keyword"], ",，、;；")[:KEYWORDS_MAX],
            **_type(row["product_type"]),
        },
        physical=_frequency(row["update_frequency"]),
        use_cases=[use_case] if use_case else [],
    )


def _zhejiang(row: Row) -> Sheet:
    categories = _parts(row["category"], ",，")
    grade = _GRADES.get(row["classification"].strip())
    return _sheet(
        basic={
            "name": _cut(_line(row["title"]), NAME_MAX),
            "sector": categories[0] if categories else "",
            "industry": categories[1] if len(categories) > 1 else "",
            "description": _paragraphs(row["description"], row["detail_description"]),
            **_type(row["data_type"]),
        },
        physical=_frequency(row["update_frequency"]),
        content={"fields": _api_fields(row["api_info"])},
        grade=str(grade) if grade else "",
        price=_price(row["price"], row["price_type"]),
    )


def _guiyang(row: Row) -> Sheet:
    industries = _parts(row["category"], ",，\n")
    return _sheet(
        basic={
            "name": _cut(_line(row["title"]), NAME_MAX),
            "industry": industries[0] if industries else "",
            "description": _paragraphs(row["description"]),
        },
        price=_price(row["price"]),
    )


def _api_fields(cell: str) -> list[dict[str, str]]:
    """Read the output fields of an API: the table ``字段| 数据类型| 说明`` of the answer."""
    _, _, rest = cell.partition("返回参数说明")
    table, _, _ = rest.partition("返回示例")
    found: dict[str, str] = {}
    last = ""
    for line in table.splitlines():
        name, bar, after = (part.strip() for part in line.partition("|"))
        if not name or name == "字段" or set(name) <= {"-"}:
            last = ""
        elif bar and name not in found:
            last, found[name] = name, _line(after.partition("|")[2])
        elif last and not bar:
            found[last] = f"{found[last]} {name}"  # the cell runs on in the next line
    return [
        {"name": _cut(name, NAME_MAX), "meaning": _cut(meaning or name, TEXT_MAX)}
        for name, meaning in found.items()
    ]


# What a listing gives away about its data, for those who look drafts through.

_PERSONAL: Final = re.compile("身份证|姓名|手机号|人脸|银行卡|个人信用")


def _claims(row: Row) -> Iterator[str]:
    text = "\n".join((row["title"], row["description"], row.get("detail_description", "")))
    classification = row.get("classification", "")
    signs = {
        "personal-data": _PERSONAL.search(text),
        "state-secret": "涉密" in text,
        "consent-required": "授权前提" in text,
        "privacy-computation": "可用不可见" in text,
        "core": classification.startswith("核心数据"),
        "important": classification.startswith("重要数据"),
        "public-data": row.get("management", "") == "公共数据",
        "per-call": "元/次" in row.get("price", ""),
        "billed-on-result": "查得计费" in row.get("price_type", ""),
    }
    return (name for name, sign in signs.items() if sign)


# What a spec sheet asks for.


def _required(kind: type, within: str = "") -> Iterator[str]:
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        if field.default is not dataclasses.MISSING:
            continue
        if field.default_factory is not dataclasses.MISSING:
            continue
        inner = hints[field.name]
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            yield from _required(inner, f"{within}{field.name}.")
        else:
            yield f"{within}{field.name}"


_ASKED: Final = (*_required(SpecSheet), "use_cases", "price.amount")
_WITHOUT_AMOUNT: Final = {str(PriceMode.FREE), str(PriceMode.NEGOTIATED), str(PriceMode.PLAN)}


def _missing(sheet: Sheet) -> Iterator[str]:
    for name in _ASKED:
        section, _, field = name.partition(".")
        if name == "price.amount" and sheet.get("price", {}).get("mode") in _WITHOUT_AMOUNT:
            continue
        found = sheet.get(section)
        if found is None or (field and field not in found):
            yield name


LAYOUTS: Final = (
    Layout(
        "shanghai",
        (
            *("title", "list_time", "series_name", "company_name", "industry", "data_type"),
            *("product_type", "description", "keyword", "update_frequency", "coverage"),
            *("storage", "storage_incr", "dimension", "use_case", "url"),
        ),
        ("category", "category_aws"),
        "company_name",
        _shanghai,
    ),
    Layout(
        "zhejiang",
        (
            *("title", "data_type", "click_times", "description", "price", "deal_times"),
            *("version", "product_type", "category", "classification", "management"),
            *("update_frequency", "sample_time", "data_size", "data_form"),
            *("detail_description", "price_type", "api_info", "cur_url"),
        ),
        ("new_category", "category_aws"),
        "",
        _zhejiang,
    ),
    Layout(
        "guiyang",
        (
            *("title", "description", "price", "company", "url", "category", "create_time"),
            *("update_time", "view_count", "score", "deal_time"),
        ),
        ("new_category", "category_aws"),
        "company",
        _guiyang,
    ),
)

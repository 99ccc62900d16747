"""Resident identity numbers: GB 11643 with its check character, and what only looks like one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import AREAS, Draw, full_width, mod_11_2

ID = certain("resident_id")

_HEADERS = {
    "身份证号": "a header that says so",
    "证件号码": "a header that says document number",
    "sfzhm": "a header in pinyin initials",
    "shenfenzheng": "a header in pinyin",
    "id_card_no": "an English header",
    "citizen_id": "an English header",
    "reading": "a header that claims a measurement",
    "order_no": "a header that claims an order number",
    "备注": "a header that claims remarks",
    "c3": "a header that says nothing",
}

_SPELLINGS: dict[str, Callable[[str], str]] = {
    "in full-width digits": full_width,
    "with a lower-case x": str.lower,
    "in groups with spaces": lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
    "in groups with hyphens": lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
    "with spaces around": lambda n: f"  {n} ",
    "behind an apostrophe, as a spreadsheet exports them": lambda n: f"'{n}",
    "behind their own label": lambda n: f"身份证号：{n}",
    "behind an English label": lambda n: f"ID:{n}",
    "in brackets": lambda n: f"({n})",
}


def _dated_order(d: Draw) -> str:
    return f"{d.of(AREAS)}{d.day(2015, 2024):%Y%m%d}{d.whole(0, 9999):04}"


def _foreigner(d: Draw) -> str:
    body = f"9{d.of(['11', '31', '44'])}156{d.day(1960, 2000):%Y%m%d}{d.whole(1, 999):03}"
    return body + mod_11_2(body)


def _island(d: Draw) -> str:
    area = d.of(["810000", "820000", "830000"])
    return d.resident_id(1955, 2000, area)


_POSITIVE = (
    *(
        Case(
            f"resident ids under {words}: {header}",
            "I-09: every cell passes GB 11643, whatever the column is called",
            BLOCK,
            lambda d, header=header: {header: d.each(d.resident_id), "amount": d.each(d.remark)},  # type: ignore[misc]
            {header: ID},
        )
        for header, words in _HEADERS.items()
    ),
    *(
        Case(
            f"resident ids {how}",
            "I-09: GB 11643 holds once the spelling is undone, which takes no guess",
            BLOCK,
            lambda d, write=write: {
                "no": d.count(),
                "证件": d.each(lambda: write(d.resident_id())),
            },  # type: ignore[misc]
            {"证件": ID},
        )
        for how, write in _SPELLINGS.items()
    ),
    Case(
        "resident ids in one row of twenty",
        "I-09: what is filled passes GB 11643, and empty cells prove nothing",
        BLOCK,
        lambda d: {"no": d.count(), "证件": d.sparse(d.resident_id, 0.05)},
        {"证件": ID},
        rows=800,
    ),
    Case(
        "resident ids in a third of a column of serial numbers",
        "I-09: a third passes where random digits would in 14 of a million",
        BLOCK,
        lambda d: {"number": d.mixed(d.resident_id, 0.33, lambda: d.digits(18))},
        {"number": ID},
    ),
    Case(
        "resident ids in one of fifty cells of a column of serial numbers",
        "I-09: two per cent pass where random digits would in 14 of a million",
        BLOCK,
        lambda d: {"number": d.mixed(d.resident_id, 0.02, lambda: d.digits(18))},
        {"number": ID},
        rows=2_000,
    ),
    Case(
        "resident ids of which one in ten was mistyped",
        "I-09: nine in ten pass GB 11643; errors of a clerk do not make data anonymous",
        BLOCK,
        lambda d: {"身份证号": d.mixed(d.wrong_resident_id, 0.1, d.resident_id)},
        {"身份证号": ID},
    ),
    Case(
        "twenty resident ids repeated over many rows",
        "I-09: a dictionary column names its twenty persons again and again",
        BLOCK,
        lambda d: {"keeper": d.distinct(d.resident_id, 20), "weight": d.each(d.remark)},
        {"keeper": ID},
        rows=2_000,
    ),
    Case(
        "seven resident ids in a table of seven rows",
        "I-09: seven of seven pass where random digits would in 14 of a million",
        BLOCK,
        lambda d: {"编号": d.each(d.resident_id)},
        {"编号": ID},
        rows=7,
    ),
    Case(
        "resident ids stored as integers in Parquet",
        "I-09: a number is the same number as an integer (those without X)",
        BLOCK,
        lambda d: Made(
            {
                "serial": d.each(lambda: _without_x(d)),
                "price": d.each(lambda: d.number(1, 9)),
            },
            suffix=".parquet",
        ),
        {"serial": ID},
    ),
    Case(
        "resident ids as integers in CSV",
        "I-09: the type that a reader infers does not change what a cell says",
        BLOCK,
        lambda d: {"serial": d.each(lambda: _without_x(d)), "n": d.count()},
        {"serial": ID},
    ),
    Case(
        "resident ids as text in Parquet",
        "I-09: GB 11643 in another format",
        BLOCK,
        lambda d: Made({"k": d.each(d.resident_id), "n": d.count()}, suffix=".parquet"),
        {"k": ID},
    ),
    Case(
        "resident ids of children",
        "I-09: born after 2015 is a citizen all the same (and I-04 asks for a guardian)",
        BLOCK,
        lambda d: {"学籍身份证": d.each(lambda: d.resident_id(2012, 2020))},
        {"学籍身份证": ID},
    ),
    Case(
        "resident ids of the very old",
        "I-09: GB 11643 has no oldest year but a plausible one",
        BLOCK,
        lambda d: {"id": d.each(lambda: d.resident_id(1921, 1935))},
        {"id": ID},
    ),
    Case(
        "residence permits of Hong Kong, Macau and Taiwan",
        "I-09: 810000 to 830000 are areas of GB 11643 since 2018",
        BLOCK,
        lambda d: {"居住证号码": d.each(lambda: _island(d))},
        {"居住证号码": certain("resident_id", "permit")},
    ),
    Case(
        "residence permits of foreigners of the 2023 form",
        "I-09: eighteen characters, 9 in front, the check character of GB 11643",
        BLOCK,
        lambda d: {"永久居留证号": d.each(lambda: _foreigner(d))},
        {"永久居留证号": certain("resident_id", "permit")},
    ),
    Case(
        "two resident ids in every cell",
        "I-09: a list of identifiers identifies each of its members",
        BLOCK,
        lambda d: {"成员": d.each(lambda: f"{d.resident_id()};{d.resident_id()}")},
        {"成员": ID},
    ),
    Case(
        "old resident ids of fifteen digits under their own header",
        "I-09: the old form has nothing to check, but the header names it and every date holds",
        BLOCK,
        lambda d: {"身份证号": d.each(d.resident_id_15), "村": d.each(d.remark)},
        {"身份证号": ID},
    ),
    Case(
        "old and new resident ids in one column",
        "I-09: the new ones pass GB 11643 and speak for the column",
        BLOCK,
        lambda d: {"证件号": d.mixed(d.resident_id_15, 0.4, d.resident_id)},
        {"证件号": ID},
    ),
    Case(
        "resident ids beside invoices, the second column of many",
        "I-09: a column is judged for itself",
        BLOCK,
        lambda d: {
            "发票号": d.each(lambda: d.digits(8)),
            "买方": d.each(d.resident_id),
            "税额": d.each(lambda: d.number(1, 900)),
            "日期": d.each(lambda: d.day(2020, 2024).isoformat()),
        },
        {"买方": ID},
    ),
)


def _without_x(d: Draw) -> int:
    while (number := d.resident_id()).endswith("X"):
        pass
    return int(number)


def _split(d: Draw) -> dict[str, list[str]]:
    numbers = d.each(d.resident_id)
    return {
        "area": [n[:6] for n in numbers],
        "birth": [n[6:14] for n in numbers],
        "tail": [n[14:] for n in numbers],
    }


_AMBIGUOUS = (
    Case(
        "old resident ids of fifteen digits under no header",
        "I-10: no check digit exists, and dated serial numbers have the same shape",
        ATTEST,
        lambda d: {"c1": d.each(d.resident_id_15), "n": d.count()},
        {"c1": reported("resident_id")},
    ),
    Case(
        "a resident id cut into area, birthday and tail",
        "I-10: split over columns, which put together pass GB 11643",
        ATTEST,
        _split,
        {("area", "birth", "tail"): reported("resident_id")},
    ),
    Case(
        "resident ids cut into area and the rest under their header",
        "I-10: split over columns, and the headers say of what",
        ATTEST,
        lambda d: {
            "身份证前六位": (n := d.each(d.resident_id)) and [each[:6] for each in n],
            "身份证后十二位": [each[6:] for each in n],
        },
        {("身份证前六位", "身份证后十二位"): reported("resident_id")},
    ),
    Case(
        "resident ids with the birthday masked",
        "I-10: masked, but area and tail still stand there",
        ATTEST,
        lambda d: {"身份证号": d.each(lambda: (n := d.resident_id())[:6] + "********" + n[14:])},
        {"身份证号": reported("resident_id")},
    ),
    Case(
        "resident ids of which the last four are masked",
        "I-10: masked, with area and birthday left",
        ATTEST,
        lambda d: {"证件号码": d.each(lambda: d.resident_id()[:14] + "****")},
        {"证件号码": reported("resident_id")},
    ),
    Case(
        "a column called resident id that holds tokens",
        "I-10: header and values contradict each other; a pseudonym needs somebody's word",
        ATTEST,
        lambda d: {"身份证号": d.each(lambda: "T" + d.hexadecimal(15)), "n": d.count()},
        {"身份证号": reported("resident_id")},
    ),
    Case(
        "a column called resident id whose numbers all fail their check digit",
        "I-10: header and check digit contradict each other: disturbed or invented numbers",
        ATTEST,
        lambda d: {"身份证号": d.each(d.wrong_resident_id), "n": d.count()},
        {"身份证号": reported("resident_id")},
    ),
    Case(
        "a column called id_card of unsalted SHA-256 digests",
        "I-08: an unsalted hash of an enumerable number is a pseudonym, not anonymous",
        ATTEST,
        lambda d: {"id_card": d.each(lambda: _sha256(d.resident_id())), "n": d.count()},
        {"id_card": reported("resident_id", "quasi_identifiers")},
    ),
    Case(
        "a column called 身份证号MD5",
        "I-08: an unsalted hash of an enumerable number is a pseudonym, not anonymous",
        ATTEST,
        lambda d: {"身份证号MD5": d.each(lambda: _md5(d.resident_id())), "n": d.count()},
        {"身份证号MD5": reported("resident_id", "quasi_identifiers")},
    ),
)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


_CLEAN = (
    *(
        Case(
            f"{rows} random serial numbers of {length} digits as {kind}",
            "I-09: random digits pass GB 11643 in 14 of a million cells: the null, not evidence",
            PASS,
            lambda d, length=length, make=make: {"serial": d.each(lambda: make(d.digits(length)))},  # type: ignore[misc]
            rows=rows,
        )
        for length in (17, 18)
        for kind, make in (("text", lambda n: n), ("text with a letter", lambda n: f"A{n}"))
        for rows in (300, 3_000)
    ),
    Case(
        "a hundred thousand random serial numbers of 18 digits",
        "I-09: one or two of them pass by chance, as the null says they must",
        PASS,
        lambda d: {"serial": d.each(lambda: f"{d.chance.randrange(10**17, 10**18)}")},
        rows=100_000,
    ),
    Case(
        "order numbers that begin with an area and a date",
        "I-09: the check digit holds in one of eleven, which is chance",
        PASS,
        lambda d: {"order": d.each(lambda: _dated_order(d)), "n": d.count()},
        rows=1_000,
    ),
    Case(
        "order numbers of one area and one day, counted up",
        "I-09: the check digit holds in one of eleven, which is chance",
        PASS,
        lambda d: {"order": [f"37020220240301{n:04}" for n in d.count()], "n": d.count()},
        rows=1_000,
    ),
    Case(
        "order numbers in a file of twelve rows, one of which passes by chance",
        "I-09: one of twelve is what the null of dated numbers gives",
        PASS,
        lambda d: {"order": [f"37020220240301{n:04}" for n in d.count()], "n": d.count()},
        rows=12,
    ),
    Case(
        "time stamps of seventeen digits",
        "I-09: 20240301080000123 is a moment, no person",
        PASS,
        lambda d: {"stamp": d.each(lambda: f"{d.day(2020, 2024):%Y%m%d}{d.digits(9, '01')}")},
    ),
    Case(
        "a column called id that holds measurements",
        "I-09: values decide, and 12.34 passes no check",
        PASS,
        lambda d: {"id": d.each(lambda: d.number(0, 40)), "depth": d.each(lambda: d.number(0, 90))},
    ),
    Case(
        "a column called id that counts the rows",
        "I-10: a counter is nobody's document",
        PASS,
        lambda d: {"id": d.count(), "temp": d.each(lambda: d.number(0, 30))},
    ),
    Case(
        "a column called ID number that holds instruments",
        "I-10: a serial number of a device under an ambiguous header",
        PASS,
        lambda d: {"ID number": d.each(lambda: f"SBE37-{d.digits(5)}"), "t": d.hours()},
    ),
    Case(
        "numbers of eighteen digits in Parquet as integers",
        "I-09: random integers pass in 14 of a million",
        PASS,
        lambda d: Made(
            {"key": d.each(lambda: d.chance.randrange(10**17, 10**18))}, suffix=".parquet"
        ),
        rows=2_000,
    ),
    Case(
        "snowflake keys of eighteen digits",
        "I-09: they rise with time and pass GB 11643 no more than chance",
        PASS,
        lambda d: {"key": [178_294_000_000_000_000 + 4_194_304 * n * 37 for n in d.count()]},
        rows=2_000,
    ),
    Case(
        "codes of counties",
        "I-10: the first six digits of a citizen's number name a county, not a citizen",
        PASS,
        lambda d: {
            "行政区划代码": d.each(lambda: d.of(AREAS)),
            "人口": d.each(lambda: d.whole(1, 9**6)),
        },
    ),
    Case(
        "fifteen digits without a date in them",
        "I-10: a month of 57 is none, so most of these cannot be an old identity number",
        PASS,
        lambda d: {"batch": d.each(lambda: d.digits(15)), "n": d.count()},
        rows=1_000,
    ),
    Case(
        "a dictionary of document types",
        "I-10: the words 身份证 and 护照 name kinds of documents and nobody's document",
        PASS,
        lambda d: {
            "证件类型": d.each(lambda: d.of(["身份证", "护照", "军官证"])),
            "数量": d.count(),
        },
    ),
    Case(
        "a yes or no about the identity card",
        "I-10: whether a card was shown is no number of one",
        PASS,
        lambda d: {"身份证已核验": d.each(lambda: d.of(["是", "否"])), "窗口": d.count()},
        rows=400,
    ),
    Case(
        "sums in fen with eighteen digits",
        "I-09: money, though long",
        PASS,
        lambda d: {"sum_fen": d.each(lambda: d.whole(10**17, 9 * 10**17)), "n": d.count()},
    ),
)

CASES = (*_POSITIVE, *_AMBIGUOUS, *_CLEAN)

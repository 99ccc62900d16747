"""Numbers of papers and cars, telephones in what programs encode, and numbers in pieces.

Labelled from I-09, I-10 and F-07 before the detectors were mended: cards of the disabled, papers
of soldiers, licences to drive, numbers of vehicles, telephones behind escapes of addresses and of
JSON, numbers cut at other places than where they are read; and counts, offices' mailboxes and
versions of programs, which were stopped and are nobody's.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Cell,
    Columns,
    Label,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

RESIDENT: Final = certain("resident_id")
MOBILE: Final = certain("mobile")
MAYBE_RESIDENT: Final = reported("resident_id")
MAYBE_MOBILE: Final = reported("mobile")
MAYBE_CARD: Final = reported("bank_card")
ACCOUNT: Final = reported("account")
MAYBE_PLATE: Final = reported("plate")

_VALUES: Final = {
    **{str(i): i for i in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(d: Draw, *, wrong: bool = False) -> str:
    """Draw the number of a vehicle (GB 16735, ISO 3779), whose ninth place is a check."""
    alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    body = d.of(["LSV", "LFV", "LGB", "1HG", "5YJ", "LVS"])
    body += "".join(d.of(alphabet) for _ in range(5)) + "0" + d.of("GHJKLMNPRS")
    body += d.of(alphabet[:23]) + d.digits(6, "0123456789")
    total = sum(_VALUES[each] * weight for each, weight in zip(body, _WEIGHTS, strict=True))
    check = (total + (d.whole(1, 9) if wrong else 0)) % 11
    return body[:8] + ("X" if check == 10 else str(check)) + body[9:]


def disabled(d: Draw) -> str:
    """Draw the number of a card of the disabled: whose it is, the kind and the level."""
    return f"{d.resident_id(1940, 2008)}{d.whole(1, 7)}{d.whole(1, 4)}"


def split_card(d: Draw) -> str:
    """Draw a bank card whose last thirteen digits are no telephone with its country's code."""
    number = d.card()
    return split_card(d) if number[6:8] == "86" else number


def soldier(d: Draw) -> str:
    """Draw the number of an officer's paper."""
    return f"{d.of('军南北海空沈广济政后')}字第{d.digits(8)}号"


def _one(header: str, value: Callable[[Draw], Cell]) -> Callable[[Draw], Columns]:
    return lambda d: {"n": d.count(), header: d.each(lambda: value(d))}


def _split(
    value: Callable[[Draw], str], *pieces: int, between: int = 0
) -> Callable[[Draw], Columns]:
    """Return how a table is made of a number in pieces, perhaps with others between."""

    def build(d: Draw) -> Columns:
        numbers = d.each(lambda: value(d))
        columns: dict[str, list[Cell]] = {}
        first = 0
        for i, length in enumerate(pieces):
            columns[f"p{i}"] = [number[first : first + length] for number in numbers]
            first += length
            if i == 0:
                for each in range(between):
                    columns[f"w{each}"] = d.each(lambda: d.number(1, 30))
        return columns

    return build


def _pieces(count: int, label: Label) -> dict[str | tuple[str, ...], Label | tuple[Label, ...]]:
    return {f"p{i}": label for i in range(count)}


_PAPERS: Final = (
    *(
        Case(
            f"cards of the disabled under {header}",
            "I-09: a resident's number with its check digit, and two digits behind it",
            BLOCK,
            _one(header, disabled),
            {header: RESIDENT},
        )
        for header in ("残疾人证号", "证号", "c1")
    ),
    Case(
        "a card of the disabled in one note",
        "I-13: one resident's number in a note",
        BLOCK,
        lambda d: {
            "n": d.count(),
            "备注": d.mixed(lambda: f"残疾人证 {disabled(d)}，已核", 1e-9, d.remark),
        },
        {"备注": RESIDENT},
    ),
    *(
        Case(
            f"papers of officers under {header}",
            "I-10: the number of a soldier's paper, which is a person's (GB/T 35273 appendix A)",
            ATTEST,
            _one(header, soldier),
            {header: ACCOUNT},
        )
        for header in ("军官证号", "证件号码", "v")
    ),
    *(
        Case(
            f"numbers under {header}",
            "I-10: the header says whose paper it is",
            ATTEST,
            lambda d, header=header: {  # type: ignore[misc]
                header: d.each(lambda: f"{d.letters(1)}{d.digits(7)}"),
                "POINTS": d.each(lambda: d.whole(0, 12)),
            },
            {header: ACCOUNT},
        )
        for header in ("DL_NUMBER", "士兵证号", "驾驶证号", "drivers_license_no", "警官证号")
    ),
    *(
        Case(
            f"numbers of vehicles under {header}",
            "I-10: one car's number, with its check digit; a register leads to its keeper",
            ATTEST,
            lambda d, header=header: {  # type: ignore[misc]
                header: d.each(lambda: vin(d)),
                "premium": d.each(lambda: d.number(900, 9_000)),
            },
            {header: MAYBE_PLATE},
        )
        for header in ("车架号", "VIN", "vin码", "车辆识别代号", "k2")
    ),
    Case(
        "numbers of vehicles of Europe, of which none has a check digit",
        "I-10: the form of a vehicle's number, and the header says so",
        ATTEST,
        _one(
            "vin",
            lambda d: (
                "WVWZZZ"
                + d.letters(1).replace("I", "J").replace("O", "P").replace("Q", "R")
                + f"ZP{d.digits(1)}W{d.digits(6)}"
            ),
        ),
        {"vin": MAYBE_PLATE},
    ),
)
_ENCODED: Final = (
    *(
        Case(
            f"mobiles {what}",
            "I-09: an encoded number is the number",
            BLOCK,
            _one("q", value),
            {"q": MOBILE},
        )
        for what, value in (
            ("in JSON within an address", lambda d: quote(f'{{"tel":"{d.mobile()}"}}')),
            ("behind an encoded sign of equality", lambda d: f"tel%3D{d.mobile()}%26x%3D1"),
            ("behind an encoded quote", lambda d: f"a=%22{d.mobile()}%22"),
            ("between escapes of JSON", lambda d: f"tel\\u0022{d.mobile()}\\u0022"),
            ("between words without a joint", lambda d: f"tel{d.mobile()}end"),
        )
    ),
    Case(
        "residents' numbers within encoded addresses",
        "I-09: an encoded number is the number",
        BLOCK,
        _one("q", lambda d: f"/q?id=%22{d.resident_id()}%22"),
        {"q": RESIDENT},
    ),
    Case(
        "mobiles alone in base64",
        "F-07: base64 that decodes to a mobile number is a payload that hides it",
        BLOCK,
        _one("tok", lambda d: base64.b64encode(d.mobile().encode()).decode()),
        {"tok": certain("credential", "mobile")},
    ),
)
_CUT: Final = (
    Case(
        "mobiles in three and eight digits",
        "I-10: two neighbouring columns together make mobile numbers",
        ATTEST,
        _split(Draw.mobile, 3, 8),
        _pieces(2, MAYBE_MOBILE),
    ),
    Case(
        "mobiles in seven and four digits",
        "I-10: two neighbouring columns together make mobile numbers",
        ATTEST,
        _split(Draw.mobile, 7, 4),
        _pieces(2, MAYBE_MOBILE),
    ),
    Case(
        "cards of a bank in six and thirteen digits",
        "I-10: two neighbouring columns together make numbers that pass Luhn",
        ATTEST,
        _split(split_card, 6, 13),
        _pieces(2, MAYBE_CARD),
    ),
    Case(
        "cards of a bank in four columns of four digits",
        "I-10: four neighbouring columns together make numbers that pass Luhn",
        ATTEST,
        _split(lambda d: d.card(16), 4, 4, 4, 4),
        _pieces(4, MAYBE_CARD),
    ),
    Case(
        "residents' numbers in two pieces that are no neighbours",
        "I-10: two columns together make identity numbers, whatever stands between",
        ATTEST,
        _split(Draw.resident_id, 6, 12, between=2),
        _pieces(2, MAYBE_RESIDENT),
    ),
)


def _calm(name: str, why: str, build: Callable[[Draw], Columns]) -> Case:
    return Case(name, why, PASS, build)


_CALM: Final = (
    _calm(
        "numbers of twenty digits",
        "I-09: an order has no check digit",
        _one(
            "order_no",
            lambda d: f"{d.of(['370202', '110101'])}{d.day(2019, 2024):%Y%m%d}{d.digits(6)}",
        ),
    ),
    _calm(
        "deeds of houses",
        "I-10: a deed is no soldier's paper",
        _one("产权证号", lambda d: f"京房权证{d.of('海朝西东')}字第{d.digits(6)}号"),
    ),
    _calm(
        "letters of an office",
        "I-10: an office numbers its letters",
        _one("文号", lambda d: f"青政{d.of('发办函')}字第{d.whole(1, 400)}号"),
    ),
    _calm(
        "numbers of parts as long as vehicles'",
        "I-10: no check digit holds",
        _one("part_no", lambda d: vin(d, wrong=True)),
    ),
    _calm(
        "names of wines",
        "I-10: a wine is none",
        _one(
            "vin",
            lambda d: d.of(
                ["Chablis 2019", "Médoc 2018", "Sancerre 2021", "Fleurie 2020", "Cahors 2017"]
            ),
        ),
    ),
    _calm(
        "makers of vehicles",
        "I-10: the maker's part of a number is of many cars",
        _one("VIN_prefix", lambda d: vin(d)[:8]),
    ),
    _calm(
        "classes of licences",
        "I-10: a class is of many drivers",
        _one(
            "驾驶证类型",
            lambda d: d.of(["A1", "A2", "B1", "B2", "C1", "C2", "D", "E", "F", "M", "N", "P"]),
        ),
    ),
    _calm(
        "prefixes of numbers and where they are",
        "I-10: the first seven digits are of ten thousand",
        lambda d: {
            "号段": d.each(lambda: d.mobile()[:7]),
            "区号": d.each(lambda: d.of(["0532", "0531", "0411", "0592", "0755", "0571"])),
        },
    ),
    _calm(
        "heights and days",
        "I-10: a height and a day are no telephone",
        lambda d: {
            "x": d.each(lambda: d.whole(150, 190)),
            "y": d.each(lambda: int(f"{d.day(2000, 2020):%Y%m%d}")),
        },
    ),
    _calm(
        "counts of a sensor in two columns",
        "I-10: counts are no card",
        lambda d: {"a": d.each(lambda: d.digits(6)), "b": d.each(lambda: d.digits(13))},
    ),
    _calm(
        "counts in hexadecimal digits beside a percent",
        "I-09: a share is no telephone",
        _one("q", lambda d: f"{d.whole(1, 99)}%22{d.digits(9)}"),
    ),
    _calm(
        "models that end in digits",
        "I-09: a model is no telephone",
        _one("q", lambda d: f"hotel{d.digits(11, '2')}x"),
    ),
    _calm(
        "serials in base64",
        "F-07: a serial is nobody's",
        _one("tok", lambda d: base64.b64encode(d.digits(11, "2").encode()).decode()),
    ),
    _calm(
        "versions of four parts",
        "I-10: a version is no address of the internet",
        lambda d: {
            "package": d.each(lambda: d.of(["libsea", "tide"])),
            "version": d.each(
                lambda: f"{d.whole(1, 20)}.{d.whole(1, 200)}.{d.whole(0, 90)}.{d.whole(1, 250)}"
            ),
        },
    ),
    _calm(
        "versions of firmware",
        "I-10: a version is no address of the internet",
        _one(
            "固件版本",
            lambda d: f"{d.whole(1, 20)}.{d.whole(1, 99)}.{d.whole(0, 90)}.{d.whole(1, 99)}",
        ),
    ),
    *(
        _calm(
            f"whole numbers under {header}",
            "I-10: a count is of many",
            lambda d, header=header: {  # type: ignore[misc]
                "部门": d.each(lambda: d.of(["财务部", "工程部", "市场部"])),
                header: d.each(lambda: d.whole(1, 4_000)),
            },
        )
        for header in (
            "账号数",
            "用户账号数",
            "微信号数",
            "户号数",
            "QQ群数",
            "学号位数",
            "openid_cnt",
            "护照办理量",
            "住院号数",
            "imei_cnt",
        )
    ),
    _calm(
        "offices of authorities",
        "I-09: an office's mailbox is nobody's",
        _one(
            "邮箱",
            lambda d: (
                f"{d.of(['zhaobiao', 'xinfang', 'caiwu', 'caigou', 'renshi', 'dangban'])}"
                f"@{d.of(['nb', 'qd', 'xm'])}.gov.cn"
            ),
        ),
    ),
    Case(
        "addresses of the internet under a header that says nothing",
        "I-10: whoever came from a public address is told apart by it",
        ATTEST,
        _one(
            "v",
            lambda d: (
                f"{d.of([58, 101, 112, 182])}.{d.whole(1, 250)}.{d.whole(0, 255)}.{d.whole(1, 254)}"
            ),
        ),
        {"v": ACCOUNT},
    ),
    Case(
        "persons' mailboxes at an authority",
        "I-09: a name at an authority is a person's mailbox",
        BLOCK,
        _one(
            "邮箱",
            lambda d: f"{d.of(['zhangwei', 'liming', 'wangfang'])}{d.whole(1, 99)}@qd.gov.cn",
        ),
        {"邮箱": certain("email")},
    ),
    Case(
        "persons' mailboxes that sound like an office's",
        "I-09: with a provider of mailboxes they are a person's: 蔡武, 赵彪",
        BLOCK,
        _one(
            "邮箱",
            lambda d: f"{d.of(['caiwu', 'zhaobiao', 'xinfang'])}@{d.of(['163.com', 'qq.com'])}",
        ),
        {"邮箱": certain("email")},
    ),
)
CASES = (*_PAPERS, *_ENCODED, *_CUT, *_CALM)

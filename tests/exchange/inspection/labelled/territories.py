"""Persons of Hong Kong, Macau and Taiwan: numbers, telephones, names and homes, in their script.

The labels were written from the forms that the three publish before any detector knew of them: a
check digit that holds far more often than by chance, or a form under its header, is certain; a
form that harmless values share is for somebody to look at (I-10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Cell,
    Label,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

NUMBER = certain("resident_id")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # of Taiwan's counties, from 10 upwards


def hong_kong(d: Draw, brackets: str = "()") -> str:
    """Draw an identity card's number: letters, six digits, and one that makes 11 divide the sum."""
    letter, digits = d.letters(1), d.digits(6, "0123456789")
    total = 36 * 9 + 8 * (ord(letter) - 55)
    total += sum(int(each) * weight for each, weight in zip(digits, range(7, 1, -1), strict=True))
    check = "0123456789A"[-total % 11]
    return f"{letter}{digits}{brackets[:1]}{check}{brackets[1:]}"


def taiwan(d: Draw, second: str = "12") -> str:
    """Draw an identity number: the letter counts as two digits, the second says who it is."""
    letter, digits = d.of(_LETTERS), d.of(second) + d.digits(7, "0123456789")
    tens, ones = divmod(_LETTERS.index(letter) + 10, 10)
    total = tens + 9 * ones
    total += sum(int(each) * weight for each, weight in zip(digits, range(8, 0, -1), strict=True))
    return f"{letter}{digits}{-total % 10}"


def _macau(d: Draw) -> str:
    return f"{d.of('157')}{d.digits(6, '0123456789')}({d.whole(0, 9)})"


def traditional_name(d: Draw) -> str:
    """Draw a name as it is written in Taiwan."""
    given = "志明家豪淑芬美玲俊傑雅婷怡君宗翰冠宇承恩佩珊郁雯"
    return d.of("陳林黃張李王吳劉蔡楊許鄭謝郭洪邱曾廖賴徐") + d.of(given) + d.of(given)


def _street(d: Draw) -> str:
    return d.of(["台北市大安區忠孝東路四段", "新北市板橋區文化路一段", "高雄市苓雅區四維三路"])


def _case(
    name: str,
    columns: Mapping[str, Callable[[Draw], Cell]],
    labels: Mapping[str | tuple[str, ...], Label | tuple[Label, ...]],
    why: str,
) -> Case:
    given = [each for each in labels.values() if isinstance(each, Label)]
    sure = any(each.certain for each in given)
    direct = any({*each.kinds} & {"resident_id", "mobile"} for each in given)
    rule = ("I-09" if direct else "I-01") if sure else "I-10"
    return Case(
        name,
        f"{rule}: {why}",
        (BLOCK if sure else ATTEST) if labels else PASS,
        lambda d: {header: d.each(partial(make, d)) for header, make in columns.items()},
        labels,
        rows=200,
    )


def _visits(d: Draw) -> Cell:
    return d.whole(1, 900)


_PERSONS: Final = (
    _case(
        "numbers of Hong Kong with brackets",
        {"no": hong_kong, "v": _visits},
        {"no": NUMBER},
        "each passes a check digit that one in eleven has by chance",
    ),
    _case(
        "numbers of Hong Kong without brackets, under a traditional header",
        {"身份證號碼": lambda d: hong_kong(d, ""), "金額": _visits},
        {"身份證號碼": NUMBER},
        "the header says what they are",
    ),
    _case(
        "numbers of Hong Kong under hkid",
        {"hkid": hong_kong, "v": _visits},
        {"hkid": NUMBER},
        "the header says what they are",
    ),
    _case(
        "cards of residents of Macau",
        {"證件": _macau, "次數": _visits},
        {"證件": NUMBER},
        "seven digits and one in brackets, under a header for papers",
    ),
    _case(
        "numbers of the form of Macau's cards",
        {"ref": _macau, "v": _visits},
        {"ref": reported("resident_id")},
        "the form alone, whose check digit nobody publishes",
    ),
    _case(
        "numbers of Taiwan under any header",
        {"id": taiwan, "v": _visits},
        {"id": NUMBER},
        "letter, sex and a check digit in every one",
    ),
    _case(
        "numbers of Taiwan under their own name",
        {"身分證字號": taiwan, "消費": _visits},
        {"身分證字號": NUMBER},
        "the header says what they are",
    ),
    _case(
        "residents of Taiwan from abroad",
        {"統一證號": lambda d: taiwan(d, "89"), "v": _visits},
        {"統一證號": NUMBER},
        "the certificates of residents since 2021 are numbered alike",
    ),
    _case(
        "guests of a hotel in traditional characters",
        {"住客": traditional_name, "房型": lambda d: d.of(["雙人", "單人"])},
        {"住客": certain("person_name")},
        "names under a header for guests",
    ),
    _case(
        "names in traditional characters under any header",
        {"a": traditional_name, "b": _visits},
        {"a": certain("person_name")},
        "surnames and given names as parents in Taiwan choose them",
    ),
    _case(
        "telephones of Hong Kong",
        {
            "聯絡電話": lambda d: (
                f"+852 {d.of('569')}{d.digits(3, '0123456789')} {d.digits(4, '0123456789')}"
            ),
            "訂單": _visits,
        },
        {"聯絡電話": certain("mobile")},
        "the prefix of a country and a mobile's first digit, under a header",
    ),
    _case(
        "telephones of Macau under any header",
        {"c1": lambda d: f"+853 6{d.digits(7, '0123456789')}", "v": _visits},
        {"c1": certain("mobile")},
        "nothing else begins as an international number does",
    ),
    _case(
        "mobiles of Taiwan under any header",
        {
            "t": lambda d: (
                f"09{d.digits(2, '0123456789')}-{d.digits(3, '0123456789')}-"
                f"{d.digits(3, '0123456789')}"
            ),
            "v": _visits,
        },
        {"t": reported("mobile")},
        "the groups in which such a number is written",
    ),
    _case(
        "mobiles of Taiwan under their header",
        {"手機": lambda d: f"09{d.digits(8, '0123456789')}", "v": _visits},
        {"手機": certain("mobile")},
        "ten digits from 09 on, under a header for mobiles",
    ),
    _case(
        "mobiles of Taiwan as called from abroad",
        {"c": lambda d: f"+886 9{d.digits(8, '0123456789')}", "v": _visits},
        {"c": certain("mobile")},
        "nothing else begins as an international number does",
    ),
    _case(
        "mobiles of the mainland under a traditional header",
        {"手機號碼": Draw.mobile, "v": _visits},
        {"手機號碼": certain("mobile")},
        "the header in either script",
    ),
    _case(
        "homes in Taiwan",
        {
            "位置": lambda d: f"{_street(d)}{d.whole(1, 300)}號{d.whole(2, 14)}樓",
            "度數": _visits,
        },
        {"位置": reported("address")},
        "a floor of a house is a home or an office",
    ),
    _case(
        "homes in Taiwan under a header for homes",
        {"住址": lambda d: f"{_street(d)}{d.whole(1, 300)}號", "度數": _visits},
        {"住址": certain("address")},
        "a house under a header for homes",
    ),
    _case(
        "homes in Hong Kong",
        {
            "地址": lambda d: (
                f"九龍{d.of(['旺角彌敦道', '深水埗長沙灣道', '紅磡蕪湖街'])}{d.whole(1, 900)}號"
                f"{d.whole(1, 30)}樓{d.of('ABCDEF')}室"
            ),
            "度數": _visits,
        },
        {"地址": certain("address")},
        "a room on a floor of a house",
    ),
)

_HARMLESS: Final = (
    _case(
        "five sensors with serials of eleven digits",
        {
            "sensor_serial": lambda d: f"139{20_000_000 + d.whole(0, 4) * 1_000_003:08}",
            "sst": lambda d: d.number(10, 19),
        },
        {},
        "five instruments",
    ),
    _case(
        "shares of companies",
        {
            "code": lambda d: d.of(["600600", "000001", "688981"]),
            "close": lambda d: d.number(1, 90),
        },
        {},
        "three papers",
    ),
    _case(
        "parts with a letter and seven digits",
        {
            "part_no": lambda d: f"{d.of('ABXK')}{d.digits(7, '0123456789')}{d.of(['-01', '-02'])}",
            "stock": _visits,
        },
        {},
        "no check digit holds",
    ),
    _case(
        "parts of the length of Hong Kong's numbers",
        {"part_no": lambda d: f"{d.letters(1)}{d.digits(7, '0123456789')}", "stock": _visits},
        {},
        "one in eleven passes, as by chance",
    ),
    _case(
        "parts of the length of Taiwan's numbers",
        {"part_no": lambda d: f"{d.letters(1)}1{d.digits(8, '0123456789')}", "stock": _visits},
        {},
        "one in ten passes, as by chance",
    ),
    _case(
        "places called after families",
        {
            "地名": lambda d: d.of("王李張劉趙孫") + d.of(["家莊", "村", "哥莊", "家屯"]),
            "經度": lambda d: d.number(120, 121),
        },
        {},
        "villages",
    ),
    _case(
        "patents",
        {
            "publication": lambda d: f"CN1{d.digits(8, '0123456789')}{d.of('AB')}",
            "ipc": lambda d: d.of(["G01C 13/00", "B63B 22/00"]),
        },
        {},
        "numbers of an office",
    ),
    _case(
        "serials that begin with a day",
        {"流水號": lambda d: f"20260301{d.digits(10, '0123456789')}", "金額": _visits},
        {},
        "eighteen digits without a check digit",
    ),
    _case(
        "lights of a coast",
        {
            "燈塔": lambda d: d.of(["團島", "朝連島", "馬蹄礁", "游內山"]) + str(d.whole(1, 200)),
            "射程": lambda d: d.whole(5, 25),
        },
        {},
        "lights",
    ),
    _case(
        "trains",
        {
            "車次": lambda d: d.of("GDKC") + d.digits(4),
            "始發": lambda d: d.of(["青島北", "濟南西"]),
            "終到": lambda d: d.of(["北京南", "上海虹橋"]),
        },
        {},
        "trains and their stations",
    ),
    _case(
        "drugs",
        {
            "藥品名稱": lambda d: d.of(["阿司匹林腸溶片", "胰島素注射液", "頭孢克肟"]),
            "批准文號": lambda d: f"國藥准字H{d.digits(8, '0123456789')}",
        },
        {},
        "no person",
    ),
    _case(
        "fish of Taiwan's waters",
        {
            "魚種": lambda d: d.of(
                ["黃魚", "馬加鰆", "石斑魚", "張氏金線魚", "許氏平鮋", "鄭氏鯛", "金目鱸"]
            ),
            "體長": lambda d: d.whole(9, 90),
        },
        {},
        "species that begin as surnames do",
    ),
    _case(
        "seats of companies in Taiwan",
        {
            "公司": lambda d: d.of(["台塑", "長榮", "陽明"]) + str(d.whole(1, 90)),
            "公司地址": lambda d: f"{_street(d)}{d.whole(1, 300)}號{d.whole(2, 14)}樓",
        },
        {},
        "the header says whose seat it is",
    ),
)

CASES = (*_PERSONS, *_HARMLESS)

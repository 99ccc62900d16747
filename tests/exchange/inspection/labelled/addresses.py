"""Addresses where people live, seats of companies, and other things called addresses."""

from __future__ import annotations

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import STREETS, Draw

HOME = certain("address")


def _village(d: Draw) -> str:
    town = d.of(["涛雒镇", "石臼街道", "两城镇"])
    village = d.of(["东", "西", "南"]) + d.of(["河", "湖", "林"])
    return f"山东省日照市东港区{town}{village}村{d.whole(1, 400)}号"


def _english(d: Draw) -> str:
    door = f"Room {d.whole(101, 2804)}, Building {d.whole(1, 30)}"
    return f"{door}, {d.whole(1, 300)} {d.of(['Songling', 'Jiangxi', 'Haier'])} Road, Qingdao"


def _western(d: Draw) -> str:
    street = f"{d.whole(1, 999)} {d.of(['Oak', 'Maple', 'Cedar'])} Street"
    return f"{street}, Apt {d.whole(1, 99)}, Springfield"


def _seat(d: Draw) -> str:
    return f"{d.of(['青岛市崂山区', '上海市浦东新区'])}{d.of(STREETS)}路{d.whole(1, 300)}号"


CASES = (
    *(
        Case(
            f"addresses of homes under {header}",
            "I-01: street, house and door of a home lead to those who live there",
            BLOCK,
            lambda d, header=header: {header: d.each(d.address), "n": d.count()},  # type: ignore[misc]
            {header: HOME},
        )
        for header in ("家庭住址", "住址", "地址", "dizhi", "home_address", "address", "c6")
    ),
    Case(
        "addresses of homes without province",
        "I-01: a door in a street of a district is a home's",
        BLOCK,
        lambda d: {"收货地址": d.each(lambda: d.address()[6:]), "n": d.count()},
        {"收货地址": HOME},
    ),
    Case(
        "addresses in villages",
        "I-01: a house in a village under a header for homes",
        BLOCK,
        lambda d: {"户籍地址": d.each(lambda: _village(d)), "n": d.count()},
        {"户籍地址": HOME},
    ),
    Case(
        "addresses of homes in English",
        "I-01: room, building and road under a header for homes",
        BLOCK,
        lambda d: {"home address": d.each(lambda: _english(d)), "n": d.count()},
        {"home address": HOME},
    ),
    Case(
        "addresses of homes overseas",
        "I-01: house, street and flat under a header for homes",
        BLOCK,
        lambda d: {"residential_address": d.each(lambda: _western(d)), "n": d.count()},
        {"residential_address": HOME},
    ),
    Case(
        "addresses of homes in Parquet",
        "I-01: an address in another format",
        BLOCK,
        lambda d: Made({"住址": d.each(d.address), "n": d.count()}, suffix=".parquet"),
        {"住址": HOME},
    ),
    Case(
        "addresses of homes in one of ten rows",
        "I-01: what is filled is where somebody lives",
        BLOCK,
        lambda d: {"家庭住址": d.sparse(d.address, 0.1), "n": d.count()},
        {"家庭住址": HOME},
        rows=600,
    ),
    Case(
        "addresses of homes cut after the street",
        "I-10: masked behind the street under a header for homes",
        ATTEST,
        lambda d: {
            "家庭住址": d.each(lambda: d.address().split("路")[0] + "路****"),
            "n": d.count(),
        },
        {"家庭住址": reported("address")},
    ),
    Case(
        "seats of companies",
        "I-01: where a company sits is published",
        PASS,
        lambda d: {"企业名称": d.each(d.company), "注册地址": d.each(lambda: _seat(d))},
    ),
    Case(
        "addresses of stations",
        "I-01: a station lives nowhere",
        PASS,
        lambda d: {
            "站点地址": d.each(
                lambda: f"山东省青岛市崂山区{d.of(['小麦岛', '石老人', '大河东'])}海洋站"
            )
        },
    ),
    Case(
        "towns and districts",
        "I-01: down to the district and no further",
        PASS,
        lambda d: {"地区": d.each(lambda: d.address().split("区")[0] + "区"), "产量": d.count()},
    ),
    Case(
        "addresses of registers",
        "I-10: address is a word of engineers, too",
        PASS,
        lambda d: {"address": d.each(lambda: f"0x{d.hexadecimal(8)}"), "value": d.count()},
    ),
    Case(
        "addresses of machines in private networks",
        "I-10: 10.x.x.x is a machine of the network at sea",
        PASS,
        lambda d: {
            "address": d.each(lambda: f"10.{d.whole(0, 255)}.{d.whole(0, 255)}.{d.whole(1, 254)}"),
            "n": d.count(),
        },
    ),
    Case(
        "addresses of network cards of buoys",
        "I-10: a device's own number, and the device drifts",
        PASS,
        lambda d: {"mac_address": d.each(lambda: ":".join(d.hexadecimal(2) for _ in range(6)))},
    ),
    Case(
        "ports and berths",
        "I-01: a berth is a place for ships",
        PASS,
        lambda d: {
            "泊位": d.each(lambda: f"{d.of(['前湾', '董家口', '大港'])}港区{d.whole(1, 90)}号泊位")
        },
    ),
    Case(
        "sea areas",
        "I-01: 黄海中部 is water",
        PASS,
        lambda d: {
            "海域": d.each(lambda: d.of(["黄海北部", "黄海中部", "东海北部", "渤海湾"])),
            "浪高": d.count(),
        },
    ),
    Case(
        "ranges of cells in spreadsheets",
        "I-10: an address of a cell",
        PASS,
        lambda d: {
            "cell_address": d.each(lambda: f"{d.letters(1)}{d.whole(1, 99)}"),
            "n": d.count(),
        },
    ),
    Case(
        "kilometre marks of roads",
        "I-01: a mark on a motorway is no home",
        PASS,
        lambda d: {
            "位置": d.each(lambda: f"G15沈海高速K{d.whole(1, 900)}+{d.whole(0, 999):03}"),
            "n": d.count(),
        },
    ),
)

"""Whole tables as people bring them: rosters, orders and manifests, and the sea's own."""

from __future__ import annotations

import math
from collections.abc import Callable

from tests.exchange.inspection.labelled.case import (
    BLOCK,
    PASS,
    Case,
    Columns,
    Made,
    certain,
)
from tests.exchange.inspection.labelled.draw import Draw

ID, PHONE, CARD, MAIL = map(certain, ("resident_id", "mobile", "bank_card", "email"))
NAME, HOME, HEALTH = map(certain, ("person_name", "address", "health"))
PASSPORT, PLATE, CODE = map(certain, ("passport", "plate", "credit_code"))


def _clean(name: str, why: str, build: Callable[[Draw], Made | Columns], rows: int = 300) -> Case:
    return Case(name, why, PASS, build, rows=rows)


_PERSONS = (
    Case(
        "a roster of a ranch",
        "I-09: ids and telephones of a staff with their names",
        BLOCK,
        lambda d: {
            "工号": d.count(1001),
            "姓名": d.each(d.name),
            "身份证号": d.each(d.resident_id),
            "手机": d.each(d.mobile),
            "岗位": d.each(lambda: d.of(["投喂", "潜水", "维修"])),
        },
        {"姓名": NAME, "身份证号": ID, "手机": PHONE},
    ),
    Case(
        "orders of a shop",
        "I-09: who bought, where to, and how to call",
        BLOCK,
        lambda d: {
            "订单号": [f"DD20240301{n:06}" for n in d.count()],
            "收货人": d.each(d.name),
            "电话": d.each(d.mobile),
            "地址": d.each(d.address),
            "金额": d.each(lambda: d.number(9, 900)),
        },
        {"收货人": NAME, "电话": PHONE, "地址": HOME},
    ),
    Case(
        "a manifest of passengers",
        "I-09: names and passports of those on board",
        BLOCK,
        lambda d: {
            "cabin": d.each(lambda: f"{d.whole(3, 9)}{d.digits(3)}"),
            "passenger_name": d.each(d.name_en),
            "passport_no": d.each(d.passport),
            "nationality": d.each(lambda: d.of(["CHN", "USA", "KOR"])),
        },
        {"passenger_name": NAME, "passport_no": PASSPORT},
    ),
    Case(
        "payments of wages",
        "I-09: cards and names of those paid",
        BLOCK,
        lambda d: {
            "姓名": d.each(d.name),
            "银行卡": d.each(d.card),
            "实发": d.each(lambda: d.number(3000, 9000)),
        },
        {"姓名": NAME, "银行卡": CARD},
    ),
    Case(
        "guests of a hotel",
        "I-09: names, documents and plates of guests",
        BLOCK,
        lambda d: {
            "房号": d.each(lambda: d.digits(4)),
            "客人姓名": d.each(d.name),
            "证件": d.each(d.resident_id),
            "车牌": d.sparse(d.plate, 0.4),
        },
        {"客人姓名": NAME, "证件": ID, "车牌": PLATE},
    ),
    Case(
        "patients of a clinic",
        "I-09: names and telephones beside diagnoses (I-03)",
        BLOCK,
        lambda d: {
            "门诊号": d.count(70_001),
            "患者姓名": d.each(d.name),
            "联系电话": d.each(d.mobile),
            "诊断": d.each(lambda: d.of(["高血压", "肺炎", "骨折"])),
        },
        {"患者姓名": NAME, "联系电话": PHONE, "诊断": HEALTH},
        rows=90,
    ),
    Case(
        "pupils with their parents",
        "I-01: names of children and how to call their parents (I-04 asks for guardians)",
        BLOCK,
        lambda d: {
            "学号": d.count(20240001),
            "学生姓名": d.each(d.name),
            "家长手机": d.each(d.mobile),
            "班级": d.each(lambda: f"{d.whole(1, 6)}年级"),
        },
        {"学生姓名": NAME, "家长手机": PHONE},
        rows=120,
    ),
    Case(
        "customers of a bank in English",
        "I-09: names, mailboxes and cards",
        BLOCK,
        lambda d: {
            "customer": d.each(d.name_en),
            "email": d.each(d.mailbox),
            "card_number": d.each(lambda: d.card(16)),
            "balance": d.each(lambda: d.number(0, 90000)),
        },
        {"customer": NAME, "email": MAIL, "card_number": CARD},
    ),
    Case(
        "owners of boats",
        "I-09: a register of boats with those who own them",
        BLOCK,
        lambda d: {
            "船名号": d.each(lambda: f"鲁青渔{d.digits(5)}"),
            "所有人": d.each(d.name),
            "身份证号码": d.each(d.resident_id),
            "主机功率": d.each(lambda: d.number(20, 400)),
        },
        {"所有人": NAME, "身份证号码": ID},
    ),
    Case(
        "suppliers with contacts",
        "I-09: companies, and the persons to call there",
        BLOCK,
        lambda d: {
            "供应商": d.each(d.company),
            "统一社会信用代码": d.each(d.credit_code),
            "联系人": d.each(d.name),
            "联系人手机": d.each(d.mobile),
        },
        {"统一社会信用代码": CODE, "联系人": NAME, "联系人手机": PHONE},
    ),
    Case(
        "measurements with the name of whoever took them",
        "I-01: an observer is a person, however marine the table",
        BLOCK,
        lambda d: {
            "时间": d.hours(),
            "观测员": d.distinct(d.name, 6),
            "水温": d.each(lambda: d.number(2, 28)),
            "盐度": d.each(lambda: d.number(28, 34)),
        },
        {"观测员": NAME},
    ),
    Case(
        "forty columns of the sea and one of resident ids",
        "I-09: a column is judged for itself, the fortieth like the first",
        BLOCK,
        lambda d: {
            **{f"v{n:02}": d.each(lambda: d.number(-5, 5, 3)) for n in range(40)},
            "v40": d.each(d.resident_id),
        },
        {"v40": ID},
    ),
)

_SEA = (
    _clean(
        "currents of an HF radar",
        "I-11: a grid, a time and two components",
        lambda d: {
            "time": d.hours(),
            "lon": d.each(lambda: d.number(120, 121, 4)),
            "lat": d.each(lambda: d.number(35, 36, 4)),
            "u_cm_s": d.each(lambda: d.number(-90, 90, 3)),
            "v_cm_s": d.each(lambda: d.number(-90, 90, 3)),
            "gdop": d.each(lambda: d.number(0.7, 3, 2)),
        },
    ),
    _clean(
        "a table of tides",
        "I-09: times and heights of high water",
        lambda d: {
            "日期": d.hours(minutes=370),
            "潮高_cm": d.each(lambda: d.whole(20, 480)),
            "高低": [("高潮", "低潮")[n % 2] for n in d.count()],
        },
    ),
    _clean(
        "a buoy's year",
        "I-09: hours, degrees and metres",
        lambda d: {
            "time": d.hours(),
            "wave_height": d.each(lambda: d.number(0, 6)),
            "period": d.each(lambda: d.number(2, 14, 1)),
            "sst": [round(15 + 10 * math.sin(n / 1400), 2) for n in d.count()],
            "battery": d.each(lambda: d.number(11, 14)),
        },
        rows=3_000,
    ),
    _clean(
        "a cast of a CTD",
        "I-09: pressure, temperature and conductivity",
        lambda d: {
            "pressure": d.count(),
            "temperature": d.each(lambda: d.number(2, 28, 4)),
            "conductivity": d.each(lambda: d.number(3, 6, 5)),
        },
    ),
    _clean(
        "a list of vessels",
        "I-09: MMSI, IMO and call sign name ships",
        lambda d: {
            "mmsi": d.each(lambda: f"412{d.digits(6)}"),
            "imo": d.each(lambda: f"9{d.digits(6)}"),
            "callsign": d.each(lambda: f"B{d.letters(3)}"),
            "length": d.each(lambda: d.number(20, 400, 1)),
        },
    ),
    _clean(
        "feeding of cages",
        "I-09: cages, kilograms and times",
        lambda d: {
            "网箱": d.each(lambda: f"W{d.whole(1, 40):02}"),
            "时间": d.hours(minutes=240),
            "投喂量": d.each(lambda: d.number(10, 200)),
            "备注": d.each(d.remark),
        },
    ),
    _clean(
        "catches by port and month",
        "I-09: sums of ports",
        lambda d: {
            "港口": d.each(lambda: d.of(["沙子口", "积米崖", "鳌山卫"])),
            "月份": d.each(lambda: d.whole(1, 12)),
            "渔获_吨": d.each(lambda: d.number(1, 900)),
        },
    ),
    _clean(
        "soundings of a port",
        "I-09: easting, northing and depth with millimetres",
        lambda d: {
            "x": d.each(lambda: d.number(40_510_000, 40_590_000, 3)),
            "y": d.each(lambda: d.number(3_980_000, 3_999_000, 3)),
            "depth": d.each(lambda: d.number(3, 25, 3)),
        },
    ),
    _clean(
        "a forecast of waves",
        "I-09: areas, times and heights",
        lambda d: {
            "海区": d.each(lambda: d.of(["黄海中部", "青岛近海"])),
            "起报": d.hours(),
            "浪高": d.each(lambda: d.number(0, 5, 1)),
        },
    ),
    _clean(
        "samples of water with bottles",
        "I-09: numbers of bottles and stations with measured nutrients",
        lambda d: {
            "bottle_id": d.each(lambda: f"2024QD{d.digits(8)}"),
            "no3": d.each(lambda: d.number(0, 30, 3)),
            "po4": d.each(lambda: d.number(0, 3, 4)),
        },
    ),
    _clean(
        "prices of fish",
        "I-09: goods, days and yuan",
        lambda d: {
            "品名": d.each(lambda: d.of(["带鱼", "鲅鱼", "小黄花", "对虾"])),
            "日期": d.hours(minutes=1_440),
            "价格": d.each(lambda: d.number(9, 90)),
        },
    ),
    _clean(
        "a grid in Parquet",
        "I-09: numbers of a model",
        lambda d: Made(
            {
                "step": d.count(),
                "lon": d.each(lambda: d.number(119, 123, 5)),
                "lat": d.each(lambda: d.number(35, 39, 5)),
                "zeta": d.each(lambda: d.number(-3, 3, 6)),
            },
            suffix=".parquet",
        ),
        rows=2_000,
    ),
    _clean(
        "instruments with serial numbers and dates of calibration",
        "I-10: serial numbers name instruments",
        lambda d: {
            "型号": d.each(lambda: d.of(["SBE 37", "RDI 300k"])),
            "序列号": d.each(lambda: f"37-{d.digits(5)}"),
            "检定日期": d.each(lambda: d.day(2020, 2024).isoformat()),
        },
    ),
    _clean(
        "flags of quality",
        "I-09: single digits",
        lambda d: {f"qc_{n}": d.each(lambda: d.of([1, 1, 1, 2, 3, 4, 9])) for n in range(6)},
    ),
    _clean(
        "nothing but empty cells and one number",
        "I-09: emptiness identifies nobody",
        lambda d: {"value": d.count(), "手机号": [None] * d.rows, "身份证号": [None] * d.rows},
    ),
    _clean(
        "a file of one row",
        "I-09: one measurement",
        lambda _: {"time": ["2024-03-01 00:00:00"], "sst": [7.2]},
        rows=1,
    ),
    _clean(
        "a hundred thousand measurements",
        "I-09: a long file of numbers",
        lambda d: {
            "ts": d.count(1_709_251_200_000, 60_000),
            "sst": d.each(lambda: d.number(2, 28, 3)),
            "seq": d.count(10_000_000_000),
        },
        rows=100_000,
    ),
)

CASES = (*_PERSONS, *_SEA)

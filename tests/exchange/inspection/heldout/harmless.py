"""Tables about nobody: numbers, words and places that look like persons and are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stdnum import luhn

from tests.exchange.inspection.heldout.table import Table, table
from tests.exchange.inspection.heldout.values import (
    COUNTIES,
    base64_of,
    credit_code,
    nested,
    sha256_of,
)
from tests.exchange.inspection.labelled.case import Cell, Made, certain
from tests.exchange.inspection.labelled.draw import Draw

CODE: Final = certain("credit_code")
Value = Callable[[Draw], Cell]


def _clean(words: str, header: str, why: str, value: Value, rows: int = 240) -> Table:
    """Return a table of a time, one column that may deceive, and a measurement."""
    return table(
        words,
        why,
        lambda d: {
            "记录时间": d.hours(),
            header: d.each(lambda: value(d)),
            "读数": d.each(lambda: d.number(0, 60)),
        },
        rows=rows,
    )


def _words(words: str, header: str, why: str, *values: str) -> Table:
    return _clean(words, header, why, lambda d: d.of(values))


def _with_luhn(d: Draw, head: str, length: int) -> str:
    body = head + d.digits(length - len(head) - 1, "0123456789")
    return body + luhn.calc_check_digit(body)


NUMBERS: Final = (
    _clean(
        "random serials of eighteen digits",
        "流水号",
        "I-09: chance alone",
        lambda d: d.digits(18),
        20_000,
    ),
    _clean(
        "random serials of nineteen digits",
        "trace_no",
        "I-09: Luhn holds in one of ten",
        lambda d: d.digits(19),
        20_000,
    ),
    _clean(
        "random serials of sixteen digits",
        "sn",
        "I-09: Luhn holds in one of ten",
        lambda d: d.digits(16),
        5_000,
    ),
    _clean(
        "serials of a county and a day",
        "受理编号",
        "I-09: the check character holds in one of eleven, which is chance",
        lambda d: f"{d.of(COUNTIES)}{d.day(2015, 2024):%Y%m%d}{d.digits(4, '0123456789')}",
    ),
    _clean(
        "electronic invoices of twenty digits",
        "数电发票号码",
        "I-09: twenty digits are no card and no citizen",
        lambda d: "25" + d.digits(18, "0123456789"),
    ),
    _clean(
        "paper invoices",
        "发票号码",
        "I-10: eight digits of an invoice",
        lambda d: d.digits(8, "0123456789"),
    ),
    _clean(
        "SIM cards of buoys",
        "iccid",
        "I-09: 8986 is a chip of a buoy, though it has nineteen digits",
        lambda d: "8986" + d.digits(15, "0123456789"),
    ),
    _clean(
        "modems of buoys",
        "浮标通信模块IMEI",
        "I-09: fifteen digits with Luhn name a modem at sea, and no bank issues fifteen of them",
        lambda d: _with_luhn(d, "86", 15),
    ),
    _clean("books", "isbn", "I-09: 978 is a book", lambda d: "9787" + d.digits(9, "0123456789")),
    _clean(
        "goods",
        "条码",
        "I-09: 69 is a good made in China",
        lambda d: "69" + d.digits(11, "0123456789"),
    ),
    _clean(
        "cartons",
        "gtin14",
        "I-09: fourteen digits name a carton",
        lambda d: "1" + d.digits(13, "0123456789"),
    ),
    _clean(
        "containers",
        "箱号",
        "I-10: four letters and seven digits are a box",
        lambda d: f"{d.letters(3)}U{d.digits(7)}",
    ),
    _clean("ships by IMO", "imo", "I-10: seven digits name a hull", lambda d: "IMO" + d.digits(7)),
    _clean(
        "call signs", "呼号", "I-10: a station at sea", lambda d: f"B{d.letters(3)}{d.whole(2, 9)}"
    ),
    _clean("waybills", "快递单号", "I-10: a parcel is no person", lambda d: "YT" + d.digits(13)),
    _clean(
        "waybills of twelve digits",
        "运单",
        "I-09: twelve digits are no telephone",
        lambda d: d.digits(12),
    ),
    _clean(
        "customs codes",
        "hs_code",
        "I-10: ten digits name goods",
        lambda d: "0302" + d.digits(6, "0123456789"),
    ),
    _clean("seals", "铅封号", "I-10: a seal on a box", lambda d: "CN" + d.digits(7)),
    _clean(
        "microseconds since 1970",
        "ts_us",
        "I-09: sixteen digits of time",
        lambda d: 1_700_000_000_000_000 + d.whole(0, 10**13),
    ),
    _clean(
        "nanoseconds since 1970",
        "epoch_ns",
        "I-09: nineteen digits of time",
        lambda d: 1_700_000_000_000_000_000 + d.whole(0, 10**16),
    ),
    _clean(
        "moments in fourteen digits",
        "采集时刻",
        "I-09: a moment",
        lambda d: (
            f"{d.day(2020, 2024):%Y%m%d}{d.whole(0, 23):02}{d.whole(0, 59):02}{d.whole(0, 59):02}"
        ),
    ),
    _clean(
        "days in eight digits",
        "ymd",
        "I-10: a day is no permit",
        lambda d: f"{d.day(2020, 2024):%Y%m%d}",
    ),
    _clean(
        "pressures of eleven digits",
        "pressure_mPa",
        "I-10: the header names a quantity",
        lambda d: d.whole(10**10, 9 * 10**10),
    ),
    _clean(
        "doubles around 1.4E10",
        "flux",
        "I-09: digits behind the point are a measurement",
        lambda d: d.number(1.3e10, 1.9e10, 3),
    ),
    _clean(
        "counters of eleven digits from 2E10",
        "累计脉冲",
        "I-09: no mobile number begins with 2",
        lambda d: 20_000_000_000 + d.whole(0, 9_000_000),
    ),
    _clean(
        "codes of stations of five digits",
        "区站号",
        "I-10: a station",
        lambda d: "54" + d.digits(3),
    ),
    _clean(
        "digests of files",
        "sha256",
        "I-08: a digest of a file is no pseudonym",
        lambda d: sha256_of(str(d.whole(0, 10**12))),
    ),
    _clean("commits", "commit", "I-08: a commit is nobody", lambda d: d.hexadecimal(40)),
    _clean(
        "UUIDs of requests",
        "request_id",
        "I-10: a request is nobody",
        lambda d: (
            f"{d.hexadecimal(8)}-{d.hexadecimal(4)}-4{d.hexadecimal(3)}-a{d.hexadecimal(3)}-{d.hexadecimal(12)}"
        ),
    ),
    _clean(
        "hotlines",
        "客服热线",
        "I-09: 400 and 95 are companies",
        lambda d: d.of(["400-8", "400-6"]) + d.digits(2) + "-" + d.digits(4),
    ),
    _clean(
        "fixed lines of harbours",
        "值班室电话",
        "I-09: a fixed line is an office's",
        lambda d: f"0574-8{d.digits(7)}",
    ),
    _clean("area codes", "区号", "I-09: a code is a town's", lambda d: "0" + d.digits(3)),
    _clean(
        "issuers of cards with their banks",
        "卡BIN",
        "I-09: six digits name a bank",
        lambda d: "62" + d.digits(4),
    ),
    _clean(
        "parts of engines",
        "件号",
        "I-10: letters from A to Z in front are no passport's",
        lambda d: d.letters(1) + d.digits(8),
    ),
    _clean(
        "lots of vaccines",
        "batch",
        "I-10: a lot",
        lambda d: f"{d.day(2022, 2024):%Y%m}{d.digits(3)}",
    ),
    _clean("sums in fen", "金额_分", "I-09: money", lambda d: d.whole(10**9, 10**12)),
    _clean(
        "versions",
        "firmware",
        "I-10: a version",
        lambda d: f"{d.whole(1, 9)}.{d.whole(0, 20)}.{d.whole(0, 400)}",
    ),
    _clean(
        "machines by IPv6",
        "ipv6",
        "I-10: a machine of a network at sea",
        lambda d: f"fd00::{d.hexadecimal(4)}:{d.hexadecimal(4)}",
    ),
    _clean(
        "doi",
        "doi",
        "I-10: a paper",
        lambda d: f"10.5194/os-{d.whole(1, 20)}-{d.whole(1, 2000)}-2024",
    ),
)

WORDS: Final = (
    _words(
        "places that begin with families",
        "地名",
        "I-01: places, as the header says",
        "石家庄",
        "张掖",
        "高邮",
        "黄骅",
        "马尾",
        "安庆",
        "温岭",
        "江阴",
        "金华",
        "龙口",
    ),
    _words(
        "ports that begin with families",
        "港口",
        "I-01: ports",
        "连云港",
        "黄埔",
        "洋浦",
        "龙口",
        "石岛",
        "马尾",
        "金塘",
        "秦皇岛",
    ),
    _words(
        "typhoons",
        "台风名称",
        "I-01: 杜苏芮 is a storm",
        "杜苏芮",
        "海葵",
        "苏拉",
        "卡努",
        "泰利",
        "梅花",
        "轩岚诺",
    ),
    _words(
        "roads named after persons",
        "道路",
        "I-01: 张自忠路 is a road",
        "张自忠路",
        "中山路",
        "赵登禹路",
        "佟麟阁路",
    ),
    _words(
        "schools named after persons",
        "学校名称",
        "I-01: a school",
        "李四光中学",
        "陶行知小学",
        "王淦昌中学",
        "钱学森学校",
    ),
    _words(
        "brands named after persons",
        "商标",
        "I-01: 王老吉 is a drink",
        "王老吉",
        "李锦记",
        "周黑鸭",
        "张裕",
        "马应龙",
        "陈克明",
    ),
    _words(
        "fish of two and three characters",
        "鱼种",
        "I-01: fish",
        "黄姑鱼",
        "石斑鱼",
        "马面鲀",
        "金枪鱼",
        "方头鱼",
        "龙利鱼",
        "白姑鱼",
    ),
    _words(
        "dishes", "菜名", "I-01: 宋嫂鱼羹 is a dish", "宋嫂鱼羹", "毛氏红烧肉", "东坡肉", "夫妻肺片"
    ),
    _words(
        "quantities",
        "要素",
        "I-01: 高程 and 温度 are quantities",
        "高程",
        "温度",
        "方向",
        "范围",
        "余量",
        "时间",
        "金额",
        "龙骨",
    ),
    _words(
        "departments",
        "部门",
        "I-01: a department",
        "计划部",
        "安全环保处",
        "金融办",
        "康复科",
        "石油组",
    ),
    _words("posts", "岗位", "I-01: a post is nobody", "船长", "轮机长", "大副", "水手", "厨师"),
    _words(
        "countries that are given names",
        "country",
        "I-01: countries",
        "Jordan",
        "Chad",
        "Georgia",
        "Cuba",
        "Israel",
    ),
    _words(
        "towns that are given names",
        "city",
        "I-01: towns",
        "Austin",
        "Charlotte",
        "Madison",
        "Jackson",
        "Lincoln",
        "Florence",
    ),
    _words(
        "units named after persons",
        "unit_name",
        "I-01: units",
        "Kelvin",
        "Pascal",
        "Newton",
        "Joule",
        "Watt",
        "Hertz",
    ),
    _words(
        "methods named after persons",
        "method",
        "I-01: methods",
        "Gauss-Seidel",
        "Runge-Kutta",
        "Kalman",
        "Newton",
        "Jacobi",
    ),
    _words(
        "makers of cars",
        "brand",
        "I-01: makers",
        "Ford",
        "Tesla",
        "Mercedes",
        "Chevrolet",
        "Bentley",
    ),
    _words(
        "seas",
        "sea",
        "I-01: water",
        "Barents Sea",
        "Bering Sea",
        "Ross Sea",
        "Weddell Sea",
        "Scott Reef",
    ),
    _words(
        "drifters with names",
        "glider_name",
        "I-01: a glider",
        "Amelia",
        "Bluebird",
        "Petrel",
        "Neptune",
        "Triton",
    ),
    _words(
        "companies",
        "企业名称",
        "I-01: companies",
        "宁波远洋运输有限公司",
        "舟山海通物流有限公司",
        "厦门港务集团",
    ),
    _words(
        "seats of companies",
        "注册地址",
        "I-01: where a company sits is published",
        "浙江省宁波市北仑区明州路301号",
        "福建省厦门市湖里区东渡路99号",
        "浙江省舟山市定海区临城街道8号",
    ),
    _words("berths", "泊位", "I-01: a place for ships", "3号泊位", "矿石码头2#", "集装箱12泊位"),
    _words(
        "places of stations",
        "站址",
        "I-01: a station lives nowhere",
        "大戢山",
        "嵊山岛东侧",
        "镇海炼化码头前沿",
    ),
    _words("levels all public", "密级", "D-04: 公开 is the contrary of secret", "公开"),
    _words(
        "a technology",
        "技术",
        "D-04: 机密计算 is a way of computing",
        "机密计算",
        "可信执行环境",
        "联邦学习",
    ),
    _words("insides", "测点", "D-04: 内部 of a tank", "舱内部", "内部温度", "外壁"),
    _words("how tight", "密封等级", "D-04: a seal", "IP67", "IP68"),
    _words(
        "wrecks and songs",
        "title",
        "D-04: a word in a title",
        "The Secret of the Sea",
        "Secret Garden",
    ),
    _words("diseases of shrimps", "病害", "I-03: a shrimp's", "白斑病", "黄头病", "肝胰腺坏死"),
    _words(
        "faults of engines", "故障诊断", "I-03: 诊断 of an engine", "喷油嘴堵塞", "轴承磨损", "正常"
    ),
    _words("symptoms of cables", "症状", "I-03: a cable's", "绝缘下降", "接头发热", "无"),
    _words(
        "kinds of documents",
        "证件类型",
        "I-10: words for kinds",
        "身份证",
        "护照",
        "港澳通行证",
        "军官证",
    ),
    _words("sex of crabs", "性别", "I-08: a crab's", "雌", "雄"),
    _words(
        "mailboxes of offices",
        "邮箱",
        "I-09: an office's",
        "service@nb-port.cn",
        "duty@nb-port.cn",
        "info@zs-ocean.cn",
        "hr@zs-ocean.cn",
    ),
    _words(
        "mailboxes of robots",
        "sender",
        "I-09: a robot's",
        "no-reply@alerts.example.com",
        "noreply@buoy.example.com",
        "postmaster@example.com",
    ),
    _words(
        "marks in social media",
        "handle",
        "I-09: no host behind it",
        "@ningboport",
        "@oceanwatch",
        "@tides",
    ),
    _words(
        "keys that are public",
        "公钥",
        "F-07: a public key is public",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2u3q5bq1Yx0Zk7m6b8r9s0t1u2v3w4x5y6z7A8B9C0",
    ),
    _words(
        "rules for passwords",
        "密码策略",
        "F-07: a rule is no password",
        "至少12位",
        "90天更换",
        "不得重复",
    ),
    _words("licences", "许可", "I-12: a licence", "CC-BY-4.0", "Apache-2.0"),
)

TRADES: Final = (
    table(
        "drifters",
        "I-11: a float moves with the water and is nobody",
        lambda d: {
            "float_id": d.each(lambda: "F" + d.of("12345")),
            "time": d.hours(),
            "lon": d.each(lambda: d.number(122, 124, 4)),
            "lat": d.each(lambda: d.number(28, 30, 4)),
        },
    ),
    table(
        "satellites over ground",
        "I-11: a satellite is nobody",
        lambda d: {
            "satellite": d.each(lambda: d.of(["HY-1C", "HY-2B", "CFOSAT"])),
            "time": d.hours(),
            "lon": d.each(lambda: d.number(-180, 180, 3)),
            "lat": d.each(lambda: d.number(-80, 80, 3)),
        },
    ),
    table(
        "ferries by the hour",
        "G-10: an hour is coarser than five minutes, and no sensitive water is named",
        lambda d: {
            "ferry": ["甬舟1", "甬舟2"] * (d.rows // 2),
            "time": [each for each in d.hours()[: d.rows // 2] for _ in "ab"],
            "lon": d.each(lambda: d.number(10, 11, 4)),
            "lat": d.each(lambda: d.number(54, 55, 4)),
        },
    ),
    table(
        "docks of bicycles",
        "I-11: a dock stands where it stands",
        lambda d: {
            "站点": d.each(lambda: f"S{d.whole(1, 60):03}"),
            "lon": d.each(lambda: d.number(121, 122, 5)),
            "lat": d.each(lambda: d.number(29, 30, 5)),
            "可借": d.each(lambda: d.whole(0, 30)),
        },
    ),
    table(
        "members with towns once a day",
        "I-11: two decimals are about a kilometre, coarser than 100 m",
        lambda d: {
            "member_id": d.each(lambda: f"M{d.whole(1, 20):02}"),
            "date": d.hours(minutes=1_440),
            "lon": d.each(lambda: d.number(120, 121, 2)),
            "lat": d.each(lambda: d.number(30, 31, 2)),
        },
    ),
    table(
        "inhabitants by age and sex",
        "I-08: a row is a group and not a person",
        lambda d: {
            "年龄组": d.each(lambda: d.of(["0-14", "15-64", "65+"])),
            "性别": d.each(lambda: d.of("男女")),
            "人数": d.each(lambda: d.whole(2_000, 90_000)),
        },
    ),
    table(
        "cases of influenza by county",
        "I-03: counts of a county name no patient",
        lambda d: {
            "county": d.each(lambda: d.of(COUNTIES)),
            "week": d.each(lambda: d.whole(1, 52)),
            "influenza_cases": d.each(lambda: d.whole(0, 900)),
        },
    ),
    table(
        "prices of flats by quarter of a town",
        "I-01: a quarter is no door",
        lambda d: {
            "板块": d.each(lambda: d.of(["江北", "高新区", "东钱湖"])),
            "面积": d.each(lambda: d.number(50, 160, 1)),
            "单价": d.each(lambda: d.whole(9_000, 40_000)),
        },
    ),
    table(
        "meters of wharves",
        "I-10: a meter of a wharf",
        lambda d: {
            "电表资产号": d.each(lambda: "3303" + d.digits(12, "0123456789")),
            "kWh": d.each(lambda: d.number(0, 900)),
        },
    ),
    table(
        "JSON of a radar",
        "I-13: leaves are numbers of a radar",
        lambda d: {
            "t": d.hours(),
            "body": d.each(
                lambda: nested(
                    site="SHEN", range_km=d.number(1, 90), snr=[d.number(0, 40) for _ in range(3)]
                )
            ),
        },
    ),
    table(
        "base64 of pixels",
        "F-07: it decodes to samples and to no text",
        lambda d: {
            "t": d.hours(),
            "chip": d.each(lambda: base64_of("".join(chr(d.whole(0, 255)) for _ in range(90)))),
        },
    ),
    table(
        "remarks of a crane",
        "I-13: boxes, weights and times",
        lambda d: {
            "备注": d.each(
                lambda: f"箱{d.letters(4)}{d.digits(7)}重{d.whole(2, 30)}吨，{d.whole(0, 23)}时起吊"
            ),
        },
    ),
    table(
        "notes with invoices and sums",
        "I-13: runs of digits that fail every check but by chance",
        lambda d: {
            "说明": d.each(
                lambda: f"发票{d.digits(8)}，合同HT{d.digits(10)}，金额{d.whole(1_000, 99_999)}元"
            ),
        },
    ),
    table(
        "a file of an institute",
        "I-12: an institute is no natural person",
        lambda d: Made(
            {"t": d.each(lambda: d.number(2, 28))},
            suffix=".nc",
            attributes={"institution": "Second Institute of Oceanography", "platform": "HF radar"},
        ),
    ),
    table(
        "a file with an office's mailbox",
        "I-12: data@ is an office",
        lambda d: Made(
            {"t": d.each(lambda: d.number(2, 28))},
            suffix=".nc",
            attributes={"creator_email": "data@sio.example.cn", "title": "tides"},
        ),
    ),
    table(
        "a register of companies in GB 18030",
        "P-01: companies are no natural persons",
        lambda d: Made(
            {
                "代码": d.each(lambda: credit_code(d)),
                "注册资本": d.each(lambda: d.whole(10, 90_000)),
            },
            encoding="gb18030",
        ),
        {"代码": CODE},
    ),
    table(
        "a register of companies",
        "P-01: a company is no natural person",
        lambda d: {
            "统一社会信用代码": d.each(lambda: credit_code(d)),
            "成立年份": d.each(lambda: d.whole(1990, 2024)),
        },
        {"统一社会信用代码": CODE},
    ),
    table(
        "integers of eighteen digits in Parquet",
        "I-09: chance alone",
        lambda d: Made(
            {
                "key": [int(d.digits(18)) for _ in range(d.rows)],
                "v": d.each(lambda: d.number(0, 1)),
            },
            suffix=".parquet",
        ),
        rows=10_000,
    ),
)

TABLES: Final = (*NUMBERS, *WORDS, *TRADES)

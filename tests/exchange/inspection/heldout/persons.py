"""Tables about persons: identifiers in other dress, in other trades, whole and in pieces."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable
from typing import Final

from tests.exchange.inspection.heldout.table import Table, table
from tests.exchange.inspection.heldout.values import (
    DOUBLE,
    GIVEN,
    base64_of,
    card,
    credit_code,
    home,
    mailbox,
    mobile,
    name,
    nested,
    plate,
    resident_id,
    sha256_of,
    western,
    wrong_id,
)
from tests.exchange.inspection.labelled.case import (
    METADATA,
    QUASI,
    TABLE,
    Cell,
    Label,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw, full_width

ID, PHONE, CARD, MAIL = map(certain, ("resident_id", "mobile", "bank_card", "email"))
NAME, HOME, HEALTH = map(certain, ("person_name", "address", "health"))
PASSPORT, PERMIT, PLATE = map(certain, ("passport", "permit", "plate"))
CODE, TRACE, BODY = map(certain, ("credit_code", "trace", "biometric"))
SECRET, MARK, PLACE = map(certain, ("credential", "secrecy_mark", "coordinates"))


def _column(
    words: str, why: str, header: str, value: Callable[[Draw], Cell], label: Label
) -> Table:
    """Return a table of a count, a sum and one column that matters."""
    return table(
        words,
        why,
        lambda d: {
            "序号": d.count(),
            header: d.each(lambda: value(d)),
            "金额": d.each(lambda: d.number(3, 9_000)),
        },
        {header: label},
    )


_ID_HEADERS: Final = (
    *("公民身份号码", "证件号码", "idcard", "cert_no", "sfzh", "投保人证件号", "纳税人识别号"),
    *("applicant_id_number", "ZJHM", "被保险人身份证件号", "holder"),
)
_PHONE_HEADERS: Final = (
    *("lxdh", "主叫号码", "msisdn", "收件人电话", "contact_no", "bind_phone", "紧急联系电话"),
    *("注册手机", "WhatsApp", "tel_2"),
)
_NAME_HEADERS: Final = (
    *("经办人", "申请人", "投保人", "户主", "收件人", "法定代表人", "学员姓名", "养殖户主姓名"),
    *("患者", "借阅人"),
)
_WESTERN_HEADERS: Final = (
    "employee",
    "patient_name",
    "payee",
    "guest",
    "student",
    "contact_person",
)
_HOME_HEADERS: Final = ("户籍地址", "现住址", "delivery_address", "mailing_address", "派送地址")
_SPELT: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("with a blank between its parts", lambda v: f"{v[:6]} {v[6:14]} {v[14:]}"),
    ("with hyphens", lambda v: f"{v[:6]}-{v[6:14]}-{v[14:]}"),
    ("in lower case", str.lower),
    ("behind the apostrophe of a spreadsheet", lambda v: f"'{v}"),
    ("in full width", full_width),
    ("between blanks", lambda v: f"  {v} "),
    ("behind a colon", lambda v: f"身份证:{v}"),
)
_DIALLED: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("in threes and fours", lambda v: f"{v[:3]} {v[3:7]} {v[7:]}"),
    ("with the country in brackets", lambda v: f"(+86){v}"),
    ("with the country's digits", lambda v: f"0086{v}"),
    ("with country and hyphens", lambda v: f"+86-{v[:3]}-{v[3:7]}-{v[7:]}"),
    ("in full width", full_width),
    ("as a double", lambda v: f"{v}.0"),
)


def _instants(d: Draw, minutes: float) -> list[str]:
    first = dt.datetime(2025, 6, 1, 6)  # noqa: DTZ001 - as a logger writes it
    return [(first + dt.timedelta(minutes=minutes * row)).isoformat(" ") for row in range(d.rows)]


def _way(
    d: Draw, key: str, kind: str, minutes: float = 5, places: int = 5
) -> dict[str, list[Cell]]:
    """Walk a handful of subjects about a town."""
    subjects = [f"{kind}{d.digits(5)}" for _ in range(6)]
    where = {each: (d.number(118, 121, 5), d.number(29, 31, 5)) for each in subjects}
    rows = []
    for step in range(d.rows):
        who = subjects[step % len(subjects)]
        lon, lat = where[who]
        where[who] = (lon + d.number(-0.002, 0.002, 5), lat + d.number(-0.002, 0.002, 5))
        rows.append((who, round(where[who][0], places), round(where[who][1], places)))
    return {
        key: [row[0] for row in rows],
        "gps_time": [*_instants(d, minutes)],
        "lng": [row[1] for row in rows],
        "lat": [row[2] for row in rows],
    }


def _in_three(d: Draw) -> dict[str, list[str]]:
    whole = d.each(lambda: resident_id(d))
    return {
        "证件号前6位": [each[:6] for each in whole],
        "证件号中8位": [each[6:14] for each in whole],
        "证件号后4位": [each[14:] for each in whole],
    }


IDENTIFIERS: Final = (
    *(
        _column(
            f"citizens' numbers under {h}", "I-09: GB 11643 holds in every cell", h, resident_id, ID
        )
        for h in _ID_HEADERS
    ),
    *(
        _column(
            f"a citizen's number {how}",
            "I-09: GB 11643 holds once the spelling is undone",
            "身份证号码",
            lambda d, spelt=spelt: spelt(resident_id(d)),  # type: ignore[misc]
            ID,
        )
        for how, spelt in _SPELT
    ),
    *(
        _column(
            f"mobile numbers under {h}",
            "I-09: every cell lies in a range of the numbering plan",
            h,
            mobile,
            PHONE,
        )
        for h in _PHONE_HEADERS
    ),
    *(
        _column(
            f"a mobile number {how}",
            "I-09: the numbering plan holds once the spelling is undone",
            "联系电话",
            lambda d, spelt=spelt: spelt(mobile(d)),  # type: ignore[misc]
            PHONE,
        )
        for how, spelt in _DIALLED
    ),
    *(
        _column(
            f"bank cards of {length} digits under {h}",
            "I-09: issuer and Luhn hold in every cell",
            h,
            lambda d, length=length: card(d, length),  # type: ignore[misc]
            CARD,
        )
        for h, length in (
            ("收款账号", 19),
            ("卡号", 16),
            ("bank_acct", 19),
            ("代发账户", 19),
            ("refund_card", 16),
            ("payee_account", 16),
        )
    ),
    _column(
        "bank cards in groups of four",
        "I-09: issuer and Luhn hold once the blanks are out",
        "银行账号",
        lambda d: " ".join(textwrap.wrap(card(d), 4)),
        CARD,
    ),
    _column(
        "passports of guests",
        "I-09: E and eight digits under their header",
        "护照号码",
        lambda d: "E" + d.digits(8, "0123456789"),
        PASSPORT,
    ),
    _column(
        "passports of travellers in English",
        "I-09: E, a letter and seven digits under their header",
        "passport_number",
        lambda d: "E" + d.of("ABCDEFGH") + d.digits(7, "0123456789"),
        PASSPORT,
    ),
    _column(
        "permits of residents of Hong Kong",
        "I-09: H or M and eight digits under their header",
        "回乡证号",
        lambda d: d.of("HM") + d.digits(8, "0123456789"),
        PERMIT,
    ),
    *(
        _column(
            f"plates {how}",
            "I-01: a plate leads to its holder",
            h,
            lambda d, spelt=spelt: spelt(plate(d)),  # type: ignore[misc]
            PLATE,
        )
        for how, h, spelt in (
            ("at the gate", "进场车牌", str),
            ("with a dot", "号牌号码", lambda v: f"{v[:2]}·{v[2:]}"),
            ("with a blank", "license_plate", lambda v: f"{v[:2]} {v[2:]}"),
            ("with a hyphen", "vehicle_plate", lambda v: f"{v[:2]}-{v[2:]}"),
        )
    ),
    *(
        _column(f"own mailboxes under {h}", "I-09: a person's own mailbox", h, mailbox, MAIL)
        for h in ("email_addr", "账号", "login", "抄送", "电子邮件")
    ),
    *(
        _column(
            f"Chinese names under {h}",
            "I-01: the header says persons and surnames bear it out",
            h,
            name,
            NAME,
        )
        for h in _NAME_HEADERS
    ),
    *(
        _column(
            f"English names under {h}",
            "I-01: the header says persons and the names bear it out",
            h,
            western,
            NAME,
        )
        for h in _WESTERN_HEADERS
    ),
    *(
        _column(f"homes under {h}", "I-01: street, house and door of a home", h, home, HOME)
        for h in _HOME_HEADERS
    ),
)

PIECES: Final = (
    _column(
        "citizens' numbers with the middle starred",
        "I-10: masked; area and tail are left",
        "证件号",
        lambda d: (v := resident_id(d))[:6] + "********" + v[-4:],
        reported("resident_id"),
    ),
    _column(
        "citizens' numbers that all fail",
        "I-10: header and check character contradict each other",
        "公民身份号码",
        wrong_id,
        reported("resident_id"),
    ),
    _column(
        "digests of citizens' numbers",
        "I-08: an unsalted digest of an enumerable number, reported as I-10",
        "身份证号_sha256",
        lambda d: sha256_of(resident_id(d)),
        reported("resident_id", QUASI),
    ),
    _column(
        "digests of mobile numbers",
        "I-08: an unsalted digest of an enumerable number, reported as I-10",
        "手机号sha256",
        lambda d: sha256_of(mobile(d)),
        reported("mobile", QUASI),
    ),
    _column(
        "mobile numbers with stars at the end",
        "I-10: masked under a header that says what it is",
        "手机",
        lambda d: mobile(d)[:7] + "****",
        reported("mobile"),
    ),
    _column(
        "mobile numbers with the middle starred and no header",
        "I-10: the shape is that of a masked mobile number",
        "f7",
        lambda d: (v := mobile(d))[:3] + "****" + v[-4:],
        reported("mobile"),
    ),
    _column(
        "bank cards of which six and four are left",
        "I-10: masked; issuer and tail are left",
        "卡号",
        lambda d: (v := card(d))[:6] + "******" + v[-4:],
        reported("bank_card"),
    ),
    _column(
        "names of which only the family stands",
        "I-10: masked under a header for persons",
        "客户姓名",
        lambda d: name(d)[0] + "**",
        reported("person_name"),
    ),
    _column(
        "mailboxes with a starred middle",
        "I-10: masked",
        "邮箱地址",
        lambda d: (v := mailbox(d))[:2] + "****" + v[v.index("@") :],
        reported("email"),
    ),
    table(
        "citizens' numbers in three columns",
        "I-10: split over columns whose headers say of what",
        _in_three,
        {("证件号前6位", "证件号中8位", "证件号后4位"): reported("resident_id")},
    ),
    _column(
        "citizens' numbers in base64",
        "F-07: base64 that decodes to identifiers",
        "cipher",
        lambda d: base64_of(f"id={resident_id(d)}"),
        certain("credential", "resident_id"),
    ),
    _column(
        "citizens' numbers in JSON two levels down",
        "I-13: every leaf counts",
        "ext",
        lambda d: nested(order=d.whole(1, 9_999), buyer={"doc": {"no": resident_id(d)}}),
        ID,
    ),
    _column(
        "mobile numbers in JSON",
        "I-13: every leaf counts",
        "payload",
        lambda d: nested(user={"phone": mobile(d)}, ok=True),
        PHONE,
    ),
    _column(
        "citizens' numbers in the address of a request",
        "I-13: an identifier in a line of a log",
        "request",
        lambda d: f"GET /v1/verify?idno={resident_id(d)}&ts={d.digits(13)} 200",
        ID,
    ),
    _column(
        "mobile numbers in messages sent",
        "I-13: the text calls the number somebody's own",
        "短信内容",
        lambda d: f"您的快件已到驿站，派件员电话{mobile(d)}，取件码{d.digits(4)}",
        PHONE,
    ),
    _column(
        "bank cards in reasons of payments",
        "I-13: a card in running text",
        "摘要",
        lambda d: f"退款至{card(d, 19)}，请查收",
        CARD,
    ),
    table(
        "one citizen's number in five thousand remarks",
        "I-13: none with a checksum, however rare",
        lambda d: {
            "工单号": d.count(80_000),
            "处理意见": d.mixed(
                lambda: f"已核对 {resident_id(d)} 的材料",
                0.0002,
                lambda: f"第{d.whole(1, 90)}批已处理",
            ),
        },
        {"处理意见": ID},
        rows=5_000,
    ),
    table(
        "citizens' numbers in one cell of a hundred of a spare column",
        "I-09: one per cent pass where random digits would in 14 of a million",
        lambda d: {
            "id": d.count(),
            "备用1": d.mixed(lambda: resident_id(d), 0.01, lambda: d.digits(18)),
        },
        {"备用1": ID},
        rows=2_000,
    ),
    table(
        "five members of a club",
        "I-09: five of five pass where random digits would in 14 of a million",
        lambda d: {"no": d.count(), "document": d.each(lambda: resident_id(d))},
        {"document": ID},
        rows=5,
    ),
    table(
        "a payroll in GB 18030",
        "I-09: the encoding makes no difference",
        lambda d: Made(
            {
                "员工": d.each(lambda: name(d)),
                "开户卡号": d.each(lambda: card(d, 19)),
                "实发": d.each(lambda: d.number(3_000, 20_000)),
            },
            encoding="gb18030",
        ),
        {"员工": NAME, "开户卡号": CARD},
    ),
    table(
        "insured persons in Parquet",
        "I-09: another format",
        lambda d: Made(
            {"policy": d.count(7), "insured_cert": d.each(lambda: resident_id(d))},
            suffix=".parquet",
        ),
        {"insured_cert": ID},
    ),
    table(
        "mobile numbers as integers of a mart in Parquet",
        "I-09: an integer holds eleven digits",
        lambda d: Made(
            {"k": d.count(), "caller": d.each(lambda: int(mobile(d)))}, suffix=".parquet"
        ),
        {"caller": PHONE},
    ),
    table(
        "numbers of the form before 1999 in an archive",
        "I-09: nothing to check, but the header names it and every date holds",
        lambda d: {
            "卷宗号": d.count(300),
            "身份证号（15位）": d.each(
                lambda: (
                    f"{d.of(['320505', '330203'])}{d.day(1935, 1979):%y%m%d}{d.whole(1, 998):03}"
                )
            ),
        },
        {"身份证号（15位）": ID},
    ),
)

TRADES: Final = (
    table(
        "parcels of a courier",
        "I-09: who gets what, where, and how to call",
        lambda d: {
            "运单号": d.each(lambda: "SF" + d.digits(13)),
            "收件人": d.each(lambda: name(d)),
            "收件电话": d.each(lambda: mobile(d)),
            "收件地址": d.each(lambda: home(d)),
        },
        {"收件人": NAME, "收件电话": PHONE, "收件地址": HOME},
    ),
    table(
        "subsidies of farmers",
        "I-09: heads of households with cards",
        lambda d: {
            "村": d.each(lambda: d.of(["东山村", "下塘村"])),
            "户主姓名": d.each(lambda: name(d)),
            "一卡通账号": d.each(lambda: card(d, 19)),
            "补贴面积_亩": d.each(lambda: d.number(0.5, 30)),
        },
        {"户主姓名": NAME, "一卡通账号": CARD},
    ),
    table(
        "sole traders of a market with who runs them",
        "I-01: code 92 is a sole trader, and the operator is named",
        lambda d: {
            "统一社会信用代码": d.each(lambda: credit_code(d, "92")),
            "经营者": d.each(lambda: name(d)),
        },
        {"统一社会信用代码": CODE, "经营者": NAME},
    ),
    table(
        "visits to a hospital",
        "I-03: what a named patient suffers from",
        lambda d: {
            "病案号": d.each(lambda: "B" + d.digits(7)),
            "患者姓名": d.each(lambda: name(d)),
            "出院诊断": d.each(lambda: d.of(["急性阑尾炎", "慢性胃炎", "冠心病", "哮喘", "痛风"])),
        },
        {"患者姓名": NAME, "出院诊断": HEALTH},
    ),
    table(
        "visits under English headers",
        "I-03: ICD-10 under a header that says so, beside a patient's name",
        lambda d: {
            "patient_name": d.each(lambda: western(d)),
            "diagnosis": d.each(lambda: d.of(["I10", "E11.9", "J45.909", "K29.70", "M10.9"])),
        },
        {"patient_name": NAME, "diagnosis": HEALTH},
    ),
    table(
        "templates of faces of visitors",
        "I-15: a template of a face recognises it again",
        lambda d: {
            "visitor_id": d.each(lambda: "V" + d.digits(6)),
            "face_embedding": d.each(
                lambda: "[" + ", ".join(f"{d.number(-1, 1, 4)}" for _ in range(64)) + "]"
            ),
        },
        {"face_embedding": BODY},
    ),
    table(
        "names with two characters of family",
        "I-01: double surnames under a header for persons",
        lambda d: {
            "姓名": d.each(lambda: d.of(DOUBLE) + d.of(GIVEN)),
            "分": d.each(lambda: d.whole(0, 100)),
        },
        {"姓名": NAME},
    ),
    table(
        "riders of a delivery service",
        "I-11: a person's key, a time and five decimals",
        lambda d: _way(d, "rider_id", "R"),
        {("rider_id", "gps_time", "lng", "lat"): TRACE},
    ),
    table(
        "nurses on their rounds",
        "I-11: an employee's key, a time and five decimals",
        lambda d: _way(d, "员工号", "N", minutes=15),
        {("员工号", "gps_time", "lng", "lat"): TRACE},
    ),
    table(
        "trucks of a fleet by the minute",
        "G-10: tracks of vehicles finer than five minutes need somebody's word",
        lambda d: {**_way(d, "truck_id", "T", minutes=0.5)},
        {("truck_id", "gps_time", "lng", "lat"): reported("trace")},
    ),
    table(
        "where members live, as positions",
        "I-01: six decimals find the door of each member",
        lambda d: {
            "会员编号": d.each(lambda: "M" + d.digits(8)),
            "住址经度": d.each(lambda: d.number(120, 121, 6)),
            "住址纬度": d.each(lambda: d.number(30, 31, 6)),
        },
        {("会员编号", "住址经度", "住址纬度"): PLACE},
    ),
    table(
        "pupils of one school without names",
        "I-08: each alone with birthday and sex",
        lambda d: {
            "出生日期": d.each(lambda: d.day(2009, 2013).isoformat()),
            "性别": d.each(lambda: d.of("男女")),
            "邮编": d.each(lambda: "3150" + d.digits(2, "0123456789")),
            "身高_cm": d.each(lambda: d.whole(120, 175)),
        },
        {TABLE: reported(QUASI)},
        rows=60,
    ),
    table(
        "forty patients of a clinic without names",
        "I-03: each alone with birthday and postcode, beside a disease",
        lambda d: {
            "birth_date": d.each(lambda: d.day(1940, 2000).isoformat()),
            "gender": d.each(lambda: d.of(["F", "M"])),
            "zip_code": d.each(lambda: "3150" + d.digits(2, "0123456789")),
            "diagnosis": d.each(lambda: d.of(["I10", "E11.9", "J45.909", "K29.70"])),
        },
        {TABLE: certain(QUASI), "diagnosis": HEALTH},
        rows=40,
    ),
    table(
        "owners of cars in Parquet",
        "I-01: plates and their holders",
        lambda d: Made(
            {"车主": d.each(lambda: name(d)), "车牌号": d.each(lambda: plate(d))}, suffix=".parquet"
        ),
        {"车主": NAME, "车牌号": PLATE},
    ),
)

SECRETS: Final = (
    _column(
        "connections with their passwords",
        "F-07: user and password stand in the address",
        "dsn",
        lambda d: f"mysql://app:{d.letters(3)}x{d.digits(6)}@10.0.3.{d.whole(2, 250)}:3306/biz",
        SECRET,
    ),
    _column(
        "tokens of a forge",
        "F-07: ghp_ and thirty-six characters are a token and nothing else",
        "配置值",
        lambda d: "ghp_" + "".join(d.of("abcdefghijkABCDEFGHIJK0123456789") for _ in range(36)),
        SECRET,
    ),
    _column(
        "web tokens under a header of sessions",
        "F-07: three parts of base64 that decode to a head and claims",
        "会话",
        lambda d: ".".join(
            (
                base64_of('{"alg":"HS256","typ":"JWT"}').rstrip("="),
                base64_of(f'{{"sub":"{d.digits(6)}","exp":{d.digits(10)}}}').rstrip("="),
                d.hexadecimal(43),
            )
        ),
        SECRET,
    ),
    table(
        "a private key in a column of settings",
        "F-07: a key in one cell is a key",
        lambda d: {
            "项": d.each(lambda: "k" + d.digits(4)),
            "值": d.mixed(
                lambda: "-----BEGIN RSA PRIVATE KEY-----\n" + d.hexadecimal(64),
                0.01,
                lambda: d.of(["on", "off"]),
            ),
        },
        {"值": SECRET},
    ),
    *(
        table(
            f"the mark {mark} in a register of papers",
            "D-04: a mark marks the whole",
            lambda d, mark=mark: {  # type: ignore[misc]
                "文号": d.each(lambda: f"办〔2024〕{d.whole(1, 99)}号"),
                "备注": d.mixed(
                    lambda: f"{mark} 请勿外传", 0.01, lambda: d.of(["归档", "已阅", "传阅"])
                ),
            },
            {"备注": MARK},
        )
        for mark in ("机密★5年", "秘密★长期", "绝密★30年")
    ),
    table(
        "a citizen's number in a file's history",
        "I-12: an identifier that passes its check stops the file, wherever it stands",
        lambda d: Made(
            {"t": d.each(lambda: d.number(2, 28))},
            suffix=".nc",
            attributes={"history": f"corrected for {resident_id(d)} on request"},
        ),
        {METADATA: ID},
    ),
    table(
        "a person as contact of a file",
        "I-12: attribution is advised on",
        lambda d: Made(
            {"t": d.each(lambda: d.number(2, 28))},
            suffix=".nc",
            attributes={"contributor_name": "Helen Fletcher", "title": "sea temperature"},
        ),
        {METADATA: reported("person_name")},
    ),
)

TABLES: Final = (*IDENTIFIERS, *PIECES, *TRADES, *SECRETS)

"""Persons among other things: told apart by a word, a card or a header, or named among firms.

Labelled from I-01, I-03, I-10 and I-11 before the detectors were mended: keys of persons in one
word, vectors of faces, beliefs beside a number, ways of accounts and cards, persons who pay among
firms, illness and homes told in notes, names for headers, and things called after somebody.
"""

# long because: each table stands beside its harmless twin

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.exchange.inspection.labelled.abroad import Value
from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    QUASI,
    TABLE,
    Case,
    Cell,
    Columns,
    Label,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.europe import table
from tests.exchange.inspection.labelled.further import mac

TRACE, MAYBE_TRACE = certain("trace"), reported("trace")
NAME, MAYBE_NAME = certain("person_name"), reported("person_name")
HEALTH, MAYBE_HEALTH = certain("health"), reported("health")
ACCOUNT, MAYBE_HOME = reported("account"), reported("address")
MAYBE_BODY, SMALL = reported("biometric"), reported(QUASI)

_MADE: Final[Mapping[str | tuple[str, ...], Label]] = {}


def _made(name: str, why: str, made: dict[str, Value], rows: int = 300) -> Case:
    return table(name, why, made, _MADE, rows=rows)


def _score(d: Draw) -> int:
    return d.whole(40, 100)


def _second(d: Draw) -> str:
    return f"{d.day(2025, 2025).isoformat()} {d.whole(6, 22):02}:{d.whole(0, 59):02}:07"


# Ways, under what tells apart who goes.


def _ways(
    d: Draw,
    headers: Sequence[str],
    *,
    step: float,
    scale: int = 1,
    key: str = "U",
    beside: str = "",
) -> Columns:
    """Let eleven go about, each its own way, or stand where they are."""
    subject, time, east, north = headers
    rows: list[tuple[Cell, ...]] = []
    places = [(d.number(120.2, 120.5, 6), d.number(36.0, 36.3, 6)) for _ in range(11)]
    for row, second in enumerate(d.hours(minutes=2)):
        at = row % len(places)
        x, y = places[at]
        x, y = x + d.number(-step, step, 6), y + d.number(-step, step, 6)
        if step > 0.001:
            places[at] = x, y
        where = (round(x * scale), round(y * scale)) if scale > 1 else (f"{x:.5f}", f"{y:.5f}")
        rows.append((f"{key}{at + 17}", second, *where, f"W{at}"))
    made = dict(zip((subject, time, east, north, beside), zip(*rows, strict=True), strict=True))
    made.pop("", None)
    return made


def _goes(subject: str, label: Label | None, *, step: float = 0.004, beside: str = "") -> Case:
    asked = label is MAYBE_TRACE
    verdict = PASS if label is None else ATTEST if asked else BLOCK
    rule = "I-11" if label is not MAYBE_TRACE else "G-10"
    return Case(
        f"ways under {subject}, {step} of a degree a step{' beside ' + beside if beside else ''}",
        f"{rule}: {'nobody goes there' if label is None else 'somebody goes there'}",
        verdict,
        lambda d: _ways(d, (subject, "time", "lng", "lat"), step=step, beside=beside),
        {} if label is None else {"lng": label, "lat": label},
    )


_KEYS = (
    *(_goes(each, TRACE) for each in ("userid", "memberid", "driverid", "customerid", "uid")),
    *(_goes(each, MAYBE_TRACE) for each in ("account", "card", "卡号", "who", "card_id")),
    Case(
        "a history of places in parts of a degree",
        "G-10: an account goes with somebody, by whole numbers of 1e-7 degrees",
        ATTEST,
        lambda d: _ways(
            d, ("account", "timestampMs", "longitudeE7", "latitudeE7"), step=0.004, scale=10**7
        ),
        {"longitudeE7": MAYBE_TRACE, "latitudeE7": MAYBE_TRACE},
    ),
    table(
        "what userids owe",
        "known by a number, beside what somebody owes",
        {"userid": lambda d: d.digits(7), "credit_score": lambda d: d.whole(420, 810)},
        {"userid": ACCOUNT},
    ),
    table(
        "diagnoses of patientids",
        "a diagnosis of a patient",
        {"patientid": lambda d: d.digits(7), "diagnosis": lambda d: d.of(["asthma", "flu"])},
        {"diagnosis": HEALTH},
    ),
)
_NO_KEYS = (
    *(_goes(each, None) for each in ("buoyid", "gliderid", "floatid", "turtleid")),
    # Meters, readers and terminals hang where they hang.
    *(_goes(each, None, step=0.00002) for each in ("account", "card", "卡号")),
    _goes("card", None, beside="buoy"),
    _goes("account", None, beside="vessel"),
)

# Vectors of a body.


def _vector(name: str, key: str, head: str, width: int, low: float, label: Label | None) -> Case:
    wide = [f"{head}{n}" for n in range(width)]
    return Case(
        name,
        f"I-10: {'no vector of a person' if label is None else 'a vector of a body'}",
        PASS if label is None else ATTEST,
        lambda d: {
            key: [f"P{n:04}" for n in d.count(0)],
            **{header: d.each(lambda: d.number(low, 0.3, 4)) for header in wide},
        },
        {} if label is None else dict.fromkeys(wide, label),
        rows=60,
    )


_VECTORS = (
    _vector("faces under their own word", "person_id", "face_", 128, -0.3, MAYBE_BODY),
    _vector("embeddings of faces of users", "userid", "face_emb_", 128, -0.3, MAYBE_BODY),
    _vector("voices of speakers", "speaker_id", "voice", 192, -0.3, MAYBE_BODY),
    _vector("faces of a mesh", "mesh", "face_", 128, -0.3, None),
    _vector("shares of dice", "person_id", "face_", 64, 0.0, None),
    _vector("bands of plots", "plot", "band_", 128, -0.3, None),
    table(
        "templates of fingers of a staff",
        "a template of a finger, as its header and its form say",
        {
            "emp": lambda d: d.whole(1, 400),
            "fp_template": lambda d: "".join(
                d.of("ABCDEFabcdefghk0123456789+/") for _ in range(180)
            ),
        },
        {"fp_template": MAYBE_BODY},
    ),
    _made(
        "templates of forms",
        "a template of a form is no body's",
        {
            "form": lambda d: d.of(["invoice", "receipt"]),
            "fp_template": lambda d: d.of(["fp_v1.docx", "fp_v2.docx", "fp_v3.docx"]),
        },
    ),
)

# What somebody believes, is or has, beside a number of somebody.

_FAITHS = ("佛教", "伊斯兰教", "无", "基督教", "道教")
_PARTIES = ("群众", "中共党员", "共青团员", "民盟盟员")


def _beside(name: str, key: str, header: str, values: Sequence[str], label: Label | None) -> Case:
    known = label is not None and label.kinds == ("health",)
    where = header if known else key
    return table(
        name,
        "nobody's" if label is None else "who is known by a number, beside what is sensitive",
        {
            key: lambda d: d.digits(8),
            header: lambda d: d.of(values),
            "备注": lambda d: d.whole(0, 9),
        },
        {} if label is None else {where: label},
    )


_SENSITIVE = (
    _beside("beliefs of members", "会员号", "宗教信仰", _FAITHS, ACCOUNT),
    _beside("religions of persons", "person_id", "religion", ["Muslim", "none", "Jewish"], ACCOUNT),
    _beside("parties of residents", "居民编号", "政治面貌", _PARTIES, ACCOUNT),
    _beside(
        "orientations of users", "user_id", "sexual_orientation", ["gay", "straight", "bi"], ACCOUNT
    ),
    _beside("unions of members", "memberid", "trade_union", ["yes", "no"], ACCOUNT),
    _beside("results of HIV tests", "person_id", "HIV检测结果", ["阳性", "阴性"], HEALTH),
    _beside("who is pregnant", "person_id", "是否怀孕", ["是", "否"], HEALTH),
    _beside("groups of blood of donors", "donor_id", "blood_type", ["A", "B", "O", "AB"], HEALTH),
    _beside("results of HIV tests by card", "card_id", "hiv_result", ["pos", "neg"], MAYBE_HEALTH),
    _beside("who is pregnant by card", "卡号", "是否怀孕", ["是", "否"], MAYBE_HEALTH),
    table(
        "religions and peoples of members",
        "small groups, and who is known by a number",
        {
            "member_no": lambda d: d.digits(7),
            "religion": lambda d: d.of(["Muslim", "none", "Buddhist"]),
            "ethnicity": lambda d: d.of(["Han"] * 40 + ["Hui", "Uyghur", "Tibetan"]),
        },
        {"member_no": ACCOUNT, TABLE: SMALL},
    ),
)
_INSENSITIVE = (
    _beside("religions of churches", "church_no", "religion", ["Catholic", "Lutheran"], None),
    _beside("religions of temples", "建筑编号", "宗教", ["佛教", "道教"], None),
    _beside("groups of blood of dogs", "dog_id", "blood_type", ["DEA1", "DEA4"], None),
    _beside("cows that are pregnant", "牛只编号", "是否怀孕", ["是", "否"], None),
    _beside("reagents for HIV", "lot", "hiv_result", ["pos", "neg"], None),
    _made(
        "adherents by region",
        "a row counts many",
        {
            "地区": lambda d: f"{d.of(['东', '西', '南'])}{d.whole(1, 99)}区",
            "宗教信仰": lambda d: d.of(_FAITHS),
            "人数": lambda d: d.whole(100, 9_000),
        },
    ),
)

# Ways by where a card or a telephone was heard.


def _trail(d: Draw, headers: Sequence[str], place: Value, *, times: int = 8) -> Columns:
    subject, time, where = headers
    keys = [d.hexadecimal(12) for _ in range(d.rows // times)]
    return {
        subject: [keys[row % len(keys)] for row in range(d.rows)],
        time: d.each(lambda: _second(d)),
        where: d.each(lambda: place(d)),
    }


def _cgi(d: Draw) -> str:
    return f"460-00-{d.whole(20_000, 20_400)}-{d.whole(1, 255)}"


def _seen(name: str, headers: Sequence[str], place: Value, *, label: bool, times: int = 8) -> Case:
    return Case(
        name,
        f"G-10: {'where somebody was, time after time' if label else 'nobody went anywhere'}",
        ATTEST if label else PASS,
        lambda d: _trail(d, headers, place, times=times),
        {headers[2]: MAYBE_TRACE} if label else {},
    )


def _station(d: Draw) -> str:
    return d.of(["五四广场", "人民广场", "李村", "青岛站", "海尔路", "麦岛"])


_TRAILS = (
    _seen("cells of subscribers", ("subscriber", "ts", "cgi"), _cgi, label=True),
    _seen("base stations of users", ("用户ID", "时间", "基站"), _cgi, label=True),
    _seen("checkpoints of persons", ("person_id", "time", "checkpoint"), _station, label=True),
    _seen("cells and their alarms", ("alarm", "ts", "cgi"), _cgi, label=False),
    _seen("buses at stops", ("bus", "time", "stop"), _station, label=False),
    _seen("users who were seen once", ("userid", "ts", "cell_id"), _cgi, label=False, times=1),
    table(
        "cards at the gates of a metro",
        "a card, beside where it was read",
        {
            "卡ID": lambda d: f"99{d.whole(10_000_000, 10_000_060)}",
            "刷卡时间": _second,
            "进站": _station,
            "出站": _station,
        },
        {"卡ID": ACCOUNT},
    ),
    table(
        "telephones in a shop",
        "cards of networks, when and how they were heard",
        {
            "device_mac": mac,
            "seen_at": _second,
            "shop": lambda d: d.of(["Hall 1", "Gate B"]),
            "rssi_dBm": lambda d: -d.whole(40, 90),
        },
        {"device_mac": ACCOUNT},
    ),
    table(
        "telephones and how long they stayed",
        "cards of networks, when and for how long they were there",
        {"MAC地址": mac, "首次出现": _second, "停留秒": lambda d: d.whole(20, 4_000)},
        {"MAC地址": ACCOUNT},
    ),
    _made(
        "tills of shops",
        "an inventory heard nobody",
        {
            "device_mac": mac,
            "shop": lambda d: f"S{d.whole(1, 40)}",
            "model": lambda d: d.letters(3),
        },
    ),
    _made(
        "nodes of a network of sensors",
        "a node at its station belongs to nobody",
        {
            "mac": mac,
            "station": lambda d: f"S{d.whole(1, 40)}",
            "time": _second,
            "rssi": lambda d: -d.whole(40, 90),
        },
    ),
)

# Persons among firms.

_BRANDS = (
    "方正",
    "金龙",
    "康佳",
    "李宁",
    "顾家",
    "江中",
    "海信",
    "格力",
    "小米",
    "安踏",
    "海尔",
    "万科",
)
_ENGLISH_FIRMS = ("Nordic", "Alpine", "Rhine", "Baltic", "Pacific", "Summit")


def _firm(d: Draw) -> str:
    return f"{d.of(['青岛', '烟台', '威海'])}{d.of('鼎恒瑞通')}{d.of('达源丰')}" + d.of(
        [
            "建材厂",
            "水产有限公司",
            "贸易商行",
            "渔业合作社",
            "汽修中心",
            "超市",
            "信息技术研究院",
        ]
    )


def _firm_en(d: Draw) -> str:
    return (
        f"{d.of(_ENGLISH_FIRMS)} {d.of(['Steel', 'Foods', 'Shipping', 'Media'])}"
        f" {d.of(['GmbH', 'Ltd', 'Inc.', 'LLC', 'Corporation'])}"
    )


def _among(header: str, share: float, person: Value, firm: Value, label: Label | None) -> Case:
    who = "persons" if label else "brands"
    return Case(
        f"{who} among firms under {header}, {share:.0%}",
        f"I-10: {'some of them are persons' if label else 'firms by short names are no persons'}",
        ATTEST if label else PASS,
        lambda d: {
            "n": d.count(),
            header: d.mixed(lambda: person(d), share, lambda: firm(d)),
            "金额": d.each(lambda: d.number(10, 9_000)),
        },
        {header: label} if label else {},
    )


_PAYEES = (
    *(
        _among(header, share, Draw.name, _firm, MAYBE_NAME)
        for header, share in (
            *(
                ("收款方", 0.3),
                ("收款人", 0.4),
                ("被执行人", 0.3),
                ("权利人", 0.3),
                ("投资人", 0.3),
            ),
            *(("中标人", 0.1), ("付款方", 0.3), ("姓名", 0.1), ("申请人", 0.1), ("v", 0.3)),
        )
    ),
    _among("assignee", 0.1, Draw.name_en, _firm_en, MAYBE_NAME),
)
_BRANDED = (
    *(
        _among(header, 0.15, lambda d: d.of(_BRANDS), _firm, None)
        for header in ("中标人", "收款方", "v")
    ),
    _among("assignee", 0.1, lambda d: f"James {d.of(['Hardie', 'Fisher'])} Ltd", _firm_en, None),
)

# Names as card indexes write them, whatever the header.

_TOWNS = ("Richmond", "Augusta", "Norfolk", "Savannah", "Athens", "Columbia", "Florence", "Salem")


def _indexed(d: Draw) -> str:
    given, surname = d.name_en().split()
    return f"{surname}, {given}"


_INDEXED = (
    *(
        table(
            f"surnames before given names under {header}",
            "nothing but persons is turned round behind a comma",
            {header: _indexed, "n": lambda d: d.whole(0, 99)},
            {header: MAYBE_NAME},
        )
        for header in ("label", "type", "title")
    ),
    *(
        _made(
            f"towns before their states under {header}",
            "Virginia is a state there",
            {
                header: lambda d: f"{d.of(_TOWNS)}, {d.of(['Virginia', 'Georgia', 'Carolina'])}",
                "n": lambda d: d.whole(0, 99),
            },
        )
        for header in ("label", "city")
    ),
)

# What is told in notes.

_CALM = ("希望增加停车位", "公园太吵", "路灯不亮", "公交班次太少", "下水道堵了", "垃圾没人清")


def _told(name: str, header: str, told: Value, share: float, label: Label | None) -> Case:
    def notes(d: Draw) -> Columns:
        texts = d.mixed(lambda: told(d), share, lambda: d.of(_CALM))
        return {"i": d.count(), header: texts}

    return Case(
        name,
        f"I-10: {'somebody can be found by it' if label else 'nobody is told of'}",
        ATTEST if label else PASS,
        notes,
        {header: label} if label else {},
        rows=900,
    )


def _kin(d: Draw) -> str:
    whose = d.of(["我父亲", "我妈", "我爱人", "我奶奶", "邻居家儿子", "我老公"])
    ill = d.of(["得了肺癌", "确诊糖尿病", "患有高血压", "查出乙肝", "得了抑郁症"])
    return f"{whose}{ill}，{d.of(['希望社区帮助', '出行不便', '需要照顾', '买药太远'])}"


_NOTES = (
    _told(
        "answers that tell which neighbour is ill",
        "q12_意见",
        lambda d: f"我邻居{d.name()}得了{d.of(['肺癌', '抑郁症', '糖尿病'])}，希望社区帮助",
        0.05,
        MAYBE_HEALTH,
    ),
    _told(
        "answers that tell who was diagnosed",
        "意见",
        lambda d: f"{d.name()}确诊{d.of(['糖尿病', '乙肝', '高血压'])}",
        0.05,
        MAYBE_HEALTH,
    ),
    _told(
        "answers that tell what was heard of somebody",
        "意见",
        lambda d: f"听说{d.name()}得了{d.of(['抑郁症', '肺结核'])}，大家注意",
        0.04,
        MAYBE_HEALTH,
    ),
    _told("answers that tell of a family", "意见", _kin, 0.5, MAYBE_HEALTH),
    _told(
        "patients who were discharged",
        "note",
        lambda d: f"Patient {d.name_en()} was discharged",
        0.5,
        MAYBE_NAME,
    ),
    _told(
        "answers that ask for care of an illness",
        "意见",
        lambda d: d.of(["糖尿病患者免费测血糖", "希望多讲高血压防治", "社区宣传抑郁症知识不够"]),
        0.5,
        None,
    ),
    _told(
        "lectures on illnesses",
        "活动",
        lambda d: f"{d.name()}讲{d.of(['高血压', '糖尿病', '哮喘'])}防治",
        0.08,
        None,
    ),
    _told(
        "fish that are ill",
        "巡塘记录",
        lambda d: f"{d.whole(1, 40)}号网箱石斑鱼得了{d.of(['白点病', '肠炎', '肺炎'])}",
        0.3,
        None,
    ),
    _told(
        "homes in a few notes",
        "内容",
        lambda d: f"{d.of(['更换滤芯', '现场无异常'])}，地址{d.address()}",
        0.02,
        MAYBE_HOME,
    ),
    _told(
        "homes in a third of notes",
        "remark",
        lambda d: f"{d.of(['送到', '联系后再去'])}{d.address()}，{d.of(['放门口', '请轻拿'])}",
        0.35,
        MAYBE_HOME,
    ),
    _told("a few homes among addresses", "地址", Draw.address, 0.05, MAYBE_HOME),
    _told("homes under a header that says nothing", "v", Draw.address, 0.2, MAYBE_HOME),
    _told(
        "lamps along streets",
        "内容",
        lambda d: f"{d.of(['香港中', '中山', '延安'])}路{d.whole(1, 99)}号门口路灯不亮",
        0.3,
        None,
    ),
    _told(
        "meters by their room",
        "内容",
        lambda d: f"更换{d.whole(1, 30)}号楼{d.whole(101, 999)}室电表",
        0.3,
        None,
    ),
    _told("seats of a few firms", "单位地址", Draw.address, 0.05, None),
)

# Names for headers.


def _headed(
    name: str, why: str, headers: Callable[[Draw], Sequence[str]], *, persons: bool = True
) -> Case:
    """Name columns after persons, or after things; the headers are the same for every seed."""
    names = headers(Draw(name, 1))
    return Case(
        name,
        f"I-10: {why}",
        ATTEST if persons else PASS,
        lambda d: {
            "date": d.hours(minutes=1_440),
            **{each: d.each(lambda: _score(d)) for each in names},
        },
        dict.fromkeys(names, MAYBE_NAME) if persons else {},
        rows=40,
    )


def _different(d: Draw, make: Value, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        name = str(make(d))
        if name not in found:
            found.append(name)
    return found


_HEADS = (
    _headed(
        "marks of pupils by name",
        "each column is a pupil's",
        lambda d: _different(d, Draw.name, 24),
    ),
    _headed(
        "marks of three pupils", "each column is a pupil's", lambda _: ["王芳", "李秀兰", "张志强"]
    ),
    _headed(
        "weights of athletes by name",
        "each column is an athlete's",
        lambda d: [f"{each}(kg)" for each in _different(d, Draw.name, 15)],
    ),
    _headed(
        "who was there, by English names",
        "each column is somebody's",
        lambda d: _different(d, Draw.name_en, 18),
    ),
    _headed(
        "prices of metals",
        "metals are called so",
        lambda _: ["黄金", "白银", "铂金", "钯金", "石油"],
        persons=False,
    ),
    _headed(
        "weather of towns",
        "towns are called so",
        lambda _: ["金华", "龙岩", "安庆", "常德", "丁香", "邵阳"],
        persons=False,
    ),
    _headed(
        "shares of makers",
        "makers are called so",
        lambda _: ["方正", "康佳", "金龙", "李宁", "顾家"],
        persons=False,
    ),
    _headed(
        "greatest values",
        "Max is no given name there",
        lambda _: ["Max Wind", "Max Gust", "Max Rain", "Max Depth"],
        persons=False,
    ),
    _headed(
        "seas and lakes",
        "waters are called so",
        lambda _: ["Ross Sea", "Lake George", "Victoria Harbour", "James Bay", "Hudson Bay"],
        persons=False,
    ),
    _headed(
        "terms of loans",
        "words that are given names as well",
        lambda _: ["Grace Period", "Mark Price", "Rose Index", "Frank Rate"],
        persons=False,
    ),
)

# Things that are called after somebody.

_HONOURED = (
    "Abraham Lincoln",
    "Thomas Jefferson",
    "George Washington",
    "Martin Luther King",
    "Susan Anthony",
    "James Madison",
    "John Kennedy",
    "Benjamin Franklin",
    "William Penn",
    "Robert Fulton",
    "Walter Reed",
    "Henry Hudson",
)
_RUSSIANS = (
    "Иван Папанин",
    "Михаил Сомов",
    "Георгий Седов",
    "Владимир Высоцкий",
    "Сергей Королёв",
    "Андрей Вилькицкий",
    "Юрий Гагарин",
    "Николай Зубов",
    "Пётр Анохин",
    "Алексей Крылов",
    "Дмитрий Менделеев",
    "Фёдор Литке",
)


def _called(name: str, made: dict[str, Value], label: Label | None, header: str = "name") -> Case:
    return table(
        name,
        "things are called after somebody",
        made,
        {header: label} if label else {},
    )


_THINGS = (
    _called(
        "schools called after presidents",
        {
            "name": lambda d: (
                f"{d.of(_HONOURED)} {d.of(['HS', 'High School', 'Elementary', 'Middle School'])}"
            ),
            "pupils": lambda d: d.whole(200, 2_000),
        },
        None,
    ),
    _called(
        "bridges called after somebody",
        {
            "name": lambda d: (
                f"{d.of(_HONOURED)}{d.of([' Bridge', ' Memorial Bridge', ' Tunnel'])}"
            ),
            "lanes": lambda d: d.whole(2, 8),
        },
        None,
    ),
    _called(
        "airports called after somebody",
        {
            "name": lambda d: d.of(_HONOURED),
            "iata": lambda d: d.letters(3),
            "elevation_ft": lambda d: d.whole(2, 5_000),
        },
        MAYBE_NAME,
    ),
    _called(
        "bridges by the name of whom they honour",
        {
            "name": lambda d: d.of(_HONOURED),
            "span_m": lambda d: d.whole(80, 1_900),
            "opened": lambda d: d.whole(1880, 2015),
        },
        MAYBE_NAME,
    ),
    _called(
        "Russian ships of research",
        {
            "name": lambda d: d.of(_RUSSIANS),
            "tonnage": lambda d: d.whole(900, 9_000),
            "built": lambda d: d.whole(1970, 2020),
        },
        MAYBE_NAME,
    ),
    _called(
        "few things called after somebody",
        {"name": lambda d: d.of(_HONOURED[:5]), "value": lambda d: d.number(0, 9)},
        MAYBE_NAME,
    ),
    _called(
        "entrants of a race",
        {"name": Draw.name_en, "seconds": lambda d: d.number(600, 900)},
        NAME,
    ),
)

CASES = (
    *_KEYS,
    *_NO_KEYS,
    *_VECTORS,
    *_SENSITIVE,
    *_INSENSITIVE,
    *_TRAILS,
    *_PAYEES,
    *_BRANDED,
    *_INDEXED,
    *_NOTES,
    *_HEADS,
    *_THINGS,
)

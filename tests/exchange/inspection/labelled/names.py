"""Names of persons, and names of ships, places, stars and companies that look like them."""

from __future__ import annotations

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
from tests.exchange.inspection.labelled.draw import Draw

NAME = certain("person_name")

_UYGHUR = [
    "买买提·艾力",
    "阿不都拉·热合曼",
    "古丽·阿依",
    "艾山·吐尔逊",
    "热娜·玉素甫",
    "帕提曼·赛买提",
]
_DOUBLE = ["欧阳明", "司马光华", "诸葛亮亮", "上官婉", "皇甫建", "夏侯丽", "尉迟军", "慕容雪"]
_PINYIN = (
    "Zhang Wei|Wang Fang|Li Na|Liu Yang|Chen Jie|Yang Ming|Zhao Lei|Huang Min|Zhou Ping|Wu Gang"
)
_PLACES = [
    "王府井",
    "张家口",
    "李村",
    "周口",
    "高密",
    "马鞍山",
    "白云山",
    "黄岛",
    "石家庄",
    "连云港",
    "董家口",
    "朱家尖",
    "罗源湾",
]
_BRANDS = ["李宁", "张小泉", "王老吉", "周大福", "马应龙", "陈克明", "谭木匠", "郭元益"]
_SHIPS = ["海洋石油", "雪龙号", "向阳红", "东方红", "张謇号", "郑和号", "蓝鲸一号", "科学号"]
_SHIPS_LIKE_PEOPLE = ["郑和", "张謇", "竺可桢", "李四光", "邓稼先", "钱学森", "徐霞客", "戚继光"]
_WORDS = [
    "温度",
    "方向",
    "高度",
    "平均",
    "马力",
    "白天",
    "金属",
    "石油",
    "水深",
    "常规",
    "云量",
    "安全",
    "江口",
    "于是",
    "时间",
    "明天",
    "成功",
]
_FISH = ["黄鱼", "石斑", "马鲛", "白鲢", "金枪鱼", "牡蛎", "鲍鱼", "海参", "扇贝", "梭子蟹"]
_ENGLISH_THINGS = [
    "Grace Harbor",
    "Hunter Island",
    "Jackson Bay",
    "Cook Strait",
    "Ross Sea",
    "Bering Strait",
    "Hudson Bay",
    "Taylor Glacier",
    "Victoria Land",
    "Scott Base",
    "Davis Station",
    "Baffin Bay",
]
_HURRICANES = [
    "Katrina",
    "Harvey",
    "Irma",
    "Maria",
    "Sandy",
    "Andrew",
    "Ida",
    "Ian",
    "Michael",
    "Florence",
]
_TYPHOONS = ["利奇马", "烟花", "梅花", "杜苏芮", "山竹", "玛莉亚", "海葵", "泰利", "苏拉", "卡努"]
_STATIONS = [
    "小麦岛",
    "千里岩",
    "朝连岛",
    "成山头",
    "石臼所",
    "老虎滩",
    "秦皇岛",
    "塘沽",
    "大戢山",
    "嵊山",
]

_HEADERS = ("姓名", "xingming", "xm", "name", "contact_person", "联系人", "操作员", "c1")


def _masked(d: Draw) -> str:
    name = d.name()
    return name[0] + "*" * (len(name) - 1)


def _clean(name: str, header: str, why: str, make: Callable[[Draw], str], rows: int = 300) -> Case:
    return Case(
        name,
        why,
        PASS,
        lambda d: {header: d.each(lambda: make(d)), "value": d.each(lambda: d.number(0, 90))},
        rows=rows,
    )


_POSITIVE = (
    *(
        Case(
            f"Chinese names under {header}",
            "I-01: a surname in front of one or two characters in nearly every distinct cell",
            BLOCK,
            lambda d, header=header: {header: d.each(d.name), "工号": d.count()},  # type: ignore[misc]
            {header: NAME},
        )
        for header in _HEADERS
    ),
    *(
        Case(
            f"English names under {header}",
            "I-01: the header says persons and the given names bear it out",
            BLOCK,
            lambda d, header=header: {header: d.each(d.name_en), "badge": d.count()},  # type: ignore[misc]
            {header: NAME},
        )
        for header in ("name", "full_name", "operator", "Customer Name", "passenger")
    ),
    Case(
        "English given names and surnames in two columns",
        "I-01: split over two columns, each with a header that names its part",
        BLOCK,
        lambda d: {
            "first_name": (n := d.each(d.name_en)) and [each.split()[0] for each in n],
            "last_name": [each.split()[1] for each in n],
        },
        {("first_name", "last_name"): NAME},
    ),
    Case(
        "Chinese surnames and given names in two columns",
        "I-01: split over two columns, each with a header that names its part",
        BLOCK,
        lambda d: {
            "姓": (n := d.each(d.name)) and [each[0] for each in n],
            "名": [each[1:] for each in n],
        },
        {("姓", "名"): NAME},
    ),
    Case(
        "names written surname first with a comma",
        "I-01: Smith, John is John Smith",
        BLOCK,
        lambda d: {
            "author": d.each(lambda: ", ".join(reversed(d.name_en().split()))),
            "n": d.count(),
        },
        {"author": NAME},
    ),
    Case(
        "Chinese names with double surnames",
        "I-01: two characters of surname under a header that says names",
        BLOCK,
        lambda d: {"姓名": d.each(lambda: d.of(_DOUBLE)), "n": d.count()},
        {"姓名": NAME},
    ),
    Case(
        "names with a middle dot",
        "I-01: names of Uyghurs under a header that says names",
        BLOCK,
        lambda d: {"姓名": d.each(lambda: d.of(_UYGHUR)), "n": d.count()},
        {"姓名": NAME},
    ),
    Case(
        "Chinese names in pinyin",
        "I-01: Zhang Wei under a header that says names",
        BLOCK,
        lambda d: {"name": d.each(lambda: d.of(_PINYIN.split("|"))), "n": d.count()},
        {"name": NAME},
    ),
    Case(
        "Chinese names with a space between the characters",
        "I-01: 王 伟 is aligned in print and is 王伟",
        BLOCK,
        lambda d: {"姓名": d.each(lambda: " ".join(d.name())), "n": d.count()},
        {"姓名": NAME},
    ),
    Case(
        "names with a title behind them",
        "I-01: 王伟先生 is 王伟 under a header for contacts",
        BLOCK,
        lambda d: {
            "联系人": d.each(lambda: d.name() + d.of(["先生", "女士", "经理"])),
            "n": d.count(),
        },
        {"联系人": NAME},
    ),
    Case(
        "twelve skippers' names repeated over many rows",
        "I-01: a dictionary column of persons",
        BLOCK,
        lambda d: {"船长": d.distinct(d.name, 12), "渔获": d.each(lambda: d.number(0, 900))},
        {"船长": NAME},
        rows=1_500,
    ),
    Case(
        "names of persons in Parquet",
        "I-01: names in another format",
        BLOCK,
        lambda d: Made({"姓名": d.each(d.name), "n": d.count()}, suffix=".parquet"),
        {"姓名": NAME},
    ),
    Case(
        "names in half the rows, the others empty",
        "I-01: what is filled is a person's name",
        BLOCK,
        lambda d: {"紧急联系人": d.sparse(d.name, 0.5), "n": d.count()},
        {"紧急联系人": NAME},
    ),
    Case(
        "names of persons beside names of companies in a customer column",
        "I-01: three in ten customers are natural persons",
        BLOCK,
        lambda d: {"客户姓名": d.mixed(d.name, 0.3, d.company), "n": d.count()},
        {"客户姓名": NAME},
        rows=600,
    ),
)

_AMBIGUOUS = (
    Case(
        "Chinese names of which the given name is masked",
        "I-10: masked; surname and length are left",
        ATTEST,
        lambda d: {"姓名": d.each(lambda: _masked(d)), "n": d.count()},
        {"姓名": reported("person_name")},
    ),
    Case(
        "English names reduced to an initial",
        "I-10: masked to J. Smith under a header that says names",
        ATTEST,
        lambda d: {"full_name": d.each(lambda: d.name_en()[0] + ". ****"), "n": d.count()},
        {"full_name": reported("person_name")},
    ),
    Case(
        "ships named after persons",
        "I-10: the header says ships and the dictionary says persons: a conflict for a person",
        ATTEST,
        lambda d: {"船名": d.each(lambda: d.of(_SHIPS_LIKE_PEOPLE)), "n": d.count()},
        {"船名": reported("person_name")},
    ),
    Case(
        "a column of persons' names that holds tokens",
        "I-10: header and values contradict each other",
        ATTEST,
        lambda d: {"姓名": d.each(lambda: d.hexadecimal(16)), "n": d.count()},
        {"姓名": reported("person_name")},
    ),
)

_CLEAN = (
    _clean(
        "places that begin with surnames",
        "地点",
        "I-01: 王府井 and 张家口 are places, as the header says",
        lambda d: d.of(_PLACES),
    ),
    _clean(
        "brands that look like persons",
        "品牌",
        "I-01: 李宁 on a label is a company, as the header says",
        lambda d: d.of(_BRANDS),
    ),
    _clean("ships", "船名", "I-01: research vessels", lambda d: d.of(_SHIPS)),
    _clean(
        "ships with names and numbers",
        "vessel_name",
        "I-01: 鲁青远渔 888 is a boat",
        lambda d: f"鲁青远渔{d.whole(1, 999)}",
    ),
    _clean(
        "words of two characters that begin with surnames",
        "项目",
        "I-01: 温度 and 高度 are quantities",
        lambda d: d.of(_WORDS),
    ),
    _clean(
        "fish", "品种", "I-01: 黄鱼 and 马鲛 begin with surnames and swim", lambda d: d.of(_FISH)
    ),
    _clean("stations", "station_name", "I-01: a station is a place", lambda d: d.of(_STATIONS)),
    _clean(
        "stations under a header that only says name",
        "name",
        "I-01: 小麦岛 and 塘沽 are stations, whatever the header leaves open",
        lambda d: d.of(_STATIONS),
    ),
    _clean("typhoons in Chinese", "台风名称", "I-01: 玛莉亚 is a storm", lambda d: d.of(_TYPHOONS)),
    _clean(
        "hurricanes",
        "storm_name",
        "I-01: Katrina is a storm, as the header says",
        lambda d: d.of(_HURRICANES),
    ),
    _clean(
        "places named after persons",
        "place_name",
        "I-01: Cook Strait is water",
        lambda d: d.of(_ENGLISH_THINGS),
    ),
    _clean("companies", "公司名称", "I-01: a company is no natural person", Draw.company),
    _clean("companies under name", "name", "I-01: 有限公司 in every cell", Draw.company),
    _clean(
        "products under name",
        "name",
        "I-01: HF radar currents and the like are goods",
        lambda d: d.of(["HF radar currents", "Wave forecast", "Tide table", "Sea ice chart"]),
    ),
    _clean(
        "sensors under name",
        "sensor_name",
        "I-01: SBE 37 is an instrument",
        lambda d: d.of(["SBE 37", "SBE 19plus", "Aquadopp", "WaveRider"]),
    ),
    _clean(
        "variables under name",
        "name",
        "I-01: names of variables",
        lambda d: d.of(["sst", "salinity", "chl", "wind_u", "wind_v"]),
    ),
    _clean(
        "weather words",
        "天气",
        "I-01: 多云 and 小雨, 阴 and 晴",
        lambda d: d.of(["多云", "小雨", "阴", "晴", "雷阵雨", "大雾"]),
    ),
    _clean(
        "months in English",
        "month",
        "I-01: April, May and June are also given names, here months",
        lambda d: d.of(["April", "May", "June", "August"]),
    ),
    _clean(
        "colours and trades in English",
        "category",
        "I-01: Brown, Green, Baker and Cook are words",
        lambda d: d.of(["Brown", "Green", "White", "Baker", "Cook", "Walker", "Young"]),
    ),
    _clean(
        "user roles",
        "operator_role",
        "I-01: a role is no person",
        lambda d: d.of(["captain", "engineer", "analyst"]),
    ),
    _clean(
        "names of files",
        "file_name",
        "I-01: a file is no person",
        lambda d: f"current_{d.digits(8)}.nc",
    ),
    _clean(
        "species in Latin",
        "scientific_name",
        "I-01: Larimichthys crocea is a fish",
        lambda d: d.of(["Larimichthys crocea", "Crassostrea gigas", "Apostichopus japonicus"]),
    ),
    _clean(
        "hosts",
        "hostname",
        "I-01: a machine has a name, too",
        lambda d: f"node-{d.whole(1, 40):02}.sea",
    ),
    _clean(
        "directions",
        "方向",
        "I-01: 东南 and 正北",
        lambda d: d.of(["东南", "正北", "西北", "东北偏东"]),
    ),
    _clean(
        "provinces",
        "省份",
        "I-01: provinces are places",
        lambda d: d.of(["山东", "江苏", "浙江", "福建", "广东", "辽宁"]),
    ),
    _clean(
        "surnames with how many bear them",
        "姓氏",
        "I-01: a statistic of surnames names nobody",
        lambda d: d.of(list("王李张刘陈")),
        60,
    ),
    _clean(
        "moons and stars",
        "star",
        "I-01: Barnard's Star",
        lambda d: d.of(["Sirius", "Vega", "Rigel", "Barnard's Star"]),
    ),
)

CASES = (*_POSITIVE, *_AMBIGUOUS, *_CLEAN)

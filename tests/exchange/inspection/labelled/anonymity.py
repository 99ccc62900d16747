"""Rows about persons without any identifier, told apart by birthday, sex and district.

The label stands for the table as a whole.  Small groups (k below 10) deny a claim that the data
is anonymous (I-08); alone in a group and with a sensitive attribute, a person is known (I-03).
"""

from __future__ import annotations

from collections.abc import Callable

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    QUASI,
    TABLE,
    Case,
    Columns,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

SMALL = reported(QUASI)
ALONE = certain(QUASI)
_ILL = ["高血压", "2型糖尿病", "肺炎", "乙型肝炎", "抑郁症"]


def _people(
    d: Draw, birth: str = "出生日期", sex: str = "性别", area: str = "邮编"
) -> dict[str, list[str]]:
    return {
        birth: d.each(lambda: d.day(1940, 2006).isoformat()),
        sex: d.each(lambda: d.of("男女")),
        area: d.each(lambda: f"266{d.digits(3)}"),
    }


def _coarse(d: Draw) -> dict[str, list[str]]:
    """Keep three bands of age, two sexes and two towns: groups of well over ten."""
    return {
        "年龄段": d.each(lambda: d.of(["18-39", "40-59", "60+"])),
        "性别": d.each(lambda: d.of("男女")),
        "城市": d.each(lambda: d.of(["青岛", "济南"])),
    }


def _clean(name: str, why: str, build: Callable[[Draw], Made | Columns], rows: int = 300) -> Case:
    return Case(name, f"I-08: {why}", PASS, build, rows=rows)


CASES = (
    Case(
        "birthday, sex and postcode of customers",
        "I-08: nearly everybody is alone with birthday, sex and postcode",
        ATTEST,
        lambda d: {**_people(d), "消费额": d.each(lambda: d.number(9, 900))},
        {TABLE: SMALL},
    ),
    Case(
        "birthday, sex and postcode under English headers",
        "I-08: the same under birth_date, gender and zip_code",
        ATTEST,
        lambda d: {
            **_people(d, "birth_date", "gender", "zip_code"),
            "score": d.each(lambda: d.whole(1, 99)),
        },
        {TABLE: SMALL},
    ),
    Case(
        "a class of pupils without names",
        "I-08: forty pupils, each alone with a birthday",
        ATTEST,
        lambda d: {
            "班级": d.each(lambda: f"三年级{d.whole(1, 2)}班"),
            "性别": d.each(lambda: d.of("男女")),
            "出生日期": d.each(lambda: d.day(2014, 2015).isoformat()),
            "语文成绩": d.each(lambda: d.whole(60, 100)),
        },
        {TABLE: SMALL},
        rows=40,
    ),
    Case(
        "staff by age, sex, trade and village",
        "I-08: groups of one and two in a fishing company",
        ATTEST,
        lambda d: {
            "年龄": d.each(lambda: d.whole(19, 64)),
            "性别": d.each(lambda: d.of("男女")),
            "职业": d.each(lambda: d.of(["船长", "轮机", "厨师", "水手", "会计"])),
            "村": d.each(lambda: d.of(["东河村", "西林村", "南湖村", "北山村"])),
            "月薪": d.each(lambda: d.whole(4_000, 20_000)),
        },
        {TABLE: SMALL},
        rows=120,
    ),
    Case(
        "ages, sexes and postcodes in Parquet",
        "I-08: the same in another format",
        ATTEST,
        lambda d: Made(
            {
                "age": d.each(lambda: d.whole(18, 90)),
                "sex": d.each(lambda: d.of(["M", "F"])),
                "postcode": d.each(lambda: f"266{d.digits(3)}"),
                "income": d.each(lambda: d.whole(3_000, 30_000)),
            },
            suffix=".parquet",
        ),
        {TABLE: SMALL},
    ),
    Case(
        "a ward of patients without names",
        "I-03: each patient alone with a birthday, beside what the patient suffers from",
        BLOCK,
        lambda d: {**_people(d), "诊断": d.each(lambda: d.of(_ILL))},
        {TABLE: ALONE, "诊断": certain("health")},
        rows=60,
    ),
    Case(
        "a practice's patients under English headers",
        "I-03: age, sex and postcode single out the patients of a small practice",
        BLOCK,
        lambda d: {
            "age": d.each(lambda: d.whole(1, 95)),
            "gender": d.each(lambda: d.of(["F", "M"])),
            "zip_code": d.each(lambda: f"266{d.digits(3)}"),
            "diagnosis": d.each(lambda: d.of(_ILL)),
        },
        {TABLE: ALONE, "diagnosis": certain("health")},
        rows=80,
    ),
    Case(
        "fifteen victims of a rare disease",
        "I-03: fifteen rows of birthday, sex and town beside a disease",
        BLOCK,
        lambda d: {
            **_people(d, area="县区"),
            "疾病名称": d.each(lambda: d.of(["白化病", "血友病"])),
        },
        {TABLE: ALONE, "疾病名称": certain("health")},
        rows=15,
    ),
    Case(
        "pupils by school, age and sex",
        "I-08: each alone with school, age and sex, and children besides (I-04)",
        ATTEST,
        lambda d: {
            "学校": d.each(lambda: f"第{d.whole(1, 20)}小学"),
            "年龄": d.each(lambda: d.whole(6, 12)),
            "性别": d.each(lambda: d.of("男女")),
            "身高": d.each(lambda: d.whole(105, 160)),
        },
        {TABLE: SMALL},
        rows=150,
    ),
    Case(
        "pupils under initials of pinyin",
        "I-08: xb, nl and nj are sex, age and grade where they stand together",
        ATTEST,
        lambda d: {
            "xb": d.each(lambda: d.of("男女")),
            "nl": d.each(lambda: d.whole(6, 12)),
            "nj": d.each(lambda: f"{d.of('一二三')}年级"),
            "sg": d.each(lambda: d.whole(105, 160)),
        },
        {TABLE: SMALL},
        rows=60,
    ),
    Case(
        "the pay of staff by department, post and years of service",
        "I-08: colleagues know each other by these, and would know the pay",
        ATTEST,
        lambda d: {
            "部门": d.each(lambda: f"部门{d.whole(1, 12)}"),
            "岗位": d.each(lambda: d.of(["经理", "工程师", "会计", "司机"])),
            "工龄": d.each(lambda: d.whole(1, 35)),
            "年薪": d.each(lambda: d.whole(60_000, 600_000)),
        },
        {TABLE: SMALL},
        rows=90,
    ),
    _clean(
        "posts that a company offers",
        "nobody has served in them yet",
        lambda d: {
            "部门": d.each(lambda: f"部门{d.whole(1, 12)}"),
            "岗位": d.each(lambda: d.of(["经理", "工程师", "会计", "司机"])),
            "年薪": d.each(lambda: d.whole(60_000, 600_000)),
        },
    ),
    _clean(
        "levels and flows under initials",
        "xx, bj and sg are words of a gauge as well where nothing is of persons",
        lambda d: {
            "xx": d.each(lambda: d.number(0, 9)),
            "bj": d.each(lambda: d.number(0, 9)),
            "sg": d.each(lambda: d.number(0, 9)),
        },
    ),
    _clean(
        "lines of admission by university and subject",
        "a row is a course, and nobody in particular",
        lambda d: {
            "院校": d.each(lambda: f"大学{d.whole(1, 90)}"),
            "专业": d.each(lambda: d.of(["海洋科学", "物理", "会计"])),
            "分数线": d.each(lambda: d.whole(400, 690)),
        },
    ),
    _clean(
        "customers by band of age, sex and town",
        "every group has well over ten members: a claim of anonymity that holds",
        lambda d: {**_coarse(d), "消费额": d.each(lambda: d.whole(1, 9) * 100)},
        rows=2_000,
    ),
    _clean(
        "patients by band of age, sex and town",
        "groups of over ten with every disease in each: anonymous in the sense of PIPL 73(4)",
        lambda d: {**_coarse(d), "诊断": d.each(lambda: d.of(_ILL))},
        rows=3_000,
    ),
    _clean(
        "counts of inhabitants by age and sex",
        "a row is a group and not a person",
        lambda d: {
            "年龄": [row // 2 for row in range(d.rows)],
            "性别": ["男女"[row % 2] for row in range(d.rows)],
            "人口数": d.each(lambda: d.whole(1_000, 90_000)),
        },
        rows=180,
    ),
    _clean(
        "turtles by sex, age and place",
        "a turtle has a sex and an age and is no person",
        lambda d: {
            "turtle_tag": d.count(),
            "sex": d.each(lambda: d.of(["F", "M"])),
            "age": d.each(lambda: d.whole(1, 60)),
            "shell_cm": d.each(lambda: d.number(30, 120)),
        },
    ),
    _clean(
        "fish by sex and age",
        "a fish has a sex and an age and is no person",
        lambda d: {
            "鱼种": d.each(lambda: d.of(["大黄鱼", "许氏平鲉", "黑鲷"])),
            "性别": d.each(lambda: d.of("雌雄")),
            "年龄": d.each(lambda: d.whole(0, 9)),
            "体长": d.each(lambda: d.number(8, 60)),
        },
    ),
    _clean(
        "boats by year, tonnage and port",
        "boats are alone in their groups and are no persons",
        lambda d: {
            "建造年份": d.each(lambda: d.whole(1985, 2023)),
            "总吨": d.each(lambda: d.number(5, 900)),
            "船籍港": d.each(lambda: d.of(["青岛", "日照", "威海"])),
        },
    ),
    _clean(
        "stations by day",
        "every row of measurements is alone, and none is a person",
        lambda d: {
            "站": d.each(lambda: d.of(["XMD", "QLY", "CLD"])),
            "日期": d.hours(minutes=1_440),
            "水温": d.each(lambda: d.number(2, 28)),
        },
    ),
    _clean(
        "houses by year and postcode",
        "a house has an age and a postcode",
        lambda d: {
            "建成年代": d.each(lambda: d.whole(1960, 2023)),
            "邮编": d.each(lambda: f"266{d.digits(3)}"),
            "面积": d.each(lambda: d.number(30, 200)),
        },
    ),
)

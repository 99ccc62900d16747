"""Secrecy marks of the State Secrets Law, and the same characters in harmless words."""

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

MARK = certain("secrecy_mark")

_MARKS = (
    "绝密★",
    "机密★10年",
    "秘密★5年",
    "机密★启用前",
    "绝密★长期",
    "密级：机密",
    "【机密】★",
    "秘密 ★ 3年",
    "机密·10年",
    "秘密•5年",
    "绝密▲长期",
    "機密★20年",
    "密級：機密",
    "机密级·启用前",
    "本文件为机密级国家秘密，保密期限二十年。",
    "本件为机密，",
    "该资料属于秘密级，",
    "以下属于国家秘密，",
)
_INTERNAL = (
    "内部资料 注意保密",
    "内部资料，注意保密",
    "内部文件，注意保存",
    "内部参考（不得外传）第7期",
    "内部资料、请勿翻印",
    "内部材料：妥善保管",
    "仅供内部使用",
    "內部資料，不得外传",
    "【内部】",
    "内部参考",
    "（注意保密）",
)


def _clean(name: str, header: str, why: str, make: Callable[[Draw], str]) -> Case:
    return Case(
        name, f"D-04: {why}", PASS, lambda d: {header: d.each(lambda: make(d)), "n": d.count()}
    )


CASES = (
    *(
        Case(
            f"the mark {mark} in one cell of text",
            "D-04: one mark marks the whole, and no signature lists it",
            BLOCK,
            lambda d, mark=mark: {
                "n": d.count(),
                "标题": d.mixed(lambda: f"{mark} 某海域水深", 1e-9, d.remark),
            },  # type: ignore[misc]
            {"标题": MARK},
        )
        for mark in _MARKS
    ),
    *(
        Case(
            f"a column of levels with {level} in it",
            "D-04: the header says levels of secrecy and a cell says which",
            BLOCK,
            lambda d, level=level: {
                "图号": d.count(),
                "密级": d.mixed(lambda: level, 0.02, lambda: "公开"),
            },  # type: ignore[misc]
            {"密级": MARK},
        )
        for level in ("绝密", "机密", "秘密")
    ),
    Case(
        "a mark in the header of a column",
        "D-04: a mark in a header is a mark",
        BLOCK,
        lambda d: {"n": d.count(), "水深（机密★10年）": d.each(lambda: d.number(3, 60))},
        {"水深（机密★10年）": MARK},
    ),
    Case(
        "a mark in Parquet",
        "D-04: a mark in another format",
        BLOCK,
        lambda d: Made(
            {"n": d.count(), "doc": d.mixed(lambda: "机密★20年 军港平面图", 1e-9, d.remark)},
            suffix=".parquet",
        ),
        {"doc": MARK},
    ),
    Case(
        "a mark in full in Parquet's name of a column",
        "D-04: a mark in a header is a mark",
        BLOCK,
        lambda d: Made({"绝密★坐标": d.each(lambda: d.number(0, 9))}, suffix=".parquet"),
        {"绝密★坐标": MARK},
    ),
    Case(
        "papers for internal use",
        "D-04: 内部资料 is a work secret at most; an assessor may clear it",
        ATTEST,
        lambda d: {"n": d.count(), "说明": d.mixed(lambda: "内部资料，严禁外传", 0.01, d.remark)},
        {"说明": reported("secrecy_mark")},
    ),
    Case(
        "a column of levels with 内部 in it",
        "D-04: 内部 among levels is a work secret at most; an assessor may clear it",
        ATTEST,
        lambda d: {"n": d.count(), "密级": d.each(lambda: d.of(["公开", "内部"]))},
        {"密级": reported("secrecy_mark")},
    ),
    *(
        Case(
            f"the words {words} in one cell in fifty",
            "D-04: a work secret at most, by the usual words; an assessor may clear it",
            ATTEST,
            lambda d, words=words: {  # type: ignore[misc]
                "n": d.count(),
                "备注": d.mixed(lambda: words, 0.02, lambda: "无"),
            },
            {"备注": reported("secrecy_mark")},
        )
        for words in _INTERNAL
    ),
    *(
        Case(
            f"the mark {mark} alone in one cell",
            "D-04: one mark marks the whole, and no signature lists it",
            BLOCK,
            lambda d, mark=mark: {  # type: ignore[misc]
                "n": d.count(),
                "备注": d.mixed(lambda: mark, 1e-9, lambda: "无"),
            },
            {"备注": MARK},
        )
        for mark in ("机密10年", "绝密 长期", "(秘密)", "機密", "机密·5年")
    ),
    *(
        Case(
            f"prose with {prose[:6]}",
            f"D-04: {prose} is no mark",
            PASS,
            lambda d, prose=prose: {"内容": [prose] * d.rows, "n": d.count()},  # type: ignore[misc]
        )
        for prose in (
            "做好保密工作",
            "本书是秘密花园的译本",
            "商业秘密·5年",
            "双方的保密期限为3年",
            "本数据不属于国家秘密",
            "不得泄露国家秘密",
            "是否为机密文件由委托方确认",
            "符合机密级国家秘密载体印制资质",
            "机密·任务之海",
            "采用内部参考电压",
            "ADC为内部参考",
            "内部交流会纪要",
            "船体内部使用不锈钢",
            "注意保密柜的钥匙",
            "保守国家秘密法宣传周",
        )
    ),
    _clean(
        "levels that are all public", "密级", "公开 is the contrary of secret", lambda _: "公开"
    ),
    _clean(
        "titles of books",
        "书名",
        "秘密花园 is a novel",
        lambda d: d.of(["秘密花园", "海底两万里", "老人与海"]),
    ),
    _clean(
        "titles of films",
        "片名",
        "绝密飞行 is a film",
        lambda d: d.of(["绝密飞行", "机密任务之海", "深海"]),
    ),
    _clean(
        "internal waves",
        "现象",
        "内部波 is oceanography",
        lambda d: d.of(["内部波", "锋面", "涡旋"]),
    ),
    _clean(
        "the inside of a hull",
        "部位",
        "内部 of a ship",
        lambda d: d.of(["舱室内部", "甲板", "船体外部"]),
    ),
    _clean("internal numbers", "内部编号", "a number of one's own", lambda d: f"NB-{d.digits(5)}"),
    _clean(
        "rates of return", "指标", "内部收益率 is finance", lambda d: d.of(["内部收益率", "净现值"])
    ),
    _clean(
        "confidentiality as a quality",
        "属性",
        "机密性 is a word of information security",
        lambda d: d.of(["机密性", "完整性", "可用性"]),
    ),
    _clean(
        "trade secrets in a clause",
        "条款",
        "保守商业秘密 is a contract's clause and no mark (S-09 asks for it)",
        lambda d: d.of(["双方应保守商业秘密", "违约责任", "争议解决"]),
    ),
    _clean(
        "ways of encryption",
        "加密方式",
        "加密 is no mark",
        lambda d: d.of(["AES-256", "国密SM4", "未加密"]),
    ),
    _clean(
        "stars of hotels",
        "等级",
        "a star without a word is a hotel's",
        lambda d: "★" * d.whole(1, 5),
    ),
    _clean(
        "densities", "密度等级", "密 is in density, too", lambda d: d.of(["高密", "中密", "低密"])
    ),
    _clean(
        "secret in English",
        "title",
        "a secret in a story",
        lambda d: d.of(["The Secret Sharer", "Moby Dick", "Typhoon"]),
    ),
)

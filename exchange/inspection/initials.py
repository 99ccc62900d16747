"""Initials of pinyin, as old programs call their columns: xb for 性别, nl for 年龄.

Each may be of many words, so they are read where several stand together, one of them of those that
only persons have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exchange.inspection.lexicon import plain_header

_OF_PERSONS: Final = {
    "xm": "姓名",
    "xb": "性别",
    "nl": "年龄",
    "csny": "出生年月",
    "csrq": "出生日期",
    "sfzh": "身份证号",
    "zkzh": "准考证号",
    "ksh": "考生号",
    "xjh": "学籍号",
    "zgh": "职工号",
    "hyzk": "婚姻状况",
    "zzmm": "政治面貌",
    "zyh": "住院号",
    "mzh": "门诊号",
    "blh": "病历号",
}
_INITIALS: Final = {
    **_OF_PERSONS,
    "gh": "工号",
    "mz": "民族",
    "nj": "年级",
    "bj": "班级",
    "xx": "学校",
    "xxmc": "学校名称",
    "zy": "专业",
    "xl": "学历",
    "jg": "籍贯",
    "bm": "部门",
    "gw": "岗位",
    "gl": "工龄",
    "gz": "工资",
    "nx": "年薪",
    "sg": "身高",
    "tz": "体重",
    "sl": "视力",
    "zd": "诊断",
    "yw": "语文",
    "sx": "数学",
    "yy": "英语",
    "wl": "物理",
    "hx": "化学",
    "zf": "总分",
    "cj": "成绩",
    "rzrq": "入职日期",
    "zw": "职务",
    "zc": "职称",
    "jtzz": "家庭住址",
}
_SEVERAL: Final = 3


def spelt_out(headers: Sequence[str]) -> tuple[str, ...]:
    """Return the headers of a table, initials of pinyin as the words that they stand for.

    Where fewer than three such initials stand together, or none that only persons have, they stay.
    """
    plain = [plain_header(each) for each in headers]
    known = {each for each in plain if each in _INITIALS}
    if len(known) < _SEVERAL or known.isdisjoint(_OF_PERSONS):
        return tuple(headers)
    return tuple(_INITIALS.get(each, header) for each, header in zip(plain, headers, strict=True))

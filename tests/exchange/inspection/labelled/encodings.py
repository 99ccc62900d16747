"""The same tables in the encodings that F-05 allows: what a cell says does not depend on bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Columns,
    Label,
    Made,
    Verdict,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

_ENCODINGS: Final = {
    "GBK": "gbk",
    "GB 18030": "gb18030",
    "UTF-8 with a byte order mark": "utf-8-sig",
    "UTF-16": "utf-16",
}


def _roster(d: Draw) -> Mapping[str, list[str]]:
    return {"姓名": d.each(d.name), "身份证号": d.each(d.resident_id), "备注": d.each(d.remark)}


def _plates(d: Draw) -> Mapping[str, list[str]]:
    return {"车牌号": d.each(d.plate), "入场时间": d.hours(minutes=5)}


def _masked(d: Draw) -> Mapping[str, list[str]]:
    return {
        "手机号": d.each(lambda: (n := d.mobile())[:3] + "****" + n[7:]),
        "港口": d.each(d.remark),
    }


def _feeding(d: Draw) -> Mapping[str, list[str]]:
    return {"网箱": d.each(lambda: f"网箱{d.whole(1, 40)}"), "备注": d.each(d.remark)}


def _marked(d: Draw) -> Mapping[str, list[str]]:
    return {"标题": d.mixed(lambda: "机密★10年 水深图", 0.01, d.remark), "日期": d.hours()}


def _in_each(
    what: str,
    why: str,
    judged: Verdict,
    build: Callable[[Draw], Columns],
    expected: Mapping[str | tuple[str, ...], Label | tuple[Label, ...]],
) -> Iterator[Case]:
    for words, encoding in _ENCODINGS.items():
        yield Case(
            f"{what} in {words}",
            f"F-05: {why}",
            judged,
            lambda d, encoding=encoding: Made(build(d), encoding=encoding),  # type: ignore[misc]
            expected,
        )


CASES = (
    *_in_each(
        "a roster",
        "names and numbers of GB 11643 are the same in every encoding (I-09)",
        BLOCK,
        _roster,
        {"姓名": certain("person_name"), "身份证号": certain("resident_id")},
    ),
    *_in_each(
        "plates",
        "a province is the same character in every encoding (I-01)",
        BLOCK,
        _plates,
        {"车牌号": certain("plate")},
    ),
    *_in_each(
        "a secrecy mark",
        "a mark is a mark in every encoding (D-04)",
        BLOCK,
        _marked,
        {"标题": certain("secrecy_mark")},
    ),
    *_in_each(
        "masked telephones",
        "a header is a header in every encoding (I-10)",
        ATTEST,
        _masked,
        {"手机号": reported("mobile")},
    ),
    *_in_each(
        "feeding of cages",
        "no encoding makes a person of a cage (I-09)",
        PASS,
        _feeding,
        {},
    ),
)

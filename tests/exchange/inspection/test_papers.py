"""Numbers of papers and vehicles, behind escapes and in pieces; what looks alike is nobody's."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.inspection import glued
from exchange.inspection.cells import Cells
from exchange.inspection.detectors import mailboxes
from exchange.profile import SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.papers import disabled, soldier, vin

MOBILE, RESIDENT = SensitiveKind.MOBILE, SensitiveKind.RESIDENT_ID
NUMBER = "13912345678"


def column(name: str, cells: list[str]) -> str:
    return f"{name},n\n" + "".join(f'"{cell.replace(chr(34), 2 * chr(34))}",1\n' for cell in cells)


def test_the_check_of_the_standards_example_holds(inspected: Inspected) -> None:
    # As encyclopaedias work it out by 49 CFR 565.
    d = Draw("vehicles", 1)
    cells = column("part", ["1M8GDM9AXKP042788", *(vin(d) for _ in range(40))])
    (found,) = inspected(cells).sensitive
    assert (found.kind, found.certain, found.matched) == (SensitiveKind.PLATE, False, 41)


def test_numbers_of_vehicles_whose_check_fails_need_their_header(inspected: Inspected) -> None:
    d = Draw("wrong", 1)
    wrong = [vin(d, wrong=True) for _ in range(40)]
    assert not inspected(column("part", wrong)).sensitive
    (found,) = inspected(column("车架号", wrong)).sensitive
    assert (found.kind, found.certain) == (SensitiveKind.PLATE, False)


def test_a_card_of_the_disabled_is_an_identity_number(inspected: Inspected) -> None:
    d = Draw("disabled", 1)
    numbers = [disabled(d) for _ in range(200)]
    assert any("X" in each for each in numbers)
    (found,) = inspected(column("c1", numbers)).sensitive
    assert (found.kind, found.certain, found.matched) == (RESIDENT, True, 200)


@pytest.mark.parametrize("behind", ["80", "15", "4", "421"])
def test_other_digits_behind_an_identity_number_make_another_number(
    inspected: Inspected, behind: str
) -> None:
    d = Draw("behind", 1)
    found = inspected(column("c1", [d.resident_id() + behind for _ in range(100)])).sensitive
    assert not [each for each in found if each.kind is RESIDENT]


def test_papers_of_soldiers_are_asked_about_and_deeds_are_not(inspected: Inspected) -> None:
    d = Draw("soldiers", 1)
    (found,) = inspected(column("v", [soldier(d) for _ in range(50)])).sensitive
    assert (found.kind, found.certain) == (SensitiveKind.ACCOUNT, False)
    deeds = [f"京房权证海字第{d.digits(6)}号" for _ in range(50)]
    assert not inspected(column("v", deeds)).sensitive


@pytest.mark.parametrize(
    "text",
    [
        f"%22{NUMBER}%22",
        quote(f'{{"tel":"{NUMBER}"}}'),
        f"\\u0022{NUMBER}",
        f"to=%2B86{NUMBER}",
        f"tel{NUMBER}end",
        f"a=1;PHONE{NUMBER}",
    ],
)
def test_what_stands_glued_to_a_number_does_not_hide_it(inspected: Inspected, text: str) -> None:
    cells = [text.replace(NUMBER, f"13{n:09}") for n in range(4_000_000, 900_000_000, 9_000_001)]
    (found,) = inspected(column("q", cells)).sensitive
    assert (found.kind, found.certain, found.matched) == (MOBILE, True, len(cells))


@pytest.mark.parametrize("text", ["hotel{}", "xtel{}", "a{}", "%zz{}", "\\x22{}", "{}%22"])
def test_other_letters_and_signs_hide_none(text: str) -> None:
    cells = Cells.of([text.format(NUMBER), "-"])
    assert [part.raw for part in glued.unescaped(cells)] == [cells.raw]
    starts, _ = cells.runs(cells.digits, 11)
    assert not glued.worded(cells, starts).size


@given(st.lists(st.text(alphabet="%\\u0123f tel", max_size=30), min_size=1, max_size=9))
def test_cells_read_as_they_are_written_or_without_their_escapes(texts: list[str]) -> None:
    cells = Cells.of(texts)
    parts = list(glued.unescaped(cells))
    assert sum(len(part) for part in parts[1:]) <= len(texts)
    kept = [parts[0].text(i).strip("\0") for i in range(len(texts))]
    assert all(now in {"", before} for now, before in zip(kept, texts, strict=True))
    escaped = re.compile(r"(?:%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4})[0-9]{11}")
    for now, before in zip(kept, texts, strict=True):
        if escaped.search(before):
            assert now == ""


def test_a_mobile_number_alone_in_base64_is_hidden_and_found(inspected: Inspected) -> None:
    cells = [base64.b64encode(NUMBER.encode()).decode(), "aa"]
    (found,) = inspected(column("tok", cells)).sensitive
    assert (found.kind, found.certain, found.matched) == (SensitiveKind.CREDENTIAL, True, 1)


@pytest.mark.parametrize("between", [0, 1, 3, 4])
def test_pieces_of_an_identity_number_may_stand_apart(inspected: Inspected, between: int) -> None:
    d = Draw("apart", 1)
    names = ["a", *(f"w{i}" for i in range(between)), "b"]
    rows = []
    for _ in range(60):
        number = d.resident_id()
        rows.append(
            ",".join([number[:6], *(f"{d.number(1, 9)}" for _ in range(between)), number[6:]])
        )
    found = inspected(",".join(names) + "\n" + "\n".join(rows) + "\n").sensitive
    assert {(each.column, each.kind) for each in found} == (
        {("a", RESIDENT), ("b", RESIDENT)} if between < 4 else set()
    )


@pytest.mark.parametrize(
    ("mailbox", "personal"),
    [
        ("zhaobiao@nb.gov.cn", False),
        ("xinfang@nb.gov.cn", False),
        ("xinfang@qq.com", True),
        ("zhangwei@nb.gov.cn", True),
    ],
)
def test_an_office_in_pinyin_is_one_where_nobody_else_has_mailboxes(
    mailbox: str,
    personal: bool,  # noqa: FBT001 - a row of the table
) -> None:
    found = mailboxes._MAIL.search(mailbox)
    assert found is not None
    assert mailboxes.is_personal(found) is personal


@pytest.mark.parametrize("header", ["version", "固件版本", "fw_ver"])
def test_versions_in_four_parts_are_no_addresses(inspected: Inspected, header: str) -> None:
    d = Draw("versions", 1)
    cells = [
        f"{d.whole(1, 9)}.{d.whole(1, 250)}.{d.whole(1, 99)}.{d.whole(1, 250)}" for _ in range(60)
    ]
    assert not inspected(column(header, cells)).sensitive
    (found,) = inspected(column("client", cells)).sensitive
    assert found.kind is SensitiveKind.ACCOUNT

from __future__ import annotations

import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.inspection import lexicon, persons
from exchange.inspection.detectors import addresses
from exchange.inspection.detectors.territories import is_hong_kong_id, is_taiwan_id
from exchange.inspection.lexicon import header_suggests
from exchange.inspection.traditional import FOLDED, simplified
from exchange.profile import SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.territories import hong_kong, taiwan
from tests.exchange.inspection.test_sensitive import column

seeds = st.integers(0, 10**6).map(str)


def drawn(count: int = 40) -> Draw:
    return Draw("territories", count)


@pytest.mark.parametrize("number", ["A123456(3)", "A1234563", "AB987654(3)", "G123456(A)"])
def test_numbers_that_are_published_as_examples_of_hong_kong_pass(number: str) -> None:
    assert is_hong_kong_id(number)


@pytest.mark.parametrize(
    "number", ["A123456(4)", "A12345(3)", "ABC987654(3)", "A123456", "B1234563"]
)
def test_other_numbers_are_none_of_hong_kong(number: str) -> None:
    assert not is_hong_kong_id(number)


@pytest.mark.parametrize("number", ["A123456789", "A800000014", "A900000016", "AB12345677"])
def test_numbers_that_are_published_as_examples_of_taiwan_pass(number: str) -> None:
    assert is_taiwan_id(number)


@pytest.mark.parametrize("number", ["A123456788", "A323456789", "a123456789", "A12345678"])
def test_other_numbers_are_none_of_taiwan(number: str) -> None:
    assert not is_taiwan_id(number)


@given(seeds, st.integers(0, 6), st.integers(1, 9))
def test_one_digit_changed_breaks_a_number_of_hong_kong(seed: str, at: int, by: int) -> None:
    # Whatever is added to one digit of eleven, no other digit adds to it: 11 is a prime.
    number = hong_kong(Draw(seed, 1), "")
    assert is_hong_kong_id(number)
    place = 1 + at % 6
    changed = str((int(number[place]) + by) % 10)
    assert not is_hong_kong_id(number[:place] + changed + number[place + 1 :])


@given(seeds, st.integers(1, 9))
def test_another_check_digit_breaks_a_number_of_taiwan(seed: str, by: int) -> None:
    number = taiwan(Draw(seed, 1), "1289")
    assert is_taiwan_id(number)
    assert not is_taiwan_id(number[:-1] + str((int(number[-1]) + by) % 10))


def test_a_few_numbers_under_a_header_are_too_few_to_be_sure(inspected: Inspected) -> None:
    numbers = drawn(3).each(lambda: hong_kong(drawn(1)))
    (finding,) = inspected(column(numbers, "身份證")).sensitive
    assert (finding.kind, finding.certain) == (SensitiveKind.RESIDENT_ID, False)
    assert inspected(column(numbers, "no")).sensitive == ()


def test_numbers_a_tenth_of_which_fail_are_serials(inspected: Inspected) -> None:
    draw = drawn()
    numbers = [*draw.each(lambda: taiwan(draw))[:36], "A123456788", "B123456788", "A12345678X"]
    assert inspected(column([*numbers, "C123456789"], "no")).sensitive == ()


def test_the_form_of_macau_wants_a_header_or_many(inspected: Inspected) -> None:
    numbers = [f"1{i:06d}({i % 10})" for i in range(30)]
    (finding,) = inspected(column(numbers, "a")).sensitive
    assert (finding.kind, finding.certain) == (SensitiveKind.RESIDENT_ID, False)
    assert inspected(column(numbers[:15], "a")).sensitive == ()


def test_few_telephones_without_a_header_are_none(inspected: Inspected) -> None:
    numbers = [f"+852 91{i:02d} 4567" for i in range(9)]
    assert inspected(column(numbers, "a")).sensitive == ()
    (finding,) = inspected(column(numbers, "手機")).sensitive
    assert (finding.kind, finding.certain) == (SensitiveKind.MOBILE, True)


def test_ten_digits_from_09_on_are_serials_unless_they_are_written_in_groups(
    inspected: Inspected,
) -> None:
    assert inspected(column([f"09{i:08d}" for i in range(40)], "no")).sensitive == ()


def test_numbers_of_one_row_in_two_are_no_column_of_them(inspected: Inspected) -> None:
    cells = [f"+852 91{i:02d} 4567" if i % 2 else f"berth {i}" for i in range(60)]
    assert inspected(column(cells, "a")).sensitive == ()


def test_a_floor_among_other_places_is_nobodys_home(inspected: Inspected) -> None:
    cells = [f"忠孝東路{i}號{i}樓" if i % 3 else f"海港{i}" for i in range(1, 60)]
    (finding,) = inspected(column(cells, "c")).sensitive
    assert (finding.kind, finding.certain) == (SensitiveKind.ADDRESS, False)
    rare = [f"忠孝東路{i}號{i}樓" if i % 3 == 0 else f"海港{i}" for i in range(1, 60)]
    assert inspected(column(rare, "c")).sensitive == ()


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("身份證號碼", SensitiveKind.RESIDENT_ID),
        ("聯絡電話", SensitiveKind.MOBILE),
        ("銀行賬戶", SensitiveKind.BANK_CARD),
        ("車牌", SensitiveKind.PLATE),
        ("駕駛員", SensitiveKind.PERSON_NAME),
        ("護照號碼", SensitiveKind.PASSPORT),
        ("診斷", SensitiveKind.HEALTH),
        ("郵箱", SensitiveKind.EMAIL),
        ("密碼", SensitiveKind.CREDENTIAL),
        ("戶籍地址", SensitiveKind.ADDRESS),
        ("指紋特徵", SensitiveKind.BIOMETRIC),
    ],
)
def test_a_header_in_traditional_characters_suggests_what_the_simplified_one_does(
    header: str, kind: SensitiveKind
) -> None:
    assert header_suggests(header, kind)
    assert header_suggests(simplified(header), kind)


@pytest.mark.parametrize(
    ("header", "kind"),
    [("個人番号", SensitiveKind.NATIONAL_ID), ("保護者", SensitiveKind.PERSON_NAME)],
)
def test_a_japanese_header_is_known_though_some_of_its_characters_are_folded(
    header: str, kind: SensitiveKind
) -> None:
    assert header_suggests(header, kind)


def test_the_table_folds_what_is_looked_for_and_nothing_else() -> None:
    # Whatever is folded is looked for somewhere, and what is looked for is not folded away.
    sources = (lexicon, persons, addresses)
    wanted = {each for module in sources for each in _han(inspect.getsource(module))}
    assert wanted
    assert not wanted & {chr(each) for each in FOLDED}
    assert all(simplified(each) == each for each in FOLDED.values())


@pytest.mark.parametrize("name", ["陳怡君", "歐陽娜娜", "林家豪", "葉淑芬", "蕭宗翰"])
def test_a_name_reads_as_one_in_either_script(name: str) -> None:
    assert persons.is_chinese_name(name)
    assert persons.has_common_given(name)
    assert persons.is_person(simplified(name))


def _han(text: str) -> list[str]:
    return re.findall("[一-鿿]", text)

from __future__ import annotations

import pytest

from exchange.inspection.dialling import is_international
from exchange.profile import SensitiveFinding, SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.test_sensitive import column


@pytest.mark.parametrize(
    "digits", ["2348031234567", "254712345678", "14155552671", "4915123456789", "6281234567890"]
)
def test_a_code_and_a_number_as_long_as_that_countrys_are(digits: str) -> None:
    assert is_international(digits)
    assert not is_international(f"+{digits}")
    assert not is_international(digits + "000")


@pytest.mark.parametrize("digits", ["8613912345678", "2891234567", "3001234567", "12345", ""])
def test_china_unknown_codes_and_short_numbers_are_none(digits: str) -> None:
    assert not is_international(digits)


def found(inspected: Inspected, header: str, cells: list[str]) -> SensitiveFinding | None:
    sensitive = inspected(column(cells, header)).sensitive
    return next((each for each in sensitive if each.kind is SensitiveKind.MOBILE), None)


def test_a_telephone_within_a_text_is_certain_behind_a_word_that_calls(
    inspected: Inspected,
) -> None:
    quiet = ["door is left", "come at noon"] * 20
    called = found(inspected, "note", [*quiet, "please call +254 712 345 678 before noon"])
    assert called is not None
    assert called.certain
    assert called.matched == called.embedded == 1
    bare = [f"door, +25471234567{each}, noon" for each in range(3)]
    asked = found(inspected, "note", [*quiet, *bare])
    assert asked is not None
    assert not asked.certain
    assert found(inspected, "note", [*quiet, *bare[:2]]) is None  # two may be anything
    assert found(inspected, "note", [*quiet, *(f"moved +{each}12.5 mm" for each in "123")]) is None


def test_sums_of_which_a_few_are_as_long_as_a_telephone_are_none(inspected: Inspected) -> None:
    sums = [f"balance +{10_000_000_000 + 97 * each} after fees" for each in range(60)]
    telephones = [f"balance +25471234567{each} after fees" for each in range(9)]
    assert found(inspected, "booking", sums + telephones) is None
    assert found(inspected, "booking", sums[:3] + telephones) is not None


def test_mobiles_of_japan_begin_in_several_ways(inspected: Inspected) -> None:
    numbers = [f"0{'789'[n % 3]}0-1{n:03}-{4321 + n}" for n in range(30)]
    groups = found(inspected, "c1", numbers)
    assert groups is not None
    assert groups.certain
    plain = found(inspected, "c1", [each.replace("-", "") for each in numbers])
    assert plain is not None
    assert not plain.certain
    assert found(inspected, "c1", [f"090{each[3:]}" for each in numbers]) is None
    assert found(inspected, "c1", numbers[:9]) is None

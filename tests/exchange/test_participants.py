"""By which codes an organisation is known, and that each proves itself."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.participants import is_credit_code, is_lei, is_organisation_code
from tests.exchange.floor import credit_code

# Published by their owners: Bloomberg L.P., and the German financial supervision.
REAL = ("5493001KJTIIGC8Y1R12", "529900T8BM49AURSDO55")
LETTERS = string.digits + string.ascii_uppercase


@pytest.mark.parametrize("code", REAL)
def test_an_lei_names_an_organisation(code: str) -> None:
    assert is_lei(code)
    assert is_organisation_code(code)
    assert not is_credit_code(code)


def test_a_credit_code_still_does_and_is_no_lei() -> None:
    assert is_organisation_code(credit_code(1))
    assert not is_lei(credit_code(1))


@pytest.mark.parametrize(
    "code",
    [
        *("", REAL[0].lower(), f" {REAL[0]}", f"{REAL[0]}\n", REAL[0][:-1], f"{REAL[0]}0"),
        *("5493001KJTIIGC8Y1R1２", "5493001KJTIIGC8Y1RXX", "DE811115368"),
    ],
)
def test_what_is_written_otherwise_is_none(code: str) -> None:
    assert not is_organisation_code(code)


@given(st.sampled_from(REAL), st.integers(0, 19), st.sampled_from(LETTERS))
def test_one_slip_is_found_wherever_it_is(code: str, place: int, slip: str) -> None:
    """MOD 97-10 finds every digit that is another digit, every letter that is another letter."""
    if slip.isdigit() is not code[place].isdigit():
        slip = code[place]
    wrong = code[:place] + slip + code[place + 1 :]
    assert is_lei(wrong) is (wrong == code)


@given(st.text(LETTERS, min_size=18, max_size=18))
def test_of_all_endings_one_is_true(body: str) -> None:
    """Of the two digits from 02 to 98; 00, 01 and 99 are congruent to others of them."""
    true = [end for end in range(2, 99) if is_lei(f"{body}{end:02d}")]
    assert len(true) == 1

from __future__ import annotations

import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from exchange.quality.sampling import draw

NOTICE = "ab" * 32
DATA = "cd" * 32


def test_the_rows_follow_from_the_notice_and_the_data_alone() -> None:
    assert draw(NOTICE, DATA, 1_000_000, 3) == draw(NOTICE, DATA, 1_000_000, 3)
    # Taken by hand from the words of the module: eight bytes each of SHA-256(seed, 0).
    seed = hashlib.sha256(bytes.fromhex(NOTICE + DATA)).digest()
    block = hashlib.sha256(seed + bytes(8)).digest()
    first = [int.from_bytes(block[i : i + 8], "big") % 1_000_000 for i in (0, 8, 16)]
    assert draw(NOTICE, DATA, 1_000_000, 3) == tuple(sorted(first))


def test_another_notice_or_other_data_draws_other_rows() -> None:
    drawn = draw(NOTICE, DATA, 1_000_000)
    assert drawn != draw("ef" * 32, DATA, 1_000_000)
    assert drawn != draw(NOTICE, "ef" * 32, 1_000_000)


def test_a_short_file_is_shown_whole() -> None:
    assert draw(NOTICE, DATA, 6) == (0, 1, 2, 3, 4, 5)
    assert draw(NOTICE, DATA, 0) == ()


@given(st.integers(1, 2**40), st.integers(1, 40), st.binary(min_size=32, max_size=32))
def test_different_rows_of_the_file_are_drawn(rows: int, count: int, notice: bytes) -> None:
    drawn = draw(notice.hex(), DATA, rows, count)
    assert len(drawn) == min(rows, count)
    assert list(drawn) == sorted(set(drawn))
    assert all(0 <= place < rows for place in drawn)


def test_no_row_is_likelier_than_another() -> None:
    seen = Counter(
        place
        for number in range(400)
        for place in draw(hashlib.sha256(b"%d" % number).hexdigest(), DATA, 10, 2)
    )
    # 800 draws over 10 rows: 80 each, give or take four standard deviations.
    assert all(abs(seen[place] - 80) < 34 for place in range(10))

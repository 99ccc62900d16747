from __future__ import annotations

import pytest

from exchange.inspection import discover_readers
from tests.exchange.inspection.labelled import CASES, Case
from tests.exchange.inspection.labelled.__main__ import run

DRAWN = [case for case in CASES if case.theme in {"strangers", "further", "scripts", "persons"}]


@pytest.mark.parametrize("seed", ["", "drawn anew"])
@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case.name)
def test_what_strangers_drew_is_judged_as_they_labelled_it(case: Case, seed: str) -> None:
    assert run(case, discover_readers(), seed).misses() == ()

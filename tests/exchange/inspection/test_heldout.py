from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

from exchange.inspection import discover_readers
from tests.exchange.inspection import labelled
from tests.exchange.inspection.heldout import TABLES, values
from tests.exchange.inspection.heldout.table import Table
from tests.exchange.inspection.labelled.__main__ import holds, run
from tests.exchange.inspection.labelled.case import METADATA, TABLE, Verdict
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.score import KINDS, score

RULE = re.compile(r"\b[FPSIDGXCQTO]-\d\d\b")


def test_there_are_enough_tables_of_either_verdict_and_no_two_are_called_alike() -> None:
    verdicts = Counter(table.judged for table in TABLES)
    assert len({table.name for table in TABLES}) == len(TABLES) >= 150
    assert verdicts[Verdict.BLOCK] >= 75
    assert verdicts[Verdict.PASS] >= 75
    assert verdicts[Verdict.ATTEST] >= 10


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_a_reason_and_labels_for_columns_that_exist(table: Table) -> None:
    assert RULE.search(table.why)
    made = table.made()
    assert made == table.made(), "the same seed gives another table"
    assert len({len(cells) for cells in made.columns.values()}) == 1
    for columns, label in table.labels():
        assert columns <= {*made.columns, METADATA, TABLE}
        assert set(label.kinds) <= KINDS


def test_the_two_corpora_draw_from_other_lists() -> None:
    assert not set(values.COUNTIES) & set(labelled.draw.AREAS)
    assert not set(values.FAMILIES) & set(labelled.draw.SURNAMES)
    assert not set(values.LAST) & set(labelled.draw.SURNAMES_EN)
    assert not {*values.ISSUERS_16, *values.ISSUERS_19} & {
        *labelled.draw.BINS_16,
        *labelled.draw.BINS_19,
    }


@given(st.randoms(use_true_random=False))
def test_drawn_numbers_are_what_they_are_called(chance: Random) -> None:
    d = Draw(str(chance.random()), 1)
    number, wrong = values.resident_id(d), values.wrong_id(d)
    assert number[-1] == ric.calc_check_digit(number)
    assert wrong[-1] != ric.calc_check_digit(wrong)
    assert luhn.is_valid(values.card(d))
    assert luhn.is_valid(values.card(d, 19))
    assert len(values.card(d, 19)) == 19
    assert uscc.is_valid(values.credit_code(d))
    assert uscc.is_valid(values.credit_code(d, "92"))


@pytest.mark.slow
def test_the_installed_detectors_reach_every_bar() -> None:
    readers = discover_readers()
    outcomes = [run(table, readers) for table in TABLES]
    missed = {each.case.name: each.misses() for each in outcomes if each.misses()}
    assert holds(score(outcomes)), missed

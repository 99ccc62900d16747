"""Recording acts: what opens them comes with them, and of many of the house all or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from exchange.errors import DataDiffer, Forbidden, Refused
from exchange.openings import open_with
from exchange.ports import Floor
from exchange.services.acting import record, record_all_for_house, record_for_house
from ledger.entries import ENTRY_MAX, Entry
from tests.exchange.floor import Hall
from tests.exchange.web.town import new_keys

GRADED = ("general-2", "general-3")


def grading(grade: str, **changes: Any) -> Mapping[str, Any]:
    return {"grade": grade, "reason": "an accident", "basis": "App. J", **changes}


def graded(hall: Hall, *facts: Mapping[str, Any], floor: Floor | None = None) -> list[Entry]:
    """Let the house set grades of the product, all in one."""
    floor = floor or hall.floor
    acts = [("grade.set", f"product/{hall.number}", each) for each in facts]
    with floor.write() as work:
        return record_all_for_house(acts, work=work, floor=floor)


def graded_once(hall: Hall, facts: Mapping[str, Any]) -> Entry:
    subject = f"product/{hall.number}"
    with hall.floor.write() as work:
        return record_for_house("grade.set", subject, facts, work=work, floor=hall.floor)


def test_an_act_is_recorded_with_what_opens_it_alone(hall: Hall) -> None:
    subject = f"product/{hall.register().number}"
    signed, openings = hall.commit("rival", "objection.filed", subject, {}, {"grounds": "ours"})
    size = hall.size
    other = open_with(hall.floor.chance, {"grounds": "no, theirs"})
    with pytest.raises(DataDiffer, match=r"act\.facts\.grounds"), hall.floor.write() as work:
        record(signed, other, work=work, floor=hall.floor)
    assert hall.size == size
    with hall.floor.write() as work:
        entry = record(signed, openings, work=work, floor=hall.floor)
    with hall.floor.read() as work:
        assert work.confidential.get(entry.leaf.hex(), "grounds") == openings[0]


def test_acts_of_the_house_are_recorded_in_their_order(listed: Hall) -> None:
    size, time = listed.size, listed.floor.clock()
    made = graded(listed, *map(grading, GRADED))
    with listed.floor.read() as work:
        entries = list(work.chain.store.entries(size))
    assert [entry.data for entry in entries] == [entry.data for entry in made]
    assert [entry.index for entry in entries] == [size, size + 1]
    assert [entry.facts for entry in entries] == [*map(grading, GRADED)]
    assert {entry.actor for entry in entries} == {listed.participant("house").id}
    assert {entry.time for entry in entries} == {f"{time:%Y-%m-%dT%H:%M:%SZ}"}
    assert listed.kinds(f"product/{listed.number}")[-2:] == ["grade.set"] * 2


def test_the_house_acts_under_the_key_that_it_has_while_that_runs_on(listed: Hall) -> None:
    """Its newest key may be in another place, where the operator signs for itself."""
    listed.house.rotate_key(new_keys(), dt.timedelta(days=7))
    signer = listed.floor.signer
    assert signer
    (entry,) = graded(listed, grading("general-2"))
    entry.signed.verify(signer.public_key)
    graded_once(listed, grading("general-3")).signed.verify(signer.public_key)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (grading("general-3", colour="red"), "facts: grade.set.colour: unknown"),
        (grading("general-3", reason="x" * ENTRY_MAX), f"bytes is over {ENTRY_MAX}"),
    ],
)
def test_one_act_of_the_house_that_is_refused_leaves_none(
    listed: Hall, facts: Mapping[str, Any], words: str
) -> None:
    size = listed.size
    attempts: list[Callable[[], object]] = [
        lambda: graded(listed, grading("general-2"), facts),
        lambda: graded_once(listed, facts),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match=words):
            attempt()
    assert listed.size == size


def test_a_house_that_is_locked_records_nothing(listed: Hall) -> None:
    size = listed.size
    with pytest.raises(Forbidden, match="the operator's key is not unlocked"):
        graded(listed, grading("general-2"), floor=replace(listed.floor, signer=None))
    assert listed.size == size

"""Whose papers the operator renews is asked of the store, with the answers of a walk over all.

The walk is here alone.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from alembic import command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from exchange import desk as desks
from exchange.errors import ExchangeError
from exchange.participants import LicenceClass, Participant, Role
from exchange.services.read_inbox import Task, read_inbox
from exchange.store import schema
from exchange.store.books import SqlParticipants
from exchange.store.engine import open_engine
from tests.exchange.floor import LICENSED, Hall, credit_code, open_hall

WHO: Final = "counsel"
HELD: Final = LICENSED[Role.COMPLIANCE_ASSESSOR]
OTHER: Final = next(each for each in LicenceClass if each is not HELD)
CLASSES: Final = (HELD, OTHER)
_DAYS: Final = st.sampled_from((0, 1, 5, 400))
STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("license"), st.integers(0, 1), _DAYS),
        st.tuples(st.just("withdraw"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("verify"), st.just(0), _DAYS),
        st.tuples(st.sampled_from(["suspend", "admit"]), st.just(0), st.just(0)),
        st.tuples(st.just("wait"), st.just(0), _DAYS),
    ),
    min_size=3,
    max_size=8,
)
Step = tuple[str, int, int]


def license_for(hall: Hall, kind: LicenceClass, days: int) -> Participant:
    return hall.house.license(
        hall.participant(WHO),
        kind,
        number="37-2026-0002",
        issuer="山东省司法厅",
        until=hall.today + dt.timedelta(days=days),
        document=b"a licence",
    )


def withdraw(hall: Hall, nth: int) -> None:
    known = hall.participant(WHO)
    with hall.floor.read() as work:
        found = [*work.chain.store.of_kind(f"participant/{known.id}", "licence.recorded")]
    hall.house.withdraw_licence(known, found[nth % len(found)].leaf.hex(), "why")


def step(hall: Hall, name: str, at: int, days: int) -> None:
    known, until = hall.participant(WHO), hall.today + dt.timedelta(days=days)
    acts: dict[str, Callable[[], object]] = {
        "license": lambda: license_for(hall, CLASSES[at], days),
        "withdraw": lambda: withdraw(hall, at),
        "verify": lambda: hall.house.verify(known, [b"a paper"], signatory="李四", until=until),
        "suspend": lambda: hall.house.suspend(known, "why"),
        "admit": lambda: hall.house.admit(known, [Role.COMPLIANCE_ASSESSOR]),
        "wait": lambda: hall.advance(days=days, hours=1),
    }
    try:
        acts[name]()
    except ExchangeError:
        return


def inbox(hall: Hall) -> tuple[Task, ...]:
    with hall.floor.read() as work:
        return read_inbox(work.participants.get("house"), work=work, floor=hall.floor)


def by_walking(hall: Hall) -> tuple[Task, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlParticipants, "waiting", lambda books, _: books.all())
        return inbox(hall)


def asked(hall: Hall) -> list[str]:
    with hall.floor.read() as work:
        return [each.handle for each in work.participants.waiting(hall.today)]


@given(steps=STEPS)
@example(steps=[("license", 1, 5), ("wait", 0, 5), ("wait", 0, 1), ("withdraw", 0, 0)])
@example(steps=[("license", 0, 400), ("license", 0, 0), ("wait", 0, 1), ("withdraw", 1, 0)])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_operator_sees_the_papers_that_a_walk_over_all_finds(steps: Sequence[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_hall(Path(folder) / "exchange") as hall:
        for each in steps:
            step(hall, *each)
            assert inbox(hall) == by_walking(hall)


def test_who_is_admitted_with_papers_that_run_is_not_read(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is the book read whole, nor does it hand over anybody who is fine."""
    monkeypatch.setattr(SqlParticipants, "all", lambda _: pytest.fail("reads every participant"))
    assert (asked(hall), inbox(hall)) == ([], ())
    keys = hall.venue.keyring.create("newcomer", "a long passphrase")
    desks.apply_to_join(
        keys, handle="newcomer", name="新", credit_code=credit_code(99), floor=hall.floor
    )
    assert asked(hall) == ["newcomer"]
    assert [task.title for task in inbox(hall)] == ["新"]


def test_a_licence_that_ended_is_read_until_another_of_its_class_runs(hall: Hall) -> None:
    license_for(hall, OTHER, 5)
    hall.advance(days=5)
    assert asked(hall) == []  # on its last day it still runs
    hall.advance(days=1)
    assert asked(hall) == [WHO]
    assert [task.items for task in inbox(hall)] == [(str(OTHER),)]
    license_for(hall, OTHER, 400)
    assert asked(hall) == []


def test_a_licence_that_is_taken_back_is_no_paper_to_renew(hall: Hall) -> None:
    license_for(hall, OTHER, 5)
    hall.advance(days=6)
    withdraw(hall, 0)
    assert (asked(hall), inbox(hall)) == ([], ())
    assert hall.participant("supplier").licences_until == ""


def test_who_is_suspended_is_not_read_and_who_never_was_seen_by_this_program_is(hall: Hall) -> None:
    with hall.floor.write() as work:
        work.participants.put(replace(work.participants.get(WHO), licences_until=None))
    assert asked(hall) == [WHO]
    assert inbox(hall) == ()
    hall.house.suspend(hall.participant(WHO), "why")
    assert asked(hall) == []


def test_a_store_of_before_knows_who_never_had_a_licence(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", store="sqlite") as hall:
        handles = {role: hall.participant(role).licences_until for role in ("supplier", WHO)}
    assert handles["supplier"] == ""
    assert handles[WHO]
    engine = open_engine(tmp_path / "exchange" / "exchange.sqlite3", writing=True)
    alembic = schema.config()
    with engine.begin() as connection:
        alembic.attributes["connection"] = connection
        command.downgrade(alembic, "0007")
    schema.migrate(engine)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT handle, licences_until FROM participant"))
        after = {row.handle: row.licences_until for row in found}
    engine.dispose()
    assert (after["supplier"], after["house"], after[WHO]) == ("", "", None)

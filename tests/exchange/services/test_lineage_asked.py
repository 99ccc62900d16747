"""What came of a product is asked of the store, with the answers of a walk over every product.

The walk is here alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
from alembic import command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from exchange.grading import Grade
from exchange.services.grant_right import Standing, standing_of
from exchange.services.register_product import confirm_registration
from exchange.services.trace_lineage import derived_from
from exchange.store import schema
from exchange.store.engine import open_engine
from ledger.lineage import ancestors, descendants
from ledger.registry import lineage_of, versions_of
from tests.exchange.floor import DATA, DERIVATION, EVIDENCE, NOTICE, Hall, open_hall, sheet
from tests.exchange.services.test_board_asked import reading

# Of each product the earlier ones that its claim names, those that a change names besides, and
# whether an objection to that change is upheld.
Story = tuple[Sequence[int], Sequence[int], bool]
_PLACES: Final = st.lists(st.integers(0, 4), max_size=2)
_STORIES: Final = st.lists(st.tuples(_PLACES, _PLACES, st.booleans()), min_size=2, max_size=4)


def play(hall: Hall, stories: Sequence[Story]) -> list[str]:
    """Register products of one supplier, and change what some are derived from."""
    numbers: list[str] = []
    for nth, (claimed, told, upheld) in enumerate(stories):
        parents = sorted({numbers[at] for at in claimed if at < nth})
        file = hall.file(f"{nth}.csv", DATA.replace("6.1", f"5.{nth}"))
        made = hall.supplier.register(file, parents=parents).number
        hall.advance(seconds=NOTICE)
        with hall.floor.write() as work:
            confirm_registration(work.products.get(made), work=work, floor=hall.floor)
        more = sorted({numbers[at] for at in told if at < nth} - set(parents))
        if more:
            hall.supplier.change(made, None, "so it was", sources=("derived",), parents=more)
            if upheld:
                hall.rival.object(made, "not so")
                hall.house.close_objection(made, "upheld", "indeed")
            hall.advance(seconds=NOTICE)
        numbers.append(made)
    return numbers


def walked(hall: Hall, number: str) -> list[str]:
    """Name what stands derived from a product, of all products there are."""
    with hall.floor.read() as work:
        view, subject = work.chain.store, f"product/{number}"
        return [
            each.number
            for each in work.products.all()
            if each.number != number and subject in lineage_of(view, f"product/{each.number}")
        ]


def asked(hall: Hall, number: str) -> list[str]:
    with hall.floor.read() as work:
        return [each.number for each in derived_from(work.products.get(number), work)]


def kin_both_ways(hall: Hall, number: str) -> None:
    with hall.floor.read() as work:
        entries = [
            entry
            for each in work.products.all()
            for entry in reversed(versions_of(work.chain.store, f"product/{each.number}"))
        ]
        standing = standing_of(number, work, hall.floor)
    assert standing.ancestors == ancestors(number, entries)
    assert standing.descendants == descendants(number, entries)


@given(stories=_STORIES)
@example(stories=[([], [], False), ([0], [], False), ([1], [0], False), ([], [1, 2], True)])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_came_of_a_product_is_what_a_walk_over_all_finds(stories: Sequence[Story]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_hall(Path(folder) / "exchange") as hall:
        for number in play(hall, stories):
            assert asked(hall, number) == walked(hall, number)
            kin_both_ways(hall, number)


def test_a_change_that_never_happened_leaves_nothing_derived(hall: Hall) -> None:
    first, second = play(hall, [([], [], False), ([], [0], True)])
    with hall.floor.read() as work:
        assert [each.number for each in work.products.derived(first)] == [second]
    assert asked(hall, first) == []


# Who reads what.


def grandchild(listed: Hall) -> tuple[str, str]:
    """List a product that comes of the listed one, and one that comes of that."""
    numbers = [listed.number]
    for nth in range(2):
        told = sheet(sources=[DERIVATION])
        file = listed.file(f"{nth}.csv", DATA.replace("6.1", f"5.{nth}"))
        made = listed.supplier.register(file, told, [EVIDENCE], parents=numbers[-1:]).number
        listed.supplier.submit_sheet(made, told)
        listed.attest(made)
        listed.review(made)
        listed.advance(seconds=NOTICE)
        listed.supplier.list(made)
        numbers.append(made)
    return numbers[1], numbers[2]


def look(hall: Hall) -> Standing:
    with hall.floor.read() as work:
        return standing_of(hall.number, work, hall.floor)


ACTS: Final[dict[str, Callable[[Hall, str], object]]] = {
    "dispute": lambda hall, _: hall.rival.dispute(hall.number, "mine"),
    "grade": lambda hall, _: hall.house.set_grade(hall.number, Grade.GENERAL_3, "why", "App. J"),
    "sheet": lambda hall, _: hall.supplier.submit_sheet(hall.number, sheet(grade="general-3")),
    "revoke": lambda hall, grant: hall.supplier.revoke(hall.number, grant, "over"),
    "look": lambda hall, _: look(hall),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_or_a_look_reads_the_descendants_and_no_stranger(
    listed: Hall, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    child, grandest = grandchild(listed)
    grant = listed.grant()
    listed.register("other.csv", "station,depth\nQD,1.5\nRZ,2.5\nQD,3.5\nRZ,4.5\n")
    read = reading(monkeypatch)
    ACTS[name](listed, grant)
    assert read == {listed.number, child, grandest}
    monkeypatch.undo()
    left = {str(listed.product(each).listing) for each in (child, grandest)}
    assert left == ({"listed"} if name in {"look", "revoke"} else {"suspended"})


# A store of before.


def derivations(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT product, parent FROM product_parent"))
        return sorted((row.product, row.parent) for row in found)


def test_a_store_of_before_learns_from_its_log_what_came_of_what(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", store="sqlite") as hall:
        first, second, third = play(hall, [([], [], False), ([0], [], False), ([], [0, 1], False)])
    engine = open_engine(tmp_path / "exchange" / "exchange.sqlite3", writing=True)
    before = derivations(engine)
    assert before == sorted([(second, first), (third, first), (third, second)])
    alembic = schema.config()
    with engine.begin() as connection:
        alembic.attributes["connection"] = connection
        command.downgrade(alembic, "0006")
    schema.migrate(engine)
    assert derivations(engine) == before
    engine.dispose()

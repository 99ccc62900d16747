"""Erasure over PostgreSQL: what is left in its tables and files, and two who act at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from exchange.errors import Conflict, ExchangeError, Refused
from exchange.openings import Erased
from exchange.services.disclose_values import disclose
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import Hall, open_hall
from tests.exchange.services.test_erasure import audited, erased, leaf_of
from tests.exchange.store.test_postgresql import writer

pytestmark = pytest.mark.slow


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "admitted", "postgresql") as opened_hall:
        yield opened_hall


def credited(hall: Hall, reference: str) -> str:
    """Credit the buyer and return the leaf hash of the entry."""
    buyer = hall.participant("buyer")
    hall.house.deposit(buyer, Money(5), reference)
    return leaf_of(hall, f"account/{buyer.id}", "account.deposited")


def both(one: Callable[[], object], other: Callable[[], object]) -> list[ExchangeError | None]:
    """Do both at once; return what each was refused with."""

    def done(act: Callable[[], object]) -> ExchangeError | None:
        try:
            act()
        except ExchangeError as error:
            return error
        return None

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(done, (one, other)))


def secrets_of(hall: Hall, leaf: str) -> tuple[bytes, ...]:
    query = text(
        "SELECT k.key, k.salt, p.ciphertext FROM ledger_private p JOIN ledger_private_key k "
        "ON k.leaf = p.leaf AND k.field = p.field WHERE p.leaf = :leaf"
    )
    with writer(hall).connect() as connection:
        return tuple(map(bytes, connection.execute(query, {"leaf": leaf}).one()))


def held(hall: Hall, table: str) -> bytes:
    """Return the bytes of a table's file, as the server's disk has them."""
    with writer(hall).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        query = text("SELECT pg_read_binary_file(pg_relation_filepath(:table))")
        return bytes(connection.execute(query, {"table": table}).scalar_one())


def test_what_is_erased_is_zeros_and_gone_from_the_files_after_a_vacuum(
    hall: Hall, tmp_path: Path
) -> None:
    leaf, other = credited(hall, "transfer 1"), credited(hall, "transfer 2")
    gone, living = secrets_of(hall, leaf), secrets_of(hall, other)
    tables = ("ledger_private_key", "ledger_private_key", "ledger_private")
    assert all(secret in held(hall, table) for secret, table in zip(gone, tables, strict=True))
    erased(hall, leaf, "reference")
    assert not any(map(any, secrets_of(hall, leaf)))
    with writer(hall).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM FULL ledger_private, ledger_private_key"))
    assert not any(secret in held(hall, table) for secret, table in zip(gone, tables, strict=True))
    assert all(secret in held(hall, table) for secret, table in zip(living, tables, strict=True))
    report = audited(hall, tmp_path / "bundle")
    assert report.passed
    assert (report.committed["erased"], report.committed["withheld"]) == (1, 0)
    _, found = disclose(leaf, to=hall.participant("buyer"), floor=hall.floor)
    assert found == [Erased(leaf, "reference")]


def test_the_planner_forgets_a_name_with_its_next_statistics(hall: Hall) -> None:
    """As docs/erasure.md says: VACUUM FULL alone leaves the names of all in pg_statistic."""
    rival = hall.participant("rival")
    with writer(hall).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:

        def known(name: str) -> tuple[bool, bool]:
            """Whether the planner shows a name, and whether its file has it."""
            query = "SELECT count(*) FROM pg_stats WHERE histogram_bounds::text LIKE :asked"
            shown = connection.execute(text(query), {"asked": f"%{name}%"}).scalar_one()
            return shown > 0, name.encode() in held(hall, "pg_statistic")

        connection.execute(text("ANALYZE participant"))
        assert known(rival.name) == (True, True)
        hall.house.suspend(rival, "it left")
        erased(hall, leaf_of(hall, f"participant/{rival.id}", "participant.admitted"), "register")
        connection.execute(text("VACUUM FULL participant"))
        assert known(rival.name) == (True, True)
        connection.execute(text("ANALYZE participant, scenario"))
        shown, _ = known(rival.name)  # the file may have it still, until something prunes the page
        assert not shown
        connection.execute(text("VACUUM FULL pg_statistic"))
        assert known(rival.name) == (False, False)
        assert known(hall.participant("buyer").name) == (True, True)


def test_of_two_who_credit_one_reference_at_once_one_is_refused(hall: Hall) -> None:
    buyer = hall.participant("buyer")
    for at in range(5):
        words = f"transfer {at}"
        found = both(*(lambda: hall.house.deposit(buyer, Money(5), words),) * 2)  # noqa: B023
        assert sorted(str(type(error).__name__) for error in found) == ["Conflict", "NoneType"]
        assert any(isinstance(error, Conflict) for error in found)
    assert hall.balance("buyer") == 5 * 5


def test_of_two_who_carry_out_one_request_at_once_one_is_refused(
    hall: Hall, tmp_path: Path
) -> None:
    leaf = credited(hall, "transfer 1")
    asked = hall.house.request_erasure(leaf, ["reference"], "the use is over")
    found = both(*(lambda: hall.house.execute_erasure(asked.request),) * 2)
    assert [type(error) for error in found if error] == [Refused]
    report = audited(hall, tmp_path / "bundle")
    assert (report.passed, report.kinds["erasure.executed"]) == (True, 1)


def test_an_erasure_and_a_refusal_at_once_leave_one_decision(hall: Hall, tmp_path: Path) -> None:
    leaf = credited(hall, "transfer 1")
    asked = hall.house.request_erasure(leaf, ["reference"], "the use is over")
    found = both(
        lambda: hall.house.execute_erasure(asked.request),
        lambda: hall.house.refuse_erasure(asked.request, "a duty"),
    )
    assert [type(error) for error in found if error] == [Refused]
    carried_out = found[0] is None
    _, (value,) = disclose(leaf, to=hall.participant("buyer"), floor=hall.floor)
    assert isinstance(value, Erased) is carried_out
    bundle = tmp_path / "bundle"
    assert audited(hall, bundle).passed
    assert audit(bundle, key=hall.floor.log_key).committed["erased"] == carried_out

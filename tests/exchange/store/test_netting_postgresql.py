"""Settlement cycles over PostgreSQL: writers beside a closer, and two closers at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from exchange.errors import ExchangeError
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.close_cycle import close_cycle
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import Hall, open_hall
from tests.exchange.services.test_netting import at_once, close, confirmed, filed

pytestmark = pytest.mark.slow


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "admitted", "postgresql") as opened:
        yield opened


def audited(hall: Hall, folder: Path) -> None:
    hall.venue.sequencer.settle()
    assert reconcile(floor=hall.floor).faults == ()
    export_bundle(folder, floor=hall.floor)
    findings = audit(folder).findings
    assert [finding for finding in findings if finding.rule != "record"] == []


def test_two_closers_at_once_are_one_cycle(hall: Hall, tmp_path: Path) -> None:
    hall.deposit("buyer")
    confirmed(hall)
    first, second = at_once(lambda: close(hall), lambda: close(hall))
    assert first == second
    assert first.obligations == 1
    assert hall.balance("supplier") == 60_000
    audited(hall, tmp_path / "bundle")


def test_what_is_confirmed_beside_a_cycle_is_in_this_one_or_the_next(
    hall: Hall, tmp_path: Path
) -> None:
    """An auditor folds entries in their places: no deal stands before a cycle that left it out."""
    hall.deposit("buyer")
    hall.deposit("expert", Money(5_000))
    tomorrow = f"{hall.today.replace(day=hall.today.day + 1)}"
    deals = [filed(hall, amount=Money(100), due=tomorrow) for _ in range(12)]
    hall.advance(hours=20)  # the day they are due
    day = hall.today

    tasks: list[Callable[[], Any]] = [
        functools.partial(hall.supplier.confirm_deal, deal.id) for deal in deals
    ]
    tasks.insert(4, lambda: close_cycle(day, floor=hall.floor))
    tasks.insert(8, lambda: hall.expert.contribute(Money(7)))
    with ThreadPoolExecutor(7) as pool:
        made = [pool.submit(task) for task in tasks]
    failed = [each.exception() for each in made if each.exception()]
    assert all(isinstance(error, ExchangeError) for error in failed), failed
    hall.advance(days=1)
    close(hall)
    assert hall.balance("supplier") == 100 * (12 - len(failed))
    audited(hall, tmp_path / "bundle")


def test_a_default_is_borne_over_postgresql_as_over_sqlite(hall: Hall, tmp_path: Path) -> None:
    hall.deposit("expert", Money(1_000))
    hall.expert.contribute(Money(1_000))
    hall.deposit("buyer", Money(50_000))
    confirmed(hall)
    assert close(hall).defaults == 1
    assert hall.balance("supplier") == 51_000
    hall.deposit("buyer", Money(10_000))
    hall.advance(days=1)
    assert close(hall).defaults == 0
    assert (hall.balance("supplier"), hall.balance("expert")) == (60_000, 1_000)
    audited(hall, tmp_path / "bundle")

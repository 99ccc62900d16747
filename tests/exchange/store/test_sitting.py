"""Units of work that are put together in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from exchange.errors import Conflict
from tests.exchange.floor import Hall
from tests.exchange.floor import listed as listed  # noqa: PLC0414 - a fixture


def write_and_break(listed: Hall) -> None:
    with listed.floor.write() as work:
        product = work.products.get(listed.number)
        work.products.put(replace(product, name="second"))
        listed.scenario()
        connection = cast("Any", work).session.connection()
        connection.exec_driver_sql("INSERT INTO participant SELECT * FROM participant")


def test_a_unit_that_raises_leaves_nothing_behind_and_the_others_stay(listed: Hall) -> None:
    product, size = listed.product(), listed.size
    with listed.venue.together():
        with listed.floor.write() as work:
            work.products.put(replace(product, name="first"))
        with pytest.raises(Conflict, match="a rule of the store"):
            write_and_break(listed)
        assert (listed.product().name, listed.size) == ("first", size)
        scenario = listed.scenario()
        assert listed.size > size
        inside = listed.size
    assert listed.product().name == "first"
    with listed.floor.read() as work:
        assert work.scenarios.get(scenario).product == product.number
        assert work.chain.store.edge().size == inside
    assert listed.scenario() != scenario  # the log goes on


def test_where_the_sitting_raises_nothing_of_it_stays(listed: Hall) -> None:
    product, size = listed.product(), listed.size
    with pytest.raises(Conflict), listed.venue.together():
        write_and_break(listed)
    assert (listed.product(), listed.size) == (product, size)

"""Sweeps: what is varied, what is written, and that it is the same however it was played."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.errors import BadField, Conflict, Unreadable
from exchange.simulation.market import Buyers, Kind, Market, Suppliers
from exchange.simulation.streams import Distribution, key_of, uniform
from exchange.simulation.sweep import Played, Sweep
from exchange.simulation.sweep.estimates import difference, estimate
from exchange.simulation.sweep.settings_grid import seeds_of, settings_of
from exchange.simulation.trace import Trace
from pricing.executors import Executor, executing
from pricing.executors.dask import Dask
from pricing.executors.processes import Processes
from pricing.executors.ray import Ray
from pricing.executors.serial import Serial
from pricing.executors.threads import Threads
from tests.exchange.simulation.traces import product, sale, trace_of, trader, wish

MARKET = Market(
    name="small",
    title={"zh": "小", "en": "small"},
    about={"zh": "小", "en": "small"},
    kinds=(
        Kind(
            name="tides",
            title={"zh": "潮", "en": "tides"},
            price=Distribution("fixed", 100_000),
            quality=Distribution("fixed", 1),
            sector="商贸",
        ),
    ),
    suppliers=(Suppliers("stations", 2, {"tides": 1}),),
    buyers=(
        Buyers(
            name="firms",
            count=3,
            wants={"tides": 1.0},
            budget=Distribution("fixed", 1_000_000),
            value=Distribution("fixed", 300_000),
            arrivals=0.9,
        ),
    ),
    days=4,
)


def played(market: Market, seed: int) -> Trace:
    """A run without an exchange: one sale a day at a price of the seed, less the fee."""
    price = 1_000 + int(1_000 * uniform(key_of(seed, "price"), 0))
    fee = price * market.house.fee_ppm // 1_000_000
    sales = [
        sale(day, 1, 0, value=2 * price, amount=price, fee=fee)
        for day in range(market.days + market.suppliers[0].count - 2)
    ]
    return trace_of(
        9,
        participants=[trader("s", "supplier"), trader("b", "buyer")],
        products=[product("tides", 0, quality=seed / 100)],
        wishes=sales,
    )


def swept(folder: Path, sets: list[str], seeds: str = "1-4", **how: Any) -> Sweep:
    sweep = Sweep(settings_of(MARKET, sets), seeds_of(seeds), "full", folder)
    sweep.open(resume=how.pop("resume", False))
    for _ in sweep.play(how.pop("player", played), **how):
        pass
    sweep.write(sweep.result())
    return sweep


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# What is varied.


def test_settings_are_every_combination_the_last_fastest() -> None:
    found = settings_of(MARKET, ["house.fee_ppm=1000,2000", "suppliers.stations.count=1,3"])
    assert [each.name for each in found] == [
        f"house.fee_ppm={fee} suppliers.stations.count={count}"
        for fee in (1000, 2000)
        for count in (1, 3)
    ]
    assert [(m.house.fee_ppm, m.suppliers[0].count) for m in (each.market for each in found)] == [
        (1000, 1),
        (1000, 3),
        (2000, 1),
        (2000, 3),
    ]
    assert settings_of(MARKET, [])[0].name == "as written"


def test_a_path_goes_by_name_or_place_and_down_into_a_law() -> None:
    found = settings_of(MARKET, ["kinds.0.quality.value=0.5", "kinds.tides.rows=9"])[0].market
    assert (found.kinds[0].quality, found.kinds[0].rows) == (Distribution("fixed", 0.5), 9)


@pytest.mark.parametrize(
    ("asked", "field", "rule"),
    [
        ("house.fee=1", "--set house.fee", "house has no fee; known are fee_ppm"),
        ("hause.fee_ppm=1", "--set hause.fee_ppm", "the market has no hause; known are name"),
        (
            "suppliers.x.count=1",
            "--set suppliers.x.count",
            "suppliers has no x; known are stations",
        ),
        ("days.more=1", "--set days.more", "days has no fields"),
        ("kinds=1", "--set kinds", "is a table: name a field of it, tides"),
        ("house.fee_ppm=-1", "--set house.fee_ppm=-1: house.fee_ppm", "greater than or equal to 0"),
        (
            "house.fee_ppm=much",
            "--set house.fee_ppm=much: house.fee_ppm",
            "must be a valid integer",
        ),
        ("house.fee_ppm", "--set", "is not FIELD=VALUE"),
        ("seed=3", "--set seed", "seeds are given by --seeds"),
    ],
)
def test_what_no_market_has_is_refused_by_its_field(asked: str, field: str, rule: str) -> None:
    with pytest.raises(BadField) as refused:
        settings_of(MARKET, [asked])
    assert refused.value.field == field
    assert rule in refused.value.rule


def test_a_field_given_twice_and_too_many_combinations_are_refused() -> None:
    with pytest.raises(BadField, match="is given twice"):
        settings_of(MARKET, ["days=1", "days=2"])
    many = ",".join(map(str, range(1, 102)))
    with pytest.raises(BadField, match="10,201 combinations are more than"):
        settings_of(MARKET, [f"days={many}", f"rounds={many}"])


def test_seeds_are_a_set_of_numbers_and_ranges() -> None:
    assert seeds_of("3, 1-2,2-4") == (1, 2, 3, 4)


@pytest.mark.parametrize("text", ["", "a", "1-", "-3", "4-2", "1-99999", "1.5"])
def test_what_is_no_seed_is_refused(text: str) -> None:
    with pytest.raises(BadField, match="--seeds"):
        seeds_of(text)


# What is written.


def test_a_mean_and_its_interval_by_hand() -> None:
    # 1, 2, 3: mean 2, deviation 1, t of two degrees 4.3027: 2 ± 4.3027 / √3.
    found = estimate([1, None, 2, 3], 0.95)
    assert (found.seeds, found.mean, found.deviation) == (3, 2, 1)
    assert found.half == pytest.approx(4.302652729911275 / math.sqrt(3))
    assert estimate([None], 0.95).mean is None
    assert (estimate([7], 0.95).mean, estimate([7], 0.95).low) == (7, None)


def test_common_seeds_make_a_difference_sure_that_means_alone_would_hide() -> None:
    before, after = [100.0, 200.0, 300.0, None], [101.0, 202.0, 303.0, 9.0]
    apart = difference(before, after, 0.95)
    assert (apart.seeds, apart.mean, apart.deviation) == (3, 2, 1)
    assert not apart.told  # 2 ± 2.48
    assert difference(before, [b + 1 for b in before if b] + [0.0], 0.95).told
    alone = estimate(before, 0.95)
    assert alone.half is not None
    assert apart.half is not None
    assert apart.half < alone.half / 50


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_seeds_changes_no_bit(figures: list[float], chance: Any) -> None:
    mixed = figures[:]
    chance.shuffle(mixed)
    assert estimate(mixed, 0.9) == estimate(figures, 0.9)


def test_a_sweep_leaves_its_figures_as_json_and_csv(tmp_path: Path) -> None:
    sweep = swept(tmp_path / "s", ["house.fee_ppm=10000,30000"])
    record = json.loads((tmp_path / "s" / "sweep.json").read_text())
    first, second = record["settings"]
    assert (first["set"], second["set"]) == ({"house.fee_ppm": 10000}, {"house.fee_ppm": 30000})
    assert [cell["trades"] for cell in second["cells"]] == [4, 4, 4, 4]
    fees = second["figures"]["fees"]
    prices = [cell["amount"] // 4 for cell in second["cells"]]
    assert fees["mean"] == sum(4 * (price * 3 // 100) for price in prices) / 4
    assert fees["from_first"]["mean"] == fees["mean"] - sum(4 * (p // 100) for p in prices) / 4
    assert first["figures"]["trades"]["from_first"]["mean"] == 0
    assert first["figures"]["kinds.tides.hhi"]["mean"] == 10_000
    cells = (tmp_path / "s" / "cells.csv").read_text().splitlines()
    assert len(cells) == 1 + 2 * 4
    assert cells[0].startswith("house.fee_ppm,seed,trades,amount,fees,")
    summary = (tmp_path / "s" / "summary.csv").read_text().splitlines()
    assert summary[0].startswith("house.fee_ppm,figure,seeds,mean,")
    assert len(summary) == 1 + 2 * len(sweep.result().names)


def test_a_rule_that_refused_nothing_under_a_seed_counts_as_none(tmp_path: Path) -> None:
    def player(market: Market, seed: int) -> Trace:
        run = played(market, seed)
        said_no = [wish(0, 1, 0, 5, "refused", rule="T-02")] * (seed - 1)
        tables = {**run.tables, "wishes": trace_of(9, wishes=said_no)["wishes"]}
        return replace(run, tables=tables)

    swept(tmp_path / "s", ["house.fee_ppm=10000"], "1-3", player=player)
    (row,) = json.loads((tmp_path / "s" / "sweep.json").read_text())["settings"]
    assert row["figures"]["refusals.trade.T-02"]["mean"] == 1  # of 0, 1 and 2
    assert row["figures"]["endings.refused"]["mean"] == 1
    assert row["figures"]["surveillance.wash.alerts"]["mean"] == 0
    assert "surveillance.wash.recall" not in row["figures"]
    header, *lines = (tmp_path / "s" / "cells.csv").read_text().splitlines()
    column = header.split(",").index("refusals.trade.T-02")
    assert [line.split(",")[column] for line in lines] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "executor",
    [
        Threads(3),
        *(pytest.param(each, marks=pytest.mark.slow) for each in (Processes(2), Dask(2), Ray(2))),
    ],
)
def test_the_files_are_the_same_whatever_the_executor(tmp_path: Path, executor: Executor) -> None:
    sets = ["house.fee_ppm=10000,30000"]
    with executing(Serial()):
        swept(tmp_path / "serial", sets)
    with executing(executor):
        swept(tmp_path / "other", sets, at_once=3)
    assert files(tmp_path / "other") == files(tmp_path / "serial")


def test_a_sweep_that_was_killed_goes_on_and_plays_nothing_twice(tmp_path: Path) -> None:
    again: list[int] = []

    def dies(market: Market, seed: int) -> Trace:
        if seed == 3:
            raise KeyboardInterrupt
        return played(market, seed)

    def notes(market: Market, seed: int) -> Trace:
        again.append(seed)
        return played(market, seed)

    with pytest.raises(KeyboardInterrupt):
        swept(tmp_path / "cut", [], player=dies)
    assert len(list((tmp_path / "cut" / "cells").iterdir())) == 2
    with pytest.raises(Conflict, match="--resume"):
        swept(tmp_path / "cut", [])
    swept(tmp_path / "cut", [], player=notes, resume=True)
    assert again == [3, 4]
    swept(tmp_path / "whole", [])
    assert files(tmp_path / "cut") == files(tmp_path / "whole")


@pytest.mark.slow
def test_a_cell_is_a_run_of_the_real_exchange(tmp_path: Path) -> None:
    sweep = swept(tmp_path / "s", ["house.fee_ppm=20000"], seeds="4", player=Played("fast"))
    (row,) = sweep.result().rows
    assert row.of("listed") == (2,)
    trades, amount, fees = (row.of(name)[0] for name in ("trades", "amount", "fees"))
    assert trades
    assert amount
    assert fees == pytest.approx(amount / 50, abs=trades)


def test_more_seeds_are_added_to_what_is_there(tmp_path: Path) -> None:
    swept(tmp_path / "s", [], seeds="1-2")
    sweep = Sweep(settings_of(MARKET, []), seeds_of("1-3"), "full", tmp_path / "s")
    sweep.open(resume=True)
    with pytest.raises(Unreadable, match="was not played"):
        sweep.result()
    assert list(sweep.play(played)) == [(2, 3), (3, 3)]


def test_a_cell_that_holds_no_figures_is_no_cell(tmp_path: Path) -> None:
    sweep = swept(tmp_path / "s", [], seeds="1")
    (cell,) = (tmp_path / "s" / "cells").iterdir()
    cell.write_text("{")
    with pytest.raises(Unreadable, match="no figures"):
        sweep.result()

"""The sample markets, the schema of their files, and markets written down."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from exchange.formats.toml_text import value_text
from exchange.simulation.market import (
    Assessors,
    Brokers,
    Buyers,
    Conduct,
    Defect,
    Faults,
    HouseRules,
    Kind,
    Market,
    Misconduct,
    PlugIn,
    Shock,
    Suppliers,
    Way,
)
from exchange.simulation.market.laws import FORMS
from exchange.simulation.market.reading import digest, market_of, read_market
from exchange.simulation.market.schema import json_schema
from exchange.simulation.market.writing import written
from exchange.simulation.run import Run
from exchange.simulation.run_folder import Played, write_run
from samples.markets import from_listings
from tests.exchange.simulation.made_up import empty_trace
from tests.exchange.simulation.published import FOLDER, SCHEMA, schema_text
from tests.exchange.simulation.test_reading import SINGLE, TOGETHER, edited
from tests.exchange.simulation.written import WHOLE
from tests.meta.sources import ROOT

MARKETS = sorted(FOLDER.glob("*.toml"))


def plain(value: Any) -> Any:
    """Return what JSON would hold of what TOML holds: a date is a text."""
    if isinstance(value, dict):
        return {name: plain(held) for name, held in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def fits(text: str) -> bool:
    checked = jsonschema.Draft202012Validator(json_schema())
    return bool(checked.is_valid(plain(tomllib.loads(text))))


def test_there_is_a_market_for_every_question() -> None:
    assert [path.stem for path in MARKETS] == [
        "cold-start",
        "double-ten-thousand",
        "fee-war",
        "price-discrimination",
        "qingdao-marine",
        "real-listings",
        "shanghai-day-one",
        "wash-trading",
    ]


@pytest.mark.parametrize("path", MARKETS, ids=lambda path: path.stem)
def test_a_sample_is_read_and_says_what_it_asks_and_where_to_look(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    market = read_market(path)
    assert market.name == path.stem
    assert text.startswith("#:schema market.schema.json\n# ")
    head = text.partition('\nname = "')[0]
    assert "\n# Question   " in head
    assert "\n# Look at    " in head
    assert fits(text)
    products = sum(group.count * sum(group.offers.values()) for group in market.suppliers)
    buyers = sum(group.count for group in market.buyers)
    if path.stem == "double-ten-thousand":
        assert products == buyers == 10_000
        assert sum(group.count for group in market.suppliers) == 10_000
        assert sum(g.count * g.arrivals * market.days for g in market.buyers) > 1_000_000
    else:  # small enough for full depth
        assert products <= 20
        assert buyers <= 40
        assert market.days <= 40


def test_the_samples_use_everything_there_is() -> None:
    markets = [read_market(path) for path in MARKETS]
    kinds = [kind for market in markets for kind in market.kinds]
    assert {kind.way for kind in kinds} == set(Way)
    assert {case.conduct for market in markets for case in market.misconduct} >= {
        Conduct.WASH,
        Conduct.DISCRIMINATION,
    }
    assert any(kind.parents for kind in kinds)
    assert any(kind.contributors for kind in kinds)
    assert any(market.house.netting_days for market in markets)


@pytest.mark.parametrize("path", MARKETS, ids=lambda path: path.stem)
def test_a_market_that_is_written_down_reads_back_the_same(path: Path) -> None:
    market = read_market(path)
    text = written(market, head=["What it asks", ""])
    assert text.startswith("# What it asks\n#\n\nname = ")
    again = market_of(text, "again.toml")
    assert again == market
    assert digest(again) == digest(market)
    assert written(again) == written(market)


@pytest.mark.parametrize("path", MARKETS, ids=lambda path: path.stem)
def test_the_folder_of_a_run_holds_a_file_of_the_very_market(path: Path, tmp_path: Path) -> None:
    market = read_market(path)
    Run.begun(tmp_path / "begun", market, 1)
    trace = empty_trace(digest=digest(market))
    write_run(Played(trace, market), tmp_path / "written")
    for name in ("begun", "written"):
        assert digest(read_market(tmp_path / name / "market.toml")) == digest(market)


def test_what_stands_at_its_default_is_not_written_down() -> None:
    text = written(market_of(WHOLE, "sea.toml"))
    assert "[house]\nfee_ppm = 30000\nnetting_days = 5\n" in text
    assert "substitutability" not in text
    assert "[assessors]" not in text
    assert written(market_of(f"start = 2026-02-03\n{WHOLE}", "x")).count("start = 2026-02-03\n")


# The schema.


def test_the_schema_that_is_published_is_that_of_the_types() -> None:
    """Written by `python -m tests.exchange.simulation.published`."""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


# What a schema cannot say of a single field: the reach of a law, Unicode, dates, and that TOML
# tells 2.0 from 2.
BEYOND = {
    "rounds = 2.0",
    "start = 1999-12-31",
    "sigma = nan",
    "low = 0.9, high = 0.2",
    '"lognormal", median = 0.9, sigma = 0.5',
}


def test_schema_and_reader_agree_on_single_fields() -> None:
    assert fits(WHOLE)
    told = {new: fits(edited(old, new)) for old, new, *_ in SINGLE}
    assert {new for new, fitting in told.items() if fitting} == BEYOND


def test_what_fields_may_not_be_together_the_reader_alone_says() -> None:
    assert {new for old, new, *_ in TOGETHER if not fits(edited(old, new))} == set()


# The market made from real listings.


def test_the_market_of_real_listings_is_that_of_the_data(real_data: Path) -> None:
    folder = real_data / "listings"
    if not folder.is_dir():
        pytest.skip("the listings are absent: GUAPAI_REAL_DATA has no folder of that name")
    figures = from_listings.counted(folder)
    text = (FOLDER / "real-listings.toml").read_text(encoding="utf-8")
    assert from_listings.market(figures) == text
    assert (figures.listings, figures.suppliers, figures.free) == (1_954, 150, 142)
    assert figures.products["Manufacturing Data"] == 744


def test_a_law_has_the_median_and_the_nine_tenths_of_the_prices() -> None:
    rising = [100, 100, 100, 100, 100, 100, 300, 300, 400, 500]
    assert from_listings.quantile(rising, 0.9) == 500
    assert from_listings.quantile(rising, 1.0) == 500
    law = from_listings.price_law(rising)
    assert law == {"law": "lognormal", "median": 100, "sigma": 1.256}


# The page.

PAGE = (ROOT / "docs" / "markets.md").read_text(encoding="utf-8")
SECTIONS: dict[str, Any] = {
    "The market": Market,
    "Kinds": Kind,
    "Suppliers": Suppliers,
    "Buyers": Buyers,
    "Brokers": Brokers,
    "Assessors": Assessors,
    "House": HouseRules,
    "Misconduct": Misconduct,
    "Shocks": Shock,
    "Faults": Faults,
}


def default_text(field: Any) -> str:
    """Return what the page says of a field's default."""
    made = field.default_factory
    value = field.default if made is dataclasses.MISSING else made()
    if value is dataclasses.MISSING:
        return "needed"
    if value is None:
        return "none"
    if isinstance(value, PlugIn):
        return f'{{ name = "{value.name}" }}'
    if dataclasses.is_dataclass(value):
        return "its defaults"
    if isinstance(value, tuple):
        return value_text(list(value))
    return {"{  }": "{}"}.get(value_text(value), value_text(value))


@pytest.mark.parametrize("title", SECTIONS)
def test_the_page_has_every_field_with_its_default(title: str) -> None:
    section = PAGE.partition(f"\n## {title}\n")[2].partition("| field |")[2].partition("\n\n")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    told = [(cells[0].strip(" `"), cells[2].strip(" `")) for cells in rows]
    assert told == [(each.name, default_text(each)) for each in dataclasses.fields(SECTIONS[title])]
    assert all(cell.strip() for cells in rows for cell in cells)


def test_the_example_and_the_refusals_of_the_page_are_real() -> None:
    example = PAGE.partition("```toml\n")[2].partition("```")[0]
    assert market_of(example, "tiny.toml").days == 10
    told = set(re.findall(r"^    sea\.toml:\d+: (.+)$", PAGE, re.MULTILINE))
    assert told <= {f"{field}: {rule}" for _, _, _, field, rule in SINGLE + TOGETHER}
    assert len(told) == 5


def test_the_page_lists_the_samples_the_laws_and_the_defects() -> None:
    defects = PAGE.partition("| defect |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `([a-z]+)` \|", defects, re.MULTILINE) == list(Defect)
    assert set(re.findall(r"^\| `([a-z-]+)\.toml`", PAGE, re.MULTILINE)) == {
        path.stem for path in MARKETS
    }
    laws = re.findall(r"^\| `([a-z]+)` \| (.+?) \|", PAGE.partition("| law |")[2], re.MULTILINE)
    told = {law: tuple(re.findall(r"`(\w+)`", parameters)) for law, parameters in laws[:4]}
    assert told == dict(FORMS)

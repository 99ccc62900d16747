"""Price files: what people write is read as what the wire says, or refused by file and field."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from exchange.errors import BadField, NotFound, Unreadable
from exchange.formats import price_file
from exchange.formats.price_file import PriceFile, read_events
from pricing.appraisal import Evidence
from pricing.billing import Outcome, Statement, UsageEvent
from pricing.engines.cost import CostApproach
from pricing.money import Money
from pricing.plan import Plan
from pricing.quote import QuoteRequest
from pricing.sharing import CoalitionTable, SharingCase
from pricing.tariffs.per_call import PerCall
from pricing.wire import to_wire


def written(folder: Path, text: str, name: str = "asked.toml") -> PriceFile:
    (folder / name).write_text(text, encoding="utf-8")
    return PriceFile.read(folder / name)


def test_a_file_says_amounts_figures_and_fractions_as_people_do(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
        costs = [["survey", "1200.50 CNY"], ["storage", { minor = 5, currency = "CNY" }]]
        quality = 0.94
        rows = 48_960
        """,
    )
    assert file.subject(Evidence) == Evidence(
        costs=(("survey", Money.parse("1200.50 CNY")), ("storage", Money(5))),
        quality=Decimal("0.94"),
        rows=48_960,
    )
    quote = written(tmp_path, 'list_price = "9 CNY"\nterm_ratio = 0.25\nlicence_fraction = "1/3"')
    asked = quote.subject(QuoteRequest)
    assert (asked.term_ratio, asked.licence_fraction) == (Fraction(1, 4), Fraction(1, 3))


def test_a_figure_means_the_digits_that_stand_there(tmp_path: Path) -> None:
    for name, text in (("a.toml", "quality = 0.1"), ("a.json", '{"quality": 0.1}')):
        assert written(tmp_path, text, name).subject(Evidence).quality == Decimal("0.1")
    assert written(tmp_path, "quality = 1").subject(Evidence).quality == 1


def test_the_wire_form_is_read_as_it_is(tmp_path: Path) -> None:
    evidence = Evidence(costs=(("survey", Money(7)),), quality=Decimal("0.5"), expected_buyers=3)
    file = written(tmp_path, json.dumps(to_wire(evidence)), "evidence.json")
    assert file.subject(Evidence) == evidence


def test_plug_ins_take_the_parameters_of_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "[plugins.cost]\nquality_spread = 0.1\n[plugins.list-price]")
    assert file.plugin("appraisers", "cost") == CostApproach(quality_spread=Decimal("0.1"))
    assert file.named("appraisers") == ("cost",)
    assert file.named("strategies") == ("list-price",)
    assert written(tmp_path, "").plugin("appraisers", "cost") == CostApproach()


GAME = """
amount = "100 CNY"
owners = [{ id = "a" }, { id = "b" }]
coalitions = [{ of = ["a"], worth = 1 }, { of = ["b"], worth = 0.5 },
              { of = ["b", "a"], worth = "7/3" }]
"""


def test_coalitions_are_named_by_their_members(tmp_path: Path) -> None:
    worths = (Fraction(0), Fraction(1), Fraction(1, 2), Fraction(7, 3))
    case = written(tmp_path, GAME).subject(SharingCase)
    assert case.value == CoalitionTable(("a", "b"), worths)


def test_a_game_is_a_plug_in_with_parameters(tmp_path: Path) -> None:
    text = """
    amount = "100 CNY"
    owners = [{ id = "a" }, { id = "b" }]
    game = { plugin = "weighted-voting", parameters = { quota = 2, weights = [2, 1] } }
    """
    game = written(tmp_path, text).subject(SharingCase).game
    assert game is not None
    assert [game.value(mask) for mask in range(4)] == [0, 1, 0, 1]


def test_moments_are_dates_with_an_offset_and_a_plan_has_its_tariffs_fields(
    tmp_path: Path,
) -> None:
    text = """
    since_ms = 2026-03-01T00:00:00+08:00
    until_ms = 2026-04-01T00:00:00+08:00
    events = [{ id = "c1", at_ms = 2026-03-02T08:00:00+08:00 }]
    """
    statement = written(tmp_path, text).subject(Statement)
    assert statement.since_ms == 1_772_294_400_000
    assert statement.events == (UsageEvent("c1", statement.since_ms + 32 * 3_600_000),)
    plan = """
    tariff = "per-call"
    [parameters]
    day_max = "20 CNY"
    ladder = { tiers = [{ above = 0, rate = { amount = "0.50 CNY" } }] }
    """
    tariff = written(tmp_path, plan).subject(Plan).tariff
    assert isinstance(tariff, PerCall)
    assert tariff.day_max == Money(2_000)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Evidence, "quality = 2", "asked.toml: quality: 2 is not within 0 and 1"),
        (Evidence, "quality = nan", "asked.toml: quality: Decimal('NaN') is not an exact"),
        (SharingCase, "values = [0, inf]", "asked.toml: values: cannot convert Infinity"),
        (SharingCase, "values = [0, nan]", "asked.toml: values: cannot convert NaN"),
        (Evidence, "colour = 1", "asked.toml: Evidence: colour is not a field of it"),
        (Evidence, 'costs = [["x", "7 GBP"]]', "asked.toml: costs[0][1]: 'GBP' is not a currency"),
        (Evidence, 'costs = [["x"]]', "asked.toml: costs[0]: 1 items where there should be 2"),
        (Evidence, "rows = 0.5", "asked.toml: rows: '0.5' is not a int"),
        (Statement, "since_ms = 2026-03-01T00:00:00", "has no offset from UTC"),
        (SharingCase, GAME.replace('{ id = "b" }', '{ id = "c" }'), "['b'] are not owners"),
        (
            SharingCase,
            'owners = [{ id = "1" }]\ncoalitions = [{ of = [1], worth = 3 }]',
            "[1] are not owners",
        ),
        (SharingCase, GAME.replace(', worth = "7/3"', ""), "each has `of`"),
        (SharingCase, GAME.replace('"b", "a"', '"b"'), "nothing is said of a and b"),
        (SharingCase, 'coalitions = 7\namount = "1 CNY"', "a list of tables"),
        (Plan, 'tariff = "barter"', "asked.toml: no 'barter' in pricing.tariffs"),
    ],
)
def test_what_breaks_a_rule_is_named_by_file_and_field(
    tmp_path: Path, kind: Any, text: str, said: str
) -> None:
    with pytest.raises(BadField, match=r"^asked\.toml: ") as caught:
        written(tmp_path, text).subject(kind)
    assert said in str(caught.value)


def test_a_parameter_is_named_with_its_plug_in(tmp_path: Path) -> None:
    file = written(tmp_path, "[plugins.cost]\nquality_spread = 2\n[plugins.list-price]\ncolour = 1")
    with pytest.raises(BadField, match=r"asked.toml: quality_spread: 2 is not within"):
        file.plugin("appraisers", "cost")
    with pytest.raises(BadField, match=r"asked.toml: plugins.list-price: colour is not a field"):
        file.plugin("strategies", "list-price")
    with pytest.raises(BadField, match=r"asked.toml: no 'delphi' in pricing.appraisers"):
        file.plugin("appraisers", "delphi")
    with pytest.raises(BadField, match=r"plugins: a table of parameters"):
        written(tmp_path, "plugins = 3")


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", "= 3"), ("a.json", "{"), ("a.json", "[]"), ("a.json", "[" * 9_999)],
)
def test_what_is_no_file_of_a_price_is_unreadable(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(Unreadable, match=name):
        written(tmp_path, text, name)


def test_a_file_that_is_not_there_or_too_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound):
        PriceFile.read(tmp_path / "none.toml")
    monkeypatch.setattr(price_file, "FILE_MAX", 3)
    with pytest.raises(Unreadable, match="over 3 bytes"):
        written(tmp_path, "rows = 1")


def events(folder: Path, *lines: str) -> tuple[UsageEvent, ...]:
    path = folder / "usage.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return read_events(path)


def test_usage_is_read_from_a_table(tmp_path: Path) -> None:
    assert events(
        tmp_path,
        "id,at,quantity,outcome",
        "a,1970-01-01T08:00:01+08:00,3,not-found",
        "b,1970-01-01T00:00:02Z,,",
    ) == (UsageEvent("a", 1_000, 3, Outcome.NOT_FOUND), UsageEvent("b", 2_000))
    assert events(tmp_path, "at,id", "1970-01-01T00:00:00.001+00:00,c") == (UsageEvent("c", 1),)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["id,time", "a,b"], "usage.csv: the columns are id and at"),
        (["id,at", "a,yesterday"], "usage.csv: line 2: at, quantity: Invalid isoformat"),
        (["id,at", "a,1970-01-01T00:00:00"], "usage.csv: line 2: at: 1970-01-01 00:00:00 has no"),
        (["id,at,quantity", "a,1970-01-01T00:00:00Z,0.5"], "usage.csv: line 2: at, quantity"),
        (["id,at,quantity", "a,1970-01-01T00:00:00Z,0"], "usage.csv: line 2: events: quantity"),
        (["id,at,outcome", "a,1970-01-01T00:00:00Z,lost"], "usage.csv: line 2: outcome: 'lost'"),
        (["id,at", "a"], "usage.csv: line 2: as many cells"),
        (["id,at", "a,1970-01-01T00:00:00Z,9"], "usage.csv: line 2: as many cells"),
        (["id,at", '"a'], "usage.csv: line 1: unexpected end"),
    ],
)
def test_a_line_of_usage_that_breaks_a_rule_is_named(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        events(tmp_path, *lines)
    assert said in str(caught.value)

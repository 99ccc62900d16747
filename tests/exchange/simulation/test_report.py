"""The report of a run: safe to open, the same every time, and readable without its pictures."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from exchange import simulation
from exchange.errors import Unreadable
from exchange.simulation.market.reading import digest, market_of, record_of
from exchange.simulation.measures import measure
from exchange.simulation.report import write_report
from exchange.simulation.report.headline import Amount, Unit, shown
from exchange.simulation.report.words import LANGUAGES, WORDS, Language
from exchange.simulation.run_folder import Played, read_run, write_run
from exchange.simulation.trace import Table, Trace
from tests.exchange.simulation.made_up import SUPPLIERS, empty_trace, made_up
from tests.exchange.simulation.written import WHOLE

PARTS = ("w.buyers", "w.suppliers", "w.contributors")
HOSTILE = '"><script>alert(1)</script>'


class Reader(HTMLParser):
    """Collects what a page has, and what it would load."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "srcset", "action", "data", "xlink:href"}:
                self.loads.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(name)

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile() -> Played:
    trace = made_up(market=HOSTILE, audit=HOSTILE)
    products = dict(trace["products"])
    products["kind"] = products["kind"].astype("U40")
    products["kind"][products["kind"] == "tides"] = HOSTILE
    return Played(replace(trace, tables={**trace.tables, "products": products}))


def test_a_report_loads_nothing_runs_nothing_and_allows_its_one_style_alone() -> None:
    page = write_report(hostile())
    reader = Reader(page)
    assert not reader.loads
    assert not reader.inline
    assert "script" not in reader.tags
    (style,) = re.findall(rb"<style>(.*?)</style>", page, flags=re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    )
    assert f'http-equiv="Content-Security-Policy" content="{policy}"'.encode() in page
    assert HOSTILE in reader.text


def test_the_same_run_gives_the_same_bytes() -> None:
    assert write_report(Played(made_up())) == write_report(Played(made_up()))
    assert write_report(Played(made_up())) != write_report(Played(made_up(8)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_named_and_has_its_numbers_beside_it(language: Language) -> None:
    page = write_report(Played(made_up()), (language,)).decode()
    figures = re.findall(r"<figure>.*?</figure>", page, flags=re.DOTALL)
    assert len(figures) == 10
    for each in figures:
        assert re.search(r'role="img" aria-labelledby="[\w-]+ [\w-]+"><title id=.+?<desc id=', each)
        assert each.count("<tr>") > 2
        assert "aria-label=" in each


def test_a_page_in_both_languages_names_nothing_twice() -> None:
    reader = Reader(write_report(Played(made_up())))
    assert len(reader.ids) == len(set(reader.ids))
    for key in ("report", "volume", "refusals", "again"):
        assert all(words in reader.text for words in WORDS[key])
    english = Reader(write_report(Played(made_up()), ("en",))).text
    assert WORDS["volume"][0] not in english


def test_a_report_says_how_to_repeat_the_run_and_what_the_audit_said() -> None:
    run = Played(made_up(audit="sound: 4,321 entries"))
    text = Reader(write_report(run, ("en",))).text
    for said in (run.trace.root, run.trace.digest, "4,321", "sound: 4,321 entries"):
        assert said in text
    assert WORDS["again.unknown"][1] in text  # without its market nothing can be played
    assert "none was made of this run" in Reader(write_report(Played(made_up()), ("en",))).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_without_trades_says_so(language: Language) -> None:
    at = LANGUAGES.index(language)
    reader = Reader(write_report(Played(empty_trace()), (language,)))
    assert "svg" not in reader.tags
    for key in ("nothing", "empty.wishes", "empty.refusals", "empty.quality", "empty.sharing"):
        assert WORDS[key][at] in reader.text


def test_with_its_market_a_report_speaks_in_the_markets_words(tmp_path: Path) -> None:
    market = market_of(WHOLE, "sea.toml")
    run = Played(made_up(digest=digest(market)), market)
    write_run(run, tmp_path)
    assert read_run(tmp_path).market == market
    text = Reader(write_report(read_run(tmp_path))).text
    for words in ("海市", "Sea market", "什么都有一点。"):
        assert words in text


def test_another_market_in_the_folder_of_a_run_is_refused(tmp_path: Path) -> None:
    market = market_of(WHOLE, "sea.toml")
    write_run(Played(made_up(digest=digest(market)), market), tmp_path)
    for text, reason in (
        (json.dumps(record_of(market) | {"days": 30}), "not the market that the trace names"),
        (json.dumps(record_of(market) | {"days": 0}), "days: "),
        ("{", "no market"),
    ):
        (tmp_path / "market.json").write_text(text, encoding="utf-8")
        with pytest.raises(Unreadable, match=rf"market\.json: {reason}"):
            read_run(tmp_path)
    (tmp_path / "market.json").unlink()
    assert read_run(tmp_path).market is None


def test_alerts_stand_with_their_evidence_and_against_what_was_planted() -> None:
    text = Reader(write_report(Played(ring()), ("en",))).text
    for said in ("Possible wash trades: a ring of buyers", "T-000000", "supplier-0", "100.0%"):
        assert said in text
    assert WORDS["empty.alerts"][1] in Reader(write_report(Played(empty_trace()), ("en",))).text


def test_a_report_of_a_ring_says_when_it_could_be_seen_and_how_far_it_moves_prices() -> None:
    run = Played(ring())
    page = write_report(run, ("en",)).decode()
    (seen,) = re.findall(r"<td[^>]*>supplier-0</td>.*?</tr>", page, flags=re.DOTALL)[-1:]
    (sighting,) = measure(run.trace).sightings
    assert sighting.seen is not None
    for said in ("day 2–9", f"day {sighting.seen}", f"{sighting.delay} days"):
        assert said in seen
    assert "tides, with sham trades" in page
    assert "sham trades put the index off by" in page
    honest = write_report(Played(replace(run.trace, tables=without_planted(run.trace)))).decode()
    assert "with sham trades" not in honest
    assert WORDS["sightings"][0] not in honest


def test_every_day_says_what_the_exchange_earned_and_who_got_the_gains() -> None:
    run = Played(made_up())
    page = write_report(run, ("en",)).decode()
    (volume,) = re.findall(r"<h2[^>]*>Volume by day</h2>.*?</table>", page, flags=re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", volume, flags=re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    assert cells[0][4:] == [WORDS[key][1] for key in ("fees", "gains", *PARTS)]
    day = measure(run.trace).by_day[6]
    split = day.welfare
    shares = (split.exchange, split.gains, split.buyers, split.suppliers, split.contributors)
    assert split.exchange > 0
    assert cells[7] == [
        "6",
        shown(day.amount, Unit.MONEY, "en"),
        f"{day.trades}",
        f"{day.sham_trades}",
        *(shown(each, Unit.MONEY, "en") for each in shares),
    ]


def without_planted(trace: Trace) -> dict[str, Table]:
    return {name: table for name, table in trace.tables.items() if name != "planted"}


def ring() -> Trace:
    """Return a run in which the buyers of the planted ring buy what they hold, again and again."""
    trace = made_up(wishes=600)
    wishes = dict(trace["wishes"])
    sham = np.arange(600) % 5 == 0
    wishes["buyer"] = np.where(sham, SUPPLIERS + np.arange(600) % 2, wishes["buyer"] % 18 + 8)
    wishes["buyer"] = wishes["buyer"].astype("int32")
    wishes["product"] = np.where(sham, 0, wishes["product"]).astype("int32")
    for name, value in (("ending", "executed"), ("trade", "T-000000"), ("rule", "")):
        wishes[name] = np.where(sham, value, wishes[name])
    for name, amount in (("amount", 1_000), ("fee", 25), ("to_supplier", 975), ("offered", 1_000)):
        wishes[name] = np.where(sham, amount, wishes[name])
    wishes["until"] = np.where(sham, 400 * 86_400, wishes["until"])
    return replace(trace, tables={**trace.tables, "wishes": wishes})


def test_many_days_share_bars_and_say_so() -> None:
    trace = made_up()
    text = Reader(write_report(Played(replace(trace, days=400)), ("en",))).text
    assert "every 5 days together" in text


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (123_456, Unit.MONEY, "1,234.56 元", "1,234.56 CNY"),
        (0.125, Unit.SHARE, "12.5%", "12.5%"),
        (1, Unit.DAYS, "1 日", "1 day"),
        (3, Unit.DAYS, "3 日", "3 days"),
        (1.23456, Unit.INDEX, "1.2346", "1.2346"),
        (1800.4, Unit.POINTS, "1,800", "1,800"),
        (None, Unit.MONEY, "—", "–"),
        (-150, Unit.MONEY, "−1.50 元", "−1.50 CNY"),
    ],
)
def test_figures_are_written_with_their_units(value: Amount, unit: Unit, zh: str, en: str) -> None:
    assert (shown(value, unit, "zh"), shown(value, unit, "en")) == (zh, en)


def test_every_word_is_there_in_both_languages_and_used() -> None:
    folder = Path(simulation.__file__).parent
    sources = [path for path in folder.rglob("*.py") if path.name != "words.py"]
    cli = folder.parent / "cli" / "simulate_report.py"
    text = "".join(path.read_text(encoding="utf-8") for path in [*sources, cli])
    computed = re.compile(r"(e|depth|scale|conduct|verdict)\.\w+|.*\.(said|y)")
    for key, (zh, en) in WORDS.items():
        assert f'"{key}"' in text or f"'{key}'" in text or computed.fullmatch(key), key
        assert zh, key
        assert en, key

"""The simulator on the site: anybody looks, starting is bounded, the exchange stays as it was."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.simulation.jobs import OWN_MAX, Jobs, State, markets_in, sample_markets
from exchange.simulation.report.page import POLICY
from exchange.simulation.trace_files import HEADER
from exchange.web.client import Problem
from exchange.web.pages.words import LANGUAGES, WORDS
from tests.exchange.simulation import worker
from tests.exchange.web.town import Town

ROOT = Path(__file__).parents[3]


@pytest.fixture
def site(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder, samples = town.venue.folder / "simulations", sample_markets()
    assert samples
    command = (sys.executable, worker.__file__ or "")
    town.app.extensions["simulations"] = Jobs(folder, lambda: markets_in(samples), worker=command)
    return town


def jobs(site: Town) -> Jobs:
    found: Jobs = site.app.extensions["simulations"]
    return found


FORM = {"market": "qingdao-marine", "seed": str(worker.PLAYS), "days": ""}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_visitor_starts_a_market_watches_it_and_reads_the_report(site: Town, lang: str) -> None:
    at = LANGUAGES.index(lang)
    browser = site.app.test_client()
    form = browser.get(f"/simulate?lang={lang}").text
    assert ("青岛海洋" in form) == (lang == "zh")
    assert 'value="double-ten-thousand"' not in form  # too large for a site
    sent = browser.post(f"/simulate?lang={lang}", data=FORM)
    assert sent.status_code == 303
    waiting = browser.get(sent.location)
    assert waiting.headers["Refresh"] == "2"
    assert WORDS["simulate.waiting_note"][at] in waiting.text
    assert 'max="30" value="0"' in waiting.text
    size = _size(site)
    if lang == "zh":  # once is enough
        jobs(site).play_next()
        done = browser.get(sent.location)
        assert "Refresh" not in done.headers
        assert WORDS["simulate.state.done"][at] in done.text
        report = browser.get(f"{sent.location.partition('?')[0]}/report?lang=en")
        assert report.headers["Content-Security-Policy"] == f"{POLICY}; frame-ancestors 'none'"
        assert '<html lang="en">' in report.text
        assert "277" in browser.get("/simulate").text
    assert _size(site) == size


def _size(site: Town) -> int:
    with site.venue.floor.read() as work:
        return work.chain.store.edge().size


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"market": "nowhere"}, "market: one of"),
        ({"seed": "-1"}, "seed: 0 to"),
        ({"days": "41"}, "days: 1 to 30"),
        ({"days": "¾"}, "days: 1 to 30"),
        ({"seed": "9" * 5_000}, "seed: 0 to"),
    ],
)
def test_a_form_that_is_wrong_comes_back_and_says_so(
    site: Town, change: dict[str, str], said: str
) -> None:
    answer = site.app.test_client().post("/simulate?lang=en", data=FORM | change)
    assert (answer.status_code, said in answer.text) == (200, True)
    assert not jobs(site).all()


def test_a_visitor_who_asks_for_too_many_is_told_so_and_a_participant_is_another(
    site: Town,
) -> None:
    browser = site.app.test_client()
    for seed in range(OWN_MAX):
        assert browser.post("/simulate", data=FORM | {"seed": str(seed)}).status_code == 303
    answer = browser.post("/simulate?lang=en", data=FORM | {"seed": "99"})
    assert (answer.status_code, "visitor: 2 jobs of yours" in answer.text) == (200, True)
    buyer, body = site.client("harbour"), {"market": "qingdao-marine", "seed": 100}
    for seed in range(OWN_MAX):
        assert buyer.post("/simulations", body | {"seed": 200 + seed}).json["state"] == "waiting"
    with pytest.raises(Problem, match="visitor: 2 jobs of yours") as refused:
        buyer.post("/simulations", body)
    assert refused.value.status == 422
    assert len(jobs(site).all()) == 2 * OWN_MAX


def test_where_it_is_closed_to_the_public_a_participant_starts_one(site: Town) -> None:
    site.venue.settings = replace(site.venue.settings, open_simulator=False)
    browser = site.app.test_client()
    shown = browser.get("/simulate?lang=en").text
    assert (WORDS["simulate.closed"][1] in shown, "<form" in shown) == (True, False)
    assert browser.post("/simulate", data=FORM).status_code == 401
    body = {"market": "qingdao-marine", "seed": 9}
    buyer = site.client("harbour")
    job = buyer.post("/simulations", body).json
    assert buyer.post("/simulations", body).json == job
    assert (job["state"], job["day"]) == (State.WAITING, 0)
    assert site.client().get(f"/simulations/{job['id']}").json == job
    assert site.client().get("/simulations").json == [job]
    with pytest.raises(Problem, match="has no report: it is waiting"):
        site.client().get(f"/simulations/{job['id']}/report")
    assert "qingdao-marine" in {
        each["name"] for each in site.client().get("/simulations/markets").json
    }


def test_a_job_that_failed_says_why_and_one_that_was_stopped_how_to_go_on(site: Town) -> None:
    browser = site.app.test_client()
    failing = jobs(site).ask("wash-trading", worker.DIES)
    jobs(site).play_next()
    assert "the market fell over" in browser.get(f"/simulate/{failing.id}").text
    stopped = jobs(site).ask("wash-trading", worker.PLAYS)
    jobs(site).stop_all()
    text = browser.get(f"/simulate/{stopped.id}?lang=en").text
    assert WORDS["simulate.again"][1] in text
    assert browser.get("/simulate/0123456789abcdef").status_code == 404
    assert browser.get(f"/simulate/{stopped.id}/report").status_code == 404
    assert not (jobs(site).folder / stopped.id / "run" / HEADER).exists()

"""The money, checked while the server runs: logged, shown on the site and over the API."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading

import pytest

from exchange.checking import Checking, Soundness
from exchange.venue import DATABASE
from exchange.web.gate import checking
from exchange.web.pages.words import LANGUAGES, WORDS
from tests.exchange.services.test_check_money import RULES
from tests.exchange.web.town import Town

FEW = 60  # seconds between two rounds; none of these tests waits for the second


def job(town: Town) -> Checking:
    with town.app.app_context():
        return checking()


def break_books(town: Town) -> None:
    """Put a cent more into an account than its postings come to."""
    connection = sqlite3.connect(town.venue.folder / DATABASE)
    with connection:
        statement = "UPDATE balance SET minor = minor + 1 WHERE account LIKE 'participant/%'"
        assert connection.execute(statement).rowcount > 0
    connection.close()


def page(town: Town, lang: str) -> str:
    answer = town.app.test_client().get(f"/audit?lang={lang}")
    assert answer.status_code == 200
    return answer.text


def health(town: Town) -> dict[str, str]:
    found: dict[str, str] = json.loads(town.app.test_client().get("/api/v1/health").data)
    return found


def test_nothing_is_said_of_the_money_before_it_was_checked(market: Town) -> None:
    assert (health(market)["money"], health(market)["money_checked_at"]) == ("unchecked", "")
    for place, lang in enumerate(LANGUAGES):
        assert WORDS["checks.unchecked"][place] in page(market, lang)


def test_a_sound_exchange_says_so_in_both_languages(
    market: Town, caplog: pytest.LogCaptureFixture
) -> None:
    found = job(market).run()
    assert found.soundness is Soundness.SOUND
    assert [check.rule for check in found.checks] == list(RULES)
    assert caplog.records == []
    assert health(market)["money"] == "sound"
    assert health(market)["money_checked_at"] == found.time != ""
    for place, lang in enumerate(LANGUAGES):
        text = page(market, lang)
        for key in ("checks.sound", "checks.holds", *RULES):
            assert WORDS[key][place] in text
        assert found.books is not None
        for figure in ("journals", "deposited", "held"):
            row = f">{WORDS[figure][place]}</th><td>{getattr(found.books, figure)}</td>"
            assert row in text
        assert WORDS["checks.faults"][place] + ": " not in text


def test_a_planted_fault_is_logged_with_its_rule_and_shown(
    market: Town, caplog: pytest.LogCaptureFixture
) -> None:
    break_books(market)
    found = job(market).run()
    assert found.soundness is Soundness.BROKEN
    told = [(record.levelno, record.getMessage()) for record in caplog.records]
    every = [(check.rule, fault) for check in found.checks for fault in check.faults]
    assert told == [(logging.ERROR, f"the money: {rule}: BROKEN: {fault}") for rule, fault in every]
    assert {RULES[0], RULES[1]} <= {rule for rule, _ in every}
    assert health(market)["status"] == "ok"
    assert health(market)["money"] == "broken"
    for place, lang in enumerate(LANGUAGES):
        text = page(market, lang)
        assert WORDS["checks.broken"][place] in text
        assert f"{WORDS['checks.faults'][place]}: {len(found.checks[0].faults)}" in text
        assert not [fault for _, fault in every if fault in text]  # accounts are not the public's


def test_a_store_that_lost_its_log_is_no_health(market: Town) -> None:
    connection = sqlite3.connect(market.venue.folder / DATABASE)
    with connection:
        connection.execute("DROP TRIGGER ledger_place_no_delete")
        connection.execute("DELETE FROM ledger_place")
    connection.close()
    answer = market.app.test_client().get("/api/v1/health")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "broken")
    assert job(market).run().soundness is not Soundness.SOUND


def test_the_operator_alone_reads_what_is_broken(market: Town) -> None:
    sound = market.client("house").get("/reconciliation").json
    assert sound == {"passed": True, "checks": [{"rule": rule, "faults": []} for rule in RULES]}
    break_books(market)
    broken = market.client("house").get("/reconciliation").json
    assert broken["passed"] is False
    assert any("the postings come to" in fault for fault in broken["checks"][0]["faults"])


def test_a_check_that_breaks_off_is_logged_and_does_not_leave_the_last_one_standing(
    market: Town, caplog: pytest.LogCaptureFixture
) -> None:
    broken_off = job(market)
    assert broken_off.run().soundness is Soundness.SOUND
    market.venue.close()
    (market.venue.folder / DATABASE).write_bytes(b"no database" * 100)
    found = broken_off.run()
    assert (found.soundness, found.checks) == (Soundness.FAILED, ())
    assert found.failed
    assert f"the money could not be checked: {found.failed}" in caplog.text


def test_the_server_checks_at_once_and_writers_do_not_wait_for_it(market: Town) -> None:
    within, done = threading.Event(), threading.Event()
    seen: list[Soundness] = []

    class Slow(Checking):
        def round(self) -> None:
            with self._floor().read() as work:
                work.accounts.balances()  # a round holds a transaction open
                within.set()
                done.wait(10)
            seen.append(self.run().soundness)

    slow = Slow(lambda: market.venue.floor, seconds=FEW)
    slow.start()
    assert within.wait(10)
    assert market.client("harbour").post("/ledger/checkpoint").status == 201
    done.set()
    slow.stop()
    assert seen == [Soundness.SOUND]

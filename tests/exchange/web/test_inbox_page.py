"""The page of what waits at the gate: whose turn it is, and nothing of what was found."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.documents import DocumentKind
from exchange.services.read_queue import Turn, read_queue
from exchange.web.client import Problem
from exchange.web.pages import waiting
from ledger.acts import format_time
from tests.exchange.floor import DATA, NOTICE, Hall, open_hall, sheet
from tests.exchange.web.town import LOG, Town, csv
from tests.exchange.web.town import sheet as town_sheet

PERSONS = "name,resident_id\n" + "张伟,11010519491231002X\n王芳,440524188001010014\n" * 3


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange") as opened:
        yield opened


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "listed") as opened:
        yield opened


def queue(hall: Hall) -> list[tuple[str, str]]:
    """Name what waits and for which roles, the most pressing first."""
    return [(str(turn.duty), "+".join(sorted(turn.roles))) for turn in turns(hall)]


def turns(hall: Hall) -> tuple[Turn, ...]:
    with hall.floor.read() as work:
        return read_queue(work=work, floor=hall.floor)


def test_a_product_waits_for_one_after_the_other_until_it_is_listed(hall: Hall) -> None:
    number = hall.register().number
    assert queue(hall) == [("write-sheet", "supplier")]
    hall.supplier.submit_sheet(number, sheet())
    assert queue(hall) == [
        ("attest", "compliance-assessor"),
        ("score", "quality-expert"),
        ("vet", "reviewer"),
    ]
    hall.attest(number)
    hall.expert.review(number, "0.95", b"a sound series")
    assert queue(hall) == [("vet", "reviewer")]
    hall.vet(number, "returned")
    assert queue(hall) == [("mend", "supplier")]
    hall.supplier.attach(number, DocumentKind.OTHER, b"asked for", name="more.txt")
    both = "compliance-assessor+operator"
    assert queue(hall) == [("verify", both), ("vet", "reviewer")]
    hall.vet(number)
    hall.advance(seconds=NOTICE)
    hall.supplier.list(number)
    assert queue(hall) == [("verify", both)]
    (document,) = hall.documents(number)
    hall.verify(document, number)
    assert queue(hall) == []


def test_a_refusal_is_the_suppliers_to_mend(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.review(number)
    hall.attest(number, passed=False)
    assert queue(hall) == [("mend", "supplier")]


def test_a_word_that_no_longer_counts_is_asked_for_again(hall: Hall) -> None:
    number = hall.prepare()
    assert queue(hall) == []
    hall.house.suspend(hall.participant("expert"), "under investigation")
    hall.house.suspend(hall.participant("reviewer"), "under investigation")
    assert queue(hall) == [("score", "quality-expert"), ("vet", "reviewer")]
    assert {turn.product for turn in turns(hall)} == {number}


def test_a_word_that_has_ended_is_asked_for_since_then(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number, days=30)
    hall.review(number)
    assert queue(hall) == []
    hall.advance(days=33)
    (turn,) = turns(hall)
    ended = hall.today - dt.timedelta(days=2)
    assert (str(turn.duty), turn.since) == ("attest", f"{ended}T00:00:00Z")


def test_a_word_on_an_older_sheet_ends_without_a_task_of_its_own(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number, days=10)
    changed = format_time(hall.floor.clock())
    hall.supplier.submit_sheet(number, sheet(use_cases=["another use"]))
    hall.advance(days=15)
    assert {turn.since for turn in turns(hall)} == {changed}


def test_a_product_waits_since_its_registration_ended_where_that_was_first(listed: Hall) -> None:
    last = listed.today + dt.timedelta(days=20)
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), registered_until=f"{last}T00:00:00Z"))
    listed.advance(days=5)
    listed.house.suspend(listed.participant("reviewer"), "under investigation")
    listed.advance(days=20)
    (turn,) = turns(listed)
    after = last + dt.timedelta(days=1)
    assert (str(turn.duty), turn.since) == ("vet", f"{after}T00:00:00Z")


def test_what_is_late_comes_first_then_what_the_operator_decides_then_the_grade(hall: Hall) -> None:
    late = hall.register().number
    hall.advance(days=6)
    graded = hall.register("other.csv", DATA.replace("01-04", "01-05")).number
    hall.supplier.submit_sheet(graded, sheet(grade="general-3"))
    third = hall.register("third.csv", DATA.replace("01-04", "01-06")).number
    hall.rival.object(third, "secret grounds")
    found = [(turn.product, str(turn.risk), turn.overdue) for turn in turns(hall)]
    assert [found[0], found[1]] == [(late, "low", True), (third, "high", False)]
    assert found[2:] == [(graded, "medium", False)] * 3 + [(third, "low", False)]


def test_what_was_rejected_waits_for_nobody(hall: Hall) -> None:
    number = hall.register().number
    hall.rival.object(number, "it is ours")
    hall.house.close_objection(number, "upheld", "so it is")
    assert queue(hall) == []


def test_what_the_inspection_found_changes_nothing_of_what_is_shown(hall: Hall) -> None:
    plain = hall.register().number
    found = hall.register("persons.csv", PERSONS).number
    shown = {turn.product: (turn.duty, turn.risk, turn.overdue) for turn in turns(hall)}
    assert shown[plain] == shown[found]


def registered(town: Town) -> str:
    """Register a product whose sheet is signed and that nobody has looked at yet."""
    file = town.venue.folder / "currents.csv"
    file.write_bytes(csv())
    supplier = town.desk("tide-data")
    number = supplier.register(file, town_sheet(), [LOG]).number
    supplier.submit_sheet(number, town_sheet())
    return number


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("vet", "reviewer", "assess compliance", "low")),
        ("zh", ("审核员", "合规评估", "质量专家", "低")),
    ],
)
def test_the_page_is_for_everybody_in_both_languages(
    town: Town, lang: str, words: tuple[str, ...]
) -> None:
    empty = town.app.test_client().get(f"/inbox?lang={lang}").text
    assert ("Nothing waits at the gate." in empty, "目前没有待办事项。" in empty) == (
        lang == "en",
        lang == "zh",
    )
    number = registered(town)
    answer = town.app.test_client().get(f"/inbox?lang={lang}")
    assert answer.status_code == 200
    for each in (number, *words):
        assert each in answer.text
    assert not re.search(r"\b[A-Z]-\d\d\b", answer.text.replace(number, ""))  # no rule is named
    assert f'href="/inbox?lang={lang}"' in town.app.test_client().get(f"/?lang={lang}").text


def test_english_readers_see_the_english_name_where_the_sheet_has_one(town: Town) -> None:
    number, plain = registered(town), town_sheet()
    english, chinese = plain.basic.name_en, plain.basic.name
    file = town.venue.folder / "bare.csv"
    file.write_bytes(csv().replace(b"2026", b"2025"))
    bare = town.desk("tide-data").register(file, plain, [LOG])  # no sheet says its name in English

    def names(lang: str) -> set[str]:
        page = town.app.test_client().get(f"/inbox?lang={lang}").text
        return set(re.findall(r'<a href="/products/[^"]*">([^<]*)</a>', page))

    assert names("en") == {english, bare.name}
    assert names("zh") == {chinese, bare.name}
    unnamed = replace(plain, basic=replace(plain.basic, name_en=""))
    town.desk("tide-data").submit_sheet(number, unnamed)
    assert names("en") == {chinese, bare.name}


def test_the_inbox_of_an_operator_is_told_in_the_language_that_is_asked_for(market: Town) -> None:
    market.desk("shipyard").dispute(market.product, "it is ours")
    house = market.client("house")
    told = {lang: house.get(f"/inbox?lang={lang}").json for lang in ("en", "zh")}
    assert house.get("/inbox").json == told["en"]
    (english,), (chinese,) = (
        [task for task in told[lang] if task["duty"] == "decide"] for lang in ("en", "zh")
    )
    assert english["why"] == ["a dispute freezes it"]
    assert chinese == english | {"why": ["因争议冻结"]}
    with pytest.raises(Problem, match="shape"):
        house.get("/inbox?lang=fr")


def test_a_long_queue_is_shown_page_by_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    registered(town)
    monkeypatch.setattr(waiting, "LONGEST", 2)
    client = town.app.test_client()
    first = client.get("/inbox?lang=en").text
    assert "Shown 1–2 / 3" in first
    assert first.count("<tr>") == 1 + 2
    (later,) = re.findall(r'<a rel="next" href="([^"]*)">', first)
    assert 'rel="prev"' not in first
    last = client.get(later.replace("&amp;", "&")).text
    assert "Shown 3–3 / 3" in last
    assert last.count("<tr>") == 1 + 1
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last

    def shown(page: str) -> str:  # the way to the other language keeps what was asked for
        return client.get(f"/inbox?lang=en&page={page}").text.partition("<main")[2]

    for beyond in ("3", "999999999999999999999"):
        assert shown(beyond) == last.partition("<main")[2]
    for none in ("0", "-5", "two", "%3Cb%3E"):
        assert shown(none) == first.partition("<main")[2]

"""Quality over HTTP: counts and experts side by side, held back from an expert who scores first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from exchange.compliance import Answer, fired
from exchange.expectations import NotMissing
from exchange.ports import UnitOfWork
from exchange.quality import Dimension, Part
from exchange.registration import Product
from exchange.services.compare_quality import Comparison, compare_quality
from exchange.web.client import Problem
from exchange.web.pages import merits
from exchange.web.pages.words import LANGUAGES, WORDS
from tests.exchange.compliance.plugged import plugged
from tests.exchange.web.town import LOG, Town, csv, sheet


def submitted(town: Town, folder: Path) -> Town:
    """Bring a product to where it waits for its assessor and its expert."""
    file = folder / "currents.csv"
    file.write_bytes(csv())
    supplier = town.desk("tide-data")
    mine = sheet(town.people["tide-data"].id, quality=(NotMissing("time"),))
    town.product = supplier.register(file, mine, [LOG]).number
    supplier.submit_sheet(town.product, mine)
    return town


def test_an_expert_sees_the_figures_of_the_system_once_it_has_scored(
    town: Town, tmp_path: Path
) -> None:
    submitted(town, tmp_path)
    expert, path = town.client("expert"), f"/products/{town.product}"
    with pytest.raises(Problem, match="held back from an expert"):
        expert.get(f"{path}/quality")
    findings = expert.get(f"{path}/findings").json
    assert findings["quality"] is None
    assert not [f for f in findings["findings"] if f["rule"].startswith("Q-")]
    shown = town.client("tide-data").get(f"{path}/findings").json
    assert shown["quality"] is not None
    assert [f["rule"] for f in shown["findings"] if f["rule"] == "Q-10"]
    town.desk("expert").review(town.product, "0.97", b"plausible")
    assert expert.get(f"{path}/findings").json["quality"] == shown["quality"]
    quality = expert.get(f"{path}/quality").json
    assert quality["experts"][0]["score"] == "0.97"
    parts = quality["report"]["completeness"]["parts"]
    assert [part["how"] for part in parts][-1] == "not-missing of time"


@pytest.mark.parametrize("what", ["findings", "explanation"])
def test_what_the_rules_say_is_told_in_the_language_asked_for(
    town: Town, tmp_path: Path, what: str
) -> None:
    submitted(town, tmp_path)
    supplier, path = town.client("tide-data"), f"/products/{town.product}/{what}"
    found = {}
    for lang in ("", "?lang=en", "?lang=zh"):
        said = supplier.get(path + lang).json
        rules = said["findings"] if what == "findings" else said
        found[lang] = {each["rule"]: each for each in rules}["Q-10"]
    assert found[""] == found["?lang=en"]
    expert = "no independent quality expert has reviewed this sheet and this data"
    assert found[""]["message"] == expert
    assert found["?lang=zh"]["message"] == "尚无独立质量专家评审本说明书与本数据"
    assert found["?lang=zh"]["unlock"] == "由非供方的、已入场的质量专家评审"
    with pytest.raises(Problem, match="not of the shape"):
        supplier.get(f"{path}?lang=fr")


@pytest.mark.parametrize("what", ["findings", "explanation"])
def test_what_anothers_pack_says_is_told_in_its_chinese(
    town: Town, tmp_path: Path, what: str
) -> None:
    def crowded(_: object) -> Answer:
        return fired("4 sources are more than three")

    pack = plugged()
    pack = replace(pack, rules=(replace(pack.rules[0], check=crowded),))
    town.venue.__dict__["pack"] = pack
    submitted(town, tmp_path)
    supplier, path = town.client("tide-data"), f"/products/{town.product}/{what}"

    english, chinese = (supplier.get(f"{path}?lang={lang}").json for lang in ("en", "zh"))

    (english,), (chinese,) = (
        said["findings"] if what == "findings" else said for said in (english, chinese)
    )
    assert english["message"] == "4 sources are more than three"
    assert chinese["message"] == "来源有 4 个，超过三个"
    assert chinese["unlock"] == "减少数据来源"
    assert chinese["basis"] == "某条"


def test_a_sample_shows_the_rows_that_the_chain_draws(town: Town, tmp_path: Path) -> None:
    submitted(town, tmp_path)
    drawn = town.client("expert").get(f"/products/{town.product}/sample").json
    assert drawn["data"] == town.client().get(f"/products/{town.product}").json["data"]
    assert len(drawn["sample"]["rows"]) == len(drawn["sample"]["places"]) > 0
    with pytest.raises(Problem, match="not admitted as"):
        town.client("harbour").get(f"/products/{town.product}/sample")


WEAK = "weak: it undertakes less than 0.95"


@pytest.mark.parametrize(("lang", "words"), [("zh", "系统与专家"), ("en", "System and experts")])
def test_the_page_shows_every_count_and_the_expert_beside_it(
    market: Town, lang: str, words: str
) -> None:
    page = market.app.test_client().get(f"/products/{market.product}/quality?lang={lang}")
    assert page.status_code == 200
    assert words in page.text
    assert ("rows that repeat no other" if lang == "en" else "不与他行重复的行") in page.text
    assert "0.97" in page.text


def test_the_page_says_which_dimension_could_not_be_measured(
    market: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a table without time that is never updated, no timeliness is measured."""

    def timeless(product: Product, *, on: dt.date, work: UnitOfWork) -> Comparison:
        found = compare_quality(product, on=on, work=work)
        assert found.report is not None
        return replace(found, report=replace(found.report, timeliness=None))

    site, page = market.app.test_client(), f"/products/{market.product}/quality?lang=en"
    assert WORDS["quality.unmeasured"][1] not in site.get(page).text
    monkeypatch.setattr(merits, "compare_quality", timeless)
    text = site.get(page).text
    assert text.count(WORDS["quality.unmeasured"][1]) == 1
    assert WORDS["quality.timeliness"][1] in text


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "薄弱：承诺低于 0.95"), ("en", "weak: it undertakes less than 0.95")]
)
def test_the_page_says_what_no_such_data_breaks(
    market: Town, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    def easily(product: Product, *, on: dt.date, work: UnitOfWork) -> Comparison:
        found = compare_quality(product, on=on, work=work)
        assert found.report is not None
        weak = Part("unique of time", 5, 10, 0, Decimal("0.1"), weak=WEAK)
        accuracy = Dimension("accuracy", 5, 10, "unique of time", (weak,))
        return replace(found, report=replace(found.report, accuracy=accuracy))

    site, page = market.app.test_client(), f"/products/{market.product}/quality?lang={lang}"
    assert words not in site.get(page).text
    monkeypatch.setattr(merits, "compare_quality", easily)
    assert words in site.get(page).text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_the_scores_that_each_sheet_was_listed_with(market: Town, lang: str) -> None:
    path, at = f"/products/{market.product}/quality", LANGUAGES.index(lang)
    (sheet_told,) = market.client("tide-data").get(f"{path}?lang={lang}").json["sheets"]
    text = market.app.test_client().get(f"{path}?lang={lang}").text
    table = text.split(WORDS["quality.sheets"][at])[1].split("</table>")[0]
    for told in (sheet_told["listed"], sheet_told["data"][:16], sheet_told["score"], "0.97"):
        assert told in table
    market.desk("house").suspend_listing(market.product, "a question")
    words = "version 1 of its spec sheet is not on the board", "其说明书第 1 版未在挂牌"
    found = market.client("tide-data").get(f"{path}?lang={lang}").json
    assert found["pending"] == [words[lang == "zh"]]
    assert found["sheets"] == [sheet_told]


def test_a_product_off_the_board_has_no_page_of_its_quality(town: Town, tmp_path: Path) -> None:
    submitted(town, tmp_path)
    page = town.app.test_client().get(f"/products/{town.product}/quality")
    assert page.status_code == 404


@pytest.mark.parametrize("what", ["findings", "explanation"])
def test_a_product_without_a_sheet_has_nothing_to_be_judged(
    town: Town, tmp_path: Path, what: str
) -> None:
    file = tmp_path / "currents.csv"
    file.write_bytes(csv())
    supplier = town.desk("tide-data")
    number = supplier.register(file, sheet(town.people["tide-data"].id), [LOG]).number
    with pytest.raises(Problem, match="no spec sheet of it stands") as told:
        town.client("tide-data").get(f"/products/{number}/{what}")
    assert (told.value.code, told.value.status) == ("not_found", 404)

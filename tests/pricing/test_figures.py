from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from pricing import figures
from pricing.appraisal import Appraisal, Indicator
from pricing.engines.hedonic import Hedonic
from pricing.errors import BadInput
from pricing.figures import Form, Language, Words, amount_text, bands, path, short
from pricing.money import Currency, Money
from tests.pricing.test_hedonic import ALONE, sold

LINE = Indicator("survey", "1", "+ 1", "ledger")


def appraisal(*ends: str) -> Appraisal:
    low, mid, high = (Money.parse(f"{end} CNY") for end in ends)
    return Appraisal(low, mid, high, "by hand", (LINE,))


APPRAISALS = {
    "cost": appraisal("85680", "106920", "144210"),
    "market": appraisal("120000", "138000", "155000"),
    "their own": appraisal("70000", "98000", "126000"),
}


def texts(svg: bytes) -> list[str]:
    found = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - our own
    return ["".join(one.itertext()) for one in found]


def test_bands_stand_under_one_another_with_their_figures() -> None:
    said = texts(bands.draw(APPRAISALS, settled=Money.parse("125000 CNY"), language=Language.EN))
    assert "Value by method of appraisal" in said
    assert "value (CNY)" in said
    assert "106,920   (85,680 – 144,210)" in said
    assert "settled price 125,000" in said
    assert [name for name in said if name in {"cost", "market", "their own"}] == [*APPRAISALS]


def test_bands_speak_chinese() -> None:
    said = texts(bands.draw(APPRAISALS))
    assert {"各评估方法的价值区间", "成本法", "市场法", "their own"} <= set(said)


@pytest.mark.parametrize("form", Form)
def test_the_same_values_are_the_same_bytes(form: Form) -> None:
    first, second = (bands.draw(APPRAISALS, form=form) for _ in range(2))
    assert first == second
    assert first != bands.draw({"cost": APPRAISALS["cost"]}, form=form)
    starts = {Form.PNG: b"\x89PNG", Form.SVG: b"<?xml"}
    assert first.startswith(starts[form])
    assert b"atplotlib v" not in first
    assert b"<dc:date>" not in first


def test_values_far_apart_stand_on_a_logarithmic_axis() -> None:
    far = {**APPRAISALS, "income": appraisal("9000000", "9500000", "9900000")}
    assert {"100,000", "1,000,000"} <= set(texts(bands.draw(far)))
    free = {**far, "public-cap": appraisal("0", "0", "0")}
    assert "2,000,000" in texts(bands.draw(free))


@pytest.mark.parametrize("name", ["$x^$", "$$", "cost in US$ or HK$", "<b>&amp;", "a_{b}"])
def test_a_name_is_drawn_as_it_is_and_is_no_formula(name: str) -> None:
    assert name in texts(bands.draw({name: APPRAISALS["cost"]}))


def test_a_character_that_xml_cannot_write_does_not_break_the_figure() -> None:
    assert "\ufffd[0m" in texts(bands.draw({"\x1b[0m": APPRAISALS["cost"]}))


def test_what_cannot_be_compared_is_not_drawn() -> None:
    with pytest.raises(BadInput, match=r"^appraisals: "):
        bands.draw({})
    with pytest.raises(BadInput, match="currency"):
        bands.draw(APPRAISALS, settled=Money(1, Currency.USD))


@pytest.fixture
def no_chinese_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(figures, "CHINESE", ("No Such Font",))
    figures._families.cache_clear()
    yield
    figures._families.cache_clear()


@pytest.mark.usefixtures("no_chinese_font")
@pytest.mark.parametrize("form", Form)
def test_a_missing_font_is_told_and_stops_nothing(
    form: Form, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert bands.draw(APPRAISALS, form=form)
    assert caplog.messages == ["no font has Chinese characters: install one of No Such Font"]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Money(1_234_567_89), "1,234,568"),
        (Money(12_50), "12.5"),
        (Money(-12_00), "-12"),
        (Money(5_000, Currency.JPY), "5,000"),
    ],
)
def test_amounts_beside_marks_are_short(amount: Money, said: str) -> None:
    assert short(amount) == said


def test_words_and_amounts_by_language_and_currency() -> None:
    assert [Words("价", "price").said(one) for one in Language] == ["价", "price"]
    assert amount_text(1_200_00, Currency.CNY) == "1,200"
    assert amount_text(1_200_00, Currency.JPY) == "120,000"


def test_a_path_shows_guidance_and_trades() -> None:
    moved = Hedonic().estimate(replace(ALONE, trades=(*ALONE.trades, sold("0", 9))))
    said = texts(path.draw(moved, language=Language.EN))
    legend = {"guidance band", "median", "ask", "floor", "settled trade", "free (moves nothing)"}
    assert legend | {"From estimate to market", "price of a licence (CNY)"} <= set(said)
    assert "从估价到成交：价格的移动" in texts(path.draw(moved))


@pytest.mark.parametrize("form", Form)
def test_a_path_of_the_same_values_is_the_same_bytes(form: Form) -> None:
    estimate = Hedonic().estimate(ALONE)
    assert path.draw(estimate, form=form) == path.draw(estimate, form=form)


def test_an_estimate_without_trades_is_a_path_of_one_point() -> None:
    said = texts(path.draw(Hedonic().estimate(replace(ALONE, trades=())), language=Language.EN))
    assert "guidance band" in said
    assert "settled trade" not in said
    assert said.count("0") == 1


def test_prices_far_apart_stand_on_a_logarithmic_axis() -> None:
    trades = tuple(sold(price, i) for i, price in enumerate(("2500", "250000"), 1))
    said = texts(path.draw(Hedonic().estimate(replace(ALONE, trades=trades))))
    assert {"10,000", "100,000"} <= set(said)

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from exchange.web import create_app
from exchange.web.gate import FIGURE_POLICY
from exchange.web.pages.words import WORDS
from tests.exchange.floor import Hall, open_hall


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    folder: Path = tmp_path_factory.mktemp("sold")
    with open_hall(folder / "exchange") as hall:
        hall.list()
        hall.deposit()
        hall.trade_all()
        return hall


@pytest.fixture(scope="module")
def site(sold: Hall) -> FlaskClient:
    return create_app(sold.venue).test_client()


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_a_product_shows_how_its_price_moved_and_what_proves_it(
    sold: Hall, site: FlaskClient, lang: str, at: int
) -> None:
    (step,) = site.get(f"/api/v1/products/{sold.number}/price").get_json()
    page = site.get(f"/products/{sold.number}/price?lang={lang}").text
    for key in ("path", "path.ask", "path.floor", "path.opening", "path.replay"):
        assert WORDS[key][at] in page
    assert f"guapai price replay {step['record']}" in page
    assert f"/products/{sold.number}/price.svg?lang={lang}" in page
    assert sold.participant("buyer").name not in page
    assert f"/products/{sold.number}/price?lang={lang}" in site.get(
        f"/products/{sold.number}?lang={lang}"
    ).text.replace("&amp;", "&")


def test_how_a_price_is_estimated_is_said_in_both_languages(sold: Hall, site: FlaskClient) -> None:
    said = {
        lang: site.get(f"/products/{sold.number}/price?lang={lang}").text for lang in ("zh", "en")
    }
    assert "特征价格法（对数价格，正态–逆伽马分布）：" in said["zh"]
    assert "hedonic" not in said["zh"]
    assert "hedonic log-price, normal-inverse-gamma; " in said["en"]
    memory = re.search(r"memory ([0-9.]+)", said["en"])
    assert memory
    assert f"记忆系数 {memory[1]}<" in said["zh"]


def test_the_figure_is_drawn_once_and_may_style_itself_and_nothing_else(
    sold: Hall, site: FlaskClient
) -> None:
    answer = site.get(f"/products/{sold.number}/price.svg?lang=en")
    assert answer.content_type.startswith("image/svg+xml")
    assert answer.headers["Content-Security-Policy"] == FIGURE_POLICY
    assert "script" not in FIGURE_POLICY
    assert "From estimate to market" in answer.text
    assert answer.data == site.get(f"/products/{sold.number}/price.svg?lang=en").data
    assert answer.data != site.get(f"/products/{sold.number}/price.svg?lang=zh").data


def test_a_step_tells_amounts_and_entries_and_no_party(sold: Hall, site: FlaskClient) -> None:
    answer = site.get(f"/api/v1/products/{sold.number}/price")
    (step,) = answer.get_json()
    assert set(step) == {"paid", "time", "settlement", "opening", "guidance", "record"}
    for handle in ("buyer", "supplier"):
        assert sold.participant(handle).id not in answer.text


def test_without_a_trade_there_is_no_figure_and_the_page_says_why(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        hall.list()
        site = create_app(hall.venue).test_client()
        assert WORDS["path.none"][1] in site.get(f"/products/{hall.number}/price?lang=en").text
        assert site.get(f"/products/{hall.number}/price.svg").status_code == 404
        assert site.get(f"/api/v1/products/{hall.number}/price").get_json() == []
        assert site.get("/products/GP-0000-0000-0000/price").status_code == 404

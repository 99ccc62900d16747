"""Pages on a phone: nothing is wider than the screen, and every cell says which column it is of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from exchange.expectations import NoGap
from exchange.web import pages
from exchange.web.pages.words import LANGUAGES
from tests.exchange.web.town import Town, sheet

PAGES: Final = Path(pages.__file__).parent
BOX: Final = re.compile(r'<div class="wide[^>]*><table[^>]*>.*?</table>', re.DOTALL)
ROW: Final = re.compile(r"<tr>.*?</tr>", re.DOTALL)


@pytest.mark.parametrize(
    "template", sorted(PAGES.glob("templates/*.html")), ids=lambda path: path.stem
)
def test_a_wide_table_stands_row_by_row(template: Path) -> None:
    for box in BOX.findall(template.read_text("utf-8")):
        assert box.startswith('<div class="wide stack"')
        for row in ROW.findall(box.partition("<tbody>")[2]):
            _, *others = re.findall(r"<t[dh][^>]*>", row)
            for cell in others:
                # A name of its own says what it is, and of a cell across columns there is none.
                assert re.search("<th|data-label|colspan", cell), cell


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("page", "rows"), [("", 14), ("/quality", 8)])
def test_a_cell_is_called_as_its_column(market: Town, page: str, rows: int, lang: str) -> None:
    path = f"/products/{market.product}{page}?lang={lang}"
    assert len(labelled(market.app.test_client().get(path).text)) >= rows


def labelled(page: str) -> list[str]:
    """Return the rows of tables with a head, each cell of which has the name of its column."""
    found = []
    for box in BOX.findall(page):
        named, _, body = box.partition("<tbody>")
        for row in ROW.findall(body) if "<thead>" in named else ():
            _, *names = re.findall(r"<t[hd]>(.*?)</t[hd]>", named)
            assert re.findall(r'data-label="([^"]*)"', row) == names
            found.append(row)
    return found


@pytest.mark.parametrize(
    ("lang", "cells"),
    [
        ("zh", [("1 通过", "59"), ("2 未评估", "1"), ("3 可疑", "0"), ("4 失败", "0")]),
        ("en", [("1 pass", "59"), ("2 not evaluated", "1"), ("3 suspect", "0"), ("4 fail", "0")]),
    ],
)
def test_a_flag_of_an_ocean_test_is_called_by_its_name(
    town: Town,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    cells: list[tuple[str, str]],
) -> None:
    """One row an hour is what the sheet expects, and before the first there is none."""
    quality = (NoGap("time", 3_600),)
    monkeypatch.setattr("tests.exchange.web.town.sheet", lambda who: sheet(who, quality=quality))
    town.listed(tmp_path)
    page = town.app.test_client().get(f"/products/{town.product}/quality?lang={lang}").text
    (row,) = (row for row in labelled(page) if cells[0][0] in row)
    shown = re.findall(r'<td data-label="([^"]*)">([^<]*)</td>', row)
    assert shown[:-1] == cells


def test_a_word_without_end_is_broken() -> None:
    """An address in a description made the whole page scroll sideways."""
    style = (PAGES / "static" / "site.css").read_text("utf-8")
    body = re.search(r"^body \{(.*?)\}", style, re.DOTALL | re.MULTILINE)
    assert body
    assert "overflow-wrap: anywhere;" in body[1]

"""The page of the board: what is listed, and the form that searches it."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, render_template, request

from exchange.board import PAGES_MAX, Search
from exchange.errors import BadField
from exchange.grading import Grade
from exchange.records import read_record
from exchange.services.search_board import board_counts, search_up_to_the_last
from exchange.specsheet import Frequency, PriceMode, ProductType
from exchange.web.gate import floor
from exchange.web.pages.paging import told
from exchange.web.showing import board_shown, name_of

CARDS: Final = 60  # of one page of the board
OFFERED: Final = 100  # values of a field in the form; any other can be asked for all the same
COUNTED: Final = ("sector", "format")  # of what suppliers call as they like
CHOICES: Final[Mapping[str, type[enum.StrEnum]]] = {
    "type": ProductType,
    "grade": Grade,
    "price": PriceMode,
    "frequency": Frequency,
}
DAYS: Final = ("covers_from", "covers_to")
FILTERS: Final = ("words", *COUNTED, *CHOICES, "quality", *DAYS, "box")
SCORES: Final = frozenset({"0.8", "0.9", "0.95", "0.99"})


def show_board() -> tuple[str, int] | str:
    """Show a page of what is on the board and answers the form, the newest first.

    ``?page=`` names another page: the last one answers for those after it, the first for what is
    none.  A value that breaks its field's rule is told, and nothing is looked for.
    """
    sent = {name: request.args.get(name, "").strip() for name in (*FILTERS, "sort")}
    sent = {name: value for name, value in sent.items() if value}
    page = min(max(1, request.args.get("page", 1, type=int)), PAGES_MAX)
    wrong, asked = "", Search()
    try:
        asked = read_record(Search, sent | {"page": page, "size": CARDS})
    except BadField as error:
        wrong = error.field
    shown: dict[str, Any] = {"sent": sent, "filters": FILTERS, "choices": CHOICES, "wrong": wrong}
    with floor().read() as work:
        shown["operator"] = name_of(floor().house.operator, work)
        counted = {name: board_counts(name, work=work, floor=floor()) for name in COUNTED}
        if not wrong:
            found = search_up_to_the_last(asked, work=work, floor=floor())
            shown |= {"page": told(found), "lines": board_shown(found, work)["products"]}
    shown["whole"] = sum(count for _, count in counted["format"])
    shown["counted"] = {name: _offered(counts, sent.get(name)) for name, counts in counted.items()}
    shown["scores"] = sorted({*SCORES, *([sent["quality"]] if "quality" in sent else [])})
    return render_template("board.html", **shown), (422 if wrong else 200)


def _offered(counts: Sequence[tuple[str, int]], asked: str | None) -> list[tuple[str, int]]:
    """Return the values that a field of the form offers, and what is asked for among them."""
    offered = list(counts[:OFFERED])
    if asked and asked not in dict(offered):
        offered.append((asked, dict(counts).get(asked, 0)))
    return offered


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.get("/", endpoint="board")(show_board)

"""The board: what is listed, and the search of it."""

from __future__ import annotations

from typing import Any

from exchange.board import Search
from exchange.records import read_record
from exchange.services.search_board import search_board
from exchange.web.api.noun import Noun
from exchange.web.api.replies import BoardShape
from exchange.web.api.requests import BoardQuery
from exchange.web.gate import floor
from exchange.web.showing import board_shown

board = Noun("board", path="/board")


@board.read("")
@board.takes(BoardQuery, "query")
@board.gives(BoardShape)
def show(asked: dict[str, Any]) -> dict[str, Any]:
    """List the products on the board that answer a search, page by page, the newest first."""
    with floor().read() as work:
        search = read_record(Search, asked)
        return board_shown(search_board(search, work=work, floor=floor()), work)

"""The board: what is listed."""

from __future__ import annotations

from typing import Any

from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    BoardLine,
)
from exchange.web.gate import floor
from exchange.web.showing import board_lines

board = Noun("board", path="/board")


@board.read("")
@board.gives(BoardLine(many=True))
def show() -> list[dict[str, Any]]:
    """List the products on the board, the newest first."""
    with floor().read() as work:
        return board_lines(work, floor())

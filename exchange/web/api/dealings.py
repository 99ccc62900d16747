"""Dealings: what is open for whoever asks."""

from __future__ import annotations

from exchange.dealings import Dealing
from exchange.services.show_dealings import show_dealings
from exchange.web.api.dealing_replies import DealingShape
from exchange.web.api.noun import Noun
from exchange.web.gate import caller, floor

dealings = Noun("dealings", path="/dealings")


@dealings.read("")
@dealings.gives(DealingShape(many=True))
def show() -> list[Dealing]:
    """List what is open for the participant that asks, and what comes next; nobody else's."""
    with floor().read() as work:
        return [*show_dealings(caller(), work=work, floor=floor())]

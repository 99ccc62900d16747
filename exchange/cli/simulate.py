"""The group of commands that play markets and tell what came of them."""

from __future__ import annotations

from exchange.cli import main


@main.group("simulate")
def simulate_group() -> None:
    """Play simulated markets, tell what happened, compare runs."""

"""``python -m exchange.cli``: the command ``guapai``."""

from exchange.cli import main

main(prog_name="guapai")

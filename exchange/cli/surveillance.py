"""The command that looks for what somebody should look at."""

from __future__ import annotations

import datetime as dt

import click

from exchange.cli import main
from exchange.cli.merchants import day_of
from exchange.cli.shell import Shell, command


@command(main, "surveillance")
@click.option("--since", metavar="DAY", help="From this day on (UTC); else everything.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="en", show_default=True)
def surveillance_command(shell: Shell, since: str | None, lang: str) -> None:
    """Look for wash trades, price discrimination, forced exclusivity and concentration.

    What is found are findings and never decisions: nothing is suspended by one. It changes nothing
    and needs no key.
    """
    from exchange.services.watch_market import watch_market  # noqa: PLC0415 - numpy
    from exchange.surveillance.wording import title_of, words_of  # noqa: PLC0415 - the same

    found = watch_market(day_of(since, "--since") if since else None, floor=shell.floor)
    if shell.as_json:
        looked = {"since": found.since, "until": found.until, "cut": found.cut}
        counted = {"trades": found.trades, "offers": found.offers}
        alerts = [
            alert.to_record() | {"title": title_of(alert, lang), "words": words_of(alert, lang)}
            for alert in found.alerts
        ]
        shell.result(looked | counted | {"alerts": alerts})
        return
    cut = " (the newest; there are more)" if found.cut else ""
    shell.say(
        f"{found.trades:,} trades and {found.offers:,} offers{cut}: {len(found.alerts)} alerts"
    )
    for alert in found.alerts:
        shell.say("")
        shell.say(f"{title_of(alert, lang)}  {_day(alert.first)} to {_day(alert.last)}")
        shell.say(f"  {words_of(alert, lang)}")
        shown = ", ".join(alert.trades[:5])
        shell.say(f"  {alert.count} trades: {shown}{', …' if alert.count > 5 else ''}")
    trade = next((each for alert in found.alerts for each in alert.trades), "")
    then = f"guapai show {trade}; guapai surveillance --json" if trade else ""
    shell.result({}, then=then)


def _day(second: int) -> str:
    return dt.datetime.fromtimestamp(second, dt.UTC).date().isoformat()

"""Commands for listings of elsewhere: read them in, and ask what a strict gate would say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, command, existing
from exchange.compliance import Outcome
from exchange.compliance.screening import Overview, Screening, Standing, overview
from exchange.records import to_record
from exchange.services.screen_drafts import keep_drafts, screen_draft, screen_drafts


@command(main, "import")
@click.argument("file")
@click.option("--source", help="Where the listings come from (else the file's name).")
def import_command(shell: Shell, file: str, source: str | None) -> None:
    """Import listings of another exchange (CSV) as product drafts."""
    from exchange.formats.listings import read_listings  # noqa: PLC0415 - for one command

    path = existing(file)
    drafts = read_listings(path, source=source or path.stem)
    added = keep_drafts(drafts, floor=shell.floor)
    missing = Counter(name for draft in drafts for name in draft["missing"])
    record = {"read": len(drafts), "added": added, "missing": dict(missing)}
    if shell.as_json:
        shell.result(record)
        return
    shell.say(f"{len(drafts)} listings read, {added} new drafts")
    shell.table(
        "What a spec sheet asks for and the listings do not say",
        ["field", ">drafts"],
        missing.most_common(),
    )
    click.echo("next: guapai screen", err=True)


@command(main, "drafts")
@click.option("--source", default="", help="Only those that come from there.")
def drafts_command(shell: Shell, source: str) -> None:
    """List the product drafts imported from listings elsewhere."""
    with shell.floor.read() as work:
        drafts = [dict(each) for each in work.drafts.all() if source in {"", each["source"]}]
    if shell.as_json:
        shell.result({"drafts": drafts})
        return
    shell.table(
        f"{len(drafts)} drafts",
        ["=draft", "source", "title", "supplier", "price", ">missing"],
        [
            (d["id"][:12], d["source"], d["title"], d["supplier"], d["price"], len(d["missing"]))
            for d in drafts
        ],
    )


@command(main, "screen")
@click.argument("draft", required=False)
@click.option("--source", default="", help="Only drafts that come from there.")
def screen_command(shell: Shell, draft: str | None, source: str) -> None:
    """Say what a strict gate would say of DRAFT, or of all drafts; changes nothing."""
    if draft:
        _show_one(shell, screen_draft(draft, floor=shell.floor))
        return
    found = screen_drafts(floor=shell.floor, source=source)
    sources = sorted({each.source for each in found})
    totals = [overview(found), *(overview(found, name) for name in sources)]
    if shell.as_json:
        shell.result(
            {
                "overviews": [to_record(each) for each in totals],
                "drafts": [_brief(each) for each in found],
            }
        )
        return
    _show_overviews(shell, totals)
    never = [each for each in found if each.standing is Standing.NEVER]
    if never:
        shell.table(
            "These would never list",
            ["=draft", "source", "title", "rules"],
            [
                (e.id[:12], e.source, e.title, [word.rule for word in e.said(Outcome.FIRED)])
                for e in never
            ],
        )
    click.echo("next: guapai screen DRAFT, or the page /drafts of guapai serve", err=True)


def _brief(screening: Screening) -> dict[str, Any]:
    record = to_record(screening)
    words = record.pop("words")
    return record | {
        str(outcome): [word["rule"] for word in words if word["outcome"] == outcome]
        for outcome in Outcome
    }


def _show_overviews(shell: Shell, totals: list[Overview]) -> None:
    names = [each.source or "all" for each in totals]
    columns = [f">{name}" for name in names]
    rows: list[tuple[object, ...]] = [("listings", *(each.listings for each in totals))]
    rows += [
        (f"stand {standing}", *(each.standings.get(standing, 0) for each in totals))
        for standing in Standing
    ]
    rows.append(("fields not said, median", *(f"{each.silent_on:g}" for each in totals)))
    rows += [
        (f"claim {claim}", *(each.claims.get(claim, 0) for each in totals))
        for claim in totals[0].claims
    ]
    shell.table("Listings of elsewhere before a strict gate", ["", *columns], rows)
    shell.table(
        "What a spec sheet asks for and the listings do not say",
        ["field", *columns],
        [(field, *(each.missing.get(field, 0) for each in totals)) for field in totals[0].missing],
    )
    whole = totals[0]
    rules = sorted({*whole.fired, *whole.clear, *whole.unasked})
    shell.table(
        "What the rules say, of all",
        ["=rule", ">fired", ">clear", ">not evaluated"],
        [
            (rule, whole.fired.get(rule, 0), whole.clear.get(rule, 0), whole.unasked.get(rule, 0))
            for rule in rules
        ],
    )


def _show_one(shell: Shell, screening: Screening) -> None:
    if shell.as_json:
        shell.result(to_record(screening))
        return
    shell.say(f"{screening.title} ({screening.source}): {screening.standing}")
    shell.say(f"claims: {', '.join(screening.claims) or 'none'}")
    shell.say(f"not said: {', '.join(screening.missing) or 'nothing'}")
    shell.table(
        "What the rules say",
        ["=rule", "=severity", "=outcome", "why"],
        [(word.rule, word.severity, word.outcome, word.message) for word in screening.words],
    )

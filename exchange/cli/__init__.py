"""The command line: the same services as the API, acting as named participants.

Results go to stdout, remarks to stderr; ``--json`` prints one JSON object.  Exit codes: 0 done,
1 failed, 2 usage or unreadable input, 3 refused by a rule.
"""

from __future__ import annotations

import click

from exchange.cli.shell import Shell, ShellGroup
from exchange.ports import Wait
from exchange.venue import default_folder

__all__ = ["main"]


@click.group(cls=ShellGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="guapai", prog_name="guapai")
@click.option(
    "-C",
    "--venue",
    "folder",
    type=click.Path(file_okay=False),
    default=default_folder,
    help="The exchange's folder (GUAPAI_VENUE, else ./exchange-data).",
)
@click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False),
    help="A file whose first line is the passphrase (else GUAPAI_PASSPHRASE, else asked for).",
)
@click.option(
    "--house-passphrase-file",
    type=click.Path(dir_okay=False),
    help="The same for the operator's keys (else GUAPAI_HOUSE_PASSPHRASE, else as above).",
)
@click.option(
    "--wait",
    type=click.Choice([str(wait) for wait in Wait]),
    default=str(Wait.SEQUENCED),
    show_default=True,
    help="How far a write comes before the command ends.",
)
@click.pass_context
def main(
    context: click.Context,
    folder: str,
    passphrase_file: str | None,
    house_passphrase_file: str | None,
    wait: str,
) -> None:
    """Guapai (挂牌): list data products, make trades, audit the provenance chain."""
    shell = Shell(folder, passphrase_file, house_passphrase_file, wait=Wait(wait))
    context.obj = context.with_resource(shell)


# Commands register themselves with `main` when their modules are imported.
from exchange.cli import (  # noqa: E402
    agreements,  # noqa: F401
    auctions,  # noqa: F401
    bank,  # noqa: F401
    bargains,  # noqa: F401
    clearing,  # noqa: F401
    dealings,  # noqa: F401
    demands,  # noqa: F401
    demo,  # noqa: F401
    documents,  # noqa: F401
    drafts,  # noqa: F401
    engagements,  # noqa: F401
    erasure,  # noqa: F401
    evidence,  # noqa: F401
    explain,  # noqa: F401
    gate,  # noqa: F401
    grades,  # noqa: F401
    house,  # noqa: F401
    keys,  # noqa: F401
    merchants,  # noqa: F401
    netting,  # noqa: F401
    plans,  # noqa: F401
    policies,  # noqa: F401
    price_market,  # noqa: F401
    price_product,  # noqa: F401
    price_replay,  # noqa: F401
    prices,  # noqa: F401
    products,  # noqa: F401
    quality,  # noqa: F401
    reconcile,  # noqa: F401
    registration,  # noqa: F401
    rights,  # noqa: F401
    scenarios,  # noqa: F401
    sheets,  # noqa: F401
    simulate,  # noqa: F401
    simulate_faults,  # noqa: F401
    simulate_report,  # noqa: F401
    simulate_run,  # noqa: F401
    simulate_sweep,  # noqa: F401
    surveillance,  # noqa: F401
    trades,  # noqa: F401
    vetting,  # noqa: F401
    views,  # noqa: F401
    witness,  # noqa: F401
)

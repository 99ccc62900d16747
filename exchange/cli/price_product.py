"""Commands for the price of a registered product: its path on the chain, and its appraisal."""

from __future__ import annotations

from typing import Any

import click

from exchange.cli.prices import Outputs, figured, price_group, recording, records_of, show_appraisal
from exchange.cli.shell import Shell, acting, command, existing
from exchange.errors import BadField
from exchange.formats.price_file import PriceFile
from exchange.services.appraise_product import appraise_product
from exchange.services.estimate_price import estimate_of, price_path, whole_path
from pricing.appraisal import Evidence
from pricing.figures import bands, path


@command(price_group, "path")
@click.argument("number")
@figured
def path_command(shell: Shell, number: str, figure: str | None, lang: str) -> None:
    """Follow the price of product NUMBER from its appraisal through its settled trades."""
    outputs = Outputs(None, figure, lang)
    with shell.floor.read() as work:
        product = work.products.get(number)
        found = estimate_of(product, work)
        moves = price_path(product, work)
    if found is None:
        if figure is not None:
            raise BadField("--figure", f"no trade has moved an estimate of {number}")
        shell.result({"path": []}, f"no trade has moved an estimate of {number} yet")
        return
    estimate = whole_path(found[0], moves)
    outputs.write([], lambda lang, form: path.draw(estimate, language=lang, form=form))
    if shell.as_json:
        shell.result({"path": [move.to_record() for move in moves]})
        return
    opening, now = moves[0].opening, estimate.guidance
    shell.table(
        f"{number}: appraised at {opening.band.mid} ({opening.band.low} to {opening.band.high}) a"
        f" licence, at {now.band.mid} after {len(moves)} trade{'s' if len(moves) > 1 else ''}",
        ["=settled", ">paid", ">low", ">middle", ">high", ">ask", ">floor", "=entry"],
        [
            (
                move.settlement.time,
                move.paid,
                move.guidance.band.low,
                move.guidance.band.mid,
                move.guidance.band.high,
                move.guidance.ask,
                move.guidance.floor,
                shell.entry(move.settlement.leaf.hex()),
            )
            for move in moves
        ],
    )
    shell.result({}, then=f"guapai price replay {moves[-1].record}")


@command(price_group, "value")
@click.argument("number")
@acting
@click.option("--engine", "engines", metavar="NAME", multiple=True, help="An appraiser; else all.")
@click.option("--evidence", metavar="FILE", help="What no exchange knows, such as scenes.")
@figured
@recording
def value_command(
    shell: Shell,
    number: str,
    handle: str,
    engines: tuple[str, ...],
    evidence: str | None,
    **written: Any,
) -> None:
    """Appraise product NUMBER from what its recorded life cycle cost and what was measured.

    Costs are told to who recorded them and to the supplier: so is this.
    """
    outputs = Outputs(written["out"], written["figure"], written["lang"])
    file = PriceFile.read(existing(evidence)) if evidence else None
    appraised = appraise_product(
        number,
        engines,
        more=file.subject(Evidence) if file else None,
        reader=shell.desk(handle).participant,
        floor=shell.floor,
    )
    if not appraised.found:
        lacking = "; ".join(f"{name}: {why}" for name, why in appraised.lacking.items())
        raise BadField(number, lacking)
    records = [record for _, record in appraised.found.values()]
    drawn = {name: appraisal for name, (appraisal, _) in appraised.found.items()}
    then = outputs.write(records, lambda lang, form: bands.draw(drawn, language=lang, form=form))
    if shell.as_json:
        shell.result({"results": records_of(records), "lacking": dict(appraised.lacking)})
        return
    for name, appraisal in drawn.items():
        show_appraisal(shell, name, appraisal)
    for name, why in appraised.lacking.items():
        shell.say(f"not by {name}: {why}")
    shell.result({}, then=then)

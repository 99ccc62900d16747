"""Commands for prices from a file: appraise, quote, share, and the plug-ins there are."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, command, existing
from exchange.errors import BadField, Conflict
from exchange.formats.price_file import PriceFile, naming
from ledger.canonical import encode
from pricing.appraisal import Appraisal, Evidence
from pricing.errors import BadInput
from pricing.estimate import Estimate, MarketHistory
from pricing.executors import executing
from pricing.figures import Form, Language, bands, shares
from pricing.quote import Quote, QuoteRequest
from pricing.record import PricingRecord, recorded
from pricing.registry import discovered, names
from pricing.sharing import Allocation, SharingCase
from pricing.wire import from_wire, to_wire


@main.group("price")
def price_group() -> None:
    """Prices from files: appraise, quote, estimate, bill, share; record them and replay them."""


def recording(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--record``: where the pricing record goes."""
    return click.option(
        "--record", "out", metavar="OUT.json", help="Write the pricing record, to be replayed."
    )(function)


def figured(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--figure`` and ``--lang``: a drawing of the result, and its language."""
    drawing = click.option("--figure", metavar="FILE", help="Draw it, as .svg or .png.")
    language = click.option(
        "--lang",
        type=click.Choice([str(each) for each in Language]),
        default="zh",
        show_default=True,
    )
    return drawing(language(function))


Draw = Callable[[Language, Form], bytes]


class Outputs:
    """The files that a command writes beside what it prints; refused before anything is done."""

    def __init__(self, out: str | None, figure: str | None = None, lang: str = "zh") -> None:
        self._record = out
        self._figure = figure
        self._language = Language(lang)
        for option, path in (("--record", out), ("--figure", figure)):
            if path is not None and Path(path).exists():
                raise Conflict(f"{option}: {path} exists: choose another name")
        if figure is not None and Path(figure).suffix[1:] not in set(Form):
            raise BadField("--figure", "a file name that ends in .svg or .png")

    def write(self, records: Sequence[PricingRecord], draw: Draw | None = None) -> str:
        """Write them, and return what to do next, if there is anything."""
        if self._figure is not None and draw is not None:
            form = Form(Path(self._figure).suffix[1:])
            Path(self._figure).write_bytes(draw(self._language, form))
        if self._record is None:
            return ""
        held = [record.to_record() for record in records]
        Path(self._record).write_bytes(encode(held[0] if len(held) == 1 else held))
        return f"guapai price replay {self._record}"


def records_of(records: Sequence[PricingRecord]) -> list[dict[str, Any]]:
    """Return what is printed as JSON of results: who computed them, and what came out."""
    return [
        {"plugin": each.plugin, "version": each.version, "kind": each.kind, "output": each.output}
        for each in records
    ]


@command(price_group, "appraise")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--engine", "engines", metavar="NAME", multiple=True, help="An appraiser; else those of FILE."
)
@figured
@recording
def appraise_command(
    shell: Shell,
    files: tuple[str, ...],
    engines: tuple[str, ...],
    figure: str | None,
    lang: str,
    out: str | None,
) -> None:
    """Appraise the products of evidence files: a range from each engine, with what moved it.

    Without --engine the engines are those that FILE has parameters for, and where it has none
    every one that is installed; of these, one that lacks its evidence says what it lacks.
    """
    outputs = Outputs(out, figure, lang)
    found: list[tuple[str, Appraisal, PricingRecord]] = []
    lacking: list[tuple[str, str]] = []
    for path in map(existing, files):
        file = PriceFile.read(path)
        evidence = file.subject(Evidence)
        label = f"{path.stem}: " if len(files) > 1 else ""
        wanted = engines or file.named("appraisers")
        for name in wanted or names("appraisers"):
            try:
                with naming(path) if wanted else contextlib.nullcontext():
                    found.append((label + name, *_appraised(file, name, evidence)))
            except BadInput as error:
                lacking.append((label + name, str(error)))
    if not found:
        raise BadField(", ".join(files), "; ".join(f"{name}: {why}" for name, why in lacking))
    records = [record for _, _, record in found]
    drawn = {name: appraisal for name, appraisal, _ in found}
    then = outputs.write(records, lambda lang, form: bands.draw(drawn, language=lang, form=form))
    if shell.as_json:
        shell.result({"results": records_of(records), "lacking": dict(lacking)})
        return
    for name, appraisal, _ in found:
        show_appraisal(shell, name, appraisal)
    if len(found) > 1:
        rows = [(name, one.low, one.mid, one.high, one.basis) for name, one, _ in found]
        shell.table("Side by side", ["=engine", ">low", ">mid", ">high", "basis"], rows)
    for name, why in lacking:
        shell.say(f"not by {name}: {why}")
    shell.result({}, then=then)


def _appraised(file: PriceFile, name: str, evidence: Evidence) -> tuple[Appraisal, PricingRecord]:
    return recorded(file.plugin("appraisers", name), evidence)


def show_appraisal(shell: Shell, name: str, appraisal: Appraisal) -> None:
    """Print an appraisal line by line."""
    weighed = any(line.weight is not None for line in appraisal.indicators)
    columns = ["indicator", ">value", *([">weight"] if weighed else []), "effect", "source"]
    shell.table(
        f"{name}: {appraisal.low} to {appraisal.high}, middle {appraisal.mid}",
        columns,
        [
            (i.name, i.value, *([i.weight] if weighed else []), i.effect, i.source)
            for i in appraisal.indicators
        ],
    )


def with_appraisal(file: PriceFile, engine: str | None) -> tuple[PriceFile, list[PricingRecord]]:
    """Return the file with its table `evidence` appraised, and the record of that.

    A file that has no such table is returned as it is.
    """
    if "evidence" not in file.content:
        if engine is not None:
            raise BadField("--engine", f"{file.path.name} has no table `evidence` to appraise")
        return file, []
    named = file.named("appraisers")
    if engine is None and len(named) > 1:
        raise BadField("--engine", f"one of {', '.join(named)}")
    evidence = file.part("evidence").subject(Evidence)
    with naming(file.path):
        chosen = engine or (named[0] if named else "cost")
        appraisal, record = _appraised(file, chosen, evidence)
    return file.replaced(evidence=None, appraisal=to_wire(appraisal)), [record]


def estimated(
    file: PriceFile, estimator: str | None, engine: str | None
) -> tuple[Estimate, list[PricingRecord]]:
    """Estimate the history of a file, its table `evidence` appraised; return all records too."""
    asked, records = with_appraisal(file, engine)
    history = asked.subject(MarketHistory)
    name = chosen(asked, "estimators", estimator, "hedonic")
    with naming(asked.path):
        estimate, record = recorded(asked.plugin("estimators", name), history)
    return estimate, [*records, record]


@command(price_group, "quote")
@click.argument("file", metavar="FILE")
@click.option("--strategy", metavar="NAME", help="Else that of FILE, else list-price.")
@click.option("--engine", metavar="NAME", help="The appraiser of the table `evidence`.")
@recording
def quote_command(
    shell: Shell, file: str, strategy: str | None, engine: str | None, out: str | None
) -> None:
    """Quote the price of one licence from FILE, explained to the last minor unit.

    A table `evidence` is appraised first, and its band stands beside the price; a table `market`
    is estimated first, for strategies that read the price off it.
    """
    outputs = Outputs(out)
    asked, records = with_appraisal(PriceFile.read(existing(file)), engine)
    if "market" in asked.content:
        estimate, behind = estimated(asked.part("market"), None, None)
        asked = asked.replaced(market=None, estimate=to_wire(estimate))
        records += behind
    request = asked.subject(QuoteRequest)
    name = chosen(asked, "strategies", strategy, "list-price")
    with naming(asked.path):
        quote, record = recorded(asked.plugin("strategies", name), request)
    records.append(record)
    then = outputs.write(records)
    if shell.as_json:
        shell.result({"results": records_of(records)})
        return
    for each in records:
        if each.kind == "appraisers":
            show_appraisal(shell, each.plugin, from_wire(Appraisal, each.output))
    show_quote(shell, name, quote)
    shell.result({}, then=then)


def show_quote(shell: Shell, name: str, quote: Quote) -> None:
    """Print a quote line by line."""
    rows = [(line.text, line.amount) for line in quote.lines]
    shell.table(f"{quote.amount}, by {name}", ["line", ">amount"], rows)
    if quote.band:
        shell.say(f"appraised for one licence: {quote.band.low} to {quote.band.high}")
    for remark in quote.remarks:
        shell.say(f"remark: {remark}")


def chosen(file: PriceFile, kind: str, option: str | None, default: str = "") -> str:
    """Return the plug-in asked for, else the only one of the file, else the default."""
    named = file.named(kind)
    if option is None and len(named) > 1:
        raise BadField(f"{file.path.name}: plugins", f"choose one of {', '.join(named)}")
    found = option or (named[0] if named else default)
    if not found:
        there = ", ".join(names(kind))
        raise BadField(f"{file.path.name}: plugins", f"name one of pricing.{kind}: {there}")
    return found


@command(price_group, "share")
@click.argument("file", metavar="FILE")
@click.option("--allocator", "allocators", metavar="NAME", multiple=True, help="Else that of FILE.")
@click.option("--executor", default="serial", show_default=True, help="Where long ones run.")
@click.option("--workers", type=int, help="How many; else one for each processor.")
@click.option("--address", help="That of a running cluster, for dask and ray.")
@figured
@recording
def share_command(
    shell: Shell,
    file: str,
    allocators: tuple[str, ...],
    executor: str,
    workers: int | None,
    address: str | None,
    **files: Any,
) -> None:
    """Divide an amount among owners as FILE says, to the last minor unit.

    Several allocators are shown side by side.
    """
    outputs = Outputs(**files)
    asked = PriceFile.read(existing(file))
    case = asked.subject(SharingCase)
    wanted = allocators or asked.named("allocators") or (chosen(asked, "allocators", None),)
    found: dict[str, Allocation] = {}
    records = []
    with naming(asked.path), executing(executor_of(executor, workers, address)):
        for name in wanted:
            found[name], record = recorded(asked.plugin("allocators", name), case)
            records.append(record)
    then = outputs.write(records, lambda lang, form: shares.draw(found, language=lang, form=form))
    if shell.as_json:
        shell.result({"results": records_of(records)})
        return
    for name, allocation in found.items():
        show_allocation(shell, name, allocation)
    shell.result({}, then=then)


def show_allocation(shell: Shell, name: str, allocation: Allocation) -> None:
    """Print who gets what, and how sure a sampled share is."""
    sampled = any(share.standard_error is not None for share in allocation.shares)
    shell.table(
        f"{allocation.amount}, by {name}: {allocation.basis}",
        ["owner", ">part", ">of the whole", *([">standard error"] if sampled else [])],
        [
            (
                share.owner,
                share.part,
                f"{float(share.share):.4%}",
                *([f"± {share.standard_error or 0:.4%}"] if sampled else []),
            )
            for share in allocation.shares
        ],
    )


def executor_of(executor: str, workers: int | None, address: str | None) -> Any:
    """Build the executor that the options name."""
    options = {"workers": workers, "address": address}
    given = {name: held for name, held in options.items() if held is not None}
    file = PriceFile(Path("--executor"), {}, {executor: given})
    return file.plugin("executors", executor)


@command(price_group, "plugins")
def plugins_command(shell: Shell) -> None:
    """Show the pricing plug-ins that are installed, and which distribution each came with."""
    found = list(_installed())
    if shell.as_json:
        columns = ("group", "name", "distribution", "version", "what")
        shell.result({"plugins": [dict(zip(columns, row, strict=True)) for row in found]})
        return
    shell.table("", ["=group", "=name", "=from", "=version", "what it is"], found)


def _installed() -> Iterator[tuple[str, str, str, str, str]]:
    for group in sorted(entry_points().groups):
        kind = group.removeprefix("pricing.")
        if kind == group:
            continue
        usable = discovered(kind)
        for name in sorted({entry.name for entry in entry_points(group=group)}):
            if name in usable:
                source = usable[name]
                said = (inspect.getdoc(source.plugin) or "").split("\n\n")[0]
                what = " ".join(said.split())
                yield kind, name, source.distribution, source.version, what
            else:
                yield kind, name, "", "", "absent: it does not load, or two claim its name"

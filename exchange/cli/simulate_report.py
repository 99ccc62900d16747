"""Commands that tell what happened in runs: report, compare, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exchange.cli.shell import Shell, command
from exchange.cli.simulate import simulate_group
from exchange.errors import BadField

if TYPE_CHECKING:
    from exchange.simulation.report.comparing import Comparison
    from exchange.simulation.report.words import Language

_FORMS = ("csv", "parquet")


def _languages(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en", "both"]),
        default="both",
        show_default=True,
        help="The language; both gives a page that lets its reader choose.",
    )(function)


@command(simulate_group, "report")
@click.argument("folder", metavar="FOLDER")
@_languages
@click.option("--out", metavar="REPORT.html", help="Else report.html in FOLDER.")
def report_command(shell: Shell, folder: str, lang: str, out: str | None) -> None:
    """Tell the run in FOLDER as one HTML file that needs nothing else."""
    from exchange.simulation.report import write_report  # noqa: PLC0415 - numpy, DuckDB
    from exchange.simulation.run_folder import read_run  # noqa: PLC0415 - the same

    path = Path(out) if out else Path(folder) / "report.html"
    written = write_report(read_run(Path(folder)), _asked(lang))
    path.write_bytes(written)
    lines = (f"{path}: {len(written):,} bytes",)
    then = f"open {path} in a browser; guapai simulate compare {folder} ANOTHER"
    shell.result({"report": str(path), "bytes": len(written)}, *lines, then=then)


@command(simulate_group, "compare")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@_languages
@click.option("--out", metavar="COMPARISON.html", help="Also write it as a page.")
def compare_command(shell: Shell, before: str, after: str, lang: str, out: str | None) -> None:
    """Say what changed between the runs in A and B: fields, figures, and whether roots agree.

    Two runs that ought to be the same and have different roots end with exit code 1.
    """
    from exchange.simulation.report.comparing import (  # noqa: PLC0415 - numpy, DuckDB
        Verdict,
        compare,
        write_comparison,
    )
    from exchange.simulation.run_folder import read_run, repeating  # noqa: PLC0415 - the same

    found = compare(read_run(Path(before)), read_run(Path(after)))
    if out:
        Path(out).write_bytes(write_comparison(found, (before, after), _asked(lang)))
    again = [
        repeating(run.trace, Path(folder)) if run.market else None
        for run, folder in ((found.before, before), (found.after, after))
    ]
    if shell.as_json:
        shell.result(found.to_record() | {"again": again})
    else:
        _show(shell, found, again, "zh" if lang == "zh" else "en")
        shell.result({}, then=f"open {out} in a browser" if out else "--out COMPARISON.html")
    if found.verdict is Verdict.BROKEN:
        click.get_current_context().exit(1)


def _show(shell: Shell, found: Comparison, again: Sequence[str | None], language: Language) -> None:
    from exchange.simulation.report.comparing import (  # noqa: PLC0415 - as above
        field_text,
        figure_texts,
        kind_text,
    )
    from exchange.simulation.report.headline import label  # noqa: PLC0415 - the same
    from exchange.simulation.report.words import said  # noqa: PLC0415 - the same

    if found.changes:
        shell.table(
            said("fields", language),
            [said("field", language), "A", "B"],
            [
                (each.field, field_text(each.before, language), field_text(each.after, language))
                for each in found.changes
            ],
        )
    for kind in dict.fromkeys(each.kind for each in found.figures):
        shell.table(
            kind_text(found, kind, language),
            [said("measure", language), ">A", ">B", f">{said('difference', language)}"],
            [
                (label(each.words, language), *figure_texts(each, language))
                for each in found.figures
                if each.kind == kind
            ],
        )
    for letter, run, line in zip("AB", (found.before, found.after), again, strict=True):
        shell.say(f"{letter}  {run.trace.market}, {run.trace.seed}, {run.trace.root}")
        shell.say(f"   {line or said('again.unknown', language)}")
    shell.say(said(f"verdict.{found.verdict}", language))


@command(simulate_group, "export")
@click.argument("folder", metavar="FOLDER")
@click.option("--form", type=click.Choice(_FORMS), default="csv", show_default=True)
@click.option("--out", metavar="FOLDER", required=True, help="A folder of its own.")
def export_command(shell: Shell, folder: str, form: str, out: str) -> None:
    """Write the trace in FOLDER as CSV or Parquet: one file a table, the same contents."""
    from exchange.simulation.run_folder import read_run, write_run  # noqa: PLC0415 - DuckDB
    from exchange.simulation.trace import TABLES  # noqa: PLC0415 - numpy
    from exchange.simulation.trace_files import Form  # noqa: PLC0415 - DuckDB

    if Path(out).resolve() == Path(folder).resolve():
        raise BadField("--out", "another folder than that of the run")
    run = read_run(Path(folder))
    write_run(run, Path(out), Form(form))
    rows = {name: len(next(iter(run.trace[name].values()))) for name in TABLES}
    if not shell.as_json:
        lines = [(f"{name}.{form}", f"{count:,}") for name, count in rows.items()]
        shell.table("", ["table", ">rows"], lines)
    shell.result({"folder": out, "rows": rows}, then=f"guapai simulate report {out}")


def _asked(lang: str) -> tuple[Language, ...]:
    from exchange.simulation.report.words import LANGUAGES  # noqa: PLC0415 - with its readers

    return tuple(each for each in LANGUAGES if lang in {each, "both"})

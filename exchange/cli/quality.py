"""Commands for quality: what was counted, what experts say, what drifted, what they are shown."""

from __future__ import annotations

from collections.abc import Mapping

import click

from exchange.cli import main
from exchange.cli.shell import Shell, acting, command
from exchange.quality import Part, QualityReport
from exchange.records import to_record
from exchange.services.compare_quality import (
    Comparison,
    compare_quality,
    pending_of,
    require_unblinded,
)
from exchange.services.draw_sample import draw_sample


@command(main, "quality")
@click.argument("number")
@click.option("--as", "handle", metavar="HANDLE", help="Whose eyes: an expert scores first.")
def quality_command(shell: Shell, number: str, handle: str | None) -> None:
    """Show what was counted of product NUMBER, the experts beside it, and what has drifted.

    Every sheet that was signed follows, with the scores that it was listed with.  Without --as it
    speaks to the house, which holds the exchange's folder.
    """
    reader = shell.participant(handle) if handle else None
    with shell.floor.read() as work:
        product = work.products.get(number)
        if reader:
            require_unblinded(reader, product, work)
        compared = compare_quality(product, on=shell.floor.clock().date(), work=work)
        pending = pending_of(product, work=work, floor=shell.floor)
        experts = {
            each.expert: work.participants.get(each.expert).handle for each in compared.opinions
        }
    if shell.as_json:
        shell.result({**compared.record, "pending": list(pending)})
        return
    for words in pending:
        shell.say(f"pending   {words}")
    if compared.report:
        _show_report(shell, compared.report)
        _show_opinions(shell, compared, experts)
    _show_versions(shell, compared)
    _show_deliveries(shell, compared)


def _show_opinions(shell: Shell, compared: Comparison, experts: Mapping[str, str]) -> None:
    shell.table(
        "System and experts",
        ["expert", "of", ">expert's", ">system's", ">difference"],
        [
            (
                experts[each.expert],
                each.dimension or "the whole",
                each.score,
                "not measured" if each.system is None else each.system,
                "" if each.difference is None else f"{each.difference:+}",
            )
            for each in compared.opinions
        ],
    )


def _show_versions(shell: Shell, compared: Comparison) -> None:
    shell.table(
        "Sheets, with the scores that they were listed with",
        [">version", "=listed", "=data", ">experts'", ">system's", ">today"],
        [
            (
                each.number,
                each.listed.time if each.listed else "not listed",
                f"{each.signed.facts['data'][:16]}…",
                ", ".join(map(str, each.experts)),
                "" if each.score is None else each.score,
                each.today,
            )
            for each in compared.versions
        ],
    )


def _show_report(shell: Shell, report: QualityReport) -> None:
    rows = [
        (
            dimension.name if not i else "",
            f"{part.ratio:f}" if part.denominator else "–",
            "" if part.at_least is None else f"{part.at_least:f}",
            _counted(part),
        )
        for dimension in report.measured
        for i, part in enumerate(dimension.parts)
    ]
    columns = ["dimension", ">ratio", ">at least", "what was counted"]
    shell.table(f"Quality measured: {report.score}", columns, rows)
    if report.ocean_tests:
        shell.table(
            "Flags of QARTOD",
            ["test", ">pass", ">not evaluated", ">suspect", ">fail", ">missing"],
            [
                (
                    part.how,
                    *(
                        f"{count:,}"
                        for count in (
                            part.flags.passed,
                            part.flags.not_evaluated,
                            part.flags.suspect,
                            part.flags.failed,
                            part.flags.missing,
                        )
                    ),
                )
                for part in report.ocean_tests
                if part.flags
            ],
        )


def _counted(part: Part) -> str:
    if part.fault:
        return f"{part.how}: {part.fault}"
    if not part.denominator:
        return f"{part.how}: nothing to count"
    weak = f" ({part.weak})" if part.weak else ""
    return f"{part.numerator:,} of {part.denominator:,}: {part.how}{weak}"


def _show_deliveries(shell: Shell, compared: Comparison) -> None:
    shell.table(
        "Deliveries",
        ["=inspected", "=data", ">rows", ">score", "drift"],
        [
            (
                each.entry.time,
                f"{each.profile.data[:16]}…",
                f"{each.profile.rows:,}",
                each.score,
                each.drift.verdict if each.drift else "",
            )
            for each in compared.deliveries
        ],
    )
    shifts = [
        (column or "(table)", shift.what, shift.before, shift.after, shift.verdict)
        for delivery in compared.deliveries[-1:]
        if delivery.drift
        for column, shift in delivery.drift.shifts
    ]
    if shifts:
        columns = ["column", "what", "before", "after", "=verdict"]
        shell.table("What has drifted since the delivery before", columns, shifts)


@command(main, "sample")
@click.argument("number")
@acting
def sample_command(shell: Shell, number: str, handle: str) -> None:
    """Show rows of product NUMBER that the chain draws, sensitive columns masked, to an expert."""
    reader = shell.participant(handle)
    shell.venue.keys_of(reader.handle, shell.passphrase_of(reader))
    drawn = draw_sample(number, reader=reader, floor=shell.floor)
    if shell.as_json:
        shell.result(to_record(drawn))
        return
    sample = drawn.sample
    shell.table(
        f"{len(sample.rows)} rows of {number}, drawn from the notice {drawn.notice[:16]}…",
        [">row", *sample.columns],
        [(place + 1, *row) for place, row in zip(sample.places, sample.rows, strict=True)],
    )
    if sample.masked:
        shell.say(f"masked    {', '.join(sample.masked)}")

"""Commands for products: inspect, register, assess, list, show."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from exchange.board import LINES_MAX, Search, Sort
from exchange.cli import main
from exchange.cli.shell import Shell, acting, command, existing
from exchange.cli.waiting import watched
from exchange.clock import system_clock
from exchange.compliance import Review
from exchange.errors import BadField, Conflict, ExchangeError
from exchange.formats.sheet_file import load_sheet, template
from exchange.grading import Grade
from exchange.plans import plan_remarks
from exchange.profile import Profile
from exchange.records import read_record, to_record
from exchange.registration import Product
from exchange.services.assess_product import dimension_scores
from exchange.services.search_board import search_board
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import Frequency, PriceMode, ProductType, SpecSheet
from exchange.venue import Venue

ATTRIBUTES_SHOWN: Final = 12
VALUE_SHOWN: Final = 100  # characters


def review_record(review: Review) -> dict[str, Any]:
    """Return a review with its verdict, as a JSON object."""
    return {"passed": review.passed, **to_record(review)}


def show_findings(shell: Shell, review: Review) -> None:
    """Print what a review found."""
    shell.table(
        f"Findings of {len(review.rules_applied)} rules, pack {review.pack_digest[:12]}…",
        ["=rule", "=severity", "=outcome", "finding", "basis", "what unlocks it"],
        [(f.rule, f.severity, f.outcome, f.message, f.basis, f.unlock) for f in review.findings],
    )


def _short(figure: str | None) -> str:
    """Shorten a measured figure for a table: six digits of a number, the day of an instant."""
    if figure is None:
        return ""
    try:
        return f"{float(figure):.6g}"
    except ValueError:
        return figure[:10]


def show_profile(shell: Shell, profile: Profile) -> None:
    """Print what an inspection measured."""
    shell.say(
        f"{profile.name}: {profile.media_type}, {profile.bytes:,} bytes, {profile.rows:,} rows, "
        f"{profile.duplicate_rows:,} duplicate; SHA-256 {profile.data[:16]}…"
    )
    if profile.time:
        shell.say(
            f"time      {profile.time.start} to {profile.time.end}, step "
            f"{profile.time.step_seconds} s, {profile.time.gaps} gaps"
        )
    if profile.space:
        box = profile.space
        shell.say(f"space     {box.south} to {box.north} °N, {box.west} to {box.east} °E")
    shell.table(
        "Columns",
        ["column", "=type", "unit", ">missing", ">distinct", ">minimum", ">mean", ">maximum"],
        [
            (
                column.name,
                column.type,
                column.unit or "",
                column.missing,
                column.distinct,
                _short(column.minimum),
                _short(column.mean),
                _short(column.maximum),
            )
            for column in profile.columns
        ],
    )
    if profile.sensitive:
        shell.table(
            "Sensitive content (counts, never values)",
            ["column", "kind", ">cells", ">of", "certain", "evidence"],
            [
                (s.column, s.kind, s.matched, s.tested, "yes" if s.certain else "no", s.evidence)
                for s in profile.sensitive
            ],
        )
    if profile.attributes:
        some = profile.attributes[:ATTRIBUTES_SHOWN]
        shell.table(
            f"Attributes of the file ({len(some)} of {len(profile.attributes)}; all with --json)",
            ["attribute", "value"],
            [
                (key, value if len(value) <= VALUE_SHOWN else f"{value[:VALUE_SHOWN].rstrip()}…")
                for key, value in some
            ],
        )
    for remark in profile.remarks:
        shell.say(f"remark    {remark}")


no_fill_value = click.option(
    "--no-fill-value",
    multiple=True,
    metavar="COLUMN",
    help="A column in which no value stands for a missing one.",
)


@command(main, "inspect")
@click.argument("file")
@click.option("--sheet-template", metavar="OUT", help="Write a spec sheet to begin with.")
@no_fill_value
def inspect_command(
    shell: Shell, file: str, sheet_template: str | None, no_fill_value: tuple[str, ...]
) -> None:
    """Measure FILE: CSV, JSON lines, .xlsx, Parquet, NetCDF, GeoTIFF, CODAR .ruv, Sea-Bird .cnv.

    CSV, JSON lines, .ruv and .cnv may be compressed with gzip (.gz).  GeoTIFF needs the extra
    `geotiff`.
    """
    path = existing(file)
    if sheet_template and Path(sheet_template).exists():
        raise Conflict(f"{sheet_template} exists: choose another name")
    with watched(path.name):
        profile = Venue.inspect_file(path, no_fill_value)
    if sheet_template:
        expected = Venue.suggest_for(path, profile)
        text = template(profile, on=system_clock().date(), region=_home(shell), expected=expected)
        Path(sheet_template).write_text(text, encoding="utf-8")
    if shell.as_json:
        shell.result(to_record(profile))
    else:
        show_profile(shell, profile)
    if sheet_template:
        click.echo(f"next: fill in {sheet_template}, then guapai register {file} …", err=True)


def _home(shell: Shell) -> str:
    """Return where the law of the exchange is at home; China where there is none yet."""
    try:
        return shell.floor.pack.jurisdiction
    except ExchangeError:
        return "CN"


def identify(shell: Shell) -> Any:
    """Return what turns a participant's handle into its id."""

    def known(handle: str) -> str:
        with shell.floor.read() as work:
            found = work.participants.find(handle)
        if found is None:
            raise BadField("sharing.contributors.participant", f"{handle} is not a participant")
        return found.id

    return known


def product_record(product: Product) -> dict[str, Any]:
    """Return a product as a JSON object."""
    return to_record(product)


@command(main, "register")
@click.argument("file")
@click.option("--sheet", "sheet_file", help="The spec sheet (TOML), to be signed as well.")
@click.option("--parent", "parents", multiple=True, help="A product it is derived from.")
@no_fill_value
@acting
def register_command(
    shell: Shell, file: str, sheet_file: str | None, handle: str, **given: tuple[str, ...]
) -> None:
    """Register FILE: claim its rights, have it inspected, open the public notice."""
    path = existing(file)
    sheet: SpecSheet | None = None
    evidence: list[bytes] = []
    if sheet_file:
        sheet, evidence = load_sheet(Path(sheet_file), identify=identify(shell))
    desk = shell.desk(handle)
    with watched(path.name):
        product = desk.register(path, sheet, evidence, **given)
    if sheet:
        try:
            product = desk.submit_sheet(product.number, sheet, evidence)
        except ExchangeError as error:
            click.echo(f"{product.number} is registered, its sheet is not signed", err=True)
            raise error from None
    then = f"guapai attest {product.number} …" if sheet else f"guapai sheet {product.number} FILE"
    shell.result(
        product_record(product),
        f"{product.number} registered over {path.name}, on public notice until "
        f"{product.notice_until}",
        then=then,
    )


@command(main, "sheet")
@click.argument("number")
@click.argument("sheet_file")
@acting
def sheet_command(shell: Shell, number: str, sheet_file: str, handle: str) -> None:
    """Sign a spec sheet (TOML) for product NUMBER: a version pending until it is reviewed."""
    sheet, evidence = load_sheet(Path(sheet_file), identify=identify(shell))
    product = shell.desk(handle).submit_sheet(number, sheet, evidence)
    for remark in plan_remarks(sheet.price):
        click.echo(f"remark on price.plan: {remark}", err=True)
    shell.result(
        product_record(product),
        f"{number} has the spec sheet {sheet.digest[:16]}…: {sheet.basic.name}",
        then=f"guapai explain {number}",
    )


@command(main, "attest")
@click.argument("number")
@click.option("--rules", required=True, help="The rules attested, comma-separated.")
@click.option("--report", "report_file", required=True, help="The assessor's report, any file.")
@click.option(
    "--days",
    default=365,
    show_default=True,
    type=click.IntRange(0, 366),
    help="How long the attestation runs; no longer than a year (rule T-05).",
)
@click.option("--refuse", is_flag=True, help="Attest that the rules are broken.")
@acting
def attest_command(
    shell: Shell, number: str, rules: str, report_file: str, days: int, refuse: bool, handle: str
) -> None:
    """Attest compliance rules over product NUMBER, as an independent assessor."""
    until = shell.floor.clock().date() + dt.timedelta(days=days)
    product = shell.desk(handle).attest(
        number,
        [rule.strip() for rule in rules.split(",") if rule.strip()],
        report=existing(report_file).read_bytes(),
        until=until,
        passed=not refuse,
    )
    verb = "refused" if refuse else "attested"
    shell.result(
        product_record(product),
        f"{handle} {verb} {rules} for {number} until {until} ({shell.entry(product.head)})",
        then=f"guapai explain {number}, which says what is still missing",
    )


@command(main, "review")
@click.argument("number")
@click.option("--score", required=True, help="A decimal from 0 to 1.")
@click.option("--comments", "comments_file", required=True, help="The expert's comments, a file.")
@click.option(
    "--dimension",
    "told",
    multiple=True,
    metavar="NAME=SCORE",
    help="One of the six dimensions, scored by itself.",
)
@acting
def review_command(
    shell: Shell, number: str, score: str, comments_file: str, told: tuple[str, ...], handle: str
) -> None:
    """Score the quality of product NUMBER's data, as an independent expert."""
    comments = existing(comments_file).read_bytes()
    dimensions = dimension_scores([each.replace("=", " ", 1) for each in told])
    scores = {aspect: str(given) for aspect, given in dimensions.items()}
    product = shell.desk(handle).review(number, score, comments, dimensions=scores)
    shell.result(
        product_record(product),
        f"{handle} scored {number} {score} ({shell.entry(product.head)})",
        then=f"guapai explain {number}, which says what is still missing",
    )


@command(main, "object")
@click.argument("number")
@click.option("--grounds", required=True, help="Why the claim is wrong; its supplier may read it.")
@acting
def object_command(shell: Shell, number: str, grounds: str, handle: str) -> None:
    """Object to the claim of product NUMBER while its public notice runs."""
    product = shell.desk(handle).object(number, grounds)
    shell.result(product_record(product), f"{number} is {product.registration}")


@command(main, "withdraw-objection")
@click.argument("number")
@click.option("--reason", required=True, help="Why it is withdrawn; stands on the chain.")
@acting
def withdraw_objection_command(shell: Shell, number: str, reason: str, handle: str) -> None:
    """Withdraw your open objection to the claim of product NUMBER, before it is decided."""
    product = shell.desk(handle).withdraw_objection(number, reason)
    shell.result(product_record(product), f"{number} is {product.registration}")


@command(main, "decide")
@click.argument("number")
@click.option("--outcome", required=True, type=click.Choice(["dismissed", "upheld"]))
@click.option("--grounds", required=True)
@click.option("--objection", metavar="LEAF", help="Which one; otherwise the one open longest.")
@acting
def decide_command(
    shell: Shell, number: str, outcome: str, grounds: str, objection: str | None, handle: str
) -> None:
    """Decide on an objection to product NUMBER, as the operator."""
    product = shell.desk(handle).close_objection(number, outcome, grounds, objection)
    shell.result(product_record(product), f"{number} is {product.registration}")


@command(main, "list")
@click.argument("number")
@acting
def list_command(shell: Shell, number: str, handle: str) -> None:
    """Put product NUMBER on the board, if compliance allows it."""
    product, review = shell.desk(handle).list(number)
    shell.result(
        {"product": product_record(product), "review": review_record(review)},
        f"{product.number} is {product.listing}: {len(review.rules_applied)} rules passed, "
        f"attested until {product.valid_until}",
        then=f"guapai scenario file {number} --purpose … --as BUYER",
    )


@command(main, "suspend")
@click.argument("number")
@click.option("--reason", required=True)
@acting
def suspend_command(shell: Shell, number: str, reason: str, handle: str) -> None:
    """Take product NUMBER off the board until a new verdict, as the operator."""
    product = shell.desk(handle).suspend_listing(number, reason)
    shell.result(product_record(product), f"{number} is {product.listing}: {reason}")


@command(main, "delist")
@click.argument("number")
@click.option("--reason", required=True)
@acting
def delist_command(shell: Shell, number: str, reason: str, handle: str) -> None:
    """End the listing of product NUMBER for good."""
    product = shell.desk(handle).delist(number, reason)
    shell.result(product_record(product), f"{number} is {product.listing}: {reason}")


def _choice(kind: type[enum.StrEnum]) -> click.Choice[str]:
    return click.Choice([str(each) for each in kind])


@command(main, "board")
@click.argument("words", nargs=-1)
@click.option("--sector", default="", help="Of this sector.")
@click.option("--type", type=_choice(ProductType), help="Of this type.")
@click.option("--grade", type=_choice(Grade), help="Of this grade.")
@click.option("--price", type=_choice(PriceMode), help="Sold in this way.")
@click.option("--frequency", type=_choice(Frequency), help="Renewed so often.")
@click.option("--format", default="", help="Of this format, as the inspection reads it.")
@click.option("--quality", help="Of at least this score, such as 0.9.")
@click.option("--covers-from", help="Data of this day or later, such as 2026-01-01.")
@click.option("--covers-to", help="Data of this day or earlier.")
@click.option("--box", default="", help="Data within west,south,east,north, in degrees.")
@click.option("--sort", type=_choice(Sort), default=str(Sort.NEWEST), show_default=True)
@click.option("--page", type=int, default=1, show_default=True)
@click.option("--size", type=int, default=LINES_MAX, show_default=True, help="Lines of a page.")
@click.option("--all", "everything", is_flag=True, help="Also what is not on the board.")
def board_command(
    shell: Shell, words: Sequence[str], *, everything: bool, **asked: str | int | None
) -> None:
    """Show the board: what is listed, from whom, at what price.

    With WORDS, what has each of them in its name, description or keywords, its sector or industry,
    its supplier's name or its number; a part of a word is enough.
    """
    told = {name: value for name, value in asked.items() if value is not None}
    search = read_record(Search, told | {"words": " ".join(words)})
    today = shell.floor.clock().date()
    with shell.floor.read() as work:
        if everything:
            if search != Search(size=LINES_MAX):
                raise BadField("--all", "shows everything, and nothing can be looked for in it")
            products, found = [each.as_of(today) for each in work.products.all()], None
        else:
            found = search_board(search, work=work, floor=shell.floor)
            products = [work.products.get(line.number) for line in found.lines]
        suppliers = {each: work.participants.get(each) for each in {p.supplier for p in products}}
        sheets = {each.number: sheet_of(each, work) for each in products if each.sheet}
    if shell.as_json:
        pages = {"whole": found.whole, "page": found.page, "pages": found.pages} if found else {}
        shell.result({"board": [product_record(each) for each in products]} | pages)
        return
    rows = [
        (
            product.number,
            product.name,
            suppliers[product.supplier].handle,
            _price_text(sheets.get(product.number)),
            product.listing,
            product.valid_until or "",
        )
        for product in products
    ]
    columns = ["number", "product", "supplier", ">price", "state", "until"]
    shell.table(f"Board of {shell.floor.house.name}", columns, rows)
    if found and found.pages > 1:
        shell.say(f"page {found.page} of {found.pages}, {found.whole} products")


def _price_text(sheet: SpecSheet | None) -> str:
    if sheet is None:
        return ""
    return str(sheet.price.amount) if sheet.price.amount else str(sheet.price.mode)

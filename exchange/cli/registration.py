"""Commands for the register (统一登记): what a product is like, and what becomes of its claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from exchange.cli import main
from exchange.cli.erasure import leaf_of
from exchange.cli.products import no_fill_value, product_record
from exchange.cli.shell import Shell, acting, command, existing, instant
from exchange.errors import BadField
from exchange.registration import ENDED, Product
from exchange.services.erase_record import entry_of
from exchange.services.find_similar import Match, find_similar, in_others_ppm, similar_now
from exchange.services.record_activity import Done, activities_of
from exchange.services.register_product import profile_of
from exchange.services.registration_history import history_of
from exchange.specsheet import SourceCode
from ledger.activities import ACTIVITIES
from ledger.acts import format_time
from ledger.registry import OUTCOMES
from pricing.errors import PricingError
from pricing.money import Money


def _percent(ppm: int) -> str:
    return f"{ppm / 10_000:.1f} %"


def _columns(match: Match) -> str:
    like = match.likeness
    told = {name: f" ({map_.words})" for name, map_ in like.converted}
    told |= {name: f" (within {each.within:.2g})" for name, each in like.near}
    alike = ", ".join(
        (ours if ours == theirs else f"{ours} is {theirs}") + told.get(ours, "")
        for ours, theirs in like.columns
    )
    # Where whole rows are the same, nothing in them was changed.
    if like.by_rows or not like.others:
        return alike
    every = len(like.columns) + len(like.others)
    return f"{len(like.columns)} of {every}: {alike}; and not {', '.join(like.others)}"


@command(main, "similar")
@click.argument("what", metavar="NUMBER|FILE")
def similar_command(shell: Shell, what: str) -> None:
    """Search the register for data that product NUMBER, or FILE, is like."""
    path = Path(what)
    if path.is_file():
        profile, fingerprint = shell.floor.examine(path, path.name, ())
        with shell.floor.read() as work:
            found, supplier = find_similar(fingerprint, profile, work=work), ""
    else:
        with shell.floor.read() as work:
            found, supplier = similar_now(what, work), work.products.get(what).supplier
    in_others = in_others_ppm(found, supplier)
    record: dict[str, Any] = {
        "similar": [match.to_record() for match in found],
        "in_others_ppm": in_others,
    }
    if shell.as_json or not found:
        shell.result(record, f"nothing registered is like {what}")
        return
    shell.table(
        f"Registered and like {what}",
        ["=product", ">of this", ">of that", ">compared", "=how", "columns that correspond"],
        [
            (
                match.product.number,
                _percent(match.likeness.this_ppm),
                _percent(match.likeness.other_ppm),
                match.likeness.compared,
                match.how,
                _columns(match),
            )
            for match in found
        ],
    )
    # What stands in one alone is in the table.
    if sum(1 for match in found if match.product.supplier != supplier) > 1:
        shell.say(f"Up to {_percent(in_others)} of it stands in registrations of others, all told.")


def _told(shell: Shell, product: Product, *lines: str, then: str = "") -> None:
    shell.result(
        product_record(product), f"{product.number} is {product.registration}", *lines, then=then
    )


@main.group("registration")
def registration_group() -> None:
    """Registrations (统一登记): changed, passed on, renewed, cancelled, and what stands."""


@command(registration_group, "show")
@click.argument("number")
def registration_show(shell: Shell, number: str) -> None:
    """Show what stands registered of product NUMBER, and every act of registration."""
    with shell.floor.read() as work:
        product = work.products.get(number)
        history = history_of(number, work)
        without_fill = profile_of(product, work).no_fill_value
        names = {each.id: each.handle for each in work.participants.all()}
    record = {
        "product": product_record(product),
        "history": [each.to_record() for each in history],
    }
    if shell.as_json:
        shell.result(record)
        return
    until = f", until {product.registered_until or 'it is confirmed'}"
    shell.say(
        f"{number} is {product.registration}, of {names[product.supplier]}"
        f"{'' if product.registration in ENDED else until}"
    )
    if without_fill:
        columns = ", ".join(without_fill)
        shell.say(f"By its supplier's word no value stands for a missing one in {columns}.")
    shell.table(
        "Acts of registration",
        ["=type", "what", "by", "=time", "=entry"],
        [
            (
                each.type,
                each.entry.kind,
                names.get(each.entry.actor, ""),
                each.entry.time,
                each.entry.named,
            )
            for each in history
        ],
    )


@command(registration_group, "change")
@click.argument("number")
@click.argument("file", required=False)
@click.option("--reason", required=True, help="Why; it is public.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    type=click.Choice([str(code) for code in SourceCode]),
    help="Where it comes from; else as before.",
)
@click.option("--evidence", "papers", multiple=True, help="A document; it is kept private.")
@click.option("--parent", "parents", multiple=True, help="A product that it is derived from.")
@no_fill_value
@click.option("--assume-fill-values", is_flag=True, help="In every column, as by itself.")
@acting
def registration_change(
    shell: Shell, number: str, file: str | None, handle: str, **given: Any
) -> None:
    """Register FILE as the data of product NUMBER, or without FILE other particulars.

    Columns named with --no-fill-value before stay so, unless others are named now.
    """
    if given["no_fill_value"] and given["assume_fill_values"]:
        raise BadField("--assume-fill-values", "is about every column, and some are named")
    meant = given["no_fill_value"] or (() if given["assume_fill_values"] else None)
    product = shell.desk(handle).change(
        number,
        existing(file) if file else None,
        given["reason"],
        [existing(paper).read_bytes() for paper in given["papers"]],
        sources=given["sources"],
        parents=given["parents"],
        no_fill_value=meant,
    )
    _told(
        shell,
        product,
        f"the change is on public notice until {product.notice_until}",
        then=f"guapai sheet {number} FILE",
    )


@command(registration_group, "offer")
@click.argument("number")
@click.option("--to", "taker", metavar="HANDLE", required=True, help="The supplier that gets it.")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 366))
@click.option("--agreement", metavar="FILE", help="The agreement behind it; kept confidential.")
@acting
def registration_offer(
    shell: Shell, number: str, taker: str, days: int, agreement: str | None, handle: str
) -> None:
    """Offer the registration of product NUMBER to another supplier."""
    document = existing(agreement).read_bytes() if agreement else b""
    product = shell.desk(handle).offer(number, shell.participant(taker), days, document)
    _told(
        shell,
        product,
        f"offered to {taker} for {days} days",
        then=f"guapai registration take {number} --as {taker}",
    )


@command(registration_group, "take")
@click.argument("number")
@acting
def registration_take(shell: Shell, number: str, handle: str) -> None:
    """Take over the registration of product NUMBER that is offered to you."""
    product = shell.desk(handle).take_over(number)
    _told(shell, product, f"it is {handle}'s", then=f"guapai sheet {number} FILE --as {handle}")


@command(registration_group, "renew")
@click.argument("number")
@click.option("--days", type=click.IntRange(1), help="From now; else as long as the house gives.")
@acting
def registration_renew(shell: Shell, number: str, days: int | None, handle: str) -> None:
    """Renew the registration of product NUMBER, before or after it has ended."""
    product = shell.desk(handle).renew(number, days)
    _told(shell, product, f"it runs until {product.registered_until}")


@command(registration_group, "cancel")
@click.argument("number")
@click.option("--reason", required=True, help="Why; it is public.")
@acting
def registration_cancel(shell: Shell, number: str, reason: str, handle: str) -> None:
    """Cancel the registration of product NUMBER, as its supplier or the operator.

    Its supplier takes back a claim on notice with it, unless somebody has objected.
    """
    product = shell.desk(handle).cancel_registration(number, reason)
    then = f"its listing is {product.listing}, and the rights in it have ended"
    if product.registered_until is None:
        then = "the claim is taken back, and the same bytes may be registered again"
    _told(shell, product, then)


@main.group("dispute")
def dispute_group() -> None:
    """Disputes (争议) over confirmed registrations; each freezes the product until it is closed."""


@command(dispute_group, "open")
@click.argument("number")
@click.option("--grounds", required=True, help="Why the registration is wrong; kept private.")
@acting
def dispute_open(shell: Shell, number: str, grounds: str, handle: str) -> None:
    """Dispute the registration of product NUMBER."""
    _told(shell, shell.desk(handle).dispute(number, grounds))


@command(dispute_group, "withdraw")
@click.argument("number")
@click.option("--reason", required=True)
@click.option("--dispute", metavar="LEAF", help="Which one; otherwise your newest.")
@acting
def dispute_withdraw(
    shell: Shell, number: str, reason: str, dispute: str | None, handle: str
) -> None:
    """Withdraw a dispute of your own over product NUMBER."""
    _told(shell, shell.desk(handle).withdraw_dispute(number, reason, dispute))


@command(dispute_group, "decide")
@click.argument("number")
@click.option("--outcome", required=True, type=click.Choice(list(OUTCOMES)))
@click.option("--grounds", required=True)
@click.option("--dispute", metavar="LEAF", help="Which one; otherwise the one open longest.")
@click.option("--to", "taker", metavar="HANDLE", help="Whom the registration passes to.")
@click.option("--order", metavar="FILE", help="The document, of a court or an arbiter, by which.")
@acting
def dispute_decide(
    shell: Shell, number: str, handle: str, taker: str | None, order: str | None, **options: Any
) -> None:
    """Decide a dispute over product NUMBER, as the operator."""
    product = shell.desk(handle).decide_dispute(
        number,
        to=shell.participant(taker) if taker else None,
        order=existing(order).read_bytes() if order else b"",
        **options,
    )
    _told(shell, product)


@main.group("activity")
def activity_group() -> None:
    """Life-cycle lineage: what was done with data, by whom, when and at what cost."""


@command(activity_group, "record")
@click.argument("number")
@click.option("--activity", required=True, type=click.Choice(list(ACTIVITIES)))
@click.option("--from", "start", metavar="TIME", required=True, help="A date or time.")
@click.option("--until", metavar="TIME", required=True, help="A date, which counts whole, or time.")
@click.option("--cost", required=True, help='Such as "1200.50 CNY"; kept private.')
@click.option("--description", required=True, help="How, with which tools; kept private.")
@click.option("--input", "inputs", multiple=True, help="A product that went in.")
@click.option("--used", multiple=True, metavar="DIGEST", help="The SHA-256 of a file that went in.")
@click.option("--made", multiple=True, metavar="DIGEST", help="The SHA-256 of what came out.")
@acting
def activity_record(shell: Shell, number: str, handle: str, **given: Any) -> None:
    """Record an activity on the data of product NUMBER, as who may process it."""
    try:
        cost = Money.parse(given["cost"])
    except PricingError as error:
        raise BadField("--cost", str(error)) from error
    done = Done(
        activity=given["activity"],
        start=instant(given["start"], "--from"),
        until=_ended(shell, given["until"]),
        cost=cost,
        description=given["description"],
        inputs=given["inputs"],
        used=given["used"],
        made=given["made"],
    )
    product = shell.desk(handle).record_activity(number, done)
    shell.result(product_record(product), f"recorded at {shell.entry(product.head)}")


@command(activity_group, "withdraw")
@click.argument("entry")
@click.option("--reason", required=True, help="Why; it is public.")
@acting
def activity_withdraw(shell: Shell, entry: str, reason: str, handle: str) -> None:
    """Take back the activity ENTRY (index or leaf hash), as who recorded it; it counts no more."""
    with shell.floor.read() as work:
        activity = entry_of(leaf_of(shell, entry), work)
    number = activity.subject.partition("/")[2]
    product = shell.desk(handle).withdraw_activity(number, activity.leaf.hex(), reason)
    shell.result(
        product_record(product),
        f"the activity of {activity.named} on {number} is withdrawn ({shell.entry(product.head)})",
        then=f"guapai activity list {number}",
    )


def _ended(shell: Shell, text: str) -> str:
    """Return the end that was given: of a date its last instant, and of today's the present one."""
    until, now = instant(text, "--until", end=True), format_time(shell.floor.clock())
    return now if text == now[:10] else until


@command(activity_group, "list")
@click.argument("number")
@click.option("--as", "handle", metavar="HANDLE", help="The participant whose costs are shown.")
def activity_list(shell: Shell, number: str, handle: str | None) -> None:
    """List the activities on product NUMBER, what went in and what came out.

    Costs and descriptions are shown to who recorded them and to the supplier.
    """
    reader = shell.desk(handle).participant.id if handle else ""
    with shell.floor.read() as work:
        found = activities_of(number, work, reader=reader)
        names = {each.id: each.handle for each in work.participants.all()}
    if shell.as_json:
        shell.result({"activities": [each.to_record() for each in found]})
        return
    shell.table(
        f"Activities on {number}",
        ["=activity", "by", "=from", "=until", ">cost", "=entry", "withdrawn"],
        [
            (
                each.entry.facts["activity"],
                names.get(each.entry.actor, ""),
                each.entry.facts["from"],
                each.entry.facts["until"],
                each.cost or "",
                each.entry.named,
                each.withdrawn.facts["reason"] if each.withdrawn else "",
            )
            for each in found
        ],
    )
    passed = [
        (each.entry.named, way, which)
        for each in found
        for way, told in (
            ("how", [each.description] if each.description else []),
            ("product in", each.entry.facts["inputs"]),
            ("file in", each.entry.facts["used"]),
            ("file out", each.entry.facts["made"]),
        )
        for which in told
    ]
    if passed:
        shell.table("How, and what went in and came out", ["=entry", "=", ""], passed)

"""Commands for auctions (竞价): sealed bids for licences, opened, cleared, verified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from exchange.auctions import Auction, Lots
from exchange.bids import Bid
from exchange.cli import main
from exchange.cli.bargains import money_of
from exchange.cli.shell import Shell, acting, command, existing
from exchange.errors import BadField, Conflict, Unreadable
from exchange.openings import Opening, read_opening
from exchange.records import to_record
from exchange.services.clear_auction import clear_auction, close_bids, verify_auction, verify_bundle
from ledger.acts import format_time


@main.group("auction")
def auction_group() -> None:
    """Auctions: sealed bids for licences of a product."""


def auction_record(auction: Auction) -> dict[str, Any]:
    """Return an auction as a JSON object."""
    return to_record(auction) | {"deposit": auction.deposit.to_record()}


def bid_record(bid: Bid) -> dict[str, Any]:
    """Return a bid as a JSON object."""
    amount = bid.amount.to_record() if bid.amount else None
    return to_record(bid) | {"deposit": bid.deposit.to_record(), "amount": amount}


def _keep(path: str, held: dict[str, Any]) -> None:
    """Write what opens a commitment, readable to its owner alone."""
    target = Path(path)
    if target.exists():
        raise Conflict(f"{path} exists: choose another name")
    target.touch(mode=0o600)
    target.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def _kept(path: str) -> tuple[dict[str, Any], Opening]:
    try:
        held: dict[str, Any] = json.loads(existing(path).read_text(encoding="utf-8"))
        return held, read_opening(held["opening"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"{path}: not a file that opens a bid, a reserve or a seed") from error


def _parameters(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadField("--parameters", f"JSON is wanted: {error}") from error
    if not isinstance(found, dict):
        raise BadField("--parameters", "a JSON object")
    return found


@command(auction_group, "open")
@click.argument("number")
@click.option("--mechanism", required=True, help="Such as second-price; see docs/mechanisms.md.")
@click.option("--parameters", default="{}", metavar="JSON", help="Of the mechanism.")
@click.option("--supply", default=1, show_default=True, help="How many licences.")
@click.option("--exclusive", is_flag=True, help="One licence, whose use nobody else has.")
@click.option("--deposit", required=True, help='Of every bid, such as "100.00 CNY".')
@click.option("--bids-until", required=True, metavar="TIME")
@click.option("--open-until", required=True, metavar="TIME")
@click.option("--hidden-reserve", help="An amount that is committed to, and opened with the bids.")
@click.option("--seed", type=int, help="For a mechanism that draws lots; committed to as well.")
@click.option("--keep", metavar="FOLDER", help="Where what opens reserve and seed is kept.")
@acting
def auction_open(shell: Shell, number: str, handle: str, **options: Any) -> None:
    """Put licences of product NUMBER up for sealed bids."""
    reserve, seed, keep = options.pop("hidden_reserve"), options.pop("seed"), options.pop("keep")
    if (reserve is not None or seed is not None) and keep is None:
        raise BadField("--keep", "a folder for what opens the reserve or the seed")
    options["parameters"] = _parameters(options["parameters"])
    options["deposit"] = money_of(options["deposit"], "--deposit")
    hidden = money_of(reserve, "--hidden-reserve") if reserve is not None else None
    lots = Lots(product=number, **options)
    auction, openings = shell.desk(handle).open_auction(lots, reserve=hidden, seed=seed)
    for opening in openings:
        held = {"auction": auction.id, "opening": opening.to_record()}
        _keep(str(Path(keep) / f"{auction.id}.{opening.field}"), held)
    shell.result(
        auction_record(auction),
        f"{auction.id} is {auction.state}: bids until {auction.bids_until}, opened until"
        f" {auction.open_until}, deposit {auction.deposit}",
        then=f'guapai auction bid {auction.id} SCENARIO --amount "…" --out FILE --as BUYER',
    )


@command(auction_group, "bid")
@click.argument("auction")
@click.argument("scenario")
@click.option("--amount", required=True, help='Such as "900.00 CNY"; nobody sees it yet.')
@click.option("--out", required=True, metavar="FILE", help="What opens the bid: do not lose it.")
@acting
def auction_bid(shell: Shell, auction: str, scenario: str, handle: str, **options: str) -> None:
    """Place a sealed bid for a scenario; its deposit is set aside."""
    desk = shell.desk(handle)
    opening = desk.seal_bid(auction, money_of(options["amount"], "--amount"))
    # The file is there before the bid is: a bid that nobody can open costs its deposit.
    _keep(options["out"], {"auction": auction, "opening": opening.to_record()})
    bid = desk.place_bid(auction, scenario, opening)
    held = {"auction": auction, "bid": bid.leaf, "opening": opening.to_record()}
    Path(options["out"]).write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")
    shell.result(
        bid_record(bid),
        f"bid {bid.leaf[:16]}… is {bid.state}, {bid.deposit} set aside; {options['out']} opens it",
        then=f"guapai auction open-bid {options['out']} --as {handle}, once the bids are closed",
    )


@command(auction_group, "open-bid")
@click.argument("file")
@acting
def auction_open_bid(shell: Shell, file: str, handle: str) -> None:
    """Open the bid of FILE: show its amount and its salt."""
    held, opening = _kept(file)
    desk = shell.desk(handle)
    bid = held.get("bid") or _found(shell, held["auction"], desk.participant.id)
    opened = desk.open_bid(bid, opening)
    shell.result(
        bid_record(opened),
        f"bid {opened.leaf[:16]}… is {opened.state}: {opened.amount}",
        then=f"guapai auction clear {opened.auction}, once the openings are closed",
    )


def _found(shell: Shell, auction: str, bidder: str) -> str:
    with shell.floor.read() as work:
        mine = [bid.leaf for bid in work.bids.of_auction(auction) if bid.bidder == bidder]
    if not mine:
        raise Conflict(f"{auction}: no bid was placed with that file")
    return mine[0]


@command(auction_group, "reveal")
@click.argument("file")
@acting
def auction_reveal(shell: Shell, file: str, handle: str) -> None:
    """Open the hidden reserve, or the seed, of FILE."""
    held, opening = _kept(file)
    auction = shell.desk(handle).open_hidden(held["auction"], opening)
    shell.result(
        auction_record(auction),
        f"{auction.id}: the {opening.field} is opened",
        then=f"guapai auction clear {auction.id}, once the openings are closed",
    )


@command(auction_group, "clear")
@click.argument("auction")
def auction_clear(shell: Shell, auction: str) -> None:
    """Clear an auction whose openings are closed: winners get a quote, losers their deposit."""
    found, bids = clear_auction(auction, floor=shell.house())
    shell.result(
        {"auction": auction_record(found), "bids": [bid_record(bid) for bid in bids]},
        f"{found.id} is {found.state}",
        *(f"bid {bid.leaf[:16]}… {bid.state} {bid.quote or ''}".rstrip() for bid in bids),
        then=f"guapai auction verify {found.id}",
    )


@command(auction_group, "close")
@click.argument("auction")
def auction_close(shell: Shell, auction: str) -> None:
    """Deal with the deposits of winners that have not ordered in time."""
    bids = close_bids(auction, floor=shell.house())
    shell.result(
        {"bids": [bid_record(bid) for bid in bids]},
        *(f"bid {bid.leaf[:16]}… is {bid.state}" for bid in bids),
        *([] if bids else ["nothing was due"]),
    )


@command(auction_group, "cancel")
@click.argument("auction")
@click.option("--reason", required=True)
@acting
def auction_cancel(shell: Shell, auction: str, reason: str, handle: str) -> None:
    """Call an auction off; every deposit is let go."""
    found = shell.desk(handle).cancel_auction(auction, reason)
    shell.result(auction_record(found), f"{found.id} is {found.state}")


@command(auction_group, "verify")
@click.argument("auction")
@click.option("--bundle", metavar="FOLDER", help="Of an exported bundle, without the exchange.")
@click.pass_context
def auction_verify(context: click.Context, shell: Shell, auction: str, bundle: str | None) -> None:
    """Compute winners and payments again from entries and records; exit code 1 if they differ."""
    if bundle:
        faults = verify_bundle(Path(bundle), auction)
    else:
        with shell.floor.read() as work:
            faults = verify_auction(auction, view=work.chain.store, content=work.records.get)
    words = faults or (f"{auction}: winners and payments are those of its mechanism",)
    shell.result({"auction": auction, "faults": list(faults)}, *words)
    if faults:
        context.exit(1)


@command(auction_group, "list")
def auction_list(shell: Shell) -> None:
    """Show every auction, the newest last."""
    with shell.floor.read() as work:
        found = work.auctions.all()
    if shell.as_json:
        shell.result({"auctions": [auction_record(each) for each in found]})
        return
    now = format_time(shell.floor.clock())
    rows = [
        (
            each.id,
            each.product,
            each.phase(now) if each.state == "opened" else each.state,
            each.mechanism,
            each.supply,
            each.bids,
            each.bids_until,
            each.open_until,
        )
        for each in found
    ]
    columns = ["=auction", "=product", "state", "mechanism", ">licences", ">bids"]
    shell.table("", [*columns, "bids until", "opened until"], rows)

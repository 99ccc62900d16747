"""Acts that come in over HTTP, and the version of things that they are meant for."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import request

from exchange.errors import BadField, Forbidden, Stale
from exchange.openings import Opening, read_opening
from exchange.ports import Floor, UnitOfWork
from exchange.services.take_upload import lend_upload
from exchange.web.access import ROUTES
from exchange.web.gate import caller, floor
from ledger.acts import SignedAct


def signed_act(body: Mapping[str, Any], subject: str | None) -> SignedAct:
    """Read the act of a body, or raise `Forbidden` unless its actor signed the request too.

    `subject` is what the request's path names, None where the act opens a subject.
    """
    signed = read_act(body)
    if signed.act.actor != caller().id:
        raise Forbidden("act.actor: not the participant that signed the request")
    if signed.act.subject != subject:
        raise BadField("act.subject", f"the request is about {subject}")
    return signed


def read_act(body: Mapping[str, Any]) -> SignedAct:
    """Read the act of a body, whoever it is by; `BadField` for a kind that the path takes not."""
    signed = SignedAct.from_record(body["act"], body["signature"])
    kinds = ROUTES[request.endpoint or ""].acts
    if signed.act.kind not in kinds:
        raise BadField("act.kind", f"the path takes {' and '.join(kinds)}")
    return signed


def openings_of(body: Mapping[str, Any]) -> list[Opening]:
    """Read what opens the commitments of a body's act."""
    return [read_opening(each) for each in body["openings"]]


def for_act(signed: SignedAct, head: Callable[[UnitOfWork], str]) -> Floor:
    """Return a floor that refuses to write under a stale If-Match, unless the act is recorded."""
    return matched(head, lambda work: work.chain.recorded(signed) is not None)


def matched(head: Callable[[UnitOfWork], str], done: Callable[[UnitOfWork], bool]) -> Floor:
    """Return a floor whose units of work open only while If-Match names the head.

    The comparison stands inside the transaction that the service writes in, so no other change
    can come between the two.  Where it is `done` already, asking again is no change.
    """
    ours = floor()

    @contextmanager
    def write() -> Iterator[UnitOfWork]:
        with ours.write() as work:
            known = done(work)  # before the head, which the same act may be about to move
            present = head(work)
            if not request.if_match.contains(present) and not known:
                raise Stale(f"If-Match: the present version is {present}")
            yield work

    return replace(ours, write=write)


def from_base64(text: str, field: str) -> bytes:
    """Return the bytes that a text of the body stands for; `BadField` unless it is base 64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # binascii's for what is not base 64, its parent for non-ASCII
        raise BadField(field, "not base 64") from error


@contextmanager
def handed_in(body: Mapping[str, Any], signed: SignedAct) -> Iterator[Path]:
    """Lend the file of a body while a service reads it: the one in it, or the upload it names.

    `BadField` unless there is one of them.  An upload is over when the service has taken it.
    """
    if ("file" in body) == ("upload" in body):
        raise BadField("file", "either the file, or as upload the name of one that came in parts")
    if "upload" in body:
        with lend_upload(body["upload"], signed, by=caller(), floor=floor()) as path:
            yield path
        return
    with floor().vault.arriving() as path:
        body["file"].save(path)
        yield path


def product_head(number: str) -> Callable[[UnitOfWork], str]:
    """Name the head of a product."""
    return lambda work: work.products.get(number).head


def trade_head(trade: str) -> Callable[[UnitOfWork], str]:
    """Name the head of a trade."""
    return lambda work: work.trades.get(trade).head

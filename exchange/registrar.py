"""The register at a participant's desk: what becomes of a claim once it is confirmed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exchange.errors import NotFound
from exchange.openings import document_value
from exchange.participants import Participant
from exchange.records import printable
from exchange.registration import Product
from exchange.seat import Seat
from exchange.services import (
    change_registration,
    dispute_registration,
    record_activity,
    renew_registration,
    transfer_registration,
)
from exchange.services.record_activity import Done
from exchange.vault import require_regular, sha256_of
from ledger.acts import format_time
from ledger.registry import disputes_open, registered_now
from ledger.view import newest


def without_fill(columns: Sequence[str]) -> Mapping[str, Any]:
    """Return the fact of a claim that every value of these columns is one; empty for none."""
    return {"no_fill_value": sorted(set(columns))} if columns else {}


class Registrar(Seat):
    """What `exchange.desk.Desk` does with registrations; every method signs one act."""

    __slots__ = ()

    # The supplier.

    def change(
        self,
        number: str,
        file: Path | None,
        reason: str,
        evidence: Sequence[bytes] = (),
        *,
        sources: Sequence[str] = (),
        parents: Sequence[str] = (),
        no_fill_value: Sequence[str] | None = None,
    ) -> Product:
        """Register other data for a product, or with `file` None other particulars.

        Sources that are not named stay as they are; so do parents, and evidence is added.  So do
        the columns without a fill value, where `no_fill_value` is None.
        """
        product = self._product(number)
        with self.floor.read() as work:
            standing = registered_now(work.chain.store, f"product/{number}")
        told: Mapping[str, Any] = standing.facts if standing else {}
        size, data = product.bytes, product.data
        if file:
            require_regular(file, file.name)
            size, data = file.stat().st_size, sha256_of(file)
        if no_fill_value is None:
            no_fill_value = told.get("no_fill_value", ())
        facts = {
            "data": data,
            "bytes": size,
            "sources": sorted(set(sources)) or list(told.get("sources", ())),
            "evidence": sorted({hashlib.sha256(each).hexdigest() for each in evidence}),
            "parents": list(dict.fromkeys([*told.get("parents", ()), *parents])),
            "reason": reason,
            **without_fill(no_fill_value),
        }
        signed = self._sign("registration.changed", f"product/{number}", facts)
        name = printable(file.name) if file else product.file
        return change_registration.change_registration(
            signed, file, name=name, evidence=evidence, floor=self.floor
        )

    def offer(self, number: str, to: Participant, days: int, agreement: bytes = b"") -> Product:
        """Offer a registration to another supplier for some days."""
        until = format_time(self.floor.clock() + dt.timedelta(days=days))
        signed, openings = self._commit(
            "transfer.offered",
            f"product/{number}",
            {"to": to.id, "until": until},
            agreement=document_value(agreement),
        )
        return transfer_registration.offer_transfer(signed, openings, floor=self.floor)

    def take_over(self, number: str) -> Product:
        """Take over a registration that is offered; raises `NotFound` where none is."""
        with self.floor.read() as work:
            offer = newest(work.chain.store, f"product/{number}", "transfer.offered")
        if offer is None:
            raise NotFound(f"{number} is offered to nobody")
        facts = {"to": self.participant.id, "offer": [offer.leaf.hex()], "decision": []}
        signed = self._sign("registration.transferred", f"product/{number}", facts)
        return transfer_registration.take_transfer(signed, floor=self.floor)

    def renew(self, number: str, days: int | None = None) -> Product:
        """Renew a registration for some days from now; for as long as the house gives if None."""
        days = self.floor.house.registration_days if days is None else days
        until = format_time(self.floor.clock() + dt.timedelta(days=days))
        signed = self._sign("registration.renewed", f"product/{number}", {"until": until})
        return renew_registration.renew_registration(signed, floor=self.floor)

    def cancel_registration(self, number: str, reason: str) -> Product:
        """Cancel a registration as its supplier or the operator, or one's own claim on notice."""
        signed = self._sign("registration.cancelled", f"product/{number}", {"reason": reason})
        return renew_registration.cancel_registration(signed, floor=self.floor)

    # Anyone.

    def dispute(self, number: str, grounds: str) -> Product:
        """Dispute a confirmed registration."""
        signed, openings = self._commit("dispute.opened", f"product/{number}", {}, grounds=grounds)
        return dispute_registration.open_dispute(signed, openings, floor=self.floor)

    def withdraw_dispute(self, number: str, reason: str, dispute: str | None = None) -> Product:
        """Withdraw a dispute of the participant's, by its leaf hash or the newest open."""
        if dispute is None:
            dispute = self._open_dispute(number, self.participant.id)
        facts = {"dispute": dispute, "reason": reason}
        signed = self._sign("dispute.withdrawn", f"product/{number}", facts)
        return dispute_registration.withdraw_dispute(signed, floor=self.floor)

    def record_activity(self, number: str, done: Done) -> Product:
        """Record what was done with the data of a product."""
        signed, openings = self._commit(
            "activity.recorded",
            f"product/{number}",
            done.facts,
            cost=done.cost.to_record(),
            description=done.description,
        )
        return record_activity.record_activity(signed, openings, floor=self.floor)

    def withdraw_activity(self, number: str, activity: str, reason: str) -> Product:
        """Take back an activity that the participant recorded, named by its leaf hash."""
        facts = {"activity": activity, "reason": reason}
        signed = self._sign("activity.withdrawn", f"product/{number}", facts)
        return record_activity.withdraw_activity(signed, floor=self.floor)

    # The operator.

    def decide_dispute(
        self,
        number: str,
        outcome: str,
        grounds: str,
        *,
        dispute: str | None = None,
        to: Participant | None = None,
        order: bytes = b"",
    ) -> Product:
        """Decide a dispute over a product, by its leaf hash or the oldest open.

        `order` is the document by which the registration passes to another supplier.
        """
        if dispute is None:
            dispute = self._open_dispute(number)
        facts = {
            "dispute": dispute,
            "outcome": outcome,
            "to": [to.id] if to else [],
            "order": [hashlib.sha256(order).hexdigest()] if order else [],
        }
        subject = f"product/{number}"
        signed, openings = self._commit("dispute.decided", subject, facts, grounds=grounds)
        return dispute_registration.decide_dispute(signed, openings, floor=self.floor)

    def _open_dispute(self, number: str, by: str = "") -> str:
        with self.floor.read() as work:
            found = disputes_open(work.chain.store, f"product/{number}")
        mine = [each for each in found if by in {"", each.actor}]
        if not mine:
            raise NotFound(f"no dispute over {number} is open{' of yours' if by else ''}")
        return mine[0 if by else -1].leaf.hex()

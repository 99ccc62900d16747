"""A seat on the floor: a participant with its unlocked keys, able to sign what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exchange.keyring import Keys
from exchange.openings import Opening, open_with
from exchange.participants import Participant
from exchange.ports import Floor
from exchange.registration import Product
from exchange.services.acting import draft
from exchange.signing import HouseKeys
from ledger.acts import SignedAct


@dataclass(frozen=True, slots=True)
class Seat:
    """One participant with its unlocked keys on one floor."""

    participant: Participant
    keys: Keys | HouseKeys
    floor: Floor

    def _sign(self, kind: str, subject: str | None, facts: Mapping[str, Any]) -> SignedAct:
        signer = self.keys.signing
        act = draft(
            kind,
            subject=subject,
            actor=self.participant,
            facts=facts,
            floor=self.floor,
            public_key=signer.public_key,
        )
        return act.signed(signer)

    def _commit(
        self,
        kind: str,
        subject: str | None,
        facts: Mapping[str, Any],
        **values: Any,  # noqa: ANN401
    ) -> tuple[SignedAct, tuple[Opening, ...]]:
        """Sign an act that commits to `values`; return it with what opens the commitments."""
        openings = open_with(self.floor.chance, values)
        made = {opening.field: opening.commitment for opening in openings}
        return self._sign(kind, subject, {**facts, **made}), openings

    def _product(self, number: str) -> Product:
        with self.floor.read() as work:
            return work.products.get(number)

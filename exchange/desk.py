"""A participant at its desk: it drafts an act, signs it with its own key, and hands it in.

This is what a participant's own program does; the shell and the demonstration use it, and over
HTTP the client in `exchange.web.client` does the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from exchange.agreement_desk import AgreementDesk
from exchange.bargain_desk import BargainDesk
from exchange.billing_desk import BillingDesk
from exchange.clearing import Line
from exchange.clearing_desk import ClearingDesk
from exchange.compliance import Review
from exchange.delivery import DeliveryState
from exchange.errors import Conflict, Forbidden, NotFound
from exchange.expectations import Aspect
from exchange.keyring import Keys
from exchange.merchant_desk import MerchantDesk
from exchange.netting_desk import NettingDesk
from exchange.openings import document_value
from exchange.paperwork import Paperwork
from exchange.participants import Participant, Role
from exchange.ports import Floor
from exchange.records import printable
from exchange.registrar import Registrar, without_fill
from exchange.registration import Product
from exchange.scenario_desk import ScenarioDesk
from exchange.services import (
    admit_participant,
    assess_product,
    attest_product,
    deliver_product,
    erase_record,
    execute_trade,
    grant_right,
    keep_log,
    list_product,
    object_to_claim,
    quote_price,
    register_product,
    rotate_keys,
    settle,
    submit_sheet,
    suspend_listing,
    vet_listing,
)
from exchange.services.access_delivery import access_delivery
from exchange.services.acting import draft
from exchange.services.erase_record import Erasure
from exchange.services.grant_right import GrantTerms
from exchange.services.quote_price import Priced
from exchange.signing import HouseKeys
from exchange.specsheet import Right, SourceCode, SpecSheet
from exchange.trading import Trade
from exchange.vault import require_regular, sha256_of
from exchange.vetting import Decision, check_list
from ledger.acts import key_id
from ledger.entries import Entry
from ledger.registry import objections_open
from pricing.money import Money


def apply_to_join(
    keys: Keys | HouseKeys, *, handle: str, name: str, credit_code: str, floor: Floor
) -> Participant:
    """Apply for admission with keys that the exchange has not seen before."""
    public_key = keys.signing.public_key
    act = draft(
        "participant.key",
        subject=None,
        actor=None,
        facts={"public_key": public_key.hex(), "recipient": keys.recipient},
        floor=floor,
        public_key=public_key,
    )
    return admit_participant.apply_to_join(
        act.signed(keys.signing), handle=handle, name=name, credit_code=credit_code, floor=floor
    )


@dataclass(frozen=True, slots=True)
class Desk(
    Paperwork,
    MerchantDesk,
    NettingDesk,
    BargainDesk,
    BillingDesk,
    ClearingDesk,
    ScenarioDesk,
    Registrar,
    AgreementDesk,
):
    """One participant with its unlocked keys on one floor.

    Every method signs one act and returns what the service of that name returns; the services
    say what they raise.
    """

    def _trade(self, trade: str) -> Trade:
        with self.floor.read() as work:
            return work.trades.get(trade)

    # The operator.

    def admit(self, applicant: Participant, roles: Sequence[Role]) -> Participant:
        """Admit an applicant in roles."""
        signed, openings = self._commit(
            "participant.admitted",
            f"participant/{applicant.id}",
            {"roles": sorted(roles)},
            register=admit_participant.register_page(applicant),
        )
        return admit_participant.admit_participant(signed, openings, floor=self.floor)

    def suspend(self, participant: Participant, reason: str) -> Participant:
        """Suspend a participant and its listings."""
        subject = f"participant/{participant.id}"
        signed = self._sign("participant.suspended", subject, {"reason": reason})
        return admit_participant.suspend_participant(signed, floor=self.floor)

    def deposit(self, participant: Participant, amount: Money, reference: str) -> Money:
        """Credit a participant with money its bank reports under a reference."""
        facts = {"amount": amount.to_record()}
        subject = f"account/{participant.id}"
        signed, openings = self._commit("account.deposited", subject, facts, reference=reference)
        return settle.deposit(signed, openings, floor=self.floor)

    def withdraw(self, participant: Participant, amount: Money, reference: str) -> Money:
        """Pay a participant's money out to its bank under a reference."""
        facts = {"amount": amount.to_record()}
        subject = f"account/{participant.id}"
        signed, openings = self._commit("account.withdrawn", subject, facts, reference=reference)
        return settle.withdraw(signed, openings, floor=self.floor)

    def cancel(self, trade_id: str, reason: str) -> Trade:
        """End a contract before its receipt and give the buyer its money back."""
        facts = {"reason": reason, "amount": self._trade(trade_id).held.to_record()}
        signed = self._sign("trade.cancelled", f"trade/{trade_id}", facts)
        return execute_trade.cancel_trade(signed, floor=self.floor)

    def suspend_listing(self, number: str, reason: str) -> Product:
        """Take a product off the board until a new verdict."""
        signed = self._sign("listing.suspended", f"product/{number}", {"reason": reason})
        return suspend_listing.suspend_listing(signed, floor=self.floor)

    def close_objection(
        self, number: str, outcome: str, grounds: str, objection: str | None = None
    ) -> Product:
        """Dismiss or uphold an objection to a claim, by its leaf hash or the oldest open."""
        if objection is None:
            with self.floor.read() as work:
                found = objections_open(work.chain.store, f"product/{number}")
            objection = found[-1].leaf.hex() if found else ""
        facts, subject = {"objection": objection, "outcome": outcome}, f"product/{number}"
        signed, openings = self._commit("objection.closed", subject, facts, grounds=grounds)
        return object_to_claim.close_objection(signed, openings, floor=self.floor)

    def refuse_erasure(self, request: str, reason: str) -> Erasure:
        """Refuse a request for erasure, named by its leaf hash, for a reason that is recorded."""
        subject = self._subject(request)
        signed = self._sign("erasure.refused", subject, {"request": request, "reason": reason})
        return erase_record.refuse_erasure(signed, floor=self.floor)

    def execute_erasure(self, request: str) -> Erasure:
        """Destroy what a request, named by its leaf hash, asks for."""
        with self.floor.read() as work:
            facts = erase_record.execution_facts(request, work)
        signed = self._sign("erasure.executed", self._subject(request), facts)
        return erase_record.execute_erasure(signed, floor=self.floor)

    def _subject(self, leaf: str) -> str:
        with self.floor.read() as work:
            return erase_record.entry_of(leaf, work).subject

    def revoke_key_of(self, participant: Participant, key: str, reason: str) -> Participant:
        """Declare a key of a participant dead."""
        facts = {"key": key, "reason": reason}
        signed = self._sign("key.revoked", f"participant/{participant.id}", facts)
        return rotate_keys.revoke_key(signed, floor=self.floor)

    def add_log_key(self, log_key: bytes, overlap: int) -> Entry:
        """Give the log a new key, beside which the one before signs for `overlap` entries."""
        facts = {"log_key": log_key.hex(), "overlap": overlap}
        signed = self._sign("log.key_added", f"exchange/{self.floor.house.origin}", facts)
        return keep_log.add_log_key(signed, floor=self.floor)

    def close_log(self, reason: str, successor: str | None) -> Entry:
        """End the log; `successor` is the origin of the log that will continue it."""
        facts = {"reason": reason, "successor": [successor] if successor else []}
        signed = self._sign("log.closed", f"exchange/{self.floor.house.origin}", facts)
        return keep_log.close_log(signed, floor=self.floor)

    # Anyone.

    def request_erasure(self, leaf: str, fields: Sequence[str], grounds: str) -> Erasure:
        """Ask for the erasure of what fields of the entry with that leaf hash commit to."""
        signed, openings = self._commit(
            "erasure.requested", f"erasure/{leaf}", {"fields": list(fields)}, grounds=grounds
        )
        return erase_record.request_erasure(signed, openings, floor=self.floor)

    def rotate_key(self, keys: Keys | HouseKeys, overlap: dt.timedelta) -> Participant:
        """Take new keys into use; older ones sign until the overlap has passed."""
        shown = rotate_keys.shown_facts(
            self.participant, keys.signing, keys.recipient, floor=self.floor
        )
        public_key = keys.signing.public_key
        added = rotate_keys.added_facts(public_key, overlap, floor=self.floor)
        subject = f"participant/{self.participant.id}"
        return rotate_keys.rotate_key(
            self._sign("key.shown", f"key/{key_id(public_key)}", shown),
            self._sign("key.added", subject, added),
            floor=self.floor,
        )

    def revoke_key(self, key: str, reason: str) -> Participant:
        """Declare an older key of its own dead, under the newest."""
        return self.revoke_key_of(self.participant, key, reason)

    def object(self, number: str, grounds: str) -> Product:
        """Object to a claim on public notice."""
        subject = f"product/{number}"
        signed, openings = self._commit("objection.filed", subject, {}, grounds=grounds)
        return object_to_claim.file_objection(signed, openings, floor=self.floor)

    def withdraw_objection(self, number: str, reason: str) -> Product:
        """Withdraw the participant's own open objection to a claim."""
        with self.floor.read() as work:
            found = objections_open(work.chain.store, f"product/{number}")
        mine = [each for each in found if each.actor == self.participant.id]
        if not mine:
            raise NotFound(f"no objection to {number} is open of yours")
        facts = {"objection": mine[0].leaf.hex(), "reason": reason}
        signed = self._sign("objection.withdrawn", f"product/{number}", facts)
        return object_to_claim.withdraw_objection(signed, floor=self.floor)

    def grant(self, number: str, terms: GrantTerms, agreement: bytes = b"") -> Product:
        """Grant a right in a product; the head of the product is then the grant's leaf hash."""
        signed, openings = self._commit(
            "right.granted",
            f"product/{number}",
            terms.facts,
            agreement=document_value(agreement),
        )
        return grant_right.grant_right(signed, openings, floor=self.floor)

    def revoke(self, number: str, grant: str, reason: str) -> Product:
        """Take back a grant of a right in a product, named by its leaf hash."""
        facts = {"grant": grant, "reason": reason}
        signed = self._sign("right.revoked", f"product/{number}", facts)
        return grant_right.revoke_right(signed, floor=self.floor)

    # The supplier.

    def register(
        self,
        file: Path,
        sheet: SpecSheet | None = None,
        evidence: Sequence[bytes] = (),
        *,
        parents: Sequence[str] = (),
        no_fill_value: Sequence[str] = (),
    ) -> Product:
        """Register a file, claiming the rights and sources of the sheet.

        Without a sheet all three rights are claimed, over data the supplier produced, or derived
        where it names the numbers of `parents`.  In the columns `no_fill_value` every value is one.
        """
        require_regular(file, file.name)
        name = printable(file.name)
        if sheet:  # a sheet that will be refused must not cost the bytes their registration
            submit_sheet.check_sheet(sheet, data=file, name=name, floor=self.floor)
        rights = sheet.rights if sheet else tuple(Right)
        plain = SourceCode.DERIVED if parents else SourceCode.PRODUCED
        sources = [source.code for source in sheet.sources] if sheet else [plain]
        facts = {
            "data": sha256_of(file),
            "bytes": file.stat().st_size,
            "rights": [str(right) for right in rights],
            "sources": sorted({str(code) for code in sources}),
            "evidence": sorted({hashlib.sha256(each).hexdigest() for each in evidence}),
            "parents": list(parents),
            **without_fill(no_fill_value),
        }
        signed = self._sign("product.registered", None, facts)
        return register_product.register_product(
            signed, file, name=name, evidence=evidence, floor=self.floor
        )

    def submit_sheet(
        self, number: str, sheet: SpecSheet, evidence: Sequence[bytes] = ()
    ) -> Product:
        """Sign a spec sheet for a product; `evidence` are documents it names by digest."""
        facts = {
            "sheet": sheet.digest,
            "data": self._product(number).data,
            "grade": str(sheet.grade),
            "purposes": list(sheet.conditions.purposes),
        }
        signed = self._sign("sheet.submitted", f"product/{number}", facts)
        return submit_sheet.submit_sheet(signed, sheet, evidence=evidence, floor=self.floor)

    def list(self, number: str) -> tuple[Product, Review]:
        """Ask for the listing of a product."""
        product = self._product(number)
        facts = {"sheet": product.sheet, "data": product.data}
        signed = self._sign("listing.requested", f"product/{number}", facts)
        return list_product.list_product(signed, floor=self.floor)

    def delist(self, number: str, reason: str) -> Product:
        """End a listing for good."""
        signed = self._sign("listing.delisted", f"product/{number}", {"reason": reason})
        return suspend_listing.delist_product(signed, floor=self.floor)

    def accept(self, trade_id: str) -> Trade:
        """Accept an order, which concludes the contract."""
        trade = self._trade(trade_id)
        with self.floor.read() as work:
            terms = execute_trade.terms_of(trade.terms, work)
        facts = execute_trade.contract_facts(trade, terms, self.floor)
        signed = self._sign("trade.contracted", f"trade/{trade_id}", facts)
        return execute_trade.accept_order(signed, floor=self.floor)

    def deliver(self, trade_id: str, workplace: Path) -> Trade:
        """Seal the registered data to the buyer and hand the sealed file in."""
        trade = self._trade(trade_id)
        with self.floor.read() as work:
            buyer = work.participants.get(trade.buyer)
            terms = execute_trade.terms_of(trade.terms, work)
        method = self.floor.deliveries[terms.delivery]
        source, cut_out = self.source_of(trade, workplace)
        sealed = method.seal(source, buyer.recipient, workplace / f"{trade_id}.age")
        if cut_out:
            source.unlink()
        try:
            facts = {
                "product": trade.product,
                "data": sealed.data,
                "sealed": sealed.sealed,
                "bytes": sealed.bytes,
                "recipient": buyer.recipient,
            } | deliver_product.part_facts(trade)
            signed = self._sign("delivery.made", f"trade/{trade_id}", facts)
            return deliver_product.deliver(signed, sealed.path, floor=self.floor)
        finally:
            sealed.path.unlink(missing_ok=True)

    # The assessor and the expert.

    def attest(
        self, number: str, rules: Sequence[str], *, report: bytes, until: dt.date, passed: bool
    ) -> Product:
        """Attest rules over the present sheet and data."""
        product = self._product(number)
        facts = {
            "sheet": product.sheet,
            "data": product.data,
            "pack": self.floor.pack.digest,
            "rules": list(rules),
            "outcome": "passed" if passed else "refused",
            "until": until.isoformat(),
        }
        subject, value = f"product/{number}", document_value(report)
        signed, openings = self._commit("compliance.attested", subject, facts, report=value)
        return attest_product.attest_product(signed, openings, floor=self.floor)

    def review(
        self,
        number: str,
        score: str,
        comments: bytes,
        *,
        dimensions: Mapping[Aspect, str] = MappingProxyType({}),
    ) -> Product:
        """Score the quality of the present data, from 0 to 1; dimensions too where it wants to."""
        assess_product.score(score)
        product = self._product(number)
        facts = {
            "sheet": product.sheet,
            "data": product.data,
            "score": score,
            "dimensions": [f"{name} {given}" for name, given in dimensions.items()],
        }
        subject, value = f"product/{number}", document_value(comments)
        signed, openings = self._commit("quality.reviewed", subject, facts, comments=value)
        return assess_product.review_quality(signed, openings, floor=self.floor)

    def vet(
        self,
        number: str,
        decision: str,
        *,
        reasons: str,
        checklist: Mapping[str, str],
    ) -> Product:
        """Decide for the exchange on the present sheet and data."""
        product = self._product(number)
        ticks = check_list(checklist, Decision(decision))
        facts = {
            "sheet": product.sheet,
            "data": product.data,
            "pack": self.floor.pack.digest,
            "decision": decision,
            "checklist": hashlib.sha256(vet_listing.checklist_record(ticks)).hexdigest(),
        }
        signed, openings = self._commit(
            vet_listing.KIND, f"product/{number}", facts, reasons=reasons
        )
        return vet_listing.vet_listing(signed, openings, checklist=ticks, floor=self.floor)

    # The buyer.

    def quote(self, scenario: str) -> Priced:
        """Ask for a price."""
        return quote_price.quote_price(scenario, buyer=self.participant.id, floor=self.floor)

    def order(self, quote_id: str) -> Trade:
        """Order at a quote."""
        with self.floor.read() as work:
            quote = work.quotes.get(quote_id)
        facts = {
            "product": quote.product,
            "scenario": quote.scenario,
            "quote": quote.id,
            "terms": quote.terms,
            "amount": quote.amount.to_record(),
        }
        signed = self._sign("trade.ordered", None, facts)
        return execute_trade.order_product(signed, floor=self.floor)

    def lapse(self, trade_id: str, reason: str) -> Trade:
        """End an order before there is a contract."""
        signed = self._sign("trade.lapsed", f"trade/{trade_id}", {"reason": reason})
        return execute_trade.lapse_order(signed, floor=self.floor)

    def receive(self, trade_id: str, target: Path) -> Trade:
        """Open the delivery into `target`, check its digest, and sign the receipt.

        Raises `DataDiffer` where the data is not that of the contract and `Conflict` where
        `target` exists; nothing is signed then.
        """
        trade = self._trade(trade_id)
        with self.floor.read() as work:
            work.participants.get(self.participant.id).require(Role.BUYER)
        if trade.buyer != self.participant.id:
            raise Forbidden(f"{self.participant.handle} is not the buyer of trade {trade_id}")
        trade.delivery_moved(DeliveryState.RECEIVED)
        if target.exists():
            raise Conflict(f"{target} exists: choose another name")
        with self.floor.read() as work:
            terms = execute_trade.terms_of(trade.terms, work)
        access_delivery(trade_id, by=self.participant.id, floor=self.floor)
        digest = deliver_product.open_delivery(
            trade, terms, self.keys.identities, target, floor=self.floor
        )
        facts = {"data": digest, "sealed": trade.sealed} | deliver_product.part_facts(trade)
        signed = self._sign("delivery.received", f"trade/{trade_id}", facts)
        return deliver_product.receive(signed, floor=self.floor)

    def settle(self, trade_id: str) -> tuple[Trade, Sequence[Line]]:
        """Ask the house to settle a received trade."""
        return settle.settle(trade_id, floor=self.floor)

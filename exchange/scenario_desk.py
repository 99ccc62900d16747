"""The desk where uses are dealt with: scenarios filed, assessed and ended, demand posted."""

from __future__ import annotations

import datetime as dt
import hashlib

from exchange.compliance import Review
from exchange.demands import RUNS_DAYS, Answer, Demand, Posting
from exchange.records import to_record
from exchange.scenarios import Decision, Limits, Scenario
from exchange.seat import Seat
from exchange.services import assess_scenario, end_scenario, file_scenario, post_demand
from exchange.services.file_scenario import Filing, filing_facts
from ledger.acts import format_time
from ledger.canonical import encode


class ScenarioDesk(Seat):
    """What is signed about scenarios; the services say what they raise."""

    __slots__ = ()

    def file_scenario(self, filing: Filing) -> tuple[Scenario, Review]:
        """File what the data is wanted for."""
        record = to_record(filing)
        signed, openings = self._commit(
            "scenario.filed", None, filing_facts(filing), scenario=record
        )
        return file_scenario.file_scenario(signed, openings, floor=self.floor)

    def assess_scenario(
        self, scenario: str, decision: Decision, *, reasons: str, limits: Limits | None = None
    ) -> Scenario:
        """Decide on a scenario that waits; as an assessor."""
        with self.floor.read() as work:
            product = work.scenarios.get(scenario).product
        facts = {
            "product": product,
            "pack": self.floor.pack.digest,
            "decision": str(decision),
            **(limits.facts if limits else {}),
        }
        signed, openings = self._commit(
            assess_scenario.KIND, f"scenario/{scenario}", facts, reasons=reasons
        )
        return assess_scenario.assess_scenario(signed, openings, floor=self.floor)

    def withdraw_scenario(self, scenario: str, reason: str) -> Scenario:
        """Withdraw a scenario."""
        signed = self._sign("scenario.withdrawn", f"scenario/{scenario}", {"reason": reason})
        return end_scenario.withdraw_scenario(signed, floor=self.floor)

    def revoke_scenario(self, scenario: str, reason: str) -> Scenario:
        """Take an approval back; as the operator or the assessor who reviewed it."""
        signed = self._sign("scenario.revoked", f"scenario/{scenario}", {"reason": reason})
        return end_scenario.revoke_scenario(signed, floor=self.floor)

    def post_demand(self, posting: Posting, *, days: int = RUNS_DAYS, brief: str = "") -> Demand:
        """Post what is looked for, for so many days; `brief` is for the exchange alone."""
        until = format_time(self.floor.clock() + dt.timedelta(days=days))
        facts = post_demand.posting_facts(posting, until) | {
            "posting": hashlib.sha256(encode(to_record(posting))).hexdigest()
        }
        signed, openings = self._commit("demand.posted", None, facts, brief=brief)
        return post_demand.post_demand(signed, openings, posting, floor=self.floor)

    def answer_demand(
        self,
        demand: str,
        words: str,
        *,
        product: str | None = None,
        ready_by: dt.date | None = None,
    ) -> Answer:
        """Answer a demand with a listed product, or with a promise; as a supplier."""
        facts = {"words": words}
        facts |= {"product": product} if product is not None else {}
        facts |= {"ready_by": ready_by.isoformat()} if ready_by is not None else {}
        signed = self._sign("demand.answered", f"demand/{demand}", facts)
        return post_demand.answer_demand(signed, floor=self.floor)

    def close_demand(
        self, demand: str, outcome: str, reason: str, *, answer: str | None = None
    ) -> Demand:
        """Close a demand: met or withdrawn, as its buyer; removed, as the operator."""
        facts = {"outcome": outcome, "reason": reason}
        facts |= {"answer": answer} if answer is not None else {}
        signed = self._sign("demand.closed", f"demand/{demand}", facts)
        return post_demand.close_demand(signed, floor=self.floor)

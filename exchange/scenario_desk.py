"""The desk where uses are dealt with: scenarios filed, assessed, withdrawn and revoked."""

from __future__ import annotations

from exchange.compliance import Review
from exchange.records import to_record
from exchange.scenarios import Decision, Limits, Scenario
from exchange.seat import Seat
from exchange.services import assess_scenario, end_scenario, file_scenario
from exchange.services.file_scenario import Filing, filing_facts


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

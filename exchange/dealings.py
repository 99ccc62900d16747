"""What is open for one party: a line for each contract, offer, bill, deposit, debt and fee."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from pricing.money import Money


class Matter(enum.StrEnum):
    """What a line is about, in the order in which they are shown."""

    CONTRACT = "contract"
    AMENDMENT = "amendment"
    NEGOTIATION = "negotiation"
    SUBSCRIPTION = "subscription"
    BILL = "bill"
    DISPUTE = "dispute"
    DEPOSIT = "deposit"
    OBLIGATION = "obligation"
    AWARD = "award"
    FEE = "fee"


class Party(enum.StrEnum):
    """On which side somebody stands; a bidder and who owes for a deal are buyers."""

    BUYER = "buyer"
    SUPPLIER = "supplier"
    PAYER = "payer"
    HOUSE = "house"


class Step(enum.StrEnum):
    """What comes next."""

    CONCLUDE = "conclude"
    DELIVER = "deliver"
    RECEIVE = "receive"
    SETTLE = "settle"
    USE = "use"
    METER = "meter"
    AUTHORISE = "authorise"
    RENEW = "renew"
    FUND = "fund"
    BILL = "bill"
    DECIDE = "decide"
    OPEN_BID = "open-bid"
    CLEAR = "clear"
    ORDER = "order"
    NET = "net"
    PAY = "pay"
    ANSWER = "answer"
    OFFER = "offer"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Dealing:
    """One line of what is open for a party.

    `side` is its own.  `until` is when the use right, the period or the bill ends, and `due` by or
    from when `by` is to take the `step`; both are empty where there is no such time.  `number`
    counts periods and bills, and is 0 for anything else; `quote` is what a winner orders.
    `held` says what keeps the step from being taken, and is empty where nothing does.
    """

    matter: Matter
    subject: str
    side: Party
    state: str
    amount: Money
    until: str
    step: Step
    by: Party
    due: str
    number: int = 0
    quote: str = ""
    held: str = ""

    @property
    def waits_for_me(self) -> bool:
        """Whether the party itself has to take the next step, and can.

        It may use what it bought anyhow.
        """
        mine = self.step not in {Step.NOTHING, Step.USE} and self.by is self.side
        return mine and not self.held

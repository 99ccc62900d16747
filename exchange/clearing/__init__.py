"""Central clearing (集中清算): double-entry accounts, escrow, transfers that wait, netting, fees.

Every movement is a journal whose postings sum to zero in its currency and which cites the
entry of the chain that caused it.  No account but the outside world's may fall below its limit.
"""

from exchange.clearing.accounts import (
    FEES,
    OUTSIDE,
    TRANSITIONS,
    EscrowState,
    Holding,
    Journal,
    Line,
    Posting,
    Written,
    account_subject,
    available,
    escrow,
    fee_of,
    give_back,
    release,
    transfer,
)
from exchange.clearing.cycles import (
    GUARANTEE,
    Cycle,
    CycleTotal,
    NetPosition,
    Obligation,
    ObligationState,
    guarantee,
    pot,
)
from exchange.clearing.transfers import Transfer, TransferState
from exchange.clearing.withdrawals import Withdrawal, WithdrawalState

__all__ = [
    "FEES",
    "GUARANTEE",
    "OUTSIDE",
    "TRANSITIONS",
    "Cycle",
    "CycleTotal",
    "EscrowState",
    "Holding",
    "Journal",
    "Line",
    "NetPosition",
    "Obligation",
    "ObligationState",
    "Posting",
    "Transfer",
    "TransferState",
    "Withdrawal",
    "WithdrawalState",
    "Written",
    "account_subject",
    "available",
    "escrow",
    "fee_of",
    "give_back",
    "guarantee",
    "pot",
    "release",
    "transfer",
]

"""Alternating offers: each side may answer an offer by another or accept it, in so many rounds.

The form of A. Rubinstein, Perfect equilibrium in a bargaining model, Econometrica 50 (1982): one
offer stands at a time, and the next takes its place.  What is computed is no equilibrium but the
price that the parties themselves came to.
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.bargain import Agreement, Bargain
from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.quote import QuoteLine


@dataclass(frozen=True, slots=True)
class AlternatingOffers:
    """Agrees on the last offer, if the other side accepts it while it stands.

    At most `rounds_max` offers are made.  A side offers twice running only where its offer had
    ended before it made the next.
    """

    rounds_max: int

    def __post_init__(self) -> None:
        require_count("rounds_max", self.rounds_max, 1)

    def agree(self, bargain: Bargain) -> Agreement:
        """Return the last offer, or raise `BadInput` for one out of turn, too many, or ended."""
        count = len(bargain.rounds)
        if count > self.rounds_max:
            raise BadInput(f"rounds: {count} are more than {self.rounds_max}")
        for number, (one, after) in enumerate(
            zip(bargain.rounds, bargain.rounds[1:], strict=False), start=2
        ):
            if after.by is one.by and after.at <= one.until:
                raise BadInput(f"rounds: in round {number} the {one.by} is out of turn")
        last = bargain.rounds[-1]
        if bargain.accepted_by is last.by:
            raise BadInput(f"accepted_by: the {last.by} accepts its own offer")
        if bargain.accepted_at > last.until:
            raise BadInput(f"accepted_at: the offer ended at {last.until}")
        words = f"offered by the {last.by} in round {count}, accepted by the {bargain.accepted_by}"
        return Agreement(last.amount, count, (QuoteLine(words, last.amount),))

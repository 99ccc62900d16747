"""An auction: bids from the highest to the lowest, who won, and what each winner pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pricing.errors import BadInput
from pricing.figures import BLUE, FAINT, ORANGE, VERMILION, Form, Language, Words, drawn, money_axis
from pricing.mechanisms import Auction, Outcome
from pricing.money import Money

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BIDS_MAX: Final = 40  # more bars than that have no room for a name

_TITLE: Final = Words("出价与成交", "Bids and what is paid")
_AXIS: Final = Words("金额", "amount")
_WON: Final = Words("中标出价", "winning bid")
_LOST: Final = Words("未中标出价", "losing bid")
_PAID: Final = Words("支付", "paid")
_RESERVE: Final = Words("保留价", "reserve")


def draw(
    auction: Auction,
    outcome: Outcome,
    *,
    reserve: Money | None = None,
    language: Language = Language.ZH,
    form: Form = Form.SVG,
) -> bytes:
    """Return the figure of an auction and its outcome; of several bids of one bidder all stand.

    A bar is the winner's where its bidder gets items that it asks for.  Raises `BadInput` for no
    bid, more than 40, or a reserve in another currency.
    """
    if not 1 <= len(auction.bids) <= BIDS_MAX:
        raise BadInput(f"bids: {len(auction.bids)} are not 1 to {BIDS_MAX}")
    auction.require_currency("reserve", reserve)
    ranked = auction.ranked()
    won = {award.bidder: set(award.items) for award in outcome.allocations}
    wins = [won.get(bid.bidder, set()).issuperset(auction.bundle(bid)) for bid in ranked]
    wins = [win and bid.bidder in won for win, bid in zip(wins, ranked, strict=True)]
    names = [
        f"{bid.bidder}: {' + '.join(bid.items)}" if bid.items and auction.items[1:] else bid.bidder
        for bid in ranked
    ]

    def onto(figure: Figure) -> None:
        axes = figure.add_subplot()
        for label, colour, winning in ((_WON, BLUE, True), (_LOST, FAINT, False)):
            rows = [row for row, win in enumerate(wins) if win is winning]
            if rows:
                axes.barh(rows, [ranked[row].amount.minor for row in rows], color=colour,
                          height=0.62, label=label.said(language))  # fmt: skip
        rows = [row for row, win in enumerate(wins) if win]
        if rows:
            paid = [outcome.paid_by(ranked[row].bidder).minor for row in rows]
            axes.plot(paid, rows, "D", ms=7, color=ORANGE, mec="white", zorder=3,
                      label=_PAID.said(language))  # fmt: skip
        if reserve is not None:
            axes.axvline(reserve.minor, color=VERMILION, lw=1.6, ls="--",
                         label=_RESERVE.said(language))  # fmt: skip
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(left=0)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        axes.set_title(_TITLE.said(language))
        money_axis(axes, "x", auction.currency, _AXIS.said(language))
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))

    return drawn(onto, language=language, form=form, size=(8.0, min(9.0, 1.8 + 0.36 * len(ranked))))

"""Awards: what each bidder bid and what it pays, by mechanism."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pricing.errors import BadInput
from pricing.figures import FAINT, INK, PALETTE, Form, Language, Words, drawn, money_axis, short
from pricing.mechanisms import Auction, Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE: Final = Words("竞价结果：出价与支付", "Bids and payments")
_AXIS: Final = Words("金额", "amount")
_BID: Final = Words("最高出价", "highest bid")
_REVENUE: Final = Words("收入", "revenue")
_BIDDERS_MAX: Final = 40  # rows that can still be told apart


def draw(
    auction: Auction,
    outcomes: Mapping[str, Outcome],
    *,
    language: Language = Language.ZH,
    form: Form = Form.SVG,
) -> bytes:
    """Return the figure of an auction's outcomes, by the mechanism's name.

    A grey bar is a bidder's highest bid, a mark what it pays; who gets nothing has no mark.
    Raises `BadInput` for no outcome, no bidder, and for more than forty.
    """
    bidders = auction.bidders
    if not outcomes or not bidders:
        raise BadInput("auction: there is nothing to draw")
    if len(bidders) > _BIDDERS_MAX:
        raise BadInput(f"auction: {len(bidders)} bidders are more than a figure can tell apart")

    def onto(figure: Figure) -> None:
        axes = figure.add_subplot()
        highest = [max(bid.amount.minor for bid in auction.bids_of(one)) for one in bidders]
        axes.barh(range(len(bidders)), highest, height=0.62, color=FAINT, label=_BID.said(language))
        for k, (name, outcome) in enumerate(outcomes.items()):
            offset = (k - (len(outcomes) - 1) / 2) * 0.5 / len(outcomes)
            served = [
                (row, outcome.paid_by(one).minor)
                for row, one in enumerate(bidders)
                if outcome.award_of(one) is not None
            ]
            label = f"{name} ({_REVENUE.said(language)} {short(outcome.revenue)})"
            axes.plot(
                [paid for _, paid in served],
                [row + offset for row, _ in served],
                "oD^sv<>"[k % 7],
                color=PALETTE[k % len(PALETTE)],
                ms=7,
                mec=INK,
                mew=0.6,
                ls="none",
                label=label,
                clip_on=False,
                zorder=3,
            )
        axes.set_yticks(range(len(bidders)), bidders)
        axes.set_ylim(len(bidders) - 0.4, -0.6)
        axes.set_xlim(
            left=min(0, *(p.amount.minor for o in outcomes.values() for p in o.payments), 0)
        )
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        lines = -(-(len(outcomes) + 1) // 3)
        axes.set_title(_TITLE.said(language), pad=12 + 16 * lines)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, fontsize=9)
        money_axis(axes, "x", auction.currency, _AXIS.said(language))

    size = (8.0, 1.9 + 0.5 * len(bidders))
    return drawn(onto, language=language, form=form, size=size)

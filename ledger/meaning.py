"""The rules of a kind that need more than a reference: times, money, whose thing it is.

Each rule looks at one entry and at everything before it, and yields what is broken.  The first
line of each docstring stands in the table of docs/ledger-format.md.
"""

# long because: the table of rules a kind is read whole, and it refers to them all

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from ledger.access import access_counted, access_not_withheld, access_of_buyer
from ledger.activities import (
    activity_told,
    activity_withdrawable,
    activity_within_right,
    inputs_in_line,
)
from ledger.acts import parse_time
from ledger.agreeing import (
    amendable,
    amended_within_scenario,
    answers_once,
    answers_proposal,
    arbiter_apart,
    as_proposed,
    claims_for_buyer,
    delivers_what_is_due,
    dispute_named,
    ends_with_cause,
    its_trade_undisputed,
    may_dispute,
    no_period_held,
    none_proposed,
    over,
    renewed_undisputed,
    runs_on,
    silence_long_enough,
    trade_undisputed,
    use_runs,
    within_its_quote,
)
from ledger.auctions import (
    auction_cancellable,
    auction_cleared,
    auction_opened,
    bid_in_time,
    bid_opened,
    payments_within_bids,
    price_of_auction,
    reserve_opened,
    seed_opened,
)
from ledger.bargaining import (
    ending_negotiation,
    negotiating_party,
    negotiation_opened,
    negotiation_runs,
    offer_in_turn,
    offer_stands,
    price_negotiated,
)
from ledger.demands import (
    answer_told,
    closed_rightly,
    demand_over,
    demand_runs,
    posting_runs,
)
from ledger.deposits import deposit_due
from ledger.documents import (
    attached_by_right_party,
    attached_dates,
    attached_once,
    attached_to_sheet,
    attachment_open,
    verified_by_third_party,
    verified_for_sheet,
    verified_in_time,
)
from ledger.dues import entry_there, paid_as_published, paid_by_its_user
from ledger.engagements import (
    either_party,
    ending_party,
    engaged_party,
    engagement_offered,
    engagement_taken,
    paying_party,
)
from ledger.entries import Entry
from ledger.erasure import commitments_listed, erasable, request_open
from ledger.exclusive import (
    exclusive_as_quoted,
    grant_spares_uses,
    renewal_apart,
    use_apart,
    use_told,
)
from ledger.fees import fees_after_their_notice, fees_fit, house_takes_its_fee
from ledger.grades import (
    grade_inherited,
    grade_known,
    never_core,
    purposes_inherited,
    purposes_still_allowed,
)
from ledger.kinds import KINDS
from ledger.merchants import (
    assessors_licensed,
    identity_evidenced,
    identity_stands,
    licence_dated,
    licence_runs,
    licence_standing,
    licences_named,
    signed_under_licence,
)
from ledger.modes import mode_told
from ledger.netting import (
    cycle_of_day,
    deal_about_own,
    deal_in_order,
    deal_party,
    deal_released,
    deal_sides,
    deal_taken,
    default_open,
    layers_make_amount,
    out_of_default,
    own_part,
    received_or_carried,
    something_moves,
)
from ledger.registry import (
    STRICTER_SINCE,
    cancellable,
    change_changes,
    confirmed_now,
    data_registered,
    decision_told,
    dispute_foreign,
    dispute_stands,
    grant_revocable,
    in_no_circle,
    notice_due,
    objection_stands,
    objects_once,
    own_or_operator,
    own_product,
    registered_since,
    registration_stands,
    supplier_of,
    taker_fit,
    term_runs,
    term_to_come,
    transfer_founded,
    unconfirmed,
    undisputed,
    unopposed,
)
from ledger.rights import (
    grant_apart,
    grant_not_ended,
    grant_well_formed,
    grant_within,
    lineage_processed,
    operating_claimed,
    parents_processed,
    rights_claimed,
    use_not_foreign,
)
from ledger.samples import drawn_by_notice
from ledger.scenarios import (
    approved_as_reviewed,
    filing_told,
    grant_within_scenario,
    limits_told,
    referred_with_grounds,
    reviewer_apart,
    revoked_by_right_party,
    scenario_of_buyer,
    scenario_over,
    scenario_stands,
)
from ledger.scores import met_within_expected, scores_well_formed
from ledger.settling import (
    all_that_is_held,
    award_lines,
    award_within,
    awarded,
    overdue,
    part_earned,
    part_of_escrow,
    refund_within,
    taken_back,
    to_the_buyer,
)
from ledger.signers import (
    key_held,
    key_never_shown,
    key_revocable,
    key_taken_into_use,
    keys_of,
    log_key_new,
    one_log_after,
    one_log_before,
)
from ledger.similarity import similarity_told
from ledger.subscriptions import (
    authorised_further,
    ended_with_its_period,
    overdue_once,
    renewed_in_turn,
    renewed_within_scenario,
    settled_once,
    subscription_named,
)
from ledger.usage import (
    billed_in_turn,
    billed_unopposed,
    billed_within_cap,
    budget_left_alone,
    closed_when_billed,
    contested_in_time,
    decided_once,
    ended_by_party,
    metered_by_server,
    metered_in_order,
    metered_within_budget,
    metered_within_scenario,
    not_on_trial,
    nothing_unbilled,
    part_as_billed,
    settled_whole,
    trial_named,
    usage_named,
    while_use_lasts,
)
from ledger.view import Broken, View, newest, operator_of, pack_in_force, roles_of
from ledger.withdrawals import amount_above_zero, withdrawal_open, withdrawal_told

Rule = Callable[[Entry, View], Iterator[Broken]]
_DAY = dt.timedelta(days=1)
_WORDS = frozenset({"compliance.attested", "quality.reviewed", "listing.vetted"})


def _first_entries(entry: Entry, view: View) -> Iterator[Broken]:
    """Require entry 1 of the log, the participant of entry 0, and the exchange the log names."""
    key = newest(view, f"participant/{entry.actor}", "participant.key")
    if entry.place not in {None, 1} or key is None or key.place not in {None, 0}:
        yield Broken("opening", "exchange.opened is entry 1, by the participant of entry 0")
    if entry.subject != f"exchange/{entry.log}":
        yield Broken("opening", f"{entry.subject} is not the exchange of this log")


def _roles_apart(entry: Entry, view: View) -> Iterator[Broken]:
    """Require at least one role, never operator, and never for the operator itself."""
    roles = entry.facts["roles"]
    if not roles:
        yield Broken("role", "an admission names at least one role")
    if "operator" in roles:
        yield Broken("role", "the operator is who opened the exchange: nobody else is admitted so")
    if entry.subject == f"participant/{operator_of(view, entry.log)}":
        yield Broken("role", "the operator cannot stand in another role of its own exchange")


def _listed_before_its_end(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001
    """Require a `since` no later than `until`, nor than the day of the entry."""
    facts = entry.facts
    if facts["since"] > min(facts["until"], entry.time[:10]):
        yield Broken("expiry", f"what began on {facts['since']} is listed until {facts['until']}")


def _notice_long_enough(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an `until` at least the exchange's `notice_seconds` after the entry's time."""
    opened = newest(view, f"exchange/{entry.log}", "exchange.opened")
    if opened is None:
        yield Broken("notice", "the exchange has not declared a notice window")
        return
    window = parse_time(entry.facts["until"], "until") - parse_time(entry.time, "time")
    if window.total_seconds() < opened.facts["notice_seconds"]:
        yield Broken("notice", "the notice is shorter than the rules of the house say")


def _notice_open(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the notice has not ended."""
    notice = newest(view, entry.subject, "notice.opened")
    if notice and entry.time >= notice.facts["until"]:
        yield Broken("notice", f"the public notice ended at {notice.facts['until']}")


def _objections_in_order(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an `objection` that is open, and the `outcome` dismissed or upheld."""
    yield from objection_stands(entry, view)
    if entry.facts["outcome"] not in {"dismissed", "upheld"}:
        yield Broken("outcome", "objection.closed.outcome: must be dismissed or upheld")


def _notice_has_run(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the notice has ended and that no objection is open."""
    notice = newest(view, entry.subject, "notice.opened")
    if notice and entry.time < notice.facts["until"]:
        yield Broken("notice", f"the public notice runs until {notice.facts['until']}")
    yield from unopposed(entry, view)


def _outcome_known(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require the `outcome` passed or refused."""
    if entry.facts["outcome"] not in {"passed", "refused"}:
        yield Broken("outcome", f"{entry.kind}.outcome: must be passed or refused")


def _pack_applied(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the rule pack that the exchange opened with, or adopted last."""
    pack = pack_in_force(view, entry.log)
    if entry.facts["pack"] != pack:
        yield Broken("pack", f"the exchange applies the rule pack {str(pack)[:16]}…")


def _decision_known(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require the `decision` approved, returned or rejected."""
    if entry.facts["decision"] not in {"approved", "returned", "rejected"}:
        yield Broken("outcome", f"{entry.kind}.decision: must be approved, returned or rejected")


def _vets_or_assesses(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that whoever vets this sheet and data, from 2027 on any, does not assess the product.

    Before or after; until then an exchange asked it sheet by sheet.
    """
    assessing = ("compliance.attested", "quality.reviewed")
    for kind in assessing if entry.kind not in assessing else ("listing.vetted",):
        for other in view.of_kind(entry.subject, kind):
            same = all(other.facts[name] == entry.facts[name] for name in ("sheet", "data"))
            if (same or entry.time >= STRICTER_SINCE) and other.actor == entry.actor:
                yield Broken("party", f"{entry.actor} signed the other part at {other.named}")


def _rules_attested(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require at least one rule."""
    if not entry.facts["rules"]:
        yield Broken("rules", "an attestation names at least one rule")


def _no_rule_fired(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require an empty `fired` if passed, and only then."""
    if (entry.facts["outcome"] == "passed") != (not entry.facts["fired"]):
        yield Broken("verdict", "a verdict passes if and only if no rule is left fired")


def _dated_today(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require `on` to be the day of the entry's time, give or take one for time zones."""
    day = parse_time(entry.time, "time").date()
    if abs(dt.date.fromisoformat(entry.facts["on"]) - day) > _DAY:
        yield Broken("expiry", f"a verdict of {day} cannot be dated {entry.facts['on']}")


def _attestation_current(entry: Entry, view: View) -> Iterator[Broken]:
    """Require, if passed, that the attestation has not ended on the day `on`."""
    if entry.facts["outcome"] == "passed":
        yield from _ended_attestations(entry, entry.facts["on"], view)


def _nobody_refuses(entry: Entry, view: View) -> Iterator[Broken]:
    """Require, if passed, that no assessor's newest word on sheet, data and pack is refused.

    Refusals that have ended do not count, nor those of assessors no longer in that role, nor those
    signed under a licence that was withdrawn; but an assessor's own pass does not come back with
    the end of its refusal.
    """
    if entry.facts["outcome"] != "passed":
        return
    heard: set[str] = set()
    passed = False
    for found in view.of_kind(entry.subject, "compliance.attested"):
        same = all(found.facts[name] == entry.facts[name] for name in ("sheet", "data", "pack"))
        if not same or found.actor in heard:
            continue
        heard.add(found.actor)
        passed = passed or found.facts["outcome"] == "passed"
        in_force = found.facts["until"] >= entry.facts["on"] and not KINDS[
            found.kind
        ].roles.isdisjoint(roles_of(view, found.actor, entry.log))
        if found.facts["outcome"] != "refused" or not in_force:
            continue
        if signed_under_licence(view, found):
            yield Broken("verdict", f"the assessor {found.actor} refused at {found.named}")
    if heard and not passed:
        yield Broken("verdict", "every assessor who passed it has refused it since")


def _ended_attestations(verdict: Entry, day: str, view: View) -> Iterator[Broken]:
    for _, leaf in verdict.refs:
        found = view.by_leaf(leaf)
        if found and found.kind == "compliance.attested" and found.facts["until"] < day:
            yield Broken("expiry", f"the attestation ended on {found.facts['until']}")


def _words_of_what_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require, if passed, that what it rests on was signed since the last change or transfer."""
    if entry.facts["outcome"] != "passed":
        return
    since = registered_since(view, entry.subject)
    for _, leaf in entry.refs:
        found = view.by_leaf(leaf)
        if found and found.kind in _WORDS and found.version < since:
            yield Broken("verdict", f"{found.named} is about what stood registered before")


def _verdict_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the attestation behind the verdict has not ended."""
    verdict = newest(view, entry.subject, "compliance.verdict")
    if verdict:
        yield from _ended_attestations(verdict, entry.time[:10], view)


def _listing_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the newest verdict on what is listed is passed and its attestation not ended."""
    yield from _listed_on(entry, entry.time[:10], view)


def _listing_stood(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that this verdict passed, its attestation not ended until delisting, if there was."""
    delisted = newest(view, f"product/{entry.facts['product']}", "listing.delisted")
    yield from _listed_on(entry, (delisted or entry).time[:10], view)


def _listed_on(entry: Entry, day: str, view: View) -> Iterator[Broken]:
    product = f"product/{entry.facts['product']}"
    listing = newest(view, product, "listing.published")
    if listing is None:
        return  # the kind's needs say so
    for verdict in view.of_kind(product, "compliance.verdict"):
        if all(verdict.facts[name] == listing.facts[name] for name in ("sheet", "data")):
            if verdict.facts["outcome"] != "passed":
                yield Broken("verdict", f"{product} was refused at {verdict.named}")
            yield from _ended_attestations(verdict, day, view)
            return


def _own_listing(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the supplier who registered the product, or the operator."""
    yield from own_or_operator(entry, view)


def _in_time(kind: str, by: str) -> Rule:
    def check(entry: Entry, view: View) -> Iterator[Broken]:
        found = newest(view, f"{KINDS[kind].subject}/{entry.facts[by]}", kind)
        if found and entry.time > found.facts["until"]:
            yield Broken("expiry", f"{found.subject} ended at {found.facts['until']}")

    check.__doc__ = f"Require that the {by} has not ended."
    return check


def _quoted_to_buyer(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the price was quoted to the buyer and that no other order took the quote."""
    quote = newest(view, f"quote/{entry.facts['quote']}", "price.quoted")
    if quote and quote.facts["buyer"] != entry.actor:
        yield Broken("quote", f"the price was quoted to {quote.facts['buyer']}")
    # A trade bears the number of its quote, so another order would stand in this subject.
    if newest(view, entry.subject, "trade.ordered"):
        yield Broken("quote", "the quote was used already")


def _party_to_trade(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the buyer who ordered, the product's supplier, or the operator."""
    order = newest(view, entry.subject, "trade.ordered")
    product = f"product/{order.facts['product']}" if order else ""
    parties = {order.actor if order else None, supplier_of(view, product)}
    if entry.actor not in parties | {operator_of(view, entry.log)}:
        yield Broken("party", f"{entry.actor} is no party to {entry.subject}")


def _recipient_is_buyers(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the recipient of the buyer's newest key."""
    order = newest(view, entry.subject, "trade.ordered")
    keys = keys_of(view, order.actor, entry.time) if order else ()
    if order and (not keys or keys[0].recipient != entry.facts["recipient"]):
        yield Broken("recipient", "the data is not sealed to the buyer's recipient")


def _lines_make_amount(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require lines in the currency of `amount` that sum to it."""
    amount = entry.facts["amount"]
    lines = entry.facts["lines"]
    if any(line["amount"]["currency"] != amount["currency"] for line in lines):
        yield Broken("money", "the lines are in more than one currency")
    paid = sum(line["amount"]["minor"] for line in lines)
    if paid != amount["minor"]:
        yield Broken("money", f"the lines sum to {paid}, the amount is {amount['minor']}")


def _band_of_price(entry: Entry, view: View) -> Iterator[Broken]:
    """Require `low` ≤ `mid` ≤ `high`, in the currency that was paid."""
    settled = newest(view, entry.subject, "settlement.executed")
    if settled is None:
        return  # the kind's needs say so
    band = [entry.facts[end] for end in ("low", "mid", "high")]
    paid = settled.facts["amount"]["currency"]
    if {end["currency"] for end in band} != {paid}:
        yield Broken("money", f"the estimate is not in {paid}, which was paid")
    ends = [end["minor"] for end in band]
    if ends != sorted(ends):
        yield Broken("money", f"an estimate from {ends[0]} by {ends[1]} to {ends[2]} is none")


MEANING: Mapping[str, tuple[Rule, ...]] = {
    "participant.key": (key_never_shown,),
    "key.shown": (key_held,),
    "key.added": (key_taken_into_use,),
    "key.revoked": (key_revocable,),
    "exchange.opened": (_first_entries, one_log_before),
    "log.key_added": (log_key_new,),
    "log.closed": (one_log_after,),
    "licence.required": (licences_named,),
    "identity.verified": (identity_evidenced,),
    "participant.admitted": (_roles_apart, identity_stands, out_of_default),
    "licence.recorded": (licence_dated,),
    "licence.withdrawn": (licence_standing,),
    "negative.listed": (_listed_before_its_end,),
    "product.registered": (rights_claimed, parents_processed),
    "right.granted": (
        grant_well_formed,
        grant_within,
        grant_apart,
        grant_spares_uses,
        registration_stands,
    ),
    "right.revoked": (grant_not_ended, grant_revocable),
    "similarity.found": (similarity_told,),
    "notice.opened": (_notice_long_enough, notice_due),
    "objection.filed": (_notice_open, objects_once),
    "objection.withdrawn": (objection_stands,),
    "objection.closed": (_objections_in_order,),
    "compliance.attested": (
        _outcome_known,
        _rules_attested,
        _pack_applied,
        licence_runs,
        _vets_or_assesses,
    ),
    "registration.confirmed": (
        _notice_has_run,
        data_registered,
        unconfirmed,
        term_to_come,
    ),
    "registration.changed": (
        own_product,
        undisputed,
        term_runs,
        change_changes,
        parents_processed,
        in_no_circle,
    ),
    "transfer.offered": (own_product, undisputed, term_runs, taker_fit),
    "registration.transferred": (transfer_founded,),
    "registration.renewed": (own_product, term_to_come),
    "registration.cancelled": (own_or_operator, cancellable),
    "dispute.opened": (dispute_foreign,),
    "dispute.withdrawn": (dispute_stands,),
    "dispute.decided": (dispute_stands, decision_told),
    "activity.recorded": (activity_told, activity_within_right, inputs_in_line),
    "activity.withdrawn": (activity_withdrawable,),
    "inspection.recorded": (data_registered,),
    "sheet.submitted": (
        own_product,
        data_registered,
        grade_known,
        grade_inherited,
        purposes_inherited,
        in_no_circle,
    ),
    "grade.set": (grade_known,),
    "sample.drawn": (drawn_by_notice,),
    "quality.measured": (met_within_expected,),
    "quality.reviewed": (scores_well_formed, licence_runs, _vets_or_assesses),
    "document.attached": (
        attached_by_right_party,
        attached_dates,
        attached_to_sheet,
        attached_once,
        licence_runs,
    ),
    "document.verified": (
        attachment_open,
        verified_by_third_party,
        verified_in_time,
        verified_for_sheet,
        licence_runs,
    ),
    "document.rejected": (attachment_open, verified_by_third_party),
    "document.withdrawn": (attachment_open,),
    "listing.requested": (own_product,),
    "compliance.verdict": (
        _outcome_known,
        _no_rule_fired,
        _dated_today,
        _attestation_current,
        _nobody_refuses,
        _words_of_what_stands,
        _pack_applied,
        assessors_licensed,
    ),
    "listing.published": (
        _verdict_stands,
        operating_claimed,
        lineage_processed,
        in_no_circle,
        grade_inherited,
        purposes_inherited,
        never_core,
        data_registered,
        confirmed_now,
        registration_stands,
    ),
    "listing.vetted": (_decision_known, _vets_or_assesses, _pack_applied),
    "listing.delisted": (_own_listing,),
    "scenario.filed": (_listing_stands, registration_stands, filing_told),
    "scenario.referred": (_pack_applied, referred_with_grounds),
    "scenario.reviewed": (_pack_applied, licence_runs, reviewer_apart, limits_told),
    "scenario.approved": (_pack_applied, approved_as_reviewed),
    "scenario.refused": (_pack_applied,),
    "scenario.revoked": (revoked_by_right_party,),
    "scenario.expired": (scenario_over,),
    "demand.posted": (posting_runs,),
    "demand.answered": (demand_runs, answer_told),
    "demand.closed": (closed_rightly,),
    "demand.expired": (demand_over,),
    "price.quoted": (
        mode_told,
        price_negotiated,
        price_of_auction,
        _listing_stands,
        registration_stands,
        grade_inherited,
        purposes_still_allowed,
        _in_time("scenario.approved", "scenario"),
        scenario_of_buyer,
    ),
    "trade.ordered": (
        _listing_stands,
        registration_stands,
        grade_inherited,
        purposes_still_allowed,
        _in_time("price.quoted", "quote"),
        _in_time("scenario.approved", "scenario"),
        _quoted_to_buyer,
    ),
    "trade.contracted": (
        _listing_stands,
        registration_stands,
        own_product,
        grade_inherited,
        purposes_still_allowed,
        within_its_quote,
        scenario_stands,
        grant_within_scenario,
        use_not_foreign,
        exclusive_as_quoted,
        use_apart,
        lineage_processed,
    ),
    "use.reserved": (use_told,),
    "negotiation.opened": (
        _listing_stands,
        registration_stands,
        _in_time("scenario.approved", "scenario"),
        negotiation_opened,
    ),
    "negotiation.offered": (
        _listing_stands,
        registration_stands,
        negotiating_party,
        negotiation_runs,
        offer_in_turn,
    ),
    "negotiation.accepted": (
        _listing_stands,
        registration_stands,
        negotiating_party,
        negotiation_runs,
        offer_stands,
    ),
    "negotiation.ended": (ending_negotiation,),
    "auction.opened": (_listing_stands, registration_stands, own_product, auction_opened),
    "bid.placed": (_listing_stands, registration_stands, bid_in_time),
    "bid.opened": (bid_opened,),
    "auction.reserve_opened": (reserve_opened,),
    "auction.seed_opened": (seed_opened,),
    "auction.cleared": (auction_cleared, payments_within_bids),
    "auction.cancelled": (auction_cancellable,),
    "bid.forfeited": (deposit_due,),
    "bid.returned": (deposit_due,),
    "trade.lapsed": (_party_to_trade,),
    "trade.cancelled": (all_that_is_held, no_period_held, trade_undisputed, nothing_unbilled),
    "delivery.made": (
        scenario_stands,
        _recipient_is_buyers,
        delivers_what_is_due,
        trade_undisputed,
        use_runs,
        registration_stands,
        never_core,
        _listing_stood,
        not_on_trial,
    ),
    "delivery.received": (answers_once, trade_undisputed),
    "delivery.deemed": (answers_once, trade_undisputed, silence_long_enough),
    "refund.made": (
        trade_undisputed,
        to_the_buyer,
        refund_within,
        no_period_held,
        budget_left_alone,
    ),
    "refund.claimed": (
        claims_for_buyer,
        trade_undisputed,
        to_the_buyer,
        overdue,
        no_period_held,
        budget_left_alone,
    ),
    "trade.disputed": (may_dispute,),
    "trade.undisputed": (dispute_named,),
    "trade.arbitrated": (
        dispute_named,
        arbiter_apart,
        all_that_is_held,
        _lines_make_amount,
        award_lines,
        award_within,
    ),
    "trade.reversed": (to_the_buyer, awarded, taken_back),
    "amendment.proposed": (
        amendable,
        none_proposed,
        trade_undisputed,
        use_runs,
        runs_on,
        amended_within_scenario,
    ),
    "amendment.accepted": (
        answers_proposal,
        as_proposed,
        amendable,
        trade_undisputed,
        use_runs,
        runs_on,
        amended_within_scenario,
        _listing_stands,
        registration_stands,
        grade_inherited,
        purposes_still_allowed,
        scenario_stands,
        use_not_foreign,
        lineage_processed,
    ),
    "amendment.declined": (answers_proposal,),
    "trade.ended": (ends_with_cause, trade_undisputed, to_the_buyer, nothing_unbilled),
    "trade.retired": (over,),
    "access.granted": (access_counted, access_of_buyer, access_not_withheld),
    "engagement.proposed": (engagement_offered,),
    "engagement.accepted": (engagement_taken,),
    "engagement.declined": (either_party,),
    "engagement.delivered": (engaged_party,),
    "engagement.paid": (paying_party,),
    "engagement.cancelled": (ending_party,),
    "deal.filed": (deal_sides, deal_in_order, deal_about_own),
    "deal.confirmed": (deal_taken,),
    "deal.declined": (deal_party,),
    "deal.ended": (deal_released,),
    "guarantee.contributed": (own_part,),
    "guarantee.returned": (own_part,),
    "cycle.closed": (cycle_of_day,),
    "netting.paid": (something_moves,),
    "default.declared": (layers_make_amount,),
    "guarantee.used": (something_moves,),
    "netting.received": (received_or_carried,),
    "default.cured": (default_open,),
    "erasure.requested": (erasable,),
    "erasure.refused": (request_open,),
    "erasure.executed": (erasable, request_open, commitments_listed),
    "settlement.executed": (
        _lines_make_amount,
        house_takes_its_fee,
        settled_whole,
        all_that_is_held,
        trade_undisputed,
    ),
    "subscription.authorised": (subscription_named, authorised_further),
    "subscription.renewed": (
        subscription_named,
        renewed_in_turn,
        renewed_within_scenario,
        renewed_undisputed,
        renewal_apart,
        _listing_stands,
        registration_stands,
        grade_inherited,
        purposes_still_allowed,
    ),
    "subscription.overdue": (subscription_named, overdue_once),
    "subscription.ended": (subscription_named, ended_with_its_period),
    "subscription.settled": (
        subscription_named,
        settled_once,
        _lines_make_amount,
        house_takes_its_fee,
        its_trade_undisputed,
    ),
    "subscription.refunded": (subscription_named, settled_once, its_trade_undisputed),
    "trial.granted": (trial_named,),
    "usage.metered": (
        usage_named,
        metered_by_server,
        metered_in_order,
        metered_within_budget,
        metered_within_scenario,
        while_use_lasts,
    ),
    "usage.contested": (usage_named, contested_in_time),
    "usage.decided": (usage_named, decided_once),
    "usage.billed": (usage_named, billed_in_turn, billed_unopposed, billed_within_cap),
    "usage.ended": (while_use_lasts, usage_named, ended_by_party),
    "usage.closed": (closed_when_billed, trade_undisputed),
    "settlement.part": (
        _lines_make_amount,
        house_takes_its_fee,
        part_of_escrow,
        part_earned,
        part_as_billed,
        trade_undisputed,
    ),
    "account.withdrawn": (withdrawal_told, withdrawal_open),
    "withdrawal.requested": (amount_above_zero,),
    "withdrawal.failed": (withdrawal_open,),
    "fees.published": (fees_after_their_notice, fees_fit),
    "certificate.requested": (entry_there,),
    "service.charged": (paid_by_its_user, paid_as_published),
    "price.estimated": (_band_of_price,),
}

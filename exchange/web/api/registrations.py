"""The register: what data is like, what becomes of a claim, disputes, and activities."""

from __future__ import annotations

from typing import Any

from exchange.registration import Product
from exchange.services import (
    change_registration,
    dispute_registration,
    record_activity,
    renew_registration,
    transfer_registration,
)
from exchange.services.find_similar import in_others_ppm, similar_now
from exchange.services.registration_history import history_of
from exchange.web.acts import for_act, handed_in, openings_of, product_head, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import ActivitiesShape, HistoryShape, ProductShape, SimilarShape
from exchange.web.api.requests import Change, Committed, Signed
from exchange.web.gate import caller, floor

registrations = Noun("registrations", path="/products")


@registrations.read("/<number>/similar")
@registrations.gives(SimilarShape)
def similar(number: str) -> dict[str, Any]:
    """Return what is registered and like a product's data today, the most alike first."""
    with floor().read() as work:
        found = similar_now(number, work)
        return {
            "similar": [match.to_record() for match in found],
            "in_others_ppm": in_others_ppm(found, work.products.get(number).supplier),
        }


@registrations.read("/<number>/registration")
@registrations.gives(HistoryShape)
def show(number: str) -> dict[str, Any]:
    """Return every act of the register about a product, oldest first."""
    with floor().read() as work:
        return {"history": [each.to_record() for each in history_of(number, work)]}


@registrations.write("/<number>/registration/changes")
@registrations.takes(Change, "multipart")
@registrations.gives(ProductShape)
def change(body: dict[str, Any], number: str) -> Product:
    """Register other data for a product, or without a file other particulars."""
    signed = signed_act(body, f"product/{number}")
    evidence = [document.read() for document in body["evidence"]]
    checked = for_act(signed, product_head(number))
    if not body.keys() & {"file", "upload"}:
        return change_registration.change_registration(
            signed, None, name=body["name"], evidence=evidence, floor=checked
        )
    with handed_in(body, signed) as file:
        return change_registration.change_registration(
            signed, file, name=body["name"], evidence=evidence, floor=checked
        )


@registrations.write("/<number>/registration/offers")
@registrations.takes(Committed)
@registrations.gives(ProductShape, 201)
def offer(body: dict[str, Any], number: str) -> Product:
    """Offer a registration to another supplier."""
    signed = signed_act(body, f"product/{number}")
    return transfer_registration.offer_transfer(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@registrations.write("/<number>/registration/transfer")
@registrations.takes(Signed)
@registrations.gives(ProductShape)
def take(body: dict[str, Any], number: str) -> Product:
    """Take a registration over that is offered."""
    signed = signed_act(body, f"product/{number}")
    return transfer_registration.take_transfer(signed, floor=for_act(signed, product_head(number)))


@registrations.write("/<number>/registration/renewal")
@registrations.takes(Signed)
@registrations.gives(ProductShape)
def renew(body: dict[str, Any], number: str) -> Product:
    """Renew a registration, before or after its term has ended."""
    signed = signed_act(body, f"product/{number}")
    return renew_registration.renew_registration(
        signed, floor=for_act(signed, product_head(number))
    )


@registrations.write("/<number>/registration/cancellation")
@registrations.takes(Signed)
@registrations.gives(ProductShape)
def cancel(body: dict[str, Any], number: str) -> Product:
    """Cancel a registration, or take a claim on notice back: listing and rights in it end."""
    signed = signed_act(body, f"product/{number}")
    return renew_registration.cancel_registration(
        signed, floor=for_act(signed, product_head(number))
    )


@registrations.write("/<number>/disputes")
@registrations.takes(Committed)
@registrations.gives(ProductShape, 201)
def dispute(body: dict[str, Any], number: str) -> Product:
    """Dispute a confirmed registration; it and what came of it leave the board."""
    signed = signed_act(body, f"product/{number}")
    return dispute_registration.open_dispute(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@registrations.write("/<number>/disputes/withdrawal")
@registrations.takes(Signed)
@registrations.gives(ProductShape)
def withdraw(body: dict[str, Any], number: str) -> Product:
    """Withdraw a dispute."""
    signed = signed_act(body, f"product/{number}")
    return dispute_registration.withdraw_dispute(
        signed, floor=for_act(signed, product_head(number))
    )


@registrations.write("/<number>/disputes/decision")
@registrations.takes(Committed)
@registrations.gives(ProductShape)
def decide(body: dict[str, Any], number: str) -> Product:
    """Decide a dispute and carry the decision out."""
    signed = signed_act(body, f"product/{number}")
    return dispute_registration.decide_dispute(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@registrations.read("/<number>/activities")
@registrations.gives(ActivitiesShape)
def activities(number: str) -> dict[str, Any]:
    """Return the activities on a product; costs to who recorded them and its supplier alone."""
    with floor().read() as work:
        found = record_activity.activities_of(number, work, reader=caller().id)
    return {"activities": [each.to_record() for each in found]}


@registrations.write("/<number>/activities")
@registrations.takes(Committed)
@registrations.gives(ProductShape, 201)
def act(body: dict[str, Any], number: str) -> Product:
    """Record an activity on the data of a product."""
    signed = signed_act(body, f"product/{number}")
    return record_activity.record_activity(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@registrations.write("/<number>/activities/withdrawal")
@registrations.takes(Signed)
@registrations.gives(ProductShape)
def withdraw_activity(body: dict[str, Any], number: str) -> Product:
    """Take back an activity that one has recorded, which the act names."""
    signed = signed_act(body, f"product/{number}")
    return record_activity.withdraw_activity(signed, floor=for_act(signed, product_head(number)))

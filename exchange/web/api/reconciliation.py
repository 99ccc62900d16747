"""Reconciliation: what must be true of the money, checked for the operator when it asks."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from exchange.participants import Role
from exchange.records import to_record
from exchange.services.check_money import check_money
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Strict
from exchange.web.gate import caller, floor

reconciliation = Noun("reconciliation", path="/reconciliation")


class CheckShape(Strict):
    """One thing that must be true, and what breaks it: nothing where all is well."""

    rule = ma.fields.String(required=True)
    faults = ma.fields.List(ma.fields.String(), required=True)


class ReconciliationShape(Strict):
    """Every check of the money, and whether all of them hold."""

    passed = ma.fields.Boolean(required=True)
    checks = ma.fields.List(ma.fields.Nested(CheckShape), required=True)


@reconciliation.read("")
@reconciliation.gives(ReconciliationShape)
def check() -> dict[str, Any]:
    """Check the money as it is, for the operator; it reads the whole log and changes nothing."""
    caller().require(Role.OPERATOR)
    checks = check_money(floor=floor())
    passed = not any(check.faults for check in checks)
    return {"passed": passed, "checks": [to_record(check) for check in checks]}

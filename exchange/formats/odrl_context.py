"""The JSON-LD context of ODRL 2.2, so that none has to be fetched.

It is that of the ODRL Vocabulary but for two slips of the published one, which takes `neq` to
`odrl:neg` and `industry` to `odrl:industry:`; neither is a term of ODRL.  A policy of ours writes
`odrl:neq`, which both contexts read alike.
"""

from __future__ import annotations

from typing import Any, Final

from exchange.policy.vocabulary import CC, CONTEXT, INCLUDED_IN, ODRL, OWN

CONTEXTS: Final = frozenset(
    {CONTEXT, CONTEXT.replace("http:", "https:"), ODRL, "https://www.w3.org/ns/odrl/2/"}
)
_NAMESPACES: Final = {
    "odrl": ODRL,
    "cc": CC,
    "guapai": OWN,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "http://schema.org/",
}
_NODES: Final = """
    profile inheritFrom relation hasPolicy target output partOf source assignee assigner assigneeOf
    assignerOf attributedParty attributingParty compensatedParty compensatingParty consentingParty
    consentedParty informedParty informingParty trackingParty trackedParty contractingParty
    contractedParty includedIn implies permission prohibition obligation duty consequence remedy
    constraint refinement
"""
_TERMS: Final = "conflict function action operator leftOperand"
_NAMES: Final = """
    Policy Rule ConflictTerm perm prohibit invalid Agreement Assertion Offer Privacy Request Set
    Ticket Asset AssetCollection Party PartyCollection PartyScope Action Permission Prohibition Duty
    Constraint LogicalConstraint Operator RightOperand LeftOperand rightOperand unit status
    absolutePosition absoluteSpatialPosition absoluteTemporalPosition absoluteSize count dateTime
    delayPeriod deliveryChannel elapsedTime event fileFormat industry language media meteredTime
    payAmount percentage product purpose recipient relativePosition relativeSpatialPosition
    relativeTemporalPosition relativeSize resolution spatial spatialCoordinates systemDevice
    timeInterval unitOfCount version virtualLocation eq gt gteq lt lteq neq isA hasPart isPartOf
    isAllOf isAnyOf isNoneOf or xone and andSequence policyUsage
"""

ODRL_CONTEXT: Final[dict[str, Any]] = {
    **_NAMESPACES,
    "uid": "@id",
    "type": "@type",
    "rightOperandReference": {"@id": "odrl:rightOperandReference", "@type": "xsd:anyURI"},
    "dataType": {"@id": "odrl:datatype", "@type": "@id"},
    **{name: {"@id": f"odrl:{name}", "@type": "@id"} for name in _NODES.split()},
    **{name: {"@id": f"odrl:{name}", "@type": "@vocab"} for name in _TERMS.split()},
    **{name: f"odrl:{name}" for name in (*_NAMES.split(), *INCLUDED_IN) if ":" not in name},
}

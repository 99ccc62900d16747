"""Participants: their keys, who they are, their licences, and who may not come in."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import OPERATOR, Fact, Kind, Need, Opening

KINDS: Final = (
    Kind(
        "participant.key",
        "participant",
        "a participant shows its signing key and its age recipient",
        {"public_key": Fact.PUBLIC_KEY, "recipient": Fact.TEXT},
        opening=Opening.DERIVED,
    ),
    Kind(
        "key.shown",
        "key",
        "a participant shows another key that it holds, with an age recipient",
        {"public_key": Fact.PUBLIC_KEY, "recipient": Fact.TEXT, "possession": Fact.SIGNATURE},
        opening=Opening.NAMED,
        once=True,
    ),
    Kind(
        "key.added",
        "participant",
        "a participant takes a key that it has shown into use; older ones end",
        {"key": Fact.KEY_ID, "old_until": Fact.TIME},
        needs=(Need("key.shown", by="key", actor="same"),),
    ),
    Kind(
        "key.revoked",
        "participant",
        "a key is dead: acts under it are refused from here on",
        {"key": Fact.KEY_ID, "reason": Fact.TEXT},
        needs=(Need("participant.key"),),
    ),
    Kind(
        "identity.verified",
        "participant",
        "the operator has verified who the participant is, over documents, until a day",
        {
            "method": Fact.TEXT,
            "signatory": Fact.COMMITMENT,
            "documents": Fact.DIGESTS,
            "until": Fact.DATE,
        },
        roles=OPERATOR,
        needs=(Need("participant.key"),),
    ),
    Kind(
        "participant.admitted",
        "participant",
        "the operator admits a participant in its roles",
        {"roles": Fact.TEXTS, "register": Fact.COMMITMENT},
        roles=OPERATOR,
        needs=(Need("participant.key"), Need("identity.verified", latest=True)),
    ),
    Kind(
        "licence.recorded",
        "participant",
        "the operator has seen a licence of the participant, which runs until a day",
        {
            "licence": Fact.TEXT,
            "number": Fact.COMMITMENT,
            "issuer": Fact.TEXT,
            "until": Fact.DATE,
            "document": Fact.DIGEST,
        },
        roles=OPERATOR,
        needs=(Need("participant.key"),),
    ),
    Kind(
        "licence.withdrawn",
        "participant",
        "a licence of the participant was taken back, or never was one",
        {"licence": Fact.DIGEST, "reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("licence.recorded", leaf="licence"),),
    ),
    Kind(
        "negative.listed",
        "negative",
        "the exchange puts an organisation on its negative list until a day",
        {
            "organisation": Fact.COMMITMENT,
            "reason": Fact.TEXT,
            "source": Fact.TEXT,
            "since": Fact.DATE,
            "until": Fact.DATE,
        },
        roles=OPERATOR,
        opening=Opening.DERIVED,
    ),
    Kind(
        "negative.cleared",
        "negative",
        "the exchange takes the organisation off its negative list",
        {"reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("negative.listed"),),
        once=True,
    ),
    Kind(
        "participant.suspended",
        "participant",
        "the operator suspends a participant; its acts are refused until readmitted",
        {"reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("participant.admitted"),),
    ),
)

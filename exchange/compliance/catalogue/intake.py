"""Chapter F: the file itself.  What cannot be opened at all, the readers have refused."""

from __future__ import annotations

from exchange.compliance.case import ListingCase
from exchange.compliance.rule import Answer, Rule, Severity, Stage, clear, fired, unknown
from exchange.profile import SensitiveKind

NOT_INSPECTED = unknown("the data has not been inspected")

# ASCII is a subset of UTF-8.
_ENCODINGS = frozenset(
    {"ascii", "utf-8", "utf-8-sig", "utf-8-bom", "utf-16", "utf-16-le", "utf-16-be", "gb18030"}
)


def one_encoding(case: ListingCase) -> Answer:
    """F-05: the text decodes under one encoding of the list; a binary format brings its own."""
    if case.profile is None:
        return NOT_INSPECTED
    encoding = case.profile.encoding
    if encoding is None:
        if case.profile.media_type.startswith("text/"):
            return case.signed("F-05", unknown("no encoding was detected in a text file"))
        return clear("the format carries its own encoding")
    if encoding.lower().replace("_", "-") in _ENCODINGS:
        return clear()
    return case.signed("F-05", fired("the encoding is not UTF-8, UTF-16 or GB18030", "encoding"))


def no_credentials(case: ListingCase) -> Answer:
    """F-07: no keys or passwords; where only the shape speaks, an assessor may clear it."""
    if case.profile is None:
        return NOT_INSPECTED
    hits = [f for f in case.profile.sensitive if f.kind is SensitiveKind.CREDENTIAL]
    if any(finding.certain for finding in hits):
        return fired("the file holds credentials", "profile.sensitive")
    if hits:
        return case.signed("F-07", fired("the file may hold credentials", "profile.sensitive"))
    return clear()


RULES = (
    Rule(
        id="F-05",
        statement="One encoding, declared = detected (UTF-8, UTF-8-BOM, UTF-16, GB18030); "
        "bytes decode to 100%",
        basis={"CN": "GB/T 36344 规范性; GB 18030-2022", "EU": "GDPR 5(1)(d)"},
        severity=Severity.ATTEST,
        check=one_encoding,
        evidence="encoding report",
        unlock="a UTF-8 copy, or an attestation that names the rule",
        stage=Stage.INTAKE,
    ),
    Rule(
        id="F-07",
        statement="No credentials or opaque encoded payloads (private keys, cloud keys, JWT, "
        "base64 that decodes to text with identifiers)",
        basis={"CN": "CSL 23; PIPL 51", "EU": "GDPR 32"},
        severity=Severity.BLOCK,
        check=no_credentials,
        evidence="hit list (masked)",
        unlock="a file without them; for an uncertain hit, an attestation that names the rule",
        stage=Stage.INTAKE,
    ),
)

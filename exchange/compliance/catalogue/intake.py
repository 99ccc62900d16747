"""Chapter F: the file itself.

The inspection refuses a file that it cannot read as what it claims to be, naming the rule; a case
tells what it named.  What can be read is looked at through its profile.
"""

from __future__ import annotations

from functools import partial

from exchange.compliance.case import ListingCase
from exchange.compliance.rule import Answer, Outcome, Rule, Severity, Stage, clear, fired, unknown
from exchange.profile import SensitiveKind

NOT_INSPECTED = unknown("the data has not been inspected")
UNANSWERED = unknown("no assessor has answered for it")
ASSESSOR = "an attestation that names the rule"

_READ = clear("the inspection read the file to its end")

# ASCII is a subset of UTF-8.
_ENCODINGS = frozenset(
    {"ascii", "utf-8", "utf-8-sig", "utf-8-bom", "utf-16", "utf-16-le", "utf-16-be", "gb18030"}
)


def read_whole(rule: str, case: ListingCase) -> Answer:
    """F-01 to F-04, F-06, F-08: the inspection came to the end and did not refuse by this rule.

    A file that it refused by another rule was not read to the end: nothing is known then.
    """
    if case.intake is None:
        return NOT_INSPECTED
    if rule in case.intake:
        return fired("the inspection refused the file by this rule", "inspection")
    if case.intake or case.profile is None:
        return unknown("the inspection did not come to the end of the file")
    return _READ


def one_encoding(case: ListingCase) -> Answer:
    """F-05: the text decodes under one encoding of the list; a binary format brings its own."""
    read = read_whole("F-05", case)
    if read.outcome is not Outcome.CLEAR or case.profile is None:
        return read
    encoding = case.profile.encoding
    if encoding is None:
        if case.profile.media_type.startswith("text/"):
            return case.signed("F-05", unknown("no encoding was detected in a text file"))
        return clear()
    if encoding.lower().replace("_", "-") in _ENCODINGS:
        return clear()
    return case.signed("F-05", fired("the encoding is not UTF-8, UTF-16 or GB18030", "encoding"))


def no_credentials(case: ListingCase) -> Answer:
    """F-07: no keys or passwords; where only the shape speaks, an assessor may clear it."""
    if case.profile is None:
        return NOT_INSPECTED
    hits = [f for f in case.profile.sensitive if f.kind is SensitiveKind.CREDENTIAL]
    if True in [finding.certain for finding in hits]:
        return fired("the file holds credentials", "profile.sensitive")
    if hits:
        return case.signed("F-07", fired("the file may hold credentials", "profile.sensitive"))
    return clear()


RULES = (
    Rule(
        id="F-01",
        statement="File opens in its declared format; magic bytes, extension and "
        "declared media type agree",
        basis={
            "CN": "GB/T 36344-2018 可访问性/规范性; GB/T 37932 6.2 (2019 ed.)",
            "EU": "GDPR 5(1)(d); DGA 12(d)",
        },
        severity=Severity.REJECT,
        check=partial(read_whole, "F-01"),
        evidence="file hash, probe log",
        unlock="a file that is what its name says",
        stage=Stage.INTAKE,
    ),
    Rule(
        id="F-02",
        statement="Archive limits: ratio <= 100:1, expanded size <= quota, "
        "nesting <= 2, entries <= 10,000",
        basis={"CN": "CSL 23(2), 50", "EU": "NIS2 21; GDPR 32"},
        severity=Severity.REJECT,
        check=partial(read_whole, "F-02"),
        evidence="probe log",
        unlock="a file within the limits",
        stage=Stage.INTAKE,
    ),
    Rule(
        id="F-03",
        statement="No path traversal, absolute path, drive letter, "
        "symlink/hardlink or device entry in archives and names",
        basis={"CN": "CSL 23(2), 50", "EU": "GDPR 32"},
        severity=Severity.REJECT,
        check=partial(read_whole, "F-03"),
        evidence="probe log",
        unlock="a file without such entries",
        stage=Stage.INTAKE,
    ),
    Rule(
        id="F-04",
        statement="No active content: cells that a spreadsheet would run (= + - @ at the "
        "head of a call, a reference or a sum of cells; neither numbers nor words), "
        "macros, pickle/joblib, HDF5 external links",
        basis={"CN": "CSL 50 (no malicious programs)", "EU": "GDPR 32"},
        severity=Severity.REJECT,
        check=partial(read_whole, "F-04"),
        evidence="cell sample",
        unlock="a file without active content",
        stage=Stage.INTAKE,
    ),
    Rule(
        id="F-05",
        statement="One encoding, declared = detected (UTF-8, UTF-8-BOM, UTF-16, "
        "GB18030); bytes decode to 100%",
        basis={"CN": "GB/T 36344 规范性; GB 18030-2022", "EU": "GDPR 5(1)(d)"},
        severity=Severity.ATTEST,
        check=one_encoding,
        evidence="encoding report",
        unlock="a UTF-8 copy, or an attestation that names the rule",
        stage=Stage.INTAKE,
    ),
    Rule(
        id="F-06",
        statement="Table structure: constant column count, unique non-empty "
        "headers, no NUL, quotes closed, no cell > 1 MiB",
        basis={"CN": "GB/T 36344 规范性/完整性", "EU": "-"},
        severity=Severity.REJECT,
        check=partial(read_whole, "F-06"),
        evidence="probe log",
        unlock="a table that can be read to its end",
        stage=Stage.INTAKE,
    ),
    Rule(
        id="F-07",
        statement="No credentials or opaque encoded payloads (private keys, cloud "
        "keys, JWT, base64 that decodes to text with identifiers)",
        basis={"CN": "CSL 23; PIPL 51", "EU": "GDPR 32"},
        severity=Severity.BLOCK,
        check=no_credentials,
        evidence="hit list (masked)",
        unlock="a file without them; for an uncertain hit, an attestation that names the rule",
        stage=Stage.INTAKE,
    ),
    Rule(
        id="F-08",
        statement="Container metadata sane before allocation: Parquet footer "
        "length < file, row-group offsets in range; NetCDF/HDF5 no "
        "external files",
        basis={"CN": "CSL 23(2)", "EU": "GDPR 32"},
        severity=Severity.REJECT,
        check=partial(read_whole, "F-08"),
        evidence="probe log",
        unlock="a file whose metadata agrees with its bytes",
        stage=Stage.INTAKE,
    ),
)

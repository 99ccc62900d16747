"""The rule pack of the People's Republic of China, registered as `cn`.

DSL, PIPL and CSL are the Data Security, Personal Information Protection and Cybersecurity
Laws (the last in its numbering of 2026), NDSMR the Network Data Security Management
Regulations.  Engineering input, not legal advice.
"""

from __future__ import annotations

from exchange.compliance.catalogue import CATALOGUE
from exchange.compliance.rule import RulePack

# The version moves whenever the outcome of a check may: the digest does not cover code.
PACK = RulePack(name="cn", jurisdiction="CN", version="2026.10", rules=CATALOGUE)

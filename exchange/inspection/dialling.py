"""Codes of countries, and how many digits a number has with its code.

By ITU-T E.164 and the plans that states notify to the ITU (E.129).  Mobile numbers and those of
subscribers in towns; short numbers of services are none.  China's own code, 86, is left out: its
numbers are looked for by their prefixes.
"""

from __future__ import annotations

import re
from typing import Final

# Neither an area nor an exchange begins with 0 or 1.
_NORTH_AMERICA: Final = "1[2-9][0-9]{2}[2-9][0-9]{6}"
# Code and length, or the least and the greatest.
_PLANS: Final = """
7:11 20:11-12 27:11 30:12 31:11 32:10-11 33:11 34:11 36:10-11 39:11-13 40:11 41:11 43:11-13
44:12 45:10 46:10-12 47:10 48:11 49:11-13 51:10-11 52:12-13 53:10 54:12-13 55:12-13 56:11 57:12
58:12 60:11-12 61:11 62:10-14 63:12 64:10-12 65:10 66:11 81:11-12 82:11-12 84:11-12 90:12 91:12
92:12 93:11 94:11 95:10-12 98:12 211:12 212:12 213:11-12 216:11 218:12 220:10 221:12 222:11 223:11
224:11-12 225:11-13 226:11 227:11 228:11 229:11-13 230:10-11 231:11-12 232:11 233:12 234:13 235:11
236:11 237:12 238:10 240:12 241:10-11 242:12 243:12 244:12 245:10-12 248:10 249:12 250:12 251:12
252:11-12 253:11 254:12 255:12 256:12 257:11 258:12 260:12 261:12 262:12 263:12 264:11-12 265:12
266:11 267:11 268:11 269:10 291:10 297:10 350:11 351:12 352:11-12 353:11-12 354:10 355:12 356:11
357:11 358:11-13 359:11-12 370:11 371:11 372:10-11 373:11 374:11 375:12 377:11-12 380:12 381:11-12
382:11 383:11 385:11-12 386:11 387:11 389:11 420:12 421:12 423:10 501:10 502:11 503:11 504:11
505:11 506:11 507:10-11 509:11 590:12 591:11 592:10 593:11-12 594:12 595:12 596:12 597:10 598:11
599:10-11 670:11 673:10 675:11 676:10 677:10 678:10 679:10 685:10 689:11 852:11 853:11 855:11-12
856:12-13 880:13 886:11-12 960:10 961:10-11 962:11-12 963:11-12 964:12-13 965:11 966:12 967:11-12
968:11 970:12 971:11-12 972:11-12 973:11 974:11 975:11 976:11 977:12-13 992:12 993:11 994:12
995:12 996:12 998:12
"""


def _form(plan: str) -> str:
    code, _, lengths = plan.partition(":")
    least, _, most = lengths.partition("-")
    return f"{code}[0-9]{{{int(least) - len(code)},{int(most or least) - len(code)}}}"


_NUMBER: Final = re.compile("|".join((_NORTH_AMERICA, *map(_form, _PLANS.split()))))


def is_international(digits: str) -> bool:
    """Whether digits are a country's code and a number as long as that country's are."""
    return _NUMBER.fullmatch(digits) is not None

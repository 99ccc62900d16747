"""How states that came later are held by the checks and indexes of the first schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from exchange.registration import RegistrationState

# The states that the first schema knew, under which its check and the index of claims stand; a
# registration of another state is held there as the one it is nearest to.
FIRST_STATES: Final[Mapping[RegistrationState, RegistrationState]] = {
    RegistrationState.ON_NOTICE: RegistrationState.ON_NOTICE,
    RegistrationState.OBJECTED: RegistrationState.OBJECTED,
    RegistrationState.CONFIRMED: RegistrationState.CONFIRMED,
    RegistrationState.REJECTED: RegistrationState.REJECTED,
    RegistrationState.DISPUTED: RegistrationState.CONFIRMED,
    RegistrationState.CANCELLED: RegistrationState.REJECTED,
}

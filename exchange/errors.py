"""Everything the exchange can say no with.

    ExchangeError                 failed              1  500
    ├── Unreadable                unreadable          2  400  the input itself is broken
    │   └── BadField              bad_field           2  422  a field breaks its rule
    ├── Unauthenticated           unauthenticated     3  401  no key, or not this key
    ├── Forbidden                 forbidden           3  403  the role may not do this
    ├── NotFound                  not_found           1  404
    ├── Conflict                  conflict            3  409
    │   ├── IllegalTransition     illegal_transition  3  409  not from this state
    │   ├── Stale                 stale               3  412  changed since it was read
    │   └── OffsetDiffers         offset_differs      3  409  a part belongs elsewhere in its file
    ├── Refused                   refused             3  422  a rule of the exchange says no
    │   ├── TooLarge              too_large           3  413  more bytes than are taken in
    │   ├── NotCompliant          not_compliant       3  422  findings block the listing
    │   ├── NoScenario            no_scenario         3  422  no approved scenario covers it
    │   │   └── OutsidePolicy     outside_policy      3  422  the usage policy refuses the use
    │   ├── NoticeRunning         notice_running      3  422  the public notice has not run
    │   ├── TermsDiffer           terms_differ        3  422  not the terms that were frozen
    │   ├── DataDiffer            data_differ         3  422  not the bytes that were assessed
    │   ├── BudgetSpent           budget_spent        3  422  further use could not be billed
    │   └── InsufficientFunds     insufficient_funds  3  422
    ├── Busy                      busy                1  503  nothing was done: try again
    ├── ProviderFailed            provider_failed     1  503  the bank could not be asked: try again
    └── Broken                    broken              1  500  the store contradicts itself

The columns are code, exit code, HTTP status and meaning.

A message names the thing and the rule.  `rules` lists the ids of the compliance rules that
spoke, where any did.
"""

from __future__ import annotations

from typing import ClassVar


class ExchangeError(Exception):
    """Something the exchange could not do; `code` never changes once published."""

    code: ClassVar[str] = "failed"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, rules: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.rules = rules


class Unreadable(ExchangeError):
    """The input could not be read as what it claims to be."""

    code = "unreadable"
    status = 400
    exit_code = 2


class BadField(Unreadable):
    """One field of the input breaks its rule."""

    code = "bad_field"
    status = 422

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


class Unauthenticated(ExchangeError):
    """Nobody known stands behind the request."""

    code = "unauthenticated"
    status = 401
    exit_code = 3


class Forbidden(ExchangeError):
    """The participant is known, and its role or standing does not allow this."""

    code = "forbidden"
    status = 403
    exit_code = 3


class NotFound(ExchangeError):
    """No such participant, product, scenario, trade, file."""

    code = "not_found"
    status = 404


class Conflict(ExchangeError):
    """The request contradicts what is recorded."""

    code = "conflict"
    status = 409
    exit_code = 3


class IllegalTransition(Conflict):
    """The state machine has no such step from the present state."""

    code = "illegal_transition"


class Stale(Conflict):
    """The thing has changed since the caller read it."""

    code = "stale"
    status = 412


class OffsetDiffers(Conflict):
    """A part of an upload came for another place than the one where it stands: `offset`."""

    code = "offset_differs"

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Refused(ExchangeError):
    """The exchange's own rules say no."""

    code = "refused"
    status = 422
    exit_code = 3


class TooLarge(Refused):
    """A file has more bytes than the exchange takes in, or than were announced."""

    code = "too_large"
    status = 413


class NotCompliant(Refused):
    """A listing was asked for while findings block it, or it has ended.

    `lapsed` is the number of a product whose listing has ended by time and not yet by an entry.
    """

    code = "not_compliant"

    def __init__(self, message: str, *, rules: tuple[str, ...] = (), lapsed: str = "") -> None:
        super().__init__(message, rules=rules)
        self.lapsed = lapsed


class NoScenario(Refused):
    """An order came without an approved scenario that covers it."""

    code = "no_scenario"


class OutsidePolicy(NoScenario):
    """A part of the usage policy refuses the use; the message names it."""

    code = "outside_policy"


class NoticeRunning(Refused):
    """The public notice window has not run, or an objection is open."""

    code = "notice_running"


class TermsDiffer(Refused):
    """The terms signed are not the terms that were frozen."""

    code = "terms_differ"


class DataDiffer(Refused):
    """The bytes at hand are not the bytes that were registered and assessed."""

    code = "data_differ"


class BudgetSpent(Refused):
    """A use was asked for or told that the budget of its contract does not pay for."""

    code = "budget_spent"


class InsufficientFunds(Refused):
    """An account would fall below its limit."""

    code = "insufficient_funds"


class Busy(ExchangeError):
    """Others were changing the same thing; nothing was done, and the same again may succeed."""

    code = "busy"
    status = 503


class ProviderFailed(ExchangeError):
    """The bank could not be asked, or nobody understands its answer; nothing was concluded."""

    code = "provider_failed"
    status = 503


class Broken(ExchangeError):
    """The store contradicts itself: stop, keep the files, audit."""

    code = "broken"

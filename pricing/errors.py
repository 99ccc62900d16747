"""What pricing can say no with.

PricingError              pricing
├── BadAmount             bad_amount        not an amount of money that can be held exactly
├── BadInput              bad_input         an input breaks the plug-in's stated domain
├── BadShares             bad_shares        weights that cannot divide an amount
├── MissingExtra          missing_extra     a package that an extra brings is not installed
├── UnknownPlugin         unknown_plugin    no plug-in of that name in that group
└── NotReplayed           not_replayed      a recorded price does not come out again
"""

from __future__ import annotations

from typing import ClassVar


class PricingError(Exception):
    """Something a pricing plug-in could not do."""

    code: ClassVar[str] = "pricing"


class BadAmount(PricingError):
    """Not an amount of money that can be held exactly."""

    code = "bad_amount"


class BadInput(PricingError):
    """An input breaks the plug-in's stated domain; the message names the field."""

    code = "bad_input"


class BadShares(PricingError):
    """Weights that cannot divide an amount."""

    code = "bad_shares"


class MissingExtra(PricingError):
    """A package that an extra of the distribution brings is not installed; the message says it."""

    code = "missing_extra"


class UnknownPlugin(PricingError):
    """No plug-in of that name is registered in that group."""

    code = "unknown_plugin"


class NotReplayed(PricingError):
    """A recorded price does not come out again from its recorded inputs."""

    code = "not_replayed"

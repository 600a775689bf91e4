"""What can be wrong with an account, and what is counted about it."""

from enum import StrEnum


class AlarmCode(StrEnum):
    """What people must see to. Adapters may raise others; these have words of their own."""

    CREDENTIALS_REFUSED = "credentials_refused"  # AppID or AppSecret is wrong
    ADDRESS_NOT_ALLOWED = "address_not_allowed"  # our IP is not on the whitelist
    ADMIN_MUST_CONFIRM = "admin_must_confirm"  # the account's administrator is asked about our IP
    TOKEN_MISSING = "token_missing"  # noqa: S105 - a word, not a secret
    TOKEN_ENDED = "token_ended"  # noqa: S105 - a word, not a secret
    TOKEN_ENDS_SOON = "token_ends_soon"  # noqa: S105 - a word, not a secret
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a word, not a secret
    INVALID_SIGNATURES = "invalid_signatures"
    UNDECRYPTABLE_PUSHES = "undecryptable_pushes"
    WRONG_ACCOUNT = "wrong_account"  # pushes for another account arrive at this one's address
    SILENCE = "silence"  # no push for longer than the office finds likely
    CALLS_NEARLY_USED = "calls_nearly_used"
    CALLS_USED = "calls_used"
    PASSIVE_ONLY = "passive_only"  # the platform lets the account answer pushes, nothing more
    ACCOUNT_LIMITED = "account_limited"  # the platform has punished the account
    TEMPLATE_REFUSED = "template_refused"  # no template of this id belongs to the account
    UNKNOWN_REFUSAL = "unknown_refusal"  # an error code that nobody has thought about yet


class Tally(StrEnum):
    """What is counted per account and day; refused pushes are told apart by their reason."""

    PUSHES = "pushes"
    REFUSED_PUSHES = "refused_pushes"
    DELIVERIES = "deliveries"
    ERRORS = "errors"

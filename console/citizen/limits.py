"""How often a case may be looked up: six digits are soon guessed where nobody counts."""

from flask import current_app
from flask.blueprints import BlueprintSetupState

from console.rate_limits import RateLimit

# Phones of one town share a few addresses of their carrier.
PER_ADDRESS_AND_MINUTE = 20
PER_ADDRESS_AND_HOUR = 200
# At this pace all codes of one number take six years.
PER_NUMBER_AND_MINUTE = 5
PER_NUMBER_AND_HOUR = 20


def prepare(state: BlueprintSetupState) -> None:
    redis = state.app.extensions["redis"]
    state.app.extensions["lookup_limits"] = (
        RateLimit(
            redis,
            name="lookups-of-address",
            per_minute=PER_ADDRESS_AND_MINUTE,
            per_hour=PER_ADDRESS_AND_HOUR,
        ),
        RateLimit(
            redis,
            name="lookups-of-number",
            per_minute=PER_NUMBER_AND_MINUTE,
            per_hour=PER_NUMBER_AND_HOUR,
        ),
    )


def allows_look_up(address: str, number: str) -> bool:
    """Count one more look-up, found or not, against the address and against the number."""
    of_address, of_number = current_app.extensions["lookup_limits"]
    return bool(of_address.allows(address)) and bool(of_number.allows(number))

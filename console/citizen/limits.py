"""How often a browser may try: six digits are soon guessed, and a flood drowns the desk."""

from flask import current_app
from flask.blueprints import BlueprintSetupState

from console.rate_limits import RateLimit

# Phones of one town share a few addresses of their carrier.
PER_ADDRESS_AND_MINUTE = 20
PER_ADDRESS_AND_HOUR = 200
# At this pace all codes of one number take six years.
PER_NUMBER_AND_MINUTE = 5
PER_NUMBER_AND_HOUR = 20

# What is counted, per minute and per hour.
LIMITS: dict[str, tuple[int, int]] = {
    "lookups-of-address": (PER_ADDRESS_AND_MINUTE, PER_ADDRESS_AND_HOUR),
    "lookups-of-number": (PER_NUMBER_AND_MINUTE, PER_NUMBER_AND_HOUR),
    "messages-of-address": (60, 1_500),
    "messages-of-citizen": (20, 300),
    "talks-of-address": (20, 200),
    "forms-of-address": (10, 60),
    "forms-of-citizen": (3, 20),
    "photos-of-address": (40, 400),
    "entries-of-address": (30, 600),
    "links-of-address": (20, 200),
    "codes-of-address": (20, 100),
    # At this pace one of a hundred million codes is not found within its ten minutes.
    "codes-of-citizen": (5, 15),
}


def prepare(state: BlueprintSetupState) -> None:
    redis = state.app.extensions["redis"]
    state.app.extensions["citizen_limits"] = {
        name: RateLimit(redis, name=name, per_minute=per_minute, per_hour=per_hour)
        for name, (per_minute, per_hour) in LIMITS.items()
    }


def allows(name: str, key: object) -> bool:
    """Count one more attempt; tell whether it is within the limit."""
    return bool(current_app.extensions["citizen_limits"][name].allows(str(key)))


def allows_look_up(address: str, number: str) -> bool:
    """Count one more look-up, found or not, against the address and against the number."""
    return allows("lookups-of-address", address) and allows("lookups-of-number", number)

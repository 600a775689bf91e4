"""The state of every account for Prometheus, read from the registry when it is asked for."""

from prometheus_client import Gauge

from core.bootstrap import Core
from core.channels import queries
from core.unit_of_work import StoreFailed

# Told by the worker alone, so that no alarm is counted twice.
ALARMS = Gauge("desk_alarms_open", "Open alarms", ["channel", "account", "code"])
LAST_PUSH = Gauge(
    "desk_account_last_push_timestamp_seconds", "The last push", ["channel", "account"]
)
LAST_DELIVERY = Gauge(
    "desk_account_last_delivery_timestamp_seconds", "The last delivery", ["channel", "account"]
)
TOKEN_ENDS = Gauge(
    "desk_account_token_expires_timestamp_seconds", "End of the token", ["channel", "account"]
)
PASSIVE_ONLY = Gauge(
    "desk_account_passive_only", "1 while only passive answers go out", ["channel", "account"]
)
CALLS = Gauge("desk_account_calls_today", "Platform calls today", ["channel", "account", "kind"])


def measure_accounts(core: Core) -> None:
    """Bring the gauges up to date; while the database is away they tell nothing of accounts."""
    for gauge in (ALARMS, LAST_PUSH, LAST_DELIVERY, TOKEN_ENDS, PASSIVE_ONLY, CALLS):
        gauge.clear()
    try:
        with core.unit_of_work() as uow:
            known = queries.health(uow.session, uow.today)
    except StoreFailed:
        return
    for one in known:
        account = one.account
        key = (account.channel.value, account.account)
        for gauge, moment in (
            (LAST_PUSH, account.last_push_at),
            (LAST_DELIVERY, account.last_delivery_at),
            (TOKEN_ENDS, account.token_expires_at),
        ):
            if moment is not None:
                gauge.labels(*key).set(moment.timestamp())
        PASSIVE_ONLY.labels(*key).set(account.passive_only_since is not None)
        for alarm in one.alarms:
            ALARMS.labels(*key, alarm.code).set(1)
        for kind, count in one.calls.items():
            CALLS.labels(*key, kind).set(count)

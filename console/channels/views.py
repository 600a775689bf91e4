"""The pages of the office's accounts and the fragments that keep them fresh."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from config.accounts import DAILY_CALLS, WEIBO_CALLS_A_DAY, calls_against_limit
from console import wording
from console.channels.history import SHOWN_DAYS, DayBar, bars
from console.channels.rights import RightShown, rights_of
from console.context import operator, settings, unit_of_work
from console.guard import needs
from core.channels import queries
from core.channels.queries import AccountHealth
from core.channels.states import Tally
from core.conversations.queries import dead_letters
from core.conversations.queries.dead_letters import Owed
from core.departments import queries as departments
from core.messaging import ChannelName
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

bp = Blueprint("channels", __name__, url_prefix="/channels", template_folder="templates")


@dataclass(frozen=True)
class Quota:
    kind: str
    title: str
    used: int
    limit: int | None


@dataclass(frozen=True)
class AccountLine:
    """One account as a line of the table."""

    health: AccountHealth
    owed: Owed

    @property
    def account(self) -> Any:
        return self.health.account

    def count(self, name: str) -> int:
        return self.health.tallies.get(Tally(name), 0)


@bp.get("/")
@needs(Permission.VIEW_CHANNELS)
def index() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template("channels/index.html", **_overview(uow))


@bp.get("/table")
@needs(Permission.VIEW_CHANNELS)
def table() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template("channels/_overview.html", **_overview(uow))


@bp.get("/<channel>/<account>")
@needs(Permission.VIEW_CHANNELS)
def account(channel: str, account: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        facts = _account_facts(uow, channel_named(channel), account)
        branches = departments.tree(uow.session)
        return render_template("channels/account.html", branches=branches, **facts)


@bp.get("/<channel>/<account>/state")
@needs(Permission.VIEW_CHANNELS)
def state(channel: str, account: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        facts = _account_facts(uow, channel_named(channel), account)
        return render_template("channels/_account.html", **facts)


def channel_named(name: str) -> ChannelName:
    if name not in set(ChannelName):
        abort(404)
    return ChannelName(name)


def _overview(uow: UnitOfWork) -> dict[str, Any]:
    owed = dead_letters.owed_by_account(uow.session)
    health = queries.health(uow.session, uow.today, with_retired=True)
    names = {(one.account.channel, one.account.account): one.account.name for one in health}
    lines = [
        AccountLine(one, owed.get((one.account.channel, one.account.account), Owed()))
        for one in health
    ]
    return _words() | {
        "lines": [line for line in lines if line.account.retired_at is None],
        "retired": [line for line in lines if line.account.retired_at is not None],
        "alarms": queries.open_alarms(uow.session),
        "names": names,
        "now": uow.now,
        "may_manage": operator().can(Permission.MANAGE_CHANNELS),
    }


def _account_facts(uow: UnitOfWork, channel: ChannelName, account: str) -> dict[str, Any]:
    found = queries.get(uow.session, channel, account)
    health = next(
        one
        for one in queries.health(uow.session, uow.today, with_retired=True)
        if one.account.id == found.id
    )
    owed = dead_letters.owed_by_account(uow.session).get((channel, account), Owed())
    return _words() | {
        "line": AccountLine(health, owed),
        "account": found,
        "alarms": health.alarms,
        "names": {(channel, account): found.name},
        "webhook": _webhook(channel, account),
        "chat_page": f"{settings().public_url.rstrip('/')}/c/",
        "rights": _rights(found),
        "quotas": _quotas(health),
        "refusals": sorted(health.refusals.items()),
        "history": _history(uow, channel, account),
        "letters": dead_letters.of_account(uow.session, channel, account),
        "now": uow.now,
        "may_manage": operator().can(Permission.MANAGE_CHANNELS),
        "may_read": operator().can(Permission.VIEW_CONVERSATIONS),
    }


def _words() -> dict[str, Any]:
    return {"words": {**wording.channels(), "alarm_names": wording.labels()["AlarmCode"]}}


def _webhook(channel: ChannelName, account: str) -> str:
    return f"{settings().public_url.rstrip('/')}/webhooks/{channel}/{account}"


def _rights(account: Any) -> list[RightShown]:
    return rights_of(account.channel, set(account.rights))


def _quotas(health: AccountHealth) -> list[Quota]:
    limits = DAILY_CALLS if health.account.channel is ChannelName.WECHAT else {}
    titles = wording.channels()["calls"]
    quotas = [
        Quota(kind, titles.get(kind, kind), used, limits.get(kind))
        for kind, used in sorted(health.calls.items())
    ]
    if health.account.channel is ChannelName.WEIBO and quotas:
        total = calls_against_limit(health.calls)
        quotas.append(Quota("open_api", titles["open_api"], total, WEIBO_CALLS_A_DAY))
    return quotas


def _history(uow: UnitOfWork, channel: ChannelName, account: str) -> list[DayBar]:
    first = uow.today - SHOWN_DAYS
    tallies = [
        one
        for one in queries.tallies_since(uow.session, first)
        if (one.channel, one.account) == (channel, account)
    ]
    return bars(tallies, today=uow.today)

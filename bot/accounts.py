"""The registry of accounts kept true: from the settings, from this process's notes, for probes."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from bot.notes import Notes
from config.accounts import WeiboAccount
from config.settings import Settings
from core.bootstrap import Core
from core.channels import queries, services
from core.channels.services import AccountFacts
from core.messaging import SITE, ChannelName
from core.unit_of_work import StoreFailed

logger = logging.getLogger(__name__)

WRITE_EVERY_SECONDS = 5.0

# Weibo's accounts with 粉丝服务 are all verified, and all of a kind.
WEIBO_KIND = "weibo"


def facts_in(settings: Settings) -> list[AccountFacts]:
    """Describe every account of the settings, without its secrets."""
    wechat = [
        AccountFacts(
            channel=ChannelName.WECHAT,
            account=short_name,
            name=account.name,
            kind=account.kind,
            is_verified=account.is_verified,
            rights=frozenset(account.rights),
            mode=account.mode,
            platform_id=account.original_id,
        )
        for short_name, account in settings.wechat.items()
    ]
    weibo = [
        AccountFacts(
            channel=ChannelName.WEIBO,
            account=short_name,
            name=account.name,
            kind=WEIBO_KIND,
            rights=_rights_on_weibo(account),
            mode=account.push_format,
            platform_id=account.uid,
        )
        for short_name, account in settings.weibo.items()
    ]
    return [*wechat, *weibo, _site(settings)]


def _site(settings: Settings) -> AccountFacts:
    """Describe the chat on the office's own site, which no platform stands behind."""
    name = f"{settings.office_name}网站"
    return AccountFacts(channel=ChannelName.WEB, account=SITE, name=name, kind=SITE)


def _rights_on_weibo(account: WeiboAccount) -> frozenset[str]:
    """Without a token the account answers pushes and does nothing else."""
    has_token = bool(account.access_token.get_secret_value())
    return frozenset({"customer_service", "custom_menu", "media"}) if has_token else frozenset()


@dataclass
class Registry:
    """Registers the accounts once the database can be reached, and writes the notes down."""

    core: Core
    settings: Settings
    notes: Notes
    is_registered: bool = False

    async def keep(self) -> None:
        while True:
            await asyncio.to_thread(self.step)
            await asyncio.sleep(WRITE_EVERY_SECONDS)

    def step(self) -> None:
        """Do what can be done now; nothing that goes wrong here stops a message."""
        try:
            if not self.is_registered:
                self._register()
            self.notes.write(self.core)
        except Exception:
            logger.exception("the registry of accounts was not brought up to date")

    def _register(self) -> None:
        try:
            with self.core.unit_of_work() as uow:
                services.register_accounts(uow, facts_in(self.settings))
        except StoreFailed:
            logger.warning("accounts not registered: the database does not answer")
        else:
            self.is_registered = True


def account_states(core: Core) -> dict[str, dict[str, Any]]:
    """Say for probes how each account is doing; nothing in it is secret."""
    try:
        with core.unit_of_work() as uow:
            return queries.told_to_probes(uow.session, uow.today)
    except StoreFailed:
        return {}

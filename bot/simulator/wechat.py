"""The simulated platform as one object: citizens in front, accounts behind, rules between."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable
from random import Random
from typing import Any, Self

from bot.simulator import payloads
from bot.simulator.accounts import Account
from bot.simulator.calls import CallBook
from bot.simulator.citizens import DEMO_NAMES, Citizen, Citizens
from bot.simulator.errors import ApiError
from bot.simulator.faults import FaultName, Faults
from bot.simulator.feed import Feed
from bot.simulator.media import MediaStore
from bot.simulator.options import Options
from bot.simulator.payloads import Payload
from bot.simulator.pushes import Push, PushOffice
from bot.simulator.quota import SendWindows
from bot.simulator.replies import Outcome, PassiveReply, malfunction
from bot.simulator.tokens import TokenOffice
from bot.simulator.transcripts import Entry, Transcripts, Via
from core.clock import Clock, utc_now


class UnknownAccount(LookupError):
    """No account has the name."""


class NotFollowing(Exception):
    """Who does not follow the account cannot write to it."""


class SimulatedWeChat:
    """Use as an async context manager; every method belongs to the event loop it was opened in."""

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        options: Options | None = None,
        clock: Clock = utc_now,
        random: Random | None = None,
    ) -> None:
        self.options = options or Options()
        self.now = clock
        self._configured = {account.key: account.copy() for account in accounts}
        if not self._configured:
            raise ValueError("no WeChat account in the settings (DESK_WECHAT__<name>__…)")
        self.feed = Feed()
        self.faults = Faults(random=random)
        self.faults.on_change = lambda: self.feed.publish("faults")
        self.media = MediaStore()
        self.transcripts = Transcripts(
            self.feed, remembered=self.options.remembered_entries_a_citizen
        )
        self.pushes = PushOffice(options=self.options, faults=self.faults, clock=clock)
        self._running: set[asyncio.Task[Any]] = set()
        self._start_afresh()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._stop_running()

    async def reset(self) -> None:
        """Forget everything but the configured accounts."""
        await self._stop_running()
        self.faults.switch_off()
        self.media.clear()
        self.transcripts.clear()
        self.pushes.clear()
        self._start_afresh()
        self.feed.publish("start_again")

    def _start_afresh(self) -> None:
        self.accounts = {key: account.copy() for key, account in self._configured.items()}
        self.citizens = Citizens(at_most=self.options.max_citizens)
        self.tokens = TokenOffice()
        self.windows = SendWindows()
        self.calls = CallBook(remembered=self.options.remembered_calls)
        self.tally: Counter[str] = Counter()
        self._open_push_ids: set[str] = set()
        if self.options.demo_citizens:
            for key in self.accounts:
                for name in DEMO_NAMES:
                    self.citizens.add(key, name=name, is_following=name != DEMO_NAMES[-1])

    # accounts and citizens

    def account(self, key: str | None = None) -> Account:
        """Return the account by its short name, or the first one."""
        if key is None:
            return next(iter(self.accounts.values()))
        try:
            return self.accounts[key]
        except KeyError:
            raise UnknownAccount(key) from None

    def account_by_app_id(self, app_id: str) -> Account | None:
        return next((a for a in self.accounts.values() if a.app_id == app_id), None)

    def add_citizen(
        self,
        *,
        account_key: str | None = None,
        name: str = "",
        openid: str = "",
        is_following: bool = True,
    ) -> Citizen:
        account = self.account(account_key)
        citizen = self.citizens.add(
            account.key, name=name, openid=openid, is_following=is_following
        )
        self.feed.publish("citizen", citizen=citizen.as_json())
        return citizen

    def citizen(self, openid: str, *, account_key: str | None = None, name: str = "") -> Citizen:
        """Return the citizen, who becomes a follower of the account when not known yet."""
        known = self.citizens.find(openid)
        return known or self.add_citizen(account_key=account_key, openid=openid, name=name)

    # what citizens do

    async def say(self, openid: str, text: str) -> Push:
        return await self.send(openid, payloads.text(text))

    async def send(self, openid: str, payload: Payload) -> Push:
        """Push what the citizen sent or did and return when the exchange is over."""
        push = self.begin(openid, payload)
        await self.finish(push, payload)
        return push

    def begin(self, openid: str, payload: Payload) -> Push:
        """Let the citizen act: shown, counted and given its bytes, but not yet delivered."""
        citizen = self.citizen(openid)
        self._follow_or_leave(citizen, payload)
        if not citizen.is_following and payload.kind != "unfollow":
            raise NotFollowing(openid)
        now = self.now()
        citizen.last_seen_at = now
        if payload.trigger is not None:
            self.windows.open(openid, payload.trigger, now)
        push = self.pushes.prepare(self.account(citizen.account_key), openid, payload)
        citizen.last_push_id = push.id
        self._open_push_ids.add(push.id)
        self.tally["pushes"] += 1
        self._add_entry(openid, Via.PUSH, payload.kind, payload.shown, push.id, payload.details)
        return push

    async def finish(self, push: Push, payload: Payload) -> None:
        """Deliver a begun push and show the citizen what came of it."""
        account = self.account(push.account_key)
        verdict = await self.pushes.deliver(account, push)
        if push.id not in self._open_push_ids:
            return  # everything was forgotten meanwhile
        self._open_push_ids.discard(push.id)
        if verdict.reply and verdict.reply.kind in {"image", "voice", "video"}:
            try:
                self.media.get(verdict.reply.details["media_id"], self.now())
            except ApiError:
                verdict = push.verdict = malfunction("unknown_media")
        self.tally[f"outcome_{verdict.outcome.value}"] += 1
        self.tally["deliveries"] += len(push.deliveries)
        self.tally["cut"] += sum(d.outcome == "cut" for d in push.deliveries)
        self.tally["unreachable"] += sum(d.outcome == "unreachable" for d in push.deliveries)
        if verdict.outcome is Outcome.MALFUNCTION and payload.is_answered:
            notice = self.options.malfunction_notice
            self._add_entry(push.openid, Via.NOTICE, "malfunction", notice, push.id)
        if verdict.reply is not None:
            self._show_passive(push, verdict.reply)
        self.feed.publish("push", openid=push.openid, push_id=push.id)

    def send_later(self, openid: str, payload: Payload) -> Push:
        """Like `send`, without waiting for the exchange to be over."""
        push = self.begin(openid, payload)
        self.run(self.finish(push, payload))
        return push

    # what accounts do

    async def show_message(
        self, openid: str, kind: str, text: str, details: dict[str, Any]
    ) -> None:
        """Show a customer-service message; one struck by disorder comes late."""
        late = self.faults.strikes(FaultName.OUT_OF_ORDER)
        if late is not None:
            self.run(self._show_late(late.seconds or 1.0, openid, kind, text, details))
        else:
            self._show_by_api(openid, kind, text, details)

    def set_typing(self, openid: str, *, is_typing: bool) -> None:
        self.feed.publish("typing", openid=openid, is_typing=is_typing)

    def picture_address(self, media_id: str) -> str:
        return f"{self.options.public_url.rstrip('/')}/media/pictures/{media_id}"

    # inside

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Keep a task alive until it is done; closing or resetting cancels it."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _stop_running(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _follow_or_leave(self, citizen: Citizen, payload: Payload) -> None:
        if payload.kind not in {"follow", "unfollow"}:
            return
        citizen.is_following = payload.kind == "follow"
        if not citizen.is_following:
            self.windows.close(citizen.openid)
        self.feed.publish("citizen", citizen=citizen.as_json())

    def _show_passive(self, push: Push, reply: PassiveReply) -> None:
        is_following = self.citizen(push.openid).is_following
        if is_following and reply.kind != "transfer_customer_service":
            details = self._with_picture(reply.kind, reply.details)
            self._add_entry(push.openid, Via.PASSIVE, reply.kind, reply.text, push.id, details)

    async def _show_late(
        self, seconds: float, openid: str, kind: str, text: str, details: dict[str, Any]
    ) -> None:
        await asyncio.sleep(seconds)
        self._show_by_api(openid, kind, text, details)

    def _show_by_api(self, openid: str, kind: str, text: str, details: dict[str, Any]) -> None:
        details = self._with_picture(kind, details)
        last_push_id = self.citizen(openid).last_push_id
        self._add_entry(openid, Via.API, kind, text, last_push_id, details)

    def _with_picture(self, kind: str, details: dict[str, Any]) -> dict[str, Any]:
        if kind != "image":
            return details
        return details | {"pic_url": self.picture_address(details["media_id"])}

    def _add_entry(
        self,
        openid: str,
        via: Via,
        kind: str,
        text: str,
        push_id: str | None,
        details: dict[str, Any] | None = None,
    ) -> Entry:
        if via is not Via.PUSH:
            self.citizen(openid).sees_typing_until = None
        return self.transcripts.add(
            openid,
            at=self.now(),
            via=via,
            kind=kind,
            text=text,
            push_id=push_id,
            details=details,
        )

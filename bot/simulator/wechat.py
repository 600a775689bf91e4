"""The simulated WeChat as one object: citizens in front, accounts behind, rules between."""

from collections.abc import Iterable
from random import Random

from bot.simulator import payloads
from bot.simulator.accounts import Account
from bot.simulator.citizens import Citizen
from bot.simulator.errors import ApiError
from bot.simulator.options import Options
from bot.simulator.payloads import Payload
from bot.simulator.platform import NotFollowing, SimulatedPlatform
from bot.simulator.pushes import WeChatPushes
from bot.simulator.pushing import Push
from bot.simulator.quota import SendWindows
from bot.simulator.tokens import TokenOffice
from bot.simulator.transcripts import Via
from bot.simulator.verdicts import PassiveReply, Verdict, malfunction
from bot.simulator.web_login import LoginCodes
from core.clock import Clock, utc_now


class SimulatedWeChat(SimulatedPlatform[Account, Payload]):
    pushes: WeChatPushes

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        options: Options | None = None,
        clock: Clock = utc_now,
        random: Random | None = None,
    ) -> None:
        super().__init__(accounts, options=options, clock=clock, random=random)
        self.pushes = WeChatPushes(options=self.options, faults=self.faults, clock=clock)

    def start_afresh(self) -> None:
        super().start_afresh()
        self.tokens = TokenOffice()
        self.windows = SendWindows()
        self.login_codes = LoginCodes()
        self._notices = 200_163_000

    def account_by_app_id(self, app_id: str) -> Account | None:
        return next((a for a in self.accounts.values() if a.app_id == app_id), None)

    def in_words(self, text: str) -> Payload:
        return payloads.text(text)

    def begin(self, openid: str, payload: Payload) -> Push:
        citizen = self.citizen(openid)
        self._follow_or_leave(citizen, payload)
        if not citizen.is_following and payload.kind != "unfollow":
            raise NotFollowing(openid)
        now = self.now()
        citizen.last_seen_at = now
        if payload.trigger is not None:
            self.windows.open(openid, payload.trigger, now)
        push = self.pushes.prepare(self.account(citizen.account_key), openid, payload)
        return self._begun(push, payload)

    async def tell(self, openid: str, payload: Payload) -> None:
        """Push news that the citizen does not see and did not cause just now."""
        account = self.account(self.citizen(openid).account_key)
        await self.pushes.deliver(account, self.pushes.prepare(account, openid, payload))

    def next_notice_id(self) -> int:
        self._notices += 1
        return self._notices

    def set_typing(self, openid: str, *, is_typing: bool) -> None:
        self.feed.publish("typing", openid=openid, is_typing=is_typing)

    def _follow_or_leave(self, citizen: Citizen, payload: Payload) -> None:
        if payload.kind not in {"follow", "unfollow"}:
            return
        citizen.is_following = payload.kind == "follow"
        if not citizen.is_following:
            self.windows.close(citizen.openid)
        self.feed.publish("citizen", citizen=citizen.as_json())

    def _allowed(self, push: Push, verdict: Verdict) -> Verdict:
        if verdict.reply and verdict.reply.kind in {"image", "voice", "video"}:
            try:
                self.media.get(verdict.reply.details["media_id"], self.now())
            except ApiError:
                return malfunction("unknown_media")
        return verdict

    @property
    def malfunction_notice(self) -> str:
        return self.options.malfunction_notice

    def _show_passive(self, push: Push, reply: PassiveReply) -> None:
        is_following = self.citizen(push.openid).is_following
        if is_following and reply.kind != "transfer_customer_service":
            details = self._with_picture(reply.kind, reply.details)
            self._add_entry(push.openid, Via.PASSIVE, reply.kind, reply.text, push.id, details)

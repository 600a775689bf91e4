"""What every simulated platform does: lets citizens act, pushes, shows what came of it."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Coroutine, Iterable
from random import Random
from typing import Any, Protocol, Self

from bot.simulator.calls import CallBook
from bot.simulator.citizens import DEMO_NAMES, Citizen, Citizens
from bot.simulator.faults import FaultName, Faults
from bot.simulator.feed import Feed
from bot.simulator.media import MediaStore
from bot.simulator.options import Options
from bot.simulator.pushing import Push, PushOffice, ReceivesPushes
from bot.simulator.transcripts import Entry, Transcripts, Via
from bot.simulator.verdicts import Outcome, PassiveReply, Verdict
from core.clock import Clock, utc_now


class UnknownAccount(LookupError):
    """No account has the name."""


class NotFollowing(Exception):
    """Who does not follow the account cannot do this with it."""


class Account(ReceivesPushes, Protocol):
    name: str

    def copy(self) -> Self:
        """Return an account of the same settings."""


class Happening(Protocol):
    """What a citizen does, before it has an addressee."""

    @property
    def kind(self) -> str: ...
    @property
    def shown(self) -> str: ...
    @property
    def details(self) -> dict[str, Any]: ...
    @property
    def is_answered(self) -> bool: ...


class SimulatedPlatform[A: Account, P: Happening](ABC):
    """Use as an async context manager; every method belongs to the event loop it was opened in."""

    pushes: PushOffice[A]

    def __init__(
        self,
        accounts: Iterable[A],
        *,
        options: Options | None = None,
        clock: Clock = utc_now,
        random: Random | None = None,
    ) -> None:
        self.options = options or Options()
        self.now = clock
        self._configured = {account.key: account.copy() for account in accounts}
        if not self._configured:
            raise ValueError("no account of the platform in the settings")
        self.feed = Feed()
        self.faults = Faults(random=random)
        self.faults.on_change = lambda: self.feed.publish("faults")
        self.media = self._media_store()
        self.transcripts = Transcripts(
            self.feed, remembered=self.options.remembered_entries_a_citizen
        )
        self._running: set[asyncio.Task[Any]] = set()
        self.start_afresh()

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
        self.start_afresh()
        self.feed.publish("start_again")

    def start_afresh(self) -> None:
        """Begin with the configured accounts and, where wanted, the citizens of the demo."""
        self.accounts = {key: account.copy() for key, account in self._configured.items()}
        self.citizens = self._citizens()
        self.calls = CallBook(remembered=self.options.remembered_calls)
        self.tally: Counter[str] = Counter()
        self._open_push_ids: set[str] = set()
        if self.options.demo_citizens:
            for key in self.accounts:
                for name in DEMO_NAMES:
                    self.citizens.add(key, name=name, is_following=name != DEMO_NAMES[-1])

    # accounts and citizens

    def account(self, key: str | None = None) -> A:
        """Return the account by its short name, or the first one."""
        if key is None:
            return next(iter(self.accounts.values()))
        try:
            return self.accounts[key]
        except KeyError:
            raise UnknownAccount(key) from None

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

    @abstractmethod
    def in_words(self, text: str) -> P:
        """Return what a citizen does who writes `text`."""

    @abstractmethod
    def begin(self, openid: str, payload: P) -> Push:
        """Let the citizen act: shown, counted and given its bytes, but not yet delivered."""

    async def say(self, openid: str, text: str) -> Push:
        return await self.send(openid, self.in_words(text))

    async def send(self, openid: str, payload: P) -> Push:
        """Push what the citizen sent or did and return when the exchange is over."""
        push = self.begin(openid, payload)
        await self.finish(push, payload)
        return push

    def send_later(self, openid: str, payload: P) -> Push:
        """Like `send`, without waiting for the exchange to be over."""
        push = self.begin(openid, payload)
        self.run(self.finish(push, payload))
        return push

    async def finish(self, push: Push, payload: P) -> None:
        """Deliver a begun push and show the citizen what came of it."""
        await self.pushes.deliver(self.account(push.account_key), push)
        if push.id not in self._open_push_ids:
            return  # everything was forgotten meanwhile
        self._open_push_ids.discard(push.id)
        verdict = push.verdict = self._allowed(push, push.verdict)
        self.tally[f"outcome_{verdict.outcome.value}"] += 1
        notice = self.malfunction_notice
        if verdict.outcome is Outcome.MALFUNCTION and payload.is_answered and notice:
            self._add_entry(push.openid, Via.NOTICE, "malfunction", notice, push.id)
        if verdict.reply is not None:
            self._show_passive(push, verdict.reply)
        await self.pushes.repeat(self.account(push.account_key), push)
        self.tally["deliveries"] += len(push.deliveries)
        self.tally["cut"] += sum(d.outcome == "cut" for d in push.deliveries)
        self.tally["unreachable"] += sum(d.outcome == "unreachable" for d in push.deliveries)
        self.feed.publish("push", openid=push.openid, push_id=push.id)

    # what accounts do

    async def show_message(
        self, openid: str, kind: str, text: str, details: dict[str, Any]
    ) -> None:
        """Show a message that came by the API; one struck by disorder comes late."""
        late = self.faults.strikes(FaultName.OUT_OF_ORDER)
        if late is not None:
            self.run(self._show_late(late.seconds or 1.0, openid, kind, text, details))
        else:
            self._show_by_api(openid, kind, text, details)

    def picture_address(self, media_id: str) -> str:
        return f"{self.options.public_url.rstrip('/')}{self._pictures_path}/{media_id}"

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Keep a task alive until it is done; closing or resetting cancels it."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    # what differs

    _pictures_path = "/media/pictures"

    def _media_store(self) -> MediaStore:
        return MediaStore()

    def _citizens(self) -> Citizens:
        return Citizens(at_most=self.options.max_citizens)

    def _allowed(self, _push: Push, verdict: Verdict) -> Verdict:
        """Say what an answer is worth beyond its form."""
        return verdict

    @property
    def malfunction_notice(self) -> str:
        """What the citizen reads when the account's server gave no proper answer, if anything."""
        return ""

    @abstractmethod
    def _show_passive(self, push: Push, reply: PassiveReply) -> None:
        """Show an answer that came on the push."""

    # inside

    def _begun(self, push: Push, payload: P) -> Push:
        """Note that a citizen has acted and that the push is under way."""
        citizen = self.citizen(push.openid)
        citizen.last_push_id = push.id
        self._open_push_ids.add(push.id)
        self.tally["pushes"] += 1
        self._add_entry(
            push.openid, Via.PUSH, payload.kind, payload.shown, push.id, payload.details
        )
        return push

    async def _stop_running(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

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


type AnyPlatform = SimulatedPlatform[Any, Any]

"""The simulated Weibo as one object: citizens in front, accounts behind, rules between."""

import hashlib
import secrets
from collections.abc import Iterable
from random import Random

from bot.simulator.citizens import Citizen, Citizens
from bot.simulator.media import MediaStore
from bot.simulator.options import Options
from bot.simulator.platform import NotFollowing, SimulatedPlatform
from bot.simulator.pushing import Push
from bot.simulator.transcripts import Via
from bot.simulator.verdicts import PassiveReply
from bot.simulator.weibo import payloads
from bot.simulator.weibo.accounts import SimulatedAccount
from bot.simulator.weibo.payloads import Payload
from bot.simulator.weibo.public import Post, PublicSquare
from bot.simulator.weibo.pushes import WeiboPushes
from bot.simulator.weibo.windows import ReplyWindows
from core.clock import Clock, utc_now

JOINING = frozenset({"follow", "scan_follow"})


class SimulatedWeibo(SimulatedPlatform[SimulatedAccount, Payload]):
    pushes: WeiboPushes
    _pictures_path = "/media/weibo"

    def __init__(
        self,
        accounts: Iterable[SimulatedAccount],
        *,
        options: Options | None = None,
        clock: Clock = utc_now,
        random: Random | None = None,
    ) -> None:
        super().__init__(accounts, options=options, clock=clock, random=random)
        self.pushes = WeiboPushes(options=self.options, faults=self.faults, clock=clock)

    def start_afresh(self) -> None:
        super().start_afresh()
        self.windows = ReplyWindows()
        self._mentioned_in: dict[str, str] = {}
        # Later than whatever was said before a restart, as ids on Weibo are.
        self.square = PublicSquare(first_id=int(self.now().timestamp() * 1_000_000))

    def account_by_token(self, token: str) -> SimulatedAccount | None:
        return next((a for a in self.accounts.values() if token and a.access_token == token), None)

    def in_words(self, text: str) -> Payload:
        return payloads.text(text)

    def begin(self, openid: str, payload: Payload) -> Push:
        citizen = self.citizen(openid)
        if payload.kind in {"unfollow", "unsubscribe"} and not citizen.is_following:
            raise NotFollowing(openid)
        self._follow_or_leave(citizen, payload)
        now = self.now()
        citizen.last_seen_at = now
        if payload.opens_window:
            self.windows.open(openid, now)
        if payload.kind == "mention":
            self.windows.mentioned(openid, payload.details["post_id"], now)
        push = self.pushes.prepare(self.account(citizen.account_key), openid, payload)
        if payload.kind == "mention":
            self._mentioned_in[push.id] = payload.details["post_id"]
        return self._begun(push, payload)

    # what is said in public

    def post(self, uid: str, text: str, *, commenting: str = "all") -> Post:
        """Let a citizen write a post that names the account."""
        citizen = self.citizen(uid)
        return self.square.write(
            author_uid=uid,
            author_name=citizen.name,
            text=self._naming(citizen, text),
            at=self.now(),
            names_account=citizen.account_key,
            commenting=commenting,
        )

    def somebodys_post(self, uid: str, *, commenting: str = "all") -> Post:
        """Let somebody write a post that names nobody, for others to comment on."""
        return self.square.write(
            author_uid=uid,
            author_name=self.citizen(uid).name,
            text="今天的滨河公园很漂亮。",
            at=self.now(),
            commenting=commenting,
        )

    def comment(self, uid: str, text: str, *, status_id: str = "", names: bool = True) -> Post:
        """Let a citizen comment below a post; without one below a post of the account itself."""
        citizen = self.citizen(uid)
        account = self.account(citizen.account_key)
        if status_id:
            status = self.square.status(status_id)
        else:
            status = self.square.write(
                author_uid=account.uid,
                author_name=account.name,
                text="【办事指南】政务服务大厅办理事项清单已更新，欢迎查阅。",
                at=self.now(),
            )
        return self.square.write(
            author_uid=uid,
            author_name=citizen.name,
            text=self._naming(citizen, text) if names else text,
            at=self.now(),
            status_id=status.id,
            names_account=citizen.account_key if names else "",
            is_for_account=citizen.account_key if status.author_uid == account.uid else "",
        )

    def mention(self, post: Post) -> tuple[Push | None, Payload]:
        """Tell the account that a post names it: by push where it has the right, else not."""
        account = self.account(post.names_account)
        place = "comment" if post.is_comment else "status"
        payload = payloads.mention(place, str(post.id), post.text)
        if account.pushes_mentions:
            return self.begin(post.author_uid, payload), payload
        self.windows.mentioned(post.author_uid, str(post.id), self.now())
        self.show_own_words(post, kind="mention")
        return None, payload

    def show_own_words(self, post: Post, *, kind: str = "comment") -> None:
        """Show a citizen what he or she has said in public and nobody was told of."""
        details = {"post_id": str(post.id), "place": "comment" if post.is_comment else "status"}
        self._add_entry(post.author_uid, Via.PUSH, kind, post.text, None, details)

    # inside

    def _naming(self, citizen: Citizen, text: str) -> str:
        name = f"@{self.account(citizen.account_key).name}"
        return text if name in text else f"{name} {text}"

    def _follow_or_leave(self, citizen: Citizen, payload: Payload) -> None:
        if payload.kind in JOINING:
            citizen.is_following, citizen.has_left = True, False
        elif payload.kind == "unfollow":
            citizen.is_following, citizen.has_left = False, True
            self.windows.close(citizen.openid)
        else:
            return
        self.feed.publish("citizen", citizen=citizen.as_json())

    def _show_passive(self, push: Push, reply: PassiveReply) -> None:
        if push.kind == "mention":
            self.windows.answered(push.openid, self._mentioned_in[push.id])
        if not self.citizen(push.openid).has_left:
            self._add_entry(
                push.openid, Via.PASSIVE, reply.kind, reply.text, push.id, reply.details
            )

    def _citizens(self) -> Citizens:
        return Citizens(at_most=self.options.max_citizens, known_id=_known_uid, new_id=_new_uid)

    def _media_store(self) -> MediaStore:
        return MediaStore(new_id=lambda: str(secrets.randbelow(10**12) + 10**12))


def _known_uid(account_key: str, name: str) -> str:
    digest = hashlib.sha256(f"weibo\n{account_key}\n{name}".encode()).digest()
    return str(10**9 + int.from_bytes(digest[:6]) % (7 * 10**9))


def _new_uid() -> str:
    return str(10**9 + secrets.randbelow(7 * 10**9))

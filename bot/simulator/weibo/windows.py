"""Who may be written to now: without limit for 48 hours, or once for a mention."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.simulator.weibo.refusals import WeiboRefusal

LASTS = timedelta(hours=48)


@dataclass
class Mention:
    post_id: str
    closes_at: datetime
    is_answered: bool = False


class ReplyWindows:
    """The rules of /2/messages/reply.json.

    用户发送消息，关注/订阅事件，点击自定义菜单，扫描二维码事件后，48 小时内不限制发送次数；
    被@事件 48 小时内 1 次。
    """

    def __init__(self) -> None:
        self._open_until: dict[str, datetime] = {}
        self._mentions: dict[str, list[Mention]] = {}

    def open(self, uid: str, now: datetime) -> None:
        self._open_until[uid] = now + LASTS

    def mentioned(self, uid: str, post_id: str, now: datetime) -> None:
        self._mentions.setdefault(uid, []).append(Mention(post_id, now + LASTS))

    def spend(self, uid: str, now: datetime) -> None:
        """Let one message through, or refuse it."""
        if self._open_until.get(uid, now) > now:
            return
        granted = [each for each in self._mentions.get(uid, ()) if each.closes_at > now]
        for mention in granted:
            if not mention.is_answered:
                mention.is_answered = True
                return
        raise WeiboRefusal(20311 if granted else 20310)

    def answered(self, uid: str, post_id: str) -> None:
        """Note that a mention has had its one answer, on the push itself."""
        for mention in self._mentions.get(uid, ()):
            if mention.post_id == post_id:
                mention.is_answered = True

    def close(self, uid: str) -> None:
        self._open_until.pop(uid, None)
        self._mentions.pop(uid, None)

    def report(self, uid: str, now: datetime) -> list[dict[str, Any]]:
        """Tell what is open; `left` is None where nothing is counted."""
        windows: list[dict[str, Any]] = []
        until = self._open_until.get(uid, now)
        if until > now:
            windows.append({"trigger": "contact", "left": None, "closes_at": until.isoformat()})
        windows += [
            {
                "trigger": "mention",
                "left": 0 if each.is_answered else 1,
                "closes_at": each.closes_at.isoformat(),
            }
            for each in self._mentions.get(uid, ())
            if each.closes_at > now
        ]
        return windows

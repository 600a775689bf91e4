"""One push of Weibo that was understood, and the answers that fit into its connection."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import quote

from bot.channels.base import PassiveAnswer
from bot.channels.bodies import CONTENT_TYPES, TextAnswer, render_xml
from bot.channels.weibo import rendering
from bot.channels.weibo.parsing import Parsed
from config.settings import MentionAnswer, PushFormat
from core.clock import Clock
from core.messaging import InboundMessage, OutboundMessage, PublicPlace

# An empty body ends the matter: neither a reply nor a repetition.
ACKNOWLEDGEMENT = PassiveAnswer(b"", "text/plain; charset=utf-8")


def status_to_comment(message: OutboundMessage, mention_answer: MentionAnswer) -> str:
    """Return the post below which the message is to be said in public; empty: in private.

    Who was named in a comment can only be answered by message: a reply to a comment
    must name the post above it, which the push does not tell.
    """
    post = message.answers
    if mention_answer is not MentionAnswer.COMMENT or post is None:
        return ""
    return post.id if post.place is PublicPlace.STATUS else ""


def private_part(
    messages: Sequence[OutboundMessage], mention_answer: MentionAnswer
) -> list[OutboundMessage]:
    """Return the messages before the first one that is for the public."""
    return list(takewhile(lambda each: not status_to_comment(each, mention_answer), messages))


@dataclass(frozen=True, kw_only=True)
class WeiboPush:
    parsed: Parsed
    push_format: PushFormat
    mention_answer: MentionAnswer
    text_limit_characters: int
    clock: Clock

    @property
    def message(self) -> InboundMessage | None:
        return self.parsed.message

    @property
    def ignored(self) -> str:
        return self.parsed.ignored

    def acknowledge(self) -> PassiveAnswer:
        return ACKNOWLEDGEMENT

    def render_passive(
        self, messages: Sequence[OutboundMessage], *, parts_delivered: int = 0
    ) -> PassiveAnswer:
        """Merge what may be said in private, up to the first word that is for the public."""
        merged = rendering.merge(
            private_part(messages, self.mention_answer),
            self.text_limit_characters,
            parts_delivered=parts_delivered,
        )
        if not merged.text:
            return PassiveAnswer(ACKNOWLEDGEMENT.body, ACKNOWLEDGEMENT.content_type, merged.carried)
        return PassiveAnswer(
            self._render(merged.text).encode(),
            CONTENT_TYPES[self.push_format],
            merged.carried,
            merged.parts_of_next,
        )

    def _render(self, text: str) -> str:
        from_id, to_id = self.parsed.receiver_id, self.parsed.sender_id
        if self.push_format is PushFormat.XML:
            now_seconds = int(self.clock().timestamp())
            return render_xml(
                TextAnswer(from_id=from_id, to_id=to_id, sent_at_seconds=now_seconds, text=text)
            )
        data = json.dumps({"text": text}, ensure_ascii=False, separators=(",", ":"))
        answer = {
            "result": True,
            "sender_id": from_id,
            "receiver_id": to_id,
            "type": "text",
            "data": quote(data, safe=""),
        }
        return json.dumps(answer)

"""One push of Weibo that was understood, and the answers that fit into its connection."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar
from urllib.parse import quote

from bot.channels.base import PassiveAnswer
from bot.channels.bodies import TextAnswer, render_xml
from bot.channels.pushes import ParsedPush
from config.accounts import MentionAnswer, PushFormat
from core.messaging import OutboundMessage, PublicPlace, PublicPost
from core.texts import weibo as rendering

# An empty body ends the matter: neither a reply nor a repetition.
ACKNOWLEDGEMENT = PassiveAnswer(b"", "text/plain; charset=utf-8")


def post_to_answer(message: OutboundMessage, mention_answer: MentionAnswer) -> PublicPost | None:
    """Return the post below which the message is to be said in public; None: in private.

    A reply to a comment must name the post above it, which a push does not tell, only the
    list of comments: whose naming was pushed is answered by message.
    """
    post = message.answers
    if mention_answer is not MentionAnswer.COMMENT or post is None:
        return None
    return post if post.place is PublicPlace.STATUS or post.below_id else None


def private_part(
    messages: Sequence[OutboundMessage], mention_answer: MentionAnswer
) -> list[OutboundMessage]:
    """Return the messages before the first one that is for the public."""
    return list(takewhile(lambda each: not post_to_answer(each, mention_answer), messages))


@dataclass(frozen=True, kw_only=True)
class WeiboPush(ParsedPush):
    mention_answer: MentionAnswer
    text_limit_characters: int

    acknowledgement: ClassVar[PassiveAnswer] = ACKNOWLEDGEMENT

    def render_passive(
        self,
        messages: Sequence[OutboundMessage],
        *,
        parts_delivered: int = 0,
        closing: OutboundMessage | None = None,
    ) -> PassiveAnswer:
        """Merge what may be said in private, up to the first word that is for the public.

        No closing line is needed: what does not fit goes out through the API.
        """
        merged = rendering.merge(
            private_part(messages, self.mention_answer),
            self.text_limit_characters,
            parts_delivered=parts_delivered,
        )
        is_xml = self.push_format is PushFormat.XML
        return self.answer_with(merged, render_xml if is_xml else _render_json)


def _render_json(answer: TextAnswer) -> str:
    data = json.dumps({"text": answer.text}, ensure_ascii=False, separators=(",", ":"))
    fields = {
        "result": True,
        "sender_id": answer.from_id,
        "receiver_id": answer.to_id,
        "type": "text",
        "data": quote(data, safe=""),
    }
    return json.dumps(fields)

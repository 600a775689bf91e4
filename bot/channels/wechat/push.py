"""One push of WeChat that was understood, and the answers that fit into its connection."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.channels.base import PassiveAnswer
from bot.channels.bodies import TextAnswer
from bot.channels.pushes import ParsedPush
from bot.channels.wechat import envelopes
from bot.channels.wechat.encryption import MessageCipher
from core.messaging import OutboundMessage
from core.texts import wechat as rendering

# Stops the platform from repeating the push. Plain in every mode: the platform asks for that.
ACKNOWLEDGEMENT = PassiveAnswer(b"success", "text/plain; charset=utf-8")


@dataclass(frozen=True)
class Seal:
    """What an encrypted push is answered with: the key it came under, and its nonce."""

    cipher: MessageCipher
    token: str
    nonce: str


@dataclass(frozen=True, kw_only=True)
class WeChatPush(ParsedPush):
    seal: Seal | None
    text_limit_bytes: int

    acknowledgement: ClassVar[PassiveAnswer] = ACKNOWLEDGEMENT

    def render_passive(
        self,
        messages: Sequence[OutboundMessage],
        *,
        parts_delivered: int = 0,
        closing: OutboundMessage | None = None,
    ) -> PassiveAnswer:
        limit = self.text_limit_bytes
        if closing is not None:
            limit -= rendering.room_for_closing(limit)
        merged = rendering.merge(messages, limit, parts_delivered=parts_delivered)
        if closing is not None and merged.text:
            closed = rendering.close(merged.text, closing, self.text_limit_bytes)
            merged = replace(merged, text=closed)
        return self.answer_with(merged, self._render)

    def _render(self, answer: TextAnswer) -> str:
        rendered = envelopes.render(answer, self.push_format)
        if self.seal is None:
            return rendered
        return envelopes.seal(
            rendered,
            self.push_format,
            cipher=self.seal.cipher,
            token=self.seal.token,
            nonce=self.seal.nonce,
            sealed_at_seconds=answer.sent_at_seconds,
        )

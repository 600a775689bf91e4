"""One push of WeChat that was understood, and the answers that fit into its connection."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.base import PassiveAnswer
from bot.channels.bodies import CONTENT_TYPES, TextAnswer
from bot.channels.wechat import envelopes, rendering
from bot.channels.wechat.encryption import MessageCipher
from bot.channels.wechat.parsing import Parsed
from config.settings import PushFormat
from core.clock import Clock
from core.messaging import InboundMessage, OutboundMessage

# Stops the platform from repeating the push. Plain in every mode: the platform asks for that.
ACKNOWLEDGEMENT = PassiveAnswer(b"success", "text/plain; charset=utf-8")


@dataclass(frozen=True)
class Seal:
    """What an encrypted push is answered with: the key it came under, and its nonce."""

    cipher: MessageCipher
    token: str
    nonce: str


@dataclass(frozen=True, kw_only=True)
class WeChatPush:
    parsed: Parsed
    push_format: PushFormat
    seal: Seal | None
    text_limit_bytes: int
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
        merged = rendering.merge(messages, self.text_limit_bytes, parts_delivered=parts_delivered)
        body = self._render(merged.text) if merged.text else ACKNOWLEDGEMENT.body
        content_type = (
            CONTENT_TYPES[self.push_format] if merged.text else ACKNOWLEDGEMENT.content_type
        )
        return PassiveAnswer(body, content_type, merged.carried, merged.parts_of_next)

    def _render(self, text: str) -> bytes:
        now_seconds = int(self.clock().timestamp())
        answer = TextAnswer(
            from_id=self.parsed.original_id,
            to_id=self.parsed.openid,
            sent_at_seconds=now_seconds,
            text=text,
        )
        rendered = envelopes.render(answer, self.push_format)
        if self.seal is not None:
            rendered = envelopes.seal(
                rendered,
                self.push_format,
                cipher=self.seal.cipher,
                token=self.seal.token,
                nonce=self.seal.nonce,
                sealed_at_seconds=now_seconds,
            )
        return rendered.encode()

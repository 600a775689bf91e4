"""Talks in which a citizen is not well served."""

from core.conversations.models import Message
from core.conversations.services import Reply, record_turn
from core.messaging import Choice
from core.unit_of_work import UnitOfWork
from tests.builders import a_message


def is_missed(uow: UnitOfWork, text: str, *guesses: str, **given) -> Message:
    return _said(
        uow, text, "nlu_fallback", guesses, Reply("没有找到", reason={"kind": "miss"}), given
    )


def is_offered(uow: UnitOfWork, text: str, *guesses: str, offers=("甲", "乙"), **given) -> Message:
    choices = tuple(Choice(words, words) for words in offers)
    reply = Reply("您想问哪一个？", choices, {"kind": "suggestions"})
    return _said(uow, text, "faq_unsure", guesses, reply, given)


def is_answered(uow: UnitOfWork, text: str, slug: str, **given) -> Message:
    reply = Reply("答案", reason={"kind": "faq", "slug": slug})
    return _said(uow, text, f"faq/{slug}", (slug,), reply, given)


def complains(uow: UnitOfWork, **given) -> Message:
    return _said(uow, "答非所问", "complain_about_answer", (), Reply("抱歉"), given)


def _said(uow, text, intent, guesses, reply, given) -> Message:
    message = a_message(uow, text=text, **given)
    ranking = [{"intent": f"faq/{slug}", "confidence": 0.4} for slug in guesses]
    record_turn(uow, message.id, [reply], understanding={"intent": intent, "ranking": ranking})
    return message

"""What citizens say in public is answered where they said it, and only that."""

from core.conversations import queries, services
from core.conversations.services import Reply, record_turn
from core.messaging import InboundKind, PublicPlace, PublicPost
from tests.builders import a_message, an_operator

POST = PublicPost(PublicPlace.STATUS, "4890000000000001")


def a_mention(uow):
    return a_message(uow, kind=InboundKind.MENTION, text="@清河发布 路灯坏了", payload=POST.payload)


def test_the_answer_to_a_public_post_knows_which_post_it_answers(uow):
    mention = a_mention(uow)

    record_turn(uow, mention.id, [Reply("请私信我们。")])

    [reply] = queries.replies_to(uow.session, mention.id)
    assert reply.outbound.answers == POST


def test_what_an_operator_says_afterwards_is_for_the_citizen_alone(uow):
    mention = a_mention(uow)
    operator = an_operator(uow)
    services.take_over(uow, mention.conversation_id, operator_id=operator.id)

    said = services.say_as_operator(
        uow, mention.conversation_id, operator_id=operator.id, text="您好，路灯在哪条路上？"
    )

    assert said.outbound.answers is None


def test_the_answer_to_a_private_message_answers_no_post(uow):
    message = a_message(uow)

    record_turn(uow, message.id, [Reply("您好")])

    [reply] = queries.replies_to(uow.session, message.id)
    assert reply.outbound.answers is None

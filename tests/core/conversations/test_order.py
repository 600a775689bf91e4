"""Whatever happens in whatever order: nothing is said twice, out of turn, or to the wrong ears."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.conversations import queries, services
from core.conversations.models import Delivery
from core.conversations.services import Fit, Reply
from core.conversations.states import Author, ConversationState, Visibility
from tests.builders import a_message, an_address, an_operator

WINDOW = timedelta(seconds=4)
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("citizen_writes"), st.booleans()),
        st.tuples(st.just("bot_answers"), st.integers(1, 3)),
        st.tuples(st.just("webhook_asks"), st.tuples(st.integers(0, 5), st.integers(0, 3))),
        st.tuples(st.just("webhook_goes"), st.integers(0, 5)),
        st.tuples(st.just("api_sends"), st.sampled_from(["arrives", "busy", "refused"])),
        st.tuples(st.just("time_passes"), st.integers(1, 20)),
        st.tuples(st.just("operator_speaks"), st.none()),
        st.tuples(st.just("operator_notes"), st.none()),
        st.tuples(st.just("operator_gives_back"), st.none()),
    ),
    min_size=10,
    max_size=40,
)


class Talk:
    """One conversation, and what the citizen has heard of it."""

    def __init__(self, uow):
        self.uow = uow
        self.address = an_address()
        self.operator = an_operator(uow)
        self.inbound = [a_message(uow, address=self.address).id]
        self.id = queries.get_message(uow.session, self.inbound[0]).conversation_id
        self.heard: list[int] = []

    def citizen_writes(self, has_webhook):
        until = self.uow.now + WINDOW if has_webhook else None
        self.inbound.append(a_message(self.uow, address=self.address, passive_until=until).id)

    def bot_answers(self, count):
        unfinished = [
            one
            for one in self.inbound
            if queries.get_message(self.uow.session, one).outcome is None
        ]
        if unfinished:
            services.record_turn(self.uow, unfinished[0], [Reply(f"答{n}") for n in range(count)])

    def webhook_asks(self, which):
        number, room = which
        message_id = self.inbound[number % len(self.inbound)]
        is_repeated = bool(queries.carried_by(self.uow.session, message_id))
        services.claim_passive(
            self.uow, message_id, fit_into=lambda messages, _: Fit(min(room, len(messages)))
        )
        if not is_repeated:
            carried = queries.carried_by(self.uow.session, message_id)
            self.heard += [message.seq for message in carried]

    def webhook_goes(self, number):
        services.shut_passive_window(self.uow, self.inbound[number % len(self.inbound)])

    def api_sends(self, outcome):
        leased = services.lease_delivery(self.uow, self.id)
        if not isinstance(leased, Delivery):
            return
        if outcome == "arrives":
            services.record_delivery(self.uow, leased.message_id)
            self.heard.append(leased.message.seq)
        else:
            services.record_delivery_failure(
                self.uow,
                leased.message_id,
                code="-1",
                reason=outcome,
                can_retry=outcome == "busy",
            )

    def time_passes(self, seconds):
        self.uow.now += timedelta(seconds=seconds)

    def operator_speaks(self, _):
        services.take_over(self.uow, self.id, operator_id=self.operator.id)
        services.say_as_operator(self.uow, self.id, operator_id=self.operator.id, text="您好")

    def operator_notes(self, _):
        services.add_note(self.uow, self.id, operator_id=self.operator.id, text="内部")

    def operator_gives_back(self, _):
        if queries.get(self.uow.session, self.id).state is ConversationState.OPERATOR:
            services.hand_back(self.uow, self.id, operator_id=self.operator.id)


@pytest.fixture
def begin(core):
    """Open units of work; a failed example would tell the whole core as its argument."""

    def unit_of_work():
        return core.unit_of_work()

    return unit_of_work


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(HAPPENINGS)
def test_the_citizen_hears_everything_once_and_in_order(begin, happenings):
    with begin() as uow:
        talk = Talk(uow)
        for name, detail in happenings:
            getattr(talk, name)(detail)
            uow.session.flush()
        while queries.undelivered_since(uow.session, uow.now + timedelta(days=1)):
            talk.time_passes(100)
            talk.api_sends("arrives")
            uow.session.flush()

        thread = queries.thread(uow.session, talk.id, limit=1000)
        failed = queries.failed_deliveries(uow.session, limit=1000)
        lost = {message.seq for message in failed if message.conversation_id == talk.id}
        said = [
            message.seq
            for message in thread
            if message.author is not Author.CITIZEN and message.visibility is Visibility.PUBLIC
        ]

    assert talk.heard == [seq for seq in said if seq not in lost]
    assert [message.seq for message in thread] == list(range(1, len(thread) + 1))

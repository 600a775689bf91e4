"""A case has what the citizen showed while telling of the matter, and nothing older."""

from datetime import timedelta

from core.cases import queries
from core.messaging import InboundKind
from tests.builders import a_case, a_message, an_address
from tests.core.media.scenes import a_photo, attachment


def sent_with(core, case) -> list[int]:
    with core.unit_of_work() as uow:
        return [each.message_id for each in queries.attachments(uow.session, case.id)]


def test_what_was_sent_within_the_hour_belongs_to_the_case(core, clock):
    address = an_address()
    a_photo(core, address=address)
    clock.advance(timedelta(hours=2))
    shown = [
        a_photo(core, address=address),
        a_photo(core, address=address, kind=InboundKind.VOICE),
    ]
    a_photo(core)  # somebody else's
    clock.advance(timedelta(minutes=20))

    with core.unit_of_work() as uow:
        case = a_case(uow, conversation_id=attachment(core, shown[0]).conversation_id)

    assert sent_with(core, case) == shown


def test_a_case_without_a_conversation_has_no_attachments(core):
    with core.unit_of_work() as uow:
        a_message(uow, kind=InboundKind.IMAGE, text="")
        case = a_case(uow)

    assert sent_with(core, case) == []

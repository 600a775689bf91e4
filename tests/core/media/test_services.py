"""What a citizen sent beside words, from the push to the folder, whatever stands in between."""

from datetime import timedelta

import pytest

from core.conversations.services import receive
from core.media import queries, services
from core.media.errors import AttachmentNotFound, IllegalMediaStep
from core.media.models import MediaFile
from core.media.services import LEASE, RETRY_AFTER
from core.media.states import TRANSITIONS, AttachmentState, MediaKind, MediaStep, next_state
from core.messaging import InboundKind
from tests.builders import an_inbound
from tests.core.media.contents import a_picture
from tests.core.media.scenes import a_photo, attachment, is_stored, leased, promised_fetches


@pytest.mark.parametrize("state", AttachmentState)
@pytest.mark.parametrize("step", MediaStep)
def test_what_the_table_does_not_allow_is_refused(state, step):
    if (state, step) in TRANSITIONS:
        assert next_state(state, step) is TRANSITIONS[state, step]
    else:
        with pytest.raises(IllegalMediaStep):
            next_state(state, step)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (InboundKind.IMAGE, MediaKind.IMAGE),
        (InboundKind.VOICE, MediaKind.VOICE),
        (InboundKind.VIDEO, MediaKind.VIDEO),
    ],
)
def test_what_is_more_than_words_is_promised_with_the_message(core, kind, wanted):
    message_id = a_photo(core, kind=kind)

    found = attachment(core, message_id)
    assert (found.kind, found.state) == (wanted, AttachmentState.WANTED)
    assert found.source == {"media_id": "media-1"}
    assert promised_fetches(core) == [(message_id, False)]


@pytest.mark.parametrize("kind", [InboundKind.TEXT, InboundKind.LOCATION, InboundKind.LINK])
def test_what_is_told_whole_in_the_push_is_not_fetched(core, kind):
    message_id = a_photo(core, kind=kind)

    with pytest.raises(AttachmentNotFound):
        attachment(core, message_id)
    assert promised_fetches(core) == []


def test_a_repeated_push_is_fetched_once(core):
    with core.unit_of_work() as uow:
        inbound = an_inbound(uow, kind=InboundKind.IMAGE, text="", payload={"media_id": "m"})
        receive(uow, inbound)
    with core.unit_of_work() as uow:
        receive(uow, inbound)

    assert len(promised_fetches(core)) == 1


def test_only_one_worker_fetches_at_a_time(core):
    message_id = a_photo(core)

    first, second = leased(core, message_id), leased(core, message_id)

    assert first is not None
    assert second is None


def test_a_fetch_whose_worker_has_died_is_taken_up_after_its_lease(core, clock):
    message_id = a_photo(core)
    leased(core, message_id)

    clock.advance(LEASE + timedelta(seconds=1))
    again = leased(core, message_id)

    assert again is not None
    assert again.attempt == 2


def test_open_screens_hear_that_it_is_here(core, announced, media_store):
    message_id = a_photo(core)

    is_stored(core, media_store, message_id)

    [event] = [event for event in announced if type(event).__name__ == "AttachmentChanged"]
    assert (event.message_id, event.state) == (message_id, "stored")
    assert event.subject == f"conversation:{event.conversation_id}"


def test_the_same_picture_sent_by_two_is_stored_once(core, session, media_store):
    kept = [is_stored(core, media_store, a_photo(core), a_picture()) for _ in range(2)]

    assert kept[0].sha256 == kept[1].sha256
    assert session.query(MediaFile).count() == 1
    assert [each.sha256 for each in media_store.contents()] == [kept[0].sha256]


def test_a_failure_is_tried_again_with_growing_patience_and_then_shown(core, clock):
    message_id = a_photo(core)

    for patience in RETRY_AFTER:
        leased(core, message_id)
        with core.unit_of_work() as uow:
            again_at = services.record_failure(uow, message_id, reason="慢", can_retry=True)
        assert again_at == clock.now + patience
        assert attachment(core, message_id).state is AttachmentState.WANTED
        assert leased(core, message_id) is None  # not before its time
        clock.advance(patience)
    leased(core, message_id)
    with core.unit_of_work() as uow:
        assert services.record_failure(uow, message_id, reason="慢", can_retry=True) is None

    found = attachment(core, message_id)
    assert (found.state, found.reason) == (AttachmentState.FAILED, "慢")
    assert promised_fetches(core) == [(message_id, False), *[(message_id, True)] * len(RETRY_AFTER)]


def test_all_attempts_fall_into_the_days_in_which_the_platform_keeps_it():
    assert sum(RETRY_AFTER, timedelta()) < timedelta(days=3)


def test_what_failed_for_good_may_be_asked_for_again_by_a_person(core):
    message_id = a_photo(core)
    leased(core, message_id)
    with core.unit_of_work() as uow:
        services.record_failure(uow, message_id, reason="没有权限", can_retry=False)

    with core.unit_of_work() as uow:
        services.fetch_again(uow, message_id)

    assert attachment(core, message_id).state is AttachmentState.WANTED
    again = leased(core, message_id)
    assert again is not None
    assert again.attempt == 1


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (services.record_refused, AttachmentState.REFUSED),
        (services.record_expired, AttachmentState.EXPIRED),
    ],
)
def test_what_is_settled_is_not_fetched_again(core, record, state):
    message_id = a_photo(core)
    leased(core, message_id)
    with core.unit_of_work() as uow:
        record(uow, message_id, reason="wrong_type")

    assert attachment(core, message_id).state is state
    assert leased(core, message_id) is None
    with pytest.raises(IllegalMediaStep), core.unit_of_work() as uow:
        services.fetch_again(uow, message_id)


def test_a_slow_worker_does_not_undo_what_a_faster_one_has_recorded(core, media_store):
    message_id = a_photo(core)
    is_stored(core, media_store, message_id)

    with core.unit_of_work() as uow:
        services.record_failure(uow, message_id, reason="慢", can_retry=True)
        services.record_expired(uow, message_id, reason="40007")

    assert attachment(core, message_id).state is AttachmentState.STORED


def test_a_fetch_whose_job_is_gone_is_found(core, clock):
    message_id = a_photo(core)
    clock.advance(timedelta(minutes=5))

    with core.unit_of_work() as uow:
        before = uow.now - timedelta(minutes=2)
        found = queries.forgotten(uow.session, wanted_before=before, now=uow.now)

    assert list(found) == [message_id]


def test_a_fetch_that_is_due_later_is_not_taken_for_forgotten(core, clock):
    message_id = a_photo(core)
    clock.advance(timedelta(minutes=5))
    leased(core, message_id)
    with core.unit_of_work() as uow:
        services.record_failure(uow, message_id, reason="慢", can_retry=True)
        found = queries.forgotten(uow.session, wanted_before=uow.now, now=uow.now)

    assert list(found) == []


def test_erasing_one_of_two_that_sent_the_same_leaves_the_other(core, session, media_store):
    first, second = a_photo(core), a_photo(core)
    for message_id in (first, second):
        is_stored(core, media_store, message_id, a_picture())

    with core.unit_of_work() as uow:
        assert services.erase(uow, [first]) == 0
    assert session.query(MediaFile).count() == 1
    with core.unit_of_work() as uow:
        assert services.erase(uow, [second]) == 1

    assert session.query(MediaFile).count() == 0
    assert attachment(core, second).state is AttachmentState.ERASED

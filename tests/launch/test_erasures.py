"""By command: what was checked is shown first, and erased only when asked to."""

import pytest

from core.adapters.media_folder import MediaFolder
from core.conversations import queries
from core.conversations.models import ErasureRequest
from core.conversations.states import ErasureState
from core.erasures import services
from core.media.states import AttachmentState
from core.operators.permissions import Role
from launch.erasures import carry_out, look
from tests.builders import an_operator
from tests.core.media.contents import a_picture
from tests.core.media.scenes import a_photo, attachment, is_stored


@pytest.fixture
def store(tmp_path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def photo(core, store):
    """A citizen has sent a picture and wants everything erased; that was checked."""
    photo = a_photo(core)
    is_stored(core, store, photo, a_picture())
    with core.unit_of_work() as uow:
        checker = an_operator(uow, Role.SECURITY_ADMIN)
        request = ErasureRequest(
            identity_id=attachment_identity(uow, photo),
            scopes=["1"],
            reason="authorization_revoked",
            requested_at=uow.now,
        )
        uow.session.add(request)
        uow.session.flush()
        services.clear_erasure(uow, request.id, operator_id=checker.id, note="无法定保存期限")
    return photo


def attachment_identity(uow, message_id):
    message = queries.get_message(uow.session, message_id)
    return queries.get(uow.session, message.conversation_id).identity_id


def test_looking_changes_nothing(core, store, photo):
    [due] = look(core)

    assert due.extent.attachment_ids == (photo,)
    assert attachment(core, photo).state is AttachmentState.STORED
    assert list(store.contents())


def test_carrying_out_takes_the_bytes_away_too(core, store, photo):
    files = carry_out(core, store, look(core))

    assert files >= 1
    assert list(store.contents()) == []
    assert attachment(core, photo).state is AttachmentState.ERASED
    assert attachment(core, photo).source == {}
    with core.unit_of_work() as uow:
        [request] = uow.session.query(ErasureRequest)
        assert (request.state, request.erased_by_id) == (ErasureState.ERASED, None)
    assert look(core) == []

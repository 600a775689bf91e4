"""What the citizen showed is seen on the case by those who may see the case, and by nobody else."""

from core.bootstrap import Core
from core.media.storing import MediaStore
from core.operators.permissions import Role
from tests.builders import a_case
from tests.console.browsing import Visitor, words_of
from tests.console.conftest import SignInAs
from tests.core.media.contents import a_picture
from tests.core.media.scenes import a_photo, attachment, is_stored


def a_case_with_a_picture(core: Core, store: MediaStore) -> tuple[str, int, bytes]:
    message_id = a_photo(core)
    kept = is_stored(core, store, message_id, a_picture(size=(900, 600)))
    with core.unit_of_work() as uow:
        case = a_case(uow, conversation_id=attachment(core, message_id).conversation_id)
    return case.number, message_id, kept.content.data


def test_a_picture_is_shown_on_the_case(dispatcher: Visitor, core: Core, media_store: MediaStore):
    number, message_id, content = a_case_with_a_picture(core, media_store)

    page = dispatcher.get(f"/cases/{number}")

    address = f"/cases/{number}/media/{message_id}"
    assert f'src="{address}?size=preview"' in page.text
    assert "附件" in words_of(page)
    assert dispatcher.get(address).data == content


def test_a_unit_sees_the_pictures_of_its_own_cases_only(
    handler: Visitor, core: Core, media_store: MediaStore
):
    number, message_id, _ = a_case_with_a_picture(core, media_store)

    assert handler.get(f"/cases/{number}/media/{message_id}").status_code == 404


def test_what_does_not_belong_to_the_case_is_not_found_under_it(
    dispatcher: Visitor, core: Core, media_store: MediaStore
):
    number, _, _ = a_case_with_a_picture(core, media_store)
    other = a_photo(core)
    is_stored(core, media_store, other)

    assert dispatcher.get(f"/cases/{number}/media/{other}").status_code == 404


def test_who_sees_no_cases_sees_no_pictures_of_them(
    sign_in_as: SignInAs, core: Core, media_store: MediaStore
):
    number, message_id, _ = a_case_with_a_picture(core, media_store)

    answer = sign_in_as(Role.EDITOR).get(f"/cases/{number}/media/{message_id}")

    assert answer.status_code == 403

"""The content of an entry survives being stored."""

from core.knowledge.contents import EntryDraft
from tests.builders import a_draft


def test_content_survives_being_stored(uow):
    draft = a_draft(
        uow, steps=["一", "二"], link="https://www.gov.cn/", phone="12345", is_people_only=True
    )

    read = EntryDraft.from_json(draft.as_json())

    assert read.as_json() == draft.as_json()
    assert read.fingerprint == draft.fingerprint
    assert read.references[0].effective_on == draft.references[0].effective_on


def test_content_stored_before_a_field_was_added_can_be_read(uow):
    stored = a_draft(uow).as_json() | {"dropped": 1}
    del stored["link"], stored["is_people_only"]

    read = EntryDraft.from_json(stored)

    assert (read.link, read.is_people_only) == (None, False)

"""Pictures in citizens' forms: taken, refused, kept while the form is mended, and shown to few."""

import io
import re

import pytest
from flask import Flask
from PIL import Image

from console.app import create_app
from console.citizen.photos import KEPT_FOR
from console.citizen.wechat_login import WebLogin
from core.cases import queries
from core.cases.services import accept_case
from core.cases.services.submitting import MAX_PHOTOS_AT_ONCE
from core.cases.states import CaseClass
from core.operators.permissions import Role
from launch.media import LEFT_ALONE
from tests.builders import a_case, a_conversation, an_address, an_operator
from tests.console.browsing import Visitor, words_of
from tests.console.citizen.platform import OPENID, PretendWeChat, come_back
from tests.console.citizen.test_entering import an_account
from tests.core.media.contents import a_picture, a_picture_that_tells_where_it_was_taken

TOKEN = re.compile(r'name="kept_photos" value="([^"]+)"')
PICTURE = re.compile(r'src="(/[^"]+/photos/\d+)\?size=preview"')
FORM_KEY = re.compile(r'name="form_key" value="([0-9a-f]{32})"')


def a_file(content: bytes, name: str = "路灯.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


@pytest.fixture
def wechat() -> PretendWeChat:
    return PretendWeChat()


@pytest.fixture
def app(settings, core, redis, wechat, tmp_path) -> Flask:
    changes = {"wechat": {"town": an_account()}, "media_folder": str(tmp_path)}
    app = create_app(settings.model_copy(update=changes), core, redis)
    app.extensions["web_login"] = WebLogin("http://wechat.test", transport=wechat.transport)
    return app


@pytest.fixture
def phone(app, wechat) -> Visitor:
    visitor = Visitor(app)
    come_back(visitor, wechat.code_for())
    visitor.get("/c/mine")
    return visitor


@pytest.fixture
def number(core) -> str:
    """A case of the citizen with this phone, which has been accepted."""
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow, address=an_address(account="town", platform_id=OPENID))
        case = a_case(uow, conversation_id=conversation.id)
        operator = an_operator(uow)
        accept_case(uow, case.number, operator_id=operator.id, case_class=CaseClass.GENERAL)
        return case.number


def add(phone: Visitor, number: str, *files, **given):
    phone.get(f"/c/case/{number}")
    return phone.post(f"/c/case/{number}/addition", {"text": "", "photos": list(files)} | given)


def photos_of(core, number: str):
    with core.unit_of_work() as uow:
        return [
            each.upload for each in queries.photos(uow.session, queries.get(uow.session, number).id)
        ]


def leave_message(phone: Visitor, *files, **given):
    found = FORM_KEY.search(phone.get("/c/message").text)
    assert found is not None
    form = {"form_key": found[1], "kind": "inquiry", "content": "人民路的路灯坏了三天"}
    return phone.post("/c/message", form | {"photos": list(files)} | given)


# --- additions ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_added_to_the_case_without_words(number, phone, core, form):
    answer = add(phone, number, a_file(a_picture(form)))

    assert answer.status_code == 303
    [upload] = photos_of(core, number)
    assert upload.file.mime in {"image/jpeg", "image/png"}
    [address] = PICTURE.findall(phone.get(f"/c/case/{number}").text)
    shown = phone.get(address)
    assert shown.status_code == 200
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    Image.open(io.BytesIO(shown.data)).verify()


def test_what_a_picture_tells_beside_what_is_seen_is_not_kept(number, phone, app):
    add(phone, number, a_file(a_picture_that_tells_where_it_was_taken()))

    [address] = PICTURE.findall(phone.get(f"/c/case/{number}").text)
    assert not Image.open(io.BytesIO(phone.get(address).data)).getexif()


def test_the_same_form_sent_twice_adds_its_pictures_once(number, phone, core):
    for _ in range(2):
        add(phone, number, a_file(a_picture()), key="same")

    assert len(photos_of(core, number)) == 1


def test_staff_see_the_pictures_with_the_case(number, phone, app, core):
    add(phone, number, a_file(a_picture()), text="第二盏也坏了")
    with core.unit_of_work() as uow:
        login = an_operator(uow, Role.DISPATCHER).login
    staff = Visitor(app)
    staff.sign_in(login)

    page = staff.get(f"/cases/{number}")
    [address] = PICTURE.findall(page.text)
    assert staff.get(address).mimetype == "image/jpeg"
    assert "附照片 1 张" in words_of(page)


def test_who_only_knows_the_code_learns_how_many_and_sees_none(number, phone, app, core):
    add(phone, number, a_file(a_picture()))
    with core.unit_of_work() as uow:
        code = queries.get(uow.session, number).query_code
        [upload] = queries.photos(uow.session, queries.get(uow.session, number).id)
    other = Visitor(app)
    other.get("/c/case")
    other.post("/c/case", {"number": number, "code": code})

    page = other.get(f"/c/case/{number}")

    assert "附照片 1 张" in words_of(page)
    assert not PICTURE.findall(page.text)
    refused = other.get(f"/c/case/{number}/photos/{upload.upload_id}")
    assert (refused.status_code, refused.mimetype) == (422, "text/html")


def test_a_picture_of_another_case_is_not_found_under_ones_own(number, phone, core):
    add(phone, number, a_file(a_picture()))
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow, address=an_address(account="town", platform_id=OPENID))
        other = a_case(uow, conversation_id=conversation.id).number
    [address] = PICTURE.findall(phone.get(f"/c/case/{number}").text)

    assert phone.get(address.replace(number, other)).mimetype == "text/html"


def test_a_stranger_can_add_no_picture(number, app, core):
    stranger = Visitor(app)
    stranger.get("/c/message")

    stranger.post(f"/c/case/{number}/addition", {"photos": [a_file(a_picture())]})

    assert photos_of(core, number) == []


def test_a_form_without_the_token_of_its_page_takes_nothing(number, phone, core):
    refused = add(phone, number, a_file(a_picture()), csrf_token="forged")

    assert refused.status_code == 400
    assert photos_of(core, number) == []


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (a_picture()[:300], "文件已损坏"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是可以识别的照片"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"", "文件是空的"),
        (b"\xff\xd8" + b"0" * (12 * 1024 * 1024), "超过 12 MB"),
    ],
)
def test_what_is_no_picture_is_refused_by_its_name_and_words_are_kept(
    number, phone, core, content, told
):
    refused = add(phone, number, a_file(content, "现场.jpg"), text="写了很多字")
    refused.request.environ["wsgi.input"].close()  # the test client leaves a long form open

    assert refused.status_code == 422
    assert "“现场.jpg”" in words_of(refused)
    assert told in words_of(refused)
    assert "写了很多字" in refused.text
    assert photos_of(core, number) == []


def test_pictures_that_were_fine_need_not_be_chosen_again(number, phone, core):
    refused = add(phone, number, a_file(a_picture(), "好.jpg"), a_file(b"no", "坏.jpg"))
    tokens = TOKEN.findall(refused.text)

    answer = phone.post(f"/c/case/{number}/addition", {"text": "", "kept_photos": tokens})

    assert answer.status_code == 303
    assert len(photos_of(core, number)) == 1


def test_a_kept_picture_can_be_left_out_and_a_forged_one_is_none(number, phone, core):
    add(phone, number, a_file(a_picture()), a_file(b"no"))

    answer = phone.post(f"/c/case/{number}/addition", {"text": "只有字", "kept_photos": ["x.y"]})

    assert answer.status_code == 303
    assert photos_of(core, number) == []


def test_the_store_keeps_what_waits_for_a_form_longer_than_the_form_may_take():
    assert KEPT_FOR < LEFT_ALONE


def test_too_many_pictures_are_refused(number, phone, core):
    many = [a_file(a_picture(), f"{count}.jpg") for count in range(MAX_PHOTOS_AT_ONCE + 1)]

    refused = add(phone, number, *many)

    assert "每次最多上传 6 张照片，“6.jpg”" in words_of(refused)
    assert len(TOKEN.findall(refused.text)) == MAX_PHOTOS_AT_ONCE


def test_a_case_has_room_for_so_many_pictures(number, phone, core):
    for _ in range(5):
        add(phone, number, *[a_file(a_picture()) for _ in range(MAX_PHOTOS_AT_ONCE)])

    refused = add(phone, number, a_file(a_picture()))

    assert "一共最多 30 张" in words_of(refused)
    assert len(photos_of(core, number)) == 30


def test_other_forms_stay_as_narrow_as_they_were(app):
    visitor = Visitor(app)
    visitor.get("/c/case")

    answer = visitor.post("/c/case", {"number": "1", "code": "9" * 2_000_000})

    assert answer.status_code == 413
    assert "提交的内容太大" in words_of(answer)


# --- messages -------------------------------------------------------------------------------


def test_a_message_takes_pictures_along(app, core):
    visitor = Visitor(app)

    left = leave_message(visitor, a_file(a_picture()), a_file(a_picture(size=(600, 400))))

    assert left.status_code == 303
    number = left.location.rsplit("/", 1)[-1]
    assert len(photos_of(core, number)) == 2
    assert len(PICTURE.findall(visitor.get(f"/c/case/{number}").text)) == 2


def test_a_message_that_is_mended_keeps_its_pictures(app, core):
    visitor = Visitor(app)
    refused = leave_message(visitor, a_file(a_picture()), content="")

    left = leave_message(visitor, kept_photos=TOKEN.findall(refused.text))

    assert refused.status_code == 422
    assert len(photos_of(core, left.location.rsplit("/", 1)[-1])) == 1

"""What citizens sent is shown to those who may see the conversation, and as nothing but a file."""

from collections.abc import Callable

import pytest

from core.bootstrap import Core
from core.media import services
from core.media.states import MediaKind
from core.media.storing import MediaStore
from core.messaging import InboundKind
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.console.browsing import Visitor, words_of
from tests.console.conftest import SignInAs
from tests.console.desk.conversations import Talk
from tests.core.media.contents import a_picture, a_recording, a_video
from tests.core.media.scenes import attachment, is_stored, leased

Says = Callable[..., int]


@pytest.fixture
def sent(talk: Talk) -> Says:
    """The citizen sends something; return the message's id."""

    def send(kind: InboundKind = InboundKind.IMAGE, **given: object) -> int:
        talk.citizen_says("", kind=kind, payload={"media_id": "m1"} | given)
        return talk.last().id

    return send


def test_a_picture_is_shown_small_and_opens_large(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent()
    kept = is_stored(core, media_store, message_id, a_picture(size=(900, 600)))
    address = f"/desk/{talk.id}/media/{message_id}"

    page = seat.get(f"/desk/{talk.id}").text

    assert f'<a href="{address}"' in page
    assert f'src="{address}?size=preview"' in page
    large, small = seat.get(address), seat.get(f"{address}?size=preview")
    assert large.data == kept.content.data
    assert small.data == kept.content.preview
    assert large.mimetype == "image/jpeg"


def test_bytes_leave_as_a_file_that_no_browser_takes_for_a_page(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent()
    kept = is_stored(core, media_store, message_id)

    answer = seat.get(f"/desk/{talk.id}/media/{message_id}")

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["ETag"] == f'"{kept.sha256}"'
    assert answer.headers["Content-Disposition"].startswith("inline; filename=2026")


def test_a_browser_that_has_it_is_told_so(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent()
    kept = is_stored(core, media_store, message_id)
    address = f"/desk/{talk.id}/media/{message_id}"

    assert seat.get(address, **{"If-None-Match": f'"{kept.sha256}"'}).status_code == 304


def test_a_video_is_played_from_where_one_jumps_to(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent(InboundKind.VIDEO)
    is_stored(core, media_store, message_id, a_video(7), MediaKind.VIDEO)
    address = f"/desk/{talk.id}/media/{message_id}"

    part = seat.get(address, Range="bytes=4-7")

    assert (part.status_code, part.data) == (206, b"ftyp")
    assert (
        f'<video class="film" controls preload="metadata" src="{address}"'
        in seat.get(f"/desk/{talk.id}").text
    )
    assert "7 秒" in words_of(seat.get(f"/desk/{talk.id}"))


def test_a_recording_that_browsers_do_not_play_is_offered_to_keep(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent(InboundKind.VOICE)
    is_stored(core, media_store, message_id, a_recording(4), MediaKind.VOICE)

    page = seat.get(f"/desk/{talk.id}")
    answer = seat.get(f"/desk/{talk.id}/media/{message_id}")

    assert "语音（4 秒 · 6 KB）" in words_of(page)
    assert "<audio" not in page.text
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Disposition"].endswith(".amr")


def test_a_recording_that_browsers_play_has_a_player(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent(InboundKind.VOICE)
    is_stored(core, media_store, message_id, b"ID3\x04" + bytes(64), MediaKind.VOICE)

    assert "<audio controls" in seat.get(f"/desk/{talk.id}").text


def test_what_is_on_its_way_or_did_not_come_is_told(
    seat: Visitor, core: Core, talk: Talk, sent: Says
):
    def told() -> str:
        return words_of(seat.get(f"/desk/{talk.id}"))

    message_id = sent()
    assert "正在从平台获取图片" in told()
    leased(core, message_id)
    with core.unit_of_work() as uow:
        services.record_failure(uow, message_id, reason="HTTP status 502", can_retry=True)
    assert "暂未取到图片，稍后自动重试（HTTP status 502）" in told()


@pytest.mark.parametrize(
    ("record", "reason", "words"),
    [
        (services.record_refused, "wrong_type", "图片未通过检查，没有保存：内容与所说的类型不符"),
        (services.record_expired, "40007", "图片已超过平台的保存期限，无法再获取"),
    ],
)
def test_what_will_not_come_is_told_with_its_reason(
    seat: Visitor,
    core: Core,
    talk: Talk,
    sent: Says,
    record: Callable[..., None],
    reason: str,
    words: str,
):
    message_id = sent()
    leased(core, message_id)
    with core.unit_of_work() as uow:
        record(uow, message_id, reason=reason)

    page = seat.get(f"/desk/{talk.id}")

    assert words in words_of(page)
    assert "重新获取" not in words_of(page)
    assert seat.get(f"/desk/{talk.id}/media/{message_id}").status_code == 404


def test_what_failed_is_fetched_again_at_a_press(seat: Visitor, core: Core, talk: Talk, sent: Says):
    message_id = sent()
    leased(core, message_id)
    with core.unit_of_work() as uow:
        services.record_failure(uow, message_id, reason="48001 没有权限", can_retry=False)
    assert "图片未能获取：48001 没有权限 重新获取" in words_of(seat.get(f"/desk/{talk.id}"))

    seat.press(f"/desk/{talk.id}/media/{message_id}/fetch-again", {})

    assert attachment(core, message_id).state.value == "wanted"
    pressed_late = seat.press(f"/desk/{talk.id}/media/{message_id}/fetch-again", {})
    assert pressed_late.status_code == 409


def test_an_open_page_hears_when_it_has_come(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent()
    [mark] = [
        part.partition('"')[0]
        for part in seat.get(f"/desk/{talk.id}").text.split('name="open" value="')[1:]
    ]
    is_stored(core, media_store, message_id)

    news = seat.get_fragment(f"/desk/{talk.id}/news?after=1&open={mark}")

    assert f'src="/desk/{talk.id}/media/{message_id}?size=preview"' in news.text


def test_media_of_another_conversation_are_not_found_under_this_one(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent()
    is_stored(core, media_store, message_id)
    other = Talk(core)
    other.citizen_says()

    assert seat.get(f"/desk/{other.id}/media/{message_id}").status_code == 404
    assert seat.get(f"/desk/{talk.id}/media/{message_id + 1000}").status_code == 404


def test_who_may_not_see_conversations_does_not_see_what_was_sent(
    sign_in_as: SignInAs, visitor: Visitor, core: Core, talk: Talk, sent: Says,
    media_store: MediaStore,
):  # fmt: skip
    message_id = sent()
    is_stored(core, media_store, message_id)
    address = f"/desk/{talk.id}/media/{message_id}"

    assert sign_in_as(Role.HANDLER).get(address).status_code == 403
    assert visitor.get(address).status_code == 302


def test_bytes_that_are_missing_from_the_folder_are_not_found(
    seat: Visitor, core: Core, talk: Talk, sent: Says, media_store: MediaStore
):
    message_id = sent()
    media_store.delete(is_stored(core, media_store, message_id).sha256)

    assert seat.get(f"/desk/{talk.id}/media/{message_id}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "text", "payload", "words"),
    [
        (InboundKind.IMAGE, "", {}, "［图片］"),
        (InboundKind.VOICE, "办居住证", {}, "［语音］办居住证"),
        (InboundKind.VIDEO, "", {}, "［视频］"),
        (InboundKind.LOCATION, "人民路", {}, "［位置］人民路"),
        (InboundKind.LINK, "改造通知", {"url": "https://a.example"}, "［链接］改造通知"),
        (InboundKind.LINK, "", {"url": "https://a.example"}, "［链接］https://a.example"),
        (InboundKind.MINI_PROGRAM, "社保查询", {}, "［小程序］社保查询"),
        (InboundKind.MENU_CLICK, "", {"key": "HOT"}, "［点击菜单］HOT"),
        (InboundKind.OTHER, "", {}, "［其他消息］"),
    ],
)
def test_lists_say_what_was_sent(
    seat: Visitor, talk: Talk, operator: Operator, kind: InboundKind, text: str,
    payload: dict[str, str], words: str,
):  # fmt: skip
    talk.citizen_says(text, kind=kind, payload=payload)

    assert words in words_of(seat.get("/desk/lists"))

"""A fetch ends in a state that people can see, whatever the platform does."""

import pytest

from bot.channels.media import MediaExpired, MediaNotFetched, MediaRefused, MediaUnavailable
from bot.worker.fetching import Fetching
from core.adapters.media_folder import MediaFolder
from core.media.states import AttachmentState, MediaKind, Refusal
from core.messaging import ChannelName, InboundKind
from tests.core.media.contents import a_picture, a_recording
from tests.core.media.scenes import a_photo, attachment, leased, promised_fetches


class FakeSource:
    """An account that gives what it is told to give."""

    def __init__(self) -> None:
        self.content: bytes = a_picture(size=(800, 600))
        self.failure: MediaNotFetched | None = None
        self.asked: list[tuple[MediaKind, dict[str, str]]] = []

    def fetch(self, kind, source, *, limit_bytes):
        self.asked.append((kind, dict(source)))
        if self.failure is not None:
            raise self.failure
        return self.content


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture
def store(tmp_path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def fetching(core, source, store) -> Fetching:
    return Fetching(core, {(ChannelName.WECHAT, "demo"): source}, store)


def test_a_picture_is_fetched_drawn_anew_and_kept_with_a_preview(core, fetching, source, store):
    message_id = a_photo(core)

    assert fetching.fetch(message_id) is AttachmentState.STORED

    file = attachment(core, message_id).file
    assert (file.mime, file.width, file.height) == ("image/jpeg", 800, 600)
    assert file.size_bytes == len(store.path_of(file.sha256).read_bytes())
    assert store.path_of(file.preview_sha256) is not None
    assert source.asked == [(MediaKind.IMAGE, {"media_id": "media-1"})]


def test_a_recording_is_kept_as_it_is_with_its_length(core, fetching, source, store):
    source.content = a_recording(4)
    message_id = a_photo(core, kind=InboundKind.VOICE)

    fetching.fetch(message_id)

    file = attachment(core, message_id).file
    assert (file.mime, file.seconds) == ("audio/amr", 4.0)
    assert store.path_of(file.sha256).read_bytes() == a_recording(4)


def test_what_is_here_is_not_fetched_again(core, fetching, source):
    message_id = a_photo(core)

    fetching.fetch(message_id)
    fetching.fetch(message_id)

    assert len(source.asked) == 1


def test_what_another_worker_fetches_is_left_to_it(core, fetching, source):
    message_id = a_photo(core)
    leased(core, message_id)

    assert fetching.fetch(message_id) is AttachmentState.FETCHING
    assert source.asked == []


@pytest.mark.parametrize(
    ("failure", "state", "reason"),
    [
        (MediaExpired("40007"), AttachmentState.EXPIRED, "40007"),
        (MediaRefused(Refusal.TOO_LARGE), AttachmentState.REFUSED, "too_large"),
        (MediaUnavailable("48001", can_retry=False), AttachmentState.FAILED, "48001"),
        (
            MediaUnavailable("HTTP status 502", can_retry=True),
            AttachmentState.WANTED,
            "HTTP status 502",
        ),
    ],
)
def test_every_failure_has_its_state_and_its_reason(core, fetching, source, failure, state, reason):
    source.failure = failure
    message_id = a_photo(core)

    assert fetching.fetch(message_id) is state

    assert attachment(core, message_id).reason == reason
    is_promised_again = (message_id, True) in promised_fetches(core)
    assert is_promised_again is (state is AttachmentState.WANTED)


def test_a_picture_that_is_none_is_refused_and_nothing_of_it_kept(core, fetching, source, store):
    source.content = b"<html>please sign in</html>"
    message_id = a_photo(core)

    assert fetching.fetch(message_id) is AttachmentState.REFUSED

    assert attachment(core, message_id).reason == Refusal.WRONG_TYPE
    assert list(store.contents()) == []


def test_an_account_that_is_no_longer_set_up_is_told(core, store):
    message_id = a_photo(core)

    assert Fetching(core, {}, store).fetch(message_id) is AttachmentState.FAILED

    assert attachment(core, message_id).reason == "账号不在设置中"


def test_a_full_disk_is_tried_again_later(core, source, tmp_path):
    (tmp_path / "media").write_text("no folder")
    blocked = Fetching(
        core, {(ChannelName.WECHAT, "demo"): source}, MediaFolder(tmp_path / "media")
    )
    message_id = a_photo(core)

    assert blocked.fetch(message_id) is AttachmentState.WANTED

    assert attachment(core, message_id).reason == "无法写入附件目录"
    assert (message_id, True) in promised_fetches(core)

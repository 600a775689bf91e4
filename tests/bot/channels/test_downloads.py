"""Files are fetched from where the settings allow, at public addresses, within limits."""

from collections.abc import Iterator

import pytest

from bot.channels.downloads import Downloads, is_public
from bot.channels.media import MediaExpired, MediaNotFetched, MediaRefused, MediaUnavailable
from core.media.states import Refusal
from tests.bot.channels.scripted_server import Answer, Call, serving

LIMIT = 1000
HOST = "mmbiz.example"


class FileServer:
    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[Call] = []
        self.files: dict[str, Answer] = {"/a": Answer(b"bytes")}

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        return self.files.get(call.path, Answer(status=404))


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(FileServer) as server:
        yield server


@pytest.fixture
def downloads(server: FileServer) -> Downloads:
    return Downloads([HOST], trusted_origins=[server.url])


def refusal_of(downloads: Downloads, url: str) -> Refusal:
    with pytest.raises(MediaRefused) as refused:
        downloads.fetch(url, limit_bytes=LIMIT)
    return refused.value.refusal


def failure_of(downloads: Downloads, url: str) -> MediaNotFetched:
    with pytest.raises(MediaNotFetched) as failed:
        downloads.fetch(url, limit_bytes=LIMIT)
    return failed.value


def test_a_file_comes_from_what_the_settings_trust(downloads, server):
    assert downloads.fetch(f"{server.url}/a?wx_fmt=jpeg", limit_bytes=LIMIT) == b"bytes"

    [call] = server.calls
    assert call.query == {"wx_fmt": "jpeg"}


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/a",
        "http://mmbiz.example.evil.example/a",
        "http://mmbiz.example:22/a",
        "http://mmbiz.example@evil.example/a",
        "http://someone:secret@mmbiz.example/a",
        "https://127.0.0.1/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/a",
        "file:///etc/passwd",
        "ftp://mmbiz.example/a",
        "gopher://mmbiz.example/a",
        "javascript:alert(1)",
        "http://",
        "http://[",
        "http://mmbiz.example:99999/a",
        "//mmbiz.example/a",
        "",
        "http://mmbiz\u3002example/a",
    ],
)
def test_nothing_is_asked_elsewhere(url):
    def must_not_be_looked_up(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    downloads = Downloads([HOST], resolve=must_not_be_looked_up)

    assert refusal_of(downloads, url) is Refusal.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "255.255.255.255", "224.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1",
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "2002:7f00:1::", "ff02::1", "not an address",
    ],
)  # fmt: skip
def test_an_allowed_host_that_points_inside_is_not_asked(address):
    downloads = Downloads([HOST], resolve=lambda host, port: ["8.8.8.8", address])

    assert not is_public(address)
    assert refusal_of(downloads, f"http://{HOST}/a") is Refusal.FORBIDDEN_ADDRESS


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_addresses_that_everybody_reaches_are_public(address):
    assert is_public(address)


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(server):
    """A name that points elsewhere a moment later changes nothing."""
    port = int(server.url.rpartition(":")[2])
    origin = f"http://{HOST}:{port}"
    answers = iter([["127.0.0.1"], ["8.8.8.8"]])
    downloads = Downloads([], trusted_origins=[origin], resolve=lambda host, port: next(answers))

    assert downloads.fetch(f"{origin}/a", limit_bytes=LIMIT) == b"bytes"


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/a", "http://evil.example/a", "file:///a"])
def test_a_redirect_leads_nowhere_else(downloads, server, target):
    server.files["/b"] = Answer(status=302, headers={"Location": target})

    assert refusal_of(downloads, f"{server.url}/b") is Refusal.FORBIDDEN_ADDRESS


def test_a_redirect_within_is_followed(downloads, server):
    server.files["/b"] = Answer(status=301, headers={"Location": "/a"})

    assert downloads.fetch(f"{server.url}/b", limit_bytes=LIMIT) == b"bytes"


def test_a_redirect_without_end_is_given_up(downloads, server):
    server.files["/b"] = Answer(status=302, headers={"Location": "/b"})

    assert not failure_of(downloads, f"{server.url}/b").can_retry


def test_a_file_that_says_it_is_too_large_is_not_read(downloads, server):
    server.files["/a"] = Answer(bytes(LIMIT + 1))

    assert refusal_of(downloads, f"{server.url}/a") is Refusal.TOO_LARGE


def test_a_file_that_does_not_say_how_large_it_is_is_read_up_to_the_limit(downloads, server):
    server.files["/a"] = Answer(bytes(LIMIT * 500), headers={"Content-Length": "x"})

    assert refusal_of(downloads, f"{server.url}/a") is Refusal.TOO_LARGE


def test_a_file_that_trickles_is_given_up_and_tried_again_later(server):
    downloads = Downloads([], trusted_origins=[server.url], longest_seconds=-1)

    failure = failure_of(downloads, f"{server.url}/a")

    assert isinstance(failure, MediaUnavailable)
    assert failure.can_retry


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_no_longer_there_has_expired(downloads, server, status):
    server.files["/a"] = Answer(status=status)

    assert isinstance(failure_of(downloads, f"{server.url}/a"), MediaExpired)


@pytest.mark.parametrize(
    ("status", "can_retry"), [(500, True), (502, True), (429, True), (403, False)]
)
def test_other_answers_tell_whether_trying_again_helps(downloads, server, status, can_retry):
    server.files["/a"] = Answer(status=status)

    assert failure_of(downloads, f"{server.url}/a").can_retry is can_retry


def test_a_connection_that_is_cut_is_tried_again(downloads, server):
    server.files["/a"] = Answer(status=None)

    assert failure_of(downloads, f"{server.url}/a").can_retry


def test_a_host_that_is_not_found_is_tried_again():
    def unknown(host: str, port: int) -> list[str]:
        raise OSError

    assert failure_of(Downloads([HOST], resolve=unknown), f"https://{HOST}/a").can_retry

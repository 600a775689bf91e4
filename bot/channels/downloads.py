"""Fetching a file from an address that came from outside, and from nowhere it should not.

A push is signed, but the address in it is still somebody else's word. Only hosts of the
settings are asked, only at addresses that are public, and the address that was looked
at is the one that is connected to: a second look-up could tell another.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection
from contextlib import closing
from http import HTTPStatus
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from bot.channels.http import ANSWER_TIMEOUT_SECONDS, CONNECT_TIMEOUT_SECONDS
from bot.channels.media import MediaExpired, MediaRefused, MediaUnavailable
from core.media.states import Refusal

LONGEST_SECONDS = 30.0
MOST_REDIRECTS = 3
CHUNK_BYTES = 64 * 1024

GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
DEFAULT_PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Collection[str]]


def addresses_of(host: str, port: int) -> Collection[str]:
    """Ask the system's name service."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Downloads:
    """`trusted_origins` are those of the settings themselves, such as a simulator on this machine.

    They may lie at any address; all others must be among `hosts` and public.
    """

    def __init__(
        self,
        hosts: Collection[str],
        *,
        trusted_origins: Collection[str] = (),
        resolve: Resolve = addresses_of,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._trusted = frozenset(_origin(urlsplit(url)) for url in trusted_origins)
        self._resolve = resolve
        self._longest_seconds = longest_seconds

    def is_allowed(self, url: str) -> bool:
        """Tell whether the address may be asked at all, before anything is looked up."""
        try:
            place = urlsplit(url)
            port = place.port
        except ValueError:
            return False
        if place.scheme not in DEFAULT_PORTS or not place.hostname or place.username is not None:
            return False
        if _origin(place) in self._trusted:
            return True
        return place.hostname.lower() in self._hosts and port in {
            None,
            DEFAULT_PORTS[place.scheme],
        }

    def fetch(self, url: str, *, limit_bytes: int) -> bytes:
        """Return the bytes at the address, or raise MediaNotFetched.

        A redirect is followed only to where a first address may lie as well.
        """
        deadline = monotonic() + self._longest_seconds
        for _ in range(MOST_REDIRECTS + 1):
            if not self.is_allowed(url):
                raise MediaRefused(Refusal.FORBIDDEN_ADDRESS)
            found = self._ask(urlsplit(url), limit_bytes, deadline)
            if isinstance(found, bytes):
                return found
            url = urljoin(url, found)
        raise MediaUnavailable("too many redirects", can_retry=False)

    def _ask(self, place: SplitResult, limit_bytes: int, deadline: float) -> bytes | str:
        """Return the bytes, or the address that the answer leads on to."""
        host = str(place.hostname)
        port = place.port or DEFAULT_PORTS[place.scheme]
        address = self._checked_address(place, host, port)
        timeout = urllib3.Timeout(connect=CONNECT_TIMEOUT_SECONDS, read=ANSWER_TIMEOUT_SECONDS)
        pool: urllib3.HTTPConnectionPool
        if place.scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                address, port, timeout=timeout, server_hostname=host, assert_hostname=host
            )
        else:
            pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        with closing(pool):
            try:
                answer = pool.urlopen(
                    "GET",
                    target,
                    headers={"Host": _host_header(place), "Accept-Encoding": "identity"},
                    retries=False,
                    redirect=False,
                    preload_content=False,
                )
                with closing(answer):
                    return _body_or_redirect(answer, limit_bytes, deadline)
            except (HTTPError, OSError) as error:
                reason = f"no answer: {type(error).__name__}"
                raise MediaUnavailable(reason, can_retry=True) from None

    def _checked_address(self, place: SplitResult, host: str, port: int) -> str:
        try:
            addresses = list(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            reason = f"host not found: {type(error).__name__}"
            raise MediaUnavailable(reason, can_retry=True) from None
        if not addresses:
            raise MediaUnavailable("host has no address", can_retry=True)
        if _origin(place) not in self._trusted and not all(map(is_public, addresses)):
            raise MediaRefused(Refusal.FORBIDDEN_ADDRESS)
        return addresses[0]


def is_public(address: str) -> bool:
    """Tell whether everybody could reach it: not this machine, nor the office's own network."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)


def read_limited(chunks: "urllib3.BaseHTTPResponse", limit_bytes: int, deadline: float) -> bytes:
    """Read no more than is allowed, and no longer: a server may trickle for ever."""
    body = bytearray()
    while chunk := chunks.read1(CHUNK_BYTES, decode_content=False):
        body += chunk
        if len(body) > limit_bytes:
            raise MediaRefused(Refusal.TOO_LARGE)
        if monotonic() > deadline:
            raise MediaUnavailable("too slow", can_retry=True)
    return bytes(body)


def _body_or_redirect(
    answer: urllib3.BaseHTTPResponse, limit_bytes: int, deadline: float
) -> bytes | str:
    if answer.status in REDIRECTS:
        location = answer.headers.get("location", "")
        if not location:
            raise MediaUnavailable("a redirect to nowhere", can_retry=False)
        return location
    if answer.status in GONE:
        raise MediaExpired(f"HTTP status {answer.status}")
    if answer.status != HTTPStatus.OK:
        is_their_trouble = answer.status >= 500 or answer.status in {408, 429}
        raise MediaUnavailable(f"HTTP status {answer.status}", can_retry=is_their_trouble)
    promised = answer.headers.get("content-length", "")
    if promised.isdecimal() and int(promised) > limit_bytes:
        raise MediaRefused(Refusal.TOO_LARGE)
    body = read_limited(answer, limit_bytes, deadline)
    if promised.isdecimal() and len(body) < int(promised):
        raise MediaUnavailable("cut off", can_retry=True)
    return body


def _origin(place: SplitResult) -> tuple[str, str, int | None]:
    try:
        port = place.port or DEFAULT_PORTS.get(place.scheme)
    except ValueError:
        port = None
    return place.scheme, (place.hostname or "").lower(), port


def _host_header(place: SplitResult) -> str:
    return place.netloc.rpartition("@")[2]

"""One HTTP request on a connection of its own, as cheap as thousands at once need it.

A pooling client searches its pool on every request, which eats the five seconds of a push
when hundreds are under way, and may hand out a connection the gateway has just closed.
"""

import asyncio
import ssl
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import h11

MAX_ANSWER_BYTES = 256 * 1024
READ_BYTES = 64 * 1024


class Unreachable(Exception):
    """No answer came: nobody listens, or the connection broke."""


async def exchange(
    method: str,
    address: str,
    *,
    query: Mapping[str, str],
    tls: ssl.SSLContext,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> tuple[int, bytes]:
    """Send one request and return status and body; the caller sets the deadline."""
    parts = urlsplit(address)
    is_secure = parts.scheme == "https"
    request = h11.Request(
        method=method,
        target=f"{parts.path or '/'}?{urlencode(query)}",
        headers=[
            ("Host", parts.netloc),
            ("Connection", "close"),
            ("Content-Length", str(len(body))),
            *(headers or {}).items(),
        ],
    )
    try:
        reader, writer = await asyncio.open_connection(
            parts.hostname, parts.port or (443 if is_secure else 80), ssl=tls if is_secure else None
        )
    except OSError as error:
        raise Unreachable from error
    try:
        return await _converse(reader, writer, request, body)
    except (OSError, h11.RemoteProtocolError) as error:
        raise Unreachable from error
    finally:
        writer.transport.abort()


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: h11.Request, body: bytes
) -> tuple[int, bytes]:
    connection = h11.Connection(our_role=h11.CLIENT)
    for part in (request, h11.Data(data=body), h11.EndOfMessage()):
        writer.write(connection.send(part) or b"")
    await writer.drain()
    status, answer = 0, b""
    while len(answer) <= MAX_ANSWER_BYTES:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(READ_BYTES))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            answer += event.data
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            break
    return status, answer

"""/cgi-bin/media/get and /cgi-bin/media/upload."""

from collections.abc import AsyncGenerator

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import Response

from bot.simulator.api.gate import Answer, ApiCall
from bot.simulator.errors import ApiError

KINDS = frozenset({"image", "voice", "video", "thumb"})
SUFFIXES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "voice/amr": "amr",
    "video/mp4": "mp4",
}


async def get(call: ApiCall) -> Answer:
    media_id = call.query.get("media_id", "")
    if not media_id:
        raise ApiError(41006)
    media = call.wechat.media.get(media_id, call.wechat.now())
    name = f"{media.media_id[:16]}.{SUFFIXES.get(media.content_type, 'bin')}"
    disposition = f'attachment; filename="{name}"'
    headers = {"content-type": media.content_type, "content-disposition": disposition}
    return Response(media.content, headers=headers)


async def upload(call: ApiCall) -> Answer:
    kind = call.query.get("type", "")
    if kind not in KINDS:
        raise ApiError(40004)
    content = await _uploaded(call)
    store, now = call.wechat.media, call.wechat.now()
    if kind == "image":
        media = store.add_image(content, now)
    else:
        media = store.add_other(kind, content, now)
    created_at = int(now.timestamp())
    return {"type": kind, "media_id": media.media_id, "created_at": created_at}


async def _uploaded(call: ApiCall) -> bytes:
    async def body() -> AsyncGenerator[bytes]:
        yield call.body

    try:
        form = await MultiPartParser(call.request.headers, body()).parse()
    except (MultiPartException, KeyError, ValueError):
        raise ApiError(41005) from None
    try:
        file = form.get("media")
        if not isinstance(file, UploadFile):
            raise ApiError(41005)
        return await file.read()
    finally:
        await form.close()

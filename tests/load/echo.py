"""The peer: a bare wechatpy server that says back what it hears, and keeps nothing."""

import argparse

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from tests.load.signed import AES_KEY, APP_ID, TOKEN

crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


async def echo(request: Request) -> Response:
    query = request.query_params
    body = await request.body()
    timestamp, nonce = query["timestamp"], query["nonce"]
    if query.get("encrypt_type") != "aes":
        check_signature(TOKEN, query["signature"], timestamp, nonce)
        said = parse_message(body)
        return Response(create_reply(said.content, said).render(), media_type="text/xml")
    said = parse_message(crypto.decrypt_message(body, query["msg_signature"], timestamp, nonce))
    reply = create_reply(said.content, said).render()
    return Response(crypto.encrypt_message(reply, nonce, timestamp), media_type="text/xml")


async def ready(_request: Request) -> Response:
    return PlainTextResponse("ok")


app = Starlette(routes=[Route("/push", echo, methods=["POST"]), Route("/readyz", ready)])

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)

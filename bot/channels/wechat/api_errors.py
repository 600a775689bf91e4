"""How the WeChat API says no, and what follows from each of its codes."""

import re

from bot.channels.api_errors import UNKNOWN_CODE, ApiError, Known
from bot.channels.base import Remedy

KNOWN_CODES = {
    -1: Known("系统繁忙", Remedy.RETRY_LATER),
    40001: Known("access_token 无效或不是最新", Remedy.REFRESH_TOKEN),
    40002: Known("grant_type 不合法", Remedy.ALARM),
    40003: Known("OpenID 不合法：未关注或属于其他公众号", Remedy.UNREACHABLE),
    40007: Known("media_id 不合法或已过期", Remedy.UPLOAD_AGAIN),
    40013: Known("AppID 不合法", Remedy.ALARM),
    40014: Known("access_token 不合法", Remedy.REFRESH_TOKEN),
    40033: Known("请求含 \\uxxxx 格式的字符", Remedy.BUG),
    40113: Known("不支持的文件类型", Remedy.BUG),
    40125: Known("AppSecret 不合法", Remedy.ALARM),
    40137: Known("不支持的图片格式", Remedy.BUG),
    40164: Known("调用接口的 IP 不在白名单中", Remedy.ALARM),
    40200: Known("账号类型不支持此消息", Remedy.BUG),
    41001: Known("缺少 access_token", Remedy.REFRESH_TOKEN),
    42001: Known("access_token 已过期", Remedy.REFRESH_TOKEN),
    43004: Known("对方未关注", Remedy.UNREACHABLE),
    43019: Known("对方在黑名单中", Remedy.UNREACHABLE),
    45001: Known("多媒体文件超过大小限制", Remedy.BUG),
    45002: Known("消息内容超过长度限制", Remedy.SPLIT),
    45008: Known("图文条数超过限制", Remedy.BUG),
    45009: Known("接口调用超过每日限额", Remedy.RETRY_TOMORROW),
    45011: Known("接口调用太频繁", Remedy.RETRY_LATER),
    45015: Known("超过 48 小时回复时限或对方已取消关注", Remedy.WINDOW_CLOSED),
    45047: Known("客服消息下行条数已用完", Remedy.QUOTA_USED),
    47001: Known("请求内容无法解析", Remedy.BUG),
    48001: Known("账号没有此接口权限", Remedy.PASSIVE_ONLY),
    48002: Known("对方拒收消息", Remedy.UNREACHABLE),
    48004: Known("接口已被封禁", Remedy.PASSIVE_ONLY),
    50002: Known("账号受限", Remedy.PASSIVE_ONLY),
    50005: Known("对方未关注", Remedy.UNREACHABLE),
    89501: Known("此 IP 调用须管理员确认", Remedy.ALARM),
    89503: Known("此 IP 调用须管理员确认", Remedy.ALARM),
    89506: Known("管理员拒绝了此 IP 调用", Remedy.ALARM),
    89507: Known("管理员拒绝了此 IP 调用", Remedy.ALARM),
}

_REQUEST_ID = re.compile(r"\brid:\s*([0-9A-Za-z-]+)")


class WeChatApiError(ApiError):
    code = "wechat_api_error"


def refused(platform_code: int, platform_message: str) -> WeChatApiError:
    """Build the error for an answer that carries an error code."""
    known = KNOWN_CODES.get(platform_code, UNKNOWN_CODE)
    request_id = _REQUEST_ID.search(platform_message)
    return WeChatApiError(
        f"{platform_code} {known.meaning} ({platform_message})",
        remedy=known.remedy,
        platform_code=platform_code,
        request_id=request_id[1] if request_id else "",
    )

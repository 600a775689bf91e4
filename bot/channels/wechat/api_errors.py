"""How the WeChat API says no, and what follows from each of its codes."""

import re

from bot.channels.api_errors import UNKNOWN_CODE, ApiError, Known
from bot.channels.base import Remedy

KNOWN_CODES = {
    -1: Known("系统繁忙", Remedy.RETRY_BRIEFLY),
    40001: Known("access_token 无效或不是最新", Remedy.REFRESH_TOKEN),
    40002: Known("grant_type 不合法", Remedy.ALARM),
    40003: Known("OpenID 不合法：未关注或属于其他公众号", Remedy.UNREACHABLE),
    40007: Known("media_id 不合法或已过期", Remedy.UPLOAD_AGAIN),
    40013: Known("AppID 不合法", Remedy.ALARM),
    40014: Known("access_token 不合法", Remedy.REFRESH_TOKEN),
    40015: Known("不合法的菜单类型", Remedy.BUG),
    40016: Known("一级菜单须为 1 至 3 个", Remedy.BUG),
    40017: Known("菜单按钮类型不合法", Remedy.BUG),
    40018: Known("菜单名称为空或过长（一级 16 字节，二级 60 字节）", Remedy.BUG),
    40019: Known("菜单按钮的 key 为空或超过 128 字节", Remedy.BUG),
    40020: Known("菜单链接为空或超过 1024 字节", Remedy.BUG),
    40021: Known("不合法的菜单版本", Remedy.BUG),
    40023: Known("二级菜单须为 1 至 5 个", Remedy.BUG),
    40024: Known("二级菜单按钮类型不合法", Remedy.BUG),
    40025: Known("二级菜单名称为空或过长（60 字节）", Remedy.BUG),
    40026: Known("二级菜单按钮的 key 为空或超过 128 字节", Remedy.BUG),
    40027: Known("二级菜单链接为空或超过 1024 字节", Remedy.BUG),
    40032: Known("一次打标签的市民过多", Remedy.BUG),
    40033: Known("请求含 \\uxxxx 格式的字符", Remedy.BUG),
    40054: Known("二级菜单的链接域名不合法", Remedy.BUG),
    40055: Known("菜单的链接域名不合法", Remedy.BUG),
    40113: Known("不支持的文件类型", Remedy.BUG),
    40125: Known("AppSecret 不合法", Remedy.ALARM),
    40137: Known("不支持的图片格式", Remedy.BUG),
    40164: Known("调用接口的 IP 不在白名单中", Remedy.ALARM),
    40200: Known("账号类型不支持菜单消息", Remedy.NO_MENUS),
    41001: Known("缺少 access_token", Remedy.REFRESH_TOKEN),
    42001: Known("access_token 已过期", Remedy.REFRESH_TOKEN),
    40037: Known("模板 ID 不合法", Remedy.ALARM),
    43101: Known("对方未同意或已拒绝订阅", Remedy.NO_CONSENT),
    47003: Known("模板内容不符合要求", Remedy.BUG),
    43004: Known("对方未关注", Remedy.UNREACHABLE),
    43019: Known("对方在黑名单中", Remedy.UNREACHABLE),
    45001: Known("多媒体文件超过大小限制", Remedy.BUG),
    45002: Known("消息内容超过长度限制", Remedy.SPLIT),
    45008: Known("图文条数超过限制", Remedy.BUG),
    45009: Known("接口调用超过每日限额", Remedy.RETRY_TOMORROW),
    45010: Known("创建菜单的次数超过限额", Remedy.RETRY_TOMORROW),
    45011: Known("接口调用太频繁", Remedy.RETRY_LATER),
    45015: Known("超过 48 小时回复时限或对方已取消关注", Remedy.WINDOW_CLOSED),
    45056: Known("标签数量已达上限（100 个）", Remedy.BUG),
    45058: Known("不能修改系统标签", Remedy.BUG),
    45059: Known("这位市民的标签已达上限（20 个）", Remedy.BUG),
    45047: Known("客服消息下行条数已用完", Remedy.QUOTA_USED),
    45064: Known("小程序未与公众号关联", Remedy.BUG),
    45157: Known("标签名已存在", Remedy.BUG),
    45158: Known("标签名超过 30 字节", Remedy.BUG),
    45159: Known("标签不存在", Remedy.BUG),
    46003: Known("平台上没有菜单", Remedy.BUG),
    47001: Known("请求内容无法解析", Remedy.BUG),
    48001: Known("账号没有此接口权限", Remedy.PASSIVE_ONLY),
    48002: Known("对方拒收消息", Remedy.UNREACHABLE),
    48004: Known("接口已被封禁", Remedy.PASSIVE_ONLY),
    49003: Known("市民的 OpenID 不属于此公众号", Remedy.UNREACHABLE),
    50002: Known("账号受限", Remedy.PASSIVE_ONLY),
    50005: Known("对方未关注", Remedy.UNREACHABLE),
    65301: Known("平台上没有这份群体菜单", Remedy.BUG),
    65303: Known("平台上没有面向所有人的菜单，不能设置群体菜单", Remedy.BUG),
    65304: Known("群体菜单没有匹配规则", Remedy.BUG),
    65305: Known("群体菜单数量已达上限", Remedy.BUG),
    65306: Known("账号不支持群体菜单", Remedy.PASSIVE_ONLY),
    65307: Known("群体菜单为空", Remedy.BUG),
    65308: Known("群体菜单中有无法响应的按钮", Remedy.BUG),
    65309: Known("群体菜单开关处于关闭状态", Remedy.BUG),
    65316: Known("菜单链接跳转的外部域名超过 3 个", Remedy.BUG),
    65317: Known("菜单链接不合法", Remedy.BUG),
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

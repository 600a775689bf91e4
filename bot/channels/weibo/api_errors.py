"""How the Weibo API says no, and what follows from each of its codes."""

import re

from bot.channels.api_errors import UNKNOWN_CODE, ApiError, Known
from bot.channels.base import Remedy

# open.weibo.com/wiki/Error_code. A refused token calls for a person: only the account's
# owner can authorise the application again.
KNOWN_CODES = {
    10001: Known("系统错误", Remedy.RETRY_LATER),
    10002: Known("服务暂停", Remedy.RETRY_LATER),
    10003: Known("远程服务错误", Remedy.RETRY_LATER),
    10004: Known("此 IP 不能请求该资源", Remedy.ALARM),
    10005: Known("应用没有此接口的授权", Remedy.PASSIVE_ONLY),
    10006: Known("缺少 AppKey 或 access_token", Remedy.ALARM),
    10008: Known("参数错误", Remedy.BUG),
    10009: Known("任务过多，系统繁忙", Remedy.RETRY_LATER),
    10010: Known("任务超时", Remedy.RETRY_LATER),
    10011: Known("RPC 错误", Remedy.RETRY_LATER),
    10012: Known("非法请求", Remedy.BUG),
    10013: Known("不合法的微博用户", Remedy.UNREACHABLE),
    10014: Known("应用的接口访问权限受限", Remedy.PASSIVE_ONLY),
    10016: Known("缺少必选参数", Remedy.BUG),
    10017: Known("参数值非法", Remedy.BUG),
    10018: Known("请求长度超过限制", Remedy.SPLIT),
    10020: Known("接口不存在", Remedy.ALARM),
    10021: Known("请求方法不受支持", Remedy.BUG),
    10022: Known("此 IP 的请求频次超过上限", Remedy.RETRY_LATER),
    10023: Known("账号当日的请求频次超过上限", Remedy.RETRY_TOMORROW),
    10024: Known("账号对此接口的请求频次超过上限", Remedy.RETRY_TOMORROW),
    20003: Known("用户不存在", Remedy.UNREACHABLE),
    20008: Known("内容为空", Remedy.BUG),
    20012: Known("超过 140 字", Remedy.BUG),
    20013: Known("超过 300 字", Remedy.SPLIT),
    20015: Known("账号、IP 或应用非法，暂时不能进行此操作", Remedy.ALARM),
    20016: Known("发布内容过于频繁", Remedy.RETRY_LATER),
    20017: Known("与先前提交的内容相似", Remedy.REPHRASE),
    20018: Known("包含非法网址", Remedy.REPHRASE),
    20019: Known("与先前提交的内容相同", Remedy.REPHRASE),
    20020: Known("被认为包含广告", Remedy.REPHRASE),
    20021: Known("被认为包含非法内容", Remedy.REPHRASE),
    20022: Known("此 IP 行为异常", Remedy.ALARM),
    20031: Known("需要验证码", Remedy.ALARM),
    20101: Known("微博不存在", Remedy.UNREACHABLE),
    20104: Known("不合法的微博", Remedy.UNREACHABLE),
    20201: Known("评论不存在", Remedy.UNREACHABLE),
    20202: Known("不合法的评论", Remedy.BUG),
    20206: Known("作者只允许关注的人评论", Remedy.UNREACHABLE),
    20207: Known("作者只允许可信用户评论", Remedy.UNREACHABLE),
    20301: Known("对方不是粉丝，不能发私信", Remedy.UNREACHABLE),
    20302: Known("不合法的私信", Remedy.BUG),
    20306: Known("不能重复发送相同的私信", Remedy.REPHRASE),
    20508: Known("对方的设置不允许此操作", Remedy.UNREACHABLE),
    20523: Known("对方不是粉丝", Remedy.UNREACHABLE),
    21301: Known("认证失败", Remedy.ALARM),
    21314: Known("access_token 已被使用", Remedy.ALARM),
    21315: Known("access_token 已过期，须重新授权", Remedy.ALARM),
    21316: Known("access_token 已被撤销，须重新授权", Remedy.ALARM),
    21317: Known("access_token 不合法", Remedy.ALARM),
    21319: Known("账号已解除对应用的授权", Remedy.ALARM),
    21321: Known("未审核的应用使用人数超过限制", Remedy.ALARM),
    21327: Known("access_token 已过期，须重新授权", Remedy.ALARM),
    21332: Known("access_token 无效", Remedy.ALARM),
    21335: Known("uid 不是授权的账号", Remedy.ALARM),
    21602: Known("含有敏感词", Remedy.REPHRASE),
}

# The call was taken, only shows later.
TAKEN_CODES = frozenset({20032})

# Something behind the API did not answer it: the message may have gone out.
UNCLEAR_CODES = frozenset({10003, 10010, 10011})

# Weibo's two rules for messages (48 hours after the citizen's last word; one message for a
# mention) have no published code. Where a code is unknown, its words must tell.
_TOLD_BY_WORDS = (
    (re.compile(r"次数|\d\s*次|配额|quota|once", re.IGNORECASE),
     Known("对这位市民的回复次数已用完", Remedy.QUOTA_USED)),
    (re.compile(r"48\s*(?:小时|h)|时限|out of time|time limit", re.IGNORECASE),
     Known("超过 48 小时回复时限", Remedy.WINDOW_CLOSED)),
)  # fmt: skip


class WeiboApiError(ApiError):
    code = "weibo_api_error"


def refused(platform_code: int, platform_message: str) -> WeiboApiError:
    """Build the error for an answer that carries an error code."""
    known = KNOWN_CODES.get(platform_code) or _told_by(platform_message)
    return WeiboApiError(
        f"{platform_code} {known.meaning} ({platform_message})",
        remedy=known.remedy,
        platform_code=platform_code,
        is_outcome_unknown=platform_code in UNCLEAR_CODES,
    )


def _told_by(platform_message: str) -> Known:
    return next(
        (known for words, known in _TOLD_BY_WORDS if words.search(platform_message)),
        UNKNOWN_CODE,
    )

from bot.channels.base import Remedy
from bot.channels.wechat.api_errors import KNOWN_CODES as WECHAT_CODES
from bot.channels.weibo.api_errors import KNOWN_CODES as WEIBO_CODES


def test_every_remedy_is_of_use():
    known = [*WECHAT_CODES.values(), *WEIBO_CODES.values()]

    assert {each.remedy for each in known} == set(Remedy)


def test_every_known_code_has_a_meaning():
    assert all(each.meaning for each in [*WECHAT_CODES.values(), *WEIBO_CODES.values()])

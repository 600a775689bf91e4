import json

import pytest

from bot.channels.base import Remedy
from bot.channels.wechat.api_errors import refused
from tests.bot.channels.wechat.platform import payload

ANSWERS = [answer for answer in json.loads(payload("wechat_api_answers.json")) if answer["errcode"]]


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_answers_seen_in_the_wild_keep_their_words_and_request_id(answer):
    error = refused(answer["errcode"], answer["errmsg"])

    words, _, request_id = answer["errmsg"].partition("rid: ")
    assert words in error.reason
    assert error.request_id == request_id


def test_a_code_nobody_has_met_calls_for_somebody_to_look():
    error = refused(123456, "something new")

    assert (error.remedy, error.platform_code) == (Remedy.ALARM, 123456)

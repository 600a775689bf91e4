"""What citizens send beside words: operators see it, and the case keeps it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.windows import PATIENCE_MS, Phone

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.rasa, pytest.mark.timeout(300)]


def test_a_picture_a_recording_and_a_place_reach_the_operator_and_stay_with_the_case(
    sit_down: SitDown, phone: Phone
):
    citizen = phone.citizen
    citizen.sends("image")
    phone.sees("图片")
    citizen.sends("voice", recognition="")
    phone.sees("语音")
    citizen.sends("location", label="人民路与建设街路口")
    phone.sees("已收到您发送的位置")
    phone.writes("转人工")

    operator = sit_down("tianhui", "会话")
    operator.takes_over(phone)
    phone.writes("人民路路口一下雨就积水，车都过不去")
    operator.reads("一下雨就积水")
    thread = operator.page.locator("#thread")
    picture = thread.get_by_role("img", name="市民发来的图片")
    expect(picture).to_be_visible(timeout=PATIENCE_MS)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(thread.get_by_text("下载收听")).to_be_visible(timeout=PATIENCE_MS)
    operator.reads("人民路与建设街路口")

    number, _ = operator.registers_case("求助", title="路口积水", place="人民路与建设街路口")

    dispatcher = sit_down("zhaomin", "工单")
    dispatcher.opens_case(number)
    kept = dispatcher.page.locator(".case-media")
    expect(kept.get_by_role("img", name="市民发来的图片")).to_be_visible()
    expect(kept.get_by_text("下载收听")).to_be_visible()
    with dispatcher.page.expect_download() as download:
        kept.get_by_text("下载收听").click()
    assert download.value.path().read_bytes().startswith(b"#!AMR")

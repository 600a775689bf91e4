import pytest

from nlu.text import normalise, shorten, syllables


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("身份证丢了怎么补办？？？", "身份证丢了怎么补办"),
        ("身份證丟了怎麼補辦", "身份证丢了怎么补办"),
        ("ＡＢＣ　１２３４５", "abc 12345"),
        ("查WZ202611210007", "查wz#"),
        ("我的电话13812345678", "我的电话#"),
        ("好啊好啊😀👨‍👩‍👧[微笑]", "好啊好啊"),
        ("哈哈哈哈哈哈", "哈哈"),
        ("\x00\x07a\u202eb", "a b"),
        ("😀😀", ""),
    ],
)
def test_what_is_written_alike_is_read_alike(written, read):
    assert normalise(written) == read


def test_homophones_and_confused_sounds_sound_alike():
    assert syllables("生份证") == syllables("身份证") == syllables("身分正")


def test_what_is_not_chinese_stands_for_itself():
    assert syllables("打12345 ok") == ["da", "12345", "ok"]


def test_a_long_story_is_cut_to_its_head_and_tail():
    story = "头" * 5_000 + "尾" * 5_000

    cut = shorten(story)

    assert len(cut) == 300
    assert cut.startswith("头")
    assert cut.endswith("尾")


@pytest.mark.parametrize("text", ["ﷺ" * 10_000, "\ud800\udfff" * 50, "a" * 10_000, "\n\t \r"])
def test_hostile_text_stays_short(text):
    assert len(normalise(text)) <= 300

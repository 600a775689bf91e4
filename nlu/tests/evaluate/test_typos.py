from pypinyin import lazy_pinyin

from nlu.evaluate.typos import typo_versions, with_typos


def changed(before, after):
    return [(b, a) for b, a in zip(before, after, strict=True) if b != a]


def test_one_typo_is_another_character_of_the_same_sound():
    text = "身份证丢了怎么补办"

    found = changed(text, with_typos(text, 1))

    assert len(found) == 1
    assert lazy_pinyin(found[0][0]) == lazy_pinyin(found[0][1])


def test_two_typos_are_in_two_places():
    assert len(changed("身份证丢了怎么补办", with_typos("身份证丢了怎么补办", 2))) == 2


def test_typos_are_the_same_in_every_run():
    assert with_typos("医保断缴能补吗", 2) == with_typos("医保断缴能补吗", 2)
    assert with_typos("医保断缴能补吗", 2, seed=1) != with_typos("医保断缴能补吗", 2, seed=7)


def test_what_is_not_chinese_stays():
    assert typo_versions("ETC 2024?") == ("ETC 2024?", "ETC 2024?")


def test_a_text_with_one_character_gets_one_typo_at_most():
    assert len(changed("A证1", with_typos("A证1", 2))) == 1

"""What the gate lets through, what it gives back, and which forms it names."""

from dataclasses import replace

from nlu.trainer import hearing, packages
from nlu.trainer.training import Training

COPIES = ["办居住证多少钱啊", "居住证收费吗呢", "居住证工本费呀", "办理居住证要交钱吗啊"]


def reasons(report, change="1"):
    [found] = [one["reasons"] for one in report["changes"] if one["id"] == change]
    return {one["form"]: one["reason"] for one in found}


def failing(report):
    return [rule["code"] for rule in report["rules"] if not rule["passed"]]


def test_an_improvement_is_let_through_and_the_candidate_knows_it(train, tmp_path):
    report = train({"id_card_lost": ["钱包里那张卡没影了", "证件让扒手摸走"]})

    assert report["verdict"] == "passed"
    assert report["released"] == ["1"]
    made = packages.read(tmp_path / "candidate.tar.gz")
    assert hearing.hear(made, "证件让扒手摸走").answered == "faq/id_card_lost"


def test_a_new_question_is_learnt(train, tmp_path):
    report = train(
        {"pension_where": ["养老金在哪领", "退休工资去哪取", "养老钱发到哪", "退休金怎么拿"]}
    )

    assert report["verdict"] == "passed"
    assert report["questions"] == 9
    made = packages.read(tmp_path / "candidate.tar.gz")
    assert hearing.hear(made, "退休工资去哪取").answered == "faq/pension_where"


def test_the_forms_of_another_question_are_refused_by_name(train, store, tmp_path):
    copied = [form for form in store.entries[5].forms if form][:3]

    report = train({"id_card_lost": copied})

    assert report["verdict"] == "refused"
    assert reasons(report) == dict.fromkeys(copied, "invalid")
    assert not (tmp_path / "candidate.tar.gz").exists()


def test_near_copies_of_another_question_are_refused_by_name(train):
    report = train({"id_card_lost": COPIES})

    assert report["verdict"] == "refused"
    assert reasons(report)["办理居住证要交钱吗啊"] == "near_to"
    assert set(reasons(report)) <= set(COPIES)


def test_a_change_is_refused_and_the_others_are_let_through(train):
    report = train({"id_card_lost": COPIES, "licence_fee": ["开店那张纸要掏几块"]})

    assert report["verdict"] == "partly"
    assert report["released"] == ["2"]
    assert [one["refused"] for one in report["changes"]] == [True, False]


def test_a_change_that_draws_gold_questions_away_is_refused(train):
    drawing = [
        "要怎么补",
        "身份证件要怎么补发",
        "户口要怎么补",
        "居住要怎么补",
        "执照要怎么补",
        "丢了要怎么补",
    ]

    report = train({"pension_where": drawing})

    assert report["verdict"] == "refused"
    assert "gold" in failing(report)
    assert set(reasons(report)) <= set(drawing)
    assert "drew_away" in reasons(report).values()


def test_forms_that_were_only_taken_out_are_named(places, store):
    entry = store.entries[0]
    kept = ["证件不在身边", "那张卡没影了", "扒手摸走了东西"]
    wanted = entry.plain() | {"question": kept[0], "variants": kept[1:]}

    report = Training(places, lambda stage, percent: None).run(
        {
            "version": "fewer",
            "entries": [one.plain() for one in store.entries],
            "changes": [{"id": "1", "slug": entry.slug, "entry": wanted}],
        },
        places.models.path / "fewer.tar.gz",
    )

    assert report["verdict"] == "refused"
    named = report["changes"][0]["reasons"]
    assert {one["reason"] for one in named} == {"removed"}
    assert {one["form"] for one in named} <= set(entry.forms)
    assert all(one["text"].startswith("删去了这条问法，使评测问句“身份证") for one in named)


def test_what_a_withdrawal_does_is_nobodys_fault(train, store):
    withdrawn = replace(store, entries=store.entries[2:])

    report = train({"licence_fee": ["开店那张纸要掏几块"]}, given=withdrawn)

    assert report["verdict"] == "passed"
    assert report["asked_count"] == 10  # of 13: three asked for an entry that is gone


def test_too_few_forms_are_refused(train):
    report = train({"pension_where": ["养老金在哪领", "养老金在哪领？"]})

    assert report["verdict"] == "refused"
    assert "问法不足" in report["changes"][0]["reasons"][0]["text"]


def test_without_changes_the_store_is_learnt_as_it_is(train):
    assert train({})["verdict"] == "passed"


def test_a_broken_store_without_a_change_to_blame_is_refused(train, store):
    first, *others = store.entries
    broken = replace(first, forms=(*first.forms, "办营业执照多少钱"))

    report = train({}, given=replace(store, entries=(broken, *others)))

    assert report["verdict"] == "refused"
    assert "同一问法" in report["problems"][0]["text"]

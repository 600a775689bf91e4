"""A small office: a few questions, the files of a program, and a model of it without Rasa."""

import io
import json
import tarfile

import pytest
import yaml

from nlu.ranker import QuestionRanker
from nlu.trainer import packages, preparing, questions
from nlu.trainer.folder import ModelFolder
from nlu.trainer.questions import Store
from nlu.trainer.training import Places, Training

CONFIG = {"dense": False, "sure": 0.6, "offer": 0.35, "wish": 0.45, "follow_up": 0.75}
THINGS = {"id_card": "身份证", "licence": "营业执照", "permit": "居住证", "passbook": "户口本"}
ASKS = {
    "lost": ["{}丢了怎么补", "{}掉了去哪里补办", "补办{}", "{}不见了", "我的{}找不到了", "{}被偷了",
             "遗失{}怎么办", "{}丢失"],
    "fee": ["办{}多少钱", "{}收费吗", "{}工本费", "办理{}要交钱吗", "{}费用标准", "{}贵不贵",
            "领{}花多少", "{}免费吗"],
}  # fmt: skip
WISHES = {
    "greet": "你好|您好|早上好|下午好|晚上好|哈喽|嗨|在吗|有人吗|你好呀|您好啊|嗨你好|早|早啊|嘿嘿",
    "out_of_scope": "今天天气|股票涨了吗|讲个笑话|唱首歌|推荐电影|明天下雨吗|足球比分|写首诗|"
    "附近餐馆|外卖推荐|彩票号码|打游戏吗|翻译英文|算一道题|黄金价格",
}


@pytest.fixture(scope="session")
def nlu_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for name in ("faq", "nlu", "evaluation"):
        (folder / name).mkdir()
    entries = [entry(thing, ask) for thing in THINGS for ask in ASKS]
    save(folder / "faq" / "all.yml", {"topic": "papers", "entries": entries})
    wishes = [
        {"intent": intent, "examples": "".join(f"- {form}\n" for form in forms.split("|"))}
        for intent, forms in WISHES.items()
    ]
    save(folder / "nlu" / "wishes.yml", {"nlu": wishes})
    for name, form in {
        "gold": "{}丢了要怎么补",
        "test": "{}不小心掉了",
        "development": "{}弄丢",
    }.items():
        rows = [{"text": form.format(word), "intent": f"faq/{thing}_lost"}
                for thing, word in THINGS.items()]  # fmt: skip
        save(folder / "evaluation" / f"{name}.yml", rows)
    strange = [{"text": "护照丢在国外怎么补", "intent": "out_of_scope", "kind": "near"}]
    save(folder / "evaluation" / "must_refuse.yml", strange)
    return folder


def entry(thing, ask):
    question, *variants = [form.format(THINGS[thing]) for form in ASKS[ask]]
    return {
        "slug": f"{thing}_{ask}",
        "question": question,
        "variants": [*variants, f"请问{question}", f"{question}呢"],
        "answer": "到窗口办理。",
        "scope": "platform",
        "department": "desk",
        "review_by": "2027-01-01",
    }


def save(file, content):
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="session")
def base(nlu_data, tmp_path_factory):
    """What Rasa would have trained: a package with a classifier, a policy and metadata."""
    folder = tmp_path_factory.mktemp("base")
    store = Store.of_files(questions.files(nlu_data))
    write_base(folder / "20260101-000000.tar.gz", store)
    return folder


@pytest.fixture(scope="session")
def newer_base(nlu_data, tmp_path_factory):
    """The same program after an update."""
    folder = tmp_path_factory.mktemp("newer")
    write_base(folder / "20270101-000000.tar.gz", Store.of_files(questions.files(nlu_data)))
    return folder


def write_base(file, store):
    nodes = {"run": {"uses": packages.CLASSIFIER, "config": CONFIG}}
    parts = {
        f"components/train_{packages.CLASSIFIER}0/ranker.json": b"{}",
        "components/train_RulePolicy0/rule_policy.json": b'{"rules": 1}',
        "metadata.json": json.dumps(
            {"model_id": "old", "trained_at": "then", "predict_schema": {"nodes": nodes}}
        ).encode(),
    }
    empty = file.with_name("empty")
    with tarfile.open(empty, "w:gz") as package:
        for name, body in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            package.addfile(member, io.BytesIO(body))
    packages.write(empty, QuestionRanker.learn(store.forms, use_dense=False), file)
    empty.unlink()


@pytest.fixture
def places(tmp_path, base, nlu_data):
    """A desk that has just been set up: the program's own model is live."""
    places = Places(ModelFolder(tmp_path / "models"), base, nlu_data)
    preparing.prepare(places)
    return places


@pytest.fixture
def store(nlu_data):
    return Store.of_files(questions.files(nlu_data))


@pytest.fixture
def train(places, store, tmp_path):
    """Train with changes: slug -> forms to add, or None to take the entry out."""

    def run(changes, version="candidate", given=store):
        known = {entry.slug: entry for entry in given.entries}
        wanted = [
            {
                "id": str(place),
                "slug": slug,
                "entry": forms if forms is None else with_forms(known.get(slug), slug, forms),
            }
            for place, (slug, forms) in enumerate(changes.items(), start=1)
        ]
        request = {
            "version": version,
            "entries": [entry.plain() for entry in given.entries],
            "changes": wanted,
        }
        return Training(places, lambda stage, percent: None).run(
            request, tmp_path / f"{version}.tar.gz"
        )

    return run


def with_forms(entry, slug, forms):
    if entry is None:
        return {"slug": slug, "topic": "papers", "question": forms[0], "variants": forms[1:]}
    plain = entry.plain()
    return plain | {"variants": [*plain["variants"], *forms]}

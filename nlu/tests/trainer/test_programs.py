"""A model newly trained from the files goes through the gate too, and says how it went."""

import io
import shutil
import tarfile

import pytest
import yaml

from nlu.ranker import QuestionRanker
from nlu.trainer import packages, questions
from nlu.trainer.folder import ModelFolder
from nlu.trainer.programs import compare_program
from nlu.trainer.questions import Store
from nlu.trainer.report import in_words


@pytest.fixture
def made(base, tmp_path):
    """What Rasa has made of these files."""

    def make(nlu_data):
        store = Store.of_files(questions.files(nlu_data))
        file = tmp_path / "20260102-000000.tar.gz"
        ranker = QuestionRanker.learn(store.forms, use_dense=False)
        packages.write(base / "20260101-000000.tar.gz", ranker, file)
        return file

    return make


@pytest.fixture
def worse_data(nlu_data, tmp_path):
    """The same files, in which the forms of two questions have changed places."""
    folder = tmp_path / "worse"
    shutil.copytree(nlu_data, folder)
    file = folder / "faq" / "all.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    first, second = content["entries"][:2]
    for name in ("question", "variants"):
        first[name], second[name] = second[name], first[name]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def test_files_that_teach_the_same_pass(places, made):
    report = compare_program(places.models, made(places.nlu_data), places.nlu_data)

    assert (report["verdict"], report["against"]) == ("passed", "20260101-000000")
    assert in_words(report).startswith(
        "检查通过。\n  与模型 20260101-000000 比较，共 13 个评测问句"
    )


def test_files_that_break_a_question_are_refused_and_the_questions_are_named(
    places, made, worse_data
):
    report = compare_program(places.models, made(worse_data), worse_data)

    assert report["verdict"] == "refused"
    told = in_words(report)
    assert "检查未通过，线上模型保持不变。" in told
    assert "未通过  总体正确率" in told
    assert "“身份证弄丢”：" in told
    assert "建议：" in told


def test_what_the_office_released_is_measured_on_the_questions_it_has(
    places, made, train, tmp_path, worse_data
):
    """The files' own forms do not reach citizens once the office has released its own."""
    passed = train({"id_card_lost": ["证件让扒手摸走"]}, "r1")
    places.models.keep(
        tmp_path / "r1.tar.gz", version="r1", base=passed["base"], entries=passed["entries"]
    )
    places.models.make_live("r1")

    report = compare_program(places.models, made(worse_data), worse_data)

    assert (report["verdict"], report["against"]) == ("passed", "r1")


def test_without_a_live_model_nothing_is_compared_and_it_is_said(made, nlu_data, tmp_path):
    report = compare_program(ModelFolder(tmp_path / "none"), made(nlu_data), nlu_data)

    assert report["verdict"] == "uncompared"
    assert in_words(report) == "没有可比较的线上模型，直接采用。\n  还没有线上模型。"


@pytest.mark.parametrize("spoil", ["damaged", "of another program"])
def test_a_live_model_that_cannot_be_read_is_told(places, made, spoil):
    live = places.models.live()
    candidate = made(places.nlu_data)
    if spoil == "damaged":
        live.write_bytes(b"damaged")
    else:
        rewrite(live, "ranker.json", b'{"known": [["a", "b", "c", "d", "e", "f"]]}')

    report = compare_program(places.models, candidate, places.nlu_data)

    assert report["verdict"] == "uncompared"
    assert "已损坏，或属于另一版本的程序" in in_words(report)


def rewrite(model, name, body):
    """Put other content under this name into the model."""
    with tarfile.open(model) as package:
        files = [member for member in package.getmembers() if member.isfile()]
        parts = {member.name: package.extractfile(member).read() for member in files}
    with tarfile.open(model, "w:gz") as package:
        for member in files:
            content = body if member.name.endswith(name) else parts[member.name]
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))

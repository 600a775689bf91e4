"""Models as files: kept whole, live one at a time, dropped when old, told when lost."""

import errno
import tarfile

import pytest

from nlu import sentences
from nlu.trainer import packages, vectors
from nlu.trainer.folder import KEPT, NoSuchModel
from nlu.trainer.preparing import prepare
from nlu.trainer.working import failure


def kept(places, train, tmp_path, version):
    report = train({"id_card_lost": [f"第{version}号证件没影了"]}, version)
    return places.models.keep(
        tmp_path / f"{version}.tar.gz", version=version, base=report["base"],
        entries=report["entries"],
    )  # fmt: skip


def test_a_fresh_desk_starts_with_the_model_of_the_program(places):
    assert packages.version_of(places.models.live()) == "20260101-000000"
    assert places.models.release("20260101-000000").is_bootstrap


def test_a_candidate_carries_the_rules_of_the_program_and_a_name_of_its_own(train, tmp_path):
    train({}, "mine")

    with tarfile.open(tmp_path / "mine.tar.gz") as package:
        names = package.getnames()
        policy = package.extractfile("components/train_RulePolicy0/rule_policy.json").read()
        metadata = package.extractfile("metadata.json").read()
    assert policy == b'{"rules": 1}'
    assert b'"old"' not in metadata
    assert [name for name in names if name.endswith("ranker.npz")]


def test_a_release_is_live_only_when_it_is_made_so(places, train, tmp_path):
    release = kept(places, train, tmp_path, "r1")
    assert packages.version_of(places.models.live()) != "r1"

    places.models.make_live("r1")

    assert packages.version_of(places.models.live()) == "r1"
    assert places.models.verified("r1").sha256 == release.sha256


def test_the_start_of_the_program_keeps_what_was_released(places, train, tmp_path):
    kept(places, train, tmp_path, "r1")
    places.models.make_live("r1")

    assert prepare(places) == "r1"


def test_a_newer_program_learns_the_released_questions_again(
    places, train, tmp_path, nlu_data, newer_base
):
    before = kept(places, train, tmp_path, "r1")
    places.models.make_live("r1")
    updated = type(places)(places.models, newer_base, nlu_data)

    assert prepare(updated) == "r1"
    after = places.models.verified("r1")
    assert (after.base, after.entries) == ("20270101-000000", before.entries)
    assert after.sha256 != before.sha256
    assert packages.digest(places.models.live()) == after.sha256


def cut_off(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def test_a_damaged_live_file_is_made_again_from_its_release(places, train, tmp_path):
    release = kept(places, train, tmp_path, "r1")
    places.models.make_live("r1")
    cut_off(places.models.live())

    assert prepare(places) == "r1"
    assert packages.digest(places.models.live()) == release.sha256


def test_a_model_that_is_lost_altogether_gives_way_to_the_newest_whole_one(places, train, tmp_path):
    for version in ("r1", "r2"):
        kept(places, train, tmp_path, version)
        places.models.make_live(version)
    cut_off(places.models.live())
    cut_off(places.models.release("r2").file)

    assert prepare(places) == "r1"
    assert packages.is_readable(places.models.live())


def test_without_a_whole_release_the_model_of_the_program_serves(places, train, tmp_path):
    kept(places, train, tmp_path, "r1")
    places.models.make_live("r1")
    cut_off(places.models.live())
    cut_off(places.models.release("r1").file)

    assert prepare(places) == "20260101-000000"
    assert packages.is_readable(places.models.live())


@pytest.mark.parametrize("spoil", [lambda file: file.unlink(), lambda file: file.write_bytes(b"")])
def test_a_lost_or_damaged_file_is_told(places, train, tmp_path, spoil):
    release = kept(places, train, tmp_path, "r1")
    spoil(release.file)

    assert not places.models.release("r1").is_whole
    with pytest.raises(NoSuchModel):
        places.models.make_live("r1")
    assert packages.version_of(places.models.live()) != "r1"


def test_the_last_five_the_named_and_the_live_are_kept(places, train, tmp_path):
    report = train({}, "same")
    for number in range(1, KEPT + 4):
        places.models.keep(
            tmp_path / "same.tar.gz", version=f"r{number}", base=report["base"], entries=[]
        )

    places.models.drop_old(keep=["r1"])

    names = [release.version for release in places.models.all()]
    assert names == ["20260101-000000", "r1", "r4", "r5", "r6", "r7", "r8"]


@pytest.mark.parametrize("version", ["", "../r1", ".hidden", "a/b"])
def test_a_version_is_a_plain_name(places, version):
    with pytest.raises(NoSuchModel):
        places.models.make_live(version)


def test_a_folder_that_cannot_be_written_ends_the_training_and_nothing_else(
    places, train, tmp_path
):
    live = places.models.live().read_bytes()
    (tmp_path / "candidate.tar.gz").mkdir()  # stands where the model is to be

    with pytest.raises(OSError, match=r".") as raised:
        train({})

    assert failure(raised.value)["code"] == "not_writable"
    assert places.models.live().read_bytes() == live


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (PermissionError(errno.EACCES, "denied"), "not_writable"),
        (packages.BadModel("x"), "base_unreadable"),
        (MemoryError(), "out_of_memory"),
        (ValueError("x"), "mistake"),
    ],
)
def test_a_failure_has_a_code(error, code):
    assert failure(error)["code"] == code


def test_an_unreadable_live_model_is_replaced_in_the_comparison(places, train):
    places.models.live().write_bytes(b"damaged")

    report = train({})

    assert report["verdict"] == "passed"
    assert "无法读取" in report["notes"][0]


def test_vectors_that_were_used_are_there_the_next_time(tmp_path):
    file = tmp_path / "vectors.npz"
    with vectors.kept_in(file):
        first = sentences.vectors(["身份证", "户口"])
    file_of_one = vectors._read(file)
    with vectors.kept_in(file):
        again = sentences.vectors(["身份证"])

    assert set(file_of_one) == {"身份证", "户口"}
    assert (again[0] == first[0]).all()
    assert set(vectors._read(file)) == {"身份证"}


def test_a_damaged_file_of_vectors_costs_only_time(tmp_path):
    file = tmp_path / "vectors.npz"
    file.write_bytes(b"no archive")

    with vectors.kept_in(file):
        pass

    assert vectors._read(file) == {}

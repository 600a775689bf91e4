"""From an approved change to a live model: training, gate, swap; and that it stays so."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import sleep
from typing import Any

from bot.models import KeptModel, RasaServer, ServerRefused, TrainerClient, TrainerFailed, Training
from core import jobs
from core.bootstrap import Core
from core.errors import DomainError
from core.knowledge import queries as knowledge
from core.knowledge.contents import Refusal, TrainingEntry
from core.releases import queries, services
from core.releases.states import ReleaseState

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.4
# What a probe asks must be understood by every model that the desk could have.
PROBE = "你好"
INSTALLED = "随程序安装的模型"
SWAPPING = ("swapping", 96)
# Codes of what stands in the way, see console/wording.
TRAINER_AWAY, SERVER_AWAY, SERVER_BEHIND, FILE_LOST = (
    "trainer_away", "server_away", "server_behind", "file_lost",
)  # fmt: skip


@dataclass(frozen=True)
class _Work:
    """What is to be done, as it stood when it was taken up."""

    release_id: int
    version: str
    is_return: bool
    entries: Sequence[dict[str, Any]]
    changes: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Releasing:
    core: Core
    trainer: TrainerClient
    servers: Sequence[RasaServer]
    pause: Callable[[float], None] = sleep

    # --- one release -----------------------------------------------------------------------

    def release_all(self) -> None:
        """Work off what is queued. Its job's lock lets nobody else do so meanwhile."""
        while True:
            work = self._take_up()
            if work is None:
                return
            try:
                if work.is_return:
                    self._bring_back(work)
                else:
                    self._release(work)
            except TrainerFailed as failure:
                self._fail(work, failure.code, failure.detail)
            except ServerRefused as refusal:
                self._fail(work, "server_refused", str(refusal))
            except DomainError as lost:
                # Somebody else has given this training up; it must not go live any more.
                logger.warning("release given up", extra={"code": lost.code})
            except Exception as mistake:
                self._fail(work, "mistake", type(mistake).__name__)
                raise

    def _take_up(self) -> _Work | None:
        with self.core.unit_of_work() as uow:
            release = services.start_next(uow)
            if release is None:
                return None
            if release.state is ReleaseState.RETURNING:
                return _Work(release.id, release.version, True, (), ())
            changes = [knowledge.get_change(uow.session, each) for each in release.change_ids]
            entries = [_plain(each) for each in knowledge.training_set(uow.session)]
            learnt = [
                {"id": str(each.id), "slug": each.slug, "entry": _plain(each.content.learnt)}
                for each in changes
            ]
            return _Work(release.id, release.version, False, entries, learnt)

    def _release(self, work: _Work) -> None:
        self.trainer.begin(
            {"version": work.version, "entries": work.entries, "changes": work.changes}
        )
        report = self._follow(work)
        refused = refusals_of(report)
        told = {name: value for name, value in report.items() if name != "entries"}
        if report["verdict"] == "refused":
            with self.core.unit_of_work() as uow:
                services.refuse(uow, work.release_id, told, refused)
            return
        self._tell(work, *SWAPPING)
        kept = self.trainer.keep(work.version)
        self._swap(kept)
        with self.core.unit_of_work() as uow:
            services.go_live(uow, work.release_id, kept.built, report=told, refused=refused)
            keep = services.to_keep(uow)
        self._make_live(work.version, keep)

    def _bring_back(self, work: _Work) -> None:
        kept = self.trainer.fit(work.version)
        self._tell(work, *SWAPPING)
        self._swap(kept)
        with self.core.unit_of_work() as uow:
            services.go_live(uow, work.release_id, kept.built)
            keep = services.to_keep(uow)
        self._make_live(work.version, keep)

    def _follow(self, work: _Work) -> dict[str, Any]:
        """Tell how far the training is until it has ended; return its report."""
        while True:
            found: Training = self.trainer.look(work.version)
            if found.report is not None:
                return found.report
            if not found.is_running:
                failure = found.failure or {}
                raise TrainerFailed(failure.get("code", "mistake"), failure.get("detail", ""))
            self._tell(work, found.stage, found.percent)
            self.pause(LOOK_SECONDS)

    def _swap(self, kept: KeptModel) -> None:
        """Let every server take the model, or let all go back to the one they had."""
        with self.core.unit_of_work() as uow:
            before = queries.live(uow.session)
        former = self.trainer.files().find(before.version) if before else None
        taken = []
        for server in self.servers:
            try:
                taken.append(server)
                server.take(kept.path, kept.built.version, PROBE)
            except ServerRefused as refusal:
                logger.warning("a server did not take the model", extra={"server": server.url})
                if former is not None:
                    self._put_back(taken, former)
                raise ServerRefused(f"{server.url}: {refusal}") from refusal

    def _put_back(self, servers: Sequence[RasaServer], former: KeptModel) -> None:
        for server in servers:
            try:
                server.take(former.path, former.built.version, PROBE)
            except ServerRefused:
                # The next look at the servers tries again, and tells people until it is mended.
                logger.warning("a server did not go back", extra={"server": server.url})

    def _make_live(self, version: str, keep: Sequence[str]) -> None:
        try:
            self.trainer.make_live(version, keep=keep)
        except TrainerFailed as failure:
            # The servers have it; where they start from is mended by the next look.
            logger.warning("the start model is behind", extra={"code": failure.code})

    def _tell(self, work: _Work, stage: str, percent: int) -> None:
        with self.core.unit_of_work() as uow:
            services.tell_progress(uow, work.release_id, stage=stage, percent=percent)

    def _fail(self, work: _Work, code: str, detail: str) -> None:
        logger.warning("model not released", extra={"code": code, "detail": detail})
        with self.core.unit_of_work() as uow:
            services.fail(uow, work.release_id, code=code, detail=detail)

    # --- staying so ------------------------------------------------------------------------

    def look_for_work(self) -> None:
        """Queue what was approved, and find what nobody works on any more."""
        with self.core.unit_of_work() as uow:
            services.fail_interrupted(uow)
            services.request_wanted_release(uow)

    def ask_for_check(self) -> None:
        with self.core.unit_of_work() as uow:
            jobs.defer(uow, jobs.check_models())

    def check(self) -> None:
        """See that every server, and the next start, has the model that is live."""
        with self.core.unit_of_work() as uow:
            if queries.running(uow.session) is not None:
                return
        try:
            files = self.trainer.files()
        except TrainerFailed:
            self._note([TRAINER_AWAY, *self._behind(None)])
            return
        version = self._live_version(files.live, files.find(files.live or ""))
        if version is None:
            return
        troubles = []
        with self.core.unit_of_work() as uow:
            whole = {one.built.version for one in files.models if one.is_whole}
            services.note_files(uow, whole, kept=services.to_keep(uow))
        kept = files.find(version)
        if kept is None or not kept.is_whole:
            troubles.append(f"{FILE_LOST}:{version}")
        elif files.live != version:
            with self.core.unit_of_work() as uow:
                keep = services.to_keep(uow)
            self._make_live(version, keep)
        self._note([*troubles, *self._behind(kept if kept and kept.is_whole else None)])

    def _live_version(self, started_with: str | None, found: KeptModel | None) -> str | None:
        """Return what is to be live; a newer model of the program takes the place of its older."""
        with self.core.unit_of_work() as uow:
            live = queries.live(uow.session)
            if found is None or not found.is_bootstrap or started_with is None:
                return live.version if live else None
            if live is not None and (not live.is_bootstrap or live.version == started_with):
                return live.version
            return services.install(uow, found.built, note=INSTALLED).version

    def _behind(self, kept: KeptModel | None) -> list[str]:
        """Give servers that answer with another model the live one; tell which still do not."""
        troubles = []
        for server in self.servers:
            try:
                if kept is None or server.version() == kept.built.version:
                    continue
                server.take(kept.path, kept.built.version, PROBE)
            except ServerRefused:
                code = SERVER_AWAY if self._is_away(server) else SERVER_BEHIND
                troubles.append(f"{code}:{server.url}")
        return troubles

    def _is_away(self, server: RasaServer) -> bool:
        try:
            return not server.version()
        except ServerRefused:
            return True

    def _note(self, troubles: Sequence[str]) -> None:
        with self.core.unit_of_work() as uow:
            services.note_troubles(uow, troubles)


def refusals_of(report: Mapping[str, Any]) -> dict[int, list[Refusal]]:
    """Return why each change was not let through, in the words its author reads."""
    return {
        int(change["id"]): [Refusal(one["form"], one["text"]) for one in change["reasons"]]
        for change in report.get("changes", ())
        if change["refused"]
    }


def _plain(entry: TrainingEntry) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "topic": entry.topic,
        "question": entry.question,
        "variants": list(entry.variants),
    }

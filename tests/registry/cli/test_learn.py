from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from registry.app import running
from registry.cli import learn as module
from registry.cli.main import app
from registry.client_learning import LearningClient
from registry.client_learning_values import LearningStatus, PaintingToLearn
from registry.config import RegistryConfigFile
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.mailbot.mails import photo
from tests.fakes.openapi import served_in_a_thread
from tests.fakes.registry.service import TOKEN, Service, serving
from tests.fakes.registry.validator import FakeValidator
from tests.fakes.registry.versions import publish
from tests.fakes.runner.learner import FakeLearner

#: A registry, a client of it, and the command.
Trial = tuple[Service, LearningClient, asyncio.Task[list[str]]]


@pytest.fixture
def learner() -> FakeLearner:
    return FakeLearner()


@pytest.fixture
def registry(tmp_path: Path, learner: FakeLearner, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("REGISTRY_UPLOAD_TOKEN", "the token")

    @asynccontextmanager
    async def serving():  # type: ignore[no-untyped-def]
        async with learner:
            config = RegistryConfigFile.model_validate(
                {"registry": {"port": 0, "data": str(tmp_path)}, "balancer": {"port": learner.port}}
            )
            async with running(config, tmp_path, token="the token", validator=FakeValidator()) as url:
                yield url

    with served_in_a_thread(serving) as url:
        yield url


def learn(tmp_path: Path, url: str, *options: str):  # type: ignore[no-untyped-def]
    painting = tmp_path / "canvas.jpg"
    painting.write_bytes(photo())
    return CliRunner().invoke(app, ["learn", str(painting), "--url", url, *options])


def test_a_painting_is_learnt_and_the_link_is_printed(tmp_path: Path, registry: str) -> None:
    result = learn(tmp_path, registry, "--name", "My garden", "--preview", str(tmp_path / "p.jpg"))
    assert result.exit_code == 0, result.output
    assert "my-garden, version 1, is live." in result.stdout
    assert f"Page:    {registry}/styles/my-garden" in result.stdout
    assert "Learnt, 100%" in result.stderr
    assert (tmp_path / "p.jpg").read_bytes().startswith(b"\xff\xd8")


def test_a_line_is_printed_when_it_changes(
    tmp_path: Path, registry: str, learner: FakeLearner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LINE_SECONDS", 0.0)
    learner.may_finish.clear()
    learner.events_until_done = 5
    result = learn(tmp_path, registry, "--name", "Ölbäume")
    assert result.stderr.splitlines() == ["Training, 3 min left, 33%", "Learnt, 100%"]
    with Store(StoreLocation(folder=tmp_path), sweep=False) as store:
        card = store.card("olbaume")
    assert (card.title, card.other_names) == ("Ölbäume", ("Ölbäume",))


def test_events_that_break_off_cancel_nothing(
    tmp_path: Path, registry: str, learner: FakeLearner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    learner.may_finish.clear()
    learner.breaks = 1
    result = learn(tmp_path, registry, "--name", "My garden")
    assert "my-garden, version 1, is live." in result.stdout, result.output
    assert learner.breaks == 0


def test_a_balancer_that_restarts_before_the_publication_loses_nothing(
    tmp_path: Path, registry: str, learner: FakeLearner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    learner.files_missed = 2
    result = learn(tmp_path, registry, "--name", "My garden")
    assert "my-garden, version 1, is live." in result.stdout, result.output


@pytest.mark.parametrize("is_taken", [True, False])
def test_what_was_learnt_is_kept_where_it_cannot_be_published(
    tmp_path: Path, registry: str, learner: FakeLearner, is_taken: bool
) -> None:
    options = ["--name", "hills"]
    if is_taken:  # by somebody else's that looks like it, while it is learnt
        learner.began = lambda: _take(tmp_path, "hi11s")
    else:
        options += ["--preview", str(tmp_path)]  # a folder
    result = learn(tmp_path, registry, *options)
    assert result.exit_code == 1
    words = "“hills-2” is free." if is_taken else "Is a directory"
    assert words in result.stderr
    assert f"{registry}/learn#{learner.only.id}" in result.stderr
    assert not learner.only.cancelled
    assert "live" not in result.stdout


def _take(folder: Path, name: str) -> None:
    with Store(StoreLocation(folder=folder), sweep=False) as store:
        publish(store, name, by="Eve")


def test_what_fails_is_one_sentence(tmp_path: Path, registry: str, learner: FakeLearner) -> None:
    result = learn(tmp_path, registry, "--name", "help")
    assert result.exit_code == 1
    assert "“help-easel” is free." in result.stderr
    learner.problem = {"type": "about:blank", "detail": "I see one plain colour."}
    result = learn(tmp_path, registry, "--name", "x1")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "I see one plain colour.")
    assert learner.only.cancelled
    result = learn(tmp_path, "http://127.0.0.1:1", "--name", "x2")
    assert "gives no answer: is it running" in result.stderr


@asynccontextmanager
async def on_trial(tmp_path: Path, builtin: Path, learner: FakeLearner) -> AsyncIterator[Trial]:
    """A command whose style is on trial, which lasts until the block ends."""
    async with learner:
        values = {"registry": {"data": str(tmp_path / "registry")}, "balancer": {"port": learner.port}}
        async with serving(RegistryConfigFile.model_validate(values), builtin) as service:
            service.validator.go_on.clear()
            client = LearningClient(service.url, TOKEN)
            wanted = PaintingToLearn(painting=photo(), key="key-0001", name="hills")
            command = asyncio.create_task(module._learn(client, wanted, {"alias": "live"}, None, ""))
            await service.validator.begun.wait()
            yield service, client, command


async def test_ctrl_c_during_the_trial_publishes_nothing(
    tmp_path: Path, builtin: Path, learner: FakeLearner, capsys: pytest.CaptureFixture[str]
) -> None:
    async with on_trial(tmp_path, builtin, learner) as (service, _, command):
        command.cancel()
        with pytest.raises(asyncio.CancelledError):
            await command
        assert service.validator.cancelled.is_set()
        assert learner.only.cancelled
    assert "It is published" not in capsys.readouterr().err


async def test_ctrl_c_that_is_too_late_says_what_is_published(
    tmp_path: Path, builtin: Path, learner: FakeLearner, capsys: pytest.CaptureFixture[str]
) -> None:
    async with on_trial(tmp_path, builtin, learner) as (service, client, command):
        with service.second_store() as store:
            publish(store, "hills", job=learner.only.id)
        command.cancel()
        with pytest.raises(asyncio.CancelledError):
            await command
        too_late = "It is published already, as hills: retire it on its page."
        assert capsys.readouterr().err.endswith(f"{too_late}\n")
        job = learner.only.id
        learner.jobs.clear()  # as a balancer does once it has been published
        await module._stop(client, job, "")
        assert capsys.readouterr().err == f"{too_late}\n"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "queued", "position": 2}, "Waiting for 2 before it"),
        ({"state": "queued"}, "Waiting"),
        ({"state": "running", "phase": "training", "seconds_left": 150.0}, "Training, 2 min left"),
        ({"state": "done"}, "Learnt"),
    ],
)
def test_the_progress_is_told_in_words(values: dict[str, object], words: str) -> None:
    assert module.describe(LearningStatus.from_mapping({"id": "1", **values})) == words


def test_a_job_that_is_overtaken_says_why() -> None:
    status = LearningStatus.from_mapping({"id": "1", "state": "queued", "position": 4})
    assert module.describe(status, 4) == "Waiting for 4 before it"
    assert module.describe(status, 3).startswith("Waiting for 4 before it, as people with fewer paintings")

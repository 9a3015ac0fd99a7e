"""`pull` against a hub on a loopback port: pinned, resumed, checked; and what it says when there is no hub."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.core.errors import HubUnreachable, InvalidModelSpec
from service.models import Console, Hub, InstalledModel, InvalidSnapshot, ModelSpec, ModelStore, import_path, pull
from tests.models.fake_hub import FakeHub, serving
from tests.models.paper import MARIAN, Lines, like, marian_snapshot, pretend

OTHER_FRAMEWORKS = {"tf_model.h5": b"t" * 99, "rust_model.ot": b"r" * 99, "flax_model.msgpack": b"f" * 99}


@pytest.fixture(autouse=True)
def plain_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No proxy and no HF_HUB_OFFLINE from the environment the tests happen to run in."""
    import huggingface_hub
    from huggingface_hub.utils import close_session

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("NO_PROXY", "*")
    close_session()
    yield
    close_session()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeHub]:
    files = {path.name: path.read_bytes() for path in marian_snapshot(tmp_path / "remote").iterdir()}
    files |= {"pytorch_model.bin": b"p" * 99, "README.md": b"# Paper", **OTHER_FRAMEWORKS}
    assert MARIAN.repository
    with serving(FakeHub(MARIAN.repository, MARIAN.revision, files)) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def do_pull(hub: FakeHub, store: ModelStore, spec: ModelSpec = MARIAN, **options) -> InstalledModel:  # type: ignore[no-untyped-def]
    return pull(spec, store, hub=Hub(hub.endpoint, backoff_seconds=0), converter=pretend, **options)


def test_pull_fetches_the_pinned_revision_and_only_what_is_needed(hub: FakeHub, store: ModelStore) -> None:
    lines = Lines()
    model = do_pull(hub, store, progress=lines)
    store.verify(MARIAN.id)
    assert (model.manifest.revision, model.manifest.origin.kind) == (MARIAN.revision, "hub")
    assert (model.manifest.origin.name, model.manifest.origin.endpoint) == (MARIAN.repository, hub.endpoint)
    assert hub.fetched() == {
        "README.md", "config.json", "vocab.json", "source.spm", "target.spm", "tokenizer_config.json",
        "model.safetensors",
    }  # fmt: skip
    assert all(MARIAN.revision in path for _, path, _ in hub.requests)
    for name in hub.fetched():
        assert (model.snapshot_dir / name).read_bytes() == hub.files[name]
        assert (name, len(hub.files[name]), len(hub.files[name])) in lines.transfers
    assert not list(store.root.glob(".downloads/*"))


def test_pulling_again_asks_nobody(hub: FakeHub, store: ModelStore) -> None:
    first = do_pull(hub, store)
    hub.requests.clear()
    assert do_pull(hub, store) == first
    assert hub.requests == []
    do_pull(hub, store, force=True)
    assert "model.safetensors" in hub.fetched()


def test_damaged_model_is_pulled_again(hub: FakeHub, store: ModelStore) -> None:
    (do_pull(hub, store).snapshot_dir / "vocab.json").unlink()
    do_pull(hub, store)
    store.verify(MARIAN.id)


def test_branch_is_resolved_told_and_recorded(hub: FakeHub, store: ModelStore) -> None:
    lines = Lines()
    spec = like(MARIAN, revision="main", revision_note="not tagged yet")
    model = do_pull(hub, store, spec, progress=lines)
    assert (model.manifest.revision_requested, model.manifest.revision) == ("main", MARIAN.revision)
    assert any(MARIAN.revision in line for line in lines.steps)
    assert not any("/resolve/main/" in path for _, path, _ in hub.requests)
    hub.requests.clear()
    assert do_pull(hub, store, spec) == model and not hub.fetched()
    hub.commit = "f" * 40
    assert do_pull(hub, store, spec, update=True).manifest.revision == "f" * 40


BRANCH = like(MARIAN, revision="main", revision_note="not tagged yet")


def test_a_branch_that_moves_on_is_followed_only_when_asked(hub: FakeHub, store: ModelStore) -> None:
    first, lines = do_pull(hub, store, BRANCH), Lines()
    hub.requests.clear()
    assert do_pull(hub, store, BRANCH, update=True, progress=lines) == first and not hub.fetched()
    assert "nothing newer" in lines.steps[-1]
    old = MARIAN.revision
    hub.older, hub.commit = (old,), "f" * 40
    hub.requests.clear()
    lines = Lines()
    assert do_pull(hub, store, BRANCH, progress=lines) == first and hub.requests == []
    assert old in lines.steps[-1] and "--update" in lines.steps[-1]
    assert do_pull(hub, store, BRANCH, force=True).manifest.revision == old
    assert hub.fetched() and not any("f" * 40 in path for _, path, _ in hub.requests)
    assert do_pull(hub, store, BRANCH, update=True).manifest.revision == "f" * 40


def test_a_damaged_model_is_repaired_at_the_revision_that_was_recorded(hub: FakeHub, store: ModelStore) -> None:
    (do_pull(hub, store, BRANCH).snapshot_dir / "vocab.json").unlink()
    hub.older, hub.commit = (MARIAN.revision,), "f" * 40
    assert do_pull(hub, store, BRANCH).manifest.revision == MARIAN.revision
    store.verify(MARIAN.id)


def test_another_branch_or_repository_is_another_wish(hub: FakeHub, store: ModelStore) -> None:
    do_pull(hub, store, BRANCH)
    hub.older, hub.commit, hub.branches = (MARIAN.revision,), "f" * 40, ("main", "news")
    assert do_pull(hub, store, like(BRANCH, revision="news")).manifest.revision == "f" * 40
    hub.commit, hub.repository = "e" * 40, "press/moved"
    moved = like(BRANCH, revision="news", repository="press/moved")
    assert do_pull(hub, store, moved, force=True).manifest.revision == "e" * 40


def test_an_import_satisfies_a_branch_and_not_a_pin(hub: FakeHub, store: ModelStore, tmp_path: Path) -> None:
    local = import_path(BRANCH, tmp_path / "remote", store, converter=pretend)
    assert do_pull(hub, store, BRANCH) == local and hub.requests == []
    assert do_pull(hub, store).manifest.revision == MARIAN.revision


def test_updating_offline_is_refused(hub: FakeHub, store: ModelStore) -> None:
    installed = do_pull(hub, store, BRANCH)
    with pytest.raises(HubUnreachable, match="DEPESCHE_OFFLINE"):
        pull(BRANCH, store, offline=True, update=True)
    assert pull(BRANCH, store, offline=True) == installed
    assert do_pull(hub, store).id and pull(MARIAN, store, offline=True, update=True).id, "a pin has nothing newer"


def test_broken_download_continues_where_it_stopped(hub: FakeHub, store: ModelStore) -> None:
    """Also after a crash: the second pull shares nothing with the first but the disk."""
    hub.dead_from = 100
    with pytest.raises(HubUnreachable, match=r"continues model\.safetensors at byte 100 of 1"):
        do_pull(hub, store)
    assert not store.is_installed(MARIAN.id)
    hub.dead_from = None
    hub.requests.clear()
    do_pull(hub, store)
    store.verify(MARIAN.id)
    assert hub.ranges_of("model.safetensors") == ["bytes=100-"]
    assert hub.fetched() == {"model.safetensors"}


def test_server_without_ranges_sends_the_whole_file_again(hub: FakeHub, store: ModelStore) -> None:
    hub.dead_from = 100
    with pytest.raises(HubUnreachable):
        do_pull(hub, store)
    hub.dead_from, hub.ranges = None, False
    do_pull(hub, store)
    store.verify(MARIAN.id)


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.json"])
def test_file_that_is_not_what_was_announced_is_refused(hub: FakeHub, store: ModelStore, name: str) -> None:
    hub.wrong_digest = name
    with pytest.raises(InvalidSnapshot, match=f"{name} arrived damaged"):
        do_pull(hub, store)
    assert not store.is_installed(MARIAN.id)
    hub.wrong_digest = None
    do_pull(hub, store)


def test_failed_pull_keeps_the_old_model(hub: FakeHub, store: ModelStore) -> None:
    old = do_pull(hub, store)
    hub.commit, hub.wrong_digest = "f" * 40, "vocab.json"
    with pytest.raises(InvalidSnapshot):
        do_pull(hub, store, like(MARIAN, revision="f" * 40))
    assert store.verify(MARIAN.id) == old


def test_pickled_weights_are_fetched_only_for_want_of_better(hub: FakeHub, store: ModelStore) -> None:
    weights = hub.files.pop("model.safetensors")

    def converter(snapshot: Path, output: Path) -> dict[str, str]:
        (snapshot / "pytorch_model.bin").unlink()
        (snapshot / "model.safetensors").write_bytes(weights)
        return pretend(snapshot, output)

    pull(MARIAN, store, hub=Hub(hub.endpoint), converter=converter)
    assert "pytorch_model.bin" in hub.fetched()
    assert "snapshot/pytorch_model.bin" not in store.verify(MARIAN.id).manifest.files


def test_repository_that_lacks_files_is_described(hub: FakeHub, store: ModelStore) -> None:
    del hub.files["source.spm"], hub.files["target.spm"]
    with pytest.raises(InvalidSnapshot, match=r"press/paper-de-en at 0123.* lacks source\.spm, target\.spm"):
        do_pull(hub, store)


def test_unknown_repository_and_revision_are_faults_of_the_spec(hub: FakeHub, store: ModelStore) -> None:
    for spec in (like(MARIAN, repository="press/none"), like(MARIAN, revision="e" * 40)):
        with pytest.raises(InvalidModelSpec, match="has no press/"):
            do_pull(hub, store, spec)


def test_pinned_revision_that_resolves_to_another_is_refused(hub: FakeHub, store: ModelStore) -> None:
    hub.branches, hub.commit = (MARIAN.revision,), "f" * 40
    with pytest.raises(InvalidModelSpec, match="resolved revision"):
        do_pull(hub, store)


def test_model_without_repository_cannot_be_pulled(store: ModelStore) -> None:
    with pytest.raises(InvalidModelSpec, match="no hub repository"):
        pull(like(MARIAN, repository=None, revision=""), store)


def assert_names_the_way_out(error: HubUnreachable) -> None:
    for part in ("depesche models import", "DEPESCHE_OFFLINE", "'starter'"):
        assert part in str(error)


def test_closed_port_is_named_as_the_cause(store: ModelStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(HubUnreachable, match=f"{endpoint}.*refused") as caught:
        pull(MARIAN, store, hub=Hub(endpoint))
    assert_names_the_way_out(caught.value)
    assert not store.root.exists()


def test_host_that_does_not_exist_is_named_as_the_cause(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(HubUnreachable, match="Name or service not known"):
        pull(MARIAN, store, hub=Hub("http://hub.invalid"))


def test_server_that_accepts_and_stays_silent_is_given_up(store: ModelStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        hub = Hub(f"http://127.0.0.1:{server.getsockname()[1]}", probe_seconds=0.3)
        with pytest.raises(HubUnreachable) as caught:
            pull(MARIAN, store, hub=hub)
    assert_names_the_way_out(caught.value)


def test_name_resolution_that_hangs_is_given_up(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no timeout of its own, and is where a host without network hangs longest."""
    from threading import Event

    release = Event()

    def hang(*_: object, **__: object) -> None:
        release.wait(30)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        with pytest.raises(HubUnreachable, match=r"no answer within 0\.3 s"):
            pull(MARIAN, store, hub=Hub("http://hub.invalid", probe_seconds=0.3))
    finally:
        release.set()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_hub_that_answers_with_errors_is_unreachable(hub: FakeHub, store: ModelStore, status: int) -> None:
    hub.status = status
    with pytest.raises(HubUnreachable, match=f"status {status}"):
        do_pull(hub, store)


def test_offline_switch_of_the_client_is_named(
    hub: FakeHub, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(HubUnreachable, match="HF_HUB_OFFLINE is set"):
        do_pull(hub, store)
    assert hub.requests == []


def test_console_draws_a_bar_per_file(hub: FakeHub, store: ModelStore, capsys: pytest.CaptureFixture[str]) -> None:
    do_pull(hub, store, progress=Console())
    written = capsys.readouterr()
    assert written.out == ""
    assert "model.safetensors: 100%" in written.err
    assert f"installed {MARIAN.id}, revision {MARIAN.revision}\n" in written.err


def test_offline_opens_no_socket(hub: FakeHub, store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = do_pull(hub, store)

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    assert pull(MARIAN, store, offline=True) == installed
    assert pull(BRANCH, store, offline=True) == installed
    with pytest.raises(HubUnreachable, match="DEPESCHE_OFFLINE") as caught:
        pull(like(MARIAN, id="other"), store, offline=True)
    assert_names_the_way_out(caught.value)

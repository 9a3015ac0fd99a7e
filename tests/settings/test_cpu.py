"""Counting cores, on made-up machines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.settings.cpu import physical_cores


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight logical processors on four cores, no control groups."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    for cpu in range(8):
        write(tmp_path / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list", f"{cpu % 4},{cpu % 4 + 4}\n")
    return tmp_path


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def test_hyper_threads_of_a_core_count_once(machine: Path) -> None:
    assert physical_cores(machine) == 4


def test_affinity_is_respected(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 4, 1})
    assert physical_cores(machine) == 2


def test_processors_without_topology_count_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})
    assert physical_cores(tmp_path) == 3


@pytest.mark.parametrize(("limit", "cores"), [("max 100000", 4), ("250000 100000", 2), ("50000 100000", 1)])
def test_a_quota_of_version_2_counts(machine: Path, limit: str, cores: int) -> None:
    write(machine / "proc/self/cgroup", "0::/pod/container\n")
    write(machine / "sys/fs/cgroup/pod/container/cpu.max", f"{limit}\n")
    assert physical_cores(machine) == cores


def test_the_tightest_group_counts(machine: Path) -> None:
    write(machine / "proc/self/cgroup", "0::/pod/container\n")
    write(machine / "sys/fs/cgroup/pod/container/cpu.max", "max 100000\n")
    write(machine / "sys/fs/cgroup/pod/cpu.max", "200000 100000\n")
    assert physical_cores(machine) == 2


def test_inside_a_container_the_group_is_the_root(machine: Path) -> None:
    write(machine / "proc/self/cgroup", "0::/\n")
    write(machine / "sys/fs/cgroup/cpu.max", "300000 100000\n")
    assert physical_cores(machine) == 3


@pytest.mark.parametrize(("quota", "cores"), [("-1", 4), ("300000", 3)])
def test_a_quota_of_version_1_counts(machine: Path, quota: str, cores: int) -> None:
    write(machine / "proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/x\n")
    write(machine / "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", quota)
    write(machine / "sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000")
    assert physical_cores(machine) == cores


def test_this_machine_has_at_least_one_core() -> None:
    assert 1 <= physical_cores() <= (os.cpu_count() or 1)

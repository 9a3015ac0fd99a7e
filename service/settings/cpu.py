"""How many processor cores this process may really use. Looks at Linux only; elsewhere it trusts the system's count."""

from __future__ import annotations

import os
from pathlib import Path


def physical_cores(root: Path = Path("/")) -> int:
    """Physical cores within the process's affinity and its control groups' CPU quota; at least 1.

    Two hyper-threads of one core count once: they share the units that matrix products need. A quota is rounded
    down, since a thread that is throttled holds up its whole batch. `root` is where /sys and /proc are looked up.
    """
    try:
        allowed = os.sched_getaffinity(0)
    except AttributeError:  # not Linux
        return os.cpu_count() or 1
    cores = {_siblings(root, cpu) for cpu in allowed}
    quota = _quota(root)
    return max(1, len(cores) if quota is None else min(len(cores), int(quota)))


def _siblings(root: Path, cpu: int) -> str:
    """What names the core that `cpu` is part of; the cpu itself where the system doesn't say."""
    return _read(root / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list") or str(cpu)


def _quota(root: Path) -> float | None:
    """The tightest CPU quota, in processors, of the control group and those around it; None without one."""
    quotas = []
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            folder, read = root / "sys/fs/cgroup", _quota_v2
        elif "cpu" in controllers.split(","):
            folder, read = root / "sys/fs/cgroup/cpu", _quota_v1
        else:
            continue
        inner = folder / path.lstrip("/")
        for group in (inner, *inner.parents):
            quota = read(group)
            if quota is not None:
                quotas.append(quota)
            if group == folder:
                break
    return min(quotas, default=None)


def _quota_v2(group: Path) -> float | None:
    words = _read(group / "cpu.max").split()
    return _ratio(*words) if len(words) == 2 else None


def _quota_v1(group: Path) -> float | None:
    return _ratio(_read(group / "cpu.cfs_quota_us"), _read(group / "cpu.cfs_period_us"))


def _ratio(quota: str, period: str) -> float | None:
    try:
        processors = float(quota) / float(period)
    except (ValueError, ZeroDivisionError):  # "max", or no such file
        return None
    return processors if processors > 0 else None  # -1 stands for no limit


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""

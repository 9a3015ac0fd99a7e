"""What was measured, by system and round; medians, spreads and the ratios that the bars are about. Prints nothing."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Results:
    """Figures as `values[system][name]`, one per round in which they were measured, and facts about the run."""

    facts: dict[str, Any] = field(default_factory=dict)
    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, system: str, name: str, value: float) -> None:
        """One more round's figure."""
        self.values.setdefault(system, {}).setdefault(name, []).append(value)

    def median(self, system: str, name: str) -> float | None:
        """The median over the rounds, or None where nothing was measured."""
        found = self.values.get(system, {}).get(name)
        return statistics.median(found) if found else None

    def spread(self, system: str, name: str) -> float:
        """(largest - smallest) / median over the rounds."""
        found = self.values[system][name]
        return (max(found) - min(found)) / statistics.median(found)

    def ramp(self, system: str) -> list[tuple[int, float, float]]:
        """(clients, sentences per second, p95 in seconds) in rising order of clients; medians over the rounds."""
        found = []
        for name in self.values.get(system, {}):
            if match := re.fullmatch(r"ramp_(\d+)_rate", name):
                clients = int(match[1])
                rate, p95 = self.median(system, name), self.median(system, f"ramp_{clients}_p95")
                if rate is not None and p95 is not None:
                    found.append((clients, rate, p95))
        return sorted(found)

    def document(self) -> dict[str, Any]:
        """For JSON: facts, every value, and the bars."""
        bars = [{"bar": bar.name, "value": bar.value(self), "limit": bar.limit} for bar in BARS]
        return {"facts": self.facts, "bars": bars, "values": self.values}


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio of medians within one run and where it must lie: at least, or at most, `limit`."""

    name: str
    at_least: bool
    limit: float
    ratio: Callable[[Results], float | None]

    def value(self, results: Results) -> float | None:
        """The ratio, or None where a part of it wasn't measured."""
        return self.ratio(results)

    def is_met(self, results: Results) -> bool | None:
        """Whether it lies where it must; None where it isn't known."""
        value = self.value(results)
        if value is None:
            return None
        return value >= self.limit if self.at_least else value <= self.limit


def _ratio(system: str, name: str, other_system: str, other_name: str) -> Callable[[Results], float | None]:
    def ratio(results: Results) -> float | None:
        above, below = results.median(system, name), results.median(other_system, other_name)
        return above / below if above is not None and below else None

    return ratio


def _memory_bound(results: Results) -> float | None:
    """Resident memory over 200 MB + 1.5 times the model file that is served."""
    memory, model = results.median("depesche", "memory_mb"), results.facts.get("model_file_mb")
    return memory / (200 + 1.5 * model) if memory is not None and model else None


def _ramp(results: Results) -> float | None:
    """Throughput with the most clients over the best of the ramp."""
    rates = {clients: rate for clients, rate, _ in results.ramp("depesche")}
    return rates[max(rates)] / max(rates.values()) if rates else None


_D = "depesche"
BARS = (
    Bar("cold throughput / limit", True, 0.90, _ratio(_D, "cold_rate", "limit", "cold_rate")),
    Bar("cold throughput / naive", True, 15, _ratio(_D, "cold_rate", "naive", "cold_rate")),
    Bar("cold throughput / libretranslate", True, 4, _ratio(_D, "cold_rate", "libretranslate", "cold_rate")),
    Bar("hot / cold throughput", True, 100, _ratio(_D, "hot_rate", _D, "cold_rate")),
    Bar("time for updated / new articles", False, 0.10, _ratio(_D, "update_time", _D, "cold_time")),
    Bar("p95 of a sentence beside bulk / idle median", False, 4, _ratio(_D, "mixed_p95", _D, "idle_median")),
    Bar("throughput at most clients / best of ramp", True, 0.95, _ramp),
    Bar("start to first answer / libretranslate", False, 0.5, _ratio(_D, "start", "libretranslate", "start")),
    Bar("memory / naive", False, 0.5, _ratio(_D, "memory_mb", "naive", "memory_mb")),
    Bar("memory / (200 MB + 1.5 x model file)", False, 1.0, _memory_bound),
    Bar("time of a text / of one a tenth as long", False, 10.5, _ratio(_D, "long_time", _D, "short_time")),
)

"""Draws throughput and p95 latency against the number of clients, all systems in one picture, as SVG."""

from __future__ import annotations

from pathlib import Path

from bench.results import Results

_COLOURS = {"depesche": "#0b5fa5", "libretranslate": "#c8501e", "naive-batched": "#6b7280", "naive": "#a3a3a3"}


def draw(results: Results, path: Path) -> None:
    """Write the picture. Needs matplotlib."""
    import matplotlib  # noqa: PLC0415 - a benchmark without a picture doesn't need it

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "depesche", "font.family": "sans-serif"})
    from matplotlib import pyplot  # noqa: PLC0415

    figure, (rates, delays) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    ticks: set[int] = set()
    for system in results.values:
        ramp = results.ramp(system)
        if not ramp:
            continue
        clients, throughput, p95 = zip(*ramp, strict=True)
        ticks.update(clients)
        style = {"marker": "o", "markersize": 4, "color": _COLOURS.get(system), "label": system}
        rates.plot(clients, throughput, **style)
        delays.plot(clients, p95, **style)
    best = results.median("limit", "cold_rate")
    if best is not None:
        rates.axhline(best, color="black", linewidth=0.8, linestyle=":", label="limit (engine alone)")
    rates.set(ylabel="sentences per second", title="Throughput", ylim=(0, None))
    delays.set(ylabel="seconds, log scale", yscale="log", title="p95 latency of a four-sentence article")
    for axes in (rates, delays):
        axes.set(xlabel="clients", xscale="log")
        axes.set_xticks(sorted(ticks), [str(count) for count in sorted(ticks)])
        axes.minorticks_off()
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#e5e7eb", linewidth=0.6)
    rates.legend(frameon=False, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)

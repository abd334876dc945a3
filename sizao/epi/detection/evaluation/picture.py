"""The evaluation as a picture: probability of detection by outbreak size, one line per detector (SVG)."""

from collections.abc import Sequence
from html import escape

import polars as pl

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 400, 60, 50, 20, 190
#: Okabe and Ito (2008): colours that stay apart without red-green vision.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def picture(table: pl.DataFrame, *, across: str, up: str, legend: Sequence[str] | None = None) -> str:
    """Lines of probability of detection over size; labels are given in the reader's language."""
    means = table.group_by("detector", "size", maintain_order=True).agg(pl.col("pod", "fpr").mean())
    names = means["detector"].unique(maintain_order=True).to_list()
    sizes = means["size"].unique().sort().to_list()
    parts = [frame(sizes, across, up)]
    for index, name in enumerate(names):
        line = means.filter(pl.col("detector") == name).sort("size")
        parts.append(one_line(line, sizes, index, name if legend is None else legend[index]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


def x_of(size: float, sizes: Sequence[float]) -> float:
    """Where a size stands."""
    span = max(sizes) - min(sizes) or 1.0
    return LEFT + (size - min(sizes)) / span * (WIDTH - LEFT - RIGHT)


def y_of(share: float) -> float:
    """Where a probability stands."""
    return TOP + (1.0 - share) * (HEIGHT - TOP - BOTTOM)


def frame(sizes: Sequence[float], across: str, up: str) -> str:
    """Axes with their numbers and names."""
    lines = [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_of(s):.1f}" y2="{y_of(s):.1f}" stroke="#ccc"/>'
        f'<text x="{LEFT - 8}" y="{y_of(s) + 4:.1f}" text-anchor="end">{s:.0%}</text>'
        for s in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    lines += [
        f'<text x="{x_of(size, sizes):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{size:g}</text>'
        for size in sizes
    ]
    middle_x, middle_y = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    lines.append(f'<text x="{middle_x}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>')
    lines.append(
        f'<text x="14" y="{middle_y}" text-anchor="middle" transform="rotate(-90 14 {middle_y})">{escape(up)}</text>'
    )
    return "".join(lines)


def one_line(line: pl.DataFrame, sizes: Sequence[float], index: int, name: str) -> str:
    """A detector's line and its entry in the legend, with its false-positive rate."""
    colour = COLOURS[index % len(COLOURS)]
    points = " ".join(
        f"{x_of(size, sizes):.1f},{y_of(pod):.1f}" for size, pod in zip(line["size"], line["pod"], strict=True)
    )
    label = f"{name} ({line['fpr'].to_numpy().mean():.2%})"
    y = TOP + 18 * (index + 1)
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        f'<text x="{WIDTH - RIGHT + 14}" y="{y}" fill="{colour}">{escape(label)}</text>'
    )

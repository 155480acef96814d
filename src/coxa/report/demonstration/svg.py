"""A demonstration as one SVG that moves by style sheet alone: a flip-book of groups that are visible in turn.

What cannot play it, paper, and people who asked their machine for less motion see the key pose and its cue.
Nothing is fetched and nothing is run.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from coxa.report.demonstration.colours import EDGE, INK, LEGEND, LINES, PAPER, QUIET_INK, SEEN_THROUGH, TINTS
from coxa.report.demonstration.outlook import (
    HEIGHT,
    WIDTH,
    Shape,
    camera_of,
    floor_shape,
    glass_shapes,
    moving_shapes,
    still_shapes,
)
from coxa.report.demonstration.played import Caption, Played
from coxa.report.demonstration.stage import Stage

_FONTS = "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_CUE_SIZE, _MEANWHILE_SIZE, _TITLE_SIZE = 44, 28, 34
#: Letters on a line of the sheet, at these sizes.
_CUE_LETTERS, _MEANWHILE_LETTERS = 38, 64
_ROUND = 6.0  # units of the sheet: a smaller circle is but a corner
_OVERLAP_S = 0.004  # two frames for a moment rather than none


def svg(stage: Stage) -> str:
    """The whole file.

    Args:
        stage: body, floor and props.
    """
    played, camera = stage.played, camera_of(stage)
    rules = _Rules(played.lasts_s)
    frames = list(_frames(stage, rules, [moving_shapes(stage, camera, k) for k in range(played.n_frames)]))
    captions = list(_captions(played, rules))
    title = _clean(played.spec.title)
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-labelledby="t d" font-family="{_FONTS}"><title id="t">{title}</title>'
            f'<desc id="d">{_clean(described(played))}</desc><style>{rules.text()}</style>',
            f'<path d="M0 0H{WIDTH}V{HEIGHT}H0z" fill="{PAPER}"/>',
            _drawn([floor_shape(stage, camera)]),
            _drawn(still_shapes(stage, camera)),
            *frames,
            _drawn(glass_shapes(stage, camera)),
            f'<text x="24" y="46" font-size="{_TITLE_SIZE}" font-weight="600" fill="{INK}">{title}</text>',
            *_legend(),
            *captions,
            "</svg>\n",
        ]
    )


def described(played: Played) -> str:
    """The movement in words, for those who hear it."""
    spec = played.spec
    steps = " ".join(phase.instruction for phase in spec.phases)
    cues = "; ".join(pose.cue for pose in spec.demonstration.poses if pose.cue)
    return f"{spec.purpose} {' '.join(spec.setup)} {steps} Cues: {cues}."


class _Rules:
    """The style sheet: one animation for every length of time that something is visible."""

    def __init__(self, lasts_s: float) -> None:
        self._lasts_s = lasts_s
        self._lengths: dict[int, str] = {}

    def style(self, begins_s: float, shown_s: float) -> tuple[str, str]:
        """Class and style of something visible from then on, for so long, once a round."""
        name = self._lengths.setdefault(round(1000 * shown_s), f"k{len(self._lengths)}")
        return name, f"animation-delay:{begins_s - self._lasts_s:.3f}s"

    def text(self) -> str:
        """All rules."""
        parts = [
            f".f{{visibility:hidden;animation:{self._lasts_s:.3f}s step-end infinite}}",
            ".e{visibility:visible}",
            f"path{{stroke:{EDGE};stroke-width:2.5;stroke-linejoin:round}}",
            *(f".{tint}{{fill:{colour}}}" for tint, colour in TINTS.items() if tint not in LINES),
            f".mark{{fill:none;stroke:{TINTS['mark']};stroke-width:6;stroke-linecap:round;opacity:.85}}",
            ".floor{stroke:none}",
            *(f".{tint}{{opacity:{share}}}" for tint, share in SEEN_THROUGH.items()),
        ]
        for thousandths, name in self._lengths.items():
            share = min(100.0, 100 * (thousandths / 1000 + _OVERLAP_S) / self._lasts_s)
            parts.append(f".{name}{{animation-name:{name}}}")
            parts.append(f"@keyframes {name}{{0%{{visibility:visible}}{share:.3f}%,to{{visibility:hidden}}}}")
        parts.append("@media print,(prefers-reduced-motion:reduce){.f{animation:none}}")
        return "".join(parts)


def _frames(stage: Stage, rules: _Rules, drawn: Sequence[Sequence[Shape]]) -> Iterator[str]:
    played = stage.played
    for k, (shapes, begins_s, shown_s) in enumerate(zip(drawn, played.begins_s, played.shown_s, strict=True)):
        name, style = rules.style(float(begins_s), float(shown_s))
        key = " e" if k == played.key_frame else ""
        yield f'<g class="f {name}{key}" style="{style}">{_drawn(shapes)}</g>'


def _captions(played: Played, rules: _Rules) -> Iterator[str]:
    """Each from when it is first said until other words are."""
    first = 0
    for k in range(1, played.n_frames + 1):
        if k < played.n_frames and played.captions[k] == played.captions[first]:
            continue
        caption = played.captions[first]
        if caption.text:
            shown_s = float(played.shown_s[first:k].sum()) - 2 * _OVERLAP_S  # never two captions
            name, style = rules.style(float(played.begins_s[first]), shown_s)
            key = " e" if first <= played.key_frame < k else ""
            yield f'<g class="f {name}{key}" style="{style}">{_words(caption)}</g>'
        first = k


def caption_lines(caption: Caption) -> list[str]:
    """One or two lines."""
    letters = _CUE_LETTERS if caption.strong else _MEANWHILE_LETTERS
    return textwrap.wrap(caption.text, letters, max_lines=2)


def _words(caption: Caption) -> str:
    size = _CUE_SIZE if caption.strong else _MEANWHILE_SIZE
    ink, weight = (INK, 700) if caption.strong else (QUIET_INK, 400)
    lines = caption_lines(caption)
    top = HEIGHT - 44 - (len(lines) - 1) * size * 0.6
    return "".join(
        f'<text x="{WIDTH // 2}" y="{top + i * size * 1.2:.0f}" font-size="{size}" font-weight="{weight}" '
        f'fill="{ink}" text-anchor="middle">{_clean(line)}</text>'
        for i, line in enumerate(lines)
    )


def _legend() -> Iterator[str]:
    x = 24
    for tint, name in LEGEND:
        yield f'<path class="{tint}" d="M{x} 68h20v20h-20z"/>'
        yield f'<text x="{x + 28}" y="85" font-size="22" fill="{QUIET_INK}">{name}</text>'
        x += 56 + 11 * len(name)


def _drawn(shapes: Sequence[Shape]) -> str:
    return "".join(f'<path class="{shape.tint}" d="{outline(shape)}"/>' for shape in shapes)


def outline(shape: Shape) -> str:
    """The path of a shape: arcs and lines, in whole units of the sheet."""
    if not shape.arcs:
        points = [f"{x:.0f} {y:.0f}" for x, y in shape.points]
        return f"M{'L'.join(points)}{'' if shape.tint in LINES else 'z'}"
    sweep = 1 if _goes_round_right(shape) else 0
    parts = []
    for i, arc in enumerate(shape.arcs):
        (x1, y1), (x2, y2), r = arc.start, arc.end, arc.radius
        parts.append(f"{'L' if i else 'M'}{x1:.0f} {y1:.0f}")
        round_to = f"A{r:.0f} {r:.0f} 0 {int(arc.large)} {sweep} " if r >= _ROUND else "L"
        parts.append(f"{round_to}{x2:.0f} {y2:.0f}")
    return "".join(parts) + "z"


def _goes_round_right(shape: Shape) -> bool:
    """Clockwise on the sheet, whose y goes down."""
    x, y = shape.points.T
    return float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) > 0


def _clean(text: str) -> str:
    return escape(" ".join(text.split()))

"""The film as the coach sees it: the skeleton, the count, the cue, and the part of the body it is about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.app.coach import Scene, Session
from coxa.model.channels import ImagePoints
from coxa.model.coaching import Cue, CueKind
from coxa.report.coaching.highlight import FAULT_ON_FILM, draw_highlight
from coxa.report.lettering import Picture, put, width_of
from coxa.report.palette import MUTED_ON_FILM, TEXT_ON_FILM, Rgb, on_film
from coxa.report.skeleton import draw_skeleton

GOOD_ON_FILM: Rgb = (110, 226, 150)

_SILENT_KINDS = (CueKind.COUNT, CueKind.HOLD)  # the counter shows them
_COLOUR = {CueKind.FAULT: FAULT_ON_FILM, CueKind.STOP: FAULT_ON_FILM, CueKind.PRAISE: GOOD_ON_FILM}
_LEAST_S, _S_PER_WORD, _MOST_S = 2.0, 0.35, 8.0
_SIZES, _MOST_LINES = (40, 34, 28, 24), 2  # of the cue's letters, px in a picture of 720
_STATUS = {"ready": "Get into the start pose", "done": "Done", "stopped": "Stopped"}
_SHADE = (np.arange(256) * 0.28 + 10).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Caption:
    """A cue while it can be read."""

    cue: Cue
    about: tuple[str, str]
    until_s: float


class CoachedPicture:
    """Draws scene after scene; a cue stays for as long as it takes to read.

    Args:
        session: whose scenes they are.
        size_px: width and height of the pictures.
        silent: no words but the count.
    """

    def __init__(self, session: Session, size_px: tuple[int, int], silent: bool = False) -> None:
        self._session, self._silent = session, silent
        self._size_px = size_px
        self._unit = min(size_px) / 720
        self._caption: Caption | None = None
        self._right = False

    def look(self, position_px: NDArray[np.float64]) -> None:
        """Choose the upper corner with fewer of these points (n_frames, n_points, 2) for the counter."""
        x, y = position_px[..., 0], position_px[..., 1]
        upper = y < 0.4 * self._size_px[1]
        width = self._size_px[0]
        self._right = int((upper & (x < 0.35 * width)).sum()) > int((upper & (x > 0.65 * width)).sum())

    def draw(self, picture: Picture, points: ImagePoints, frame: int, scale: float, scene: Scene) -> None:
        """Draw one scene onto its ``picture``, in place.

        Args:
            picture: (height, width, 3) RGB.
            points: what was seen, in pixels of the film.
            frame: which of its frames.
            scale: pixels of ``picture`` per pixel of the film.
            scene: of that frame.
        """
        self._hear(scene)
        about = set(scene.firing) | ({self._caption.about} if self._caption is not None else set())
        for part, side in sorted(about):
            draw_highlight(picture, points, frame, scale, part, side)
        if bool(np.isfinite(points.position_px[frame]).all(axis=1).any()):
            draw_skeleton(picture, points, frame, scale)
        self._counter(picture, scene)
        if self._caption is not None and not self._silent:
            self._words(picture, self._caption.cue)

    def _hear(self, scene: Scene) -> None:
        if self._caption is not None and scene.time_s >= self._caption.until_s:
            self._caption = None
        for cue in scene.cues:
            if cue.kind in _SILENT_KINDS:
                continue
            about = self._session.about(cue.rule, cue.side) if cue.kind is CueKind.FAULT else ("", "")
            lasts_s = min(max(_LEAST_S, _S_PER_WORD * len(cue.words.split())), _MOST_S)
            self._caption = Caption(cue, about, scene.time_s + lasts_s)

    def _counter(self, picture: Picture, scene: Scene) -> None:
        """The count of every side at work, over the set and the title."""
        big, small, pad = (round(size * self._unit) for size in (84, 24, 16))
        spec = self._session.coach.spec
        columns = [_tally_words(self._session, scene, k) for k in range(len(scene.tallies))]
        below = _below(self._session, scene)
        # As wide as it ever gets: a box that changes its size catches the eye.
        room = max(width_of(words, small) for words in (*_STATUS.values(), spec.title))
        widths = [
            max(width_of(number, big) + width_of(of, small) + pad // 2, width_of(label, small))
            for label, number, of in columns
        ]
        across = sum(widths) + 2 * pad * (len(widths) - 1)
        inner = max(across, room)
        line = round(1.45 * small)
        labelled = line if any(label for label, _, _ in columns) else 0
        high = pad + line + labelled + round(1.25 * big) + line + pad // 2
        left = self._size_px[0] - inner - 2 * pad if self._right else 0
        _shade(picture, left, 0, inner + 2 * pad, high)
        x, y = max(left, 0) + pad, pad
        put(picture, spec.title, (x, y), small, MUTED_ON_FILM)
        for (label, number, of), width, tally in zip(columns, widths, scene.tallies, strict=True):
            colour = on_film(tally.side) if tally.side else TEXT_ON_FILM
            put(picture, label, (x, y + line), small, colour)
            put(picture, number, (x, y + line + labelled), big, colour)
            beside = x + width_of(number, big) + pad // 2
            put(picture, of, (beside, y + line + labelled + big - small), small, MUTED_ON_FILM)
            x += width + 2 * pad
        put(picture, below, (max(left, 0) + pad, high - line - pad // 3), small, TEXT_ON_FILM)

    def _words(self, picture: Picture, cue: Cue) -> None:
        """The cue, at the foot of the picture."""
        pad = round(18 * self._unit)
        width, height = self._size_px
        size, lines = self._fitted(cue.words, width - 6 * pad)
        line = round(1.35 * size)
        inner = max(width_of(one, size) for one in lines)
        left, high = (width - inner) // 2, line * len(lines) + 2 * pad
        top = height - high - round(0.05 * height)
        colour = _COLOUR.get(cue.kind, TEXT_ON_FILM)
        _shade(picture, left - 2 * pad, top, inner + 4 * pad, high)
        stripe = max(left - 2 * pad, 0)
        picture[top : top + high, stripe : stripe + max(pad // 3, 3)] = colour
        for k, one in enumerate(lines):
            put(picture, one, (max(left, 0), top + pad + k * line), size, TEXT_ON_FILM)

    def _fitted(self, words: str, width_px: int) -> tuple[int, list[str]]:
        """The largest letters with which the words take two lines, or the smallest that can be read."""
        for size in _SIZES:
            lines = wrapped(words, round(size * self._unit), width_px)
            if len(lines) <= _MOST_LINES:
                break
        return round(size * self._unit), lines


def wrapped(words: str, size_px: int, width_px: int) -> list[str]:
    """Words in lines no wider than so much, as far as single words allow."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_of(f"{lines[-1]} {word}", size_px) <= width_px:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _tally_words(session: Session, scene: Scene, k: int) -> tuple[str, str, str]:
    """Label, figure and what it is out of, of one side."""
    coach, tally = session.coach, scene.tallies[k]
    label = tally.side.capitalize()
    if coach.spec.kind == "repetitions":
        return label, str(tally.number), f"of {coach.target}" if coach.target else ""
    of = f"of {coach.hold_s:.0f} s" if coach.hold_s else "s"
    return label, f"{tally.held_s:.0f}", of


def _below(session: Session, scene: Scene) -> str:
    if scene.status == "rest":
        return f"Rest {scene.rest_s:.0f} s"
    if scene.status in _STATUS:
        return _STATUS[scene.status]
    if session.coach.sets > 1:
        return f"Set {scene.set_number} of {session.coach.sets}"
    return "repetitions" if session.coach.spec.kind == "repetitions" else "held"


def _shade(picture: Picture, left: int, top: int, width: int, height: int) -> None:
    left, top = max(left, 0), max(top, 0)
    under = picture[top : top + height, left : left + width]
    under[:] = _SHADE[under]

"""Several cameras' keypoints as one Recording: clocks, left and right, and which camera is to be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.clocks import clocks, firm, search
from coxa.estimate.flips import Flags, exchanged, flipped
from coxa.estimate.sights import frames_as_one
from coxa.estimate.views import View
from coxa.kinematics.epipolar import off_epipolar
from coxa.kinematics.triangulation import rays, triangulated
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.errors import NothingToMeasureError
from coxa.model.recording import Recording, Subject
from coxa.specs.cameras import CameraRules

Floats = NDArray[np.float64]

_ROUNDS = 6
_ROUNDS_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """What became of one camera.

    Attributes:
        name: for people to read.
        offset_s: what its times needed to agree with the first used camera's; NaN not used.
        offset_sd_s: standard deviation of that; NaN where the movement does not tell it.
        off_m: median distance between its sights and where the cameras have the landmarks; NaN unknown.
        doubt: how many times the usual error it is given.
        used: whether it takes part.
        n_frames: its own.
        frames_swapped: in how many of them left and right were exchanged.
    """

    name: str
    offset_s: float
    offset_sd_s: float
    off_m: float
    doubt: float
    used: bool
    n_frames: int
    frames_swapped: int

    @property
    def words(self) -> str:
        """One line for people."""
        if not self.used:
            return f"{self.name} left out"
        clock = "clock unknown" if np.isnan(self.offset_sd_s) else f"clock {self.offset_s * 1000:+.0f} ms"
        return f"{self.name} ({clock}, {self.off_m * 100:.1f} cm off the others)"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, NaN as None."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {k: None if isinstance(v, float) and np.isnan(v) else v for k, v in values.items()}


@dataclass(frozen=True, slots=True)
class Joined:
    """One recording of all cameras, on the first one's clock and frames.

    Attributes:
        recording: the keypoints of the cameras that are used.
        cameras: what became of each.
        notes: sentences a person should read.
    """

    recording: Recording
    cameras: tuple[CameraFigures, ...]
    notes: tuple[str, ...]


def join(
    views: Sequence[View],
    rules: CameraRules,
    correlation_s: float,
    subject: Subject | None = None,
    *,
    find_clocks: bool = True,
    up_told: bool = True,
) -> Joined:
    """Bring the cameras together.

    The time line is the first camera's that is believed: its frames, its clock. Others are interpolated to it
    between neighbouring frames; where a camera has no frames near, it is missing.

    Args:
        views: at least two.
        rules: habits and limits.
        correlation_s: how long an error of the network lasts.
        subject: what is known of the person.
        up_told: whether the cameras' room is known to have Y up; else the person tells which axis is.
        find_clocks: find out how far the clocks are apart; else the times are taken as they are.

    Raises:
        NothingToMeasureError: the cameras cannot have seen the same person.
    """
    kept = list(range(len(views)))
    dropped: dict[int, CameraFigures] = {}
    while True:
        agreed = _agreed([views[k] for k in kept], rules, correlation_s, find_clocks)
        worst = int(np.argmax(agreed.doubt))
        if agreed.doubt[worst] < rules.distrusted_factor:
            break
        if len(kept) == 2:
            raise _disagreement(views, dropped, kept, agreed)
        dropped[kept[worst]] = agreed.figures(worst, used=False)
        del kept[worst]
    found = dropped | {k: agreed.figures(i, used=True) for i, k in enumerate(kept)}
    figures = tuple(found[k] for k in range(len(views)))
    recording = _recording(agreed, rules, subject or Subject())
    notes = _notes(figures, len(kept))
    if not up_told:
        recording, note = upright(recording)
        notes.append(note)
    return Joined(recording, figures, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Agreed:
    """Cameras with their names of left and right set right, and what was found of them, (n_cameras,) each.

    ``swapped``: for each camera its frames in which they were exchanged.
    """

    views: list[View]
    offset_s: Floats
    sd_s: Floats
    doubt: Floats
    off_m: Floats
    swapped: list[Flags]

    def figures(self, i: int, *, used: bool) -> CameraFigures:
        return CameraFigures(
            name=self.views[i].name,
            offset_s=float(self.offset_s[i]) if used else float("nan"),
            offset_sd_s=float(self.sd_s[i]) if used else float("nan"),
            off_m=float(self.off_m[i]),
            doubt=float(self.doubt[i]),
            used=used,
            n_frames=len(self.views[i].time_s),
            frames_swapped=int(self.swapped[i].sum()) if used else 0,
        )


def _agreed(views: list[View], rules: CameraRules, correlation_s: float, find_clocks: bool) -> _Agreed:
    """What these cameras make of each other."""
    offset, whole = search(views, rules if find_clocks else _no_search(rules))
    if not find_clocks:
        offset = np.zeros(len(views))
    swapped = [np.full(len(view.time_s), flip) for view, flip in zip(views, whole, strict=True)]
    views = [exchanged(view, frames) for view, frames in zip(views, swapped, strict=True)]
    sd = np.zeros(len(views))
    for _ in range(_ROUNDS_TOGETHER):  # clocks, names and who is believed depend on each other
        doubt, off_m = doubts(views, offset, rules)
        flips = flipped(views, offset, doubt, rules)
        views = [exchanged(view, frames) for view, frames in zip(views, flips, strict=True)]
        swapped = [before ^ frames for before, frames in zip(swapped, flips, strict=True)]
        if find_clocks:
            offset, sd = _clocks(views, doubt, offset, rules, correlation_s)
    doubt, off_m = doubts(views, offset, rules)
    return _Agreed(views, offset, sd, doubt, off_m, swapped)


def _clocks(
    views: list[View], doubt: Floats, offset: Floats, rules: CameraRules, correlation_s: float
) -> tuple[Floats, Floats]:
    """Offsets and their standard deviations; 0 and NaN where the movement does not tell them."""
    times = views[0].time_s
    interval_s = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    offset, sd = clocks(views, doubt, offset, frames_as_one(correlation_s, interval_s), rules)
    unknown = sd > rules.max_shift_sd_s
    return np.where(unknown, 0.0, offset), np.where(unknown, np.nan, sd)


def _no_search(rules: CameraRules) -> CameraRules:
    """Only left and right are looked for."""
    return rules.model_copy(update={"max_shift_s": 1e-9})


def doubts(views: Sequence[View], offset: Floats, rules: CameraRules) -> tuple[Floats, Floats]:
    """How many times the usual error each camera has (n,), at least 1, and its distance in metres (n,).

    A start from pairs, in which a camera that disagrees with most is suspected; then each camera is held
    against where all, each weighed by what it is believed, have the landmarks.
    """
    time_s = views[0].time_s[:: max(1, len(views[0].time_s) // rules.search_frames)]
    seen = [firm(view, time_s - o, rules) for view, o in zip(views, offset, strict=True)]
    cameras = [view.points.camera for view in views]
    position, weight = np.stack([p for p, _ in seen]), np.stack([w for _, w in seen])
    two = len(views) == 2  # no telling which of them is wrong
    doubt = np.ones(2) if two else _suspected(cameras, position, weight, rules)
    off = np.full(len(views), np.nan)
    for _ in range(1 if two else _ROUNDS):
        believed = weight / doubt[:, None, None] ** 2
        off = _off_m(cameras, position, weight, triangulated(cameras, position, believed))
        doubt = np.maximum(1.0, np.nan_to_num(off / rules.typical_m, nan=1.0))
    return doubt, off


def _suspected(cameras: list[Camera], position: Floats, weight: Floats, rules: CameraRules) -> Floats:
    """(n,) times the usual error by which each camera is off the nearer half of the others."""
    n = len(cameras)
    apart = np.full((n, n), np.inf)
    for i, j in permutations(range(n), 2):
        a, b = cameras[i], cameras[j]
        off = off_epipolar(a.position_m, rays(a, position[i]), b.position_m, rays(b, position[j]))
        off = off[(weight[i] > 0) & (weight[j] > 0) & np.isfinite(off)]
        if len(off):
            apart[i, j] = np.median(off) * np.linalg.norm(a.position_m - b.position_m) / rules.typical_m
    nearer = np.sort(apart, axis=1)[:, max(1, n // 2) - 1]
    return np.maximum(1.0, np.where(np.isfinite(nearer), nearer, 1.0))


def _off_m(cameras: list[Camera], position: Floats, weight: Floats, room: Floats) -> Floats:
    """(n,) median distance of each camera's sights from landmarks (..., 3), m.

    What the landmarks took from the sights themselves is given back: of 2 n figures a place takes 3.
    """
    given_back = np.sqrt(2 * len(cameras) / (2 * len(cameras) - 3))
    off = np.full(len(cameras), np.nan)
    for i, camera in enumerate(cameras):
        metres = camera.to_camera(room)[..., 2] / camera.focal_px
        away = np.linalg.norm(position[i] - camera.project(room), axis=-1) * metres
        away = away[(weight[i] > 0) & np.isfinite(away)]
        if len(away):
            off[i] = np.median(away) * given_back
    return off


def _disagreement(
    views: Sequence[View], dropped: dict[int, CameraFigures], kept: list[int], agreed: _Agreed
) -> NothingToMeasureError:
    off = {k: one.off_m for k, one in dropped.items()} | dict(zip(kept, agreed.off_m, strict=True))
    apart = ", ".join(f"{views[k].name} {off[k] * 100:.0f} cm" for k in sorted(off))
    return NothingToMeasureError(
        f"the cameras do not agree on where the person is (off by: {apart})",
        "check that the calibration is of these cameras as they stood, that each file is with its camera, "
        "and that all follow the same person",
    )


def _recording(agreed: _Agreed, rules: CameraRules, subject: Subject) -> Recording:
    views = agreed.views
    images = tuple(
        replace(view.at(views[0].time_s - offset, rules.max_gap_frames), doubt=float(doubt))
        for view, offset, doubt in zip(views, agreed.offset_s, agreed.doubt, strict=True)
    )
    source = " + ".join(view.name for view in views)
    return Recording(views[0].time_s, image_points=images, subject=subject, source=source)


def upright(recording: Recording) -> tuple[Recording, str]:
    """The recording in a room whose Y is the axis that the person stands along, and a note of it."""
    images = recording.image_points
    ends = [_middle(images, part) for part in ("shoulder", "ankle")]
    line = ends[0] - ends[1]
    if not np.isfinite(line).all():
        return (
            recording,
            "The calibration does not say which way is up, and nor does the person: taken as its Z.",
        )
    along = int(np.argmax(np.abs(line)))
    sign = float(np.sign(line[along]))
    up = np.zeros(3)
    up[along] = sign
    side = np.roll(np.abs(up), 1)
    turn = np.stack([np.cross(up, side), up, side])
    turned = tuple(
        replace(
            image,
            camera=replace(
                image.camera,
                rotation_room_to_camera=image.camera.rotation_room_to_camera @ turn.T,
                position_m=turn @ image.camera.position_m,
            ),
        )
        for image in images
    )
    off_deg = np.degrees(np.arccos(np.abs(line[along]) / np.linalg.norm(line)))
    note = (
        "The calibration does not say which way is up; the axis along which the person stands was taken "
        f"(the person is {off_deg:.0f} degrees from it). Angles against the vertical depend on it."
    )
    return replace(recording, image_points=turned), note


def _middle(images: Sequence[ImagePoints], part: str) -> Floats:
    """(3,) m, median place of the left and right landmarks of this name; NaN where they are not known."""
    names = [f"{side}_{part}" for side in ("left", "right")]
    images = [image for image in images if set(names) <= set(image.names)]
    if len(images) < 2:
        return np.full(3, np.nan)
    columns = [[image.names.index(name) for name in names] for image in images]
    seen = np.stack([image.position_px[:, at] for image, at in zip(images, columns, strict=True)])
    weight = [np.nan_to_num(image.visibility[:, at]) for image, at in zip(images, columns, strict=True)]
    places = triangulated([image.camera for image in images], seen, np.stack(weight))
    return np.asarray(np.nanmedian(places, axis=(0, 1)))


def _notes(figures: Sequence[CameraFigures], n_used: int) -> list[str]:
    notes = []
    for one in figures:
        if not one.used:
            notes.append(
                f"Camera {one.name} was left out: what it saw is {one.off_m * 100:.0f} cm from where "
                "the others have the person. Its calibration or its person is another."
            )
        elif one.frames_swapped:
            share = f"{one.frames_swapped} of {one.n_frames} frames"
            notes.append(
                f"Left and right were exchanged in {share} of camera {one.name}, to agree with the others."
            )
        if one.used and np.isnan(one.offset_sd_s):
            notes.append(
                f"The movement does not tell the clock of camera {one.name}; its own times were taken."
            )
        elif one.used and abs(one.offset_s) > 3 * one.offset_sd_s + 0.005:
            notes.append(
                f"The clock of camera {one.name} was found {one.offset_s * 1000:+.0f} ms "
                f"(sd {one.offset_sd_s * 1000:.0f}) from the first camera's, and set right."
            )
    if n_used == 2 and any(one.frames_swapped for one in figures):
        notes.append(
            "With two cameras there is no telling which of them had left and right the wrong way round."
        )
    return notes

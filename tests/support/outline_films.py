"""Rendered people as the pose network sees them, mask and all: drawn once, kept, read again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering.clips import Clip
from coxa.adapters.rendering.film import Film
from coxa.adapters.silence import native_stderr_silenced
from coxa.adapters.vision.landmarks import NAMES, Pose
from coxa.adapters.vision.outline import BackReader
from coxa.adapters.vision.roi import Roi
from coxa.adapters.vision.tracker import BlazePoseTracker
from coxa.app.backs import Backs
from coxa.app.ports import VideoFrame
from coxa.app.routes import smoother_for
from coxa.catalog.loader import body_model, outline_rules
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.keypoints import BackReading, Keypoints
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.outline import OutlineSpec

Floats = NDArray[np.float64]

_FULL = 255
_NO_ROI = Roi(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Seen:
    """A film's keypoints and masks, and what is true in it.

    Attributes:
        time_s: (n_frames,).
        position_px: (n_frames, 33, 2) NaN: nobody.
        visibility: (n_frames, 33).
        world_m: (n_frames, 33, 3).
        mask: (n_frames, 256, 256) uint8.
        roi: (n_frames, 4) centre, size, turn.
        truth_deg: coordinate -> (n_frames,), ``thoracic_flexion`` among them.
        focal_px: of the camera.
        size_px: width and height of the picture.
    """

    time_s: Floats
    position_px: Floats
    visibility: Floats
    world_m: Floats
    mask: NDArray[np.uint8]
    roi: Floats
    truth_deg: dict[str, Floats]
    focal_px: float
    size_px: tuple[int, int]

    @classmethod
    def of(cls, clip: Clip, folder: Path, pose: str = "full") -> Self:
        """Read from ``folder``, or drawn, looked at, and put there.

        Delete the folder where the drawing has changed.
        """
        path = folder / f"{clip.split}_{clip.name}_{clip.rate_hz:g}hz_{pose}.npz"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _draw(clip, path, pose)
        with np.load(path) as kept:
            truth = dict(zip(kept["names"].tolist(), kept["truth"].T, strict=True))
            truth["thoracic_flexion"] = kept["thor"]
            width, height = kept["wh"].tolist()
            return cls(
                time_s=kept["t"],
                position_px=kept["p"],
                visibility=kept["v"],
                world_m=kept["w"],
                mask=kept["m"],
                roi=kept["roi"],
                truth_deg=truth,
                focal_px=float(kept["focal"]),
                size_px=(int(width), int(height)),
            )

    def readings(self, spec: OutlineSpec | None = None) -> list[BackReading]:
        """What the outline of the back tells, frame by frame."""
        reader = BackReader(spec or outline_rules())
        found = []
        for k, time_s in enumerate(self.time_s):
            if np.isfinite(self.position_px[k]).all():
                found.append(reader.read(self.pose(k), Roi(*self.roi[k].tolist()), float(time_s)))
            else:
                found.append(BackReading.nothing("nobody is seen"))
        return found

    def pose(self, k: int) -> Pose:
        """The network's answer in frame ``k``."""
        mask = self.mask[k] / _FULL
        return Pose(self.position_px[k], self.visibility[k], self.world_m[k], 1.0, _NO_ROI, mask)

    @cached_property
    def _points(self) -> ImagePoints:
        camera = Camera.level(*self.size_px, float(2 * np.arctan(0.5 * self.size_px[0] / self.focal_px)))
        depth = self.world_m[..., 2]
        return ImagePoints(NAMES, self.position_px, self.visibility, depth, camera, "blazepose_full")

    def motion(self, *, with_back: bool = True) -> Motion:
        """The estimate, with or without the outline of the back."""
        backs = Backs(outline_rules())
        keypoints = [
            Keypoints(self.position_px[k], self.visibility[k], self.world_m[k], 1.0, back=reading)
            for k, reading in enumerate(self.readings())
        ]
        channel = (backs.channel(keypoints, self.time_s),) if with_back else ()
        recording = Recording(self.time_s, image_points=(self._points,), backs=channel)
        estimator = smoother_for(recording.window(slice(0, 0)))
        parts = [estimator.push(recording), estimator.finish()]
        return Motion.concatenate([part for part in parts if part is not None])


def _draw(clip: Clip, path: Path, pose: str) -> None:
    film = Film(clip)
    with native_stderr_silenced():
        tracker = BlazePoseTracker(pose, n_threads=1, with_mask=True)
    rows: dict[str, list[Floats]] = {name: [] for name in ("p", "v", "w", "roi")}
    masks, times = [], []
    for k, frame in enumerate(film.frames()):
        seen = tracker.track(VideoFrame(k, frame.time_s, frame.rgb))
        roi = tracker.last_roi or _NO_ROI
        mask = None if tracker.last_pose is None else tracker.last_pose.mask
        times.append(frame.time_s)
        rows["p"].append(np.full((len(NAMES), 2), np.nan) if seen is None else seen.position_px)
        rows["v"].append(np.zeros(len(NAMES)) if seen is None else seen.visibility)
        rows["w"].append(np.full((len(NAMES), 3), np.nan) if seen is None else seen.world_m)
        rows["roi"].append(np.array([roi.x_px, roi.y_px, roi.size_px, roi.rotation_rad]))
        masks.append(np.zeros((256, 256)) if mask is None else mask)
    motion = film.truth()
    bent = film._pose_at(film.time_s).joints[:, body_model().joints.index("thoracic_flexion")]
    partial = path.with_suffix(".part.npz")
    np.savez_compressed(
        partial,
        t=times,
        m=(_FULL * np.array(masks)).round().astype(np.uint8),
        truth=np.degrees(motion.value),
        names=list(motion.coordinates),
        thor=np.degrees(bent),
        focal=film.camera.focal_px,
        wh=[clip.width_px, clip.height_px],
        p=np.array(rows["p"]),
        v=np.array(rows["v"]),
        w=np.array(rows["w"]),
        roi=np.array(rows["roi"]),
    )
    partial.replace(path)


@dataclass(frozen=True)
class Change:
    """Lumbar flexion against the person's own neutral stance, in the frames that told it, deg.

    Attributes:
        true: (n,).
        read: (n,).
        sd: (n,).
        n_frames: of the film, told or not.
        offset: of the person's standing outline from the average one.
        faults: why frames told nothing, one each.
    """

    true: Floats
    read: Floats
    sd: Floats
    n_frames: int
    offset: float
    faults: tuple[str, ...]


def change(seen: Seen, readings: list[BackReading] | None = None, spec: OutlineSpec | None = None) -> Change:
    """Held against the first neutral stance; nothing is told where there was none."""
    rules = spec or outline_rules()
    told = readings or seen.readings(rules)
    value = np.degrees([one.lumbar_flexion_rad for one in told])
    sd = np.degrees([one.sd_rad for one in told])
    faults = tuple(one.fault for one in told if one.fault)
    standing = np.array([one.standing for one in told]) & np.isfinite(value)
    if not standing.any():
        none = np.zeros(0)
        return Change(none, none, none, len(told), np.nan, (*faults, "no neutral stance"))
    first = seen.time_s[standing][0]
    neutral = standing & (seen.time_s <= first + rules.standing.seconds + 0.04)
    share = sd[neutral] ** -2.0 / np.sum(sd[neutral] ** -2.0)
    offset, offset_variance = float(share @ value[neutral]), 1.0 / float(np.mean(sd[neutral] ** -2.0))
    known = np.isfinite(value)
    read = value[known] - offset
    total = np.sqrt(sd[known] ** 2 + offset_variance + (rules.reading.lumbar.gain_sd * read) ** 2)
    true = seen.truth_deg["lumbar_flexion"][known]
    return Change(true, read, total, len(told), offset, faults)


def area_under_curve(bent: Floats, straight: Floats) -> float:
    """Probability that a bent back reads more than a straight one (ROC); NaN where one kind is missing."""
    if not len(bent) or not len(straight):
        return float("nan")
    more = bent[:, None] > straight[None]
    return float(np.mean(more + 0.5 * (bent[:, None] == straight[None])))

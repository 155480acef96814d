"""Rendered people as the pose network sees them, mask and all: drawn once, kept, read again.

Drawing and looking take minutes, estimating takes seconds: what is kept is what the network and the reader of
boards gave, so that everything from there on is measured anew each time.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering.assets import cache_folder
from coxa.adapters.rendering.clips import Clip
from coxa.adapters.rendering.film import Film
from coxa.adapters.silence import native_stderr_silenced
from coxa.adapters.sinks.guard import whole_file
from coxa.adapters.vision.landmarks import NAMES, Pose
from coxa.adapters.vision.outline import BackReader
from coxa.adapters.vision.roi import Roi
from coxa.adapters.vision.tracker import BlazePoseTracker
from coxa.app.backs import Backs
from coxa.app.one_camera import CameraTold, single_camera
from coxa.app.ports import VideoFrame
from coxa.app.routes import smoother_for
from coxa.app.turns import Turns
from coxa.catalog.loader import body_model, outline_rules, pelvis_turn_rules, video_rules
from coxa.estimate.blas import one_thread
from coxa.model.camera import Camera
from coxa.model.channels import BackOutline, ImagePoints, PelvisTurn
from coxa.model.coordinates import ALL
from coxa.model.keypoints import BackReading, Keypoints
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from coxa.specs.estimator import ObservabilitySpec
from coxa.specs.outline import OutlineSpec

Floats = NDArray[np.float64]

_FULL = 255
_NO_ROI = Roi(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Seen:
    """A film's keypoints and masks, and what is true in it.

    Attributes:
        clip: that was drawn.
        time_s: (n_frames,).
        position_px: (n_frames, 33, 2) NaN: nobody.
        visibility: (n_frames, 33).
        world_m: (n_frames, 33, 3).
        mask: (n_frames, 256, 256) uint8.
        roi: (n_frames, 4) centre, size, turn.
        truth: every coordinate; headings against the direction to the camera.
        thoracic_flexion: (n_frames,) rad.
        segments: of the body model, those of ``rotation``.
        rotation: (n_frames, n_segments, 3, 3) ISB axes of the segments in the room.
    """

    clip: Clip
    time_s: Floats
    position_px: Floats
    visibility: Floats
    world_m: Floats
    mask: NDArray[np.uint8]
    roi: Floats
    truth: Motion
    thoracic_flexion: Floats
    segments: tuple[str, ...]
    rotation: Floats

    @classmethod
    def of(cls, clip: Clip, pose: str = "full", folder: Path | None = None) -> Self:
        """Read from ``folder`` (None: the cache), or drawn, looked at, and put there.

        Delete the folder where the drawing has changed.
        """
        path = kept_at(clip, pose, folder)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _draw(clip, path, pose)
        with np.load(path) as kept:
            value = kept["truth"]
            truth = Motion(
                time_s=kept["time_s"],
                coordinates=ALL,
                value=value,
                sd=np.zeros_like(value),
                observability=np.full(value.shape, Observability.OBSERVED, np.uint8),
                source=f"rendered: {clip.name}",
            )
            rows = {name: kept[name] for name in ("time_s", "position_px", "visibility", "world_m", "roi")}
            return cls(
                clip,
                mask=kept["mask"],
                truth=truth,
                thoracic_flexion=kept["thoracic_flexion"],
                segments=tuple(kept["segments"].tolist()),
                rotation=kept["rotation"],
                **rows,
            )

    @property
    def truth_deg(self) -> dict[str, Floats]:
        """Coordinate -> (n_frames,), ``thoracic_flexion`` among them."""
        angles = {name: np.degrees(self.truth[name]) for name in ALL}
        return angles | {"thoracic_flexion": np.degrees(self.thoracic_flexion)}

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
    def camera(self) -> Camera:
        """As told by somebody with a level: how askew cameras stand is no matter of bodies."""
        spec = self.clip.parts[1]
        told = CameraTold(spec.fov_deg, spec.elevation_deg, 0.0)
        return single_camera(self.clip.width_px, self.clip.height_px, told, video_rules())

    @property
    def points(self) -> ImagePoints:
        """The network's keypoints, as a channel."""
        depth = self.world_m[..., 2]
        return ImagePoints(NAMES, self.position_px, self.visibility, depth, self.camera, "blazepose_full")

    @property
    def keypoints(self) -> list[Keypoints]:
        """The network's answers with what the outline tells, one a frame."""
        return [
            Keypoints(self.position_px[k], self.visibility[k], self.world_m[k], 1.0, back=reading)
            for k, reading in enumerate(self.readings())
        ]

    @property
    def back(self) -> BackOutline:
        """What the outline of the back tells, as a channel."""
        return Backs(outline_rules()).channel(self.keypoints, self.time_s)

    @property
    def turn(self) -> PelvisTurn:
        """What the knees tell of the pelvis's turn, as a channel."""
        seen = zip(self.position_px, self.visibility, self.world_m, strict=True)
        keypoints = [Keypoints(position, visible, world, 1.0) for position, visible, world in seen]
        return Turns(pelvis_turn_rules(), NAMES).channel(keypoints, self.time_s)

    def recording(self, *, with_back: bool = True) -> Recording:
        """Everything that a film gives the estimator."""
        backs = (self.back,) if with_back else ()
        return Recording(
            self.time_s, image_points=(self.points,), backs=backs, turns=(self.turn,), source=self.clip.name
        )

    def motion(self, *, with_back: bool = True) -> Motion:
        """The estimate, with or without the outline of the back."""
        return estimated(self.recording(with_back=with_back))


def estimated(recording: Recording, table: ObservabilitySpec | None = None) -> Motion:
    """All of a recording's motion, judged by the catalogue's table or another."""
    with one_thread():
        estimator = smoother_for(recording.window(slice(0, 0)), table)
        parts = [estimator.push(recording), estimator.finish()]
    return Motion.concatenate([part for part in parts if part is not None])


def kept_at(clip: Clip, pose: str = "full", folder: Path | None = None) -> Path:
    """The file that keeps, or would keep, what is seen of a clip."""
    plain: dict[str, Any] = {
        one.name: getattr(clip, one.name) for one in fields(clip) if one.name != "boards"
    }
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()[:10]
    return (folder or cache_folder().parent / "seen") / f"{clip.split}_{clip.name}_{pose}_{digest}.npz"


def _draw(clip: Clip, path: Path, pose: str) -> None:
    film = Film(clip)
    with native_stderr_silenced():
        tracker = BlazePoseTracker(pose, n_threads=1, with_mask=True)
    rows: dict[str, list[Floats]] = {name: [] for name in ("position_px", "visibility", "world_m", "roi")}
    masks, times = [], []
    nobody = np.full((len(NAMES), 3), np.nan)
    for k, frame in enumerate(film.frames()):
        seen = tracker.track(VideoFrame(k, frame.time_s, frame.rgb))
        roi = tracker.last_roi or _NO_ROI
        mask = None if tracker.last_pose is None else tracker.last_pose.mask
        times.append(frame.time_s)
        rows["position_px"].append(nobody[:, :2] if seen is None else seen.position_px)
        rows["visibility"].append(np.zeros(len(NAMES)) if seen is None else seen.visibility)
        rows["world_m"].append(nobody if seen is None else seen.world_m)
        rows["roi"].append(np.array([roi.x_px, roi.y_px, roi.size_px, roi.rotation_rad]))
        masks.append(np.zeros((256, 256)) if mask is None else mask)
    bent = film._pose_at(film.time_s).joints[:, body_model().joints.index("thoracic_flexion")]
    turned = film.segments()
    seen_rows: dict[str, Any] = {name: np.array(found) for name, found in rows.items()}
    with whole_file(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            time_s=times,
            mask=(_FULL * np.array(masks)).round().astype(np.uint8),
            truth=film.truth(from_camera=True).value,
            thoracic_flexion=bent,
            segments=list(turned),
            rotation=np.stack([axes for _, axes in turned.values()], axis=1),
            **seen_rows,
        )

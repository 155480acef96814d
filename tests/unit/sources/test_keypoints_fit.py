"""Keypoint files all the way: simulated, written as others write, read, fitted, held to the truth."""

from __future__ import annotations

import json

import numpy as np
import pytest

from coxa.adapters.formats import open_recording
from coxa.app.one_camera import CameraTold
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.smoother import Schedule
from coxa.model.motion import Motion, Observability
from tests.support import keypoint_files as files
from tests.support.simulated import degrees_apart

TOLD = ReadOptions(rate_hz=files.RATE_HZ, picture_px=files.PICTURE, camera=CameraTold(files.FOV_DEG))


def openpose(layout, detector):
    def write(tmp_path, performance):
        seen = files.picture(performance, detector)
        return files.write_openpose(tmp_path / "film", [files.foreign(seen.image_points[0], layout)])

    return write


def coco(tmp_path, performance):
    seen = files.picture(performance, "coco_17")
    path = tmp_path / "film.json"
    path.write_text(json.dumps(files.coco({1: files.foreign(seen.image_points[0], "coco_17")})))
    return path


def mediapipe(world):
    def write(tmp_path, performance):
        detector = "blazepose_full" if world else "blazepose_without_depth"
        path = tmp_path / "film.json"
        seen = files.picture(performance, detector)
        path.write_text(json.dumps(files.mediapipe(seen, world=world)))
        return path

    return write


def kinect(tmp_path, performance):
    seen = files.space(performance, "kinect_v2")
    path = tmp_path / "joints.csv"
    np.savetxt(path, files.kinect_rows(seen).reshape(seen.n_frames, -1), delimiter=",")
    return path


#: How it is written, whose errors it has, and the movement.
CASES = {
    "BODY_25": (openpose("body_25", "openpose"), "openpose", "squat"),
    "BODY_25B": (openpose("body_25b", "openpose"), "openpose", "hinge"),
    "Halpe-26": (openpose("halpe_26", "halpe_26"), "halpe_26", "lunge"),
    "COCO-17": (coco, "coco_17", "squat"),
    "MediaPipe": (mediapipe(world=True), "blazepose_full", "squat"),
    "MediaPipe without depth": (mediapipe(world=False), "blazepose_without_depth", "squat"),
    "Kinect": (kinect, "kinect_v2", "squat"),
}


def fitted(recording):
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    whole = MotionEstimator(estimator, loader.observability(), kinds_of(recording, estimator), Schedule())
    parts = [whole.push(recording.window(slice(t, t + 30))) for t in range(0, recording.n_frames, 30)]
    return Motion.concatenate([part for part in (*parts, whole.finish()) if part is not None])


@pytest.mark.parametrize("case", CASES)
def test_what_is_claimed_holds_the_truth(case, tmp_path):
    write, detector, script = CASES[case]
    performance = files.with_offsets(files.done(script, seed=21), detector)
    motion = fitted(files.whole(open_recording(write(tmp_path, performance), TOLD)))
    error = np.abs(degrees_apart(motion.value, performance.truth().value))
    claimed = motion.observability != Observability.NOT_OBSERVABLE
    assert claimed.mean() > 0.3
    within = error < 1.96 * np.degrees(motion.sd)
    assert within[claimed].mean() > 0.9
    knees = [motion.coordinates.index(f"knee_flexion_{side}") for side in ("left", "right")]
    assert error[:, knees].mean() < 25.0  # the measurement is not the prior's: a squat bends by over 90
    if case != "MediaPipe":
        only = {"trunk_forward_lean", "trunk_right_lean"} if case == "Kinect" else set()
        observed = {
            name
            for column, name in enumerate(motion.coordinates)
            if (motion.observability[:, column] == Observability.OBSERVED).any()
        }
        assert observed <= only  # nothing of these has been held against real truth

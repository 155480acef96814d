"""A take of a guided test with boards: kept as it was sent, and measured with what boards show."""

from __future__ import annotations

import numpy as np

from coxa.adapters.store.records import SqlRecords
from coxa.app.live import landmark_names
from coxa.app.live_recording import Gathered
from coxa.app.one_camera import CameraTold, single_camera
from coxa.app.record import Person
from coxa.bootstrap.guided import keep_take, motion_of_take
from coxa.catalog import loader
from coxa.catalog.protocols import library
from coxa.model.camera import Camera
from coxa.model.motion import Motion, Observability
from coxa.simulate.acts import ACTS
from coxa.simulate.boards import BoardsView, observe_boards
from coxa.simulate.cheating import Trial, staged
from coxa.simulate.observe import CameraView, middle_of, observe
from coxa.simulate.perform import perform, times
from coxa.simulate.person import Person as Simulated
from tests.support.tag_pictures import board
from tests.support.takes import LAYOUT

TEST = "trunk_rotation_standing"
STILL_S = 1.4
SIZE_PX = (1920, 1080)


def behind(target_m: np.ndarray) -> Camera:
    """A level camera of a device whose field of view nobody knows."""
    usual = single_camera(*SIZE_PX, CameraTold(), loader.video_rules())
    away = np.array([-2.6, 0.0, 0.0])
    return Camera.looking_at(target_m + away, target_m, *SIZE_PX, usual.focal_px)


def gathered() -> Gathered:
    """Somebody who stands still, then turns; filmed from behind, boards on sacrum, T12 and upper back."""
    rng = np.random.default_rng(3)
    spec = library().protocol(TEST)
    person = Simulated.of(loader.body_model(), loader.body_priors(), 1.72)
    trial = Trial("left", spec.quantities[0].id, None, outward_s=1.0, hold_s=0.3, rest_s=0.3)
    what = staged(ACTS[TEST], spec, person, (trial,), {})
    done = perform(what, person, times(what.duration_s, 8.0))
    camera = behind(middle_of(done))
    seen = observe(done, [CameraView(camera, loader.detectors()[LAYOUT.detector], noise=0.5)], rng)
    image = seen.image_points[0]
    worn = tuple(board(name) for name in ("sacrum", "t12", "upper_back"))
    corners = observe_boards(done, BoardsView(camera, worn), rng)
    layout = type(LAYOUT)(*SIZE_PX, LAYOUT.detector, height_m=1.72)
    take = Gathered(layout, 10_000)
    tags = [tag for one in worn for tag in one.tags]
    n_still = round(8.0 * STILL_S)
    for k in [0] * n_still + list(range(len(done.time_s))):
        at_s = (len(take)) / 8.0
        points = np.zeros((1, len(landmark_names()), 4), np.float32)
        for column, name in enumerate(image.names):
            place = landmark_names().index(name)
            points[0, place] = [*image.position_px[k, column], image.depth_m[k, column], 1.0]
        take.add(layout.recording(np.array([at_s]), points, np.array([0.5])))
        quads = corners.position_px[k].reshape(len(tags), 4, 2)
        shown = [j for j in range(len(tags)) if np.isfinite(quads[j]).all()]
        ids = np.array([tags[j] for j in shown], np.uint16)
        take.tags.add(at_s, ids, quads[shown].astype(np.float32), np.full(len(shown), 0.1))
    return take


def observed(motion: Motion, name: str) -> float:
    """Share of frames."""
    return float(np.mean(motion.observability[:, motion.index(name)] == Observability.OBSERVED))


def test_boards_make_pelvis_and_lumbar_spine_observable(records: SqlRecords, person: Person) -> None:
    take = gathered()
    recording = take.recording()
    (channel,) = recording.boards
    assert channel.standing.sum() > 0.9
    with_boards = motion_of_take(records, person, keep_take(records, person, TEST, "", recording))
    for name in ("pelvis_left_rotation", "pelvis_anterior_tilt", "lumbar_flexion"):
        assert observed(with_boards, name) > 0.5, name

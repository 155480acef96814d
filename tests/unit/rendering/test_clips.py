from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.adapters.rendering.clips import Clip, clips
from coxa.adapters.rendering.movements import MOVEMENTS
from coxa.adapters.rendering.scene import Board, flat_board
from coxa.adapters.rendering.store import content_key
from coxa.catalog.loader import body_model, body_priors, rendering
from coxa.model.errors import SpecError
from coxa.simulate.perform import perform, times
from coxa.simulate.person import Person
from coxa.specs.rendering import Split


def motion(name: str):
    movement = MOVEMENTS[name]()
    person = Person.of(body_model(), body_priors(), 1.70)
    return perform(movement.script, person, times(movement.script.duration_s, 10.0)).truth()


def test_nothing_that_reports_may_be_tuned_on() -> None:
    spec = rendering()
    bodies = {split: set(spec.bodies[split].values()) for split in Split}
    assert not bodies[Split.TUNING] & bodies[Split.REPORTING]
    assert len(bodies[Split.REPORTING]) >= 5
    for name, camera in spec.cameras[Split.REPORTING].items():
        assert camera != spec.cameras[Split.TUNING][name]


@pytest.mark.parametrize("split", ["tuning", "reporting"])
def test_every_clip_of_a_split_uses_its_own_bodies_and_cameras(split: str) -> None:
    listed = list(clips(split))
    assert {clip.movement for clip in listed} == set(MOVEMENTS)
    assert {clip.body for clip in listed} == set(rendering().bodies[Split(split)])
    assert len({content_key(clip) for clip in listed[:12]}) == 12


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("movement", "moonwalk"),
        ("body", "emil"),
        ("camera", "below"),
        ("light", "moon"),
        ("room", "attic"),
        ("arms", "up"),
    ],
)
def test_an_unknown_name_is_refused_with_the_names_there_are(field: str, wrong: str) -> None:
    with pytest.raises(SpecError, match="choose one of"):
        replace(Clip("squat", "anton", "side"), **{field: wrong})


def test_the_key_of_a_film_changes_with_its_clip_and_its_boards() -> None:
    clip = Clip("squat", "anton", "side")
    board = flat_board("pelvis", np.zeros(3), np.eye(3), 0.1, np.zeros((4, 4), np.uint8))
    other = flat_board("pelvis", np.zeros(3), np.eye(3), 0.1, np.full((4, 4), 9, np.uint8))
    keys = {
        content_key(one)
        for one in (
            clip,
            replace(clip, seed=1),
            replace(clip, boards=(board,)),
            replace(clip, boards=(other,)),
        )
    }
    assert len(keys) == 4
    assert content_key(clip) == content_key(Clip("squat", "anton", "side"))


def test_a_board_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(4, 3\)"):
        Board("pelvis", [(np.zeros((3, 3)), np.zeros((4, 4), np.uint8))])


@pytest.mark.parametrize("posture", ["standing", "seated", "half_kneeling"])
@pytest.mark.parametrize(("word", "pelvis"), [("still", 0.0), ("following", 20.0)])
def test_the_trunk_turns_as_far_whoever_does_it(posture: str, word: str, pelvis: float) -> None:
    truth = motion(f"rotation_{posture}_{word}")
    assert np.isclose(np.degrees(truth["thorax_left_rotation"]).max(), 45.0, atol=0.5)
    assert np.isclose(np.degrees(truth["pelvis_left_rotation"]).max(), pelvis, atol=0.5)


@pytest.mark.parametrize("lumbar", [0, 10, 20, 30, 40])
def test_every_hinge_leans_as_far_whatever_the_back_does(lumbar: int) -> None:
    truth = motion(f"hinge_lumbar_{lumbar}")
    assert np.isclose(np.degrees(truth["lumbar_flexion"]).max(), lumbar, atol=0.1)
    lean = np.degrees(truth["pelvis_anterior_tilt"] + truth["trunk_flexion"]).max()
    assert np.isclose(lean, 60.0, atol=0.5)
    assert np.isclose(np.degrees(truth["hip_flexion_right"]).max(), 70.0 - lumbar, atol=0.5)


def test_tucking_the_buttocks_leaves_the_trunk_where_it_is() -> None:
    truth = motion("buttocks_tucked")
    assert np.isclose(np.degrees(truth["pelvis_anterior_tilt"]).min(), -20.0, atol=0.1)
    assert np.abs(truth["pelvis_anterior_tilt"] + truth["trunk_flexion"]).max() < 1e-9


def test_every_movement_begins_in_a_moment_of_stillness() -> None:
    for name in MOVEMENTS:
        truth = motion(name)
        early = truth.value[truth.time_s <= 0.4]
        assert np.allclose(early, early[0], equal_nan=True), name

"""Tests of the hip on rendered people, done well and cheating by known angles, seen by several sources."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

import coxa
from coxa.adapters.formats import open_recording
from coxa.adapters.rendering import store
from coxa.adapters.rendering.clips import Clip, bench
from coxa.adapters.rendering.movements import MOVEMENTS, Rest
from coxa.adapters.rendering.seen import Seen, estimated
from coxa.app.agreement import defined
from coxa.app.aligned import join, put_in, segments_seen
from coxa.app.assess import Performed
from coxa.app.assess import run as assessed
from coxa.app.held_against_truth import Judged, judged
from coxa.app.request import ReadOptions
from coxa.assess.norms import Person as Reference
from coxa.catalog import loader
from coxa.catalog.protocols import library
from coxa.estimate.observability import ability_of
from coxa.kinematics.speed_offset import Shift
from coxa.model.assessment import Assessment
from coxa.model.coordinates import ALL
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from coxa.simulate.cheating import Done, Trial
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.specs.rendering import Split
from tests.support.phones import Wear, angles_csv, shown, wear_file
from tests.support.rendered_boards import LIKE_A_PHONE, NEUTRAL_S, worn

RATE_HZ = 6.0
_TRUTH_SD_DEG = 0.3
_OTHER = {"left": "right", "right": "left", "": ""}
_PHONE_HZ, _BEFORE_S, _AFTER_S = 60.0, 2.0, 0.5
#: Where the movement does not tell the clocks apart (these clips are too short): as a hand that starts both
#: with a clap knows them.
_CLOCK_SD_S = 0.05
_POSTURES = {Rest.SEAT: "sitting", Rest.COUCH: "supine", Rest.MAT: "supine"}


class Source(StrEnum):
    """What sees the person."""

    TRUTH = "exact angles"
    KEYPOINTS = "camera, keypoints"
    CAMERA = "camera, outline, knees"
    SACRUM = "camera, phone on sacrum"
    SHANK = "camera, phone on shank"
    BOARDS = "camera behind, boards"


#: Quantity, side that does it (before mirroring), when it sets out, is there, and is back [s].
Repetition = tuple[str, str, float, float, float]


@dataclass(frozen=True)
class Test:
    """A protocol as rendered people do it, in front of the camera that it asks for."""

    __test__ = False

    protocol: str
    camera: str
    movements: tuple[str, ...]
    repetitions: tuple[Repetition, ...]
    shank: bool = False
    deeper: tuple[str, ...] = ()  # movements of two poses, the second further than the first

    def done(self, clip: Clip) -> tuple[Done, ...]:
        """The repetitions of one of its clips."""
        found = []
        more_s = 1.5 if clip.movement in self.deeper else 0.0
        for quantity, side, start_s, there_s, back_s in self.repetitions:
            trial = Trial(_OTHER[side] if clip.mirrored else side, quantity)
            found.append(Done(trial, start_s, there_s + more_s, there_s + more_s + 0.3, back_s + more_s))
        return tuple(found)


def _turning(posture: str) -> Test:
    return Test(
        f"trunk_rotation_{posture}",
        "oblique",
        (f"rotation_{posture}_still", f"rotation_{posture}_following"),
        (("rotation", "left", 0.4, 1.75, 2.5), ("rotation", "right", 2.5, 3.25, 4.6)),
    )


TESTS = (
    Test(
        "heel_to_stick",
        "front",
        ("heel_to_stick_level", "heel_to_stick_hiked", "heel_to_stick_dropped", "heel_to_stick_leaning"),
        (("external_rotation", "right", 1.8, 3.25, 4.6),),
        shank=True,
    ),
    Test(
        "seated_hip_rotation",
        "front",
        ("seated_rotation", "seated_rotation_hiked", "seated_rotation_leaning", "seated_rotation_drifting"),
        (("internal_rotation", "right", 0.4, 1.75, 2.5), ("external_rotation", "right", 2.5, 3.25, 4.6)),
        shank=True,
    ),
    *(_turning(posture) for posture in ("seated", "standing", "half_kneeling")),
    Test(
        "hip_hinge",
        "side",
        ("waiters_bow", "hinge_lumbar_0", "hinge_lumbar_20", "hinge_lumbar_40", "hinge_chest_out"),
        (("bow", "", 0.4, 1.75, 3.1),),
    ),
    Test(
        "deep_squat",
        "side",
        ("squat", "squat_wink"),
        (("depth", "", 0.4, 1.75, 3.1),),
        deeper=("squat_wink",),
    ),
    Test(
        "straight_leg_raise", "side", ("leg_raise", "leg_raise_tuck"), (("raise", "right", 0.4, 1.75, 3.1),)
    ),
    Test(
        "single_leg_stance",
        "front",
        ("one_leg", "one_leg_dropped", "one_leg_leaning"),
        (("lift", "left", 0.4, 1.75, 3.1),),
    ),
)


def clips_of(test: Test, split: Split = Split.REPORTING) -> Iterator[Clip]:
    """Its clips: those that the bench of rendered people has, the others made as those are."""
    there = {(one.movement, one.body, one.camera): one for one in bench(split)}
    spec = loader.rendering()
    lights, rooms = list(spec.lights), list(spec.rooms)
    k = 0
    for movement in test.movements:
        for body in spec.bodies[split]:
            light, room = lights[k % len(lights)], rooms[k // len(lights) % len(rooms)]
            made = Clip(
                movement,
                body,
                test.camera,
                split,
                light=light,
                room=room,
                rate_hz=RATE_HZ,
                seed=k,
                mirrored=k % 2 == 1 and test.camera != "side",
            )
            yield there.get((movement, body, test.camera), made)
            k += 1


def sources_of(test: Test) -> tuple[Source, ...]:
    """What is tried on its clips."""
    shank = (Source.SHANK,) if test.shank else ()
    return (Source.TRUTH, Source.KEYPOINTS, Source.CAMERA, Source.SACRUM, *shank)


@dataclass(frozen=True)
class Outcome:
    """One clip as one source saw it."""

    test: Test
    clip: Clip
    source: Source
    judged: Judged
    assessment: Assessment | None
    clock_told: bool | None = None


def outcome(test: Test, clip: Clip, source: Source) -> Outcome:
    """Measure one clip and hold what the assessment says against what was done."""
    seen = Seen.of(clip)
    told: bool | None = None
    if source is Source.TRUTH:
        motion = _noisy(seen.truth)
    elif source in (Source.SACRUM, Source.SHANK):
        motion, told = with_phone(seen.recording(), clip, _segment(test, clip, source))
    else:
        motion = estimated(_filmed(seen, source))
    return held(test, clip, source, motion, seen.truth, told)


def held(
    test: Test, clip: Clip, source: Source, motion: Motion, truth: Motion, told: bool | None = None
) -> Outcome:
    """What the assessment of a motion says, against what was done."""
    protocol = library().protocol(test.protocol)
    (found,) = assessed([Performed(motion)], test.protocol, library(), Reference())
    silent = _silent(motion) if source is not Source.TRUTH else frozenset()
    rules = loader.assess_rules()
    figures = judged(found, protocol, test.done(clip), truth, motion, rules, silent)
    return Outcome(test, clip, source, figures, found, told)


def _silent(motion: Motion) -> frozenset[str]:
    """What sources of these kinds have not been shown to measure."""
    table = loader.observability()
    return frozenset(name for name in ALL if ability_of(name, motion.kinds, table).at_best != "observed")


def _noisy(truth: Motion) -> Motion:
    """The truth, where it means anything, with a little noise: what the frames themselves allow."""
    rng, sd = np.random.default_rng(1), float(np.radians(_TRUTH_SD_DEG))
    means = defined(truth, loader.observability())
    level = np.where(means, Observability.OBSERVED, Observability.NOT_OBSERVABLE).astype(np.uint8)
    value = truth.value + sd * rng.normal(size=truth.value.shape)
    return replace(truth, value=value, sd=np.full(value.shape, sd), observability=level)


def _filmed(seen: Seen, source: Source) -> Recording:
    if source is Source.KEYPOINTS:
        return Recording(seen.time_s, image_points=(seen.points,), source=seen.clip.name)
    return seen.recording()


def _segment(test: Test, clip: Clip, source: Source) -> str:
    if source is Source.SACRUM:
        return "pelvis"
    side = test.repetitions[0][1]
    return f"tibia_{_OTHER[side] if clip.mirrored else side}"


def with_phone(film: Recording, clip: Clip, segment: str) -> tuple[Motion, bool]:
    """Film and phone in one fit, and whether the movement told their clocks apart."""
    phone = phone_on(clip, segment)
    try:
        return estimated(join(film, phone).recording), True
    except NothingToMeasureError:
        clap = Shift(-_BEFORE_S, _CLOCK_SD_S, 1.0, np.inf)
        return estimated(put_in(film, segments_seen(film), phone, clap).recording), False


def phone_on(clip: Clip, segment: str) -> Recording:
    """A phone strapped to the person of a clip, two seconds before the film: askew, slipping, drifting."""
    movement = MOVEMENTS[clip.movement]()
    script = movement.script.mirrored() if clip.mirrored else movement.script
    person = Person.of(loader.body_model(), loader.body_priors(), clip.parts[0].stature_m)
    rng = np.random.default_rng(sum(map(ord, clip.name + segment)))
    count = round((_BEFORE_S + script.duration_s + _AFTER_S) * _PHONE_HZ)
    phone_s = (np.arange(count) + rng.uniform(-0.3, 0.3, count)) / _PHONE_HZ + 0.01
    done = perform(script, person, np.clip(phone_s - _BEFORE_S, 0.0, script.duration_s))
    turned = shown(replace(done, time_s=phone_s), segment, Wear(), rng)
    posture = _POSTURES.get(movement.rest, "standing")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "phones"
        path.mkdir()
        (path / f"{segment}.csv").write_text(angles_csv(phone_s, turned), encoding="utf-8")
        mapping = _mapping(Path(name), segment, posture)
        reader = open_recording(path, ReadOptions(mapping=mapping))
        return Recording.concatenate(list(reader.parts(500)))


def _mapping(folder: Path, segment: str, posture: str) -> Path:
    """How it is worn; lying, the screen faces the couch and the top edge the head."""
    if posture != "supine":
        return wear_file(folder, [segment], posture)
    path = folder / "worn.yaml"
    worn = f"{{segment: {segment}, screen: down, top: headward}}"
    path.write_text(f"posture: {posture}\nphones:\n  {segment}: {worn}\n", encoding="utf-8")
    return path


#: From behind, where boards on the back are seen.
BOARD_TEST = replace(
    next(test for test in TESTS if test.protocol == "trunk_rotation_standing"), camera="rear"
)
BOARD_BODIES = ("emil", "gina")


def with_boards(movement: str, body: str) -> Iterator[Outcome]:
    """The trunk's turn from behind, boards on the back: as ``coxa measure --tags`` reads it, and without."""
    plain = Clip(movement, body, "rear", Split.REPORTING, rate_hz=RATE_HZ, **LIKE_A_PHONE)
    clip = worn(plain)
    film, truth = store.film(clip), store.truth(clip, from_camera=True)
    fov_deg = clip.parts[1].fov_deg
    alone = coxa.measure(film, pose="full", camera_fov_deg=fov_deg)
    read = coxa.measure(film, pose="full", camera_fov_deg=fov_deg, tags=True, neutral_s=(0.0, NEUTRAL_S))
    yield held(BOARD_TEST, clip, Source.CAMERA, alone, truth)
    yield held(BOARD_TEST, clip, Source.BOARDS, read, truth)


def summed(found: Sequence[Outcome]) -> Judged:
    """Figures of several clips."""
    return Judged.sum([one.judged for one in found])

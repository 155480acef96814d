"""Tests of movement as demonstrations: how the simulation does them well, drawn as an exercise is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coxa.simulate.acts import ACTS, Act
from coxa.simulate.cheating import complete
from coxa.simulate.demonstrate import STANCES
from coxa.simulate.library import walking
from coxa.specs.exercise import Demonstration, DemonstrationPose, Dose, ExerciseSpec
from coxa.specs.protocol import ProtocolSpec

_OUT_S, _HELD_S, _PAUSE_S = 1.4, 0.8, 0.5
_STRIDES = 2
#: What a person lies or sits on, in the words that figures draw.
_PROPS = {"seated": "chair or box", "supine": "mat", "prone": "mat", "half_kneeling": "mat"}


def is_acted(spec: ProtocolSpec) -> bool:
    """Whether there is a figure of it."""
    return spec.id in ACTS or spec.kind == "gait"


def name(spec: ProtocolSpec) -> str:
    """Of its figure; exercises may have the same id."""
    return f"test_{spec.id}"


def shown(spec: ProtocolSpec) -> ExerciseSpec:
    """The test as something that can be drawn."""
    demonstration = _walked() if spec.kind == "gait" else _done(spec, ACTS[spec.id])
    prop = next((one for one in spec.equipment if one == "table"), _PROPS.get(spec.position))
    return ExerciseSpec(
        version=spec.version,
        id=name(spec),
        title=spec.title,
        kind="timed",
        purpose=spec.purpose,
        teaches=(),
        joints=(),
        planes=(),
        equipment=(prop,) if prop else (),
        position=spec.position,
        camera=spec.camera,
        setup=spec.setup,
        phases=spec.phases,
        sides="none",
        dose=Dose(sets=(1, 1), time_s=(1, 1), source=spec.source, trust=spec.trust),
        demonstration=demonstration,
        source=spec.source,
        trust=spec.trust,
    )


def _done(spec: ProtocolSpec, act: Act) -> Demonstration:
    stance = next(key for key, axes in STANCES.items() if np.allclose(axes, act.stance))
    return Demonstration(stance=stance, support=act.support, poses=tuple(_poses(spec, act)))


def _poses(spec: ProtocolSpec, act: Act) -> Iterator[DemonstrationPose]:
    """Start, each end range in turn with the name of what is read there, and back."""
    titles = {one.id: one.title for one in spec.quantities}
    start = complete(act, act.start)
    ready = complete(act, {**act.start, **act.via})
    now_s = 0.0
    yield DemonstrationPose(at_s=now_s, angles_deg=start)
    for quantity, end in act.ends.items():
        if act.via:
            now_s += _OUT_S
            yield DemonstrationPose(at_s=now_s, angles_deg=ready)
        now_s += _OUT_S
        there = complete(act, {**act.start, **act.via, **end})
        yield DemonstrationPose(at_s=now_s, angles_deg=there, cue=titles.get(quantity, spec.title))
        now_s += max(_HELD_S, act.hold_s)
        yield DemonstrationPose(at_s=now_s)
        now_s += _OUT_S
        yield DemonstrationPose(at_s=now_s, angles_deg=ready if act.via else start)
    if act.via:
        now_s += _OUT_S
        yield DemonstrationPose(at_s=now_s, angles_deg=start)
    yield DemonstrationPose(at_s=now_s + _PAUSE_S)


def _walked() -> Demonstration:
    script = walking(n_strides=_STRIDES)
    poses = tuple(
        DemonstrationPose(at_s=pose.time_s, angles_deg=dict(pose.angles_deg)) for pose in script.key_poses
    )
    return Demonstration(stance="standing", support=script.support, poses=poses)

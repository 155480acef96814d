"""What is known inside as what is said over the socket."""

from __future__ import annotations

from math import isnan

from coxa.app.coach import Scene
from coxa.app.live import Angle, LiveScene, Placed
from coxa.app.live_coaching import LiveCoaching
from coxa.app.live_sets import Held
from coxa.app.live_testing import LiveTesting
from coxa.model.coaching import Cue, CueKind
from coxa.specs.protocol import CameraPlace
from coxa.web.live import messages as say
from coxa.web.phrases import in_language


def ready(held: Held, resumed: bool, locale: str) -> say.Ready:
    """The answer to hello, in a language."""
    live = held.live
    scene = None if isnan(live.last_s) else scene_of(0, LiveScene(live.now()), locale)
    answer = say.Ready(kind=held.asked.kind, resumed=resumed, paused=live.paused, scene=scene)  # type: ignore[arg-type]
    if isinstance(live.purpose, LiveCoaching):
        answer.exercise = _exercise(live.purpose, locale)
    if isinstance(live.purpose, LiveTesting):
        answer.protocol = _protocol(live.purpose, locale)
    return answer


def _exercise(purpose: LiveCoaching, locale: str) -> say.ExerciseFacts:
    coach, spec = purpose.coach, purpose.coach.spec
    return say.ExerciseFacts(
        id=spec.id,
        title=in_language(spec.title, locale),
        kind=spec.kind,
        sides=[side for side in coach.sides if side],
        sets=coach.sets,
        repetitions=coach.target if spec.kind == "repetitions" else 0,
        hold_s=coach.hold_s,
        rest_s=spec.dose.rest_s,
        camera=_camera(spec.camera, locale),
    )


def _protocol(purpose: LiveTesting, locale: str) -> say.ProtocolFacts:
    spec = purpose.spec
    return say.ProtocolFacts(
        id=spec.id,
        title=in_language(spec.title, locale),
        side=purpose.side,
        warm_up=spec.trials.warm_up,
        trials=spec.trials.count,
        angles={one.id: in_language(one.title, locale) for one in spec.quantities},
        camera=_camera(spec.camera, locale),
    )


def _camera(place: CameraPlace, locale: str) -> say.Camera:
    note = in_language(place.note, locale)
    return say.Camera(view=place.view, distance_m=place.distance_m, height_m=place.height_m, note=note)


def scene_of(seq: int, live: LiveScene, locale: str) -> say.Scene:
    """One frame's; made without checks: it is our own, and there are many."""
    scene = live.scene
    return say.Scene.model_construct(
        seq=seq,
        time_s=scene.time_s,
        status=scene.status,
        tallies=_tallies(scene),
        set_number=scene.set_number,
        rest_s=scene.rest_s,
        firing=[(part, side) for part, side in scene.firing],
        cues=[said(cue, locale) for cue in scene.cues],
        placement=None if live.placement is None else _placed(live.placement, locale),
        angles=None if live.angles is None else {name: _angle(one) for name, one in live.angles.items()},
    )


_BETWEEN = frozenset({CueKind.COUNT, CueKind.SWITCH, CueKind.REST})


def between_repetitions(live: LiveScene) -> bool:
    """Whether something was just counted, and nothing is under way that an estimate begun anew would miss."""
    return live.countable and any(cue.kind in _BETWEEN for cue in live.scene.cues)


def _tallies(scene: Scene) -> list[say.SideTally]:
    return [
        say.SideTally.model_construct(side=one.side, number=one.number, held_s=one.held_s)
        for one in scene.tallies
    ]


def said(cue: Cue, locale: str) -> say.Said:
    """One cue, in a language; which part of the body it is about stays the drawing's own name."""
    return say.Said(
        time_s=cue.time_s,
        kind=cue.kind.value,
        words=in_language(cue.words, locale),
        rule=cue.rule,
        side=cue.side,
        highlight=cue.highlight,
        number=cue.number,
    )


def _placed(one: Placed, locale: str) -> say.Placed:
    return say.Placed.model_construct(trouble=one.trouble, words=in_language(one.words, locale))


def _angle(one: Angle) -> tuple[float | None, float | None, int]:
    if isnan(one.value_deg):
        return None, None, one.level
    return one.value_deg, None if isnan(one.sd_deg) else one.sd_deg, one.level

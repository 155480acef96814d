"""How exercises are tested with their own demonstrations."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec


class SimulatedSource(Spec):
    """Who watches: rows of the observability table, and the posterior's standard deviation that it states.

    Attributes:
        title: for people to read.
        kind: row of ``observability.yaml`` that its standard deviations come from.
        also: another row beside it.
        all_observed: everything is observed, whatever the rows say.
        instead_only: watches only exercises with a rule that it tells by its other coordinate.
        posterior_deg: standard deviation, without the method's own.
        offset_deg: coordinate -> what of the posterior is the person's own offset, the same all the time.
    """

    title: str
    kind: str
    also: str = ""
    all_observed: bool = False
    instead_only: bool = False
    posterior_deg: float = Field(gt=0)
    offset_deg: dict[str, float] = Field(default_factory=dict)


class Way(Spec):
    """One way of doing and filming it."""

    speed: float = Field(gt=0)
    stature_m: float = Field(gt=0)
    rate_hz: float = Field(gt=0)


class RoughFilm(Spec):
    """A film that went wrong: ``dropped`` is a share of the frames, ``jitter`` of the time between them."""

    title: str
    rate_hz: float = Field(gt=0)
    dropped: float = Field(default=0.0, ge=0, lt=1)
    jitter: float = Field(default=0.0, ge=0, lt=0.5)


class RehearsalRules(Sourced):
    """Habits of testing exercises.

    Attributes:
        version: of these figures.
        dense_hz: the true movement is sampled so densely.
        wander_s: the posterior's error wanders over such a time.
        method_at_deg: of the method's error the part that grows with the way is whole at so much.
        sources: who watches, by name.
        ways: speeds, sizes and frame rates that take turns.
        rough: films that went wrong.
        usual: how faults are shown.
        fault_rate_hz: source -> frame rate that faults are filmed at.
        beyond_deg: a fault is at least so much worse than allowed.
        beyond_sds: and by so many standard deviations of the source.
        hold_early_s: a hold may be timed so much shorter than it was.
        hold_late_s: or longer, at the demonstration's own speed.
    """

    version: int = Field(ge=1)
    dense_hz: float = Field(gt=0)
    wander_s: float = Field(gt=0)
    method_at_deg: float = Field(gt=0)
    sources: dict[str, SimulatedSource]
    ways: tuple[Way, ...] = Field(min_length=1)
    rough: tuple[RoughFilm, ...]
    usual: Way
    fault_rate_hz: dict[str, float]
    beyond_deg: float = Field(gt=0)
    beyond_sds: float = Field(gt=0)
    hold_early_s: float = Field(gt=0)
    hold_late_s: float = Field(gt=0)

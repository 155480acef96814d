"""Limits of live sets."""

from __future__ import annotations

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced


class PaceRules(Sourced):
    """How many frames a second pages may send, by what a server has room for.

    Attributes:
        full_hz: pages are not held back at all from here on.
        floor_hz: no page is asked to send fewer; where that does not fit, nobody new is taken.
        fewest: with fewer sets under way nobody is slowed down: it is not they who fill the server.
        look_s: how often the load is looked at.
        forget_s: after so long without a frame what was known of the load counts no more.
        aim: share of the time that the server may be busy, after pages were slowed down.
        most_busy: share beyond which they are.
        easy: share below which they may send more.
        most_wait_s: mean time that frames wait for each other, beyond which they are slowed down too.
        back_off: how far, where it is waiting that shows it.
        faster: how much more, in one step, at most; and never beyond aim.
        calm_s: how long it must have been easy before each step.
        stale_s: a frame that waited so long is passed over where a newer one of its set is there.
        told_from: pages are told of a change from this share on.
    """

    full_hz: float = Field(gt=0)
    floor_hz: float = Field(gt=0)
    fewest: int = Field(ge=1)
    look_s: float = Field(gt=0)
    forget_s: float = Field(gt=0)
    aim: float = Field(gt=0, lt=1)
    most_busy: float = Field(gt=0, lt=1)
    easy: float = Field(gt=0, lt=1)
    most_wait_s: float = Field(gt=0)
    back_off: float = Field(gt=0, lt=1)
    faster: float = Field(gt=1)
    calm_s: float = Field(ge=0)
    stale_s: float = Field(gt=0)
    told_from: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _settles(self) -> PaceRules:
        if not self.easy < self.aim < self.most_busy:
            raise ValueError("easy, aim and most_busy must rise: else it never settles")
        if self.floor_hz > self.full_hz:
            raise ValueError("floor_hz is above full_hz")
        return self


class HomeRules(Sourced):
    """How sets that came over from another server are led back, once this one has too much to do.

    Attributes:
        first_s: after it came over, a set is not asked for so long.
        growing: a set that came back here is asked again after so many times as long.
        longest_s: at most.
        every_s: one set is asked in so long.
    """

    first_s: float = Field(gt=0)
    growing: float = Field(ge=1)
    longest_s: float = Field(gt=0)
    every_s: float = Field(ge=0)


class LiveRules(Sourced):
    """Limits and habits of sets whose landmarks come from a browser.

    Attributes:
        version: of these figures.
        points: the keypoint format of the landmarks, by its name in the catalogue.
        most_hz: messages a second that may come for one set, for long.
        burst: messages that may come at once, after a stall of the network.
        most_sets: in memory of one server.
        most_sets_a_person: of those, of one person.
        idle_s: a set that nobody is connected to leaves the memory after so long; it can be resumed.
        resumed_within_s: later, a set that was left counts as ended.
        say_hello_within_s: a connection that says nothing is closed.
        silent_s: a connection that sends nothing for so long is closed; its set stays.
        kept_within_s: what was counted is written before it is told; it is told all the same after so long.
        counted_every_s: how often repetitions of a test are looked for.
        most_frames: landmarks that are gathered of a test, at most.
        kept_frames: of these, so many outlive their server; a longer test begins anew.
        pace: how many frames a second may come.
        home: how sets of another server are led back to it.
    """

    version: int = Field(ge=1)
    points: str
    most_hz: float = Field(gt=0)
    burst: int = Field(ge=1)
    most_sets: int = Field(ge=1)
    most_sets_a_person: int = Field(ge=1)
    idle_s: float = Field(gt=0)
    resumed_within_s: float = Field(gt=0)
    say_hello_within_s: float = Field(gt=0)
    silent_s: float = Field(gt=0)
    kept_within_s: float = Field(gt=0)
    counted_every_s: float = Field(ge=0)
    most_frames: int = Field(ge=1)
    kept_frames: int = Field(ge=0)
    pace: PaceRules
    home: HomeRules

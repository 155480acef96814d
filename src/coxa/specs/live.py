"""Limits of live sets."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


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

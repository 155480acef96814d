"""A small recording with everything a motion laboratory's file holds, and files made of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coxa.kinematics.rotations import rotation_about
from coxa.model.channels import AnalogChannels, Event, ForcePlate, JointAngles
from coxa.model.recording import Recording, Subject
from tests.support.marker_person import marker_person

SUBJECT = Subject(
    name="Ann",
    height_m=1.7,
    mass_kg=62.0,
    asis_breadth_m=0.25,
    leg_length_m={"left": 0.85, "right": 0.86},
    knee_width_m={"left": 0.1, "right": 0.1},
    ankle_width_m={"left": 0.07, "right": 0.07},
    marker_diameter_m=0.014,
)


def lab_recording(n_frames: int = 60) -> Recording:
    """Somebody who bends the knees, on one force plate, with gaps, angles, signals and events."""
    rng = np.random.default_rng(5)
    turn = np.linspace(0.0, 0.4, n_frames)
    person = marker_person(
        rotation_about(1, turn), {"knee_flexion_left": 2 * turn, "hip_flexion_right": turn}
    )
    points = person.space_points[0]
    position = points.position_m.copy()
    position[3:7, 2] = position[0, 5] = np.nan
    angles = JointAngles(
        names=tuple(f"{name}.{axis}" for name in ("LHipAngles", "RHipAngles") for axis in "xyz"),
        value=rng.normal(0.0, 0.3, (n_frames, 6)),
        sd=np.full((n_frames, 6), np.nan),
        is_angle=np.ones(6, bool),
        convention="plug_in_gait",
    )
    angles.value[4, 3:] = np.nan
    sample_s = (person.time_s[:, None] + np.arange(10) / 1000.0).ravel()
    signals = AnalogChannels(("EMG1", "EMG2"), ("V", "mV"), sample_s, rng.normal(size=(10 * n_frames, 2)))
    corners = np.array([[0.5, 0, 0.4], [0, 0, 0.4], [0, 0, 0], [0.5, 0, 0]])
    force = rng.normal(0, 10.0, (10 * n_frames, 3)) + np.array([0, 600.0, 0])
    plate = ForcePlate(sample_s, corners, force, rng.normal(0, 20.0, force.shape))
    return replace(
        person,
        space_points=(replace(points, position_m=position),),
        angles=(angles,),
        analog=(signals,),
        forces=(plate,),
        events=(Event(0.1, "Foot Strike", "left"), Event(0.25, "Foot Off", "right"), Event(0.3, "Bell")),
        subject=SUBJECT,
        source="made up",
    )

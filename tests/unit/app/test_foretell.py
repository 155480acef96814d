"""What a source tells of a test, before it is run and after."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.app.additions import Source
from coxa.app.assess import Performed, run
from coxa.app.foretell import film_as_asked, foretell
from coxa.assess.norms import Person
from coxa.catalog.protocols import library
from coxa.model.coordinates import ALL
from coxa.model.motion import KINDS, Motion, Observability

LIBRARY = library()


def motion(kinds: list[str], untold: str, reason: str) -> Motion:
    """Five still seconds in which one coordinate is not observed."""
    shape = (150, len(ALL))
    level = np.full(shape, Observability.OBSERVED, np.uint8)
    level[:, ALL.index(untold)] = Observability.NOT_OBSERVABLE
    return Motion(
        time_s=np.arange(150) / 30,
        coordinates=ALL,
        value=np.zeros(shape),
        sd=np.full(shape, 0.02),
        observability=level,
        reasons={untold: reason},
        diagnostics={KINDS: kinds},
    )


def test_a_film_from_the_front_does_not_tell_who_turned() -> None:
    found = foretell(LIBRARY.protocol("trunk_rotation_seated"), film_as_asked("front"), "film.mp4")
    turning = next(one for one in found.untold if one.what == "Pelvis turning along")
    assert not turning.measured
    assert turning.remedy
    assert "Leaning" in [one.what for one in found.asked]
    assert "Leaning" not in [one.what for one in found.untold]


def test_the_outline_of_the_back_counts_where_the_test_is_filmed_from_the_side() -> None:
    test = LIBRARY.protocol("hip_hinge")
    untold = [one.what for one in foretell(test, film_as_asked("side")).untold]
    assert "Low back bending" not in untold
    assert "Low back bending" in [one.what for one in foretell(test, film_as_asked("front")).untold]


def test_walking_a_film_does_not_tell_hip_rotation_and_sensors_do() -> None:
    test = LIBRARY.protocol("walking")
    film = [one.what for one in foretell(test, film_as_asked("side")).untold]
    worn = Source(("sensors", "pelvis+femur_left_sensors", "pelvis+femur_right_sensors"))
    assert "Hip rotation" in film
    assert "Hip rotation" not in [one.what for one in foretell(test, worn).untold]


def test_of_markers_and_given_angles_nothing_is_foretold() -> None:
    assert foretell(LIBRARY.protocol("hip_hinge"), Source(())).untold == ()


@pytest.mark.parametrize("name", sorted(LIBRARY.protocols))
def test_every_test_can_be_foretold(name: str) -> None:
    test = LIBRARY.protocols[name]
    found = foretell(test, film_as_asked(test.camera.view))
    assert len(found.asked) == len(test.quantities) + len(test.compensations)
    assert all(one.remedy for one in found.untold if one.measured)


def test_what_was_not_told_names_what_would_tell_it_once() -> None:
    tilt = motion(["pose_network"], "pelvis_anterior_tilt", "two points show no tilt; to see it: wear a tag")
    (found,) = run([Performed(tilt)], "hip_hinge", LIBRARY, Person(None, None))
    (silence,) = [one for one in found.silences if one.coordinate == "pelvis_anterior_tilt"]
    assert silence.reason == "two points show no tilt"
    assert silence.remedy == (
        "a film from the side in which the outline of the back shows, or a phone on the sacrum"
    )


def test_where_no_addition_helps_the_tests_own_words_stay() -> None:
    hidden = motion([], "pelvis_anterior_tilt", "the markers were hidden")
    (found,) = run([Performed(hidden)], "hip_hinge", LIBRARY, Person(None, None))
    (silence,) = [one for one in found.silences if one.coordinate == "pelvis_anterior_tilt"]
    assert silence.remedy == "film from the side"

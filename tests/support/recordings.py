"""Made-up recordings with every channel, and whether two recordings are the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from coxa.model.camera import Camera
from coxa.model.channels import (
    AnalogChannels,
    Event,
    ForcePlate,
    ImagePoints,
    JointAngles,
    SegmentOrientations,
    SpacePoints,
)
from coxa.model.recording import Recording, Subject

_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
_SOME = st.one_of(st.none(), st.floats(0.01, 200.0))


def _unique(draw: st.DrawFn, least: int = 0) -> tuple[str, ...]:
    return tuple(draw(st.lists(_NAMES, unique=True, min_size=least, max_size=3)))


def _gappy(rng: np.random.Generator, *shape: int) -> np.ndarray:
    values = rng.normal(size=shape) * 10.0 ** rng.integers(-8, 8)
    return np.where(rng.random(shape) < 0.15, np.nan, values)


@st.composite
def recordings(draw: st.DrawFn, least_frames: int = 0) -> Recording:
    """Any number of channels of every kind, of few frames or none; gaps; names of any letters."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(least_frames, 5))
    time_s = np.cumsum(rng.uniform(1e-3, 1.0, n)) + rng.normal()
    count = lambda: range(draw(st.integers(0, 2)))  # noqa: E731
    return Recording(
        time_s=time_s,
        image_points=tuple(_image(draw, rng, n) for _ in count()),
        space_points=tuple(_space(draw, rng, n) for _ in count()),
        orientations=tuple(_orientations(draw, rng, n) for _ in count()),
        angles=tuple(_angles(draw, rng, n) for _ in count()),
        analog=tuple(_analog(draw, rng) for _ in count()),
        forces=tuple(_force(draw, rng) for _ in count()),
        events=tuple(
            Event(float(t), draw(_NAMES), draw(st.sampled_from([None, "left", "right"])))
            for t in sorted(rng.uniform(0, 9, draw(st.integers(0, 3))))
        ),
        subject=draw(subjects()),
        source=draw(_NAMES),
    )


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    sided = st.dictionaries(st.sampled_from(["left", "right"]), st.floats(0.01, 2.0), max_size=2)
    return Subject(
        draw(_NAMES),
        draw(_SOME),
        draw(_SOME),
        draw(_SOME),
        draw(sided),
        draw(sided),
        draw(sided),
        draw(_SOME),
    )


def _image(draw: st.DrawFn, rng: np.random.Generator, n: int) -> ImagePoints:
    names = _unique(draw)
    k = len(names)
    camera = Camera(640, 480, 500.5, rng.normal(size=2), rng.normal(size=(3, 3)), rng.normal(size=3))
    return ImagePoints(
        names, _gappy(rng, n, k, 2), rng.random((n, k)), _gappy(rng, n, k), camera, draw(_NAMES)
    )


def _space(draw: st.DrawFn, rng: np.random.Generator, n: int) -> SpacePoints:
    names = _unique(draw)
    sd_m = np.where(rng.random(len(names)) < 0.2, np.nan, rng.random(len(names)))
    return SpacePoints(names, _gappy(rng, n, len(names), 3), sd_m, draw(_NAMES))


def _orientations(draw: st.DrawFn, rng: np.random.Generator, n: int) -> SegmentOrientations:
    names = _unique(draw)
    return SegmentOrientations(names, _gappy(rng, n, len(names), 3, 3), rng.random(len(names)))


def _angles(draw: st.DrawFn, rng: np.random.Generator, n: int) -> JointAngles:
    names = _unique(draw)
    k = len(names)
    return JointAngles(names, _gappy(rng, n, k), _gappy(rng, n, k), rng.random(k) < 0.5, draw(_NAMES))


def _analog(draw: st.DrawFn, rng: np.random.Generator) -> AnalogChannels:
    names = _unique(draw, least=1)
    n = draw(st.integers(0, 9))
    units = tuple(draw(st.sampled_from(["", "V", "µV", "N·m"])) for _ in names)
    return AnalogChannels(names, units, np.cumsum(rng.random(n)), _gappy(rng, n, len(names)))


def _force(draw: st.DrawFn, rng: np.random.Generator) -> ForcePlate:
    n = draw(st.integers(0, 9))
    return ForcePlate(np.cumsum(rng.random(n)), rng.normal(size=(4, 3)), _gappy(rng, n, 3), _gappy(rng, n, 3))


def assert_same(one: Any, other: Any, where: str = "recording") -> None:
    """Equal in every field; angles, that files hold in degrees, to the last bit but one."""
    assert type(one) is type(other), where
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, where
        np.testing.assert_allclose(other, one, rtol=4e-16, atol=0, err_msg=where)
    elif isinstance(one, tuple):
        assert len(one) == len(other), where
        for index, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{where}[{index}]")
    else:
        assert one == other, where

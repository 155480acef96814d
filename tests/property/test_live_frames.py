"""Laws of the binary frames: what was encoded comes back, and nothing else is ever taken, whatever it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coxa.web.live.frames import (
    HEADER,
    N_LANDMARKS,
    Channel,
    FrameError,
    Landmarks,
    Phone,
    Tags,
    decode,
    encode,
)

SEQ = st.integers(0, 2**32 - 1)
TIME = st.floats(-1e9, 1e9)
PX = st.floats(-9e4, 9e4, width=32) | st.just(float("nan"))
POINTS = arrays(np.float32, (N_LANDMARKS, 3), elements=PX.map(lambda one: one / 100))
SEEN = arrays(np.float32, (N_LANDMARKS, 1), elements=st.floats(0, 1, width=32))


@given(SEQ, TIME, st.floats(0, 1, width=32), st.none() | st.tuples(POINTS, SEEN).map(np.hstack))
def test_landmarks_come_back_bit_by_bit(
    seq: int, time_s: float, bright: float, points: np.ndarray | None
) -> None:
    """Also where points are not known, and where nobody is."""
    back = decode(encode(Landmarks(seq, time_s, bright, points)))
    assert isinstance(back, Landmarks)
    assert (back.seq, back.time_s, back.brightness) == (seq, time_s, bright)
    if points is None:
        assert back.points is None
    else:
        assert back.points is not None
        assert back.points.tobytes() == points.astype("<f4").tobytes()


@given(SEQ, TIME, arrays(np.float32, (3, 4, 2), elements=st.floats(-9e4, 9e4, width=32)))
def test_tags_come_back(seq: int, time_s: float, corners: np.ndarray) -> None:
    """Their numbers and corners."""
    back = decode(encode(Tags(seq, time_s, np.array([7, 0, 65535], np.uint16), corners)))
    assert isinstance(back, Tags)
    assert back.ids.tolist() == [7, 0, 65535]
    assert np.array_equal(back.corners_px, corners)


@given(SEQ, TIME, arrays(float, 4, elements=st.floats(-1, 1)).filter(lambda q: np.linalg.norm(q) > 0.1))
def test_a_phones_quaternion_comes_back(seq: int, time_s: float, q: np.ndarray) -> None:
    """To the precision it travels with."""
    unit = tuple((q / np.linalg.norm(q)).tolist())
    back = decode(encode(Phone(seq, time_s, unit)))
    assert isinstance(back, Phone)
    assert np.allclose(back.quaternion, unit, atol=1e-6)


@given(st.binary(max_size=700))
def test_anything_else_is_refused_with_a_reason(data: bytes) -> None:
    """Bytes are a frame, or a :class:`FrameError`; never anything else."""
    try:
        frame = decode(data)
    except FrameError as error:
        assert error.reason
    else:
        assert np.isfinite(frame.time_s)


@given(st.integers(0, HEADER.size + 528 - 1), st.integers(0, 255))
def test_a_damaged_frame_is_refused_or_still_one(at: int, byte: int) -> None:
    """One byte that is another."""
    points = np.full((N_LANDMARKS, 4), 0.5, np.float32)
    data = bytearray(encode(Landmarks(1, 1.0, 0.5, points)))
    data[at] = byte
    try:
        frame = decode(bytes(data))
    except FrameError:
        return
    if isinstance(frame, Landmarks) and frame.points is not None:
        assert not np.isinf(frame.points).any()


@pytest.mark.parametrize("channel", list(Channel))
def test_a_cut_frame_is_refused(channel: Channel) -> None:
    """At every length."""
    frames = {
        Channel.LANDMARKS: Landmarks(1, 1.0, 0.5, np.zeros((N_LANDMARKS, 4), np.float32)),
        Channel.TAGS: Tags(1, 1.0, np.zeros(2, np.uint16), np.zeros((2, 4, 2), np.float32)),
        Channel.PHONE: Phone(1, 1.0, (1.0, 0.0, 0.0, 0.0)),
    }
    whole = encode(frames[channel])
    for length in range(len(whole)):
        with pytest.raises(FrameError):
            decode(whole[:length])
    with pytest.raises(FrameError):
        decode(whole + b"\0")

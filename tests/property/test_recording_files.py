"""Tables and netCDF files of ours: a round trip loses nothing, whatever a recording holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from coxa.adapters.formats import open_recording, writer_of
from coxa.app.request import ReadOptions
from coxa.model.channels import SpacePoints
from coxa.model.errors import OutputError
from coxa.model.recording import Recording
from tests.support.recordings import assert_same, recordings


def kept(recording, path):
    writer_of(path)(recording, path)
    # A recording of no frames has no parts: what is held is compared.
    return open_recording(path, ReadOptions())._recording


@pytest.mark.parametrize(("suffix", "examples"), [(".csv", 25), (".parquet", 25), (".nc", 4)])
def test_a_round_trip_loses_nothing(suffix, examples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(recordings())
    def trip(recording):
        assert_same(recording, kept(recording, folder / f"file{suffix}"))
        assert [one.name for one in folder.iterdir()] == [f"file{suffix}"]  # no temporary file stays

    trip()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(recordings(least_frames=1))
def test_the_order_of_rows_does_not_matter(tmp_path_factory, recording):
    path = tmp_path_factory.mktemp("files") / "file.parquet"
    writer_of(path)(recording, path)
    table = pq.read_table(path)
    shuffled = np.random.default_rng(0).permutation(table.num_rows)
    pq.write_table(table.take(shuffled), path)
    read = open_recording(path, ReadOptions())._recording
    assert_same(recording, read)


def test_a_name_twice_cannot_be_told_apart_and_is_refused(tmp_path):
    twice = SpacePoints(("a", "a"), np.zeros((2, 2, 3)), np.zeros(2), "markers")
    for suffix in (".csv", ".parquet", ".nc"):
        path = tmp_path / f"file{suffix}"
        with pytest.raises(OutputError, match="twice"):
            writer_of(path)(Recording(np.arange(2.0), space_points=(twice,)), path)
    assert not list(tmp_path.iterdir())


def test_what_a_person_tells_is_added(tmp_path):
    path = tmp_path / "file.csv"
    writer_of(path)(Recording(np.arange(2.0)), path)
    assert open_recording(path, ReadOptions(height_m=1.81))._recording.subject.height_m == 1.81


def test_many_cameras_and_long_descriptions_fit(tmp_path):
    names = tuple(f"marker {index} with a long name" for index in range(3000))
    points = SpacePoints(names, np.zeros((2, 3000, 3)), np.zeros(3000), "markers")
    recording = replace(Recording(np.arange(2.0)), space_points=(points,))
    for suffix in (".csv", ".parquet", ".nc"):
        assert_same(recording, kept(recording, tmp_path / f"file{suffix}"))

"""Recordings as netCDF: a group a channel, a variable a component, and the description as an attribute.

Every variable has dimensions time_s and point and says its unit. With the description (cameras, the person,
events) a round trip loses nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import xarray as xr

from coxa.adapters.described import Block, blocks
from coxa.adapters.sinks.guard import whole_file
from coxa.adapters.sinks.table import KEY, description_text
from coxa.model.errors import OutputError
from coxa.model.recording import Recording

_ENGINE: Literal["h5netcdf"] = "h5netcdf"


def write_netcdf(recording: Recording, path: Path) -> None:
    """Write a netCDF file.

    Raises:
        OutputError: it cannot be written, or the recording names a point twice.
    """
    try:
        groups = blocks(recording)
        text = description_text(recording)
    except ValueError as error:
        raise OutputError(
            f"{path}: cannot hold this recording: {error}", "rename what is named twice"
        ) from error
    with whole_file(path) as temporary:
        xr.Dataset(attrs={KEY: text}).to_netcdf(temporary, engine=_ENGINE)
        for block in groups:
            data = _dataset(block)
            packed = {"zlib": True, "complevel": 1} if block.value.size else {}
            encoding = dict.fromkeys(data.data_vars, packed)
            data.to_netcdf(temporary, mode="a", group=block.name, engine=_ENGINE, encoding=encoding)


def _dataset(block: Block) -> xr.Dataset:
    variables = {}
    for column, component in enumerate(block.components):
        units = [row[column] for row in block.units]
        attributes = {"units": units[0]} if len(set(units)) == 1 else {}
        variables[component] = (("time_s", "point"), block.value[:, :, column], attributes)
    unit = [row[0] for row in block.units]
    coordinates = {
        "time_s": block.time_s,
        "point": ("point", list(block.points)),
        "unit": ("point", unit),
    }
    if len({tuple(row) for row in block.units}) < 2:
        del coordinates["unit"]
    if not block.points:
        del coordinates["point"]
    return xr.Dataset(variables, coordinates)

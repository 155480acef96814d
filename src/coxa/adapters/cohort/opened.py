"""A table that was written, opened lazily: nothing is read before it is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from coxa.adapters.cohort.dataset import INDEX
from coxa.adapters.cohort.places import Folder, file_system
from coxa.adapters.cohort.schema import SCHEMA, SCHEMA_VERSION
from coxa.model.errors import SourceError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import xarray as xr

TABLES = ("measures", "recordings", "untold", "effort")
_HIVE = ds.partitioning(pa.schema([("protocol", pa.string())]), flavor="hive")


class Cohort:
    """Results of many recordings: tables ``measures``, ``recordings``, ``untold`` and ``effort``.

    Made by :func:`coxa.open_cohort`.

    Args:
        place: folder or address of the table.

    Raises:
        SourceError: there is none, it is not whole, or a newer Coxa wrote it.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self.index = _index(place)
        self._conditions: dict[str, tuple[Any, ...]] = {}

    def __repr__(self) -> str:
        chosen = "".join(f", {name} in {list(some)}" for name, some in self._conditions.items())
        return f"Cohort({self.place!r}, {self.index['rows']['recordings/part-0.parquet']} recordings{chosen})"

    def where(self, **columns: Any) -> Self:
        """Only rows whose columns have these values, each one or a list of them.

        A condition holds for the tables that have the column.

        Raises:
            SourceError: no table has such a column.
        """
        known = {name for table in TABLES for name in self._dataset(table).schema.names}
        if strange := sorted(set(columns) - known):
            raise SourceError(
                f"{self.place}: there is no column {strange[0]!r}",
                f"choose among: {', '.join(sorted(known))}",
            )
        other = type(self).__new__(type(self))
        other.place, other.index = self.place, self.index
        some = {name: tuple(_listed(values)) for name, values in columns.items()}
        other._conditions = self._conditions | some
        return other

    def arrow(self, table: str = "measures") -> pa.Table:
        """A table, read."""
        return self._scanned(table).to_table()

    def pandas(self, table: str = "measures") -> pd.DataFrame:
        """A table as a data frame of pandas."""
        frame: pd.DataFrame = self.arrow(table).to_pandas()
        return frame

    def polars(self, table: str = "measures") -> pl.LazyFrame:
        """A table as a lazy frame of polars: what is filtered and chosen there is all that is read.

        Raises:
            SourceError: polars is not installed.
        """
        try:
            import polars
        except ImportError as error:
            raise SourceError("polars is not installed", "pip install 'coxa[cohort]'") from error
        return polars.scan_pyarrow_dataset(self._scanned(table))

    def xarray(self, kind: str = "result") -> xr.Dataset:
        """Measures of one kind over (recording, measure): value, sd, minimal_detectable, each in its unit.

        Raises:
            SourceError: there are none.
        """
        import numpy as np
        import xarray as xr

        frame = self.where(kind=kind).pandas()
        if frame.empty:
            known = ", ".join(sorted(set(self.arrow()["kind"].to_pylist())))
            raise SourceError(f"{self.place}: no measure is of kind {kind!r}", f"choose one of: {known}")
        names = ["protocol", "quantity", "side", "part"]
        of = frame[names].agg("/".join, axis=1).str.rstrip("/")
        measures, column = np.unique(of, return_inverse=True)
        keys, row = np.unique(frame["key"], return_inverse=True)
        figures = {}
        for name in ("value", "sd", "minimal_detectable"):
            cells = np.full((len(keys), len(measures)), np.nan)
            cells[row, column] = frame[name]
            figures[name] = (("recording", "measure"), cells)
        of_measure = frame.groupby(of)[[*names, "unit"]].first()
        of_recording = frame.groupby("key")[["recording", "person", "group", "session", "method"]].first()
        coordinates: dict[str, Any] = {
            "measure": measures,
            "recording": of_recording["recording"].to_numpy(object),
        }
        coordinates |= {
            name: ("recording", of_recording[name].to_numpy(object))
            for name in ("person", "group", "session", "method")
        }
        coordinates |= {name: ("measure", of_measure[name].to_numpy(object)) for name in (*names, "unit")}
        return xr.Dataset(figures, coordinates, {"source": self.place, "digest": self.index["digest"]})

    def summary(self, *by: str, kind: str = "result") -> pd.DataFrame:
        """Figures of one kind: how many, how many told, their mean, spread and mean standard deviation.

        Args:
            *by: columns to divide by; protocol, quantity and side where there are none.
            kind: ``result``, ``share``, ``left-right`` or ``measure``; of walking all are measures.
        """
        columns = list(by) or ["protocol", "quantity", "side"]
        table = self.where(kind=kind).arrow()
        told = pc.and_kleene(pc.equal(table["observability"], "observed"), pc.is_valid(table["value"]))
        value = pc.if_else(told, table["value"], None)
        sd = pc.if_else(told, table["sd"], None)
        table = table.select(columns).append_column("value", value).append_column("sd", sd)
        spread = pc.VarianceOptions(ddof=1)
        grouped = table.group_by(columns).aggregate(
            [
                ("value", "count", pc.CountOptions(mode="all")),
                ("value", "count", pc.CountOptions(mode="only_valid")),
                ("value", "mean"),
                ("value", "stddev", spread),
                ("sd", "mean"),
            ]
        )
        grouped = grouped.rename_columns([*columns, "n", "n_observed", "mean", "sd_between", "sd_of_one"])
        found: pd.DataFrame = grouped.sort_by([(name, "ascending") for name in columns]).to_pandas()
        return found

    def _dataset(self, table: str) -> ds.Dataset:
        if table not in TABLES:
            raise SourceError(f"there is no table {table!r}", f"choose one of: {', '.join(TABLES)}")
        system, path = file_system(self.place)
        hive = _HIVE if table == "measures" else None
        return ds.dataset(f"{path}/{table}", filesystem=system, format="parquet", partitioning=hive)

    def _scanned(self, table: str) -> ds.Dataset:
        found = self._dataset(table)
        told = {name: some for name, some in self._conditions.items() if name in found.schema.names}
        tests = [ds.field(name).isin(list(some)) for name, some in told.items()]
        return found.filter(reduce(and_, tests)) if tests else found


def _listed(values: Any) -> Sequence[Any]:
    return [values] if isinstance(values, str) or not isinstance(values, Sequence) else values


def _index(place: str) -> Mapping[str, Any]:
    content = Folder(place).get(INDEX)
    if content is None:
        raise SourceError(
            f"{place}: there is no finished table of a cohort",
            "check the spelling; if a run was interrupted, run the same coxa cohort again: it goes on",
        )
    try:
        index: dict[str, Any] = json.loads(content)
        version = int(index["schema_version"]) if index["schema"] == SCHEMA else 0
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{place}: its index is damaged", "run the same coxa cohort again") from error
    if not 0 < version <= SCHEMA_VERSION:
        raise SourceError(
            f"{place}: this Coxa cannot read version {index.get('schema_version')} of the table",
            "open it with the Coxa that wrote it, or a newer one",
        )
    return index

"""Which marker set a file uses, from its names alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coxa.model.errors import NothingToMeasureError
from coxa.specs.markers import LANDMARKS, MarkerSetSpec, by_name

_SEPARATORS = re.compile(r"[^a-z0-9]+")
_MAPPING = "give a mapping file (the form of the catalogue's marker_sets) that says which marker sits where"
_SHOWN = 12  # names in a message


@dataclass(frozen=True, slots=True)
class MarkerMap:
    """Where the anatomical points are among a file's points.

    Attributes:
        set_name: the marker set.
        names: the file's names, as it has them.
        landmarks: landmark -> column.
        clusters: ``left_thigh`` and the like -> columns of further markers on it.
        usual: landmark -> the set's usual name for it, also of those the file lacks.
        rigid_pelvis: the spines are read as one rigid body.
        one_trunk: the trunk is read as one rigid segment.
    """

    set_name: str
    names: tuple[str, ...]
    landmarks: Mapping[str, int]
    clusters: Mapping[str, tuple[int, ...]]
    usual: Mapping[str, str]
    rigid_pelvis: bool = False
    one_trunk: bool = False

    @property
    def n_known(self) -> int:
        """Number of the file's points with a place on the body."""
        return len(self.landmarks) + sum(len(columns) for columns in self.clusters.values())

    def spoken(self, point: str) -> str:
        """A landmark as the file names it, or as the set would."""
        if point in self.landmarks:
            return self.names[self.landmarks[point]]
        _, slash, marker = point.partition("/")
        words = marker if slash else point.replace("_", " ")
        return f"{words} ({self.usual[point]})" if point in self.usual else words


def recognise(
    names: Sequence[str],
    marker_sets: Mapping[str, MarkerSetSpec],
    mapping: MarkerSetSpec | None = None,
    source: str = "",
) -> MarkerMap:
    """The marker set that knows most of the names.

    Args:
        names: the file's own. Computed points (segment axes, joint centres) and unlabelled ones are in no
            set and so are left alone.
        marker_sets: by name.
        mapping: a set given by hand; nothing is guessed then.
        source: where the names are from, for errors.

    Raises:
        NothingToMeasureError: no set knows the names, two sets disagree, or two of the file's names say
            the same landmark.
    """
    where = f"{source}: " if source else ""
    candidates = [mapping] if mapping else list(marker_sets.values())
    maps = sorted((_map(names, spec) for spec in candidates), key=lambda found: -found.n_known)
    if not maps or not maps[0].landmarks:
        tried = f"marker set {mapping.name!r}" if mapping else f"known marker set ({by_name(marker_sets)})"
        shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
        raise NothingToMeasureError(
            f"{where}the points' names are of no {tried}: {shown or 'none'}", _MAPPING
        )
    best = maps[0]
    for other in maps[1:]:
        if other.n_known == best.n_known and dict(other.landmarks) != dict(best.landmarks):
            raise NothingToMeasureError(
                f"{where}the markers' names fit {best.set_name} and {other.set_name} equally well, "
                "and the two disagree about where they sit",
                _MAPPING,
            )
    _refuse_duplicates(best, where)
    return best


def _map(names: Sequence[str], spec: MarkerSetSpec) -> MarkerMap:
    columns: dict[str, int] = {}
    for column, name in enumerate(names):
        for key in _keys(name, spec.suffixes):
            columns.setdefault(key, column)
    landmarks: dict[str, int] = {}
    usual: dict[str, str] = {}
    for landmark, spellings in spec.names_of_landmarks():
        usual.setdefault(landmark, spellings[0])
        found = [columns[key] for key in map(_bare, spellings) if key in columns]
        if found:
            landmarks.setdefault(landmark, found[0])
    taken = set(landmarks.values())
    clusters = {}
    for segment, spellings in spec.names_of_clusters():
        keys = dict.fromkeys(map(_bare, spellings))
        further = tuple(columns[key] for key in keys if key in columns and columns[key] not in taken)
        if further:
            clusters[segment] = further
    ordered = {name: landmarks[name] for name in LANDMARKS if name in landmarks}
    return MarkerMap(spec.name, tuple(names), ordered, clusters, usual, spec.rigid_pelvis, spec.one_trunk)


def _refuse_duplicates(found: MarkerMap, where: str) -> None:
    """Two columns of one name: two people in the file, or a fault."""
    of_key: dict[str, list[str]] = {}
    for name in found.names:
        of_key.setdefault(_bare(name), []).append(name)
    for landmark, column in found.landmarks.items():
        same = of_key[_bare(found.names[column])]
        if len(same) > 1:
            raise NothingToMeasureError(
                f"{where}several markers are named as the {landmark.replace('_', ' ')}: {', '.join(same)}",
                "keep one person and one marker of each name in the file",
            )


def _keys(name: str, suffixes: Sequence[str]) -> list[str]:
    bare = _bare(name)
    return [bare, *(bare.removesuffix(suffix) for suffix in suffixes if bare.endswith(suffix))]


def _bare(name: str) -> str:
    """``Subject:r.ASIS`` -> ``rasis``."""
    return _SEPARATORS.sub("", name.rpartition(":")[2].casefold())

"""Who is who: people followed from frame to frame by where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from coxa.adapters.sources.keypoints.seen import Floats, Seen
from coxa.catalog import loader
from coxa.model.errors import SourceError
from coxa.specs.keypoints import KeypointFileRules

#: Larger than any distance that counts.
_FAR = 1e9


@dataclass(slots=True)
class Track:
    """One person: frame number -> what was seen. ``name`` is what ``--person`` takes."""

    name: str
    frames: dict[int, Seen]

    @property
    def weight(self) -> float:
        """How much of the film they fill: summed size."""
        return sum(seen.size for seen in self.frames.values())


def tracks_of(frames: Mapping[int, Sequence[Seen]]) -> list[Track]:
    """People of a film, by the file's own labels where it has them, else by proximity.

    Without labels they are called ``1``, ``2`` and so on, from the left in the first frame that shows
    anybody. Who is seen in too small a share of the frames is left out.

    Args:
        frames: number of the frame -> everybody in it.
    """
    rules = loader.keypoint_file_rules()
    everybody = [seen for people in frames.values() for seen in people]
    labelled = bool(everybody) and all(seen.label for seen in everybody)
    tracks = _by_label(frames) if labelled else _by_place(frames, rules)
    enough = rules.min_person_share * sum(1 for people in frames.values() if people)
    return [track for track in tracks if len(track.frames) >= enough]


def chosen(tracks: Sequence[Track], person: str | None, where: object) -> tuple[Track, tuple[str, ...]]:
    """The person to read, and notes: the one asked for, else the one that fills most of the film.

    Raises:
        SourceError: nobody is in the file, or nobody of that name.
    """
    if not tracks:
        raise SourceError(f"{where}: nobody was detected in any frame", "check the video and the detector")
    if person is not None:
        for track in tracks:
            if track.name == person:
                return track, ()
        names = ", ".join(track.name for track in tracks)
        raise SourceError(f"{where}: there is no person {person!r}", f"give --person one of: {names}")
    track = max(tracks, key=lambda one: one.weight)
    if len(tracks) == 1:
        return track, ()
    note = f"{len(tracks)} people; {track.name}, who fills most of the film, is read (--person chooses)"
    return track, (note,)


def _by_label(frames: Mapping[int, Sequence[Seen]]) -> list[Track]:
    tracks: dict[str, Track] = {}
    for number in sorted(frames):
        for seen in frames[number]:
            track = tracks.setdefault(seen.label, Track(seen.label, {}))
            # The same person twice in a frame: the larger detection is the better one.
            if number not in track.frames or seen.size > track.frames[number].size:
                track.frames[number] = seen
    return list(tracks.values())


def _by_place(frames: Mapping[int, Sequence[Seen]], rules: KeypointFileRules) -> list[Track]:
    tracks: list[Track] = []
    for number in sorted(frames):
        people = [seen for seen in frames[number] if seen.seen.any()]
        people.sort(key=lambda seen: float(seen.centre[0]))
        recent = [track for track in tracks if number - max(track.frames) <= rules.lost_frames]
        known = _matches(recent, people, rules.same_person_reach)
        for index, seen in enumerate(people):
            if index in known:
                known[index].frames[number] = seen
            else:
                tracks.append(Track(str(len(tracks) + 1), {number: seen}))
    return tracks


def _matches(tracks: Sequence[Track], people: Sequence[Seen], reach: float) -> dict[int, Track]:
    """Index of a person in the frame -> their track."""
    if not tracks or not people:
        return {}
    latest = [track.frames[max(track.frames)] for track in tracks]
    cost = np.array([[_apart(old, new) for new in people] for old in latest])
    cost[cost > reach] = _FAR
    rows, columns = linear_sum_assignment(cost)
    return {
        int(column): tracks[int(row)]
        for row, column in zip(rows, columns, strict=True)
        if cost[row, column] < _FAR
    }


def _apart(old: Seen, new: Seen) -> float:
    """How far apart two detections are, in sizes of the person."""
    both = old.seen & new.seen
    if both.any():
        distance: Floats = np.linalg.norm(old.position[both] - new.position[both], axis=1)
        apart = float(np.median(distance))
    else:
        apart = float(np.linalg.norm(old.centre - new.centre))
    size = max(old.size, new.size)
    return apart / size if size > 0 else _FAR

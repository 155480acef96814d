"""How several cameras are brought together, and when one of them is not believed."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


class CameraRules(Sourced):
    """Habits and limits of joining cameras.

    Attributes:
        version: of these figures.
        max_shift_s: clocks that are further apart than this are not found.
        min_overlap_s: cameras must have seen the person together for at least this long.
        shift_step_s: of the first search.
        search_frames: moments at most that the first search looks at, evenly spread.
        fit_frames: the same for the fine fit.
        max_gap_frames: between frames further apart than this nothing is interpolated.
        habit_sd_m: where a network puts a landmark, seen from one side or another: constant.
        max_shift_sd_s: a clock known no better than this is left as the file has it.
        typical_m: usual distance between a camera's sight of a landmark and where the others have it.
        distrusted_factor: from so many times the usual distance on a camera is left out.
        swap_factor: left and right of a frame are exchanged when that shrinks the distance to this part.
        swap_frames: no fewer frames in a row are exchanged.
        far_rad: sights further off than this count as this far.
    """

    version: int
    max_shift_s: float = Field(gt=0)
    min_overlap_s: float = Field(gt=0)
    shift_step_s: float = Field(gt=0)
    search_frames: int = Field(gt=10)
    fit_frames: int = Field(gt=10)
    max_gap_frames: float = Field(gt=1)
    habit_sd_m: float = Field(gt=0)
    max_shift_sd_s: float = Field(gt=0)
    typical_m: float = Field(gt=0)
    distrusted_factor: float = Field(gt=1)
    swap_factor: float = Field(gt=0, lt=1)
    swap_frames: int = Field(ge=1)
    far_rad: float = Field(gt=0)

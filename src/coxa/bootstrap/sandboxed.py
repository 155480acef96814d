"""What is done with recordings from outside, in the process made for it (:mod:`coxa.adapters.sandbox`)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coxa import __version__
from coxa.model.errors import SourceError

if TYPE_CHECKING:
    from coxa.app.jobs import AssessRequest, JobFile
    from coxa.app.request import MeasureOptions
    from coxa.app.stream import Progress
    from coxa.bootstrap.assessing import Measured
    from coxa.specs.uploads import UploadRules

#: In the folder of a job.
REQUEST, INPUTS, PHONES, OUTPUTS = "request.json", "in", "phones", "out"
ASSESSED = "assessment"
WORK = "coxa.bootstrap.sandboxed:assess_upload"
#: Reading takes nearly all of the time; writing the report the rest.
_READ_SHARE = 0.92
Tell = Callable[[float, str], None]


def assess_upload(folder: Path, tell: Tell) -> Mapping[str, Any]:
    """Measure and assess what is in a folder; the results are in its folder ``out``.

    Raises:
        CoxaError: a file is not what it should be, or nothing in it can be measured.
    """
    from coxa.adapters.sinks.assessment import write_assessment
    from coxa.adapters.sinks.directory import ResultDirectory
    from coxa.app import assess as use_case
    from coxa.app.jobs import AssessRequest, Role
    from coxa.assess.norms import Person
    from coxa.bootstrap.assessing import case_of
    from coxa.catalog.protocols import library
    from coxa.model.plain import from_plain

    told = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    asked = from_plain(AssessRequest, told["request"], "the request")
    os.chdir(folder / INPUTS)  # files are called by their own names in everything that is said of them
    known, sets = library(), recordings_of(asked.files)
    helped = [[one] for one in _named(asked.files, Role.HELPED)]
    held = []
    for index, sources in enumerate([*sets, *helped]):
        heard = _Heard(tell, index, len(sets) + len(helped))
        held.append(_measured(sources, asked, folder / OUTPUTS / str(index), heard))
    tell(_READ_SHARE, "report")
    done = [
        use_case.Performed(one.motion, one.events, "", index >= len(sets)) for index, one in enumerate(held)
    ]
    person = Person(told.get("age_y"), told.get("sex"))
    found = use_case.run(done, asked.protocol, known, person, asked.sides, {"engine": __version__})
    cases = [case_of(one, known, of, pictures=True) for one, of in zip(found, held, strict=True)]
    cases = [replace(case, helped=did.helped) for case, did in zip(cases, done, strict=True)]
    with ResultDirectory(folder / OUTPUTS / ASSESSED) as results:
        write_assessment(cases, results.path)
        results.commit()
    return {"recordings": len(held)}


def prepare() -> None:
    """Load what will be needed, while the system's libraries can still be had."""
    for name in (
        "av",
        "cv2",
        "scipy.signal",
        "coxa.adapters.keyframes",
        "coxa.adapters.sinks.assessment",
        "coxa.adapters.sinks.overlay",
        "coxa.adapters.sources.video",
        "coxa.adapters.vision.tracker",
        "coxa.app.assess",
        "coxa.app.measure",
        "coxa.bootstrap.assessing",
    ):
        import_module(name)


def recordings_of(files: Sequence[JobFile]) -> list[list[Path]]:
    """Which files are one recording: cameras go together where their places are told, else each is alone.

    Raises:
        SourceError: there is none.
    """
    from coxa.app.jobs import Role

    films = _named(files, Role.RECORDING)
    if not films:
        phones = _named(files, Role.PHONE)
        if not phones:
            raise SourceError("there is no recording among the files", "add a film or another recording")
        return [[_phones(phones)]]
    together = len(films) > 1 and bool(_named(files, Role.CALIBRATION))
    return [films] if together else [[one] for one in films]


def _phones(phones: Sequence[Path]) -> Path:
    """Several are a folder."""
    return phones[0] if len(phones) == 1 else Path(PHONES)


def _named(files: Sequence[JobFile], role: Any) -> list[Path]:
    from coxa.app.jobs import Role

    several = sum(one.role is Role.PHONE for one in files) > 1
    folder = Path(PHONES) if role is Role.PHONE and several else Path()
    return [folder / one.name for one in files if one.role is role]


def _measured(sources: list[Path], asked: AssessRequest, out: Path, heard: _Heard) -> Measured:
    from coxa.adapters import formats
    from coxa.adapters.sinks.memory import Collector
    from coxa.bootstrap.assessing import Measured
    from coxa.bootstrap.measuring import measure_to
    from coxa.catalog.loader import upload_rules

    filmed = not formats.is_recording(sources[0])
    for one in sources:
        if not formats.is_recording(one):
            _require_bounded(one, upload_rules())
    options, collector = _options(asked, sources), Collector()
    measure_to(sources, out, options, False, heard.progress, collector)
    events = () if filmed else formats.open_recording(sources[0], options.reading).sample(1).events
    return Measured(sources[0], collector.motion, events, collector.seen, filmed)


def _options(asked: AssessRequest, sources: Sequence[Path]) -> MeasureOptions:
    from coxa.app.jobs import Role
    from coxa.app.request import MeasureOptions, ReadOptions

    def one_of(role: Role) -> Path | None:
        return next(iter(_named(asked.files, role)), None)

    phones = _named(asked.files, Role.PHONE)
    worn = _phones(phones) if phones and _phones(phones) not in sources else None
    reading = ReadOptions(
        height_m=asked.height_m, calibration=one_of(Role.CALIBRATION), mapping=one_of(Role.MAPPING)
    )
    return MeasureOptions(reading=reading, pose=asked.pose, static=one_of(Role.STATIC), phone=worn)


def _require_bounded(film: Path, rules: UploadRules) -> None:
    """What the container claims, before a picture is decoded.

    Raises:
        SourceError: it is no film, or too large a one.
    """
    from coxa.adapters.sources.video import claimed

    width, height, duration_s = claimed(film)
    if max(width, height) > rules.most_side_px or width * height > rules.most_pixels:
        raise SourceError(
            f"{film}: its pictures are {width} by {height} pixels", "export it smaller: 1280 wide is plenty"
        )
    if duration_s > rules.most_duration_s:
        raise SourceError(
            f"{film} is {duration_s / 60:.0f} minutes long",
            f"cut it: up to {rules.most_duration_s / 60:g} minutes are read, a test takes two",
        )


class _Heard:
    """Progress of one of several recordings, as part of the whole."""

    def __init__(self, tell: Tell, index: int, n: int) -> None:
        self._tell, self._index, self._n = tell, index, n

    def progress(self, at: Progress) -> None:
        """Tell how far it is; of a recording that does not say how long it is, only that it goes on."""
        within = 0.0
        if at.end_s is not None and at.end_s > at.start_s:
            within = min((at.time_s - at.start_s) / (at.end_s - at.start_s), 1.0)
        self._tell(_READ_SHARE * (self._index + within) / self._n, "reading")

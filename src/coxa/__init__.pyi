from coxa.bootstrap import measure as measure
from coxa.bootstrap.cohort import open_cohort as open_cohort
from coxa.model.camera import Camera as Camera
from coxa.model.channels import ImagePoints as ImagePoints
from coxa.model.channels import SegmentOrientations as SegmentOrientations
from coxa.model.channels import SpacePoints as SpacePoints
from coxa.model.errors import AssetError as AssetError
from coxa.model.errors import CoxaError as CoxaError
from coxa.model.errors import NothingToMeasureError as NothingToMeasureError
from coxa.model.errors import OutputError as OutputError
from coxa.model.errors import SourceError as SourceError
from coxa.model.errors import SpecError as SpecError
from coxa.model.motion import Motion as Motion
from coxa.model.motion import Observability as Observability
from coxa.model.recording import Recording as Recording
from coxa.model.recording import Subject as Subject

__version__: str

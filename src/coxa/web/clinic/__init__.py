"""The clinician's way: clients, what each needs, notes, prescriptions."""

from coxa.web.clinic.routes import router

__all__ = ["router"]

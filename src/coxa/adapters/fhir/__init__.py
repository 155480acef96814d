"""A person's record as an FHIR R4B Bundle, and back."""

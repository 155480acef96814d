"""A cohort made readable."""

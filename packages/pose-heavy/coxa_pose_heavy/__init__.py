"""The heavy pose network, as data beside this file. Coxa looks for it here and checks its SHA-256."""

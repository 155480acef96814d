"""The only place where use cases meet their adapters."""

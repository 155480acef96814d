"""Where a cohort comes from and where its table goes: folders, manifests, addresses; parts and datasets."""

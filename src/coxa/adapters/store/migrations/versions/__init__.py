"""One file a schema that was ever released; none is changed afterwards."""

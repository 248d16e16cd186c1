"""TagMarshal lakehouse: golf pace-of-play telemetry from course files to trusted tables."""

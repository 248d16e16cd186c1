"""Data frames as plotly figures. Pure: no query, no page, and no color that only one of light and dark can bear."""

"""A report as one HTML file that needs nothing but itself."""

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from tm_lakehouse.run_report.charts import charts
from tm_lakehouse.run_report.plotly_script import integrity, packed_script
from tm_lakehouse.run_report.report import Report
from tm_lakehouse.sizes import size

MOST_BYTES = 3_000_000
# Long lists are folded, so that a reader sees the next part of the page.
ROWS_SHOWN = 20
# Tables are cut to these, one after the other, while the page is too large.
MOST_ROWS = (300, 50)
PROBLEMS_SHOWN = 12
LONGEST_TEXT = 600
_TEMPLATES = ("report.html", "parts.html")


def render(report: Report) -> str:
    """The page. Every text that comes from data is escaped; the page's policy runs no script but its own two.

    Where it would be too large, long tables are cut, and say so.
    """
    page = _render(report, None)
    for most_rows in MOST_ROWS:
        if len(page.encode()) < MOST_BYTES:
            break
        page = _render(report, most_rows)
    return page


def _render(report: Report, most_rows: int | None) -> str:
    drawn = charts(report)
    script, plotly = _asset("report.js"), packed_script()
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            charts=drawn,
            figures=_json({name: chart.figure for name, chart in drawn.items()}),
            style=_asset("report.css"),
            script=script,
            plotly=plotly,
            policy=_policy(integrity(script.encode()), plotly.integrity),
            rows_shown=ROWS_SHOWN,
            problems_shown=PROBLEMS_SHOWN,
            most_rows=most_rows,
        )
    )


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def at(moment: str | datetime) -> str:
    """A time to the second, in UTC."""
    found = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return f"{found.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def shortened(text: str) -> str:
    """A text that may be of any length, in one that may not."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} … ({len(text):,} characters)"


def share(part: float, whole: float) -> str:
    """A percentage; nothing of nothing is none."""
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _policy(*scripts: str) -> str:
    """Nothing is fetched, and only these scripts run."""
    allowed = " ".join(f"'{each}'" for each in scripts)
    rules = ("default-src 'none'", f"script-src {allowed}", "style-src 'unsafe-inline'", "img-src data:")
    return "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))


def _json(value: Any) -> str:
    """JSON that ends no script element, whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({name: _asset(name) for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "duration": duration,
        "size": size,
        "at": at,
        "shortened": shortened,
        "number": lambda count: f"{count:,}",
        "signed": lambda number: f"{number:+,.2f}",
        "dollars": lambda number: f"${number:,.4f}",
        "spaced": lambda name: name.replace("_", " "),
    }
    environment.globals |= {"share": share}
    return environment


def _asset(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")

"""The report's charts as plotly's figures. Pure.

Colours are names that begin with `--`: the page's script puts the theme's values in their place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tm_lakehouse.run_report.facts import CourseMap, Fix
from tm_lakehouse.run_report.flow import Flow
from tm_lakehouse.run_report.report import Change, ReasonCount, Report, Times
from tm_lakehouse.silver_to_gold.artifacts import NodeResult

MOST_BARS = 15
MOST_COURSES = 20
LONGEST_LABEL = 40
_MARKERS = ("circle", "diamond", "square", "triangle-up")
_COLOURS = ("--first", "--second", "--third", "--fourth")


@dataclass(frozen=True)
class Chart:
    """A figure, what it says in a sentence, and how high it is drawn (pixels)."""

    figure: dict[str, Any]
    says: str
    height: int


def charts(report: Report) -> dict[str, Chart]:
    """Every chart that the report has something for, by its place in the page."""
    found: dict[str, Chart] = {f"flow-{flow.unit}": flow_chart(flow) for flow in report.flows}
    if report.times:
        found["times"] = times_chart(report.times)
    if report.gold and (models := [node for node in report.gold.nodes if node.kind == "model"]):
        found["models"] = models_chart(models)
    if report.quality:
        found["quality"] = quality_chart(report.quality)
    if report.reasons:
        found["quarantine"] = reasons_chart(report.reasons)
    if report.course_map and report.course_map.fixes:
        found["map"] = map_chart(report.course_map)
    return found


def flow_chart(flow: Flow) -> Chart:
    """A bar for each stage, as long as what it holds."""
    names = [stage.name for stage in flow.stages]
    counts = [stage.count for stage in flow.stages]
    trace = _bars(names, counts, "--first") | {"text": [f"{count:,}" for count in counts]}
    said = ", ".join(f"{count:,} {name}" for name, count in zip(names, counts, strict=True))
    return _bar_chart([trace], f"{flow.unit.capitalize()} by stage: {said}.", len(names), flow.unit)


def times_chart(times: Sequence[Times]) -> Chart:
    """A bar for each part of the flow that has a time of its own."""
    shown = [each for each in times if each.began is not None]
    trace = _bars([each.name for each in shown], [each.seconds for each in shown], "--second")
    trace["text"] = [f"{each.seconds:,.1f} s" for each in shown]
    longest = max(shown, key=lambda each: each.seconds)
    says = f"Seconds by part of the flow; {longest.name} took longest, {longest.seconds:,.1f} s."
    return _bar_chart([trace], says, len(shown), "seconds")


def models_chart(models: Sequence[NodeResult]) -> Chart:
    """The slowest models."""
    slowest = sorted(models, key=lambda node: -node.seconds)[:MOST_BARS]
    trace = _bars([node.name for node in slowest], [node.seconds for node in slowest], "--second")
    trace["text"] = [f"{node.seconds:,.1f} s" for node in slowest]
    says = f"Seconds of dbt's {len(slowest)} slowest models; {slowest[0].name} took {slowest[0].seconds:,.1f} s."
    return _bar_chart([trace], says, len(slowest), "seconds")


def quality_chart(quality: Sequence[Change]) -> Chart:
    """The lowest scores, with what they were before."""
    known = [each for each in quality if each.score.total is not None]
    lowest = sorted(known, key=lambda each: (each.score.total or 0, each.score.course_id))[:MOST_COURSES]
    names = [each.score.course_id for each in lowest]
    now = _bars(names, [each.score.total for each in lowest], "--first") | {"name": "this run"}
    now["text"] = [f"{each.score.total:.1f}" for each in lowest]
    before = {
        "type": "scatter", "mode": "markers", "name": "the run before", "hoverinfo": "skip",
        "x": [each.before for each in lowest], "y": [_short(name) for name in names],
        "marker": {"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": "--fourth"}},
    }  # fmt: skip
    traces = [now, before] if any(each.before is not None for each in lowest) else [now]
    which = f"the {len(lowest)} lowest of {len(quality)} courses" if len(lowest) < len(quality) else "every course"
    chart = _bar_chart(traces, f"Data quality score, 0 to 100, of {which}.", len(lowest), "score, 0 to 100")
    chart.figure["layout"]["xaxis"] |= {"range": [0, 112], "tickvals": [0, 20, 40, 60, 80, 100]}
    chart.figure["layout"] |= {"showlegend": len(traces) > 1, "barmode": "overlay"}
    return chart


def reasons_chart(reasons: Sequence[ReasonCount]) -> Chart:
    """Lines of the quarantine by reason."""
    trace = _bars([each.reason for each in reasons], [each.lines for each in reasons], "--third")
    trace["text"] = [f"{each.lines:,}" for each in reasons]
    says = f"Quarantined lines by reason: {', '.join(f'{each.lines:,} {each.reason}' for each in reasons)}."
    return _bar_chart([trace], says, len(reasons), "lines")


def map_chart(course_map: CourseMap) -> Chart:
    """Fixes where they lie, with one degree north as long as one degree east is on the ground."""
    middle = sum(fix.latitude for fix in course_map.fixes) / len(course_map.fixes)
    nines = sorted({fix.nine_number or 0 for fix in course_map.fixes})
    traces = [
        _fixes(place, nine, [fix for fix in course_map.fixes if (fix.nine_number or 0) == nine])
        for place, nine in enumerate(nines)
    ]
    axis = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": "", "title": {"text": ""}}
    layout = _layout() | {
        "xaxis": axis | {"constrain": "domain"},
        "yaxis": axis | {"scaleanchor": "x", "scaleratio": 1 / max(0.01, math.cos(math.radians(middle)))},
        "showlegend": True,
        "hovermode": "closest",
        "annotations": _hole_numbers(course_map.fixes),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
    }
    says = f"{len(course_map.fixes):,} fixes of {course_map.course_id}, by nine; numbers stand where the holes are."
    return Chart({"data": traces, "layout": layout}, says, 520)


def _fixes(place: int, nine: int, fixes: Sequence[Fix]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"nine {nine}" if nine else "no nine",
        "x": [round(fix.longitude, 6) for fix in fixes],
        "y": [round(fix.latitude, 6) for fix in fixes],
        "text": [f"hole {fix.hole_number}" if fix.hole_number else "no hole" for fix in fixes],
        "hovertemplate": "%{text}<br>%{y:.5f}, %{x:.5f}<extra></extra>",
        "marker": {
            "color": _COLOURS[place % len(_COLOURS)],
            "symbol": _MARKERS[place % len(_MARKERS)],
            "size": 5,
            "opacity": 0.65,
        },
    }


def _hole_numbers(fixes: Sequence[Fix]) -> list[dict[str, Any]]:
    """Each hole's number at the median of its fixes."""
    holes: dict[tuple[int, int], list[Fix]] = {}
    for fix in fixes:
        if fix.hole_number:
            holes.setdefault((fix.nine_number or 0, fix.hole_number), []).append(fix)
    return [
        {
            "x": sorted(fix.longitude for fix in found)[len(found) // 2],
            "y": sorted(fix.latitude for fix in found)[len(found) // 2],
            "text": str(hole),
            "showarrow": False,
            "font": {"color": "--ink", "size": 12},
            "bgcolor": "--card",
            "bordercolor": "--line",
            "borderpad": 2,
        }
        for (_, hole), found in sorted(holes.items())
    ]


def _bars(names: Sequence[str], values: Sequence[float | None], colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [_short(name) for name in names],
        "x": list(values),
        "marker": {"color": colour},
        "textposition": "auto",
        "insidetextfont": {"color": "--card"},
        "outsidetextfont": {"color": "--ink"},
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:,}<extra></extra>",
    }


def _bar_chart(traces: list[dict[str, Any]], says: str, bars: int, unit: str) -> Chart:
    layout = _layout() | {
        "xaxis": {"title": {"text": unit}, "gridcolor": "--line", "zerolinecolor": "--line", "fixedrange": True},
        "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "ticks": "", "type": "category"},
        "showlegend": False,
        "bargap": 0.35,
    }
    return Chart({"data": traces, "layout": layout}, says, 90 + 34 * max(1, bars))


def _layout() -> dict[str, Any]:
    return {
        "font": {"color": "--ink", "family": "system-ui, sans-serif", "size": 13},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 24, "t": 8, "b": 44},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    }


def _short(name: str) -> str:
    """plotly reads a few HTML tags in its texts; names from data are none."""
    cut = name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

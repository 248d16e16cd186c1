"""The page: whole, safe whatever the data hold, small, and to be read in either theme."""

import base64
import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from planted_run import AT, ERIN, PINE, facts, glue_run, gold_summary, node, quarantined, summary

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run_records import Failure
from tm_lakehouse.run_report import page
from tm_lakehouse.run_report.facts import CourseMap, Fix, Quarantined, Score, SilverRun, Unread
from tm_lakehouse.run_report.page import MOST_BYTES, render
from tm_lakehouse.run_report.plotly_script import integrity, packed_script
from tm_lakehouse.run_report.report import build_report

HOSTILE = """</script><script>alert(1)</script><img src=x onerror=alert(2)>"'`--ink{{7*7}}{% raw %}<!--\u2028]]>&lt;"""
CONTRAST = 4.5


class Elements(HTMLParser):
    """What a browser's parser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text: list[str] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if self._inside and self._inside[-1] == "script":
            self.scripts[-1] += data
        else:
            self.text.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(**changes):
    return render(build_report(facts(**changes)))


def everything_hostile():
    """A run in which each text that comes from data tries to break out."""
    course = Prefix(HOSTILE, ERIN.ingest_date)
    told = summary(
        course, unreadable_values={HOSTILE: 1}, unknown_columns={HOSTILE: 1}, quarantine_reasons={HOSTILE: 4},
        code_version=HOSTILE, stage_seconds={HOSTILE: 1.0},
    )  # fmt: skip
    failure = Failure("jr_1", HOSTILE, "2025-09-01", "2025-09-01T06:02:00+00:00", HOSTILE)
    nodes = (node(HOSTILE, status="error", message=HOSTILE), node(HOSTILE, "test", "fail", failures=1, message=HOSTILE))
    line = quarantined(course_id=HOSTILE, reason=HOSTILE, source_file=HOSTILE, row_json=None, raw_text=HOSTILE)
    return facts(
        run_id=HOSTILE, environment=HOSTILE, earlier_run_id=HOSTILE,
        silver=(SilverRun(glue_run(run_id=HOSTILE, state=HOSTILE, message=HOSTILE), (told,), (failure,)),),
        gold=gold_summary(succeeded=False, nodes=nodes, reason=HOSTILE, dbt_version=HOSTILE, run_id=HOSTILE),
        scores=(Score(HOSTILE, 1, 1, 1, 1, 1),),
        quarantined=Quarantined({}, {}, (line,)),
        course_map=CourseMap(HOSTILE, (Fix(1, 1, 1, 1),)),
        links={HOSTILE: HOSTILE, "script": "javascript:alert(3)"},
        unread=(Unread(HOSTILE, HOSTILE),),
    )  # fmt: skip


def test_the_page_holds_its_figures_and_every_part():
    found = Elements(page_of())
    text = " ".join(" ".join(found.text).split())

    for said in ("Succeeded", "every one is accounted for", "1,200", "98.10", "coordinates out of bounds", "-1.25",
                 "000002", "1.11.16", "$0.0295"):  # fmt: skip
        assert said in text
    assert {attributes.get("id") for attributes in found.of("section")} >= {
        "flow", "time", "gold", "quality", "map", "quarantine", "cost", "details"
    }  # fmt: skip


def test_a_sound_page_shows_nothing_as_wrong():
    found = Elements(page_of())

    assert not [each for _, each in found.tags if "wrong" in (each.get("class") or "").split()]
    assert "does not hold" not in found.text


def test_hostile_texts_stay_texts():
    text = render(build_report(everything_hostile()))
    found, sound = Elements(text), Elements(page_of())

    assert {tag for tag, _ in found.tags} <= {tag for tag, _ in sound.tags}
    assert len(found.scripts) == len(sound.scripts) == 3
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    assert all(
        each["href"].startswith(("#", "http://", "https://", "data:,")) for each in found.of("a") + found.of("link")
    )
    assert "javascript:alert(3)" in found.text
    assert "{{7*7}}" in text
    assert len([each for each in found.text if HOSTILE in each]) >= 15


def test_figures_are_json_that_ends_no_script_and_gives_plotly_no_tags():
    text = render(build_report(everything_hostile()))
    figures = Elements(text).scripts[0]

    assert not set(figures) & set("<>&\u2028")
    drawn = json.loads(figures)
    assert drawn["quality"]["data"][0]["y"][0].startswith("&lt;/script&gt;")


def test_only_the_pages_own_scripts_may_run_and_nothing_is_fetched():
    text = page_of()
    found = Elements(text)
    (policy,) = [each["content"] for each in found.of("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert rules["default-src"] == "'none'"
    allowed = set(rules["script-src"].split())
    plotly = gzip.decompress(base64.b64decode(found.scripts[1]))
    assert allowed == {f"'{integrity(found.scripts[2].encode())}'", f"'{integrity(plotly)}'"}
    assert not [each for each in found.of("script") if "src" in each]
    assert found.of("img") == found.of("iframe") == []
    assert "url(" not in text[text.index("<style>") : text.index("</style>")]
    assert "@import" not in text


def test_the_script_in_it_is_plotlys_own():
    assert re.fullmatch(r"\d+\.\d+\.\d+", packed_script().version)
    assert b"plotly.js v" in gzip.decompress(base64.b64decode(packed_script().packed))[:200]


def large_run():
    """A run as large as one may be: a thousand deliveries of 650 courses, every model and test, a full map."""
    courses = [f"course-number-{number:03}" for number in range(650)]
    told = tuple(
        summary(
            Prefix(courses[number % 650], ERIN.ingest_date.replace(day=1 + number // 650)),
            unknown_columns={f"new{number}": 1},
        )
        for number in range(1_000)
    )
    nodes = tuple(
        node(f"model_or_test_with_a_long_name_{number}", "test", "fail", message="Got 12 results " * 60)
        for number in range(250)
    )
    lines = tuple(quarantined(row_json="x" * 60_000) for _ in range(15))
    fixes = tuple(
        Fix(-80.1234567 + number / 1e5, 25.7654321, 1 + number % 3, 1 + number % 9) for number in range(3_000)
    )
    return facts(
        silver=(SilverRun(glue_run(prefixes=(ERIN,) * 1_000), told),), gold=gold_summary(succeeded=False, nodes=nodes),
        quarantined=Quarantined({}, {}, lines),
        scores=tuple(Score(course, 90.123, 80.1, 70.1, 60.1, 79.51) for course in courses),
        earlier_scores=tuple(Score(course, 90.1, 80.1, 70.1, 60.1, 78.2) for course in courses),
        course_map=CourseMap("course-number-001", fixes),
    )  # fmt: skip


def test_the_largest_run_makes_a_page_of_less_than_three_megabytes():
    size = len(render(build_report(large_run())).encode())

    assert 2_000_000 < size < MOST_BYTES


def test_whatever_a_run_told_its_page_stays_below_and_says_what_it_leaves_out():
    """Nothing in a run is longer than the largest of these, but for what plotly and the map take."""
    long = "x" * 5_000
    failures = tuple(Failure("jr_1", f"{number}{long}", "2025-09-01", "", long) for number in range(1_000))
    told = summary(ERIN, unknown_columns={f"{number}{long}": 1 for number in range(3_000)})
    planted = replace(large_run(), silver=(SilverRun(glue_run(state="FAILED"), (told,), failures),))

    text = render(build_report(planted))

    assert len(text.encode()) < MOST_BYTES
    assert "The first 50 of 3,000; all are in report.json" in " ".join(Elements(text).text)
    assert "The first" not in page_of()


@pytest.mark.parametrize(
    "changes",
    [
        {"gold": None, "gold_counts": None, "publication": None, "scores": None, "earlier_scores": None},
        {"silver": (), "landed": None, "quarantined": None, "silver_counts": None, "seen_by_gold": None},
        {"quarantined": None},
        {"quarantined": Quarantined()},
        {"silver": (SilverRun(glue_run(state="FAILED", finished_at=None, seconds=0.0)),), "gold": None},
        {"earlier_scores": None, "earlier_run_id": None},
        {"scores": (), "course_map": CourseMap("erinhills", ())},
        {"publication": None},
    ],
    ids=["no Gold", "Gold only", "not read", "nothing set aside", "failed", "first", "empty", "not published"],
)  # fmt: skip
def test_parts_that_are_not_there_leave_a_page_that_says_so(changes):
    found = Elements(page_of(**changes))

    drawn = json.loads(found.scripts[0])
    places = {each["id"] for each in found.of("div") if each.get("role") == "img"}
    assert places == {f"chart-{name}" for name in drawn}
    assert not [text for text in found.text if "None" in text]


def test_charts_are_told_in_words_and_tables_can_be_reached_and_are_named():
    found = Elements(page_of())
    ids = {attributes.get("id") for _, attributes in found.tags}

    assert all(each["aria-labelledby"] in ids for each in found.of("div") if each.get("role") == "img")
    scrolled = [each for each in found.of("div") if each.get("class") == "scroll"]
    assert len(scrolled) == len(found.of("table")) == len(found.of("caption")) > 10
    assert {(each["tabindex"], each["role"]) for each in scrolled} == {("0", "region")}
    assert all(each.get("aria-label") for each in scrolled)
    assert found.of("html") == [{"lang": "en"}]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_of_texts_stand_out_from_what_they_stand_on(theme):
    style = files(page.__package__).joinpath("page", "report.css").read_text()
    blocks = re.findall(r":root \{([^}]*)\}", style)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0]))
    if theme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[1]))
    pairs = [(text, ground) for text in ("ink", "soft", "link", "bad-ink") for ground in ("paper", "card")]
    pairs += [(f"{kind}-ink", kind) for kind in ("good", "bad", "unknown")]
    # Bars carry their values in the card's colour.
    pairs += [("card", bar) for bar in ("first", "second", "third")]

    low = {pair: _contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < CONTRAST} == {}


def _contrast(one, other):
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_times_and_durations_are_told_as_people_say_them():
    assert [page.duration(each) for each in (3.21, 90, 3_700)] == ["3.2 s", "1 min 30 s", "1 h 1 min"]
    assert page.at("2025-09-01T08:00:00+02:00") == page.at(AT) == "2025-09-01 06:00:00 UTC"


def test_a_map_is_as_wide_as_the_ground():
    drawn = json.loads(
        Elements(page_of(course_map=CourseMap("x", (Fix(10, 60, 1, 1), Fix(11, 60, None, None))))).scripts[0]
    )

    assert drawn["map"]["layout"]["yaxis"]["scaleratio"] == pytest.approx(2.0)
    assert [trace["name"] for trace in drawn["map"]["data"]] == ["no nine", "nine 1"]


def test_the_same_run_gives_the_same_page():
    report = build_report(facts())

    assert render(report) == render(replace(report))
    assert PINE.course_id in render(report)

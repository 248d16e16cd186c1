"use strict";

const NARROW_PX = 560;

// Names of colours in the figures stand for the theme's values.
function themed(value, theme, key) {
  if (Array.isArray(value)) return value.map((each) => themed(each, theme, key));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, themed(each, theme, name)]));
  const isColour = /color$/.test(key || "") && typeof value === "string" && value.startsWith("--");
  return isColour ? theme.getPropertyValue(value).trim() : value;
}

function draw(figures) {
  const theme = getComputedStyle(document.documentElement);
  const isTouched = matchMedia("(pointer: coarse)").matches;
  for (const [name, figure] of Object.entries(figures)) {
    const { data, layout } = themed(figure, theme);
    // On a phone long names would leave no room for their bars.
    if (layout.yaxis.type === "category" && innerWidth < NARROW_PX) {
      layout.yaxis.tickvals = data[0].y;
      layout.yaxis.ticktext = data[0].y.map((name) => (name.length > 18 ? `${name.slice(0, 17)}…` : name));
    }
    // A finger that scrolls the page must not drag the chart.
    layout.dragmode = name === "map" && !isTouched ? "zoom" : false;
    Plotly.react(`chart-${name}`, data, layout, { displayModeBar: false, responsive: true });
  }
}

async function unpacked(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (each) => each.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

async function main() {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  if (typeof DecompressionStream === "undefined") {
    document.documentElement.classList.add("plain");
    return;
  }
  const script = document.createElement("script");
  script.textContent = await unpacked("plotly");
  document.head.append(script);
  draw(figures);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(figures));
}

main();

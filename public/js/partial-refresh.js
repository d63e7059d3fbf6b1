// Partial refresh: elements with `data-refresh-on` are fetched again when what they name has changed (`stats`, `rewards`,
// `codes`, or one code as `codes:ID`), those with `data-refresh-asleep` only where no island is awake to follow by itself;
// and the whole page is loaded again when settings of the program have changed. `live.js` tells.
const { settings } = document.querySelector("script[data-who]").dataset;
const { idiomorph } = document.querySelector("script[data-idiomorph]").dataset;

// In milliseconds: the server counts what changed at once together, so the first request waits for it; further ones keep
// their distance; and the last one is for what is counted once a minute.
const DEBOUNCE = 300;
const INTERVAL = 2000;
const LATER = 60000;

let changes = 0;
let busy = false;
let later;
const latest = {};
let written = false;

const pause = (wait) => new Promise((resolve) => setTimeout(resolve, wait));
const visible = () =>
  document.hidden && new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));

// Which attributes count now. Islands that are awake know their elements: these must stay.
const attributesNow = () => (document.documentElement.dataset.awake ? ["refreshOn"] : ["refreshOn", "refreshAsleep"]);
const selectors = { refreshOn: "[data-refresh-on]", refreshAsleep: "[data-refresh-asleep]" };

function concerns(kind, data) {
  const ids = kind === "codes" ? JSON.parse(data) : null;
  const named = (name) => [...document.querySelectorAll(selectors[name])].map(({ dataset }) => dataset[name]);
  return attributesNow()
    .flatMap(named)
    .some((what) => {
      const [followed, id] = what.split(":");
      return followed === kind && (!id || !ids || ids.includes(Number(id)));
    });
}

// Fetches the parts again until nothing has changed since.
async function refreshAll() {
  changes += 1;
  if (busy) return;
  busy = true;
  clearTimeout(later);
  for (let seen; seen !== changes; await pause(INTERVAL)) {
    await pause(DEBOUNCE);
    await visible();
    seen = changes;
    await refresh();
  }
  busy = false;
  later = setTimeout(refresh, LATER);
}

async function refresh() {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const { Idiomorph } = await import(idiomorph);
    for (const name of attributesNow()) {
      const parts = page.querySelectorAll(selectors[name]);
      document.querySelectorAll(selectors[name]).forEach((part, place) => {
        if (parts[place]) Idiomorph.morph(part, parts[place], { callbacks });
      });
    }
  } catch {
    // Without a network the next change asks again.
  }
}

const CHOSEN = ["class", "aria-valuenow", "aria-valuetext"];

const callbacks = {
  // What somebody has unfolded stays so, as does the value of a chart that somebody has gone to.
  beforeAttributeUpdated: (name, element) =>
    name !== "open" && !(CHOSEN.includes(name) && element.closest(".points:focus")),
  beforeNodeMorphed(old, now) {
    if (old.nodeType === Node.TEXT_NODE && old.data !== now.data) showChange(old);
  },
};

// A number shows that it has changed.
function showChange(text) {
  const place = text.parentElement.closest(".stat > dd:not(.note), .tile > .value");
  if (!place) return;
  place.classList.remove("changed");
  void place.offsetWidth;
  place.classList.add("changed");
}

// Settings may change anything on a page: it is loaded anew, but not while somebody writes, and once for each change.
function reloadPage(version) {
  const seen = `${version} ${location.pathname}`;
  if (written || sessionStorage.passalongSettings === seen) return;
  if (document.activeElement?.matches("input:not([readonly]), textarea, select")) {
    document.addEventListener("focusout", () => setTimeout(reloadPage, 0, version), { once: true });
    return;
  }
  sessionStorage.passalongSettings = seen;
  location.reload();
}

function follow(kind, data) {
  const changed = () => concerns(kind, data) && refreshAll();
  if (kind === "codes") return changed();
  // The first numbers and rewards are those that the page was made with.
  const known = latest[kind];
  latest[kind] = data;
  if (known !== undefined && known !== data) changed();
}

document.addEventListener("input", ({ target }) => (written ||= target.form?.method === "post"));
for (const kind of ["stats", "rewards", "codes"]) window.addEventListener(`passalong:${kind}`, ({ detail }) => follow(kind, detail));
window.addEventListener("passalong:settings", ({ detail }) => {
  const { version } = JSON.parse(detail);
  if (settings && settings !== version) reloadPage(version);
});

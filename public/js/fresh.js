// A page follows the news that `live.js` hears: elements with `data-fresh` are taken anew from the server when what they
// name has moved (`stats`, `codes`, or one code as `codes:ID`), and the whole page when settings of the program have.
const { settings } = document.querySelector("script[data-who]").dataset;

// In milliseconds: the server counts what moved at once together, so that the question waits for it; further ones keep
// their distance; and the last one is for what is counted in the background.
const REST = 300;
const PACE = 2000;
const LATER = 60000;

let moved = 0;
let busy = false;
let later;
let numbers;
let written = false;

const pause = (wait) => new Promise((resolve) => setTimeout(resolve, wait));
const visible = () =>
  document.hidden && new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));

function concerns(kind, data) {
  const ids = kind === "codes" ? JSON.parse(data) : null;
  return [...document.querySelectorAll("[data-fresh]")].some(({ dataset }) => {
    const [followed, id] = dataset.fresh.split(":");
    return followed === kind && (!id || !ids || ids.includes(Number(id)));
  });
}

// Takes the parts anew until nothing has moved since.
async function catchUp() {
  moved += 1;
  if (busy) return;
  busy = true;
  clearTimeout(later);
  for (let seen; seen !== moved; await pause(PACE)) {
    await pause(REST);
    await visible();
    seen = moved;
    await take();
  }
  busy = false;
  later = setTimeout(take, LATER);
}

async function take() {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const parts = page.querySelectorAll("[data-fresh]");
    document.querySelectorAll("[data-fresh]").forEach((part, place) => parts[place] && morph(part, parts[place]));
  } catch {
    // Without a network the next news asks again.
  }
}

// Makes a node like another and leaves alone what is the same: what has the focus, what is selected or unfolded.
function morph(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeType === Node.TEXT_NODE && now.nodeType === Node.TEXT_NODE) return rewrite(old, now.data);
  if (old.nodeName !== now.nodeName || old.nodeType !== Node.ELEMENT_NODE) return old.replaceWith(now);
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !now.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of now.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const [had, has] = [[...old.childNodes], [...now.childNodes]];
  has.forEach((child, place) => (had[place] ? morph(had[place], child) : old.append(child)));
  had.slice(has.length).forEach((child) => child.remove());
}

// A number shows that it has changed.
function rewrite(text, data) {
  text.data = data;
  const place = text.parentElement.closest(".stat > dd:not(.note)");
  if (!place) return;
  place.classList.remove("changed");
  void place.offsetWidth;
  place.classList.add("changed");
}

// Settings may change anything on a page: it is loaded anew, but not while somebody writes, and once for each change.
function renew(version) {
  const seen = `${version} ${location.pathname}`;
  if (written || sessionStorage.passalongSettings === seen) return;
  if (document.activeElement?.matches("input:not([readonly]), textarea, select")) {
    document.addEventListener("focusout", () => setTimeout(renew, 0, version), { once: true });
    return;
  }
  sessionStorage.passalongSettings = seen;
  location.reload();
}

function follow(kind, data) {
  const news = () => concerns(kind, data) && catchUp();
  if (kind !== "stats") return news();
  // The first numbers are those that the page was made with.
  const known = numbers;
  numbers = data;
  if (known !== undefined && known !== data) news();
}

document.addEventListener("input", ({ target }) => (written ||= target.form?.method === "post"));
for (const kind of ["stats", "codes"]) window.addEventListener(`passalong:${kind}`, ({ detail }) => follow(kind, detail));
window.addEventListener("passalong:settings", ({ detail }) => {
  const { version } = JSON.parse(detail);
  if (settings && settings !== version) renew(version);
});

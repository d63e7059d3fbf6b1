// What works before the islands are awake, and without them: copying, the device's share sheet, and forms that are sent
// once. It may run before the page is whole, so it listens on the window only.
const { sending } = document.querySelector("script[data-sending]").dataset;

// How long "Copied" stays, after which time a button says that it is busy, and after which a form can be sent again.
const SAID = 3000;
const QUICK = 400;
const GIVEN_UP = 30000;

const labels = new Map();
const timers = new Map();
const sent = new Map();

function say(button, text) {
  if (!labels.has(button)) labels.set(button, [...button.childNodes]);
  button.replaceChildren(text);
}

function restore(button) {
  if (labels.has(button)) button.replaceChildren(...labels.get(button));
  labels.delete(button);
}

// For those who hear the page: in the place that waits for it, else in a new one.
function announce(button, text) {
  let place = button.parentElement.querySelector(":scope > [role=status]");
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "unseen" });
    place.setAttribute("role", "status");
    button.after(place);
  }
  requestAnimationFrame(() => (place.textContent = text));
}

// Pages on plain http have no clipboard: there a selection is copied.
function copySelection(text) {
  const field = Object.assign(document.createElement("textarea"), { className: "unseen", value: text, readOnly: true });
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

// `data-copy` is the id of what is copied, `data-copied` says that it was, `data-by-hand` what to do when it could not be.
async function copy(button) {
  const { copy, copied, byHand } = button.dataset;
  const source = document.getElementById(copy);
  const text = source.value ?? source.textContent.trim();
  const done = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
    () => true,
    () => copySelection(text),
  );
  button.focus();
  if (!done) getSelection().selectAllChildren(source);
  const words = done ? copied : byHand;
  say(button, words);
  announce(button, words);
  clearTimeout(timers.get(button));
  const quiet = () => {
    restore(button);
    announce(button, "");
  };
  timers.set(button, setTimeout(quiet, SAID));
}

// `data-share` is an address, `data-text` what is said with it. Closing the sheet is no error.
function share({ dataset }) {
  navigator.share({ text: dataset.text, url: dataset.share }).catch(() => {});
}

function release(form) {
  const { button, timers } = sent.get(form);
  timers.forEach(clearTimeout);
  sent.delete(form);
  if (!button) return;
  restore(button);
  button.removeAttribute("aria-disabled");
}

addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-copy], [data-share]");
  if (button?.dataset.copy) copy(button);
  else if (button) share(button);
});

// What an island sends itself is its own affair.
addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (sent.has(form)) return event.preventDefault();
  button?.setAttribute("aria-disabled", "true");
  const busy = () => button?.matches(".button") && say(button, sending);
  sent.set(form, { button, timers: [setTimeout(busy, QUICK), setTimeout(release, GIVEN_UP, form)] });
});

// Back from the next page, it can be sent again.
addEventListener("pageshow", ({ persisted }) => persisted && [...sent.keys()].forEach(release));

const address = new URL(location);
const done = address.searchParams.get("done");

// A reload must not say once more what was done.
if (done !== null) {
  address.searchParams.delete("done");
  history.replaceState(history.state, "", address);
}

// The other pages of whoever has left hear it: see `live.js`.
if (["signed-out", "deleted"].includes(done) && "BroadcastChannel" in window) {
  const channel = new BroadcastChannel("passalong-session");
  channel.postMessage(done);
  channel.close();
}

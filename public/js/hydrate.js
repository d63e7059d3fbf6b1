// Wakes the islands of a page: when the browser is idle, or when something that `data-wake` matches has the focus.
const { js, wasm, wake } = document.querySelector("script[data-js]").dataset;

// Half a date and time is sent as nothing at all, which would mean "never": the browser says what is missing instead.
addEventListener(
  "submit",
  (event) => {
    const half = [...event.target.elements].find((field) => field.validity?.badInput && field.checkVisibility());
    if (!half) return;
    event.preventDefault();
    event.stopPropagation();
    half.reportValidity();
  },
  { capture: true },
);

let waking;

async function wakeAll() {
  const islands = await import(js);
  await islands.default({ module_or_path: wasm });
  islands.hydrate();
  for (const island of document.querySelectorAll("leptos-island")) {
    // An island in another one's children belongs to that one's reactive owner.
    island.parentElement.closest("leptos-children")?.$$on_hydrate?.();
    try {
      islands[island.dataset.component](island);
    } catch (error) {
      console.error(error);
    }
  }
  document.documentElement.dataset.awake = "true";
}

function start() {
  waking ??= wakeAll().catch((error) => {
    waking = undefined;
    console.error(error);
  });
}

if (wake) {
  document.addEventListener("focusin", (event) => event.target.matches(wake) && start());
  if (document.activeElement?.matches(wake)) start();
} else if ("requestIdleCallback" in window) {
  requestIdleCallback(start, { timeout: 1000 });
} else {
  setTimeout(start, 1);
}

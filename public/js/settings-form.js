// The form of the settings: says how many differ from what is stored, warns before they are lost, and shows the program's
// colour while it is chosen.
const form = document.getElementById("settings-form");
const saved = JSON.parse(form.dataset.saved);
const status = form.querySelector(".save [role=status]");

let sent = false;

// A field of one line has no line breaks, whatever is stored.
const shown = (name, stored) =>
  form.elements.namedItem(name)?.type === "textarea" ? stored : stored.replace(/[\r\n]/g, "");

function value(name) {
  const field = form.elements.namedItem(name);
  if (!field) return undefined;
  return field.type === "checkbox" ? (field.checked ? field.value : "") : field.value;
}

function unsaved() {
  return Object.entries(saved).filter(([name, stored]) => {
    const now = value(name);
    return now !== undefined && now !== shown(name, stored);
  }).length;
}

function tell() {
  const count = unsaved();
  const text = count === 1 ? status.dataset.one : status.dataset.many.replace("#", count);
  status.textContent = count ? text : "";
}

form.addEventListener("input", tell);
form.addEventListener("change", tell);
form.addEventListener("submit", () => (sent = true));
// Back in this page from the browser's memory, it can be lost again.
window.addEventListener("pageshow", () => {
  sent = false;
  tell();
});
window.addEventListener("beforeunload", (event) => {
  if (!sent && unsaved()) event.preventDefault();
});
tell();

const HEX = /^#[0-9a-f]{6}$/i;
const TOKEN = /(--[a-z-]+):([^;}]+)/g;

// The server knows how it will change a colour so that everybody can read it: the preview has its tokens.
for (const picker of form.querySelectorAll("[data-color-of]")) {
  const field = document.getElementById(picker.dataset.colorOf);
  const preview = form.querySelector(`[data-preview-of="${picker.dataset.colorOf}"]`);
  let timer;
  let shown;

  async function show(color) {
    if (shown === color) return;
    shown = color;
    try {
      const answer = await fetch(`/theme/${color.slice(1)}.css`);
      if (!answer.ok || shown !== color) return;
      for (const [, token, shades] of (await answer.text()).matchAll(TOKEN)) preview.style.setProperty(token, shades);
    } catch {
      // Without a network the preview stays as it was.
    }
  }

  function follow() {
    const text = field.value.trim();
    if (text && !HEX.test(text)) return;
    const color = (text || picker.dataset.standard).toLowerCase();
    if (picker.value !== color) picker.value = color;
    clearTimeout(timer);
    timer = setTimeout(show, 100, color);
  }

  field.addEventListener("input", follow);
  picker.addEventListener("input", (event) => {
    event.stopPropagation();
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  follow();
}

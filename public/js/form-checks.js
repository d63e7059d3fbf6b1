// Says while a form is filled in what sending it would be refused for: about the fields that somebody has changed.
const DEBOUNCE = 400;

for (const form of document.querySelectorAll("form[data-checks]")) {
  const changed = new Set();
  let timer;
  let requestId = 0;

  async function check() {
    const mine = ++requestId;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.checks, { method: "POST", body });
      if (!answer.ok) return;
      const wrong = await answer.json();
      if (mine !== requestId) return;
      for (const field of changed) {
        // The beginning of a suggestion is not wrong while somebody may still choose it.
        const choosing = field.list && field === document.activeElement;
        show(field, choosing ? "" : wrong.find((one) => one.field === field.name)?.message);
      }
    } catch {
      // Sending the form will tell.
    }
  }

  function touched({ target }) {
    changed.add(target);
    clearTimeout(timer);
    timer = setTimeout(check, DEBOUNCE);
  }

  form.addEventListener("input", touched);
  // When somebody leaves a field.
  form.addEventListener("change", touched);
}

// The message stays where the server would put it. One that was there is kept, empty, for the island it may belong to.
function show(field, message = "") {
  const id = `${field.id}-error`;
  let place = document.getElementById(id);
  if (!place) {
    if (!message) return;
    place = document.createElement("p");
    place.id = id;
    place.className = "error";
    place.setAttribute("role", "status");
    field.closest(".field").append(place);
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby") ?? "", id].join(" ").trim());
  }
  if (place.textContent !== message) place.textContent = message;
  if (message) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

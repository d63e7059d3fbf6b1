// Values of charts by keyboard: the arrow keys move from one step of the time to the next.
document.addEventListener("keydown", (event) => {
  const values = event.target.closest?.(".points");
  if (!values) return;
  const points = [...values.children];
  const at = points.findIndex((point) => point.classList.contains("shown"));
  const end = points.length - 1;
  const moves = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: end };
  if (!(event.key in moves)) return;
  event.preventDefault();
  const next = Math.min(Math.max(moves[event.key], 0), end);
  points[at]?.classList.remove("shown");
  points[next].classList.add("shown");
  values.ariaValueNow = next + 1;
  values.ariaValueText = [...points[next].querySelectorAll(".tip > *")].map((part) => part.textContent).join(", ");
});

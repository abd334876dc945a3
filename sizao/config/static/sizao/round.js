/* The day's round: once an outcome is recorded, the focus goes on to the next contact still to be followed up. */

const isOpen = (card) => card.querySelector(".outcomes") !== null;

/** The open card after this one; past the last, the first that was left out. */
function next(card) {
  const cards = [...document.querySelectorAll(".visit")];
  const place = cards.indexOf(card);
  return [...cards.slice(place + 1), ...cards.slice(0, place)].find(isOpen);
}

function goTo(card) {
  card.querySelector("h3 a").focus({ preventScroll: true });
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

document.addEventListener("htmx:afterSettle", (event) => {
  const card = document.getElementById(event.detail.target.id);
  if (!card?.classList.contains("visit")) return;
  const status = document.querySelector("#round-status");
  const to = isOpen(card) ? card : next(card); // open again: the outcome was taken back
  if (to) {
    status.textContent = to === card ? "" : status.dataset.next;
    goTo(to);
  } else {
    status.textContent = status.dataset.done;
    status.focus();
  }
});

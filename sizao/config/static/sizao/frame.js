/* What every page does beyond HTML: menus close again, one box checks all, errors take the focus. */

const menus = () => document.querySelectorAll("details.menu[open], details.more[open]");

function closeMenus(except) {
  for (const menu of menus()) if (!menu.contains(except) && !menu.querySelector("input:checked")) menu.open = false;
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset.checkAll;
  if (!name) return;
  const form = event.target.form || document;
  for (const box of form.querySelectorAll(`input[type=checkbox][name="${name}"]`)) box.checked = event.target.checked;
});

document.addEventListener("change", (event) => {
  if ("submitOnChange" in event.target.dataset) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.querySelector(".error-summary")?.focus();
document.querySelector(".incident-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

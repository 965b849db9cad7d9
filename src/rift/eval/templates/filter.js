// Filters the documents by error class and label, counts what is left, and opens what a link leads to.
"use strict";
const form = document.getElementById("filters");
const list = document.getElementById("list");
const documents = [...list.querySelectorAll(":scope > details")].map((element) => ({
  element,
  found: new Map([...element.querySelectorAll("[data-system]")].map((part) => [
    part.dataset.system,
    part.dataset.found.split(";").filter(Boolean).map((error) => error.split(" ")),
  ])),
}));
const boxes = [...form.querySelectorAll("[type=checkbox]")];

function chosen(name) {
  return new Set(boxes.filter((box) => box.name === name && box.checked).map((box) => box.value));
}

function apply() {
  const system = form.querySelector("[name=system]:checked")?.value ?? "0";
  const kinds = chosen("kind"), labels = chosen("label");
  const everything = boxes.every((box) => box.checked);
  const counts = new Map();
  let shown = 0;
  for (const { element, found } of documents) {
    const errors = found.get(system);
    let hit = everything && errors !== undefined;
    for (const [kind, label] of errors ?? []) {
      if (kinds.has(kind) && labels.has(label)) hit = true;
      if (labels.has(label)) counts.set("kind" + kind, (counts.get("kind" + kind) ?? 0) + 1);
      if (kinds.has(kind)) counts.set("label" + label, (counts.get("label" + label) ?? 0) + 1);
    }
    element.hidden = !hit;
    shown += hit;
  }
  for (const box of boxes) {
    box.parentElement.querySelector(".count").textContent = counts.get(box.name + box.value) ?? 0;
    list.classList.toggle("off-" + box.name + "-" + box.value, !box.checked);
  }
  document.getElementById("shown").textContent = `${shown} of ${documents.length} documents shown.`;
  document.getElementById("nothing").hidden = shown > 0 || !documents.length;
}

function openAll(open) {
  for (const { element } of documents) if (!element.hidden) element.open = open;
}

// A link to a span: undo the filters that hide it, choose its system, open its document.
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const part = target?.closest("[data-system]");
  if (!part) return;
  const radio = document.getElementById("system-" + part.dataset.system);
  if (radio) radio.checked = true;
  for (const box of boxes) box.checked = true;
  apply();
  target.closest("details").open = true;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}

form.querySelector(".live").hidden = false;
form.addEventListener("change", apply);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(apply));
document.getElementById("open").addEventListener("click", () => openAll(true));
document.getElementById("close").addEventListener("click", () => openAll(false));
window.addEventListener("hashchange", follow);
form.reset();
apply();
follow();

// The front page: search, filters and views. A document's page: the wires from a toll to what it is linked with.
"use strict";

function front() {
  const { documents, tolls } = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const query = form.elements.q;
  const selects = [...form.querySelectorAll("select")];
  const views = [...document.querySelectorAll("[data-view]")];
  const hits = [...document.querySelectorAll(".hit")];
  const marks = [...document.querySelectorAll("[data-toll]")];
  const places = [...document.querySelectorAll(":is(a.spot, text.name, tr)[data-place]")];
  const most = 100; // results on a page
  let view = "documents", page = 1;

  // Letters without accents, in lower case; as long as the text, so that places in one are places in the other.
  function fold(text) {
    return text.replace(/[^\x00-\x7f]/g, (letter) => {
      const bare = letter.normalize("NFD").replace(/\p{M}/gu, "").replace(/[\u2018\u2019]/, "'").toLowerCase();
      return bare.length === 1 ? bare : letter;
    }).toLowerCase();
  }

  const folded = documents.map(({ doc, title, text, surfaces }) => {
    const said = Object.fromEntries(Object.entries(surfaces).map(([label, all]) => [label, all.map(fold)]));
    return { surfaces: said, text: fold(text), all: [fold(title), doc, fold(text), ...Object.values(said).flat()].join("\n") };
  });

  const words = () => fold(query.value).split(/\s+/).filter(Boolean);
  const chosen = (name) => form.elements[name].value;

  function says({ surfaces, all }, wanted) {
    if (!wanted.length) return true;
    const label = chosen("label");
    const where = label ? surfaces[label] ?? [] : [all];
    return where.some((said) => wanted.every((word) => said.includes(word)));
  }

  function has(number, but) {
    const { facets } = documents[number];
    return selects.every(({ name, value }) => !value || name === but || facets[name].includes(value));
  }

  // Beside each choice: how many documents it would leave.
  function count(said) {
    for (const select of selects) {
      const counts = new Map();
      for (const number of said) {
        if (has(number, select.name)) {
          for (const value of documents[number].facets[select.name]) counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
      for (const option of select.options) {
        if (!option.value) continue;
        const left = counts.get(option.value) ?? 0;
        option.textContent = `${option.dataset.name} (${left})`;
        option.hidden = option.disabled = left === 0 && !option.selected;
      }
      select.classList.toggle("chosen", select.value !== "");
    }
  }

  function snippet(element, number, wanted) {
    const { text } = documents[number];
    const at = wanted.length ? folded[number].text.indexOf(wanted[0], documents[number].title.length) : -1;
    element.hidden = at < 0;
    if (at < 0) return;
    const from = at < 70 ? 0 : Math.min(at, text.indexOf(" ", at - 70) + 1), end = at + wanted[0].length;
    const found = document.createElement("b");
    found.textContent = text.slice(at, end);
    element.replaceChildren(from ? "…" + text.slice(from, at) : text.slice(from, at), found, text.slice(end, end + 110) + (end + 110 < text.length ? "…" : ""));
  }

  function list(found, wanted) {
    const pages = Math.max(1, Math.ceil(found.length / most));
    page = Math.min(Math.max(1, page), pages);
    const shown = new Set(found.slice((page - 1) * most, page * most));
    hits.forEach((hit, number) => {
      hit.hidden = !shown.has(number);
      if (!hit.hidden) snippet(hit.querySelector(".snippet"), number, wanted);
    });
    document.getElementById("nothing").hidden = found.length > 0;
    document.querySelector(".pages").hidden = pages === 1;
    document.getElementById("page").textContent = `Page ${page} of ${pages}`;
    document.getElementById("back").disabled = page === 1;
    document.getElementById("on").disabled = page === pages;
  }

  // The tolls of the documents found; of a chosen outcome or place, those alone.
  function draw(found) {
    const within = new Set(found), outcome = chosen("outcome"), place = chosen("place");
    const shown = tolls.map((toll) =>
      within.has(toll.doc) && (!outcome || toll.outcome === outcome) && (!place || toll.places.includes(place)));
    for (const mark of marks) mark.toggleAttribute("hidden", !shown[mark.dataset.toll]);
    const named = new Map(), harmed = new Map();
    for (const number of found) {
      for (const key of documents[number].facets.place) named.set(key, (named.get(key) ?? 0) + 1);
    }
    tolls.forEach((toll, number) => {
      if (shown[number]) for (const key of toll.places) harmed.set(key, (harmed.get(key) ?? 0) + 1);
    });
    for (const element of places) {
      const { place: key } = element.dataset, here = named.get(key) ?? 0;
      element.toggleAttribute("hidden", !here);
      if (element.matches("a")) {
        const circle = element.querySelector("circle"), { radius, documents: all } = circle.dataset;
        circle.setAttribute("r", here ? Math.max(2, radius * Math.sqrt(here / all)) : 0);
        element.querySelector("title").textContent = `${element.dataset.name}: ${here} documents, ${harmed.get(key) ?? 0} tolls`;
      } else if (element.matches("tr")) {
        [element.cells[3].textContent, element.cells[4].textContent] = [here, harmed.get(key) ?? 0];
      }
    }
    return [shown.filter(Boolean).length, named.size];
  }

  function state(changes = {}) {
    const all = { q: query.value.trim(), ...Object.fromEntries(selects.map((select) => [select.name, select.value])) };
    const kept = { ...all, view: view === "documents" ? "" : view, page: page > 1 ? String(page) : "", ...changes };
    return "#" + new URLSearchParams(Object.entries(kept).filter(([, value]) => value));
  }

  function plural(number, one) {
    return `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
  }

  function render() {
    const wanted = words();
    const said = documents.map((_, number) => number).filter((number) => says(folded[number], wanted));
    const found = said.filter((number) => has(number));
    count(said);
    list(found, wanted);
    const [figures, spots] = draw(found);
    document.getElementById("status").textContent =
      `${plural(found.length, "document")}, ${plural(figures, "toll")}, ${plural(spots, "place")}`;
    for (const link of views) {
      const here = link.dataset.view === view;
      link.href = state({ view: link.dataset.view, page: "" });
      here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
      document.getElementById(link.dataset.view).hidden = !here;
    }
  }

  function keep() {
    history.replaceState(null, "", state() === "#" ? location.href.split("#")[0] : state());
    render();
  }

  function restore() {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) return; // a place on the page
    const given = new URLSearchParams(hash);
    query.value = given.get("q") ?? "";
    for (const select of selects) {
      for (const option of select.options) option.hidden = option.disabled = false;
      select.value = given.get(select.name) ?? "";
      if (select.selectedIndex < 0) select.value = "";
    }
    view = views.some((link) => link.dataset.view === given.get("view")) ? given.get("view") : "documents";
    page = Number.parseInt(given.get("page"), 10) || 1;
    render();
  }

  function turn(by) {
    page += by;
    keep();
    document.getElementById("documents-title").scrollIntoView({ block: "start" });
  }

  for (const spot of document.querySelectorAll("a.spot")) spot.dataset.name = spot.querySelector("title").textContent;
  form.hidden = false;
  document.getElementById("more").open = !window.matchMedia("(max-width: 34rem)").matches;
  form.addEventListener("input", () => { page = 1; keep(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { page = 1; keep(); query.focus(); }));
  document.getElementById("back").addEventListener("click", () => turn(-1));
  document.getElementById("on").addEventListener("click", () => turn(1));
  document.getElementById("map").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-place]");
    if (!link) return;
    event.preventDefault();
    form.elements.place.value = link.dataset.place;
    page = 1;
    keep();
  });
  window.addEventListener("hashchange", restore);
  restore();
  if (location.hash && !location.hash.includes("=")) render();
}

function reader() {
  const sheet = document.getElementById("text");
  const wires = document.getElementById("wires");
  const records = document.querySelector(".records");
  const tolls = [...sheet.querySelectorAll("a.toll[id]")];
  const record = (toll) => document.getElementById(toll.hash.slice(1));
  let pinned = null, shown = null;

  function element(name, attributes, content = "") {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = content;
    return made;
  }

  // Where a mark stands on the sheet: the first of its lines.
  function box(mark) {
    const { left, top } = sheet.getBoundingClientRect();
    const line = mark.getClientRects()[0];
    return { x: line.left - left + line.width / 2, top: line.top - top, bottom: line.bottom - top };
  }

  // Draws a wire from a toll to a span, with its role in a pill beside the span.
  function wire(role, from, to) {
    const down = to.top > from.bottom, up = to.bottom < from.top;
    const y1 = down ? from.bottom : from.top, y2 = up ? to.bottom : to.top;
    const bend = down || up ? (y2 - y1) / 2 : -26;
    const path = `M${from.x} ${y1}C${from.x} ${y1 + bend} ${to.x} ${y2 - (down || up ? bend : -bend)} ${to.x} ${y2}`;
    const group = element("g", { class: role }), name = element("text", {}, role.replace("_", " "));
    const pill = element("rect", { height: 16, rx: 8 });
    group.append(
      element("path", { class: "halo", d: path }),
      element("path", { class: "wire", d: path }),
      element("circle", { class: "end", cx: from.x, cy: y1, r: 4 }),
      pill,
      name,
    );
    wires.append(group);
    const wide = name.getComputedTextLength() + 12, y = up ? y2 + 3 : y2 - 19;
    const x = Math.min(Math.max(to.x - wide / 2, 0), Math.max(0, sheet.clientWidth - wide));
    for (const [key, value] of Object.entries({ x, y, width: wide })) pill.setAttribute(key, value);
    for (const [key, value] of Object.entries({ x: x + 6, y: y + 12 })) name.setAttribute(key, value);
  }

  function show(toll) {
    shown = toll;
    sheet.classList.toggle("wired", Boolean(toll));
    for (const old of document.querySelectorAll(".linked, .chosen")) old.classList.remove("linked", "chosen", "open");
    wires.replaceChildren();
    if (!toll) return;
    const card = record(toll);
    toll.classList.add("chosen");
    card.classList.add("chosen");
    card.classList.toggle("open", toll === pinned || toll.matches(":focus-visible"));
    if (records.scrollHeight > records.clientHeight) records.scrollTop = card.offsetTop - records.clientHeight / 4;
    const from = box(toll);
    for (const [role, id] of toll.dataset.links.split(";").filter(Boolean).map((link) => link.split(" "))) {
      const target = document.getElementById(id);
      if (!target) continue;
      target.classList.add("linked");
      wire(role, from, box(target));
    }
  }

  function pin(toll) {
    pinned = toll;
    show(toll);
  }

  function close() {
    const back = pinned ?? shown;
    if (!back) return;
    const inside = record(back).contains(document.activeElement);
    pinned = null;
    if (inside) back.focus({ preventScroll: true });
    show(null);
  }

  for (const [number, toll] of tolls.entries()) {
    toll.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show(toll));
    toll.addEventListener("pointerleave", () => show(pinned));
    toll.addEventListener("focus", () => show(toll));
    toll.addEventListener("blur", () => show(pinned));
    toll.addEventListener("click", (event) => {
      event.preventDefault();
      pin(toll);
      if (event.detail === 0) record(toll).focus({ preventScroll: true }); // by keyboard: on to the record
      else toll.scrollIntoView({ block: "nearest" });
    });
    toll.addEventListener("keydown", (event) => {
      const next = tolls[number + { ArrowRight: 1, ArrowLeft: -1 }[event.key]];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    const card = record(toll);
    card.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show(toll));
    card.addEventListener("pointerleave", () => show(pinned));
    card.querySelector(".close").addEventListener("click", close);
  }

  // A link to a toll or to its record chooses it.
  function follow() {
    const key = location.hash.slice(1);
    const toll = tolls.find((one) => one.id === key || one.hash === location.hash);
    if (!toll) return;
    pin(toll);
    (toll.id === key ? toll : record(toll)).focus({ preventScroll: true });
    toll.scrollIntoView({ block: "center" });
  }

  const values = document.getElementById("values");
  values.closest("label").hidden = false;
  values.addEventListener("change", () => { sheet.classList.toggle("valued", values.checked); show(shown); });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  window.addEventListener("resize", () => show(shown));
  window.addEventListener("hashchange", follow);
  follow();
}

if (document.getElementById("data")) front();
if (document.getElementById("text")) reader();

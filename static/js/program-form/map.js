// The areas on a map, drawn when it is opened: choosing one puts it on the list of places. Typing there does the same.
(() => {
  const box = document.getElementById("area-map");
  if (!box) return;
  const form = box.closest("form");
  const SVG = "http://www.w3.org/2000/svg";
  const WHOLE = "0 0 1550 1180";
  const [picker, drawing, said] = ["select", ".area-map__drawing", "[role=status]"].map((one) => box.querySelector(one));
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();
  const shapes = new Map(); // code -> {code, name, country, x, y, element}
  let svg;

  const countries = () =>
    new Map(
      [...form.querySelector("[name^='countries-'][name$='-place']").options]
        .filter((option) => /^[A-Z]{2}$/.test(option.value))
        .map((option) => [option.value, option.text]),
    );
  const fields = () => [...form.querySelectorAll(".rows__list [name^='places-'][name$='-area']")];
  const isListed = (shape) =>
    fields().some((field) => [plain(shape.label), plain(shape.name), plain(shape.code)].includes(plain(field.value)));

  function draw(areas) {
    const names = countries();
    svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", WHOLE);
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", box.querySelector("summary").textContent);
    svg.setAttribute("aria-describedby", "area-map-help");
    for (const [code, [name, country, x, y, path]] of Object.entries(areas)) {
      const element = document.createElementNS(SVG, path ? "path" : "circle");
      const place = path ? { d: path } : { cx: x, cy: y, r: 9 };
      const label = `${name}, ${names.get(country) ?? country}`;
      const told = { ...place, role: "button", tabindex: "-1", "aria-label": label, "data-code": code };
      for (const [key, value] of Object.entries(told)) element.setAttribute(key, value);
      shapes.set(code, { code, name, country, x, y, label, element });
      svg.append(element);
    }
    drawing.replaceChildren(svg);
    const drawn = new Set([...shapes.values()].map((shape) => shape.country));
    for (const code of drawn) picker.add(new Option(names.get(code) ?? code, code));
    const chosen = [...form.querySelectorAll("[name^='countries-'][name$='-place']")].map((field) => field.value);
    picker.value = chosen.find((code) => drawn.has(code)) ?? "";
    look();
    mark();
  }

  // The part of the map that shows one country, or all; the first area there is where the keyboard enters.
  function look() {
    const shown = [...shapes.values()].filter((shape) => !picker.value || shape.country === picker.value);
    let view = WHOLE;
    if (picker.value) {
      const boxes = shown.map((shape) => shape.element.getBBox());
      const [left, top] = [Math.min(...boxes.map((one) => one.x)), Math.min(...boxes.map((one) => one.y))];
      const right = Math.max(...boxes.map((one) => one.x + one.width));
      const bottom = Math.max(...boxes.map((one) => one.y + one.height));
      const edge = (right - left) * 0.04;
      view = [left - edge, top - edge, right - left + 2 * edge, bottom - top + 2 * edge].map(Math.round).join(" ");
    }
    svg.setAttribute("viewBox", view);
    for (const shape of shapes.values()) shape.element.classList.toggle("is-beside", !shown.includes(shape));
    enterAt(shown[0]);
  }

  function enterAt(shape) {
    for (const one of shapes.values()) one.element.setAttribute("tabindex", one === shape ? "0" : "-1");
  }

  function mark() {
    for (const shape of shapes.values()) {
      const listed = isListed(shape);
      shape.element.classList.toggle("is-listed", listed);
      shape.element.setAttribute("aria-label", listed ? `${shape.label} (${box.dataset.listed})` : shape.label);
    }
  }

  function set(field, value) {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function choose(shape) {
    if (isListed(shape)) return (said.textContent = `${shape.label}: ${box.dataset.listed}`);
    const free = () => fields().find(isFree);
    if (!free()) form.querySelector("[value='add:places']").click();
    set(free(), shape.label);
    const chosen = [...form.querySelectorAll(".rows__list [name^='countries-'][name$='-place']")];
    const empty = chosen.find((field) => !field.value);
    if (empty && !chosen.some((field) => field.value === shape.country)) set(empty, shape.country);
    mark();
    enterAt(shape);
    shape.element.focus();
    said.textContent = box.dataset.added.replace("{place}", shape.label);
  }

  function isFree(field) {
    return [...field.closest("[data-row]").querySelectorAll("input:not([type=hidden])")].every((one) => !one.value.trim());
  }

  const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  // The nearest area in a direction; what lies sideways counts as further off.
  function beside(shape, [dx, dy]) {
    let best = null;
    let least = Infinity;
    for (const other of shapes.values()) {
      const ahead = (other.x - shape.x) * dx + (other.y - shape.y) * dy;
      const aside = Math.abs((other.x - shape.x) * dy + (other.y - shape.y) * dx);
      if (other === shape || ahead <= aside / 2 || (picker.value && other.country !== picker.value)) continue;
      if (ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
    }
    return best;
  }

  const shapeOf = (event) => shapes.get(event.target.dataset?.code);
  box.addEventListener("toggle", async () => {
    if (!box.open || svg) return;
    try {
      const answer = await fetch(box.dataset.map);
      if (answer.ok) draw(await answer.json());
    } catch {
      box.open = false; // no connection: it can be opened again later
    }
  });
  picker.addEventListener("change", look);
  // What is done on the map is no field of the form.
  for (const kind of ["input", "change"]) box.addEventListener(kind, (event) => event.stopPropagation());
  drawing.addEventListener("click", (event) => shapeOf(event) && choose(shapeOf(event)));
  for (const kind of ["pointerover", "focusin"]) {
    drawing.addEventListener(kind, (event) => shapeOf(event) && (said.textContent = event.target.getAttribute("aria-label")));
  }
  drawing.addEventListener("keydown", (event) => {
    const shape = shapeOf(event);
    if (!shape) return;
    if (STEPS[event.key]) {
      event.preventDefault();
      const next = beside(shape, STEPS[event.key]);
      if (next) enterAt(next);
      next?.element.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(shape);
    }
  });
  for (const kind of ["input", "form:changed"]) form.addEventListener(kind, () => svg && mark());
  box.hidden = false;
})();

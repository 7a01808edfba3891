// A text field with the server's choices below it (WAI-ARIA combobox pattern). What is typed stays what counts.
(() => {
  const form = document.getElementById("program-form");
  if (!form) return;
  const WAIT = 180;
  let open = null; // the field whose list is shown
  let timer, asked;

  function address(field) {
    const url = new URL(form.dataset.choices.replace("KIND", field.dataset.combobox), location.href);
    url.searchParams.set("q", field.value);
    if (field.dataset.combobox === "areas") {
      for (const country of form.querySelectorAll("[name^='countries-'][name$='-place']")) {
        if (country.value.length === 2) url.searchParams.append("country", country.value);
      }
    }
    return url;
  }

  function prepare(field) {
    if (field.getAttribute("role") === "combobox") return;
    const box = document.createElement("span");
    box.className = "combobox";
    field.replaceWith(box);
    const list = document.createElement("ul");
    list.className = "combobox__list";
    list.id = `${field.id}-choices`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`)?.textContent ?? "");
    box.append(field, list);
    const told = { role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": list.id };
    for (const [name, value] of Object.entries(told)) field.setAttribute(name, value);
    field.focus();
  }

  const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));

  function close() {
    clearTimeout(timer);
    if (!open) return;
    listOf(open).hidden = true;
    open.setAttribute("aria-expanded", "false");
    open.removeAttribute("aria-activedescendant");
    open = null;
  }

  function show(field, choices) {
    const list = listOf(field);
    list.replaceChildren(
      ...choices.map((choice, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.dataset.value = choice.value;
        item.append(choice.value);
        if (choice.note) {
          const note = document.createElement("small");
          note.textContent = choice.note;
          item.append(note);
        }
        return item;
      }),
    );
    if (open && open !== field) close();
    list.hidden = choices.length === 0;
    field.setAttribute("aria-expanded", String(choices.length > 0));
    open = choices.length ? field : null;
  }

  async function ask(field) {
    asked?.abort();
    asked = new AbortController();
    if (!field.value.trim()) return close();
    try {
      const answer = await fetch(address(field), { signal: asked.signal });
      if (!answer.ok || answer.redirected) return;
      const { choices } = await answer.json();
      if (document.activeElement === field) show(field, choices);
    } catch {
      close(); // no connection: the field is plain text
    }
  }

  function choose(item) {
    const field = open;
    field.value = item.dataset.value;
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(timer);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function move(step) {
    const items = [...listOf(open).children];
    const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    const next = (now + step + items.length + (now < 0 && step < 0 ? 1 : 0)) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === next)));
    items[next].scrollIntoView({ block: "nearest" });
    open.setAttribute("aria-activedescendant", items[next].id);
  }

  form.addEventListener("focusin", (event) => {
    if (event.target.dataset.combobox && event.target.getAttribute("role") !== "combobox") prepare(event.target);
  });
  form.addEventListener("focusout", (event) => {
    if (event.target === open) setTimeout(() => document.activeElement === open || close(), 150);
  });
  form.addEventListener("input", (event) => {
    if (!event.target.dataset.combobox) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT, event.target);
  });
  form.addEventListener("keydown", (event) => {
    if (!open || event.target !== open) return;
    const chosen = listOf(open).querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen) {
      if (event.key === "Enter") event.preventDefault();
      choose(chosen);
    }
  });
  form.addEventListener("mousedown", (event) => {
    const item = event.target.closest(".combobox__list li");
    if (!item) return;
    event.preventDefault();
    choose(item);
  });
})();

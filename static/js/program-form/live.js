// What the server says of the form while one types: goals proposed, programs it would overlap, amounts in dollars.
(() => {
  const form = document.getElementById("program-form");
  if (!form) return;
  const WAIT = 1200;
  // Fields that goals and overlaps are judged by.
  const TELLING = /^(title|description|goals_by|goal_\d|planned_|actual_|(countries|places|sectors|organizations|transactions|budgets|payments|related)-)/;
  const PANELS = [
    ["proposed-goals", form.dataset.goals],
    ["overlap-panel", form.dataset.overlaps],
  ];
  const asked = new Map();
  let timer;

  async function refresh(id, address) {
    const panel = document.getElementById(id);
    if (panel.contains(document.activeElement)) return;
    asked.get(id)?.abort();
    const abort = new AbortController();
    asked.set(id, abort);
    const body = new FormData(form);
    if (form.dataset.program) body.set("program", form.dataset.program);
    try {
      const answer = await fetch(address, { method: "POST", body, signal: abort.signal });
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      if (html.trim() !== panel.dataset.shown) panel.innerHTML = html;
      panel.dataset.shown = html.trim();
    } catch {
      // No connection: the panel stays as it was.
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => PANELS.forEach(([id, address]) => refresh(id, address)), WAIT);
  }

  async function dollars(row) {
    const output = row.querySelector("[data-dollars]");
    const value = (end) => row.querySelector(`[name$='-${end}']`)?.value ?? "";
    const url = new URL(form.dataset.dollars, location.href);
    url.searchParams.set("value", value("value"));
    url.searchParams.set("currency", value("currency"));
    url.searchParams.set("date", value("date") || value("value_date") || value("period_start"));
    if (!value("value") || value("currency") === "USD") return (output.dataset.asked = output.textContent = "");
    output.dataset.asked = url.search;
    try {
      const answer = await fetch(url);
      const text = answer.ok && !answer.redirected ? (await answer.json()).text : "";
      // Answers may come in another order than they were asked for.
      if (output.dataset.asked === url.search) output.textContent = text;
    } catch {
      output.textContent = "";
    }
  }

  form.addEventListener("input", (event) => TELLING.test(event.target.name ?? "") && later());
  form.addEventListener("form:changed", later);
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (row?.querySelector("[data-dollars]")) dollars(row);
  });
})();

// Keys for the queue: everything they do is a button or a link of the page as well.
const list = document.querySelector(".queue");
const rows = [...(list?.querySelectorAll(".queue__row") ?? [])];
const [why, help] = [document.querySelector("#why"), document.querySelector("#keys")];
const undo = document.querySelector("[data-undo]");
const HERE = "queue-row";
const OFF = "queue-keys-off";
const kept = (name) => { try { return sessionStorage.getItem(name) ?? localStorage.getItem(name); } catch { return null; } };
const keep = (store, name, value) => { try { store().setItem(name, value); } catch { /* works without */ } };
const current = () => rows.indexOf(document.activeElement?.closest(".queue__row"));

function go(number) {
  const row = rows[Math.max(0, Math.min(rows.length - 1, number))];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}
// The place in the list is kept over a decision: the next case has moved up into it.
function remember(number) {
  keep(() => sessionStorage, HERE, String(Math.max(0, number)));
}
function askWhy(row) {
  remember(rows.indexOf(row));
  why.querySelector("[name=case]").value = row.dataset.case;
  why.showModal();
  why.querySelector("[data-key]").focus();
}

const doing = {
  j: () => go(current() + 1),
  k: () => go(current() - 1),
  ArrowDown: () => current() >= 0 && go(current() + 1),
  ArrowUp: () => current() >= 0 && go(current() - 1),
  Enter: (row) => document.activeElement === row && row.querySelector("[data-open]").click(),
  c: (row) => row?.querySelector("[data-confirm]")?.click(),
  d: (row) => row?.querySelector("[data-dismiss]") && askWhy(row),
  x: (row) => row?.querySelector(".queue__tick")?.click(),
  u: () => undo?.click(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat && !["j", "k"].includes(event.key)) return;
  const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (why.open) {
    const button = typing ? null : why.querySelector(`[data-key="${event.key}"]`);
    if (button?.value === "other" && !why.querySelector("[name=note]").value.trim()) {
      event.preventDefault();
      why.querySelector("[name=note]").focus();
    } else button?.click();
    return;
  }
  if (typing || help.open || (kept(OFF) && event.key !== "?") || !(event.key in doing)) return;
  const row = rows[current()];
  const acts = ["j", "k", "u", "?"].includes(event.key) || row;
  if (!acts || (event.key === "Enter" && document.activeElement !== row)) return;
  event.preventDefault();
  doing[event.key](row);
});

list?.addEventListener("click", (event) => {
  const row = event.target.closest(".queue__row");
  if (event.target.closest("[data-confirm]")) remember(rows.indexOf(row));
  if (!event.target.closest("[data-dismiss]") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  askWhy(row);
});
// Enter in the note means the other reason, which is what a note is needed for.
why?.querySelector("[name=note]").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  why.querySelector("[value=other]").click();
});
undo?.addEventListener("click", () => remember(current()));
for (const button of document.querySelectorAll("dialog [data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
why?.addEventListener("close", () => go(Number(kept(HERE))));

const count = document.querySelector(".triage-bar__count");
list?.addEventListener("change", () => {
  const ticked = list.querySelectorAll(".queue__tick:checked").length;
  count.textContent = ticked ? `(${ticked})` : "";
  if (ticked) document.querySelector(".triage-bar").open = true;
});

const offer = document.querySelector("[data-help]");
if (offer) {
  offer.hidden = false;
  offer.addEventListener("click", () => help.showModal());
  const on = help.querySelector("#keys-on");
  on.checked = !kept(OFF);
  on.addEventListener("change", () => {
    try { on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* for this page alone */ }
  });
  const here = kept(HERE);
  if (here !== null) {
    sessionStorage.removeItem(HERE);
    go(Number(here));
  }
}

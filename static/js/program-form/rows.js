// Rows that repeat: added and taken out in place. Without this the same buttons ask the server for it.
(() => {
  const form = document.getElementById("program-form");
  if (!form) return;

  const changed = () => form.dispatchEvent(new Event("form:changed"));
  const group = (name) => form.querySelector(`[data-rows="${name}"]`);

  function add(name) {
    const rows = group(name);
    const list = rows.querySelector(".rows__list");
    const numbers = [...list.querySelectorAll("[data-row]")].map((row) => Number(row.dataset.row.split("-").pop()));
    const holder = document.createElement("div");
    holder.innerHTML = rows.querySelector("template").innerHTML.replaceAll("__row__", Math.max(-1, ...numbers) + 1);
    const row = holder.firstElementChild;
    list.append(row);
    return row;
  }

  function firstField(row) {
    return row.querySelector("input:not([type=hidden]), select, textarea");
  }

  const actions = {
    add(name) {
      firstField(add(name)).focus();
    },
    remove(name, number) {
      const rows = group(name);
      rows.querySelector(`[data-row="${name}-${number}"]`).remove();
      if (!rows.querySelector("[data-row]") && name !== "related" && name !== "shared" && name !== "budgets" && name !== "payments") add(name);
      rows.querySelector("[value^='add:']").focus();
    },
    link(...identifier) {
      const row = add("related");
      row.querySelector("[name$='-identifier']").value = identifier.join(":");
      row.scrollIntoView({ block: "center" });
      firstField(row).focus();
    },
    use(prefix) {
      const row = form.querySelector(`[data-row="${prefix}"]`);
      row.querySelector("[name$='-name']").value = this.dataset.use;
      row.querySelector("[data-unknown]").replaceChildren();
      row.querySelector("[name$='-name']").focus();
    },
    goals(shares) {
      form.querySelector("[name=goals_by][value=me]").checked = true;
      for (const part of shares.split(",")) {
        const [goal, share] = part.split("=");
        const field = form.elements[`goal_${goal}`];
        if (field) field.value = Number(share);
      }
      const own = form.querySelector(".own-goals");
      own.open = true;
      own.querySelector("input").focus();
    },
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    const [name, ...rest] = button.value.split(":");
    if (!actions[name]) return;
    event.preventDefault();
    actions[name].apply(button, rest);
    changed();
  });

  // Who writes a percentage of a goal sets the goals.
  form.addEventListener("input", (event) => {
    if (/^goal_\d$/.test(event.target.name) && event.target.value) {
      form.querySelector("[name=goals_by][value=me]").checked = true;
    }
  });

  // The Enter key goes nowhere by accident; buttons and long texts keep it.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input, select")) event.preventDefault();
  });
})();

// Percentages of one list: shared equally, filled up to 100, and their total shown. In hundredths, so that it is exact.
(() => {
  const form = document.getElementById("program-form");
  if (!form) return;

  const hundredths = (text) => {
    const value = Math.round(Number(text.trim().replace(",", ".")) * 100);
    return Number.isFinite(value) ? value : 0;
  };
  const written = (value) => String(value / 100);

  // The percentages of rows that say something.
  function fields(name) {
    if (name === "goals") return [...form.querySelectorAll("[name^=goal_]")].filter((field) => field.value.trim());
    return [...form.querySelectorAll(`[data-rows="${name}"] .rows__list [data-row]`)]
      .filter((row) =>
        [...row.querySelectorAll("input:not([type=hidden]), select")].some(
          (field) => !field.name.endsWith("-percentage") && field.value.trim(),
        ),
      )
      .map((row) => row.querySelector("[name$='-percentage']"));
  }

  function spread(targets, total) {
    const part = Math.floor(total / targets.length);
    let over = total - part * targets.length;
    for (const field of targets) field.value = written(part + (over-- > 0 ? 1 : 0));
  }

  function total(name) {
    const output = form.querySelector(`[data-shares="${name}"] .shares__total`);
    const stated = fields(name).filter((field) => field.value.trim());
    const sum = stated.reduce((all, field) => all + hundredths(field.value), 0);
    output.textContent = stated.length ? output.dataset.total.replace("{total}", written(sum)) : "";
    output.classList.toggle("is-wrong", stated.length > 0 && sum !== 10000);
  }
  const totals = () => form.querySelectorAll("[data-shares]").forEach((part) => total(part.dataset.shares));

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const [action, name] = button?.value.split(":") ?? [];
    if (action !== "share" && action !== "rest") return;
    event.preventDefault();
    const all = fields(name);
    const targets = action === "share" ? all : all.filter((field) => !field.value.trim());
    const stated = action === "share" ? 0 : all.reduce((sum, field) => sum + hundredths(field.value), 0);
    if (targets.length && stated < 10000) spread(targets, 10000 - stated);
    form.dispatchEvent(new Event("form:changed"));
  });
  form.addEventListener("input", totals);
  form.addEventListener("form:changed", totals);
  totals();
})();

// The arrow keys lead to the previous and the next case, and what is typed stays in this browser until it is recorded.
{
  const screen = document.querySelector("[data-screen]");
  const form = document.querySelector("[data-keeps]");
  const place = `meeting-case-${screen.dataset.screen}`;
  const refused = form && form.querySelector("[role=alert]");

  for (const hint of document.querySelectorAll("[data-needs-script]")) hint.hidden = false;

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    document.querySelector(`[data-key="${event.key}"]`)?.click();
  });

  // Sent from here and not refused: it is recorded, and what was kept of it is spent.
  const sent = sessionStorage.getItem("meeting-sent");
  if (sent && !refused) localStorage.removeItem(sent);
  sessionStorage.removeItem("meeting-sent");

  if (form) {
    const fields = [...form.querySelectorAll("textarea, select")];
    const kept = JSON.parse(localStorage.getItem(place) || "{}");
    if (!refused) for (const field of fields) if (kept[field.name]) field.value = kept[field.name];
    form.addEventListener("input", () => {
      const typed = Object.fromEntries(fields.map((field) => [field.name, field.value]));
      localStorage.setItem(place, JSON.stringify(typed));
    });
    form.addEventListener("submit", () => sessionStorage.setItem("meeting-sent", place));
  }
}

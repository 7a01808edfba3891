// Asks every two seconds how far an import, a report or a webhook's test is, less often while nothing moves or the line is down; when the job is
// done the page is loaded again. Without this the page reloads itself.
for (const box of document.querySelectorAll("[data-progress]")) {
  const bar = box.querySelector("progress");
  const words = box.querySelector("[role=status]");
  let wait = 2000;
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const now = await answer.json();
      if (!now.at_work) return window.location.reload();
      wait = now.words === words.textContent ? Math.min(wait * 1.5, 15000) : 2000;
      if (bar && bar.hasAttribute("value")) bar.value = now.percent;
      if (now.words !== words.textContent) words.textContent = now.words;
    } catch {
      wait = Math.min(wait * 2, 30000);
    }
    setTimeout(ask, wait);
  };
  // What is small is done by then.
  setTimeout(ask, 500);
}

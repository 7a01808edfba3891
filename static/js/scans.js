// Moves the bar of the running full scan. Without this the page shows how far it was when it was loaded.
const box = document.querySelector("[data-progress]");
async function look() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const scan = await answer.json();
    if (!scan.running) return location.reload();
    const bar = box.querySelector("progress");
    bar.max = scan.total;
    bar.value = scan.done;
    const words = box.querySelector("#scan-words");
    if (words.textContent !== scan.words) words.textContent = scan.words;
  } catch {
    // The next look may succeed.
  }
  setTimeout(look, 2000);
}
if (box) setTimeout(look, 1000);

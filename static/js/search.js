// The key "/" leads to the search box of the page, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("#q[type=search]") ?? document.querySelector("#site-search");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

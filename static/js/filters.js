// On narrow screens the filters begin folded, so that the results come first. Without this they stay open.
if (window.matchMedia("(max-width: 60rem)").matches) {
  for (const filters of document.querySelectorAll("details.filters")) filters.open = false;
}

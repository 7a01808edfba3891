// Of a commitment only the fields of its kind are shown. Without this all are, and those of other kinds are left out.
for (const commitment of document.querySelectorAll("[data-commitment]")) {
  const kind = commitment.querySelector("[name$='-kind']");
  const show = () => {
    for (const part of commitment.querySelectorAll("[data-for]")) {
      const of = part.dataset.for.split(" ");
      part.hidden = kind.value !== "" && of[0] !== "all" && !of.includes(kind.value);
    }
    if (kind.value === "reduce_money") commitment.querySelector(".commitment__money").open = true;
  };
  kind.addEventListener("change", show);
  show();
}

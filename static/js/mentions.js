// While somebody types @ and a name in a comment, offers the people of the list below it; choosing one ticks their box.
(() => {
  const MOST = 6;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const enhance = (textarea) => {
    const form = textarea.form;
    const people = [...form.querySelectorAll("[data-people] input[type=checkbox]")].map((box) => {
      const label = form.querySelector(`label[for="${box.id}"]`).textContent;
      return { box, label, name: label.split(" · ")[0] };
    });
    if (!people.length) return;

    const list = document.createElement("ul");
    list.id = `${textarea.id}-options`;
    list.className = "mention-options";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.querySelector("[data-people] summary").textContent);
    list.hidden = true;
    textarea.after(list);
    textarea.setAttribute("aria-autocomplete", "list");
    textarea.setAttribute("aria-controls", list.id);
    let found = [];
    let current = 0;

    const asked = () => {
      const before = textarea.value.slice(0, textarea.selectionStart);
      const at = before.match(/(?:^|\s)@([\p{L}\p{M}.'-]+(?: [\p{L}\p{M}.'-]*){0,3}|)$/u);
      return at ? { start: before.length - at[1].length - 1, words: plain(at[1]) } : null;
    };
    const close = () => {
      list.hidden = true;
      found = [];
      textarea.removeAttribute("aria-activedescendant");
    };
    const point = () => {
      [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === current)));
      textarea.setAttribute("aria-activedescendant", `${list.id}-${current}`);
    };
    const choose = (person) => {
      const { start } = asked();
      textarea.setRangeText(`@${person.name} `, start, textarea.selectionStart, "end");
      person.box.checked = true;
      close();
      textarea.focus();
    };
    const offer = () => {
      const question = asked();
      const words = question ? question.words.split(" ").filter(Boolean) : [];
      found = question
        ? people.filter((person) => words.every((word) => ` ${plain(person.label)}`.includes(` ${word}`))).slice(0, MOST)
        : [];
      if (!found.length) return close();
      current = 0;
      list.replaceChildren(
        ...found.map((person, number) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${number}`;
          option.setAttribute("role", "option");
          option.textContent = person.label;
          option.addEventListener("mousedown", (event) => {
            event.preventDefault();
            choose(person);
          });
          return option;
        }),
      );
      list.hidden = false;
      point();
    };

    textarea.addEventListener("input", offer);
    textarea.addEventListener("blur", close);
    textarea.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) {
        current = (current + steps[event.key] + found.length) % found.length;
        point();
      } else if (event.key === "Enter" || event.key === "Tab") {
        choose(found[current]);
      } else if (event.key === "Escape") {
        close();
      } else {
        return;
      }
      event.preventDefault();
    });
  };

  document.querySelectorAll("textarea[data-mentions]").forEach(enhance);
})();

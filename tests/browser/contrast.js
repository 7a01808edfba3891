// Measures text against what is really behind it: everything that the browser paints at that point, not only ancestors.
// A function that takes the least contrast and gives sentences: one for each text that has less, and each form that
// would be posted without its token.
(least) => {
  const STATES = {
    hover: ["hover"], active: ["hover", "active"], focus: ["focus", "focus-visible", "focus-within"],
    visited: ["visited"],
  };
  const CONTROLS = "a, button, summary, label, input, select, textarea, [role], [tabindex]";
  const quiet = new CSSStyleSheet();
  quiet.replaceSync(`*, *::before, *::after {
    transition: none !important; animation: none !important; pointer-events: auto !important;
    scroll-behavior: auto !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, quiet];

  // Each rule for a state is there a second time for a class, behind itself and as specific: so states can be put on.
  const state = /:(hover|focus-visible|focus-within|focus|active|visited)(?![-\w])/g;
  function twice(rules, owner) {
    for (let place = rules.length - 1; place >= 0; place -= 1) {
      const rule = rules[place];
      if (rule.selectorText?.match(state)) {
        const selector = rule.selectorText.replace(state, ".in-state-$1");
        owner.insertRule(`${selector} { ${rule.style.cssText} }`, place + 1);
      } else if (rule.cssRules && !rule.selectorText) twice(rule.cssRules, rule);
    }
  }
  if (!document.documentElement.dataset.statesAreClasses) {
    for (const sheet of document.styleSheets) twice(sheet.cssRules, sheet);
    document.documentElement.dataset.statesAreClasses = "yes";
  }

  function colours(text) {
    return [...text.matchAll(/rgba?\(([^)]+)\)|color\(srgb ([^)]+)\)/g)].map((found) => {
      const parts = (found[1] ?? found[2]).split(/[\s,/]+/).filter(Boolean).map(Number);
      const scale = found[1] ? 1 : 255;
      return [parts[0] * scale, parts[1] * scale, parts[2] * scale, parts[3] ?? 1];
    });
  }
  const over = (top, under) => [0, 1, 2].map((part) => top[part] * top[3] + under[part] * (1 - top[3]));
  const faded = (colour, share) => [colour[0], colour[1], colour[2], colour[3] * share];
  function light(colour) {
    const [red, green, blue] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  function contrast(one, other) {
    const [lighter, darker] = [light(one), light(other)].sort((a, b) => b - a);
    return (lighter + 0.05) / (darker + 0.05);
  }
  // What was read of an element in the state that the page is in now.
  let read = new Map();
  function once(element, what, ask) {
    if (!read.has(element)) read.set(element, {});
    const known = read.get(element);
    return known[what] ??= ask();
  }
  function opacity(element) {
    return once(element, "opacity", () => {
      const own = Number(getComputedStyle(element).opacity);
      return element.parentElement ? own * opacity(element.parentElement) : own;
    });
  }
  // The same as long as an element and all around it look the same.
  function looks(element) {
    return once(element, "looks", () => {
      const style = getComputedStyle(element);
      const own = [style.color, style.backgroundColor, style.backgroundImage, style.fill, style.opacity, style.position];
      return `${element.parentElement ? looks(element.parentElement) : ""};${own}`;
    });
  }
  const SHAPES = "rect, path, circle, ellipse, polygon, line, polyline";
  // What an element paints behind a text: one colour, or several of which any may be there (a gradient).
  function painted(element) {
    return once(element, "painted", () => paints(element));
  }
  function paints(element) {
    const style = getComputedStyle(element);
    if (element instanceof SVGElement && element.matches(SHAPES)) {
      const found = style.fill === "none" ? [] : colours(style.fill);
      return found.length ? [found.map((colour) => faded(colour, Number(style.fillOpacity)))] : [];
    }
    const layers = colours(style.backgroundColor).map((colour) => [colour]);
    if (style.backgroundImage.includes("gradient(")) layers.push(colours(style.backgroundImage));
    return layers;
  }
  function behind(stack) {
    let possible = [[255, 255, 255]];
    for (const element of [...stack].reverse()) {
      const share = opacity(element);
      for (const choice of painted(element)) {
        possible = possible.flatMap((under) => choice.map((colour) => over(faded(colour, share), under))).slice(0, 16);
      }
    }
    return possible;
  }

  // Where each text stands: the element, and rectangles of which the middle of one has to be seen.
  function texts(root) {
    const found = new Map();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || found.has(element) || element.closest("script, style, title, option, textarea")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      found.set(element, () => [...range.getClientRects()]);
    }
    for (const field of root.querySelectorAll("input:not([type=checkbox], [type=radio], [type=hidden]), select, textarea")) {
      if (field.value || field.placeholder) found.set(field, () => [field.getBoundingClientRect()]);
    }
    return found;
  }
  function stackAt(element, rectangles) {
    for (const share of [0.5, 0.1, 0.9]) {
      for (const box of rectangles().filter((each) => each.width > 1 && each.height > 1)) {
        const stack = document.elementsFromPoint(box.left + box.width * share, box.top + box.height / 2);
        const place = stack.indexOf(element);
        if (place >= 0) return stack.slice(place);
      }
    }
    return null;
  }
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const name = (element) => element.tagName.toLowerCase() + [...element.classList].map((each) => `.${each}`).join("");
  const findings = new Set();
  // Measures what is within a root; in a state, what looks otherwise than at rest. Gives how all of it looks.
  function measure(root, found, how, atRest = new Map()) {
    read = new Map();
    const looked = new Map();
    for (const [element, rectangles] of found) {
      if (!visible(element) || element.closest(":disabled, [aria-disabled=true]")) continue;
      looked.set(element, looks(element));
      if (atRest.get(element) === looks(element)) continue;
      let stack = stackAt(element, rectangles);
      if (!stack) {
        element.scrollIntoView({ block: "center", inline: "center" });
        stack = stackAt(element, rectangles);
      }
      if (!stack) continue;  // cut off: for screen readers alone
      const style = getComputedStyle(element, element.placeholder && !element.value ? "::placeholder" : undefined);
      const [own] = colours(element instanceof SVGElement ? style.fill : style.color);
      if (!own) continue;
      const share = opacity(element);
      const worst = Math.min(...behind(stack).map((ground) => contrast(over(faded(own, share), ground), ground)));
      if (worst < least) {
        const text = (element.value || element.placeholder || element.textContent).trim().replace(/\s+/g, " ").slice(0, 40);
        const classes = `${name(element.parentElement)} > ${name(element)}`.replace(/\.in-state-[-\w]+/g, "");
        findings.add(`${worst.toFixed(2)} : 1${how} ${classes} “${text}” in ${own.slice(0, 3)} on ${behind(stack)[0].map(Math.round)}`);
      }
    }
    return looked;
  }
  function inEveryState(root, how = "") {
    const found = texts(root);
    const atRest = measure(root, found, how);
    const controls = new Map([...found].filter(([element]) => element.closest(CONTROLS)));
    const all = [root, ...root.querySelectorAll("*")];
    for (const [word, pseudo] of Object.entries(STATES)) {
      const classes = pseudo.map((each) => `in-state-${each}`);
      for (const element of all) element.classList.add(...classes);
      measure(root, controls, `${how} (${word})`, atRest);
      for (const element of all) element.classList.remove(...classes);
    }
  }

  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const open of document.querySelectorAll("dialog[open]")) inEveryState(open, " in an open dialog");
  if (!document.querySelector("dialog:modal")) {
    inEveryState(document.body);
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.showModal();
      inEveryState(dialog, " in a dialog");
      dialog.close();
    }
    for (const hidden of document.querySelectorAll("[hidden]")) {
      hidden.hidden = false;
      inEveryState(hidden, " once it is shown");
      hidden.hidden = true;
    }
  }
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== quiet);

  for (const form of document.forms) {
    if (form.getAttribute("method")?.toLowerCase() === "post" && !form.querySelector("[name=csrfmiddlewaretoken]")?.value) {
      findings.add(`a form without a token is posted to ${form.getAttribute("action") ?? "this page"}`);
    }
  }
  return [...findings];
}

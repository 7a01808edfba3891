// Keeps what is typed: in this browser at once, on the server a moment later. What could not be sent, since there was no
// connection or nobody was signed in, is sent when that has changed, or when the form is opened again.
(() => {
  const form = document.getElementById("program-form");
  if (!form) return;
  const WAIT = 2500;
  const AFTER_LEAVING_A_FIELD = 400;
  const TRY_AGAIN = 15000;
  const PREFIX = `portal-form:${form.dataset.user}:`;
  const state = document.getElementById("save-state");
  let timer;
  let changes = 0; // counted, so that what is typed while one save is on its way is not taken for saved
  let sending = false;
  let stopped = false; // after a conflict only the form's own buttons save
  let pressed = null; // a button of the form that waits for the save on its way, whose version it needs
  let left = false; // the form is on its way by one of its buttons

  const key = () => PREFIX + (form.dataset.program || `new-${form.elements.token.value}`);
  const typed = () => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };

  function keep() {
    try {
      localStorage.setItem(key(), JSON.stringify({ data: typed(), address: form.dataset.autosave }));
      if (!form.dataset.program) sessionStorage.setItem(`${PREFIX}tab`, key());
    } catch {
      // A full or forbidden storage: the server's copy is all there is.
    }
  }

  function say(kind, text = state.dataset[kind], unsaved = kind !== "saved" && kind !== "kept" && kind !== "saving") {
    state.hidden = false;
    state.classList.toggle("is-unsaved", unsaved);
    state.replaceChildren(text);
    state.dataset.state = kind;
  }

  function withLink(href, text) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = text;
    link.target = href === state.dataset.signInUrl ? "_blank" : "";
    state.append(" ", link);
  }

  function offerComparison(data) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small-button";
    button.textContent = state.dataset.compare;
    button.addEventListener("click", () => {
      const sent = document.createElement("form");
      sent.method = "post";
      sent.action = form.action;
      const token = ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value];
      for (const [name, value] of [...data, token, ["do", "save"]]) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        sent.append(field);
      }
      document.body.append(sent);
      localStorage.removeItem(key());
      sent.submit();
    });
    state.append(" ", button);
  }

  function post(address, data) {
    const body = new FormData();
    for (const [name, value] of data) body.append(name, value);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  }

  // A sign-in in another window makes the form's token old: asks for a new one. False where nobody is signed in.
  async function renewToken() {
    const answer = await fetch(form.dataset.autosave, { headers: { Accept: "application/json" } });
    if (!answer.ok) return false;
    form.elements.csrfmiddlewaretoken.value = (await answer.json()).csrf;
    return true;
  }

  async function deliver(address, data) {
    let answer = await post(address, data);
    if (answer.status === 403 && (await renewToken())) answer = await post(address, data);
    return answer;
  }

  async function save() {
    clearTimeout(timer);
    if (stopped || !changes) return;
    if (sending) return later(WAIT);
    sending = true;
    const sent = changes;
    const data = typed();
    say("saving");
    try {
      const answer = await deliver(form.dataset.autosave, data);
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) {
        accept(told, sent);
      } else if (answer.status === 401 || answer.status === 403) {
        say("signed_out");
        withLink(state.dataset.signInUrl, state.dataset.signIn);
      } else if (answer.status === 409) {
        stopped = true;
        say("conflict");
        offerComparison(data);
      } else {
        say("refused", `${state.dataset.refused} ${told.message ?? answer.status}`);
      }
    } catch {
      say("offline");
      later(TRY_AGAIN);
    } finally {
      sending = false;
    }
    const button = pressed;
    pressed = null;
    if (button && !stopped && navigator.onLine) return form.requestSubmit(button);
    if (changes && state.dataset.state === "saved") later(WAIT);
  }

  function accept(told, sent) {
    const before = key();
    form.elements.version.value = told.version;
    form.elements.began.value = told.began;
    if (!form.dataset.program) {
      form.dataset.program = told.edit.match(/\d+/)[0];
      form.dataset.autosave = told.autosave;
      form.action = told.edit;
      history.replaceState(null, "", told.edit);
      if (!form.elements.identifier.value) form.elements.identifier.value = told.identifier;
    }
    localStorage.removeItem(before);
    if (changes === sent) changes = 0;
    else keep();
    const but = told.unreadable ? ` (${state.dataset.unreadable})` : "";
    say(told.state, `${state.dataset[told.state]} ${told.at}${but}`);
    show(document.getElementById("missing"), told.missing);
    for (const row of form.querySelectorAll("[data-rows=organizations] [data-row]")) {
      show(row.querySelector("[data-unknown]"), told.unknown[row.dataset.row] ?? "");
    }
  }

  function show(place, html) {
    if (place.dataset.shown === html || place.contains(document.activeElement)) return;
    place.innerHTML = html;
    place.dataset.shown = html;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function changed() {
    changes += 1;
    keep();
    if (!stopped && state.dataset.state !== "offline") later(WAIT);
  }

  // What an earlier visit could not send.
  async function sendWhatWasLeft() {
    const submitted = sessionStorage.getItem(`${PREFIX}submitted`);
    sessionStorage.removeItem(`${PREFIX}submitted`);
    if (submitted && submitted !== key()) localStorage.removeItem(submitted);
    const own = read(key());
    // A button of the form was refused: this page is the answer and holds the text, which is not saved yet.
    if (submitted === key() && own?.submitted && document.getElementById("errors")) {
      changes += 1;
      return later(WAIT);
    }
    if (form.dataset.program) return own && sendLeft(key(), own, () => location.reload());
    const tab = sessionStorage.getItem(`${PREFIX}tab`);
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(`${PREFIX}new-`))) {
      if (name === key()) continue;
      await sendLeft(name, read(name), (told) => {
        if (name === tab) return location.replace(told.edit);
        say("saved", "");
        withLink(told.edit, state.dataset.found);
      });
    }
  }

  async function sendLeft(name, left, then) {
    if (!left) return;
    const value = (field) => left.data.find(([one]) => one === field)?.[1] ?? "";
    // Saved by the form's own button after it was kept here.
    const savedSince = form.dataset.program && Number(value("version")) < Number(form.elements.version.value);
    if (savedSince && left.submitted) return localStorage.removeItem(name);
    try {
      const answer = await deliver(left.address, left.data);
      if (answer.ok) {
        localStorage.removeItem(name);
        then(await answer.json());
      } else if (answer.status === 409) {
        stopped = true;
        say("conflict");
        offerComparison(left.data);
      }
    } catch {
      say("offline");
      setTimeout(() => sendLeft(name, read(name), then), TRY_AGAIN);
    }
  }

  form.addEventListener("input", changed);
  form.addEventListener("form:changed", changed);
  form.addEventListener("focusout", () => changes && state.dataset.state !== "offline" && later(AFTER_LEAVING_A_FIELD));
  addEventListener("online", () => changes && save());
  addEventListener("focus", () => changes && state.dataset.state === "signed_out" && save());
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      keep();
      return say("offline");
    }
    if (sending || left) {
      event.preventDefault();
      if (sending) pressed = event.submitter;
      return;
    }
    left = true;
    clearTimeout(timer);
    const kept = read(key());
    if (kept) localStorage.setItem(key(), JSON.stringify({ ...kept, submitted: true }));
    sessionStorage.setItem(`${PREFIX}submitted`, key());
    stopped = true;
  });
  // Back from another page, the form as the browser kept it is to be used again.
  addEventListener("pageshow", (event) => {
    left = false;
    if (event.persisted && state.dataset.state !== "conflict") stopped = false;
  });
  sendWhatWasLeft();
})();

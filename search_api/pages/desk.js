// The working pages, quicker: files dropped anywhere, progress without loading anew, one key for a decision. Without it they work by forms.
"use strict";

const drop = document.getElementById("drop");
if (drop) {
  const input = drop.querySelector("input");
  drop.querySelector("[data-script]").hidden = false;
  const over = (on) => (event) => { event.preventDefault(); drop.classList.toggle("over", on); };
  document.addEventListener("dragover", over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    input.focus();
  });
}

const progress = document.getElementById("progress");
if (progress) {
  const told = new EventSource(`/api/jobs/${progress.dataset.job}/events`);
  told.onmessage = (event) => {
    const job = JSON.parse(event.data);
    progress.max = job.total || 1;
    progress.value = job.done;
    document.getElementById("count").textContent = job.total ? `${job.done} / ${job.total}` : String(job.done);
    if (job.state === "done" || job.state === "failed") { told.close(); location.reload(); }
  };
}

// Decisions go out one after another without loading the page anew: whoever presses on quickly decides on what is marked at that moment.
// Single keys act only while the focus is in the list, and not at all where they are switched off (WCAG 2.1.4).
const queue = document.getElementById("queue");
const keys = document.getElementById("keys"); // stands where there is something to decide
if (queue && keys) {
  const refused = document.getElementById("refused");
  const left = document.getElementById("left");
  const merge = document.getElementById("merge");
  const alike = document.getElementById("alike");
  let at = null; // the fact that is marked
  let sent = Promise.resolve();
  let waiting = 0;
  let newest = null; // the page as the last decision left it

  const isOpen = (fact) => Boolean(fact) && !fact.inert;
  const step = (from, way) => {
    let fact = from;
    do fact = fact && fact[way]; while (fact && !isOpen(fact));
    return fact;
  };
  const mark = (fact) => {
    if (at) { at.classList.remove("current"); at.tabIndex = -1; }
    at = fact;
    if (at) { at.classList.add("current"); at.tabIndex = 0; }
  };
  const go = (fact) => {
    mark(fact);
    (fact || left).scrollIntoView({ block: "nearest" });
    (fact || left).focus({ preventScroll: true });
  };
  const first = () => [...queue.children].find(isOpen) || null;
  const tell = (...words) => {
    refused.replaceChildren(...words);
    if (words.length) refused.scrollIntoView({ block: "nearest" });
  };

  const renew = (page) => {
    const focused = document.activeElement;
    const inside = queue.contains(focused) || focused === left;
    const key = focused.dataset && focused.dataset.key;
    const place = at ? [...queue.children].filter(isOpen).indexOf(at) : 0;
    const id = at && at.id;
    mark(null);
    queue.replaceChildren(...page.getElementById("queue").children);
    left.replaceChildren(...page.getElementById("left").childNodes);
    const decisions = document.getElementById("decisions");
    const undone = decisions.contains(focused);
    decisions.replaceChildren(...page.getElementById("decisions").childNodes);
    mark((id && document.getElementById(id)) || queue.children[Math.min(place, queue.children.length - 1)] || null);
    if (inside && at) { go(at); if (key) at.querySelector(`[data-key="${key}"]`).focus({ preventScroll: true }); }
    else if (inside) go(null);
    if (undone) decisions.focus({ preventScroll: true });
  };
  const post = async (address, body, fact) => {
    let page = null;
    let done = false;
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "text/html" } });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
      done = answer.ok && Boolean(page.getElementById("queue")); // else it is the page to sign in, or of a problem
    } catch { /* the server is away */ }
    if (done) newest = page;
    else {
      const why = page && page.querySelector("[role=alert]");
      const words = document.createElement("p");
      words.setAttribute("role", "alert");
      words.textContent = `${fact ? `${fact.querySelector("strong").textContent}: ` : ""}${queue.dataset.failed}`;
      tell(words, ...(why ? [why] : []));
      if (fact) { fact.inert = false; fact.removeAttribute("aria-busy"); if (!at) mark(fact); }
    }
    waiting -= 1;
    if (!waiting && newest) { renew(newest); newest = null; }
    return done;
  };
  const send = (form) => {
    const fact = form.closest("#queue > li");
    if (fact && !isOpen(fact)) return;
    const body = new URLSearchParams(new FormData(form));
    if (!waiting) tell();
    if (fact) {
      const next = step(fact, "nextElementSibling") || step(fact, "previousElementSibling");
      const inside = queue.contains(document.activeElement);
      fact.setAttribute("aria-busy", "true");
      if (inside) go(next); else mark(next);
      fact.inert = true;
    }
    waiting += 1;
    sent = sent.then(() => post(form.getAttribute("action"), body, fact)).then((done) => {
      if (done && form === merge) { clear(); go(at || first()); }
    });
  };
  document.querySelector("main").addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    event.preventDefault();
    send(event.target);
  });

  // Merging: names like that of the marked fact, of its type; the nearest is chosen already, Enter merges.
  const clear = () => { merge.reset(); alike.hidden = true; alike.querySelectorAll("label").forEach((label) => label.remove()); };
  const choose = (found) => {
    for (const [number, one] of found.entries()) {
      const label = document.createElement("label");
      const button = Object.assign(document.createElement("input"), { type: "radio", name: "alike", value: one.id, checked: !number });
      const id = document.createElement("code");
      label.className = "tick";
      id.textContent = one.id;
      label.append(button, ` ${one.name} `, id);
      alike.append(label);
    }
    alike.hidden = !found.length;
    merge.elements.target.value = found.length ? found[0].id : "";
    (found.length ? alike.querySelector("input") : merge.elements.target).focus();
  };
  const openMerge = async (fact) => {
    clear();
    merge.elements.node.value = fact.dataset.node || "";
    if (!fact.dataset.node) { merge.elements.node.focus(); return; }
    merge.elements.target.value = "";
    merge.elements.target.focus();
    try {
      const answer = await fetch(`/review/alike?node=${encodeURIComponent(fact.dataset.node)}`);
      const found = answer.ok ? (await answer.json()).alike : [];
      // not where somebody has gone on meanwhile
      if (document.activeElement === merge.elements.target && !merge.elements.target.value && merge.elements.node.value === fact.dataset.node) choose(found);
    } catch { /* then it is written by hand */ }
  };
  alike.addEventListener("change", (event) => { merge.elements.target.value = event.target.value; });
  merge.addEventListener("keydown", (event) => { if (event.key === "Escape") { clear(); go(isOpen(at) ? at : first()); } });

  keys.hidden = false;
  const single = keys.querySelector("input");
  const turn = () => queue.classList.toggle("keyless", !single.checked);
  single.checked = localStorage.getItem("single-keys") !== "off";
  turn();
  single.addEventListener("change", () => { localStorage.setItem("single-keys", single.checked ? "on" : "off"); turn(); });
  keys.querySelector("button").addEventListener("click", () => go(isOpen(at) ? at : first()));

  mark(first());
  queue.addEventListener("focusin", (event) => { const fact = event.target.closest("#queue > li"); if (isOpen(fact)) mark(fact); });
  queue.addEventListener("keydown", (event) => {
    if (!single.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !isOpen(at)) return;
    if (event.key === "j") go(step(at, "nextElementSibling") || at);
    else if (event.key === "k") go(step(at, "previousElementSibling") || at);
    else if (event.repeat) return; // a key that is held down decides once
    else if (event.key === "m") { event.preventDefault(); openMerge(at); }
    else {
      const button = at.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (button) send(button.form);
    }
  });
}

// Names to choose from while a question is typed: of programs, indicators and places, by characters, pinyin or initials. Without it the box works as it is.
"use strict";

const box = document.querySelector("input[data-suggest]");
if (box) {
  const list = document.getElementById(box.dataset.suggest);
  const said = document.getElementById(`${box.dataset.suggest}-said`);
  // The last word, which is the one that is being typed: what stands before it, operators and marks among it, stays.
  const last = () => /[^\s"“”()（）]*$/.exec(box.value)[0];
  let at = -1;
  let timer = 0;
  let asked = null;

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  const stop = () => { clearTimeout(timer); if (asked) asked.abort(); };
  const close = () => {
    stop();
    at = -1;
    list.hidden = true;
    list.replaceChildren();
    said.textContent = "";
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const point = (to) => {
    if (list.children[at]) list.children[at].setAttribute("aria-selected", "false");
    at = to;
    const option = list.children[at];
    if (!option) { box.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  };
  const take = (option) => {
    box.value = box.value.slice(0, box.value.length - last().length) + option.dataset.text;
    close();
    box.focus();
  };
  const show = (suggestions) => {
    close();
    suggestions.forEach((suggestion, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.text = suggestion.text;
      const kind = document.createElement("span");
      kind.textContent = [suggestion.alias_of, list.dataset[suggestion.kind]].filter(Boolean).join(" · ");
      option.append(suggestion.text, " ", kind);
      list.append(option);
    });
    if (!suggestions.length) return;
    list.hidden = false;
    said.textContent = list.dataset.found.replace("#", suggestions.length);
    box.setAttribute("aria-expanded", "true");
  };
  const ask = async () => {
    const word = last();
    if (!word || word.length > 100) { close(); return; }
    stop();
    const mine = asked = new AbortController();
    try {
      const answer = await fetch(`/api/suggest?size=8&q=${encodeURIComponent(word)}`, { signal: mine.signal });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (asked === mine && !mine.signal.aborted) show(found.filter((suggestion) => suggestion.text !== word));
    } catch { /* not answered, or not wanted any more: the box works without */ }
  };

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, 120); // letters of an input method are no question yet
  });
  box.addEventListener("compositionend", ask);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const size = list.children.length;
    if (event.key === "ArrowDown") point(at + 1 < size ? at + 1 : 0);
    else if (event.key === "ArrowUp") point(at > 0 ? at - 1 : size - 1);
    else if (event.key === "Enter" && at >= 0) take(list.children[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => { const option = event.target.closest("li"); if (option) take(option); });
}

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

const queue = document.getElementById("queue");
if (queue) {
  const facts = [...queue.children];
  let at = 0;
  const go = (to) => {
    facts.forEach((fact) => fact.classList.remove("current"));
    at = Math.max(0, Math.min(to, facts.length - 1));
    if (!facts[at]) return;
    facts[at].classList.add("current");
    if (to !== 0) { facts[at].scrollIntoView({ block: "nearest" }); facts[at].focus({ preventScroll: true }); }
  };
  go(0);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "m") { event.preventDefault(); document.querySelector("[data-focus=m]").focus(); }
    else {
      const button = facts[at] && facts[at].querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (button) button.click();
    }
  });
}

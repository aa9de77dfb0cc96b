"use strict";
// Filters the questions, opens the one that the address names. Without this the page is whole, only longer.
(() => {
  const form = document.querySelector("form.filter");
  const questions = [...document.querySelectorAll(".question")];
  if (!form || !questions.length) return;
  const counted = form.querySelector("output");
  const none = document.querySelector(".none");
  const text = new Map(questions.map((q) => [q, q.textContent.toLowerCase()]));

  const fits = (question, wanted) =>
    wanted.words.every((word) => text.get(question).includes(word)) &&
    (!wanted.outcome ||
      (wanted.outcome === "failures"
        ? question.dataset.outcome !== "right"
        : question.dataset.outcome === wanted.outcome)) &&
    ["language", "kind", "changed"].every(
      (name) => !wanted[name] || question.dataset[name] === wanted[name],
    );

  const filter = () => {
    const told = Object.fromEntries(new FormData(form));
    const wanted = { ...told, words: told.words.toLowerCase().split(/\s+/).filter(Boolean) };
    let shown = 0;
    for (const question of questions) {
      question.hidden = !fits(question, wanted);
      if (!question.hidden) shown += 1;
    }
    counted.textContent = counted.dataset.text
      .replace("{shown}", shown)
      .replace("{total}", questions.length);
    none.hidden = shown > 0;
  };

  const open = (all) => {
    for (const question of questions) {
      if (!question.hidden) question.querySelector("details").open = all;
    }
  };

  const follow = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target || !target.classList.contains("question")) return;
    if (target.hidden) {
      form.reset();
      filter();
    }
    target.querySelector("details").open = true;
    target.scrollIntoView();
  };

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.querySelector(".open-all").addEventListener("click", () => open(true));
  form.querySelector(".close-all").addEventListener("click", () => open(false));
  window.addEventListener("hashchange", follow);
  form.hidden = false;
  filter();
  follow();
})();

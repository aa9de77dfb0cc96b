// The conversation: what its buttons do. `element`, `trigger` and `watch` are Gradio's.
const kutip = (window.kutip ??= {});
const log = () => element.querySelector(".kutip-log");
const busy = () => log()?.getAttribute("aria-busy") === "true";
const turnOf = (node) => Number(node.closest(".kutip-turn")?.dataset.turn);

async function copy(button) {
  const words = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    // Without HTTPS, away from this machine, there is no clipboard but through a selection.
    const area = document.createElement("textarea");
    area.value = words;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  kutip.say(kutip.texts.copied);
}

function reason(button) {
  const form = button.closest(".kutip-turn").querySelector(".kutip-reason");
  form.hidden = !form.hidden;
  (form.hidden ? button : form.elements.reason).focus();
}

const pressed = (button) => button.getAttribute("aria-pressed") === "true";

function act(button) {
  const { ask, copy: words, vote, act: wish } = button.dataset;
  if (button.matches(".kutip-cite")) kutip.open(button);
  else if (words !== undefined) copy(button);
  else if (busy()) return;
  else if (ask !== undefined) trigger("asked", { text: ask });
  else if (vote === "good") trigger("vote", { turn: turnOf(button), good: pressed(button) ? null : true, reason: "" });
  else if (vote === "bad") reason(button);
  else if (wish === "unvote") trigger("vote", { turn: turnOf(button), good: null, reason: "" });
  else if (wish === "unreason") reason(button.closest(".kutip-turn").querySelector("[data-vote=bad]"));
  else if (wish === "retry") trigger("again", {});
  else if (wish === "edit" || wish === "cancel") trigger("edit", { begin: wish === "edit" });
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.type === "button") act(button);
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  trigger("vote", { turn: turnOf(form), good: false, reason: form.elements.reason.value });
  form.hidden = true;
});

// What may be asked next belongs to the last answer; it may come too late.
function outdated() {
  const next = document.querySelector(".kutip-next");
  if (next) next.hidden = Number(next.dataset.after) !== document.querySelectorAll(".kutip-turn").length;
}

// Questions to begin with take a while to find when Kutip has just started.
let waiting = false;
function wait() {
  waiting = Boolean(element.querySelector("[data-wait]"));
  if (waiting) setTimeout(() => (trigger("look", {}), wait()), 2000);
}

// A new question goes to the top, so that its answer grows downwards and nothing read moves.
let turns = 0;
watch("value", () => {
  const all = element.querySelectorAll(".kutip-turn");
  if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start" });
  turns = all.length;
  outdated();
  if (!waiting) wait();
});

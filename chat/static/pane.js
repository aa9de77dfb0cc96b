// The source: a whole article, scrolled to the cited sentence. `element` and `server` are Gradio's.
const kutip = (window.kutip ??= {});
const narrow = window.matchMedia("(max-width: 60rem)");
let origin = null; // the marker that was opened, or the button of an article in the list
let wanted = 0;

const part = (name) => element.querySelector(`.kutip-pane-${name}`);
const markers = () => {
  const turn = origin?.closest(".kutip-turn");
  if (!turn) return [];
  return [...turn.querySelectorAll(".kutip-sources .kutip-cite")];
};
const place = () => markers().findIndex((m) => m.dataset.label === origin.dataset.label);

function drawer(open) {
  document.body.classList.toggle("kutip-reading", open);
  for (const id of ["kutip-bar", "kutip-talk", "kutip-shelf"]) {
    const other = document.getElementById(id);
    if (other) other.inert = open && narrow.matches;
  }
}

function told() {
  const all = markers();
  const at = place();
  part("place").textContent =
    at < 0 ? "" : kutip.texts.place.replace("$label", all[at].dataset.label).replace("$count", all.length);
  part("previous").disabled = at <= 0;
  part("next").disabled = at < 0 || at >= all.length - 1;
}

kutip.open = async (button) => {
  const { file, sha, start, end, mark } = button.dataset;
  const mine = ++wanted;
  origin = button;
  drawer(true);
  told();
  if (!relit(button.dataset)) {
    const asked = { file, sha: sha ?? "", start: Number(start ?? -1), end: Number(end ?? -1) };
    const found = await server.article({ ...asked, mark: mark ?? "", language: kutip.language });
    if (mine !== wanted) return; // another one was opened meanwhile
    part("body").innerHTML = found;
  }
  const lit = part("body").querySelector(".kutip-lit");
  if (lit) lit.scrollIntoView({ block: "center" });
  else part("body").scrollTop = 0;
  (lit ?? part("body").querySelector("h2"))?.focus({ preventScroll: true });
  for (const marker of document.querySelectorAll(".kutip-cite[aria-current]")) marker.removeAttribute("aria-current");
  if (lit) button.setAttribute("aria-current", "true");
};

// Another sentence of the article that is open already: found by its offset, no need to fetch it again.
function relit({ file, sha, start, mark }) {
  const article = part("body").querySelector(".kutip-article");
  if (!sha || article?.dataset.file !== file || article.dataset.sha !== sha) return false;
  const wanted = article.querySelector(`[data-start="${Number(start)}"]`);
  if (!wanted) return false;
  for (const old of article.querySelectorAll(".kutip-lit")) {
    old.textContent = old.textContent;
    old.classList.remove("kutip-lit");
    old.removeAttribute("tabindex");
  }
  if (mark) {
    const letters = Array.from(wanted.textContent); // offsets count characters, not halves of them
    const [low, high] = mark.split("-").map((at) => Number(at) - Number(start));
    const own = document.createElement("mark");
    own.textContent = letters.slice(low, high).join("");
    wanted.replaceChildren(letters.slice(0, low).join(""), own, letters.slice(high).join(""));
  }
  wanted.classList.add("kutip-lit");
  wanted.tabIndex = -1;
  return true;
}

function step(by) {
  const next = origin && markers()[place() + by];
  if (next) kutip.open(next);
}

function close() {
  drawer(false);
  if (origin?.isConnected) origin.focus();
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button === part("previous")) step(-1);
  if (button === part("next")) step(1);
  if (button === part("close")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (event.key === "Escape" && document.body.classList.contains("kutip-reading")) return close();
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "n") step(1);
  if (event.key === "p") step(-1);
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("#kutip-box textarea")?.focus();
  }
});

narrow.addEventListener("change", () => drawer(document.body.classList.contains("kutip-reading")));
// Another language: the frame was drawn anew, and what it held is fetched again, unless it was closed.
watch("value", () => {
  if (document.body.classList.contains("kutip-reading") && origin?.isConnected) kutip.open(origin);
});

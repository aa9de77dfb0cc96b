// The bar: language, look and view, remembered in this browser. `element` and `trigger` are Gradio's.
const kutip = (window.kutip ??= {});
const kept = (name) => {
  try {
    return localStorage.getItem(`kutip-${name}`);
  } catch {
    return null; // a browser may forbid it
  }
};
const keep = (name, value) => {
  try {
    localStorage.setItem(`kutip-${name}`, value);
  } catch {}
};

// The key to this tab's conversation, with which it finds it again when it is loaded anew.
const conversation = (key) => {
  try {
    if (key) sessionStorage.setItem("kutip-conversation", key);
    return sessionStorage.getItem("kutip-conversation") ?? "";
  } catch {
    return "";
  }
};

function speak(language) {
  kutip.language = language;
  document.documentElement.lang = language;
  trigger("speak", { language, key: conversation() });
}

function look(dark) {
  document.body.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
  told();
}

function view(name) {
  document.body.dataset.view = name;
  told();
}

function told() {
  const dark = document.body.classList.contains("dark");
  element.querySelector("[data-look]")?.setAttribute("aria-pressed", String(dark));
  for (const button of element.querySelectorAll("[data-view]")) {
    const here = button.dataset.view === document.body.dataset.view;
    here ? button.setAttribute("aria-current", "page") : button.removeAttribute("aria-current");
  }
  const frame = element.querySelector("[data-texts]");
  if (!frame) return;
  kutip.texts = JSON.parse(frame.dataset.texts);
  conversation(frame.dataset.key);
}

// Said aloud by screen readers, and shown for a moment.
kutip.say = (words) => {
  const status = element.querySelector("[role=status]");
  status.textContent = words;
  clearTimeout(kutip.said);
  kutip.said = setTimeout(() => (status.textContent = ""), 4000);
};
kutip.view = view;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.language) {
    keep("language", button.dataset.language);
    speak(button.dataset.language);
  } else if (button.dataset.view) view(button.dataset.view);
  else if (button.dataset.look !== undefined) {
    const dark = !document.body.classList.contains("dark");
    keep("look", dark ? "dark" : "light");
    look(dark);
  } else if (button.dataset.export) trigger("export", { form: button.dataset.export });
  else if (button.dataset.act === "new") trigger("fresh", {});
  const menu = button.closest("details");
  if (menu) menu.open = false;
});

watch("value", told);
view("talk");
const chosen = kept("look");
look(chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches);
const first = navigator.languages?.[0] ?? navigator.language ?? "";
speak(kept("language") ?? (/^(id|in|ms|jv|su)\b/i.test(first) ? "id" : "en"));

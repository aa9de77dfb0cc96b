// The list of articles: a filter, opening, removal, and files dropped on it.
const kutip = (window.kutip ??= {});
const input = () => document.querySelector("#kutip-shelf > input[type=file]");

function sift() {
  const words = (element.querySelector("[data-sift]")?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const row of element.querySelectorAll("tbody tr")) {
    const own = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => own.includes(word));
    count += !row.hidden;
  }
  const told = element.querySelector("[data-count]");
  if (told) told.textContent = told.dataset.count.replace("$count", count);
}

element.addEventListener("input", (event) => event.target.matches("[data-sift]") && sift());
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.file) kutip.open(button);
  if (button.dataset.remove) trigger("drop", { file: button.dataset.remove });
  if (button.dataset.act === "reindex") trigger("renew", {});
  if (button.dataset.act === "choose") input()?.click();
});

for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  element.addEventListener(name, (event) => {
    const zone = event.target.closest?.(".kutip-drop");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("kutip-over", name === "dragenter" || name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    const target = input();
    target.files = event.dataTransfer.files;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
watch("value", sift);

// Which articles a question is asked of: the server is told of every change.
element.addEventListener("change", () => {
  const form = element.querySelector("form");
  if (form?.reportValidity()) trigger("narrow", Object.fromEntries(new FormData(form)));
});
// Drawn anew, the form keeps what the reader chose in it: it is to show what is applied.
watch("value", () => element.querySelector("form")?.reset());
element.addEventListener("submit", (event) => event.preventDefault());
element.addEventListener("click", (event) => {
  if (event.target.closest("button")?.dataset.act === "widen") trigger("narrow", {});
});

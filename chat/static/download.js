// A file that was made for this page alone: it is handed over without an address of its own.
watch("value", () => {
  if (!props.value?.name) return;
  const { name, type, content } = props.value;
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
});

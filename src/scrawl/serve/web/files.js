// The ways in which a file comes onto the sheet: chosen, photographed, pasted, dropped.

import { $ } from "./dom.js";
import { isForm } from "./form.js";

export function onFiles(open) {
  for (const id of ["file", "shot"]) {
    $(id).addEventListener("change", ({ target }) => {
      open(target.files[0]);
      target.value = ""; // the same file can be chosen again
    });
  }
  addEventListener("paste", (event) => open(event.clipboardData.files[0]));
  addEventListener("dragover", (event) => {
    event.preventDefault();
    $("sheet").classList.add("over");
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? $("sheet").classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    $("sheet").classList.remove("over");
    const files = [...event.dataTransfer.files]; // a form file and a picture of it may come together
    open(files.find(isForm));
    open(files.find((file) => !isForm(file)));
  });
}

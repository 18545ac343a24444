// Taking the reading away: as a text, a table, CSV or JSON, copied or saved.

import { $, copy, done, make, saveAs } from "./dom.js";
import { FORMATS, table, written } from "./reading.js";

let rows = () => [];
let format = "Text";
let name = "drawing";

// `rowsOf` gives what `scrawl read --json` prints, as it is corrected at that moment.
export function takeable(rowsOf, file) {
  $("take").hidden = !rowsOf;
  if (!rowsOf) return;
  rows = rowsOf;
  name = file.replace(/\.\w+$/, "");
  preview();
}

export function preview() {
  if ($("take").hidden || !$("take").open) return;
  if (format !== "Table") {
    $("preview").replaceChildren(make("pre", {}, written(format, rows())));
    return;
  }
  const lines = table(rows()).map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell))));
  $("preview").replaceChildren(make("table", {}, make("tbody", {}, ...lines)));
}

function save() {
  const { ending, type } = FORMATS[format];
  saveAs(written(format, rows()), name + ending, type);
}

export function start() {
  for (const each of Object.keys(FORMATS)) {
    const input = make("input", { type: "radio", name: "format", value: each, checked: each === format });
    input.addEventListener("change", () => {
      format = each;
      preview();
    });
    $("formats").append(make("label", { className: "choice" }, input, each));
  }
  $("take").addEventListener("toggle", preview);
  $("save").addEventListener("click", save);
  $("copy").addEventListener("click", async () => {
    await copy(written(format, rows()));
    done($("copy"), "Copied");
  });
}

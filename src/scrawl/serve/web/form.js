// A picture read as a form: a form file that was chosen or proposed, and its fields.

import { ask } from "./ask.js";
import { $, make, saveAs } from "./dom.js";
import { frames, mark } from "./frames.js";
import { outline } from "./outline.js";
import { server, sheet } from "./state.js";

// What travels: the picture as it was opened where the server takes it so, for a form's lines need
// each pixel; and how many pixels of what is shown are one of that.
function sendable({ file, leaves }, leaf) {
  const whole = leaves.length === 1 && leaf.opened && file.size <= server.limits.body;
  return whole ? { sent: file, scale: 1 } : leaf;
}

// Reads a page as the sheet's form; gives its row.
export async function readForm(picture, leaf, signal) {
  const body = new FormData();
  const { sent, scale } = sendable(picture, leaf);
  body.append("form", sheet.form);
  body.append("file", sent, picture.name);
  const [row] = await ask("v1/forms", { body, signal });
  return { ...row, scale };
}

// The fields, each with what was read in it, to be corrected; red where there is doubt.
export class Fields {
  constructor({ changed, reveal }) {
    this.changed = changed;
    this.reveal = reveal;
  }

  hide() {
    $("fields").hidden = true;
  }

  show(row, size) {
    $("fields").hidden = false;
    const shown = row.fields.map((field) => ({ ...field, box: field.box.map((x) => x * row.scale) }));
    frames($("view"), size, shown, (place) => this.#inputs[place]?.focus());
    $("fields").replaceChildren(...row.fields.map((field, place) => this.#line(field, place, shown, size)));
  }

  get #inputs() {
    return [...$("fields").querySelectorAll("input")];
  }

  #line(field, place, shown, [width, height]) {
    const input = make("input", { value: field.text, inputMode: "numeric", autocomplete: "off" });
    const line = make("label", { className: field.uncertain ? "doubt" : "" }, make("span", {}, field.name), input);
    input.addEventListener("focus", () => {
      mark(place);
      const [x0, y0, x1, y1] = shown[place].box;
      this.reveal([x0 / width, y0 / height, x1 / width, y1 / height]);
    });
    const said = () => {
      Object.assign(field, { text: input.value, uncertain: false, checked: true });
      line.className = "checked";
      $("boxes").children[place]?.setAttribute("class", "checked chosen");
      this.changed();
    };
    input.addEventListener("change", said);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      said();
      const rest = this.#inputs;
      (rest.find((each, i) => i > place && each.parentNode.className === "doubt") ?? rest[place + 1])?.focus();
    });
    return line;
  }
}

// Chooses, proposes and keeps form files. `read` reads what is on the sheet anew.
export function start({ read, trouble }) {
  let scale = 1; // pixels of what is shown for one of the form that was proposed
  const take = (text, name, proposed = false) => {
    sheet.form = new File([text], name, { type: "application/toml" });
    $("toml").value = text;
    for (const id of ["toml", "with"]) $(id).hidden = false;
    $("form-move").hidden = !proposed;
  };
  $("form-file").addEventListener("change", async (event) => {
    await chosen(event.target.files[0]);
    event.target.value = "";
  });
  $("propose").addEventListener("click", async () => {
    const before = $("propose").textContent;
    $("propose").disabled = true;
    $("propose").textContent = "Looking for lines …";
    try {
      const { picture } = sheet;
      const body = new FormData();
      const sending = sendable(picture, picture.leaf);
      body.append("file", sending.sent, picture.name);
      const { form } = await ask("v1/forms/new", { body });
      scale = sending.scale;
      take(form, picture.name.replace(/\.\w+$/, "") + ".toml", true);
      read();
    } catch (error) {
      trouble(error);
    } finally {
      $("propose").disabled = false;
      $("propose").textContent = before;
    }
  });
  $("form-read").addEventListener("click", () => {
    take($("toml").value, sheet.form.name, !$("form-move").hidden);
    read();
  });
  $("form-move").addEventListener("click", () => {
    const photo = $("photo");
    outline($("toml"), [photo.naturalWidth, photo.naturalHeight], scale);
    $("picture").scrollIntoView({ block: "nearest" }); // on a phone it is above what was pressed
  });
  $("form-save").addEventListener("click", () => saveAs($("toml").value, sheet.form.name, "application/toml"));
  $("form-off").addEventListener("click", () => {
    forget();
    read();
  });

  async function chosen(file) {
    if (!file) return;
    take(await file.text(), file.name);
    read();
  }
  return chosen;
}

export function forget() {
  sheet.form = null;
  for (const id of ["toml", "with"]) $(id).hidden = true;
}

export const isForm = (file) => /\.toml$/i.test(file?.name ?? "");

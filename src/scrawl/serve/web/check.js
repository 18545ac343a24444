// One digit of several: its crop beside what it was read as, corrected by keys or by buttons; or one
// that was missed, added.

import { Add } from "./add.js";
import { bars, buttonsOf, dress } from "./show.js";
import { $, make } from "./dom.js";
import { mark, redress } from "./frames.js";

const MARGIN = 0.15; // of the digit's size, around its crop

export class Check {
  #corrected = null;
  #photo = null;
  place = -1;

  // `said(place, text)` is called when a person has said what a digit is; `reveal` shows a box;
  // `anew` shows the digits when there is one more or one less.
  constructor({ said, reveal, anew }) {
    Object.assign(this, { said, reveal, anew });
    this.add = new Add({
      moved: (box) => this.#crop(box, this.#corrected.reading.size),
      said: (box, text) => this.#added(box, text),
      left: () => this.choose(this.place),
    });
    $("add").addEventListener("click", () => this.missed());
    for (const text of [..."0123456789", ""]) {
      const button = make("button", { type: "button" }, text || "none");
      button.setAttribute("aria-label", text ? `It is a ${text}` : "It is no digit");
      button.addEventListener("click", () => this.say(text));
      $("pad").append(button);
    }
    $("back").addEventListener("click", () => this.step(-1));
    $("next").addEventListener("click", () => this.step(1));
    $("right").addEventListener("click", () => this.confirm());
  }

  // Shows the reading's least certain digit; null hides all.
  show(corrected, photo) {
    this.#corrected = corrected;
    this.#photo = photo;
    this.place = -1;
    this.add.stop();
    $("add").hidden = photo !== $("photo");
    $("check").hidden = !corrected;
    $("check").inert = false;
    if (!corrected) return;
    const confidences = corrected.digits.map((digit) => digit.confidence);
    this.choose(corrected.open[0] ?? confidences.indexOf(Math.min(...confidences)), false);
  }

  choose(place, near = true) {
    this.add.stop();
    $("add").lastChild.textContent = "Add a missed digit";
    $("right").disabled = false;
    this.place = place;
    const { digits, open, reading } = this.#corrected;
    const digit = digits[place];
    buttonsOf().forEach((each, i) => each.classList.toggle("chosen", i === place));
    mark(place);
    const doubted = digits.filter((each) => each.uncertain).length;
    const rank = digits.slice(0, place + 1).filter((each) => each.uncertain).length;
    $("tally").textContent = digit.uncertain && !digit.checked
      ? `${rank} of ${doubted} to check` : open.length ? `${open.length} to check` : `Digit ${place + 1} of ${digits.length}`;
    $("value").textContent = digit.text || "×";
    $("value").className = digit.uncertain && !digit.checked ? "doubt" : "";
    $("next").disabled = $("back").disabled = digits.length < 2;
    this.#crop(digit.box, reading.size);
    bars(digit.checked ? null : digit.probabilities);
    const [width, height] = reading.size;
    const [x0, y0, x1, y1] = digit.box;
    if (near) this.reveal([x0 / width, y0 / height, x1 / width, y1 / height]);
  }

  // Begins to add a digit that was missed, beside the chosen one.
  missed() {
    if ($("add").hidden) return;
    if (this.add.going) return this.add.say("");
    const { digits, reading } = this.#corrected;
    const widths = digits.map(({ box }) => box[2] - box[0]).sort((a, b) => a - b);
    mark(-1);
    bars(null);
    const keys = matchMedia("(pointer: coarse)").matches ? "" : ", or move it by arrows (with Shift its size)";
    $("tally").textContent = `Drag a box about the missed digit${keys}, then say what it is`;
    $("value").textContent = "?";
    $("value").className = "";
    for (const id of ["back", "right", "next"]) $(id).disabled = true;
    $("add").lastChild.textContent = "Leave it";
    this.add.start(digits[this.place].box, widths[widths.length >> 1], reading.size);
  }

  #added(box, text) {
    const place = this.#corrected.add(box, text);
    this.anew();
    this.said(place, text);
    this.choose(place, false);
  }

  // Says what the chosen digit is, and goes on to the next to check.
  say(text) {
    if (this.add.going) return this.add.say(text);
    const { digits } = this.#corrected;
    this.#corrected.say(this.place, text);
    this.#redress(this.place);
    this.said(this.place, text, digits[this.place]);
    if (this.#corrected.open.length) this.step(1);
    else this.choose(this.place);
  }

  confirm() {
    if (!this.add.going) this.say(this.#corrected.digits[this.place].text);
  }

  undo(again) {
    const { length } = this.#corrected.digits;
    const place = this.#corrected.undo(again);
    if (this.#corrected.digits.length !== length) this.anew();
    else this.#redress(place);
    this.said(place, null);
    this.choose(place);
  }

  // To the next digit to check, or the next of all where none is left; -1 goes back.
  step(by) {
    const { digits, open } = this.#corrected;
    const places = open.length ? open : [...digits.keys()];
    const next = by > 0 ? places.find((i) => i > this.place) ?? places[0] : places.findLast((i) => i < this.place) ?? places.at(-1);
    this.choose(next);
  }

  // What a key does here; gives whether it did anything.
  key(event) {
    if (!this.#corrected || $("check").inert || event.ctrlKey || event.metaKey || event.altKey) return false;
    const pressed = event.target.closest?.("button, a, summary, label");
    if (/^\d$/.test(event.key)) this.say(event.key);
    else if (event.key === "Enter" && (!pressed || pressed.closest("#read"))) this.confirm();
    else if (event.key === "Backspace" || event.key === "Delete") this.say("");
    else if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "a") this.missed();
    else return false;
    return true;
  }

  // The chosen digit's piece of the picture, as a PNG.
  piece(place) {
    const { digits, reading } = this.#corrected;
    const canvas = make("canvas");
    this.#draw(canvas, digits[place].box, reading.size, 1);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  #redress(place) {
    const digit = this.#corrected.digits[place];
    dress(buttonsOf()[place], digit);
    redress(place, digit);
  }

  #crop(box, size) {
    this.#draw($("crop"), box, size, 0);
  }

  // Draws a digit's box with its surroundings; `own` gives the canvas the picture's resolution.
  #draw(canvas, [x0, y0, x1, y1], [width], own) {
    const source = this.#photo;
    const scale = (source.naturalWidth ?? source.width) / width;
    const side = Math.max(x1 - x0, y1 - y0) * (1 + 2 * MARGIN) * scale;
    if (own) canvas.width = canvas.height = Math.ceil(side);
    const pen = canvas.getContext("2d");
    pen.fillStyle = getComputedStyle($("sheet")).getPropertyValue("--paper");
    pen.fillRect(0, 0, canvas.width, canvas.height);
    const [x, y] = [((x0 + x1) * scale - side) / 2, ((y0 + y1) * scale - side) / 2];
    pen.drawImage(source, x, y, side, side, 0, 0, canvas.width, canvas.height);
  }
}

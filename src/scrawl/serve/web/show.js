// Shows an answer: large, coloured and worded by how sure it is; its bars; what the network saw.

import { barsOf, percent } from "./answer.js";
import { $, make } from "./dom.js";

// `verdict` is what `decide` gives; `interim` while the stroke is still being drawn.
export function say({ text, sure = "", tone = "words", kind = "words" }, interim = false) {
  const read = $("read");
  read.textContent = text;
  read.className = [tone, kind, interim ? "interim" : ""].join(" ");
  const lines = text.split("\n");
  read.style.setProperty("--n", Math.max(1, ...lines.map((line) => line.length)));
  read.style.setProperty("--lines", lines.length);
  $("sure").textContent = interim ? "…" : sure;
  if (!interim) $("spoken").textContent = `${text}. ${sure}`;
}

// The number, each digit a button that chooses it.
export function sayNumber(verdict, { reading, digits }, choose, interim = false) {
  say(verdict, interim);
  let next = 0;
  const rows = reading.lines.map((line) => {
    const row = make("span");
    for (const count of line.groups) {
      if (row.childNodes.length) row.append(" ");
      for (let k = 0; k < count; k++) {
        const place = next++;
        const button = make("button", { type: "button" });
        button.addEventListener("click", () => choose(place));
        row.append(button);
        dress(button, digits[place]);
      }
    }
    return row;
  });
  $("read").classList.toggle("long", rows.length > 2 || digits.length > 24);
  $("read").replaceChildren(...rows.flatMap((row, i) => (i ? ["\n", row] : [row])));
}

// Shows a digit in the number as it is now: read, doubted or corrected.
export function dress(button, { text, confidence, uncertain, checked, crossed_out: crossed }) {
  const doubted = uncertain && !checked;
  button.textContent = text || "×";
  button.className = doubted ? "doubt" : checked ? "checked" : "";
  button.title = checked ? "as you said" : `${percent(confidence)} sure${crossed ? ", crossed out" : ""}${doubted ? ", to check" : ""}`;
  button.setAttribute("aria-label", `${text || "no digit"}${doubted ? ", to check" : ""}`);
}

export const buttonsOf = () => [...$("read").querySelectorAll("button")];

export function bars(probabilities, alphabet) {
  const rows = probabilities ? barsOf(probabilities, alphabet) : [];
  $("bars").hidden = !rows.length;
  const lengths = rows.map(([what, , letter]) => (letter ? what.length : 0));
  $("bars").style.setProperty("--label", `${Math.max(0, ...lengths)}ch`);
  $("bars").replaceChildren(...rows.map(([what, share, letter], i) => {
    const bar = make("i");
    bar.style.transform = `scaleX(${share})`;
    const row = make("li", { className: i ? "" : "best" }, make("b", {}, what), bar, make("span", {}, percent(share)));
    row.classList.toggle("no", !letter);
    return row;
  }));
}

// The ink found and the 28×28 pixels, of one digit; null hides them.
export function explain(result) {
  $("why").hidden = !result?.seen;
  if (!result?.seen) return;
  $("ink").src = result.ink;
  for (const id of ["seen", "faint"]) $(id).src = result.seen;
  const [x0, y0, x1, y1] = result.box;
  $("ink").alt = `The ink found, ${x1 - x0} by ${y1 - y0} pixels`;
  $("seen").alt = "The 28 by 28 pixels that the network saw";
  heat(null);
}

// Paints ink that speaks for the answer in one colour and ink against it in another; null until that
// is known.
export function heat(map) {
  $("map").hidden = !map;
  $("faint").hidden = Boolean(map);
  $("faint").className = "";
  const words = ["ink ", make("b", { className: "for" }, "for"), " and ", make("b", { className: "against" }, "against")];
  $("mattered").replaceChildren(...(map ? words : ["which ink mattered …"]));
  if (!map) return;
  const pen = $("map").getContext("2d");
  pen.clearRect(0, 0, 28, 28);
  const style = getComputedStyle(document.documentElement);
  const most = Math.max(...map.flat().map(Math.abs), 1e-6);
  map.forEach((row, y) => row.forEach((weight, x) => {
    if (!weight) return;
    pen.globalAlpha = 0.2 + 0.8 * Math.sqrt(Math.abs(weight) / most);
    pen.fillStyle = style.getPropertyValue(weight > 0 ? "--sure" : "--doubt");
    pen.fillRect(x, y, 1, 1);
  }));
}

// It could not be found out which ink mattered.
export function noHeat() {
  $("faint").className = "unknown";
  $("mattered").replaceChildren("which ink mattered: no answer");
}

// What is being done with a picture, the share of it that is done (null: not known), the seconds.
export class Progress {
  #start = 0;
  #tick = 0;

  begin() {
    this.end();
    this.#start = performance.now();
    $("progress").hidden = false;
    this.#tick = setInterval(() => this.#write(), 250);
  }

  show(what, share = null) {
    this.what = what;
    const bar = $("progress").querySelector("progress");
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
    this.#write();
  }

  end() {
    clearInterval(this.#tick);
    $("progress").hidden = true;
  }

  #write() {
    const seconds = Math.floor((performance.now() - this.#start) / 1000);
    $("progress").querySelector("p").textContent = seconds ? `${this.what} · ${seconds} s` : this.what;
  }
}

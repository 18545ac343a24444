// A digit that was missed: a box drawn or moved about it, then its digit typed.

import { $ } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 1 / 6; // of the box's side, that an arrow key moves or widens it
const LEAST = 4; // pixels of the screen that a drag has, where a click has fewer
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Add {
  box = null; // what is being added, in the reading's pixels
  #size; // of the picture, in these
  #from = null; // where a drag began

  // `moved(box)` is told where the box is now; `said(box, text)` what it is; `left()` that it was given up.
  constructor({ moved, said, left }) {
    Object.assign(this, { moved, said, left });
    const svg = $("boxes");
    svg.addEventListener("pointerdown", (event) => this.#down(event));
    svg.addEventListener("pointermove", (event) => this.#from && this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => this.#up());
  }

  get going() {
    return this.box !== null;
  }

  // Begins with a box of a usual digit's size to the right of another.
  start([, y0, x1, y1], width, size) {
    this.#size = size;
    this.frame = document.createElementNS(SVG, "rect");
    this.frame.classList.add("new");
    $("boxes").append(this.frame);
    $("picture").classList.add("adding");
    $("add").classList.add("going");
    $("picture").scrollIntoView({ block: "nearest" }); // on a phone it is above what was pressed
    this.#to([x1 + width / 4, y0, x1 + 1.25 * width, y1]);
  }

  stop() {
    if (!this.going) return;
    this.box = this.#from = null;
    this.frame.remove();
    $("picture").classList.remove("adding");
    $("add").classList.remove("going");
  }

  // Says what is in the box; nothing gives it up.
  say(text) {
    const box = this.box.map(Math.round);
    this.stop();
    if (text) this.said(box, text);
    else this.left();
  }

  // Gives whether a key meant something.
  key(event) {
    if (!this.going || event.ctrlKey || event.metaKey || event.altKey) return false;
    const way = WAYS[event.key];
    if (/^\d$/.test(event.key)) this.say(event.key);
    else if (["Escape", "Backspace", "Delete"].includes(event.key)) this.say("");
    else if (way) this.#step(way, event.shiftKey);
    else return event.key === "Enter" && !event.target.closest?.("button, a, summary, label");
    return true;
  }

  #step([across, down], wider) {
    const [x0, y0, x1, y1] = this.box;
    const [x, y] = [across * (x1 - x0) * STEP, down * (y1 - y0) * STEP];
    this.#to(wider ? [x0, y0, x1 + x, y1 + y] : [x0 + x, y0 + y, x1 + x, y1 + y]);
  }

  #down(event) {
    if (!this.going) return;
    event.stopPropagation(); // nothing is panned meanwhile
    event.preventDefault();
    $("boxes").setPointerCapture(event.pointerId);
    this.#from = this.#of(event);
    const [x, y] = this.#from;
    const [wide, high] = [this.box[2] - this.box[0], this.box[3] - this.box[1]];
    this.#to([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2]);
  }

  #up() {
    if (this.#from) $("pad").scrollIntoView({ block: "nearest" });
    this.#from = null;
  }

  #drag(event) {
    const [x, y] = this.#of(event);
    const [left, top] = this.#from;
    const least = LEAST * this.#size[0] / $("boxes").getBoundingClientRect().width;
    if (Math.abs(x - left) < least || Math.abs(y - top) < least) return;
    this.#to([Math.min(x, left), Math.min(y, top), Math.max(x, left), Math.max(y, top)]);
  }

  // Puts the box where it is to be, within the picture.
  #to([x0, y0, x1, y1]) {
    const [width, height] = this.#size;
    const [wide, high] = [Math.min(width, Math.max(1, x1 - x0)), Math.min(height, Math.max(1, y1 - y0))];
    const [x, y] = [Math.min(Math.max(x0, 0), width - wide), Math.min(Math.max(y0, 0), height - high)];
    this.box = [x, y, x + wide, y + high];
    for (const [name, value] of Object.entries({ x, y, width: wide, height: high })) this.frame.setAttribute(name, value);
    this.moved(this.box);
  }

  #of(event) {
    const frame = $("boxes").getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width * this.#size[0], (event.clientY - frame.top) / frame.height * this.#size[1]];
  }
}

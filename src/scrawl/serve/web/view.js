// Zooms and pans the picture: wheel, pinch, drag, double click, buttons and the keys + and -.

import { $ } from "./dom.js";

const STEP = 1.5;
const MOST = 16;

export class View {
  #scale = 1;
  #at = [0, 0]; // where the picture's corner is, in pixels of the frame
  #fingers = new Map();
  #frame;
  #view;

  constructor(frame, view) {
    this.#frame = frame;
    this.#view = view;
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.#down(event));
    frame.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      frame.addEventListener(end, (event) => this.#fingers.delete(event.pointerId));
    }
    frame.addEventListener("dblclick", (event) => this.zoom(this.#scale > 1 ? 0 : 2.5, this.#of(event)));
  }

  // Zooms by a factor about a point of the frame, its middle where none is given; 0 fits.
  zoom(factor, [x, y] = [this.#frame.clientWidth / 2, this.#frame.clientHeight / 2]) {
    const scale = factor ? Math.min(MOST, Math.max(1, this.#scale * factor)) : 1;
    const share = scale / this.#scale;
    this.#at = [x - share * (x - this.#at[0]), y - share * (y - this.#at[1])];
    this.#scale = scale;
    this.#place();
  }

  larger() {
    this.zoom(STEP);
  }

  smaller() {
    this.zoom(1 / STEP);
  }

  // Brings a box, in shares of the picture, into sight.
  reveal([x0, y0, x1, y1]) {
    if (this.#scale === 1) return;
    const [left, top] = [this.#view.offsetLeft, this.#view.offsetTop];
    const [x, y] = [left + ((x0 + x1) / 2) * this.#view.clientWidth, top + ((y0 + y1) / 2) * this.#view.clientHeight];
    this.#at = [this.#frame.clientWidth / 2 - x * this.#scale, this.#frame.clientHeight / 2 - y * this.#scale];
    this.#place();
  }

  // Puts the picture where it is, kept over the frame.
  #place() {
    const most = [this.#frame.clientWidth, this.#frame.clientHeight].map((side) => side * (1 - this.#scale));
    this.#at = this.#at.map((x, axis) => Math.min(0, Math.max(most[axis], x)));
    const [x, y] = this.#at;
    // The view stands in the frame's middle; what is scaled is the frame's plane.
    const [left, top] = [this.#view.offsetLeft, this.#view.offsetTop];
    const shift = [x + left * (this.#scale - 1), y + top * (this.#scale - 1)];
    this.#view.style.transform = this.#scale === 1 ? "" : `translate(${shift[0]}px, ${shift[1]}px) scale(${this.#scale})`;
    this.#frame.classList.toggle("near", this.#scale > 1);
    $("fit").textContent = this.#scale === 1 ? "Fit" : `${Math.round(100 * this.#scale)}%`;
  }

  #of(event) {
    const box = this.#frame.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #wheel(event) {
    if (this.#scale === 1 && event.deltaY > 0 && !event.ctrlKey) return; // nothing smaller: the page scrolls
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), this.#of(event));
  }

  #down(event) {
    this.#fingers.set(event.pointerId, this.#of(event));
  }

  #move(event) {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    if (!event.buttons) return this.#fingers.delete(event.pointerId); // lifted elsewhere
    const now = this.#of(event);
    if (this.#fingers.size === 1) {
      if (this.#scale === 1) return;
      this.#frame.setPointerCapture(event.pointerId); // and no digit is chosen when it is lifted
      this.#at = this.#at.map((x, axis) => x + now[axis] - before[axis]);
      this.#place();
    } else {
      const [, other] = [...this.#fingers].find(([id]) => id !== event.pointerId);
      const length = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
      this.zoom(length(now, other) / Math.max(1, length(before, other)), other);
    }
    this.#fingers.set(event.pointerId, now);
  }
}

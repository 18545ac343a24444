// Paper to draw on. Strokes are kept as points from the paper's middle, so that they can be taken
// back, drawn again in other colours, and keep their place when the paper is turned or grows.

import { outline } from "./ink.js";

const AREA = 640 * 480; // pixels of the drawing that is sent, at most
const MARGIN = 0.94; // of the paper: strokes that do not fit are drawn smaller, to fill this much
const SEAM = 0.6; // broad enough to close the hairlines that some browsers leave within an outline
export const PENS = { fine: 7, medium: 13, broad: 22 }; // in pixels of the screen, as CSS counts

export class Paper {
  width = PENS.medium;
  #strokes = [];
  #past = []; // the strokes as they were before each change
  #future = [];
  #pointer = null;
  canvas;
  #pen;
  #size = [1, 1];
  #due = 0;

  // `drawn(ended)` is called after each change, with whether a stroke has ended.
  constructor(canvas, drawn) {
    this.canvas = canvas;
    this.drawn = drawn;
    this.#pen = canvas.getContext("2d", { alpha: false });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
    new ResizeObserver(() => this.#measure()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => this.#up(event));
    }
    this.#measure();
  }

  get empty() {
    return !this.#strokes.length;
  }

  get undoable() {
    return this.#past.length > 0;
  }

  get redoable() {
    return this.#future.length > 0;
  }

  undo() {
    if (!this.undoable) return;
    this.#future.push(this.#strokes);
    this.#strokes = this.#past.pop();
    this.#changed();
  }

  redo() {
    if (!this.redoable) return;
    this.#past.push(this.#strokes);
    this.#strokes = this.#future.pop();
    this.#changed();
  }

  // Takes all strokes away; undo brings them back.
  clear() {
    if (!this.empty) this.#keep();
    this.#strokes = [];
    this.#changed();
  }

  // Writes strokes of [x, y] from the middle, in shares of the paper's short side.
  async write(strokes, instantly) {
    const side = Math.min(...this.#size);
    for (const points of strokes) {
      const stroke = this.#begin([]);
      for (const [x, y] of points) {
        stroke.points.push([x * side, y * side, 0]);
        stroke.path = null;
        if (instantly) continue;
        this.#redraw();
        await new Promise(requestAnimationFrame);
      }
    }
    this.#changed();
  }

  // The drawing as it is seen, as a PNG of a bounded size.
  blob() {
    const [width, height] = this.#size;
    const scale = Math.sqrt(AREA / (width * height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    this.#paint(canvas.getContext("2d", { alpha: false, willReadFrequently: true }), canvas);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  // The drawing on a square sheet of so many pixels: how much ink each has, from 0 to 1.
  ink(side) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    this.#paint(pen, canvas, { scale: side / Math.max(...this.#size), paper: "#000", ink: "#fff" });
    const { data } = pen.getImageData(0, 0, side, side);
    const ink = new Float32Array(side * side);
    for (let i = 0; i < ink.length; i++) ink[i] = data[4 * i] / 255;
    return ink;
  }

  #changed() {
    this.#pointer = null;
    this.#redraw();
    this.drawn(true);
  }

  #keep() {
    this.#past.push(this.#strokes);
    this.#future = [];
  }

  #begin(points) {
    const stroke = { points, width: this.width, path: null };
    this.#keep();
    this.#strokes = [...this.#strokes, stroke];
    return stroke;
  }

  #measure() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    this.#size = [clientWidth, clientHeight];
    const dense = Math.min(devicePixelRatio || 1, 2);
    this.canvas.width = clientWidth * dense;
    this.canvas.height = clientHeight * dense;
    this.#paint(this.#pen, this.canvas);
  }

  // How much smaller than they were drawn the strokes are shown, so that all are on the paper.
  get #shrunk() {
    const far = [0, 1].map((axis) => {
      const most = this.#strokes.reduce(
        (most, { points }) => points.reduce((m, point) => Math.max(m, Math.abs(point[axis])), most), 0);
      return most ? (MARGIN * this.#size[axis]) / 2 / most : Infinity;
    });
    return this.#pointer === null ? Math.min(1, ...far) : this.#held;
  }

  #held = 1; // the same while a stroke is drawn, so that nothing moves under the pen

  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    const pressure = event.pointerType === "pen" ? event.pressure : 0;
    return [(event.clientX - box.left - box.width / 2) / this.#held,
      (event.clientY - box.top - box.height / 2) / this.#held, pressure];
  }

  #down(event) {
    // One stroke at a time: a second finger or the palm beside a pen draws nothing.
    if (this.#pointer !== null || event.button !== 0) return;
    event.preventDefault();
    this.take(event);
  }

  // Begins a stroke; with a pointer that went down on what lies on the paper, too.
  take(event) {
    if (this.#pointer !== null) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#held = this.#shrunk;
    this.#pointer = event.pointerId;
    this.#begin([this.#at(event)]);
    this.#later();
    this.drawn(false);
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    const stroke = this.#strokes.at(-1);
    stroke.points.push(...(events.length ? events : [event]).map((each) => this.#at(each)));
    stroke.path = null;
    this.#later();
    this.drawn(false);
  }

  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#redraw();
    this.drawn(true);
  }

  // Draws at most once a frame, however often the pen reports.
  #later() {
    this.#due ||= requestAnimationFrame(() => this.#redraw());
  }

  #redraw() {
    cancelAnimationFrame(this.#due);
    this.#due = 0;
    this.#paint(this.#pen, this.canvas);
  }

  // Paints all strokes; a pixel of the paper is `scale` of the canvas, which it fills if not said.
  #paint(pen, { width, height }, { scale = width / this.#size[0], paper, ink } = {}) {
    const style = getComputedStyle(this.canvas);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = paper ?? style.getPropertyValue("--paper");
    pen.fillRect(0, 0, width, height);
    scale *= this.#shrunk;
    pen.setTransform(scale, 0, 0, scale, width / 2, height / 2);
    pen.fillStyle = pen.strokeStyle = ink ?? style.getPropertyValue("--ink");
    pen.lineWidth = SEAM;
    for (const stroke of this.#strokes) {
      if (!stroke.points.length) continue;
      stroke.path ??= outline(stroke.points, stroke.width);
      pen.fill(stroke.path);
      pen.stroke(stroke.path);
    }
  }
}

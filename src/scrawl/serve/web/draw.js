// Paper to draw on. Strokes are kept as points, so that one can be taken back and so that they can
// be drawn again in the other colours when the light changes.

const PEN = 14; // of 480: as thick as a felt pen on a hand's height of paper

export class Paper {
  #strokes = [];
  #stroke = null; // the one in progress
  #pointer = null;
  #canvas;
  #pen;

  // `drawn(ended)` is called after each change, with whether a stroke has ended.
  constructor(canvas, drawn) {
    this.#canvas = canvas;
    this.drawn = drawn;
    const narrow = matchMedia("(max-width: 44rem)").matches;
    [canvas.width, canvas.height] = narrow ? [480, 400] : [640, 480];
    // What is drawn is read back after every stroke: keep it in memory, not on the graphics card.
    this.#pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => this.#up(event));
    }
    this.#redraw();
  }

  get empty() {
    return !this.#strokes.length;
  }

  undo() {
    this.#strokes.pop();
    this.#changed();
  }

  clear() {
    this.#strokes = [];
    this.#changed();
  }

  // The drawing as it is seen, as a PNG.
  blob() {
    return new Promise((resolve) => this.#canvas.toBlob(resolve, "image/png"));
  }

  #changed() {
    this.#stroke = this.#pointer = null;
    this.#redraw();
    this.drawn(true);
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    const scale = this.#canvas.width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  }

  #down(event) {
    // One stroke at a time: a second finger or the palm beside a pen draws nothing.
    if (this.#pointer !== null || event.button !== 0) return;
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#stroke = [this.#at(event)];
    this.#strokes.push(this.#stroke);
    this.#redraw();
    this.drawn(false);
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    this.#stroke.push(...(events.length ? events : [event]).map((each) => this.#at(each)));
    this.#redraw();
    this.drawn(false);
  }

  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#stroke = this.#pointer = null;
    this.drawn(true);
  }

  #redraw() {
    const style = getComputedStyle(document.documentElement);
    this.#pen.fillStyle = style.getPropertyValue("--paper");
    this.#pen.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    Object.assign(this.#pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    this.#pen.strokeStyle = style.getPropertyValue("--ink");
    for (const stroke of this.#strokes) this.#line(stroke);
  }

  // Draws a stroke, rounded through the middles between its points.
  #line(points) {
    const pen = this.#pen;
    pen.beginPath();
    pen.moveTo(...points[0]);
    for (let i = 1; i < points.length; i++) {
      const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
      pen.quadraticCurveTo(x0, y0, (x0 + x1) / 2, (y0 + y1) / 2);
    }
    pen.lineTo(...points.at(-1));
    pen.stroke();
  }
}

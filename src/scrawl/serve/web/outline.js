// The boxes of a form file over the picture that it was proposed from: dragged, or moved by keys.

import { $ } from "./dom.js";
import { frames, mark } from "./frames.js";

const EDGE = 0.2; // the share of a side, at either end, by which the edge there is dragged
const LEAST = 4; // pixels of the form that a side keeps
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The boxes in the text of a form file, and where in it their four numbers stand.
export function boxesOf(toml) {
  const found = [];
  let text = "";
  for (const { 0: line, index } of toml.matchAll(/^.*$/gm)) {
    if (line.startsWith("[[")) text = "";
    text = /^name\s*=\s*"(.*)"/.exec(line)?.[1] ?? text;
    const match = /^(box\s*=\s*\[)([^\]]*)\]/.exec(line);
    if (!match) continue;
    const from = index + match[1].length;
    found.push({ text, box: match[2].split(",").map(Number), from, to: from + match[2].length });
  }
  return found;
}

// Shows the boxes; what a person does to one is written into the text. `scale` is how many pixels
// of what is shown, of this size, are one of the form.
export function outline(toml, size, scale) {
  const items = boxesOf(toml.value).map((each) => ({ ...each, box: each.box.map((x) => x * scale) }));
  frames($("view"), size, items);
  $("boxes").removeAttribute("aria-hidden");
  [...$("boxes").children].forEach((group, place) => {
    group.setAttribute("tabindex", 0);
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", `${items[place].text}: drag it, or an edge; arrow keys move it, with shift its right or lower edge`);
    movable(group, items[place].box, scale, () => mark(place), (box) => write(toml, place, box, scale));
  });
}

function write(toml, place, box, scale) {
  const { from, to } = boxesOf(toml.value)[place];
  toml.setRangeText(box.map((x) => Math.round(x / scale)).join(", "), from, to);
}

function movable(group, box, scale, begun, done) {
  let start = null; // the point at which dragging began, the box then, and the sides that move

  const place = (next, sides) => {
    const least = LEAST * scale;
    for (const axis of [0, 1]) { // a side that moves alone keeps clear of the other
      if (!sides[axis + 2]) next[axis] = Math.min(next[axis], next[axis + 2] - least);
      if (!sides[axis]) next[axis + 2] = Math.max(next[axis + 2], next[axis] + least);
    }
    next.forEach((x, i) => { box[i] = x; });
    const rect = group.firstChild;
    const [x0, y0, x1, y1] = box;
    for (const [key, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 })) rect.setAttribute(key, value);
    group.lastChild.setAttribute("x", (x0 + x1) / 2);
  };

  group.addEventListener("pointerdown", (event) => {
    event.stopPropagation(); // the picture does not move with it
    group.setPointerCapture(event.pointerId);
    const at = within(event);
    const shares = at.map((x, axis) => (x - box[axis]) / (box[axis + 2] - box[axis]));
    start = { at, box: [...box], sides: [...shares.map((x) => x < 1 - EDGE), ...shares.map((x) => x > EDGE)] };
    begun();
  });
  group.addEventListener("pointermove", (event) => {
    if (!start) return;
    const shift = within(event).map((x, axis) => x - start.at[axis]);
    place(start.box.map((x, i) => (start.sides[i] ? x + shift[i % 2] : x)), start.sides);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    group.addEventListener(end, () => {
      if (start) done(box);
      start = null;
    });
  }
  group.addEventListener("focus", begun);
  group.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const sides = event.shiftKey ? [false, false, true, true] : [true, true, true, true];
    place(box.map((x, i) => (sides[i] ? x + step[i % 2] * scale : x)), sides);
    done(box);
  });
}

// Where a pointer is, in pixels of what is shown.
function within({ clientX, clientY }) {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform($("boxes").getScreenCTM().inverse());
  return [x, y];
}

// Three things to try: a digit that writes itself, a photo of a number, a form.

import { $, make, still } from "./dom.js";

// A 4 by one of us: points from the paper's middle, in shares of its short side.
const FOUR = [
  [[0.06, -0.29], [-0.24, 0.1], [0.25, 0.09]],
  [[0.11, -0.09], [0.07, 0.31]],
];
const SLIP = 6; // pixels of the screen: a pen that went farther than that has not pressed, it draws
const NEAR = 0.025; // between two points of what writes itself

const PICTURES = [
  { name: "number.jpg", label: "a number" },
  { name: "form.webp", label: "a form" },
];

// Points as close as a hand's, along straight lines.
function dense(points) {
  return points.slice(1).reduce((all, [x1, y1]) => {
    const [x0, y0] = all.at(-1);
    const count = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / NEAR);
    for (let k = 1; k <= count; k++) all.push([x0 + (k / count) * (x1 - x0), y0 + (k / count) * (y1 - y0)]);
    return all;
  }, [points[0]]);
}

function slip(label, drawn, action) {
  const button = make("button", { type: "button", className: "slip" }, drawn, make("span", {}, label));
  button.addEventListener("click", action);
  $("examples").append(button);
}

// `open` takes a picture's file; `trouble` what went wrong.
export function start({ paper, open, trouble }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-0.5 -0.5 1 1");
  const path = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  path.setAttribute("d", FOUR.map((points) => `M${points.map((p) => p.join(" ")).join("L")}`).join(""));
  slip("a digit", svg, () => paper.write(FOUR.map(dense), still.matches));
  for (const { name, label } of PICTURES) {
    slip(label, make("img", { src: name, alt: "", draggable: false }), async () => {
      try {
        const answer = await fetch(name);
        if (!answer.ok) throw new Error(`${name}: ${answer.statusText}`);
        const blob = await answer.blob();
        open(new File([blob], name, { type: blob.type }));
      } catch (error) {
        trouble(error);
      }
    });
  }
  let down = null; // where a pen went down on an example
  $("examples").addEventListener("pointerdown", (event) => (down = event.button === 0 ? event : null));
  $("examples").addEventListener("pointermove", (event) => {
    if (event.pointerId !== down?.pointerId) return;
    if (!event.buttons) return (down = null); // lifted elsewhere
    if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < SLIP) return;
    paper.take(down);
    down = null;
  });
}

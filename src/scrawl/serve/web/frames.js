// Frames on the picture: thin; a label where there is doubt, or under the mouse; red is doubt.

import { $ } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

function add(parent, tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return parent.appendChild(element);
}

// `items` are digits with boxes; `choose` is called with the place of one that is clicked.
export function frames(parent, size, items, choose) {
  const svg = $("boxes");
  parent.append(svg);
  svg.replaceChildren();
  svg.setAttribute("aria-hidden", true); // what is read is told elsewhere
  if (!size) return;
  svg.setAttribute("viewBox", `0 0 ${size.join(" ")}`);
  items.forEach((item, place) => {
    const group = frame(svg, item.box, size);
    redress(place, item);
    group.addEventListener("click", () => choose?.(place));
  });
}

function frame(svg, [x0, y0, x1, y1], [width, height]) {
  const group = add(svg, "g", {});
  add(group, "rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, rx: Math.min(4, (x1 - x0) / 6) });
  const size = Math.min(Math.max((y1 - y0) * 0.45, width / 60), width / 16);
  // Above; below where there is no room, and within where there is none either.
  const y = y0 >= size * 1.1 ? y0 - size * 0.25 : y1 + size <= height ? y1 + size : y0 + size;
  add(group, "text", { x: (x0 + x1) / 2, y, "font-size": size });
  return group;
}

// Shows a frame's digit as it is now.
export function redress(place, { text, uncertain, checked }) {
  const group = $("boxes").children[place];
  if (!group) return;
  const doubted = uncertain && !checked;
  group.setAttribute("class", doubted ? "doubt" : checked ? "checked" : "");
  group.lastChild.textContent = `${text || "×"}${doubted ? "?" : ""}`;
}

export function mark(place) {
  [...$("boxes").children].forEach((each, i) => each.classList.toggle("chosen", i === place));
}

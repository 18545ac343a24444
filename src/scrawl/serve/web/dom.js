// Short hands for the page's elements.

export const $ = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export const still = matchMedia("(prefers-reduced-motion: reduce)");

// Copies a text, without https too.
export async function copy(content) {
  if (navigator.clipboard) return navigator.clipboard.writeText(content);
  const area = document.body.appendChild(make("textarea", { value: content }));
  area.select();
  document.execCommand("copy");
  area.remove();
}

// Has the browser save a text as a file.
export function saveAs(content, name, type) {
  const href = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

// Says for a moment on a button what was done.
export function done(button, text) {
  const before = (button.dataset.text ??= button.textContent);
  button.textContent = text;
  setTimeout(() => (button.textContent = before), 1500);
}

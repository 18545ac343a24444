// The page: sends what is drawn or dropped to the server and shows what it says.

import { Paper } from "./draw.js";

const $ = (id) => document.getElementById(id);
const EVERY = 150; // milliseconds between readings of a stroke in progress
const REST = 350; // and of rest before the server is asked which ink mattered

const paper = new Paper($("paper"), drawn);
let photo = null; // the picture that is shown instead of the paper
let name = "drawing.png";
let shown = null; // what the server said last
let about = { collects: false, labels: [] };
let asking = null; // aborts the request in progress
let resting = 0;
let last = 0;
let unread = false; // the stroke in progress has grown since it was last sent
let pausing = 0;

// ---- asking -------------------------------------------------------------------------------------

async function ask(path, options = {}) {
  const token = sessionStorage.getItem("token");
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  let answer;
  try {
    answer = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble("The server does not answer. Your drawing or picture is still here.");
  }
  if (answer.ok) return answer.json();
  const { error } = await answer.json().catch(() => ({ error: answer.statusText }));
  throw new Trouble(error, answer.status);
}

class Trouble extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

function drawn(ended) {
  buttons();
  if (ended) return read(performance.now());
  unread = true;
  follow();
}

// Reads a stroke in progress, one request at a time: what is drawn meanwhile is sent after it.
function follow() {
  clearTimeout(pausing);
  if (asking || !unread) return;
  const pause = last + EVERY - performance.now();
  if (pause > 0) pausing = setTimeout(follow, pause);
  else read();
}

// Reads what is on the sheet; of several requests only the last one's answer is shown.
async function read(since) {
  asking?.abort();
  clearTimeout(resting);
  unread = false;
  const own = (asking = new AbortController());
  last = performance.now();
  try {
    if (!photo && paper.empty) return show(null);
    const body = photo ?? (await paper.blob());
    if (own.signal.aborted) return;
    const path = photo ? "v1/explain?whole=true" : "v1/explain";
    const result = await ask(path, { method: "POST", body, signal: own.signal });
    show(result, Boolean(since));
    if (since) {
      performance.measure("stroke to answer", { start: since });
      resting = setTimeout(weigh, REST, body, result);
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    show(null);
    say("No answer", "", "words");
    trouble(error);
  } finally {
    if (asking === own) {
      asking = null;
      follow();
    }
  }
}

async function weigh(body, result) {
  if (!result.box || several(result) || !$("why").open) return;
  try {
    const { map, seen } = await ask("v1/explain?map=true", { method: "POST", body });
    if (shown === result && seen === result.seen) heat(map);
  } catch (error) {
    trouble(error);
  }
}

// ---- showing ------------------------------------------------------------------------------------

const digits = (reading) => reading?.lines.flatMap((line) => line.digits) ?? [];
const percent = (share) => (share > 0.9995 ? ">99.9%" : `${(100 * share).toFixed(1)}%`);

const several = (result) => Boolean(result?.number); // rather than one digit

function show(result, ended = true) {
  shown = result;
  $("trouble").hidden = true;
  $("thanks").textContent = "";
  const many = several(result);
  const inked = Boolean(result?.box);
  if (!result) say("Nothing is drawn yet", "Draw, or drop, paste or open a picture.", "words");
  else if (!inked) say("No ink found", "The picture is blank.", "words");
  else if (many) sayAll(result.reading);
  else if (result.digit === null) say("Not a digit", `Likeliest: ${likeliest(result)}.`, "words");
  else say(String(result.digit), `${percent(result.confidence)} sure`);
  if (ended) $("spoken").textContent = `${$("read").textContent}. ${$("sure").textContent}`;
  $("take").hidden = !many && !(photo && inked);
  frame(result, many);
  explain(inked && !many ? result : null);
  $("correct").hidden = !about.collects || !inked || many;
  if (many) choose(doubtful(result.reading));
  else bars(inked ? result.probabilities : Array(10).fill(0));
}

function likeliest({ probabilities }) {
  const best = probabilities.indexOf(Math.max(...probabilities));
  return `${best}, ${percent(probabilities[best])}`;
}

function say(text, sure, kind = "") {
  $("read").textContent = text;
  $("read").className = kind;
  $("sure").textContent = sure;
}

// The number, each digit a button that shows its probabilities.
function sayAll(reading) {
  let next = 0;
  const rows = reading.lines.map((line) => {
    const row = document.createElement("span");
    const found = [...line.digits];
    for (const sign of line.text) row.append(sign === " " ? " " : digitButton(found.shift(), next++));
    return row;
  });
  $("read").replaceChildren(...rows.flatMap((row, i) => (i ? ["\n", row] : [row])));
  const found = digits(reading);
  $("read").className = found.length > 8 || rows.length > 2 ? "long" : "";
  const uncertain = found.filter((digit) => digit.uncertain).length;
  $("sure").textContent = `${found.length} digits${uncertain ? `, ${uncertain} to check` : ""}`;
}

function digitButton({ digit, confidence, uncertain }, place) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = digit;
  button.className = uncertain ? "doubt" : "";
  button.title = `${percent(confidence)} sure${uncertain ? ", to check" : ""}`;
  button.addEventListener("click", () => choose(place));
  return button;
}

// The place of the least certain digit.
function doubtful(reading) {
  const confidences = digits(reading).map((digit) => digit.confidence);
  return confidences.indexOf(Math.min(...confidences));
}

// Shows the probabilities of one digit of several.
function choose(place) {
  for (const all of [$("read").querySelectorAll("button"), $("boxes").children]) {
    [...all].forEach((each, i) => each.classList.toggle("chosen", i === place));
  }
  bars(digits(shown.reading)[place].probabilities);
}

function bars(probabilities) {
  const list = $("bars");
  if (!list.children.length) {
    for (let digit = 0; digit < 10; digit++) {
      const row = list.appendChild(document.createElement("li"));
      row.append(digit, document.createElement("i"), document.createElement("span"));
    }
  }
  const best = Math.max(...probabilities);
  probabilities.forEach((share, digit) => {
    const row = list.children[digit];
    row.className = share && share === best ? "best" : "";
    row.children[0].style.transform = `scaleX(${share})`;
    row.children[1].textContent = best ? percent(share) : "";
  });
}

// Frames the digits on a picture, and on paper where there are several.
function frame(result, many) {
  const svg = $("boxes");
  (photo ? $("picture") : $("sheet")).append(svg);
  svg.replaceChildren();
  if (!result?.box) return;
  svg.setAttribute("viewBox", `0 0 ${result.size.join(" ")}`);
  if (many) digits(result.reading).forEach((digit, place) => box(svg, digit, () => choose(place)));
  else if (photo) box(svg, { ...result, uncertain: result.rejected });
}

function box(svg, { digit, uncertain, box: [x0, y0, x1, y1] }, chosen) {
  const make = (parent, tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return parent.appendChild(element);
  };
  const group = make(svg, "g", { class: uncertain ? "doubt" : "" });
  make(group, "rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, rx: 2 });
  const { width } = svg.viewBox.baseVal;
  const size = Math.min(Math.max((y1 - y0) * 0.45, width / 45), width / 16);
  const y = y0 < size * 1.1 ? y1 + size : y0 - size * 0.2; // above, or below where there is no room
  const sign = make(group, "text", { x: (x0 + x1) / 2, y, "font-size": size });
  sign.textContent = `${digit ?? ""}${uncertain ? "?" : ""}`;
  if (chosen) group.addEventListener("click", chosen);
}

function explain(result) {
  $("why").hidden = !result;
  if (!result) return;
  $("ink").src = result.ink;
  $("seen").src = result.seen;
  $("ink").alt = `The ink found, ${result.box[2] - result.box[0]} by ${result.box[3] - result.box[1]} pixels`;
  $("seen").alt = "The 28 by 28 pixels that the network saw";
  heat(null);
}

// Paints ink that speaks for the answer in one colour and ink against it in another.
function heat(map) {
  const pen = $("map").getContext("2d");
  pen.clearRect(0, 0, 28, 28);
  if (!map) return;
  const style = getComputedStyle(document.documentElement);
  const most = Math.max(...map.flat().map(Math.abs), 1e-6);
  map.forEach((row, y) => row.forEach((weight, x) => {
    if (!weight) return;
    pen.globalAlpha = 0.2 + 0.8 * Math.sqrt(Math.abs(weight) / most);
    pen.fillStyle = style.getPropertyValue(weight > 0 ? "--accent" : "--against");
    pen.fillRect(x, y, 1, 1);
  }));
}

function trouble(error) {
  $("trouble").hidden = false;
  const asked = error.status === 401;
  $("trouble").querySelector("p").textContent = asked ? "This server asks for its token." : error.message;
  $("key").hidden = !asked;
  $("again").hidden = error.status >= 400 && error.status !== 503;
}

// ---- paper, pictures ----------------------------------------------------------------------------

function buttons() {
  $("hint").hidden = photo !== null || !paper.empty;
  $("undo").disabled = photo !== null || paper.empty;
  $("clear").disabled = photo === null && paper.empty;
}

function open(file) {
  if (!file) return;
  photo = file;
  name = file.name || "pasted.png";
  URL.revokeObjectURL($("photo").src);
  $("photo").src = URL.createObjectURL(file);
  $("picture").hidden = false;
  $("paper").hidden = true;
  buttons();
  show(null); // nothing of the picture before it
  say("Reading …", "", "words");
  read(performance.now());
}

function clear() {
  photo = null;
  name = "drawing.png";
  $("picture").hidden = true;
  $("paper").hidden = false;
  $("file").value = $("shot").value = "";
  paper.clear();
  buttons();
}

$("undo").addEventListener("click", () => paper.undo());
$("clear").addEventListener("click", clear);
$("again").addEventListener("click", () => start().then(() => read(performance.now())));
for (const id of ["file", "shot"]) $(id).addEventListener("change", (event) => open(event.target.files[0]));
addEventListener("paste", (event) => open(event.clipboardData.files[0]));
addEventListener("dragover", (event) => {
  event.preventDefault();
  $("sheet").classList.add("over");
});
addEventListener("dragleave", (event) => event.relatedTarget ?? $("sheet").classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  $("sheet").classList.remove("over");
  open(event.dataTransfer.files[0]);
});
addEventListener("keydown", (event) => {
  if (event.target.matches("input")) return;
  if (event.key === "Escape") clear();
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !$("undo").disabled) {
    event.preventDefault();
    paper.undo();
  }
});

// ---- taking away --------------------------------------------------------------------------------

const text = () => (several(shown) ? shown.reading.text : shown.text);

function table() {
  if (several(shown)) return digits(shown.reading);
  return shown.digit === null ? [] : [{ ...shown, uncertain: shown.rejected }];
}

// What `scrawl read --json` prints of this picture.
function row() {
  if (several(shown)) return { file: name, page: 1, ...shown.reading, error: null };
  const { digit, text, confidence, rejected, reason, probabilities, box, error } = shown;
  return { file: name, page: 1, digit, text, confidence, rejected, reason, probabilities, box, error };
}

function save(content, ending, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name.replace(/\.\w+$/, "") + ending;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function copy(content) {
  if (navigator.clipboard) return navigator.clipboard.writeText(content);
  const area = document.body.appendChild(document.createElement("textarea")); // without https
  area.value = content;
  area.select();
  document.execCommand("copy");
  area.remove();
}

$("json").addEventListener("click", () => save(JSON.stringify([row()], null, 1), ".json", "application/json"));
$("csv").addEventListener("click", () => {
  const rows = table().map((d) => [d.digit, d.confidence, d.uncertain, ...d.box].join(","));
  save(["digit,confidence,uncertain,x0,y0,x1,y1", ...rows, ""].join("\n"), ".csv", "text/csv");
});
$("copy").addEventListener("click", async () => {
  await copy(text());
  $("copy").textContent = "Copied";
  setTimeout(() => ($("copy").textContent = "Copy text"), 1500);
});

// ---- correcting ---------------------------------------------------------------------------------

async function correct(label) {
  const body = photo ?? (await paper.blob());
  try {
    await ask(`v1/corrections?label=${label}`, { method: "POST", body });
    $("thanks").textContent = `Kept on this server as ${label === "not-a-digit" ? "not a digit" : `a ${label}`}.`;
  } catch (error) {
    trouble(error);
  }
}

async function start() {
  try {
    about = await ask("v1/about");
  } catch (error) {
    return trouble(error);
  }
  $("trouble").hidden = true;
  $("keeps").textContent = about.collects
    ? "Pictures are read on this server. Those that you correct are kept there, with the label you give; others are forgotten."
    : "Pictures are read on this server and forgotten.";
  $("labels").replaceChildren(...(about.collects ? about.labels : []).map((label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label.replaceAll("-", " ");
    if (label.length === 1) button.setAttribute("aria-label", `It is a ${label}`);
    button.addEventListener("click", () => correct(label));
    return button;
  }));
}

$("key").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", new FormData(event.target).get("token"));
  start().then(() => read(performance.now()));
});

buttons();
show(null);
start();

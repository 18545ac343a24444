// The page: what is drawn or opened goes to the server, and what it says is shown.

import { ask, keepToken } from "./ask.js";
import { $, make } from "./dom.js";
import * as examples from "./examples.js";
import { onFiles } from "./files.js";
import * as form from "./form.js";
import { Paper, PENS } from "./paper.js";
import { readDrawing, readPicture, stop } from "./read.js";
import { Result } from "./result.js";
import { say, Progress } from "./show.js";
import { Picture, server, sheet } from "./state.js";
import * as take from "./take.js";
import { View } from "./view.js";

const paper = new Paper($("paper"), drawn);
const view = new View($("picture"), $("view"));
const progress = new Progress();
const result = new Result({ paper, view, trouble, changed: buttons });

// What read.js tells: while a picture is read, and when an answer has come.
const page = {
  progress: (what, share) => progress.show(what, share),
  busy: () => say({ text: "The server is busy", sure: "Waiting for it …" }),
  leaf: showLeaf,
  read: () => {
    pager();
    take.preview();
  },
  shown(answer, body, since) {
    progress.end();
    if (!sheet.picture && paper.empty) return;
    $("trouble").hidden = true;
    result.show(answer, body, { ended: Boolean(since) || Boolean(sheet.picture) });
    if (sheet.picture) state("read");
    if (since) performance.measure("stroke to answer", { start: since });
    pager();
  },
  failed(error) {
    progress.end();
    result.none();
    say({ text: "No answer" });
    trouble(error);
  },
};

// ---- drawing ------------------------------------------------------------------------------------

function drawn(ended) {
  buttons();
  if (paper.empty) {
    stop();
    return empty();
  }
  state("drawn");
  result.wait();
  readDrawing(paper, page, ended);
}

function state(name) {
  document.body.dataset.state = name;
}

function empty() {
  state("empty");
  $("trouble").hidden = true;
  result.none();
  say({ text: "Nothing yet", sure: "What you write is read as you write.", kind: "empty" });
}

function buttons() {
  const corrected = sheet.picture || paper.empty ? result.corrected : null;
  const past = sheet.picture ? corrected : paper;
  $("undo").disabled = !past?.undoable;
  $("redo").disabled = !past?.redoable;
  $("pen").hidden = sheet.picture !== null;
  $("clear").disabled = !sheet.picture && paper.empty;
  $("zoom").hidden = $("picture").hidden;
  pager();
}

function undo(again) {
  if ($(again ? "redo" : "undo").disabled) return;
  if (sheet.picture) result.check.undo(again);
  else if (again) paper.redo();
  else paper.undo();
}

function pen(name) {
  paper.width = PENS[name];
  $("pen").dataset.pen = name;
  $("pen").querySelector("span").textContent = `Pen width: ${name}`;
}

// ---- pictures -----------------------------------------------------------------------------------

function open(file) {
  if (!file) return;
  if (form.isForm(file)) return chosen(file);
  sheet.picture = new Picture(file);
  $("picture").hidden = true;
  readShown();
}

function readShown() {
  state("picture");
  $("trouble").hidden = true;
  result.none(); // nothing of the picture before it
  buttons();
  say({ text: "Reading …" });
  progress.begin();
  readPicture(page);
}

async function showLeaf() {
  const photo = $("photo");
  photo.src = sheet.picture.leaf.url;
  await photo.decode().catch(() => null);
  $("view").style.setProperty("--ratio", photo.naturalWidth / photo.naturalHeight || 1);
  $("picture").hidden = false;
  view.zoom(0);
  buttons();
}

// Reads it all anew: by another form, or by none.
function readAnew() {
  if (!sheet.picture) return say({ text: "A form file", sure: "Now open a picture of that form." });
  for (const leaf of sheet.picture.leaves) leaf.result = leaf.corrected = null;
  readShown();
}

function turn(by) {
  sheet.picture.page += by;
  readShown();
}

function pager() {
  const { page: number = 1, leaves = [] } = sheet.picture ?? {};
  $("pager").hidden = leaves.length < 2;
  const read = leaves.filter((leaf) => leaf.result).length;
  const rest = read < leaves.length ? `, ${read} read` : ""; // a phone has no room for all of it
  $("leaf").replaceChildren(make("span", {}, "Page "), `${number} of ${leaves.length}`, make("span", {}, rest));
  $("before").disabled = number === 1;
  $("after").disabled = number === leaves.length;
}

function cancel() {
  stop();
  progress.end();
  say({ text: "Cancelled", sure: "Nothing was read." });
  trouble({ message: "You stopped it. The picture is still here.", status: 0 });
}

function clear() {
  if (!sheet.picture) return paper.clear();
  stop();
  progress.end();
  for (const { url } of sheet.picture.leaves) URL.revokeObjectURL(url);
  sheet.picture = null;
  form.forget();
  $("picture").hidden = true;
  drawn(true); // what was drawn before is still there
}

// ---- trouble ------------------------------------------------------------------------------------

function trouble(error) {
  const asked = error.status === 401;
  $("trouble").hidden = false;
  $("trouble").querySelector("p").textContent = asked ? "This server asks for its token." : error.message;
  $("key").hidden = !asked;
  $("again").hidden = error.status >= 400 && error.status !== 503;
  server.token ||= asked;
}

async function again() {
  await start();
  if (sheet.picture) readShown();
  else drawn(true);
}

// ---- what a person does -------------------------------------------------------------------------

$("undo").addEventListener("click", () => undo(false));
$("redo").addEventListener("click", () => undo(true));
$("clear").addEventListener("click", clear);
$("cancel").addEventListener("click", cancel);
$("again").addEventListener("click", again);
$("before").addEventListener("click", () => turn(-1));
$("after").addEventListener("click", () => turn(1));
$("in").addEventListener("click", () => view.larger());
$("out").addEventListener("click", () => view.smaller());
$("fit").addEventListener("click", () => view.zoom(0));
$("pen").addEventListener("click", () => {
  const names = Object.keys(PENS);
  pen(names[(names.indexOf($("pen").dataset.pen) + 1) % names.length]);
});
$("sure-clear").addEventListener("close", () => $("sure-clear").returnValue === "yes" && clear());
onFiles(open);
addEventListener("keydown", (event) => {
  if (event.target.matches?.("input, textarea") || $("sure-clear").open) return;
  if (!result.check.add.key(event) && !key(event) && !result.check.key(event)) return;
  event.preventDefault();
});

// Gives whether the key means something everywhere on the page.
function key(event) {
  if (event.ctrlKey || event.metaKey) {
    const pressed = event.key.toLowerCase();
    if (pressed === "z") undo(event.shiftKey);
    else if (pressed === "y") undo(true);
    else return false;
  } else if (event.key === "Escape" && !$("clear").disabled) {
    $("sure-clear").returnValue = "";
    $("sure-clear").showModal();
  } else if (sheet.picture && (event.key === "+" || event.key === "=")) view.larger();
  else if (sheet.picture && event.key === "-") view.smaller();
  else return false;
  return true;
}

$("key").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(new FormData(event.target).get("token"));
  again();
});

async function start() {
  try {
    Object.assign(server, await ask("v1/about"));
  } catch (error) {
    return trouble(error);
  }
  $("trouble").hidden = true;
  $("keeps").textContent = server.collects
    ? "Pictures are read on this server. Those that you correct are kept there, with the label you give; others are forgotten."
    : "Pictures are read on this server and forgotten.";
  $("labels").replaceChildren(...(server.collects ? server.labels : []).map((label) => {
    const button = make("button", { type: "button" }, label.replaceAll("-", " "));
    if (label.length === 1) button.setAttribute("aria-label", `It is a ${label}`);
    button.addEventListener("click", () => result.keep(label));
    return button;
  }));
}

pen("medium");
take.start();
const chosen = form.start({ read: readAnew, trouble });
examples.start({ paper, open, trouble });
buttons();
empty();
performance.mark("ready"); // to be drawn on
start();

// The page without a server: what is drawn goes through the graphs that this file holds, and what
// they say is shown.

import { decide } from "./answer.js";
import { $ } from "./dom.js";
import { Paper, PENS } from "./paper.js";
import { bars, say } from "./show.js";

const facts = JSON.parse($("scrawl").textContent); // what the model says of itself
const { alphabet, digits, letters, weights, shape, sheet, doubts } = JSON.parse($("steps").textContent);
const signs = digits ? undefined : alphabet; // other ones than 0 to 9
const paper = new Paper($("paper"), drawn);
let read = null; // from a sheet's ink to what is shown, once the graphs are open
let busy = false;
let unread = false;
let ended = true; // whether the pen is up

// ---- the graphs ---------------------------------------------------------------------------------

async function unpacked(id) {
  const text = $(id).textContent;
  const packed = Uint8Array.fromBase64?.(text) ?? decoded(atob(text));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function decoded(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function opened() {
  const { env, InferenceSession, Tensor } = globalThis.ort;
  Object.assign(env.wasm, { numThreads: 1, wasmBinary: await unpacked("runtime") });
  const open = async (id) => InferenceSession.create(new Uint8Array(await unpacked(id)), { executionProviders: ["wasm"] });
  const before = await open("before");
  const network = await open("network");
  const after = await open("after");
  const one = (type, value) => new Tensor(type, [value], []);
  const told = {
    letters: new Tensor("bool", letters, [letters.length]),
    weights: new Tensor("float64", weights, [weights.length]),
    temperature: one("float64", facts.temperature),
    threshold: one("float64", facts.threshold),
  };
  const pixel_max = one("float32", facts.pixel_max);
  const reading = async (ink) => {
    const { seen, pixels } = await before.run({ ink: new Tensor("float32", ink, [sheet, sheet]), pixel_max });
    const [[taken], [given]] = [network.inputNames, network.outputNames];
    const said = await network.run({ [taken]: new Tensor("float32", pixels.data, shape) });
    const { probabilities, digit, confidence, doubt } = await after.run({ answer: said[given], ...told });
    const [row, reason] = [Number(digit.data[0]), doubts[doubt.data[0]]];
    return {
      seen: seen.data,
      digit: reason === null ? row : null,
      text: alphabet[row],
      confidence: confidence.data[0],
      reason,
      probabilities: [...probabilities.data].filter((_, i) => letters[i]),
      alphabet: signs,
      box: true, // there is ink
    };
  };
  await reading(new Float32Array(sheet * sheet)); // the first one takes longer
  return reading;
}

// ---- drawing ------------------------------------------------------------------------------------

function drawn(up) {
  ended = up;
  $("undo").disabled = !paper.undoable;
  $("redo").disabled = !paper.redoable;
  $("clear").disabled = paper.empty;
  document.body.dataset.state = paper.empty ? "empty" : "drawn";
  unread = !paper.empty;
  if (paper.empty) return empty();
  if (!read) return say({ text: "Getting ready …" });
  follow();
}

// Reads what is on the paper, one reading at a time: what is drawn meanwhile is read after it.
async function follow() {
  if (busy || !read || !unread) return;
  busy = true;
  try {
    while (unread) {
      unread = false;
      const up = ended;
      const start = performance.now();
      const result = await read(paper.ink(sheet));
      performance.measure("reading", { start });
      if (!paper.empty) show(result, up);
      await new Promise(requestAnimationFrame);
    }
  } catch (error) {
    trouble(error);
  }
  busy = false;
}

function show(result, up) {
  say(decide(result, true), !up);
  bars(result.probabilities, signs);
  $("why").hidden = false;
  const image = new ImageData(28, 28);
  result.seen.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  $("seen").getContext("2d").putImageData(image, 0, 0);
}

function empty() {
  bars(null);
  $("why").hidden = true;
  say({ text: "Nothing yet", sure: "What you draw is read as you draw.", kind: "empty" });
}

function trouble(error) {
  $("trouble").hidden = false;
  $("trouble").firstElementChild.textContent = `This browser cannot run the model (${error.message}). A newer one does.`;
}

// ---- what a person does -------------------------------------------------------------------------

function pen(name) {
  paper.width = PENS[name];
  $("pen").dataset.pen = name;
  $("pen").querySelector("span").textContent = `Pen width: ${name}`;
}

$("undo").addEventListener("click", () => paper.undo());
$("redo").addEventListener("click", () => paper.redo());
$("clear").addEventListener("click", () => paper.clear());
$("pen").addEventListener("click", () => {
  const names = Object.keys(PENS);
  pen(names[(names.indexOf($("pen").dataset.pen) + 1) % names.length]);
});
addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (key === "escape" && !paper.empty) paper.clear();
  else if (!event.ctrlKey && !event.metaKey) return;
  else if (key === "y" || (key === "z" && event.shiftKey)) paper.redo();
  else if (key === "z") paper.undo();
  else return;
  event.preventDefault();
});

pen("medium");
drawn(true);
try {
  read = await opened();
  performance.mark("ready"); // to read
  follow();
} catch (error) {
  trouble(error);
}

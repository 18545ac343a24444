// Has the server read what is on the sheet. Of several requests only the last one's answer counts.

import { ask, patiently, send } from "./ask.js";
import { readAsJob } from "./job.js";
import { prepare, rendered } from "./photo.js";
import { readForm } from "./form.js";
import { server, sheet } from "./state.js";

const EVERY = 150; // milliseconds between readings of a stroke in progress

let asking = null; // aborts what is in progress
let last = 0;
let unread = false; // the stroke in progress has grown since it was last sent
let pausing = 0;

export function stop() {
  asking?.abort();
  asking = null;
  unread = false;
  clearTimeout(pausing);
}

// Runs a job, which gets a signal, in the place of what is in progress.
async function instead(job, failed) {
  stop();
  const own = (asking = new AbortController());
  try {
    await job(own.signal);
  } catch (error) {
    if (error.name !== "AbortError") failed(error);
  } finally {
    if (asking === own) asking = null;
  }
}

// Reads a drawing when a stroke has `ended`, and meanwhile one request at a time: what is drawn
// while one is under way is sent after it. `page` has shown(result, body, since), busy(), failed().
export function readDrawing(paper, page, ended) {
  if (ended) return drawing(paper, page, performance.now());
  unread = true;
  follow(paper, page);
}

function follow(paper, page) {
  clearTimeout(pausing);
  if (asking || !unread) return;
  const pause = last + EVERY - performance.now();
  if (pause > 0) pausing = setTimeout(follow, pause, paper, page);
  else drawing(paper, page, 0);
}

async function drawing(paper, page, since) {
  last = performance.now();
  await instead(async (signal) => {
    const body = await paper.blob();
    signal.throwIfAborted();
    const result = await patiently(() => ask("v1/explain", { body, signal }), signal, page.busy);
    page.shown(result, body, since);
  }, page.failed);
  follow(paper, page);
}

// Reads the page of the picture that is shown, then the others. `page` has in addition
// progress(what, share) and leaf(), which is called when a page can be seen.
export function readPicture(page) {
  const picture = sheet.picture;
  // A body has no name of its own: the server calls it "-".
  const failed = (error) => {
    error.message = error.message.replace(/^-(?=[:,] )/, picture.name);
    page.failed(error);
  };
  return instead(async (signal) => {
    page.progress("Opening …");
    await open(picture, picture.page, signal);
    await page.leaf();
    if (!picture.leaf.result) await read(picture, picture.leaf, signal, page);
    page.shown(picture.leaf.result, picture.leaf.sent, 0);
    for (const [i, leaf] of picture.leaves.entries()) {
      if (leaf.result) continue;
      await open(picture, i + 1, signal);
      await read(picture, leaf, signal, { progress() {}, busy() {} });
      page.read();
    }
  }, failed);
}

async function open(picture, number, signal) {
  const leaf = picture.leaves[number - 1];
  if (leaf.sent) return;
  const found = number === 1 ? await prepare(picture.file, server) : null;
  const { sent, scale, pages = 1 } = found ?? (await rendered(picture.file, number, signal));
  signal.throwIfAborted();
  Object.assign(leaf, { sent, scale, opened: Boolean(found), url: URL.createObjectURL(found ? picture.file : sent) });
  while (picture.leaves.length < pages) picture.leaves.push({});
}

async function read(picture, leaf, signal, page) {
  if (sheet.form) {
    page.progress("Reading the form …");
    leaf.result = await patiently(() => readForm(picture, leaf, signal), signal, page.busy);
    return;
  }
  const sent = (share) => (share < 1 ? page.progress("Sending …", share) : page.progress("Reading …"));
  const post = () => send("v1/explain?whole=true", { body: leaf.sent, signal, sent });
  try {
    leaf.result = await patiently(post, signal, () => page.progress("The server is busy; waiting …"));
  } catch (error) {
    if (error.status !== 503 || error.after) throw error;
    leaf.result = await readAsJob(leaf.sent, signal, page.progress); // it takes longer than it may
  }
}

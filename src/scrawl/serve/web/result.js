// Shows what the server read, and keeps what a person says about it.

import { decide } from "./answer.js";
import { ask, patiently } from "./ask.js";
import { Check } from "./check.js";
import { showCode } from "./code.js";
import { $ } from "./dom.js";
import { Fields } from "./form.js";
import { frames } from "./frames.js";
import { Corrected } from "./reading.js";
import { bars, explain, heat, noHeat, say, sayNumber } from "./show.js";
import { server, sheet } from "./state.js";
import * as take from "./take.js";

const REST = 200; // milliseconds of rest before the server is asked which ink mattered

export class Result {
  corrected = null; // the reading of a number, as a person corrected it
  #shown = null;
  #body = null; // what was sent
  #resting = 0;
  #weighing = null; // aborts what is asked about the ink that mattered

  constructor({ paper, view, trouble, changed }) {
    this.paper = paper;
    this.trouble = trouble;
    this.changed = changed;
    const reveal = (box) => sheet.picture && view.reveal(box);
    this.fields = new Fields({ changed: take.preview, reveal });
    this.check = new Check({
      said: (place, text) => this.#said(place, text),
      reveal,
      anew: () => this.#anew(),
    });
    $("why").addEventListener("toggle", () => this.#weigh());
  }

  // Nothing is shown but the words that follow.
  none() {
    this.#shown = this.#body = this.corrected = null;
    this.#rest();
    $("thanks").textContent = "";
    this.fields.hide();
    $("form").hidden = !sheet.picture;
    this.#details({ kind: "none" });
    bars(null);
    take.takeable(null);
    showCode(null);
  }

  // What is shown is of strokes before these.
  wait() {
    this.#rest();
    $("read").classList.add("interim");
    $("sure").textContent = "…";
    $("spoken").textContent = "";
    $("check").inert = true; // it is of the strokes before
    if (this.#shown) return;
    say({ text: "Reading …" }, true);
    $("read").classList.add("waiting");
  }

  show(result, body, { ended }) {
    const verdict = decide(result, !sheet.picture);
    this.#rest();
    [this.#shown, this.#body] = [result, body];
    const leaf = sheet.picture?.leaf;
    this.corrected = verdict.kind === "number" ? (leaf?.corrected ?? new Corrected(result.reading)) : null;
    if (leaf) leaf.corrected = this.corrected;
    if (this.corrected) sayNumber(verdict, this.corrected, this.#choose(ended), !ended);
    else say(verdict, !ended);
    this.fields.hide();
    $("form").hidden = !sheet.picture || !ended;
    if (verdict.kind === "form") return this.#form(result);
    if (!ended) return bars(this.corrected ? null : result.probabilities, result.alphabet);
    this.#details(verdict);
    take.takeable(verdict.kind === "digit" || this.corrected ? () => this.#rows() : null, this.#name);
    showCode(verdict.kind === "blank" ? null : { name: this.#name, one: !this.corrected, token: server.token });
    this.changed();
    if (verdict.kind === "digit" || verdict.kind === "none") this.#resting = setTimeout(() => this.#weigh(), REST);
  }

  #choose = (ended) => (place) => ended && this.check.choose(place, false);

  // Shows the digits of a number when there is one more or one less.
  #anew() {
    const { text, digits, reading } = this.corrected;
    sayNumber({ ...decide(this.#shown, false), text }, this.corrected, this.#choose(true));
    frames($("view"), reading.size, digits, this.#choose(true));
  }

  // The fields of a form in the place of digits.
  #form(row) {
    this.#details({ kind: "none" }, null);
    const photo = $("photo");
    this.fields.show(row, [photo.naturalWidth, photo.naturalHeight]);
    take.takeable(() => this.#rows(), this.#name);
    showCode({ name: this.#name, form: sheet.form.name, token: server.token });
    this.changed();
  }

  get #name() {
    return sheet.picture?.name ?? "drawing.png";
  }

  // All beneath the answer: frames, the chosen digit or the bars, what the network saw.
  #details(verdict, result = this.#shown) {
    const one = verdict.kind === "digit" || (verdict.kind === "none" && result?.box);
    const parent = sheet.picture ? $("view") : $("sheet");
    if (this.corrected) frames(parent, result.size, this.corrected.digits, (place) => this.check.choose(place, false));
    else if (one && sheet.picture) frames(parent, result.size, [{ ...result, uncertain: result.rejected }]);
    else frames(parent, null, []);
    this.check.show(this.corrected, sheet.picture ? $("photo") : this.paper.canvas);
    if (!this.corrected) bars(one ? result.probabilities : null, result?.alphabet);
    explain(one ? result : null);
    $("correct").hidden = !server.collects || !one;
  }

  // Asks which ink mattered of what the network saw, where that can be seen.
  async #weigh() {
    const { seen } = this.#shown ?? {};
    if (!seen || !$("why").open || this.#weighing) return;
    const { signal } = (this.#weighing = new AbortController());
    const body = new Blob([Uint8Array.from(atob(seen.split(",")[1]), (each) => each.charCodeAt(0))]);
    try {
      const { map } = await patiently(() => ask("v1/explain/map", { body, signal }), signal);
      heat(map);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#weighing = null; // so that it is asked again when it is opened again
      noHeat();
    }
  }

  // What is shown is no longer what the network is asked about.
  #rest() {
    clearTimeout(this.#resting);
    this.#weighing?.abort();
    this.#weighing = null;
  }

  // A row a page, as `scrawl read --json` prints it; boxes are in pixels of the picture itself.
  #rows() {
    const file = this.#name;
    const leaves = sheet.picture?.leaves ?? [{ result: this.#shown, corrected: this.corrected, scale: 1 }];
    return leaves.flatMap(({ result, corrected, scale }, i) => {
      if (!result) return [];
      if (result.fields) return [{ ...result, scale: undefined, page: i + 1 }];
      const number = corrected ?? (decide(result).kind === "number" ? new Corrected(result.reading) : null);
      if (!number) return [lone(result, file, i + 1, scale)];
      return [{ file, page: i + 1, ...number.toDict(scale), note: result.note ?? null, error: null }];
    });
  }

  // A person has said what a digit of a number is; null where that was taken back.
  #said(place, text) {
    this.changed();
    take.preview();
    const verdict = this.corrected.open.length;
    const { length } = this.corrected.digits;
    $("sure").textContent = verdict ? `${length} digits, ${verdict} to check` : `${length} digits, all checked`;
    $("spoken").textContent = text === null ? "taken back" : `${text || "no digit"}. ${verdict} to check.`;
    if (!verdict) $("read").classList.replace("doubt", "sure");
    if (text !== null && server.collects) this.check.piece(place).then((piece) => this.keep(text || "not-a-digit", piece));
  }

  // Sends a picture with its label to the server that keeps it.
  async keep(label, body = this.#body) {
    try {
      await ask(`v1/corrections?label=${label}`, { body });
      $("thanks").textContent = `Kept on this server as ${label === "not-a-digit" ? "not a digit" : `${label === "8" ? "an" : "a"} ${label}`}.`;
    } catch (error) {
      this.trouble(error);
    }
  }
}

function lone({ digit, text, confidence, rejected, reason, probabilities, box, note = null, error }, file, page, scale) {
  const scaled = box?.map((x) => Math.round(x * scale)) ?? null;
  return { file, page, digit, text, confidence, rejected, reason, probabilities, box: scaled, note, error };
}

// A reading as a person corrects it, and what of it can be taken away. Touches no page.

import { digitsOf } from "./answer.js";
import { placeOf } from "./missed.js";

export class Corrected {
  #past = [];
  #future = [];

  constructor(reading) {
    this.reading = structuredClone(reading);
    this.digits = digitsOf(this.reading);
  }

  // The places of the digits that a person should look at.
  get open() {
    return [...this.digits.keys()].filter((i) => this.digits[i].uncertain && !this.digits[i].checked);
  }

  get undoable() {
    return this.#past.length > 0;
  }

  get redoable() {
    return this.#future.length > 0;
  }

  // Says what a digit is: a text of one digit, or empty where there is none.
  say(place, text) {
    const digit = this.digits[place];
    this.#past.push({ digit, before: { ...digit } });
    this.#future = [];
    Object.assign(digit, { text, digit: text === "" ? null : Number(text), checked: true });
  }

  // Adds a digit that was missed, where its box stands among the others; gives its place.
  add(box, text) {
    const probabilities = Array.from({ length: 10 }, (_, i) => Number(i === Number(text)));
    const digit = { digit: Number(text), text, confidence: 1, uncertain: false, box, probabilities, checked: true };
    const added = { digit, where: placeOf(this.reading, box) };
    this.#put(added);
    this.#past.push(added);
    this.#future = [];
    return this.digits.indexOf(digit);
  }

  // Takes the last correction back, or with `again` makes it again; gives its place, or that of
  // what stands where a digit was.
  undo(again = false) {
    const [from, to] = again ? [this.#future, this.#past] : [this.#past, this.#future];
    const last = from.pop();
    const { digit, before, where } = last;
    if (where) {
      to.push(last);
      const place = this.digits.indexOf(digit);
      if (!again) this.#remove(last);
      else this.#put(last);
      return again ? this.digits.indexOf(digit) : Math.min(place, this.digits.length - 1);
    }
    to.push({ digit, before: { ...digit } });
    digit.checked = undefined;
    Object.assign(digit, before);
    return this.digits.indexOf(digit);
  }

  #put({ digit, where: { line, number, at, group, joins } }) {
    if (!line.digits.length) this.reading.lines.splice(number, 0, line);
    line.digits.splice(at, 0, digit);
    if (joins) line.groups[group] += 1;
    else line.groups.splice(group, 0, 1);
    this.digits = digitsOf(this.reading);
  }

  #remove({ where: { line, at, group, joins } }) {
    line.digits.splice(at, 1);
    if (joins) line.groups[group] -= 1;
    else line.groups.splice(group, 1);
    if (!line.digits.length) this.reading.lines.splice(this.reading.lines.indexOf(line), 1);
    this.digits = digitsOf(this.reading);
  }

  // The groups of each line, as texts; what was said to be no digit is left out.
  get lines() {
    return this.reading.lines.map((line) => {
      const left = [...line.digits];
      const groups = line.groups.map((count) => left.splice(0, count).map((digit) => digit.text).join(""));
      return groups.filter((group) => group !== "");
    }).filter((groups) => groups.length);
  }

  get text() {
    return this.lines.map((groups) => groups.join(" ")).join("\n");
  }

  // What `scrawl read --json` prints, as corrected; boxes in pixels of the picture itself.
  toDict(scale) {
    const scaled = (box) => box.map((x) => Math.round(x * scale));
    const lines = this.reading.lines.map((line) => {
      const left = [...line.digits];
      const groups = line.groups.map((count) => left.splice(0, count).filter((digit) => digit.text !== ""));
      const kept = groups.filter((group) => group.length);
      const digits = kept.flat().map(({ checked, ...digit }) => (
        { ...digit, box: scaled(digit.box), ...(checked ? { uncertain: false, checked } : {}) }));
      return { ...line, text: kept.map((group) => group.map((d) => d.text).join("")).join(" "),
        groups: kept.map((group) => group.length), digits,
        uncertain: digits.some((digit) => digit.uncertain),
        marks: line.marks.map((mark) => ({ ...mark, box: scaled(mark.box) })) };
    }).filter((line) => line.digits.length);
    const tables = this.tables.map(({ rows }) => (
      { rows: rows.map((row) => row.map((cell) => ({ ...cell, box: scaled(cell.box) }))) }));
    return { ...this.reading, text: this.text, size: scaled(this.reading.size), lines, tables };
  }

  // The tables, in whose cells stand the digits as they are corrected.
  get tables() {
    const inside = ([x0, y0, x1, y1]) => this.digits.filter(({ box }) => {
      const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
      return x0 <= x && x < x1 && y0 <= y && y < y1;
    });
    const corrected = (cell) => {
      const digits = inside(cell.box);
      if (!digits.some((digit) => digit.checked)) return cell;
      const uncertain = digits.some((digit) => digit.uncertain && !digit.checked);
      return { ...cell, text: digits.map((digit) => digit.text).join(""), uncertain };
    };
    return (this.reading.tables ?? []).map(({ rows }) => ({ rows: rows.map((row) => row.map(corrected)) }));
  }
}

export const FORMATS = {
  Text: { ending: ".txt", type: "text/plain" },
  Table: { ending: ".tsv", type: "text/tab-separated-values" },
  CSV: { ending: ".csv", type: "text/csv" },
  JSON: { ending: ".json", type: "application/json" },
};

const COLUMNS = ["page", "line", "digit", "confidence", "uncertain", "checked", "x0", "y0", "x1", "y1"];

// `rows` are what `scrawl read --json` prints: of numbers, or of one digit each.
export function written(format, rows) {
  if (format === "JSON") return JSON.stringify(rows, null, 1);
  if (rows[0]?.fields) return sheets(format, rows);
  if (format === "Text") return rows.map((row) => row.text).join("\n\n");
  if (format === "Table") return table(rows).map((cells) => cells.join("\t")).join("\n");
  const digits = rows.flatMap((row) => linesOf(row).flatMap((line, i) => line.digits.map((digit) => (
    [row.page, i + 1, digit.digit, digit.confidence, digit.uncertain, Boolean(digit.checked), ...digit.box].join(",")))));
  return [COLUMNS.join(","), ...digits, ""].join("\n");
}

// Of sheets of a form: a column a field, a row a sheet.
function sheets(format, rows) {
  if (format === "Text") return rows.flatMap((row) => row.fields.map(({ name, text }) => `${name}: ${text}`)).join("\n");
  const separator = format === "CSV" ? "," : "\t";
  return [...table(rows).map((cells) => cells.join(separator)), ""].join("\n");
}

function columns(rows) {
  const names = rows[0].fields.map((field) => field.name);
  return [["file", "page", ...names], ...rows.map((row) => [row.file, row.page, ...row.fields.map((field) => field.text)])];
}

// A row of cells for each row of a picture's tables; where there are none for each line: its groups;
// of a form, for each sheet: its fields.
export const table = (rows) => rows[0]?.fields ? columns(rows) : rows.flatMap((row) => (
  row.tables?.length ? row.tables.flatMap((each) => each.rows.map((cells) => cells.map((cell) => cell.text)))
    : row.text.split("\n").map((line) => line.split(" "))));

function linesOf(row) {
  if (row.lines) return row.lines;
  return row.digit === null ? [] : [{ digits: [{ ...row, uncertain: row.rejected }] }];
}

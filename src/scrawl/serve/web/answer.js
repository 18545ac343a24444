// What the server said, as what is shown: the one place that decides it. Touches no page.

export const SURE = 0.99; // from which on an answer is said without a grain of doubt
export const HALF = 0.5; // below which another answer may be as likely; a model without a threshold says it
export const SHOWN = 0.005; // the least probability that has a bar

export const digitsOf = (reading) => reading?.lines.flatMap((line) => line.digits) ?? [];
export const percent = (share) => (share > 0.9995 ? ">99.9%" : `${(100 * share).toFixed(1)}%`);

// How sure an answer is: sure, fair or doubt; each has its colour and its words.
export const tone = (confidence, doubted) => (doubted ? "doubt" : confidence >= SURE ? "sure" : "fair");

// What a row of the probabilities is called; 0 to 9 have no alphabet.
const nameOf = (row, alphabet) => alphabet?.[row] ?? String(row);

const words = (text, sure, kind = "words") => ({ kind, tone: "words", text, sure });

// `kind` is blank, none (no digit), digit or number; `text` and `sure` are the words to show.
export function decide(result, drawn) {
  if (result.fields) return form(result);
  const found = digitsOf(result.reading);
  const { digit, confidence, reason, probabilities } = result;
  if (!result.box && !found.length) {
    return drawn
      ? words("Too little to read", "Draw it larger, like a digit on a sheet.", "blank")
      : words("No ink found", "The picture looks blank.", "blank");
  }
  if (isNumber(result, found)) return number(found, result.reading);
  if (digit !== null) {
    const how = tone(confidence, false);
    const certainty = how === "sure" ? "Sure" : confidence >= HALF ? "Fairly sure" : "Hardly sure";
    return { kind: "digit", tone: how, text: result.text, sure: `${certainty}, ${percent(confidence)}` };
  }
  const [first, second] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  const name = (row) => nameOf(row, result.alphabet);
  if (reason === "unsure") {
    const other = probabilities[second] >= SHOWN ? `, or a ${name(second)}` : "";
    return { kind: "digit", tone: "doubt", text: `${name(first)}?`, sure: `Not sure: a ${name(first)}${other}?` };
  }
  const likeliest = `If it is one, a ${name(first)} (${percent(probabilities[first])}).`;
  const [text, sure] = result.alphabet ? ["None of these", "None of them looks like this."] : ["Not a digit", "No digit looks like this."];
  return { ...words(text, probabilities[first] >= SHOWN ? likeliest : sure, "none"), tone: "doubt" };
}

// The server says whether several digits are a number, or why no lone one is given; where some of
// several are certain they are shown, too, with the doubt of the others.
function isNumber({ number, digit, reason }, found) {
  if (found.length < 2) return false;
  return number || reason === "several digits" || (digit === null && !found.every((each) => each.uncertain));
}

function number(found, reading) {
  const doubted = found.filter((each) => each.uncertain).length;
  const least = Math.min(...found.map((each) => each.confidence));
  const how = doubted ? "doubt" : tone(least, false);
  const certainty = doubted ? `${doubted} to check` : how === "sure" ? "sure of each" : "fairly sure";
  const lines = reading.lines.length > 1 ? `${reading.lines.length} lines, ` : "";
  return { kind: "number", tone: how, text: reading.text, sure: `${lines}${found.length} digits, ${certainty}` };
}

function form({ fields, error, laid_reason: elsewhere }) {
  if (error) return words("Not this form", error, "blank");
  const doubted = fields.filter((field) => field.uncertain).length;
  const certainty = doubted ? `${doubted} to check${elsewhere ? `: ${elsewhere}` : ""}` : "none to check";
  return { ...words(`${fields.length} field${fields.length === 1 ? "" : "s"}`, certainty, "form"), tone: doubted ? "doubt" : "sure" };
}

// The bars: [what, probability, whether it is a letter] of what is worth showing, the most probable
// first.
export function barsOf(probabilities, alphabet) {
  const none = Math.max(0, 1 - probabilities.reduce((sum, share) => sum + share, 0));
  const all = [...probabilities.map((share, row) => [nameOf(row, alphabet), share, true]), [alphabet ? "none" : "no digit", none, false]];
  return all.filter(([, share]) => share >= SHOWN).sort((a, b) => b[1] - a[1]);
}

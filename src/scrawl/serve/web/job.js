// Reads as a job what takes longer than an answer may: it is asked after until it is done.

import { ask } from "./ask.js";

const AFTER = 1000; // milliseconds from one asking to the next

// Gives what v1/explain would have said of a page of many digits.
export async function readAsJob(body, signal, say) {
  const { id } = await ask("v1/jobs", { body, signal });
  const path = `v1/jobs/${id}`;
  try {
    for (;;) {
      const { state, error, rows } = await ask(path, { signal });
      if (state === "failed" || rows[0]?.error) throw new Error(error ?? rows[0].error);
      if (state === "done") return several(rows[0]);
      say(state === "waiting" ? "Waiting for others …" : "Reading, it is a large one …");
      await new Promise((resolve) => setTimeout(resolve, AFTER));
      signal.throwIfAborted();
    }
  } finally {
    ask(path, { method: "DELETE", raw: true }).catch(() => null); // it is read, or nobody waits for it
  }
}

// The page of this tab has a name and a number of its own: those of the job's row are left out.
const several = ({ file, page, note, error, ...reading }) => ({
  digit: null, text: "", confidence: 0, rejected: true, reason: "several digits", box: null, note, error,
  probabilities: Array(10).fill(0), size: reading.size, number: true, reading,
});

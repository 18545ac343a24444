// "Use this from code": the command, Python and curl for the picture that was just read.

import { $, copy, done, make } from "./dom.js";

const quoted = (text) => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

// `one` is whether the picture showed one digit; `token` whether this server asks for one.
export function snippets({ name, one, form, token }) {
  const url = new URL(`v1/read${one ? "?one=true" : ""}`, location.href);
  const key = token ? ' -H "Authorization: Bearer $SCRAWL_TOKEN"' : "";
  if (form) {
    return {
      Command: `scrawl form read ${quoted(form)} ${quoted(name)}`,
      Python: `import scrawl\n\nform = scrawl.load_form(${JSON.stringify(form)})\nfor field in scrawl.read_form(form, ${JSON.stringify(name)}).fields:\n    print(field.name, field.text)`,
      curl: `curl -F form=@${quoted(form)} -F file=@${quoted(name)}${key} '${new URL("v1/forms", location.href)}'`,
    };
  }
  return {
    Command: `scrawl read ${one ? "--one " : ""}${quoted(name)}`,
    Python: one
      ? `import scrawl\n\nprediction = scrawl.read_one(${JSON.stringify(name)})\nprint(prediction.digit, prediction.confidence)`
      : `import scrawl\n\nreading = scrawl.read(${JSON.stringify(name)})\nprint(reading.text)`,
    curl: `curl --data-binary @${quoted(name)}${key} \\\n  -H 'Content-Type: application/octet-stream' '${url}'`,
  };
}

export function showCode(facts) {
  $("code").hidden = !facts;
  if (!facts) return;
  $("snippets").replaceChildren(...Object.entries(snippets(facts)).map(([title, text]) => {
    const button = make("button", { type: "button" }, "Copy");
    button.setAttribute("aria-label", `Copy ${title}`);
    button.addEventListener("click", async () => {
      await copy(text);
      done(button, "Copied");
    });
    return make("div", { className: "snippet" }, make("h3", {}, title), button, make("pre", { tabIndex: 0 }, text));
  }));
}

// What is on the sheet, and what the server told about itself.

export const server = { collects: false, labels: [], longest: Infinity, limits: { body: Infinity }, token: false };

// A picture that was opened; null while the sheet is paper to draw on. `leaves` are its pages:
// what is sent of each, how many of its pixels are one of that (`scale`), its result, and the
// reading as a person corrected it.
export const sheet = { picture: null, form: null }; // form: the file that pictures are read by

export class Picture {
  page = 1;
  leaves = [{}];

  constructor(file) {
    this.file = file;
    this.name = file.name || "pasted.png";
  }

  get leaf() {
    return this.leaves[this.page - 1];
  }
}

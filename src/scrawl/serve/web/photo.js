// A picture on its way to the server: as it is, or smaller, where that is all the server looks at.

import { ask } from "./ask.js";

const QUALITY = 0.92; // of JPEG: what a phone's camera writes
const KNOWN = /^image\/(png|jpeg|webp|gif|bmp)$/; // what browser and server both open

// What travels and what is shown; null where this browser cannot open it. The server
// says the longest side it looks at, and the bytes it takes.
export async function prepare(file, { longest, limits: { body } }) {
  const bitmap = await createImageBitmap(file).catch(() => null); // turned as its EXIF says
  if (!bitmap) return null;
  const { width, height } = bitmap;
  const scale = Math.max(1, Math.max(width, height) / longest);
  try {
    if (scale === 1 && file.size <= body && KNOWN.test(file.type)) return { sent: file, scale };
    return { sent: await smaller(bitmap, scale), scale };
  } finally {
    bitmap.close();
  }
}

function smaller(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width / scale);
  canvas.height = Math.round(bitmap.height / scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // beneath what is transparent: JPEG has no holes
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

// A page of a file that only the server opens (a PDF, a TIFF), as a picture, and how many it has.
export async function rendered(file, page, signal) {
  const answer = await ask(`v1/render?page=${page}`, { body: file, signal, raw: true });
  return { sent: await answer.blob(), scale: 1, pages: Number(answer.headers.get("X-Pages")) };
}

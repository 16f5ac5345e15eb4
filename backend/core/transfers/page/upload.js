// The page itself: choosing files, and showing what the queue does.

import { Queue } from "./queue.js";
import { bytes, text } from "./texts.js";

const SHOWN = 60;
const ORDER = { failed: 0, sending: 1, paused: 2, waiting: 3, finished: 4 };
const ICONS = {
  pause: "M6 5h4v14H6zm8 0h4v14h-4z", resume: "M8 5v14l11-7z",
  cancel: "M19 6.4 17.6 5 12 10.6 6.4 5 5 6.4l5.6 5.6L5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6z",
  retry: "M17.7 6.3A8 8 0 1 0 19.7 14h-2.1A6 6 0 1 1 12 6c1.7 0 3.1.7 4.2 1.8L13 11h7V4z",
};
const $ = (id) => document.getElementById(id);
const queue = new Queue(document.body.dataset.endpoint, document.body.dataset.memory, schedule);
const rows = new Map();
const speed = { at: 0, bytes: 0, rate: 0 };
let drawing = false, awake = null;

// ------------------------------------------------------------------ choosing

function add(files) {
  for (const { file, path } of files) queue.add(file, path);
  queue.next();
}

function chosen(input) {
  add([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
  input.value = "";
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return add([...transfer.files].map((file) => ({ file, path: file.name })));
  for (const entry of entries) await walk(entry, "");
}

async function walk(entry, above) {
  const path = above + entry.name;
  if (entry.isFile) return add([{ file: await new Promise((got, lost) => entry.file(got, lost)), path }]);
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((got, lost) => reader.readEntries(got, lost));
    if (!some.length) return;
    for (const child of some) await walk(child, `${path}/`);
  }
}

// ------------------------------------------------------------------ showing

function schedule() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => { drawing = false; draw(); }, 100);
}

function button(name, act) {
  const made = document.createElement("button");
  made.type = "button"; made.className = "icon-button"; made.dataset.act = name;
  made.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  made.addEventListener("click", act);
  return made;
}

function row(item) {
  const made = document.createElement("li");
  made.innerHTML = '<div class="text"><div class="name"></div><div class="state"></div></div><div class="actions"></div><progress max="1" value="0"></progress>';
  made.querySelector(".name").textContent = item.path;
  made.querySelector(".name").title = item.path;
  made.querySelector("progress").setAttribute("aria-label", item.path);
  const actions = made.querySelector(".actions");
  const known = {
    pause: button("pause", () => item.pause()), resume: button("resume", () => item.resume()),
    retry: button("retry", () => item.resume()),
    cancel: button("cancel", () => item.state === "finished" ? queue.forget(item) : item.cancel()),
  };
  for (const [name, one] of Object.entries(known)) actions.append(one);
  return { made, known };
}

function words(item) {
  if (item.state === "finished") {
    const renamed = item.savedAs && item.savedAs !== item.file.name;
    return `${renamed ? text("savedAs", { name: item.savedAs }) : text("finished")} · ${bytes(item.size)}`;
  }
  const progress = text("progress", { done: bytes(item.received), size: bytes(item.size) });
  if (item.problem && item.problem !== "starting") return item.state === "failed" ? text(item.problem) : `${progress} · ${text(item.problem)}`;
  if (item.state === "waiting") return `${text("waiting")} · ${bytes(item.size)}`;
  return item.state === "paused" ? `${progress} · ${text("paused")}` : progress;
}

function drawRow(item) {
  if (!rows.has(item)) rows.set(item, row(item));
  const { made, known } = rows.get(item);
  made.className = `item ${item.state}`;
  made.dataset.state = item.state;
  const state = made.querySelector(".state"), said = words(item);
  if (state.textContent !== said) state.textContent = said;
  const bar = made.querySelector("progress");
  bar.hidden = item.state === "finished";
  bar.value = item.size ? item.received / item.size : 0;
  known.pause.hidden = !["sending", "waiting"].includes(item.state);
  known.resume.hidden = item.state !== "paused";
  known.retry.hidden = item.state !== "failed";
  for (const [name, one] of Object.entries(known)) {
    const label = name === "cancel" && item.state === "finished" ? "remove" : name;
    one.setAttribute("aria-label", `${text(label)}: ${item.path}`);
    one.title = text(label);
  }
  return made;
}

function draw() {
  const { items } = queue;
  const shown = [...items].sort((a, b) => ORDER[a.state] - ORDER[b.state]).slice(0, SHOWN);
  const list = $("list");
  shown.forEach((item, place) => {
    const made = drawRow(item);
    if (list.children[place] !== made) list.insertBefore(made, list.children[place] || null);
  });
  while (list.children.length > shown.length) list.lastChild.remove();
  for (const item of rows.keys()) if (!shown.includes(item)) rows.delete(item);
  $("more").hidden = items.length <= SHOWN;
  $("more").textContent = text("more", { count: items.length - SHOWN });
  $("drop").classList.toggle("small", items.length > 0);
  if (items.length) $("interrupted").hidden = true;
  drawSummary(items);
}

function drawSummary(items) {
  const count = (state) => items.filter((item) => item.state === state).length;
  const size = items.reduce((sum, item) => sum + item.size, 0), received = items.reduce((sum, item) => sum + item.received, 0);
  const busy = count("sending") + count("waiting"), failed = count("failed"), paused = count("paused"), finished = count("finished");
  $("summary").hidden = !items.length;
  $("total").value = size ? received / size : finished ? 1 : 0;
  $("total").hidden = !busy && !paused && !failed;
  measure(received);
  const rate = bytes(speed.rate);
  $("summary-title").textContent = busy ? text("working", { left: items.length - finished, count: items.length })
    : failed ? text("someFailed", { failed, count: items.length }) : paused ? text("allPaused")
      : finished === 1 ? text("oneDone") : text("manyDone", { count: finished });
  $("summary-detail").textContent = text(busy && speed.rate ? "rate" : "progress", { done: bytes(received), size: bytes(size), rate });
  $("pause-all").hidden = !busy && !paused;
  $("pause-all").textContent = text(busy ? "pauseAll" : "resumeAll");
  $("retry-all").hidden = !failed;
  $("done").hidden = busy > 0 || paused > 0 || failed > 0 || !finished;
  document.title = busy && size ? `${Math.floor(100 * received / size)} % · Homie` : "Homie";
  document.body.dataset.state = busy ? "busy" : failed ? "failed" : paused ? "paused" : finished ? "done" : "empty";
  stayAwake(busy > 0);
}

function measure(received) {
  const now = performance.now();
  if (!speed.at || received < speed.bytes) Object.assign(speed, { at: now, bytes: received, rate: 0 });
  else if (now - speed.at > 1500) Object.assign(speed, { rate: 1000 * (received - speed.bytes) / (now - speed.at), at: now, bytes: received });
}

/** Keep a phone from falling asleep while it sends, where the browser allows it. */
async function stayAwake(wanted) {
  if (!wanted) { awake?.release().catch(() => {}); awake = null; return; }
  if (awake || !navigator.wakeLock) return;
  try { awake = await navigator.wakeLock.request("screen"); awake.addEventListener("release", () => { awake = null; }); } catch { /* not now */ }
}

// ------------------------------------------------------------------ start

function leave(event) {
  // Opened by the app in a tab of its own: closing it shows the app again where it was.
  if (!window.opener && history.length > 1) return;
  const { href } = event.currentTarget;
  event.preventDefault();
  window.close();
  setTimeout(() => { location.href = href; }, 150);
}

for (const one of document.querySelectorAll("[data-text]")) one.textContent = text(one.dataset.text);
for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", text(one.dataset.label));
document.title = `${text("title")} · Homie`;
const touch = matchMedia("(pointer: coarse)").matches;
$("folder-button").hidden = touch || !("webkitdirectory" in HTMLInputElement.prototype);
$("camera-button").hidden = !touch;
if (touch) {  // nothing is dragged on a phone
  $("drop-title").textContent = text("title");
  document.querySelector("#drop .hint").textContent = text("touchHint");
}
for (const id of ["files", "folder", "camera"]) $(id).addEventListener("change", (event) => chosen(event.target));
for (const kind of ["dragenter", "dragover"]) addEventListener(kind, (event) => { event.preventDefault(); $("drop").classList.add("over"); });
for (const kind of ["dragleave", "drop"]) addEventListener(kind, (event) => { event.preventDefault(); $("drop").classList.remove("over"); });
addEventListener("drop", (event) => dropped(event.dataTransfer));
addEventListener("beforeunload", (event) => { if (document.body.dataset.state === "busy") { event.preventDefault(); event.returnValue = text("leave"); } });
$("pause-all").addEventListener("click", () => {
  const busy = queue.items.some((item) => ["sending", "waiting"].includes(item.state));
  for (const item of [...queue.items]) if (busy) item.pause(); else if (item.state === "paused") item.resume();
});
$("retry-all").addEventListener("click", () => { for (const item of queue.items) if (item.state === "failed") item.resume(); });
for (const id of ["back", "done"]) $(id).addEventListener("click", leave);
const left = queue.memory.entries();
if (left.length) {
  $("interrupted").hidden = false;
  $("interrupted").textContent = text("interrupted", { names: left.slice(0, 5).map((one) => one.name).join(", ") });
}
document.body.dataset.state = "empty";

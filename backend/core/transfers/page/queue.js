// Sending files by the tus 1.0.0 protocol: parts cut from the file on disk, so that the tab never holds a file.
// Progress is what the server says is safely on its drive, never what was only read or handed to the network.

const PART = { first: 4 << 20, least: 256 << 10, most: 32 << 20 };
const STALLED_MS = 45000;
const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15000, 30000];
const AT_ONCE = 3;
const TUS = { "Tus-Resumable": "1.0.0" };

/** What cannot be mended by trying again by itself; `key` names the words to show. */
class Stop extends Error {
  constructor(key) { super(key); this.key = key; }
}

function base64(words) {
  let raw = "";
  for (const byte of new TextEncoder().encode(words)) raw += String.fromCharCode(byte);
  return btoa(raw);
}

/** Remember which upload belongs to which file, for going on after a reload. Works without storage too. */
class Memory {
  constructor(prefix) { this.prefix = `homie.upload.${prefix}.`; }
  get(key) { try { return JSON.parse(localStorage.getItem(this.prefix + key)); } catch { return null; } }
  set(key, value) { try { localStorage.setItem(this.prefix + key, JSON.stringify(value)); } catch { /* private window */ } }
  drop(key) { try { localStorage.removeItem(this.prefix + key); } catch { /* private window */ } }
  entries() {
    const week = Date.now() - 7 * 86400e3, found = [];
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith(this.prefix))) {
        const value = JSON.parse(localStorage.getItem(key));
        if (value.at < week) localStorage.removeItem(key); else found.push({ key: key.slice(this.prefix.length), ...value });
      }
    } catch { /* private window */ }
    return found;
  }
}

export class Item {
  constructor(queue, file, path) {
    Object.assign(this, { queue, file, path, state: "waiting", received: 0, problem: "", savedAs: "", part: PART.first });
    this.key = `${path}|${file.size}|${file.lastModified}`;
    this.tries = 0;
  }

  get size() { return this.file.size; }

  async run() {
    this.state = "sending"; this.problem = "starting"; this.stopped = false;
    while (!this.stopped) {
      try {
        await this.send();
        return this.end("finished", "");
      } catch (error) {
        if (this.stopped) return;
        if (error instanceof Stop) return this.end("failed", error.key);
        this.problem = navigator.onLine ? error.message === "busy" ? "busy" : "retrying" : "offline";
        this.part = Math.max(PART.least, this.part / 2);
        this.queue.changed();
        await this.pauseBefore(WAITS_MS[Math.min(this.tries++, WAITS_MS.length - 1)], error.after);
      }
    }
  }

  /** Wait before the next try; a connection that comes back ends the wait. */
  pauseBefore(least, after = 0) {
    return new Promise((go) => {
      const done = () => { clearTimeout(this.timer); removeEventListener("online", done); this.wake = null; go(); };
      this.wake = done;
      this.timer = setTimeout(done, Math.max(least, after * 1000));
      addEventListener("online", done);
    });
  }

  async send() {
    await this.place();
    while (this.received < this.size) {
      const part = this.file.slice(this.received, this.received + this.part), began = performance.now();
      const headers = { ...TUS, "Upload-Offset": String(this.received), "Content-Type": "application/offset+octet-stream" };
      const answer = await this.ask("PATCH", this.url, headers, part);
      if (answer.status === 409 || answer.status === 460) { await this.look(); continue; }
      if (answer.status !== 204) await this.refuse(answer);
      this.received = Number(answer.getResponseHeader("Upload-Offset"));
      this.savedAs = decodeURIComponent(answer.getResponseHeader("X-Homie-Saved-As") || "") || this.savedAs;
      this.problem = ""; this.tries = 0;
      const took = performance.now() - began;
      if (took < 1500) this.part = Math.min(PART.most, this.part * 2); else if (took > 6000) this.part = Math.max(PART.least, this.part / 2);
      this.queue.changed();
    }
  }

  /** Find the upload of this file that was begun before, or begin one. */
  async place() {
    const known = this.url ? null : this.queue.memory.get(this.key);
    if (known) this.url = `${this.queue.endpoint}/${known.id}`;
    if (this.url && await this.look()) return;
    const given = [`filename ${base64(this.file.name)}`, `relativePath ${base64(this.path)}`, `lastModified ${base64(String(this.file.lastModified))}`];
    const answer = await this.ask("POST", this.queue.endpoint, { ...TUS, "Upload-Length": String(this.size), "Upload-Metadata": given.join(",") });
    if (answer.status !== 201) await this.refuse(answer);
    this.url = answer.getResponseHeader("Location");
    this.received = Number(answer.getResponseHeader("Upload-Offset") || 0);
    this.savedAs = decodeURIComponent(answer.getResponseHeader("X-Homie-Saved-As") || "");
    this.queue.memory.set(this.key, { id: this.url.split("/").pop(), name: this.path, at: Date.now() });
  }

  /** Ask how far the upload came; false when it is not known any more. */
  async look() {
    const answer = await this.ask("HEAD", this.url, TUS);
    if (answer.status === 200) {
      this.received = Number(answer.getResponseHeader("Upload-Offset"));
      this.savedAs = decodeURIComponent(answer.getResponseHeader("X-Homie-Saved-As") || "") || this.savedAs;
      this.queue.changed();
      return true;
    }
    if (answer.status !== 404) await this.refuse(answer);
    this.queue.memory.drop(this.key);
    this.url = null; this.received = 0;
    return false;
  }

  /** Turn an answer that is no success into what to do: stop with words, or (any other error) try again. */
  async refuse(answer) {
    let code = "";
    try { code = JSON.parse(answer.responseText).error.code; } catch { /* HEAD, or no answer of ours */ }
    const words = { link_not_valid: "expired", drive_full: "full", drive_read_only: "readOnly", drive_away: "away", uploads_too_many: "tooMany" };
    if (words[code]) throw new Stop(words[code]);
    if (answer.status === 404) { this.queue.memory.drop(this.key); this.url = null; throw new Error("gone"); }
    if ([423, 429, 502, 503, 504].includes(answer.status)) {
      throw Object.assign(new Error("busy"), { after: Number(answer.getResponseHeader("Retry-After") || 0) });
    }
    if (answer.status >= 400 && answer.status < 500) throw new Stop("failed");
    throw new Error("busy");
  }

  ask(method, url, headers, body = null) {
    return new Promise((got, lost) => {
      const request = this.request = new XMLHttpRequest();
      let timer;
      const alive = () => { clearTimeout(timer); timer = setTimeout(() => request.abort(), STALLED_MS); };
      const end = async () => {
        clearTimeout(timer);
        // A file that was moved or changed on this device fails like a connection does; only reading it tells.
        if (body && !this.stopped) try { await body.slice(0, 1).arrayBuffer(); } catch { return lost(new Stop("unreadable")); }
        lost(new Error("cut"));
      };
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = alive;
      request.onload = () => { clearTimeout(timer); got(request); };
      request.onerror = request.onabort = end;
      alive();
      request.send(body);
    });
  }

  end(state, problem) {
    this.state = state; this.problem = problem; this.tries = 0;
    if (state === "finished") { this.received = this.size; this.queue.memory.drop(this.key); }
    this.queue.next();
  }

  halt(state) {
    this.stopped = true; this.state = state; this.problem = "";
    this.request?.abort();
    this.wake?.();
    this.queue.next();
  }

  pause() { if (this.state === "sending" || this.state === "waiting") this.halt("paused"); }

  resume() { if (this.state === "paused" || this.state === "failed") { this.state = "waiting"; this.problem = ""; this.queue.next(); } }

  async cancel() {
    const { url } = this;
    this.halt("cancelled");
    this.queue.memory.drop(this.key);
    this.queue.forget(this);
    if (url) fetch(url, { method: "DELETE", headers: TUS }).catch(() => { /* it expires by itself */ });
  }
}

export class Queue {
  constructor(endpoint, memory, changed) {
    this.endpoint = endpoint; this.memory = new Memory(memory); this.changed = changed; this.items = [];
  }

  add(file, path) {
    const item = new Item(this, file, path);
    const before = this.items.find((one) => one.key === item.key && one.state !== "finished");
    if (before) return before.resume();
    this.items.push(item);
  }

  forget(item) { this.items = this.items.filter((one) => one !== item); this.changed(); }

  next() {
    const free = AT_ONCE - this.items.filter((item) => item.state === "sending").length;
    for (const item of this.items.filter((one) => one.state === "waiting").slice(0, Math.max(0, free))) item.run();
    this.changed();
  }
}

"use strict";
// One Person object per card: its own token, its own socket, its own list of events. Nothing is shared between cards but
// the hub's address and its OpenAPI document, so that what one person sees is only what the hub gives to that person.

const hub = { url: "", operations: [], document: null };
const API = "/api/v1";

async function request(method, path, { token, body, headers } = {}) {
  const options = { method, headers: { Accept: "application/json", ...headers } };
  if (token) options.headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = typeof body === "string" ? body : JSON.stringify(body);
  }
  const response = await fetch(hub.url + path, options);
  const text = await response.text();
  let data = text;
  try { data = text ? JSON.parse(text) : null; } catch { /* not every answer is JSON */ }
  return { ok: response.ok, status: response.status, data };
}

function problem(answer) {
  const error = answer.data && answer.data.error;
  if (!error) return `The hub answered ${answer.status}.`;
  const fields = (error.fields || []).map((f) => `${f.name}: ${f.problem} ${f.remedy || ""}`.trim());
  return [error.message, ...fields].join(" ");
}

// ---- the OpenAPI document --------------------------------------------------------------------------------------

function resolve(schema) {
  while (schema && schema.$ref) {
    schema = schema.$ref.replace(/^#\//, "").split("/").reduce((node, key) => node && node[key], hub.document);
  }
  return schema || {};
}

function example(schema, depth = 0) {
  schema = resolve(schema);
  if (depth > 6) return null;
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = (schema.anyOf || schema.oneOf || schema.allOf || [])[0];
  if (choice) return example(choice, depth + 1);
  switch (schema.type) {
    case "object": {
      const made = {};
      for (const [name, part] of Object.entries(schema.properties || {})) {
        if ((schema.required || []).includes(name)) made[name] = example(part, depth + 1);
      }
      return made;
    }
    case "array": return schema.minItems ? [example(schema.items, depth + 1)] : [];
    case "integer": case "number": return schema.minimum ?? 0;
    case "boolean": return false;
    case "null": return null;
    default: return "";
  }
}

function readOperations(document_) {
  hub.document = document_;
  hub.operations = [];
  for (const [path, methods] of Object.entries(document_.paths || {})) {
    for (const [method, operation] of Object.entries(methods)) {
      if (!["get", "post", "put", "patch", "delete"].includes(method)) continue;
      const body = operation.requestBody && operation.requestBody.content["application/json"];
      hub.operations.push({
        id: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path,
        help: operation.summary || "", parameters: (operation.parameters || []).map(resolve),
        body: body ? body.schema : null,
      });
    }
  }
  hub.operations.sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
}

async function openHub() {
  const state = document.getElementById("hub-state");
  hub.url = document.getElementById("hub").value.replace(/\/$/, "");
  try {
    const answer = await request("GET", "/openapi.json");
    if (!answer.ok) throw new Error(problem(answer));
    readOperations(answer.data);
    state.textContent = `${hub.operations.length} operations`;
  } catch {
    state.textContent = "The hub does not answer here. Is it running, and does HOMIE_CORS_ORIGINS name this page?";
  }
  people.forEach((person) => person.listOperations());
}

// ---- a person --------------------------------------------------------------------------------------------------

class Person {
  constructor() {
    this.root = document.getElementById("person-template").content.cloneNode(true).querySelector(".person");
    this.tokens = null;
    this.socket = null;
    this.cursors = {};
    this.events = 0;
    this.operation = null;
    this.refreshing = null;
    this.on("form.login", "submit", (event) => { event.preventDefault(); this.logIn(); });
    this.on(".setup", "click", () => this.setUp());
    this.on(".logout", "click", () => this.logOut());
    this.on(".remove", "click", () => this.remove());
    this.on(".connect", "click", () => this.connect());
    this.on(".disconnect", "click", () => this.disconnect());
    this.on(".switch", "click", () => this.switchModule());
    this.on(".filter", "input", () => this.listOperations());
    this.on(".operations", "change", () => this.chooseOperation());
    this.on(".send", "click", () => this.send());
    this.listOperations();
  }

  $(selector) { return this.root.querySelector(selector); }
  on(selector, event, listener) { this.$(selector).addEventListener(event, listener); }
  field(name) { return this.$(`[name=${name}]`).value.trim(); }

  say(text, good = false) {
    this.$(".message").textContent = text;
    this.$(".message").classList.toggle("good", good);
  }

  async call(method, path, options = {}) {
    let answer = await request(method, path, { ...options, token: this.tokens && this.tokens.access_token });
    if (answer.status === 401 && this.tokens && await this.refresh()) {
      answer = await request(method, path, { ...options, token: this.tokens.access_token });
    }
    return answer;
  }

  // One refresh at a time: a refresh token works once, and using it twice ends every session of this device.
  refresh() {
    this.refreshing ??= (async () => {
      const body = { refresh_token: this.tokens.refresh_token };
      const fresh = await request("POST", `${API}/accounts/refresh`, { body });
      if (fresh.ok) this.tokens = fresh.data;
      return fresh.ok;
    })().finally(() => { this.refreshing = null; });
    return this.refreshing;
  }

  async attempt(action) {
    try { await action(); } catch { this.say("The hub does not answer. Is it running?"); }
  }

  logIn() {
    return this.attempt(async () => {
      const body = { name: this.field("name"), password: this.$("[name=password]").value };
      if (this.field("totp")) body.code = this.field("totp");
      await this.signedIn(await request("POST", `${API}/accounts/login`, { body }));
    });
  }

  setUp() {
    return this.attempt(async () => {
      await this.signedIn(await request("POST", `${API}/accounts/setup`, {
        body: {
          code: this.field("code"), name: this.field("name"), password: this.$("[name=password]").value,
          household: this.field("household"),
        },
      }));
    });
  }

  async signedIn(answer) {
    if (!answer.ok) return this.say(problem(answer));
    this.tokens = answer.data.tokens;
    this.$("[name=password]").value = "";
    this.root.querySelectorAll("form.login label").forEach((label) => { label.hidden = true; });
    this.$("form.login [type=submit]").hidden = true;
    this.$(".setup").hidden = true;
    this.$(".logout").hidden = false;
    this.$(".signed-in").hidden = false;
    this.$("h2").textContent = this.field("name");
    this.root.dataset.person = this.field("name");
    this.say("Logged in.", true);
    await this.listModules();
  }

  async logOut() {
    await this.attempt(() => this.call("POST", `${API}/accounts/logout`));
    this.disconnect();
    this.remove();
    addPerson();
  }

  remove() {
    this.disconnect();
    people.delete(this);
    this.root.remove();
  }

  async listModules() {
    const answer = await this.call("GET", `${API}/modules`);
    if (!answer.ok) return;
    const rows = answer.data.items || answer.data;
    this.$(".modules").replaceChildren(...rows.map((row) => new Option(`${row.title} (${row.state})`, row.id)));
  }

  // ---- sockets ----

  connect() {
    this.disconnect();
    const tokens = () => ({ token: this.tokens.access_token, cursors: this.cursors });
    this.socket = io(hub.url, { transports: ["websocket"], auth: (give) => give(tokens()), forceNew: true });
    this.socket.on("connect", () => this.socketState(true));
    this.socket.on("disconnect", () => this.socketState(false));
    this.socket.on("connect_error", async (error) => {
      this.socketState(false);
      this.say(`Socket refused: ${error.message}`);
      // Refused by the hub (not by the network): most likely the access token has expired.
      if (this.socket && !this.socket.active && await this.refresh()) this.socket.connect();
    });
    this.socket.onAny((name, data) => this.showEvent(name, data));
    this.$(".disconnect").disabled = false;
  }

  disconnect() {
    if (this.socket) this.socket.close();
    this.socket = null;
    this.socketState(false);
    this.$(".disconnect").disabled = true;
  }

  socketState(on) {
    this.$(".socket").textContent = on ? "connected" : "offline";
    this.$(".socket").classList.toggle("on", on);
    this.$(".switch").disabled = !on;
  }

  switchModule() {
    this.socket.emit("switch_module", { module: this.$(".modules").value });
  }

  showEvent(name, data) {
    const envelope = name === "event" && data ? data : { name, payload: data };
    if (envelope.cursor && envelope.owner_id) this.cursors[envelope.owner_id] = envelope.cursor;
    if (name === "ready") Object.assign(this.cursors, data.cursors);
    const row = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = new Date().toLocaleTimeString();
    const title = document.createElement("b");
    title.textContent = envelope.name;
    row.append(time, title, document.createTextNode(` ${JSON.stringify(envelope.payload ?? {})}`));
    row.dataset.event = envelope.name;
    const list = this.$(".events");
    list.prepend(row);
    while (list.children.length > 200) list.lastChild.remove();
    this.events += 1;
    this.$(".count").textContent = String(this.events);
  }

  // ---- operations ----

  listOperations() {
    const wanted = this.$(".filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = hub.operations.filter((operation) => {
      const text = `${operation.id} ${operation.help}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
    this.$(".operations").replaceChildren(...found.map((operation) => new Option(operation.id, operation.id)));
  }

  chooseOperation() {
    this.operation = hub.operations.find((operation) => operation.id === this.$(".operations").value);
    if (!this.operation) return;
    this.$(".operation-help").textContent = this.operation.help;
    this.$(".parameters").replaceChildren(...this.operation.parameters.map((parameter) => {
      const label = document.createElement("label");
      label.textContent = `${parameter.name} (${parameter.in}${parameter.required ? ", needed" : ""})`;
      const input = document.createElement("input");
      input.dataset.name = parameter.name;
      input.dataset.place = parameter.in;
      label.append(input);
      return label;
    }));
    this.$(".body-label").hidden = !this.operation.body;
    this.$(".body").value = this.operation.body ? JSON.stringify(example(this.operation.body), null, 2) : "";
    this.$(".send").disabled = false;
    this.$(".answer").textContent = "";
    this.$(".status").textContent = "";
  }

  send() {
    return this.attempt(async () => {
      let path = this.operation.path;
      const query = new URLSearchParams();
      const headers = {};
      for (const input of this.root.querySelectorAll(".parameters input")) {
        const { name, place } = input.dataset;
        if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(input.value));
        else if (input.value === "") continue;
        else if (place === "query") query.append(name, input.value);
        else headers[name] = input.value;
      }
      const tail = query.size ? `?${query}` : "";
      const body = this.operation.body ? this.$(".body").value : undefined;
      this.$(".send").disabled = true;
      const answer = await this.call(this.operation.method, path + tail, { body, headers });
      this.$(".status").textContent = `${answer.status} ${answer.ok ? "done" : "refused"}`;
      this.$(".status").className = `status ${answer.ok ? "good" : "bad"}`;
      this.$(".answer").textContent = typeof answer.data === "string" ? answer.data : JSON.stringify(answer.data, null, 2);
    }).finally(() => { this.$(".send").disabled = false; });
  }
}

// ---- the page --------------------------------------------------------------------------------------------------

const people = new Set();

function addPerson() {
  const person = new Person();
  people.add(person);
  document.getElementById("people").append(person.root);
  person.$("[name=name]").focus();
}

async function start() {
  const { hub: address } = await (await fetch("hub.json")).json();
  document.getElementById("hub").value = address;
  document.getElementById("hub").addEventListener("change", openHub);
  document.getElementById("add-person").addEventListener("click", addPerson);
  await openHub();
  addPerson();
  addPerson();
  document.querySelector(".person [name=name]").focus();
}

start();

// The live chat about one ticket: frames from the socket become messages; without a connection the form posts.

const chat = document.querySelector("[data-chat]");
const thread = chat.querySelector("[data-thread]");
const form = chat.querySelector("[data-say]");
const box = form.querySelector("textarea");
const stateLine = chat.querySelector("[data-state]");
const told = chat.querySelector("[data-told]");
const LONGEST_WAIT = 15_000;
const PING_EVERY = 25_000;

/** Words on their way, by the id they were sent with; sent again after a lost connection. */
const waiting = new Map();
let after = Number(chat.dataset.after);
let socket;
let attempts = 0;

function connect() {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${window.location.host}/ws/chat/${chat.dataset.chat}/?after=${after}`);
  socket.addEventListener("open", () => {
    attempts = 0;
    told.textContent = chat.dataset.live;
    for (const [id, { text }] of waiting) send(id, text);
  });
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    told.textContent = chat.dataset.offline;
    attempts += 1;
    setTimeout(connect, Math.min(LONGEST_WAIT, 500 * 2 ** attempts) * (0.75 + Math.random() / 2));
  });
}

function receive(frame) {
  if (frame.entry) after = Math.max(after, frame.entry);
  if (frame.kind === "message") show(frame.message);
  else if (frame.kind === "state") void readState();
  else if (frame.kind === "said") waiting.get(frame.id)?.item.classList.remove("waiting");
  else if (frame.kind === "refused") giveBack(frame.reason);
}

/** The ticket moved on: how that is said to a citizen, in the language of this page, the page itself knows. */
async function readState() {
  const answer = await fetch(window.location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  stateLine.textContent = page.querySelector("[data-state]")?.textContent ?? "";
}

/** A message by its number; our own words, drawn when they were sent, take the number on. */
function show(message) {
  if (thread.querySelector(`[data-message="${message.id}"]`)) return;
  const own = message.direction === "in" && [...waiting].find(([, sent]) => sent.text === message.text.trim());
  if (own) {
    own[1].item.dataset.message = message.id;
    own[1].item.classList.remove("waiting");
    waiting.delete(own[0]);
    return;
  }
  draw(message.direction, message.text || chat.dataset.file, new Date(message.at)).dataset.message = message.id;
}

function draw(direction, text, at) {
  const item = document.createElement("li");
  item.className = `message ${direction}`;
  const head = document.createElement("p");
  head.className = "message-head";
  const time = document.createElement("time");
  time.dateTime = at.toISOString();
  time.textContent = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  head.append(direction === "in" ? chat.dataset.you : chat.dataset.hotline, " ", time);
  const said = document.createElement("div");
  said.className = "said";
  said.textContent = text;
  item.append(head, said);
  thread.append(item);
  item.scrollIntoView({ block: "nearest" });
  return item;
}

const send = (id, text) => socket.send(JSON.stringify({ kind: "say", id, text }));

/** What was not taken goes back into the box, so that nothing typed is lost. */
function giveBack(reason) {
  const [id, sent] = [...waiting].at(-1) ?? [];
  if (!sent) return;
  waiting.delete(id);
  sent.item.remove();
  box.value = box.value ? `${sent.text}\n${box.value}` : sent.text;
  told.textContent = reason === "length" ? chat.dataset.length : reason;
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

form.addEventListener("submit", (event) => {
  if (socket.readyState !== WebSocket.OPEN) return; // the form itself carries the words then
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return;
  const id = newId();
  const item = draw("in", text, new Date());
  item.classList.add("waiting");
  waiting.set(id, { text, item });
  send(id, text);
  box.value = "";
  box.focus();
});

box.addEventListener("keydown", (event) => {
  const narrow = window.matchMedia("(pointer: coarse)").matches;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !narrow) {
    event.preventDefault();
    form.requestSubmit();
  }
});

setInterval(() => {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ kind: "ping" }));
}, PING_EVERY);
thread.lastElementChild?.scrollIntoView({ block: "nearest" });
connect();

/** Several phones at once, each its own person's: side by side on a desk, one at a time where there is no room. */

import { listPeople } from "./api.js";
import { byId, make } from "./dom.js";

const FEWEST = 2;
const MOST = 4;
const { phone: phonePage } = document.body.dataset;

/** `{hash, name, frame, tab}` of each phone; the hash is what follows # in the phone's own address. */
const phones = [];
let shown = 0;

function add({ hash, name }) {
  const place = phones.length;
  const id = `phone-${place}`;
  const frame = make("iframe", { id, class: "phones-frame", src: `${phonePage}?in=${place}#${hash}`, role: "tabpanel", "aria-labelledby": `tab-${place}` });
  const tab = make("button", { type: "button", role: "tab", id: `tab-${place}`, "aria-controls": id, onclick: () => choose(place) });
  tab.addEventListener("keydown", (event) => moveAlong(event, place));
  phones.push({ frame, tab });
  byId("phones").append(frame);
  byId("tabs").append(tab);
  describe(place, { hash, name });
}

function describe(place, { hash, name }) {
  const phone = phones[place];
  Object.assign(phone, { hash, name });
  phone.tab.textContent = name;
  phone.frame.title = `โทรศัพท์ของ ${name}`;
  history.replaceState(null, "", `#${phones.map((one) => one.hash).join(",")}`);
}

function choose(place) {
  shown = place;
  for (const [each, { frame, tab }] of phones.entries()) {
    tab.setAttribute("aria-selected", String(each === place));
    tab.tabIndex = each === place ? 0 : -1;
    frame.classList.toggle("shown", each === place);
  }
}

function moveAlong(event, place) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = (place + step + phones.length) % phones.length;
  choose(next);
  phones[next].tab.focus();
}

/** The phones that stay keep their chats: only those at the end come and go. */
function lay(count, people) {
  while (phones.length > count) {
    const { frame, tab } = phones.pop();
    frame.remove();
    tab.remove();
  }
  while (phones.length < count) add(nextPerson(people));
  byId("phones").dataset.count = String(count);
  for (const button of byId("counts").children) button.setAttribute("aria-pressed", String(Number(button.dataset.count) === count));
  history.replaceState(null, "", `#${phones.map((one) => one.hash).join(",")}`);
  choose(Math.min(shown, count - 1));
}

/** The first who holds no phone yet. */
function nextPerson(people) {
  const taken = new Set(phones.map((phone) => phone.hash.split("/")[0]));
  const person = people.find(({ userId }) => !taken.has(userId)) ?? people[0];
  return { hash: person.userId, name: person.displayName };
}

async function start() {
  const people = await listPeople();
  const wanted = location.hash.slice(1).split(",").filter((hash) => people.some(({ userId }) => userId === hash.split("/")[0])).slice(0, MOST);
  for (const hash of wanted) add({ hash, name: people.find(({ userId }) => userId === hash.split("/")[0]).displayName });
  for (let count = FEWEST; count <= MOST; count += 1) {
    byId("counts").append(make("button", { type: "button", dataset: { count }, onclick: () => lay(count, people) }, `${count} เครื่อง`));
  }
  lay(Math.max(wanted.length, FEWEST), people);
}

window.addEventListener("message", ({ origin, source, data }) => {
  const place = origin === location.origin ? phones.findIndex(({ frame }) => frame.contentWindow === source) : -1;
  if (place >= 0) describe(place, data);
});

(async function begin() {
  try {
    await start();
    byId("note").textContent = "";
  } catch {
    byId("note").textContent = "ติดต่อเครื่องจำลองไม่ได้ กำลังลองใหม่…";
    setTimeout(begin, 1000);
  }
})();

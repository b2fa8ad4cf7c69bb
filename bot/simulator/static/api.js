/** The control API, one function a call. */

const BASE = "/simulator/api";

class CallFailed extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body, signal) {
  const response = await fetch(BASE + path, {
    method,
    signal,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new CallFailed(response.status, answer?.message ?? answer?.error ?? `HTTP ${response.status}`);
  return answer;
}

const query = (values) => `?${new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined))}`;
const person = (userId, what) => `/people/${encodeURIComponent(userId)}/${what}`;

export const listPeople = () => call("GET", "/people");
export const addPerson = (about) => call("POST", "/people", about);
export const readChat = (userId, { after, wait, signal }) => call("GET", person(userId, "chat") + query({ after, wait }), undefined, signal);

/** What a person does; waits until the bot has answered the webhook and tells with which `status`. */
export const act = (userId, what, body = {}) => call("POST", person(userId, what), { ...body, wait: true });

/** The rich menu that a person sees, or null. */
export const readMenu = (userId) => call("GET", person(userId, "richmenu"));

export const listGroups = () => call("GET", "/groups");
export const addGroup = (about) => call("POST", "/groups", about);
export const actInGroup = (groupId, what, body = {}) => call("POST", `/groups/${encodeURIComponent(groupId)}/${what}`, { ...body, wait: true });

export const sendEvents = (events) => call("POST", "/webhook", { events });
export const redeliver = (webhookEventId) => call("POST", "/redeliver", { webhookEventId });
export const readJournal = ({ after, limit, kind }) => call("GET", `/journal${query({ after, limit, kind })}`);
export const readStats = () => call("GET", "/stats");
export const orderFault = (fault) => call("POST", "/faults", fault);
export const clearFaults = () => call("DELETE", "/faults");
export const advanceClock = (seconds) => call("POST", "/clock", { advance: seconds });
export const configure = (changes) => call("POST", "/config", changes);
export const readSettings = () => configure({});
export const reset = () => call("POST", "/reset", {});

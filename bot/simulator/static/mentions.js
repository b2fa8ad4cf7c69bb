/** Names in a group's text that begin with @, as LINE tells them: whom they mean, and where they stand. */

const ALL = ["@ทุกคน", "@All"];

/** `{name, mentionee}` of everybody who can be mentioned; `account` is `{name, userId}`. */
export function listMentionable({ account, members }) {
  const isSelf = { type: "user", userId: account.userId, isSelf: true };
  return [
    ...[`@${account.name}`, "@ศูนย์ฯ"].map((name) => ({ name, mentionee: isSelf })),
    ...ALL.map((name) => ({ name, mentionee: { type: "all" } })),
    ...members.map(({ displayName, userId }) => ({ name: `@${displayName}`, mentionee: { type: "user", userId, isSelf: false } })),
  ].sort((one, other) => other.name.length - one.name.length);
}

/** The mentionees of a text in order. JavaScript counts a text's units as LINE does. */
export function findMentions(text, mentionable) {
  const found = [];
  for (let index = text.indexOf("@"); index >= 0; index = text.indexOf("@", index + 1)) {
    const named = mentionable.find(({ name }) => text.startsWith(name, index));
    if (named) found.push({ index, length: named.name.length, ...named.mentionee });
  }
  return found;
}

/** Our own line icons, drawn on a grid of 24. */

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  back: ["M15 4 7 12l8 8"],
  menu: ["M4 7h16M4 12h16M4 17h16"],
  code: ["M9 6 3 12l6 6M15 6l6 6-6 6"],
  close: ["M6 6l12 12M18 6 6 18"],
  plus: ["M12 5v14M5 12h14"],
  down: ["M12 5v14M6 13l6 6 6-6"],
  keyboard: ["M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10"],
  camera: ["M4 8h4l2-3h4l2 3h4v11H4z", "M12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z"],
  photo: ["M4 5h16v14H4z", "M4 16l5-5 4 4 3-3 4 4M15.5 9h.01"],
  place: ["M12 21s-7-6.2-7-11.3A7 7 0 0 1 19 9.7C19 14.8 12 21 12 21z", "M12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"],
  smile: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M8 14c1.2 2 2.5 3 4 3s2.8-1 4-3M9 9.5h.01M15 9.5h.01"],
  copy: ["M9 9h11v11H9z", "M5 15H4V4h11v1"],
  undo: ["M5 9h9a5 5 0 0 1 0 10H9", "M9 5 5 9l4 4"],
  block: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12"],
  friend: ["M10 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z", "M3 20c.5-4 3-6 7-6 2 0 3.5.5 4.7 1.5M18 14v6M15 17h6"],
  tools: ["M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4"],
  repeat: ["M4 12a7 7 0 0 1 12-5l3 3M19 4v6h-6M20 12a7 7 0 0 1-12 5l-3-3M5 20v-6h6"],
  film: ["M3 6h12v12H3z", "M15 10.5l6-3.5v10l-6-3.5z"],
  voice: ["M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z", "M6 11a6 6 0 0 0 12 0M12 17v4M9 21h6"],
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4M9 12h6M9 16h6"],
  grid: ["M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"],
  ticket: ["M3 7h18v3a2 2 0 0 0 0 4v3H3v-3a2 2 0 0 0 0-4z", "M14 8v1.5M14 11.2v1.6M14 14.5V16"],
  group: ["M9 5a3 3 0 1 0 0 6.4 3 3 0 0 0 0-6.4z", "M2.5 19c.4-3.6 2.8-5.4 6.5-5.4s6.1 1.8 6.5 5.4M16 5.4a3 3 0 0 1 0 5.8M18 14.2c2 .8 3.2 2.4 3.5 4.8"],
  phones: ["M4 4h7v16H4zM14 4h6v16h-6z", "M7 17h1M16.5 17h1"],
  letters: ["M3 18 8 6l5 12M5 14h6", "M14.5 18l3.2-8 3.3 8M16 15.5h3.5"],
  edit: ["M4 20l1-4L16 5l3 3L8 19z", "M13.5 7.5l3 3"],
  play: ["M8 5v14l11-7z"],
  date: ["M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"],
};
const SOLID = {
  send: "M3 4.5v6l11 1.5-11 1.5v6L22 12z",
  shield: "M12 2 4 5v6c0 5.2 3.4 9 8 11 4.6-2 8-5.8 8-11V5zm-1.2 14L7 12.2l1.5-1.5 2.3 2.3 4.9-4.9 1.5 1.5z",
  battery: "M2 8h18v8H2zM21 10.5h1.5v3H21z",
  signal: "M3 16h3v4H3zM8 12h3v8H8zM13 8h3v12h-3zM18 4h3v16h-3z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}${SOLID[name] ? " solid" : ""}`);
  for (const drawn of SOLID[name] ? [SOLID[name]] : (PATHS[name] ?? [])) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", drawn);
    svg.append(path);
  }
  return svg;
}

/** Puts its icon into every element that names one. */
export function placeIcons(root) {
  for (const element of root.querySelectorAll("[data-icon]")) element.prepend(icon(element.dataset.icon));
}

const $ = id => document.getElementById(id);
const data = JSON.parse($("data").textContent), { regions, looks, statuses, kinds, lists, ids, cells } = data;
const HEIGHT = 26, PAGE = 20, NO_ROOM = "See the JSON report.";

// A sentence shares beginning and end with the one before it.
let before = "";
const sentences = data.sentences.map(([head, text, tail]) =>
  before = before.slice(0, head) + text + before.slice(before.length - tail));

// Makes an element. Text stays text.
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
};

const kindAt = (row, column) => kinds[cells[row][column] ?? cells[row]] || [looks.length, -1, -1];
const lookOf = ([look]) => looks[look] || ["nothing", "·"];
const accounts = (ids.match(/.{12}/g) || []).map(id => ({ id, place: "", worst: 0 }));
let lastLine = 0, list = -1;
accounts.forEach((account, row) => {
  if (lists[list + 1]?.[1] === row) list++;
  if (data.lines[row] !== null) account.place = `line ${account.line = lastLine += data.lines[row]}`;
  if (lists[list][0] !== null) account.place += ` of ${lists[list][0]}`;
  regions.forEach((_, column) => {
    if (kindAt(row, column)[0] < kindAt(row, account.worst)[0]) account.worst = column;
  });
});
const said = (row, column) => {
  const sentence = kindAt(row, column)[2], { id, line } = accounts[row];
  return sentence === -2 ? NO_ROOM : (sentences[sentence] || "").replace(/[\x01-\x03]/g,
    c => [id, regions[column], line][c.charCodeAt() - 1]);
};

// What is asked for: text, outcomes, a sentence, the order.
let seen;
const restore = () => {
  const { q = "", o = "", s = "", order = "" } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const words = o.split(",").filter(word => looks.some(look => look[0] === word));
  seen = { q, o: words, s: sentences[s] ? s : "", order: order && "list" };
  show();
};
const change = changed => {
  Object.assign(seen, changed);
  const asked = Object.entries(seen).filter(([, value]) => value.length);
  history.replaceState(null, "", `#${new URLSearchParams(asked)}`);
  show();
};

// Rows with a cell of these outcomes and this sentence that has every word.
const matching = () => {
  const terms = seen.q.toLowerCase().split(/\s+/).map(term => ({
    term,
    of: kinds.map(kind => `${lookOf(kind)[0]} ${statuses[kind[1]]} ${sentences[kind[2]]}`.toLowerCase().includes(term)),
    in: regions.map(region => region.includes(term)),
  }));
  const fits = kinds.map(kind => (!seen.o.length || seen.o.includes(lookOf(kind)[0])) && (!seen.s || kind[2] === +seen.s));
  const isIn = row => {
    const about = `${accounts[row].id} ${accounts[row].place}`.toLowerCase();
    const open = terms.filter(({ term }) => !about.includes(term));
    return regions.some((_, column) => {
      const kind = cells[row][column] ?? cells[row];
      return fits[kind] && open.every(term => term.of[kind] || term.in[column]);
    });
  };
  const rows = [...accounts.keys()].filter(isIn);
  const look = row => kindAt(row, accounts[row].worst)[0];
  return seen.order ? rows : rows.sort((one, other) => look(one) - look(other));
};

// Only rows in sight, and the one with the focus, are in the page.
const grid = $("grid"), body = make("div", { role: "rowgroup", class: "body" }), last = regions.length + 1;
let shown = [], focus = [0, 0];
const drawn = row => body.querySelector(`[data-row="${row}"]`);
const room = () => grid.clientHeight - grid.firstChild.offsetHeight - HEIGHT;

const cell = (row, column) => {
  const { id, worst } = accounts[shown[row]], isText = column === last;
  const region = isText ? worst : column - 1, kind = kindAt(shown[row], region), text = said(shown[row], region);
  const [word, glyph] = lookOf(kind), common = { tabindex: -1, "data-column": column };
  if (!column) return make("div", { role: "rowheader", ...common }, id);
  if (isText) return make("div", { role: "gridcell", class: "text", ...common }, text || word);
  return make("div", { role: "gridcell", class: word, "aria-label": text ? `${word}: ${text}` : word, ...common }, glyph);
};
const draw = () => {
  const from = Math.max(0, Math.floor(grid.scrollTop / HEIGHT) - 5);
  const to = Math.min(shown.length, from + Math.ceil(grid.clientHeight / HEIGHT) + 10);
  const wanted = new Set(shown.length ? [focus[0]] : []);
  for (let row = from; row < to; row++) wanted.add(row);
  for (const old of [...body.children]) if (!wanted.has(+old.dataset.row)) old.remove();
  for (const row of wanted) {
    if (drawn(row)) continue;
    const element = make("div", { role: "row", "aria-rowindex": row + 2, "data-row": row });
    element.style.top = `${row * HEIGHT}px`;
    for (let column = 0; column <= last; column++) element.append(cell(row, column));
    body.insertBefore(element, [...body.children].find(other => other.dataset.row > row) || null);
  }
  for (const old of body.querySelectorAll("[tabindex='0']")) old.tabIndex = -1;
  if (shown.length) drawn(focus[0]).children[focus[1]].tabIndex = 0;
};
const say = (row, column) => {
  const at = shown[row], { id, worst, place } = accounts[at];
  const region = column && column < last ? column - 1 : worst, kind = kindAt(at, region), status = statuses[kind[1]];
  const [word, glyph] = lookOf(kind), tag = make("span", { class: `tag ${word}` }, make("i", { "aria-hidden": true }, glyph), ` ${word}`);
  const facts = [regions[region], status && `GuardDuty: ${status}`, place].filter(fact => fact).join(" · ");
  $("say").replaceChildren(make("p", {}, tag, " ", make("b", {}, id), ` ${facts}`), make("p", {}, said(at, region)));
};
const go = (row, column) => {
  if (!shown.length) return;
  focus = [Math.max(0, Math.min(shown.length - 1, row)), Math.max(0, Math.min(last, column))];
  const top = focus[0] * HEIGHT;
  grid.scrollTop = Math.min(top, Math.max(grid.scrollTop, top - room()));
  draw();
  drawn(focus[0]).children[focus[1]].focus();
};
const show = () => {
  shown = matching();
  focus = [0, 0];
  body.replaceChildren();
  body.style.height = `${shown.length * HEIGHT}px`;
  grid.scrollTop = 0;
  grid.ariaRowCount = shown.length + 1;
  draw();
  $("found").textContent = `${shown.length} of ${accounts.length} accounts`;
  if ($("text").value !== seen.q) $("text").value = seen.q;
  $("order").value = seen.order;
  for (const button of $("outcomes").children) button.ariaPressed = seen.o.includes(button.dataset.word);
  $("only").hidden = !seen.s;
};

if (grid) {
  const totals = looks.map(() => 0);
  accounts.forEach((_, row) => regions.forEach((_, column) => totals[kindAt(row, column)[0]]++));
  looks.forEach(([word, glyph], look) => {
    if (!totals[look]) return;
    const button = make("button", { "data-word": word }, make("i", { class: `glyph ${word}`, "aria-hidden": true }, glyph), `${word} ${totals[look]}`);
    button.onclick = () => change({ o: seen.o.includes(word) ? seen.o.filter(one => one !== word) : [...seen.o, word] });
    $("outcomes").append(button);
  });
  const names = ["Account", ...regions, "What to do"].map(name => make("div", { role: "columnheader" }, make("span", {}, name)));
  grid.style.setProperty("--regions", regions.length);
  grid.append(make("div", { role: "rowgroup", class: "top" }, make("div", { role: "row", "aria-rowindex": 1 }, ...names)), body);

  const at = act => ({ target }) => {
    const { dataset, parentNode } = target.closest("[data-column]") || {};
    if (dataset) act(+parentNode.dataset.row, +dataset.column);
  };
  grid.onscroll = window.onresize = draw;
  grid.onmouseover = at(say);
  grid.onclick = at(go);
  grid.addEventListener("focusin", at((...cell) => {
    focus = cell;
    draw();
    say(...cell);
  }));
  grid.onkeydown = event => {
    const [row, column] = focus, page = Math.max(1, Math.floor(room() / HEIGHT)), all = event.ctrlKey;
    const to = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      PageUp: [row - page, column], PageDown: [row + page, column], Home: [all ? 0 : row, 0], End: [all ? shown.length : row, last],
    }[event.key];
    if (!to || event.altKey) return;
    event.preventDefault();
    go(...to);
  };
  $("text").oninput = ({ target }) => change({ q: target.value });
  $("order").onchange = ({ target }) => change({ order: target.value });
  $("only").onclick = () => change({ s: "" }) || $("text").focus();
  document.onkeydown = event => {
    if (event.key !== "/" || event.target.matches("input")) return;
    event.preventDefault();
    $("text").focus();
  };
  for (const { dataset, lastElementChild } of document.querySelectorAll("[data-sentence]")) {
    const button = make("button", {}, "Show in the grid");
    button.onclick = () => {
      change({ q: "", s: dataset.sentence, o: [dataset.word] });
      $("view").scrollIntoView();
      go(0, 0);
    };
    lastElementChild.after(button);
  }
  window.onhashchange = restore;
  $("view").hidden = false;
  restore();
}

const turn = from => {
  const all = data.rejected, rows = $("rows");
  const line = ([number, reason, list]) =>
    make("tr", {}, make("td", { class: "number" }, list ? `${number} of ${list}` : number), make("td", {}, reason));
  const head = make("tr", {}, ...["Line", "Reason"].map(name => make("th", { scope: "col" }, name)));
  const pages = [["Previous", from - PAGE], ["Next", from + PAGE]].filter(([, start]) => all[start]).map(([name, start]) => {
    const button = make("button", {}, name);
    button.onclick = () => turn(start) || rows.querySelector("button").focus();
    return button;
  });
  rows.replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...all.slice(from, from + PAGE).map(line))),
    ...(pages.length ? [make("p", {}, `Page ${from / PAGE + 1} of ${Math.ceil(all.length / PAGE)} `, ...pages)] : []));
  rows.hidden = false;
};
if ($("rows")) turn(0);

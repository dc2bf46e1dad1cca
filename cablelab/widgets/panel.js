// Draws a tree of plain lists (see tree.py) from elements and text nodes, and tells Python what was pressed.
// Nothing is ever parsed as markup: a cable's text can only become text.

const TAGS = new Set(("a abbr article b br button caption code dd del details div dl dt em fieldset footer form h2 h3 h4 " +
  "header input ins label legend li mark nav ol option output p pre section select small span strong summary table tbody " +
  "td textarea th thead tr ul").split(" "));
const ATTRIBUTES = new Set(("checked class colspan disabled for href hidden id key lang name open placeholder role " +
  "scope selected spellcheck step tabindex title type value").split(" "));
const FIELD = /^(INPUT|TEXTAREA|SELECT)$/;
const TICKED = new Set(["checked", "selected"]);
// Where an element lies in the one around it, in per cent; only a number becomes style (tree.py).
const PLACES = { "data-x": "left", "data-w": "width", "data-y": "bottom", "data-h": "height" };

// When a hand last did something in any of the views: what it opened is brought into sight, what Python opens is not.
const ACTED = Symbol.for("cablelab.acted");
const SOON = 3000;

const isText = node => typeof node === "string";
const keyOf = node => (isText(node) ? undefined : node[1].key);
const fits = (old, node) => isText(old) === isText(node) && (isText(node) ||
  (old[0] === node[0] && old[1].key === node[1].key && old[1].type === node[1].type));

function set(element, name, value) {
  if (name === "key") return;
  if (!ATTRIBUTES.has(name) && !name.startsWith("aria-") && !name.startsWith("data-")) return;
  if (name === "href" && value !== undefined && !value.startsWith("#")) return;
  // Python's echo of what was typed a moment ago must not undo what has been typed since.
  if (name === "value" && element.type !== "file" && !(element.dataset.typed && element === document.activeElement)) element.value = value ?? "";
  if (name in PLACES) element.style[PLACES[name]] = value === undefined ? "" : `${Number(value)}%`;
  if (name === "checked" || name === "selected") element[name] = value !== undefined;
  if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function make(node) {
  if (isText(node)) return document.createTextNode(node);
  const [tag, attributes, ...children] = node;
  if (!TAGS.has(tag)) return document.createTextNode("");
  const element = document.createElement(tag);
  element.append(...children.map(make));
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  return element;
}

function patch(element, old, node) {
  if (isText(node)) {
    if (old !== node) element.data = node;
    return;
  }
  patchChildren(element, old.slice(2), node.slice(2));
  const before = old[1], after = node[1];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    // What was typed meanwhile stays until Python says something else; what was ticked is as Python says.
    if (before[name] !== after[name] || TICKED.has(name)) set(element, name, after[name]);
  }
}

function patchChildren(element, olds, nodes) {
  const have = [...element.childNodes];
  const keyed = new Map();
  olds.forEach((old, i) => { if (keyOf(old) !== undefined) keyed.set(keyOf(old), i); });
  const used = new Set();
  const next = nodes.map((node, i) => {
    const at = keyOf(node) === undefined ? i : keyed.get(keyOf(node));
    if (at === undefined || used.has(at) || at >= olds.length || !fits(olds[at], node)) return make(node);
    used.add(at);
    patch(have[at], olds[at], node);
    return have[at];
  });
  have.forEach((child, i) => { if (!used.has(i)) child.remove(); });
  next.forEach((child, i) => { if (element.childNodes[i] !== child) element.insertBefore(child, element.childNodes[i] ?? null); });
}

function download({ name, text, base64, type }) {
  const link = document.createElement("a");
  const content = base64 ? Uint8Array.from(atob(base64), c => c.charCodeAt(0)) : text;
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// One of each group of controls is reached by Tab, the others of it by arrow keys.
function rove(root, focused) {
  const groups = new Map();
  for (const e of root.querySelectorAll("[data-row]")) {
    if (!groups.has(e.dataset.row)) groups.set(e.dataset.row, []);
    groups.get(e.dataset.row).push(e);
  }
  for (const [row, group] of groups) {
    const stop = group.find(e => e === focused) ?? group.find(e => e === document.activeElement) ??
      group.find(e => e.dataset.stop === "yes") ?? group[0];
    for (const e of group) {
      e.tabIndex = e === stop ? 0 : -1;
      if (focused?.dataset.row === row) e.dataset.stop = e === stop ? "yes" : "";
    }
  }
}

// Lines from each sentence that moved or changed to its counterpart, in the gap between the two columns.
const SVG = "http://www.w3.org/2000/svg";
function connect(root) {
  root.querySelectorAll("[data-links] svg").forEach(svg => svg.remove());
  const columns = root.querySelector("[data-links] .cols");
  if (!columns) return;
  const box = columns.getBoundingClientRect(), svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "cl-lines");
  svg.setAttribute("aria-hidden", "true");
  const first = e => [...e.getClientRects()].find(r => r.width > 0);
  const named = new Map([...columns.querySelectorAll("[data-at]")].map(e => [e.dataset.at, e]));
  for (const from of columns.querySelectorAll(".old [data-to]")) {
    const left = first(from), cell = from.closest(".old").getBoundingClientRect();
    for (const name of from.dataset.to.split(" ")) {
      const to = named.get(name), right = to && first(to);
      if (!left || !right) continue;
      const x0 = cell.right - box.left, x1 = to.closest(".newer").getBoundingClientRect().left - box.left, bend = (x1 - x0) / 2;
      const y0 = left.top + left.height / 2 - box.top, y1 = right.top + right.height / 2 - box.top;
      if (x1 <= x0) continue;
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", `M${x0} ${y0}C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`);
      const chosen = from.classList.contains("cl-chosen") && to.classList.contains("cl-chosen");
      path.setAttribute("class", `${from.querySelector("b.m.moved") ? "cl-move" : ""} ${chosen ? "cl-bold" : ""}`.trim());
      svg.append(path);
    }
  }
  columns.append(svg);
}

// A brush over bins: it begins and ends at their edges, by mouse and by the keyboard of its two handles.
function brushing(root, send) {
  let plot = null, from = 0, to = 0;
  const edges = () => plot.dataset.edges.split(",").map(Number);
  const binAt = x => {
    const box = plot.getBoundingClientRect(), at = 100 * (x - box.left) / box.width, list = edges();
    return Math.max(0, Math.min(list.length - 2, list.filter(edge => edge <= at).length - 1));
  };
  const show = () => {
    const list = edges(), brush = plot.querySelector(".cl-brush");
    const [a, b] = [Math.min(from, to), Math.max(from, to)];
    brush.hidden = false;
    brush.style.left = `${list[a]}%`;
    brush.style.width = `${list[b + 1] - list[a]}%`;
  };
  root.addEventListener("pointerdown", event => {
    plot = event.button === 0 ? event.target.closest("[data-brush]") : null;
    if (!plot) return;
    event.preventDefault();
    const handle = event.target.closest("[data-handle]");
    const [first, last] = plot.dataset.at.split(",").map(Number);
    handle?.focus();
    from = handle ? (handle.dataset.handle === "0" ? last : first) : binAt(event.clientX);
    to = binAt(event.clientX);
    plot.setPointerCapture(event.pointerId);
    show();
  });
  root.addEventListener("pointermove", event => {
    const over = event.target.closest("[data-brush]");
    if (plot) {
      to = binAt(event.clientX);
      show();
    } else if (over) {
      const bin = document.elementsFromPoint(event.clientX, event.clientY).find(e => e.dataset.told);
      over.title = bin?.dataset.told ?? "";
    }
  });
  root.addEventListener("pointerup", () => {
    if (plot) send(plot.dataset.brush, `${Math.min(from, to)},${Math.max(from, to)}`);
    plot = null;
  });
  root.addEventListener("pointercancel", () => { plot = null; });
  root.addEventListener("keydown", event => {
    const handle = event.target.closest("[data-handle]");
    const over = handle?.closest("[data-brush]");
    if (!over) return;
    const ends = over.dataset.at.split(",").map(Number), which = Number(handle.dataset.handle);
    const most = over.dataset.edges.split(",").length - 2;
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 6, PageDown: -6 }[event.key];
    const low = which ? ends[0] : 0, high = which ? most : ends[1];
    if (step) ends[which] = Math.max(low, Math.min(high, ends[which] + step));
    else if (event.key === "Home") ends[which] = low;
    else if (event.key === "End") ends[which] = high;
    else if (event.key === "Escape") ends.splice(0, 2, 0, most);
    else return;
    event.preventDefault();
    send(over.dataset.brush, ends.join(","));
  });
}

// A rectangle dragged over a map; sent as left, top, right, bottom in per cent. Marks in it are pressed by mouse and by keyboard.
function areas(root, send) {
  let map = null, from = null, frame = null;
  const at = event => {
    const box = map.getBoundingClientRect(), within = n => Math.max(0, Math.min(100, n));
    return [within(100 * (event.clientX - box.left) / box.width), within(100 * (event.clientY - box.top) / box.height)];
  };
  const corners = to => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
  const end = () => { frame?.remove(); map = frame = null; };
  root.addEventListener("pointerdown", event => {
    map = event.button === 0 && !event.target.closest("[data-act]") ? event.target.closest("[data-area]") : null;
    if (!map) return;
    event.preventDefault();
    from = at(event);
    frame = document.createElement("div");
    frame.className = "cl-area";
    map.append(frame);
    map.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", event => {
    if (!map) return;
    const [left, top, right, bottom] = corners(at(event));
    Object.assign(frame.style, { left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%` });
  });
  root.addEventListener("pointerup", event => {
    if (!map) return;
    const box = corners(at(event)), act = map.dataset.area;
    end();
    if (box[2] - box[0] > 0.5 && box[3] - box[1] > 0.5) send(act, box.map(n => n.toFixed(2)).join(","));
  });
  root.addEventListener("pointercancel", end);
}

function render({ model, el }) {
  el.classList.add("cablelab");
  // JupyterLab would take keys for commands of its own: "a" on a tick box would insert a cell.
  el.dataset.lmSuppressShortcuts = "true";
  let shown = ["div", {}];
  let timer;
  const root = document.createElement("div");
  el.append(root);
  const send = target => {
    window[ACTED] = performance.now();
    const { act, value } = target.dataset;
    const field = "value" in target && target.tagName !== "BUTTON";
    const given = target.type === "checkbox" ? target.checked : field ? target.value : null;
    model.send({ act, value: value ?? "", given });
  };
  const dragged = (act, value) => {
    window[ACTED] = performance.now();
    model.send({ act, value, given: null });
  };
  brushing(root, dragged);
  areas(root, dragged);
  root.addEventListener("focusin", event => { if (event.target.dataset.row) rove(root, event.target); });

  const draw = () => {
    const node = model.get("_tree");
    const active = root.contains(document.activeElement) ? document.activeElement : null;
    const { act, value } = active?.dataset ?? {};
    patchChildren(root, shown.length > 2 ? [shown[2]] : [], [node]);
    shown = ["div", {}, node];
    rove(root);
    if (active && !active.isConnected) {
      const alike = [...root.querySelectorAll("[data-act]")].filter(e => e.dataset.act === act);
      // the next of its kind, where the control itself is gone: what was decided leaves the list
      const same = alike.find(e => e.dataset.value === value) ?? alike[0];
      (same ?? root.querySelector("[tabindex]") ?? root).focus?.({ preventScroll: true });
    }
    const opened = root.querySelector("[data-shows]");
    if (opened && opened.dataset.shows !== root.dataset.shown) {
      const first = root.dataset.shown === undefined;
      root.dataset.shown = opened.dataset.shows;
      if (!first && performance.now() - (window[ACTED] ?? -SOON) < SOON) opened.scrollIntoView({ block: "nearest" });
    }
    const arrived = root.querySelector("[data-arrives]");
    if (arrived && arrived.dataset.arrives !== root.dataset.arrived) {
      root.dataset.arrived = arrived.dataset.arrives;
      // a view that is new stands in the page only after it was drawn
      if (performance.now() - (window[ACTED] ?? -Infinity) < 5 * SOON) requestAnimationFrame(() => arrived.focus());
    }
    const scrolled = JSON.parse(root.dataset.scrolled ?? "[]");
    for (const place of root.querySelectorAll("[data-scroll]")) {
      const box = place.closest("[data-scrolls]");
      if (!box || scrolled.includes(place.dataset.scroll)) continue;
      for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      const there = place.getBoundingClientRect(), here = box.getBoundingClientRect();
      if (there.top < here.top + 8 || there.bottom > here.bottom - 8) box.scrollTop += there.top - here.top - here.height / 4;
    }
    root.dataset.scrolled = JSON.stringify([...root.querySelectorAll("[data-scroll]")].map(e => e.dataset.scroll));
    connect(root);
    // What takes long is done in steps; the page asks for the next one, and whatever was pressed meanwhile comes before it.
    const again = root.querySelector("[data-again]");
    if (again) model.send({ act: again.dataset.again, value: again.dataset.value });
  };

  root.addEventListener("click", event => {
    const goto_ = event.target.closest("[data-goto]");
    if (goto_) {
      const place = (el.closest(".cl-explorer") ?? document).querySelector(`[data-place="${goto_.dataset.goto}"]`);
      (place?.querySelector(`[data-row="${goto_.dataset.goto}"]`) ?? place)?.focus();
      place?.scrollIntoView({ block: "nearest" });
      return;
    }
    const target = event.target.closest("[data-act]");
    if (!target || FIELD.test(target.tagName) || target.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    if (target.dataset.copy) navigator.clipboard?.writeText(target.dataset.copy).catch(() => {});
    send(target);
  });
  root.addEventListener("change", event => {
    const file = event.target.type === "file" ? event.target.files[0] : null;
    if (file) {
      const { act, value } = event.target.dataset;
      file.text().then(given => model.send({ act, value: value ?? "", given }));
      return;
    }
    if (event.target.dataset.act && !event.target.dataset.typed) send(event.target);
  });
  root.addEventListener("input", event => {
    if (!event.target.dataset.typed) return;
    clearTimeout(timer);
    timer = setTimeout(() => send(event.target), 120);
  });
  root.addEventListener("submit", event => event.preventDefault());
  root.addEventListener("keydown", event => {
    event.stopPropagation();
    const target = event.target;
    if (target.dataset.handle) return;
    if (target.tagName === "INPUT" && event.key === "Enter" && target.dataset.act && target.type !== "checkbox") {
      event.preventDefault();
      clearTimeout(timer);
      send(target);
      return;
    }
    const writes = FIELD.test(target.tagName) && !["checkbox", "file"].includes(target.type);
    if (writes || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.dataset.act && !/^(A|BUTTON|INPUT)$/.test(target.tagName) && ["Enter", " "].includes(event.key)) {
      event.preventDefault();
      send(target);
      return;
    }
    const row = target.dataset.row;
    const ways = target.dataset.updown ? { ArrowDown: 1, ArrowUp: -1 } : { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    const step = ways[event.key];
    if (row && step) {
      const rows = [...root.querySelectorAll("[data-row]")].filter(e => e.dataset.row === row);
      rows[rows.indexOf(target) + step]?.focus();
      event.preventDefault();
      return;
    }
    const field = root.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    if (field) {
      event.preventDefault();
      field.focus();
      return;
    }
    const button = root.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button && button.getAttribute("aria-disabled") !== "true") {
      event.preventDefault();
      button.click();
    }
  });

  root.addEventListener("toggle", () => connect(root), true);
  const sized = new ResizeObserver(() => connect(root));
  sized.observe(root);
  model.on("change:_tree", draw);
  model.on("msg:custom", message => { if (message.download) download(message.download); });
  draw();
  return () => { model.off("change:_tree", draw); clearTimeout(timer); sized.disconnect(); };
}

export default { render };

// Draws a tree of plain lists (see tree.py) from elements and text nodes, and tells Python what was pressed.
// Nothing is ever parsed as markup: a cable's text can only become text.

const TAGS = new Set(("a abbr article b br button caption code dd del details div dl dt em fieldset footer form h2 h3 h4 " +
  "header input ins label legend li mark nav ol option output p pre section select small span strong summary table tbody " +
  "td textarea th thead tr ul").split(" "));
const ATTRIBUTES = new Set(("checked class colspan disabled for href hidden id key lang name open placeholder role " +
  "scope selected spellcheck step tabindex title type value").split(" "));
const FIELD = /^(INPUT|TEXTAREA|SELECT)$/;
const TICKED = new Set(["checked", "selected"]);

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
  if (name === "value" && !(element.dataset.typed && element === document.activeElement)) element.value = value ?? "";
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

function download({ name, text, type }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
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

  const draw = () => {
    const node = model.get("_tree");
    const active = root.contains(document.activeElement) ? document.activeElement : null;
    const { act, value } = active?.dataset ?? {};
    patchChildren(root, shown.length > 2 ? [shown[2]] : [], [node]);
    shown = ["div", {}, node];
    if (active && !active.isConnected) {
      const same = [...root.querySelectorAll("[data-act]")].find(e => e.dataset.act === act && e.dataset.value === value);
      (same ?? root.querySelector("[tabindex]") ?? root).focus?.({ preventScroll: true });
    }
    const opened = root.querySelector("[data-shows]");
    if (opened && opened.dataset.shows !== root.dataset.shown) {
      const first = root.dataset.shown === undefined;
      root.dataset.shown = opened.dataset.shows;
      if (!first && performance.now() - (window[ACTED] ?? -SOON) < SOON) opened.scrollIntoView({ block: "nearest" });
    }
    const place = root.querySelector("[data-scroll]"), box = place?.closest("[data-scrolls]");
    if (box && place.dataset.scroll !== root.dataset.scrolled) {
      box.scrollTop += place.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
    }
    root.dataset.scrolled = place?.dataset.scroll ?? "";
  };

  root.addEventListener("click", event => {
    const target = event.target.closest("[data-act]");
    if (!target || FIELD.test(target.tagName) || target.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    if (target.dataset.copy) navigator.clipboard?.writeText(target.dataset.copy).catch(() => {});
    send(target);
  });
  root.addEventListener("change", event => {
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
    if (target.tagName === "INPUT" && event.key === "Enter" && target.dataset.act && target.type !== "checkbox") {
      event.preventDefault();
      clearTimeout(timer);
      send(target);
      return;
    }
    const writes = FIELD.test(target.tagName) && target.type !== "checkbox";
    if (writes || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.dataset.act && !/^(A|BUTTON|INPUT)$/.test(target.tagName) && ["Enter", " "].includes(event.key)) {
      event.preventDefault();
      send(target);
      return;
    }
    const row = target.dataset.row;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (row && step) {
      const rows = [...root.querySelectorAll("[data-row]")].filter(e => e.dataset.row === row);
      rows[rows.indexOf(target) + step]?.focus();
      event.preventDefault();
      return;
    }
    const button = root.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button && button.getAttribute("aria-disabled") !== "true") {
      event.preventDefault();
      button.click();
    }
  });

  model.on("change:_tree", draw);
  model.on("msg:custom", message => { if (message.download) download(message.download); });
  draw();
  return () => { model.off("change:_tree", draw); clearTimeout(timer); };
}

export default { render };

// What is on the page: found, built, and changed as little as needed.

export const $ = (id) => document.getElementById(id);

// How far from its end a list may be scrolled and still counts as being there, in pixels.
const END_PX = 40;

/** Everything is built from text, never from markup. */
export function element(tag, properties, ...children) {
  const node = document.createElement(tag);
  Object.assign(node, properties);
  node.append(...children);
  return node;
}

/** Builds anew only what has changed, so that what somebody is about to click stays where it is. */
export function rebuild(node, data, build) {
  const key = JSON.stringify(data);
  if (node.dataset.key === key) return;
  node.dataset.key = key;
  node.replaceChildren(...build());
}

/** Gives a list its lines. Those that stand there already are kept as they are: what was opened or marked stays so. */
export function relist(list, lines) {
  const kept = new Map([...list.children].map((node) => [node.dataset.line, node]));
  lines.forEach(({ key, build }, place) => {
    const node = kept.get(key) || build();
    node.dataset.line = key;
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] || null);
  });
  while (list.children.length > lines.length) list.lastElementChild.remove();
}

/** Fills a choice, and keeps what was chosen. */
export function fill(select, values) {
  const wanted = values.join("\n");
  if (select.dataset.values === wanted) return;
  const chosen = select.value;
  select.dataset.values = wanted;
  select.replaceChildren(...values.map((value) => element("option", { value }, value)));
  if (values.includes(chosen)) select.value = chosen;
}

/**
 * Changes what a box shows. The newest stays in view, unless somebody has scrolled up to read; something else than
 * before, told by `what`, is shown from its end.
 */
export function following(box, what, change) {
  const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END_PX;
  const isNew = box.dataset.shows !== what;
  change();
  box.dataset.shows = what;
  if (isAtEnd || isNew) box.scrollTop = box.scrollHeight;
}

/** An instant as it sorts: without its zone, a whole second stands before its fractions. */
export const order = (instant) => instant.replace("Z", "");
